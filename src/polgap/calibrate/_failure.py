"""Failure: the plan that stands best where up to so many pledges never come, whichever they are.

An adversary who knows the plan picks the pledges still to come whose failure leaves most open;
officers who did come are then tasked anew. Each set of failures found is added to a game in which
plans answer a mixture of sets, until the mixture proves that no plan does much better. A mixture is
a program whose cells are a block in one set of failures; its dual is a bound for every plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.sparse import csr_array

from polgap.calibrate._block import Block, load, officers
from polgap.calibrate._block import solve as solve_lp
from polgap.calibrate._dual import Dual
from polgap.calibrate._offer import counts_of, plan_of, program_for
from polgap.calibrate._polish import Polish
from polgap.calibrate._program import Program
from polgap.calibrate._repair import fill, hold
from polgap.calibrate._replan import placements
from polgap.calibrate._search import Search
from polgap.calibrate._solve import blocks_of, fixed, possible
from polgap.domain import Assessment, Generation, Inputs, Plan, Study
from polgap.draws import Parameters

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
Failed = tuple[int, ...]

SETS = 400
"""Sets of failures that are all tried; of more, the worst is looked for one pledge at a time."""
ROUNDS = 6
"""Answers to mixtures of failures, at most."""
TRIES, FEWEST = 60, 8
"""Plans that are scored in each round, at most: of a small program, and of a large one."""
WORK = 200_000
"""Columns of tasking that the plans scored in a round may have together, about."""
CLOSE = 0.002
"""Relative gap at which the game is over."""
TIE = 1e-6
"""Weight of what is left open without any failure: it settles ties."""


@dataclass(frozen=True)
class Robust:
    """A plan against failures, beside the plan that was made without a thought of them.

    Parameters
    ----------
    failures : pledges that may fail, at most
    none, worst : officer-months left open where nobody fails, and where the worst pledges do
    failing : those pledges
    plain_none, plain_worst, plain_failing : the same of the plain plan
    bound : officer-months that every plan leaves open where its own worst pledges fail
    proven : whether all sets of failures were tried for these plans
    """

    plan: Plan
    failures: int
    none: float
    worst: float
    failing: tuple[str, ...]
    plain_none: float
    plain_worst: float
    plain_failing: tuple[str, ...]
    bound: float
    proven: bool

    @property
    def gap_percent(self) -> float:
        """Distance between worst case and bound, per cent of the worst case."""
        return 100.0 * max(0.0, self.worst - self.bound) / self.worst if self.worst > 0 else 0.0


def robust(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    plain: Plan,
    failures: int,
) -> Robust:
    """Return the plan that leaves least open where up to `failures` pledges fail.

    A pledge that fails brings nobody at all; present units do not fail, and the chance of arrival
    of the others counts as ever. Ceilings and budgets hold for the plan as it is called.

    Parameters
    ----------
    study, inputs, assessment, generation, hours, theta
        As of `options`.
    plain : Plan
        The plan made without failures; the plan returned is never worse in its worst case.
    failures : int, 0 or more

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    ValueError
        If failures is negative.

    References
    ----------
    Bertsimas and Sim (2004), The price of robustness, Operations Research 52, 35-53; Zeng and
    Zhao (2013), Operations Research Letters 41, 457-461 (columns and constraints);
    ``planning.md`` 5.4 F.
    """
    if failures < 0:
        raise ValueError(f"robust: got {failures} failures; wanted 0 or more")
    program, said = program_for(study, inputs, assessment, generation, hours, theta)
    enemy, first = Adversary(program, failures), counts_of(program, study, plain)
    before, failing, known = enemy.worst(first)
    best, bound = first, 0.0
    if failures and len(failing):
        best, bound = _play(program, enemy, first)
    worst, also, all_of_it = enemy.worst(best)
    made = fixed(program, blocks_of(program), best)
    least = plain.bound if np.isfinite(plain.bound) else 0.0
    made = replace(made, bound=min(least, made.value))
    plan = plan_of(study, program, "robust", made, said)
    names = program.force.pledge
    return Robust(
        plan, failures, enemy.value(best, ()), worst, tuple(names[p] for p in also),
        enemy.value(first, ()), before, tuple(names[p] for p in failing),
        min(worst, max(bound, made.bound)), known and all_of_it,
    )  # fmt: skip


class Adversary:
    """What plans leave open where pledges fail; what a block saves is worked out once."""

    def __init__(self, program: Program, failures: int) -> None:
        self.program, self.failures = program, failures
        self._blocks = blocks_of(program)
        self._saved: dict[tuple[int, bytes], float] = {}

    def value(self, count: IntArray, failed: Sequence[int]) -> float:
        """Return officer-months left open by units in place (P, A, Q) where pledges fail."""
        left = count.copy()
        left[list(failed)] = 0
        saved = 0.0
        for q in range(len(self.program.months)):
            there = officers(self.program, left[:, :, q], q)
            key = (q, there.tobytes())
            if key not in self._saved:
                block = self._blocks[q] if self._blocks else Block(self.program, q, there > 0)
                self._saved[key] = block.task(there).saved
            saved += self._saved[key]
        return max(0.0, self.program.total - saved)

    def worst(self, count: IntArray) -> tuple[float, Failed, bool]:
        """Return the worst case of a plan, who fails in it, and whether all sets were tried."""
        placed = count.any(axis=(1, 2)) & ~self.program.force.present
        may = np.flatnonzero(placed).tolist()
        size = min(self.failures, len(may))
        if comb(len(may), size) > SETS:
            return *self._greedy(count, may, size), False
        value, failed = max((self.value(count, s), s) for s in combinations(may, size))
        return value, failed, True

    def _greedy(self, count: IntArray, may: list[int], size: int) -> tuple[float, Failed]:
        """Return a bad case: the worst pledge, then the next, then one exchanged for another."""
        failed: list[int] = []
        for _ in range(size):
            rest = [p for p in may if p not in failed]
            failed.append(max(rest, key=lambda p: self.value(count, [*failed, p])))
        value = self.value(count, failed)
        for k in range(size):
            for p in may:
                other = [*failed[:k], p, *failed[k + 1 :]]
                if p not in failed and self.value(count, other) > value:
                    failed, value = other, self.value(count, other)
        return value, tuple(sorted(failed))


def _play(program: Program, enemy: Adversary, first: IntArray) -> tuple[IntArray, float]:
    """Return the best plan found against failures, and what every plan leaves open at least."""
    plans, sets = [first], [enemy.worst(first)[1]]

    def score(count: IntArray) -> float:
        # a plan that some set known already brings below the best needs no other set
        known = max(enemy.value(count, failed) for failed in sets)
        if known >= polish.least:
            return known + TIE * enemy.value(count, ())
        value, failed, _ = enemy.worst(count)
        if failed not in sets:
            sets.append(failed)
        return max(known, value) + TIE * enemy.value(count, ())

    value = enemy.worst(first)[0] + TIE * enemy.value(first, ())
    polish = Polish(program, first, score, value)
    bound, size = 0.0, sum(len(block.cost) for block in blocks_of(program)) or WORK
    tries = int(np.clip(WORK // size, FEWEST, TRIES))
    for number in range(ROUNDS):
        mixed, block = _mixed(program, sets, _weights(enemy, plans, sets))
        dual = Dual(mixed, None, block)
        bound = max(bound, dual.value)
        search = Search(mixed, program.limits, block)
        for floor in program.floors:
            hold(search, floor)
        fill(search, dual.prices.limits)
        answer = search.count()
        rounds = len(sets)
        if possible(program, answer):
            plans.append(answer)
            polish.offer(answer)
        search = Search(mixed, program.limits, block)
        for place in placements(program, polish.best):
            search.put(place)
        better = polish.improve(search, f"failure {number}", tries)
        plans.append(polish.best)
        if polish.least - bound <= CLOSE * polish.least or (not better and len(sets) == rounds):
            break
    return polish.best, bound


def _mixed(program: Program, sets: Sequence[Failed], weights: Array) -> tuple[Program, IntArray]:
    """Return the program whose cells are a block in a set of failures, and the block of each."""
    some = np.flatnonzero(weights > 1e-6)
    weights = weights[some] / weights[some].sum()
    blocks = np.repeat(np.arange(len(program.months)), len(some))
    cell = np.tile(weights, len(program.months))
    effect = program.force.effect[:, blocks].copy()
    for k, s in enumerate(some.tolist()):
        for p in sets[s]:
            effect[p, k :: len(some)] = 0.0
    gain = program.gain[blocks] * cell[:, None, None, None]
    return replace(program, width=program.width[blocks], gain=gain, by_cell=effect), blocks


def _weights(enemy: Adversary, plans: Sequence[IntArray], sets: Sequence[Failed]) -> Array:
    """Return the mixture of sets that hurts the best answer among some plans most, (S,)."""
    value = np.array([[enemy.value(count, failed) for failed in sets] for count in plans])
    size, plain = len(sets), max(float(value.max()), 1e-9)
    rows = np.zeros((len(plans) + 1, size + 1))
    rows[:-1, :size], rows[:-1, size], rows[-1, :size] = value / plain, -1.0, 1.0
    below = np.append(np.zeros(len(plans)), 1.0)
    above = np.append(np.full(len(plans), np.inf), 1.0)
    cost, upper = np.append(np.zeros(size), -1.0), np.append(np.ones(size), 1.0)
    highs = load(enemy.program.seed, cost, upper, below, above, csr_array(rows))
    found, _ = solve_lp(highs, size + 1, len(plans) + 1)
    weights = np.maximum(found[:size], 0.0)
    if weights.sum() <= 0:
        return np.full(size, 1.0 / size)
    return np.asarray(weights / weights.sum())
