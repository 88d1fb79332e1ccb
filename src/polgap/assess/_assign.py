"""One officer, one function: who serves where, in the priority order of ``functions.csv``.

The largest number of officers that can serve the first j functions is a maximum flow from
institutions to functions; its value is the smallest cut, and with few institutions all cuts can
be listed. Serving functions in priority order then is the difference of two such values.
"""

from __future__ import annotations

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
    present = np.flatnonzero(strength.any(axis=(1, 2)) & share.any(axis=(1, 2)))
    if present.size == 0:
        return np.zeros_like(need)
    if present.size > MOST_CLASSES:
        raise StudyError(
            f"{present.size} institutions in one area; at most {MOST_CLASSES} can be assigned: "
            "merge those that serve alike"
        )
    officers = strength[present].astype(np.float64)
    if present.size == 1:
        return _alone(need, officers[0], share[present[0]])
    # Functions first, so that each step of the sum works on one piece of memory.
    wanted = np.ascontiguousarray(np.moveaxis(need, 1, 0), dtype=np.float64)
    reach = share[present][:, :, None] * officers[:, None]
    served = _smallest_cut(wanted, officers, reach)
    served[1:] -= served[:-1].copy()
    np.clip(served, 0.0, wanted, out=served)
    return np.asarray(np.moveaxis(served, 0, 1), dtype=need.dtype)


def _alone(need: FloatArray, officers: FloatArray, share: FloatArray) -> FloatArray:
    """Return what one institution gives: each function in turn, until nobody is left."""
    served = np.empty_like(need)
    left = np.broadcast_to(officers, need[:, 0].shape).copy()
    part = np.empty(left.shape)
    for f in range(need.shape[1]):
        np.minimum(need[:, f], share[f] * officers, out=part)
        np.minimum(part, left, out=part)
        left -= part
        served[:, f] = part
    return served


def _smallest_cut(need: FloatArray, officers: FloatArray, reach: FloatArray) -> FloatArray:
    """Return g, shape (function, month, draw), by listing the cuts.

    `need` is (function, month, draw); `reach` is w_if A_i, shape (institution, function, month or
    1, draw).
    """
    best = np.empty_like(need)
    # The cut through all institutions leaves no arc open.
    best[:] = officers.sum(axis=0)
    asked = [bool(one.any()) for one in need]
    part = np.empty(need.shape[1:])
    running = np.empty(need.shape[1:])
    for cut in product((False, True), repeat=len(officers)):
        if all(cut):
            continue
        inside = np.array(cut)
        running[:] = officers[inside].sum(axis=0)
        arcs = reach[~inside].sum(axis=0)
        for j, any_need in enumerate(asked):
            if any_need:
                np.minimum(need[j], arcs[j], out=part)
                running += part
            np.minimum(best[j], running, out=best[j])
    return best
