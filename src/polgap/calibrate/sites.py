"""Sites: which places to open so that what is to be served is near, and how near at best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._interchange import greedy, interchange, total
from polgap.calibrate._lagrange import Prices, ascend, settled
from polgap.calibrate._settle import settle
from polgap.errors import StudyError

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

WORK = 2e8
"""Entries of the cost matrix that the bound may look at."""
STEPS = 60
"""Steps of a round of the bound; after each round, candidates that are settled are left out."""
ROUNDS = (4, 30)
"""Fewest and most rounds."""
NEAR = 5.0
"""Candidates looked at for each place, as a multiple of those there are for each site."""


@dataclass(frozen=True)
class Sites:
    """Sites chosen, what they cost, and what no other choice can get below.

    Parameters
    ----------
    chosen : (K,) candidates, ascending
    value, bound : total cost, and its proven lower bound
    proved : whether no other choice costs less
    """

    chosen: IntArray
    value: float
    bound: float
    proved: bool


def sites(cost: Array, count: int) -> Sites:
    """Return `count` candidates from which all places are served at least total cost.

    The p-median problem. Greedy sites are swapped until no swap helps; prices of the places then
    prove a bound, settle candidates and propose other sites, which are swapped in turn; what is
    left open is searched where it is little.

    Parameters
    ----------
    cost : array, shape (candidate, place)
        Cost of serving a place from a candidate, such as need times travel hours; finite.
    count : int
        Sites to open, at least 1 and at most all.

    Raises
    ------
    StudyError
        If `count` is out of range, or a cost is negative or not finite.

    Examples
    --------
    Four towns on a road, the last with most need: one site goes there, two share the road.

    >>> hours = np.abs(np.subtract.outer([0.0, 1.0, 4.0, 5.0], [0.0, 1.0, 4.0, 5.0]))
    >>> need = np.array([10.0, 10.0, 10.0, 60.0])
    >>> sites(need * hours, 1).chosen.tolist(), sites(need * hours, 2)
    ([3], Sites(chosen=array([0, 3]), value=20.0, bound=20.0, proved=True))
    """
    cost = np.asarray(cost, dtype=float)
    if cost.ndim != 2 or not 1 <= count <= len(cost):
        raise StudyError(f"sites: got {count} of {len(cost)} candidates; wanted 1 to all of them")
    if cost.size and not (np.isfinite(cost).all() and cost.min() >= 0):
        raise StudyError("sites: got a cost that is negative or not finite; wanted neither")
    chosen = interchange(cost, greedy(cost, count))
    value = total(cost, chosen)
    bound = 0.0
    if value > 0 and count < len(cost):
        chosen, value, bound = _proved(cost, chosen, value)
    else:
        bound = value
    bound = min(bound, value)
    return Sites(np.sort(chosen), value, bound, bound >= value - _grain(cost, value))


def _proved(cost: Array, chosen: IntArray, value: float) -> tuple[IntArray, float, float]:
    """Return the best sites, their total and the bound after rounds of prices."""
    count, places = len(chosen), cost.shape[1]
    near = min(len(cost), int(np.ceil(NEAR * len(cost) / count)) + 5)
    rounds = int(np.clip(WORK / (STEPS * near * places), *ROUNDS))
    kept = np.arange(len(cost))
    served = np.sort(cost[chosen], axis=0)[:2]
    prices = Prices(served.mean(axis=0), -np.inf, np.zeros(len(cost)))
    whole = bool(np.all(cost == np.rint(cost)))
    known = 0.0
    tried: set[frozenset[int]] = set()
    for _ in range(rounds):
        here = cost[kept]
        prices, opened = ascend(here, count, prices, value, STEPS, min(near, len(kept)))
        known = max(known, np.ceil(prices.bound - 1e-6) if whole else prices.bound)
        proposal = kept[opened[-1]]
        if (key := frozenset(proposal.tolist())) not in tried:
            tried.add(key)
            found = interchange(cost, proposal)
            if (less := total(cost, found)) < value:
                chosen, value = found, less
        # Only a choice better than the best known matters: with whole costs by one at least.
        wanted = value - 1.0 + 1e-6 if whole else value * (1.0 - 1e-9)
        closed = settled(prices, count, wanted)
        if prices.bound >= wanted or len(kept) - int(closed.sum()) < count:
            return chosen, value, value
        kept = kept[~closed]
        if len(kept) == count:
            chosen = min(chosen, kept, key=lambda found: total(cost, found))
            return chosen, total(cost, chosen), total(cost, chosen)
        prices.reduced = prices.reduced[~closed]
    best, bound = settle(cost[kept], count, prices, value)
    if best is not None and total(cost, kept[best]) < value:
        chosen = kept[best]
        value = total(cost, chosen)
    return chosen, value, float(max(known, np.ceil(bound - 1e-6) if whole else bound))


def _grain(cost: Array, value: float) -> float:
    return 1e-9 * max(1.0, value)
