"""Bound: what no plan within the rules can beat. Blocks of three months, the budget priced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._block import Block, Priced
from polgap.calibrate._program import Program

Array = NDArray[np.floating]

STEPS = 10
"""Price steps for each limit that spans blocks."""
CLOSE = 5e-4
"""Relative distance at which a price is good enough."""
TOKEN = 1e-6
"""Lowest price, as a share of the whole requirement: a unit that saves nothing is not free."""


@dataclass(frozen=True)
class Bound:
    """A proven bound, and what led to it.

    Parameters
    ----------
    value : no plan leaves fewer expected officer-months unmet
    prices : (R,) worth of one more unit of each limit, officer-months per officer or USD; that
        of a ceiling is for its own block
    units : (P, A, Q) units of the linear plan at these prices, fractional
    """

    value: float
    prices: Array
    units: Array


def bound(program: Program, blocks: list[Block]) -> Bound:
    """Return the bound of the program: blocks apart, limits that span them priced.

    Leaving out that a unit stays where it was placed, and pricing the budget instead of obeying
    it, can only make the linear program better than any plan: at every price >= 0 its value
    less the priced budget is a bound. The best of a few price steps is kept; the steps follow
    the cuts of the concave bound (regula falsi on its two best supporting lines).
    """
    prices = np.zeros(len(program.limits))
    found = [block.price(prices) for block in blocks]
    spanning = [i for i, row in enumerate(program.limits) if row.spans]
    for _ in range(1 if len(spanning) < 2 else 2):
        for i in spanning:
            prices, found = _climb(program, blocks, prices, found, i)
    worth = prices + np.sum([part.worth for part in found], axis=0) if found else prices
    units = np.stack([part.units for part in found], axis=-1) if found else np.zeros(program.shape)
    return Bound(max(0.0, program.total + _sum(program, prices, found)), worth, units)


def _sum(program: Program, prices: Array, found: list[Priced]) -> float:
    """Return the Lagrangian: blocks at their prices, less what the limits are worth."""
    most = np.array([row.most for row in program.limits])
    priced = np.array([row.spans for row in program.limits], dtype=bool)
    return float(sum(part.bound for part in found)) - float(prices[priced] @ most[priced])


def _climb(
    program: Program, blocks: list[Block], prices: Array, found: list[Priced], i: int
) -> tuple[Array, list[Priced]]:
    """Return prices and blocks with the price of limit `i` near its best."""
    row = program.limits[i]

    def at(price: float) -> tuple[float, float, Array, list[Priced]]:
        new = prices.copy()
        new[i] = price
        parts = [
            block.price(new) if row.blocks[q] else found[q] for q, block in enumerate(blocks)
        ]
        used = sum(
            np.einsum("pa,p,a->", part.units, row.coef, row.areas * 1.0) * row.blocks[q]
            for q, part in enumerate(parts)
        )
        return _sum(program, new, parts), float(used) - row.most, new, parts

    low_price = TOKEN * program.total / max(row.most, 1.0)
    low = at(low_price)
    if low[1] <= 0:
        return low[2], low[3]
    high_price = max(prices[i], 2.0 * low_price, program.total / (low[1] + row.most) / 4.0)
    high = at(high_price)
    steps = 0
    while high[1] > 0 and steps < STEPS:
        low_price, low = high_price, high
        high_price *= 2.0
        high, steps = at(high_price), steps + 1
    best = max((low, high), key=lambda e: e[0])
    for _ in range(STEPS):
        slope = low[1] - high[1]
        if slope <= 0:
            break
        middle = (high[0] - low[0] + low[1] * low_price - high[1] * high_price) / slope
        top = low[0] + low[1] * (middle - low_price)
        if top - best[0] <= CLOSE * max(1.0, abs(top)):
            break
        new = at(middle)
        best = max((best, new), key=lambda e: e[0])
        if new[1] > 0:
            low_price, low = middle, new
        else:
            high_price, high = middle, new
    return best[2], best[3]
