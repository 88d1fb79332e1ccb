"""Repair: a plan of whole units by priced greedy, then taken out in part and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._block import Tasked
from polgap.calibrate._floors import Floor
from polgap.calibrate._program import Program
from polgap.calibrate._search import Search
from polgap.draws import stream

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

ROUNDS = 25
"""Destroy-and-repair rounds between two looks at the value."""
BATCHES = 8
"""Looks at the value, at most."""
EASY = 100_000
"""Segments of a program up to which all of that is affordable; beyond, it is looked at once, filled
by price alone."""
IDLE = 2
"""Looks without progress after which the search stops."""
NEAR = 0.002
"""Relative gap between value and bound at which the search stops."""
TAKEN = (0.02, 0.15)
"""Share of the strength in place that is taken out in a round: from, to."""

Task = Callable[[IntArray], tuple[Tasked, ...]]


def repair(
    program: Program, prices: Array, bound: float, task: Task, name: str, looks: int = BATCHES
) -> tuple[IntArray, tuple[Tasked, ...]]:
    """Return units in place (P, A, Q) that keep every limit, and their tasking.

    Minimum presence comes first and is kept. Then the best unit at the prices of the bound is
    placed until none is worth its price, and what the limits still allow is filled without
    prices. Each round of destroy-and-repair takes a few neighbouring placements out and fills
    again; it is kept when no worse. After each batch of rounds the linear program tasks the
    officers anew. The search stops near the bound, or when batches bring nothing. Chance comes
    from ``stream(seed, "repair", name, round)``.
    """
    search = Search(program, program.limits)
    for floor in program.floors:
        hold(search, floor)
    fill(search, prices)
    most, idle = -np.inf, 0
    best: tuple[IntArray, tuple[Tasked, ...]] = search.count(), ()
    looks = looks if program.width.size <= EASY else 1
    for batch in range(looks):
        count = search.count()
        tasked = task(count)
        saved = sum(part.saved for part in tasked)
        idle = 0 if saved > most * (1 + 1e-4) else idle + 1
        if saved > most:
            most, best = saved, (count, tasked)
        if (
            batch + 1 >= looks
            or idle >= IDLE
            or program.total - most <= bound + NEAR * (program.total - most)
        ):
            break
        search.retask(tasked)
        for number in range(batch * ROUNDS, (batch + 1) * ROUNDS):
            _round(search, prices, name, number)
    return best


def _round(search: Search, prices: Array, name: str, number: int) -> None:
    """Destroy and repair once; go back if it is worse."""
    chance = stream(search.program.seed, "repair", name, number)
    before, gain = search.snapshot(), search.gain
    if not _destroy(search, chance):
        return
    noise = chance.uniform(0.8, 1.25, len(search.left))
    fill(search, prices * (number % 2), noise)
    if search.gain < gain - 1e-9:
        search.restore(before)


def fill(search: Search, prices: Array, noise: Array | None = None) -> None:
    """Place what is left while it is worth its price, then what the limits still allow."""
    pledges = list(range(len(search.left)))
    search.prices = prices
    search.fill(pledges, noise)
    search.prices = np.zeros_like(prices)
    search.fill(pledges)


def _destroy(search: Search, chance: np.random.Generator) -> bool:
    """Take out a share of the strength, neighbours or by chance; False if there is none."""
    loose = [i for i, filled in enumerate(search.placed) if not filled.placement.pinned]
    if not loose:
        return False
    places = [search.placed[i].placement for i in loose]
    force = search.program.force
    size = np.array([place.units * force.strength[place.pledge] for place in places])
    order = np.argsort(np.log(chance.random(len(loose))) / size)[::-1]
    if chance.random() < 0.5:
        bases = np.array([place.base for place in places])
        apart = search.program.hours[places[int(order[0])].base, bases]
        order = np.argsort((apart + 1.0) * chance.uniform(0.5, 1.5, len(loose)), kind="stable")
    out = np.cumsum(size[order]) - size[order] < chance.uniform(*TAKEN) * size.sum()
    for i in sorted((loose[k] for k in order[out]), reverse=True):
        search.take(i)
    return True


def hold(search: Search, floor: Floor) -> None:
    """Place pinned units until a floor holds, as far as pledges allow."""
    force = search.program.force
    while True:
        lack = floor.short(force, search.count())
        best, most = None, (0.0, 0.0)
        for p in np.flatnonzero((search.left > 0) & (floor.coef > 0)):
            units = 1
            if not force.lumpy[p]:
                units = min(int(search.left[p]), int(np.ceil(lack.max() / floor.coef[p])))
            within = floor.bases[force.kind[p]]
            offer = search.best(int(p), units, within=within) if units else None
            if offer is None:
                continue
            place = offer.placement
            stay = place.base == force.home[p]
            there = np.arange(len(lack)) >= (force.first[p] if stay else place.move)
            there &= np.arange(len(lack)) < force.last[p]
            helps = float(np.minimum(lack, units * floor.coef[p])[there].sum())
            if (helps, offer.gain) > most and helps > 0:
                best, most = place, (helps, offer.gain)
        if best is None:
            return
        search.put(best)
