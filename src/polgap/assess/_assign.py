"""One officer, one function: who serves where, in the priority order of ``functions.csv``.

The largest number of officers that can serve the first j functions is a maximum flow from
institutions to functions; its value is the smallest cut, and with few institutions all cuts can
be listed. Serving functions in priority order then is the difference of two such values.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from polgap.domain.cubes import FloatArray
from polgap.errors import StudyError

MOST_CLASSES = 10
"""Cuts double with each institution; beyond this many in one area the study is refused."""


def assign(need: FloatArray, strength: FloatArray, share: FloatArray) -> FloatArray:
    """Return officers serving each function, shape of `need`.

    ``g_j = min over V of [sum_(i in V) A_i + sum_(f <= j) min(N_f, sum_(i not in V) w_if A_i)]``
    and ``H_j = g_j - g_(j-1)``.

    Parameters
    ----------
    need : array, shape (month, function, draw), officers on strength
        Functions in priority order.
    strength : array, shape (institution, month or 1, draw), officers on strength
        Able officers A.
    share : array, shape (institution, function, draw or 1), share
        Largest share w of an institution that serves a function when ordered, 0 if not eligible:
        a cap on the arc, not a productivity.

    Returns
    -------
    array, shape (month, function, draw), officers on strength
        Never more than `need`.

    Raises
    ------
    StudyError
        If more than `MOST_CLASSES` institutions have officers here.

    Examples
    --------
    >>> need = np.array([[[10.0], [10.0]]])
    >>> assign(need, np.array([[[12.0]]]), np.array([[[1.0], [1.0]]])).ravel().tolist()
    [10.0, 2.0]
    """
    # Functions first, so that each step of a sum works on one piece of memory.
    wanted = np.ascontiguousarray(np.moveaxis(need, 1, 0), dtype=np.float64)
    served = np.moveaxis(assign_first(wanted, strength, share), 0, 1)
    return np.asarray(served, dtype=need.dtype)


def assign_first(need: FloatArray, strength: FloatArray, share: FloatArray) -> FloatArray:
    """Return what `assign` does, of need with functions first: shape (function, month, draw).

    Parameters
    ----------
    need : array of float64, shape (function, month, draw)
    strength, share : arrays
        As of `assign`.
    """
    present = np.flatnonzero(strength.any(axis=(1, 2)) & share.any(axis=(1, 2)))
    if present.size == 0:
        return np.zeros_like(need)
    if present.size > MOST_CLASSES:
        raise StudyError(
            f"{present.size} institutions in one area; at most {MOST_CLASSES} can be assigned: "
            "merge those that serve alike"
        )
    officers = strength[present].astype(np.float64, copy=False)
    if present.size == 1:
        return _alone(need, officers[0], share[present[0]])
    able = share[present]
    # Where nobody serves or nothing is asked for, nothing changes for the functions behind.
    live = [j for j in range(len(need)) if able[:, j].any() and need[j].any()]
    served = np.zeros_like(need)
    wanted = [need[j] for j in live]
    reach = able[:, live, None] * officers[:, None]
    before: FloatArray | float = 0.0
    for j, most, total in zip(live, wanted, _smallest_cut(wanted, officers, reach), strict=True):
        np.subtract(total, before, out=served[j])
        np.maximum(served[j], 0.0, out=served[j])
        np.minimum(served[j], most, out=served[j])
        before = total
    return served


def _alone(need: FloatArray, officers: FloatArray, share: FloatArray) -> FloatArray:
    """Return what one institution gives: each function in turn, until nobody is left."""
    served = np.zeros_like(need)
    left = np.broadcast_to(officers, need[0].shape).copy()
    for wanted, most, part in zip(need, share, served, strict=True):
        if most.any() and wanted.any():
            np.minimum(wanted, most * officers, out=part)
            np.minimum(part, left, out=part)
            left -= part
    return served


def _smallest_cut(
    need: Sequence[FloatArray], officers: FloatArray, reach: FloatArray
) -> FloatArray:
    """Return g, shape (function, month, draw), by listing the cuts.

    `need` is (month, draw) for each function; `reach` is w_if A_i, shape (institution, function,
    month or 1, draw).
    """
    if not need:
        return np.empty((0, 1, officers.shape[-1]))
    best = np.empty((len(need), *need[0].shape))
    # The cut through all institutions leaves no arc open.
    best[:] = officers.sum(axis=0)
    part = np.empty(need[0].shape)
    running = np.empty(need[0].shape)
    for cut in product((False, True), repeat=len(officers)):
        if all(cut):
            continue
        inside = np.array(cut)
        running[:] = officers[inside].sum(axis=0)
        arcs = reach[~inside].sum(axis=0)
        for wanted, arc, least in zip(need, arcs, best, strict=True):
            np.minimum(wanted, arc, out=part)
            running += part
            np.minimum(least, running, out=least)
    return best
