"""Lagrange: what no choice of sites can get below, by prices for serving each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

PATIENCE = 15
"""Steps without a better bound, after which steps get shorter."""
MEMORY = 0.3
"""Share of the last direction kept: prices zigzag less."""


@dataclass
class Prices:
    """Prices of places and the bound they prove.

    Parameters
    ----------
    price : (place,) best so far
    bound : sum of prices and of the most negative reduced costs
    reduced : (candidate,) reduced cost of opening, at the best prices
    pace : length of steps, as a share of the step to the target
    """

    price: Array
    bound: float
    reduced: Array
    pace: float = 1.5


def ascend(cost: Array, count: int, start: Prices, target: float, steps: int,
           near: int) -> tuple[Prices, list[IntArray]]:  # fmt: skip
    """Return better prices after subgradient steps, and the sites that the best ones would open.

    Every place must be served; that is priced and left out. What remains falls apart by
    candidate: its reduced cost is the sum of ``min(0, cost - price)``, and the `count` lowest are
    opened [1]_. Any prices prove a bound.

    Parameters
    ----------
    target : total of the best sites known
    near : candidates looked at for each place, nearest first; no price goes above the cost of
        the last of them, so that the bound stays valid

    References
    ----------
    .. [1] Beasley (1985), A note on solving large p-median problems, European Journal of
       Operational Research 21, 270-273.
    """
    seen = _Near(cost, near) if 2 * near < len(cost) else _Every(cost)
    best = Prices(np.minimum(start.price, seen.highest), -np.inf, start.reduced, start.pace)
    price, along, idle = best.price.copy(), np.zeros(cost.shape[1]), 0
    opened: list[IntArray] = []
    for _ in range(steps):
        reduced = seen.reduced(price)
        sites = np.argpartition(reduced, count - 1)[:count]
        bound = float(price.sum() + reduced[sites].sum())
        if bound > best.bound:
            best = Prices(price.copy(), bound, reduced, best.pace)
            opened.append(sites)
            idle = 0
        else:
            idle += 1
        if idle >= PATIENCE:
            best.pace, idle = best.pace * 0.7, 0
            price, along = best.price.copy(), np.zeros_like(along)
            continue
        along = 1.0 - seen.served(sites, price) + MEMORY * along
        norm = float((along**2).sum())
        if norm == 0.0 or bound >= target:
            break
        step = best.pace * max(1.05 * target - bound, 1e-9) / norm
        price = np.minimum(price + step * along, seen.highest)
    return best, opened


class _Every:
    """Reduced costs from all candidates."""

    def __init__(self, cost: Array) -> None:
        self.cost, self._room = cost, np.empty_like(cost)
        self.highest: Array | float = np.inf

    def reduced(self, price: Array) -> Array:
        """Return the sum of ``min(0, cost - price)`` by candidate."""
        np.subtract(self.cost, price, out=self._room)
        np.minimum(self._room, 0.0, out=self._room)
        return np.asarray(self._room.sum(axis=1))

    def served(self, sites: IntArray, price: Array) -> Array:
        """Return by how many of the sites each place would be served."""
        return np.asarray((self.cost[sites] < price).sum(axis=0, dtype=float))


class _Near:
    """The same from the nearest candidates of each place; prices stay where that is exact."""

    def __init__(self, cost: Array, near: int) -> None:
        order = np.argpartition(cost, near, axis=0)[:near]
        self._order, self._ranked = order, np.take_along_axis(cost, order, axis=0)
        self._count = len(cost)
        self.highest: Array | float = self._ranked.max(axis=0)

    def reduced(self, price: Array) -> Array:
        """Return the sum of ``min(0, cost - price)`` by candidate."""
        saving = np.minimum(self._ranked - price, 0.0)
        weights = saving.ravel()
        return np.asarray(np.bincount(self._order.ravel(), weights, self._count), dtype=float)

    def served(self, sites: IntArray, price: Array) -> Array:
        """Return by how many of the sites each place would be served."""
        mark = np.zeros(self._count, dtype=bool)
        mark[sites] = True
        return np.asarray(((self._ranked < price) & mark[self._order]).sum(axis=0, dtype=float))


def settled(prices: Prices, count: int, target: float) -> BoolArray:
    """Return which candidates are closed in any choice that costs less than `target`."""
    last = np.partition(prices.reduced, count - 1)[count - 1]
    worse = prices.bound + prices.reduced - last >= target
    return np.asarray(worse & (prices.reduced > last))
