"""Bound: what no plan within the rules can beat.

The blocks are grouped in windows of at most a year, each one linear program. A window holds its
own ceilings and its year's budget as rows; a limit that reaches beyond a window is priced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._block import Block
from polgap.calibrate._force import BLOCK_MONTHS
from polgap.calibrate._limits import YEAR
from polgap.calibrate._program import Program
from polgap.calibrate._window import Window

Array = NDArray[np.floating[Any]]

COLUMNS = 60_000
"""Columns of a window, at most (as long as it holds more than one block)."""
STEPS = 10
"""Price steps for each limit that reaches beyond a window."""
CLOSE = 5e-4
"""Relative distance at which a price is good enough."""
RISE = 1e-3
"""Relative rise of the bound below which tightening is over."""
TOKEN = 1e-6
"""Lowest price, as a share of the whole requirement: a unit that saves nothing is not free."""


@dataclass(frozen=True)
class _At:
    """The windows at some prices: the bound, use of each limit, and worth of each limit."""

    bound: float
    used: Array
    prices: Array
    worth: Array


class Bound:
    """The bound of a program; `value` rises when it is tightened.

    Parameters
    ----------
    program : Program
    blocks : list of Block
    """

    def __init__(self, program: Program, blocks: list[Block]) -> None:
        self._program = program
        size = max((len(block.cost) for block in blocks), default=1)
        step = int(np.clip(COLUMNS // max(1, size), 1, YEAR // BLOCK_MONTHS))
        self._windows = [
            Window(blocks[k : k + step], program.limits) for k in range(0, len(blocks), step)
        ]
        outer = sorted({i for window in self._windows for i in window.outer})
        best = self._at(np.zeros(len(program.limits)))
        for _ in range(1 if len(outer) < 2 else 2):
            for i in outer:
                best = self._climb(best, i)
        self._best = best

    @property
    def value(self) -> float:
        """No plan leaves fewer expected officer-months unmet."""
        return max(0.0, self._best.bound)

    @property
    def prices(self) -> Array:
        """Worth of one more unit of each limit, officer-months per officer or USD, (R,)."""
        return self._best.worth

    def tighten(self) -> bool:
        """Add what only whole units make true; False once that brings no more."""
        cut = [window.cut() for window in self._windows]
        if not any(cut):
            return False
        new = self._at(self._best.prices)
        rise = new.bound - self._best.bound
        if rise > 0:
            self._best = new
        return rise > RISE * self._best.bound

    def _at(self, prices: Array) -> _At:
        program = self._program
        parts = [window.price(prices) for window in self._windows]
        most = np.array([row.most for row in program.limits])
        used = np.sum([part.used for part in parts], axis=0)
        worth = prices + np.sum([part.worth for part in parts], axis=0)
        bound = program.total + sum(part.bound for part in parts) - float((prices * most).sum())
        return _At(bound, used, prices, worth)

    def _climb(self, start: _At, i: int) -> _At:
        """Return the state with the price of limit `i` near its best.

        The bound is concave in the price and its slope is use less limit: the next price is
        where the supporting lines on either side of the top meet.
        """
        row = self._program.limits[i]

        def at(price: float) -> tuple[float, float, _At]:
            prices = start.prices.copy()
            prices[i] = price
            found = self._at(prices)
            return price, float(found.used[i]) - row.most, found

        low = at(TOKEN * self._program.total / max(row.most, 1.0))
        if low[1] <= 0:
            return low[2]
        first = self._program.total / (low[1] + row.most) / 4.0
        high = at(max(start.prices[i], 2.0 * low[0], first))
        for _ in range(STEPS):
            if high[1] <= 0:
                break
            low, high = high, at(2.0 * high[0])
        best = max((low, high), key=lambda e: e[2].bound)
        for _ in range(STEPS):
            slope = low[1] - high[1]
            if slope <= 0:
                break
            rise = high[2].bound - low[2].bound + low[1] * low[0] - high[1] * high[0]
            top = low[2].bound + low[1] * (rise / slope - low[0])
            if top - best[2].bound <= CLOSE * max(1.0, abs(top)):
                break
            new = at(rise / slope)
            best = max((best, new), key=lambda e: e[2].bound)
            low, high = (new, high) if new[1] > 0 else (low, new)
        return best[2]
