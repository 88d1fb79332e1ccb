"""Interchange: open and closed sites swapped as long as that makes the total lower."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

LEAST = 1e-9
"""A swap must gain more than this share of the total: ties cannot make it turn in circles."""


def total(cost: Array, chosen: Sequence[int] | IntArray) -> float:
    """Return the cost of serving every place from the cheapest of the sites chosen."""
    return float(cost[np.asarray(chosen, dtype=int)].min(axis=0).sum())


def greedy(cost: Array, count: int) -> IntArray:
    """Return sites taken one by one, each the one that lowers the total most; ties to the first."""
    now = cost.max(axis=0)
    chosen: list[int] = []
    for _ in range(count):
        gain = np.maximum(now - cost, 0.0).sum(axis=1)
        gain[chosen] = -1.0
        best = int(np.argmax(gain))
        chosen.append(best)
        now = np.minimum(now, cost[best])
    return np.array(chosen, dtype=int)


def interchange(cost: Array, chosen: IntArray) -> IntArray:
    """Return sites of which no single swap with another candidate lowers the total.

    Of all swaps the best is made, and only what it touches is counted anew [1]_: a place matters
    for the site that serves it and for those that would serve it better than its second best.

    Parameters
    ----------
    cost : (candidate, place)
    chosen : (K,) indices of candidates, K >= 1

    References
    ----------
    .. [1] Resende and Werneck (2007), A fast swap-based local search procedure for location
       problems, Annals of Operations Research 150, 205-230.
    """
    chosen = np.array(chosen, dtype=int)
    if len(chosen) in (0, len(cost)):
        return chosen
    first, one, two = _nearest(cost, chosen)
    gain = np.zeros(len(cost))
    lost = np.zeros((len(cost), len(chosen)))
    every = np.arange(cost.shape[1])
    _count(cost, gain, lost, every, first, one, two, 1.0)
    while True:
        # Net saving of opening the row's candidate and closing the column's site.
        net = gain[:, None] + lost
        net[chosen] = -np.inf
        opened, closed = np.unravel_index(int(np.argmax(net)), net.shape)
        if net[opened, closed] <= LEAST * max(1.0, float(one.sum())):
            return chosen
        # A place is touched if its best or second best site changes.
        new = chosen.copy()
        new[closed] = opened
        near = (cost[chosen[closed]] <= two) | (cost[opened] < two)
        places = np.flatnonzero(near)
        _count(cost, gain, lost, places, first[places], one[places], two[places], -1.0)
        first[places], one[places], two[places] = _nearest(cost[:, places], new)
        _count(cost, gain, lost, places, first[places], one[places], two[places], 1.0)
        chosen = new


def _nearest(cost: Array, chosen: IntArray) -> tuple[IntArray, Array, Array]:
    """Return for each place the position of its cheapest site, that cost and the next."""
    open_cost = cost[chosen]
    first = open_cost.argmin(axis=0)
    across = np.arange(cost.shape[1])
    one = open_cost[first, across]
    if len(chosen) == 1:
        return first, one, cost.max(axis=0) + 1.0
    open_cost[first, across] = np.inf
    return first, one, open_cost.min(axis=0)


def _count(
    cost: Array, gain: Array, lost: Array, places: IntArray, first: IntArray, one: Array,
    two: Array, sign: float,
) -> None:  # fmt: skip
    """Add (or take away) what `places` mean for every swap.

    A candidate saves ``one - cost`` where it is cheaper than the site that serves; closing that
    site costs the rise to the candidate or to the second best, whichever is less.
    """
    if not len(places):
        return
    here = cost[:, places]
    saved = np.maximum(one - here, 0.0)
    gain += sign * saved.sum(axis=1)
    rise = np.minimum(np.maximum(here, one), two) - one
    order = np.argsort(first, kind="stable")
    at, starts = np.unique(first[order], return_index=True)
    lost[:, at] -= sign * np.add.reduceat(rise[:, order], starts, axis=1)
