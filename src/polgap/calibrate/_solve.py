"""Solve: one program, the plan found for it, and the bound that is proven for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._block import Block, Tasked, officers
from polgap.calibrate._bound import Bound
from polgap.calibrate._dual import Dual, Prices
from polgap.calibrate._limits import broken
from polgap.calibrate._program import Program
from polgap.calibrate._repair import BATCHES, repair

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

GOOD = 0.02
"""Relative gap at which the bound is tight enough."""
CUTS = 4
"""Rounds of tightening the bound, at most."""
TINY, SMALL, LARGE = 5_000, 60_000, 400_000
"""Columns of a program. Up to `SMALL` it is bounded by linear programs over windows first, and by
the dual of the whole horizon where that leaves a gap (not below `TINY`: the windows hold it all).
Above `LARGE` tasking is worked out anew for the bases in use, as all of it would not fit."""


@dataclass(frozen=True)
class Made:
    """Units in place (P, A, Q) and what the program says of them.

    Parameters
    ----------
    value, bound : expected unmet officer-months, and what no plan can get below
    tasked : the best tasking, block by block
    prices : what proves the bound, to start the next program from
    """

    count: IntArray
    value: float
    bound: float
    tasked: tuple[Tasked, ...]
    prices: Prices | None = None


def solve(
    program: Program,
    name: str,
    starts: Sequence[IntArray] = (),
    near: Prices | None = None,
    blocks: list[Block] | None = None,
    looks: int = BATCHES,
) -> Made:
    """Return the best of the plan found and of `starts` that keep the limits, with its bound.

    Parameters
    ----------
    program : Program
    name : str
        Names the stream of chance.
    starts : sequence of int arrays (P, A, Q)
        Plans known already.
    near : Prices, optional
        Prices of a program that differs little: the dual starts from them.
    blocks : list of Block, optional
        Tasking programs of a program that differs in limits alone.
    looks : int
        Looks at the value in the search, at most.
    """
    blocks = blocks_of(program) if blocks is None else blocks
    size = sum(len(block.cost) for block in blocks)
    windows = Bound(program, blocks) if 0 < size <= SMALL and near is None else None
    dual = None if windows else Dual(program, near)
    bound, prices = _start(windows, dual)
    found, tasked = repair(
        program, prices, bound, lambda count: task(program, blocks, count), name, looks
    )
    rivals = [fixed(program, blocks, count) for count in starts if possible(program, count)]
    best = min([_made(program, found, tasked), *rivals], key=lambda made: made.value)
    if windows:
        bound = _tighter(windows, best.value)
        if size >= TINY and best.value - bound > GOOD * best.value:
            dual = Dual(program, near)
    bound = max(bound, dual.value if dual else 0.0)
    return replace(best, bound=min(bound, best.value), prices=dual.prices if dual else None)


def _start(windows: Bound | None, dual: Dual | None) -> tuple[float, Array]:
    if windows:
        return windows.value, windows.prices
    assert dual is not None
    return dual.value, dual.prices.limits


def _tighter(windows: Bound, value: float) -> float:
    """Return the bound of the windows, tightened while the gap is wide."""
    for _ in range(CUTS):
        if value - windows.value <= GOOD * value or not windows.tighten():
            break
    return windows.value


def possible(program: Program, count: IntArray) -> bool:
    """Return whether units in place keep minimum presence, numbers and limits."""
    held = not any(floor.short(program.force, count).any() for floor in program.floors)
    number = count.sum(axis=1).max(axis=1, initial=0)
    fits = bool((number <= program.force.number).all())
    return held and fits and not broken(program.limits, count)


def blocks_of(program: Program) -> list[Block]:
    """Return the tasking programs of all blocks; none where they would not fit in memory."""
    arcs = int(program.reach.sum()) + program.cap.size * len(program.areas)
    if arcs * len(program.months) > LARGE:
        return []
    return [Block(program, q) for q in range(len(program.months))]


def fixed(program: Program, blocks: list[Block], count: IntArray) -> Made:
    """Return the value of units in place, with the best tasking of them."""
    return _made(program, count, task(program, blocks, count))


def _made(program: Program, count: IntArray, tasked: tuple[Tasked, ...]) -> Made:
    value = max(0.0, program.total - sum(part.saved for part in tasked))
    least = max(0.0, program.total - sum(part.most for part in tasked))
    return Made(count, value, min(value, least), tasked)


def task(program: Program, blocks: list[Block], count: IntArray) -> tuple[Tasked, ...]:
    """Return the best tasking of units in place, block by block."""
    found = []
    for q in range(len(program.months)):
        there = officers(program, count[:, :, q], q)
        block = blocks[q] if blocks else Block(program, q, there > 0)
        found.append(block.task(there))
    return tuple(found)
