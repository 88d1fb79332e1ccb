"""Spread: the units of a plan placed by population, as a yardstick."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._limits import broken
from polgap.calibrate._program import Program
from polgap.calibrate._search import STAY

IntArray = NDArray[np.integer[Any]]


def spread(program: Program, count: IntArray) -> IntArray:
    """Return the units of `count` (P, A, Q) spread by population where they may be.

    The largest units first; each goes to the area whose strength lags its share of population
    most. Present units move at the first block border, as far as they may move at all. A unit
    that a ceiling of an area forbids stays where the plan had it.

    Parameters
    ----------
    program : Program
    count : int array (P, A, Q)
    """
    force, population = program.force, program.population
    share = population / max(float(population.sum()), 1e-12)
    found = np.zeros_like(count)
    here = np.zeros(len(program.areas))
    total = float((count.sum(axis=1).max(axis=1) * force.strength).sum())
    for p in np.argsort(-force.strength, kind="stable"):
        first, last, home = int(force.first[p]), int(force.last[p]), int(force.home[p])
        there = count[p].sum(axis=0)
        may = force.allowed[p].copy()
        border = first + 1
        if home >= 0 and (not force.movable[p] or last - border < STAY):
            may[:] = False
        if not may.any():
            found[p] = _at_home(count[p], home)
            here += found[p].max(axis=1) * force.strength[p]
            continue
        for unit in range(int(there.max(initial=0))):
            lag = np.where(may, share * total - here, -np.inf)
            area = int(np.argmax(lag))
            blocks = there > unit
            here[area] += force.strength[p]
            if home >= 0:
                found[p, home, first] += int(blocks[first])
                blocks[first] = False
            found[p, area, blocks] += 1
    areal = [row for row in program.limits if not row.areas.all() or program.force.opening.any()]
    for p in range(len(found)):
        if broken(areal, found):
            found[p] = count[p]
    return found


def _at_home(count: IntArray, home: int) -> IntArray:
    """Return the same number of units, all at home (or as they were where there is none)."""
    if home < 0:
        return count.copy()
    at = np.zeros_like(count)
    at[home] = count.sum(axis=0)
    return at
