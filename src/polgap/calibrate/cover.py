"""Cover: sites chosen one by one so that each adds most of what is not yet within reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

ENOUGH = 1e-9
"""Share of all weight that a site must add; below, it adds nothing."""


def cover(
    weights: Array, within: NDArray[np.bool_], sites: int, otherwise: Sequence[int] = ()
) -> list[int]:
    """Return the candidates chosen, in order: the greedy answer to the maximal covering problem.

    Each choice adds most weight not yet covered; ties go to the first. Greedy reaches at least
    1 - 1/e of the best possible weight [1]_.

    Parameters
    ----------
    weights : array, shape (place,)
        What is to be within reach, such as expected events.
    within : array of bool, shape (candidate, place)
    sites : int
        Number to choose.
    otherwise : sequence of int
        Candidates taken in this order once no candidate adds any weight.

    References
    ----------
    .. [1] Nemhauser, Wolsey and Fisher (1978), An analysis of approximations for maximizing
       submodular set functions I, Mathematical Programming 14, 265-294.

    Examples
    --------
    >>> within = np.array([[True, True, False], [False, True, True], [False, False, True]])
    >>> cover(np.array([1.0, 1.0, 3.0]), within, 2)
    [1, 0]
    """
    left = np.array(weights, dtype=float)
    least = ENOUGH * float(left.sum())
    chosen: list[int] = []
    reach = within.astype(float)
    while len(chosen) < sites:
        gain = reach @ left
        gain[chosen] = 0.0
        best = int(np.argmax(gain)) if gain.size else 0
        if not gain.size or gain[best] <= least:
            break
        chosen.append(best)
        left[within[best]] = 0.0
    for place in otherwise:
        if len(chosen) >= sites:
            break
        if place not in chosen:
            chosen.append(int(place))
    return chosen
