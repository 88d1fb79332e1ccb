"""Recourse: the same force where officers may be re-tasked each month, once need shows.

The program ties officers to a served area for a block. Here units stay where they are based, but
within reach of their base officers go where each future needs them in each month. What counts is
(1 - aversion) x mean + aversion x mean of the worst futures, over the unmet need of whole futures.
For any weights of futures in the risk envelope the dual, with a month of one future as a cell, is
a bound; the weights are those of the plan's own worst futures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._block import Block, officers
from polgap.calibrate._dual import Dual
from polgap.calibrate._offer import counts_of, plan_of, program_for
from polgap.calibrate._program import Program, groups_of
from polgap.calibrate._repair import fill, hold
from polgap.calibrate._search import Search
from polgap.calibrate._solve import blocks_of, fixed
from polgap.domain import Assessment, Generation, Inputs, Plan, Requirement, Study
from polgap.draws import Parameters, reduce

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

FUTURES = 20
"""Futures that officers are re-tasked in, at most."""
AVERSION, TAIL = 0.5, 0.2
"""Weight of the worst futures, and their share of all (judgement, not measured)."""
STAGES = ((0.1, 40), (0.03, 60), (0.01, 60), (0.004, 60), (0.0015, 40))
"""Softness and steps of the dual, in shares of a month."""


@dataclass(frozen=True)
class Retasked:
    """A plan where officers are re-tasked each month, expected officer-months left unmet.

    Parameters
    ----------
    tied : mean with officers tied to a served area for a block (`Plan.value`)
    mean, worst : mean over futures, and over the worst of them, with re-tasking
    value, bound : of the mix of both, and what no plan within the rules gets below
    futures : (S,) unmet need of each future
    """

    plan: Plan
    tied: float
    mean: float
    worst: float
    value: float
    bound: float
    futures: Array

    @property
    def gap_percent(self) -> float:
        """Distance between value and bound, per cent of the value."""
        return 100.0 * max(0.0, self.value - self.bound) / self.value if self.value > 0 else 0.0


def retasked(
    plan: Plan | None,
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    aversion: float = AVERSION,
    tail: float = TAIL,
) -> Retasked:
    """Return what a plan leaves unmet where officers are re-tasked, with a proven bound.

    Parameters
    ----------
    plan : Plan or None
        Its table is read. None: a plan is made for officers who are re-tasked.
    study, inputs, assessment, generation, hours, theta
        As of `options`.
    aversion : float, 0 to 1
        Weight of the worst futures against the mean of all.
    tail : float, above 0, to 1
        Share of futures that are the worst.

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    ValueError
        If aversion or tail is no share.

    References
    ----------
    Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2,
    21-41; ``planning.md`` 5.4 B.
    """
    if not 0.0 <= aversion <= 1.0 or not 0.0 < tail <= 1.0:
        raise ValueError(f"retasked: got aversion {aversion}, tail {tail}; wanted 0 to 1, above 0")
    program, _ = program_for(study, inputs, assessment, generation, hours, theta)
    asked, block, future = cells(program, study, assessment.requirement)
    risk = (aversion, tail)
    if plan is None:
        count = hedged(program, asked, block, future, risk)
        made = fixed(program, blocks_of(program), count)
        plan = plan_of(study, program, "hedged", replace(made, bound=float("nan")))
    count = counts_of(program, study, plan)
    futures = unmet(program, asked, block, future, count)
    bound = lower(program, asked, block, future, envelope(futures, *risk))
    worst = float((envelope(futures, 1.0, tail) * futures).sum())
    mean = float(futures.mean())
    value = (1.0 - aversion) * mean + aversion * worst
    return Retasked(plan, plan.value, mean, worst, value, min(bound, value), futures)


def cells(
    program: Program, study: Study, requirement: Requirement
) -> tuple[Array, IntArray, IntArray]:
    """Return requirement (N, A, G + 1) by month and future, and block and future of each cell.

    The last group is what no pledge may do at all.
    """
    cube = requirement.sel(month=study.report_months).transpose("month", "draw", "area", "function")
    kept, _ = reduce(cube.sizes["draw"], FUTURES)
    values = np.asarray(cube.values[:, kept], dtype=float)
    functions = requirement["function"].values.astype(str).tolist()
    group, _ = groups_of(program.force.kinds, functions, program.apart)
    months, draws = values.shape[:2]
    asked = np.zeros((months * draws, values.shape[2], program.cap.shape[1] + 1))
    flat = values.reshape(months * draws, *values.shape[2:])
    for f, g in enumerate(group):
        asked[:, :, g] += flat[:, :, f]
    block = np.repeat(np.arange(len(program.months)), program.months * draws)
    return asked, block, np.tile(np.arange(draws), months)


def envelope(futures: Array, aversion: float, tail: float) -> Array:
    """Return the weights of futures that make the most of their unmet need, (S,).

    Examples
    --------
    >>> envelope(np.array([1.0, 5.0, 3.0, 2.0]), 1.0, 0.5)
    array([0. , 0.5, 0.5, 0. ])
    """
    size = len(futures)
    order = np.argsort(-futures, kind="stable")
    most = 1.0 / (size * tail)
    worst = np.zeros(size)
    worst[order] = np.clip(1.0 - most * np.arange(size), 0.0, most)
    return (1.0 - aversion) / size + aversion * worst


def unmet(
    program: Program, asked: Array, block: IntArray, future: IntArray, count: IntArray
) -> Array:
    """Return officer-months left unmet in each future by units in place (P, A, Q), (S,)."""
    return Judge(program, asked, block, future)(count)


class Judge:
    """What plans leave unmet in each future; what a block saves is worked out once.

    Parameters
    ----------
    program, asked, block, future
        As `cells` gives them.
    """

    def __init__(self, program: Program, asked: Array, block: IntArray, future: IntArray) -> None:
        self.program, self.asked, self.block, self.future = program, asked, block, future
        self._total = _by_future(asked.sum(axis=(1, 2)), future)
        self._known: dict[tuple[int, bytes], Array] = {}

    def __call__(self, count: IntArray) -> Array:
        """Return officer-months left unmet in each future by units in place (P, A, Q), (S,)."""
        found = self._total.copy()
        for q in range(len(self.program.months)):
            there = officers(self.program, count[:, :, q], q)
            key = (q, there.tobytes())
            if key not in self._known:
                self._known[key] = self._met(q, there)
            found -= self._known[key]
        return np.maximum(found, 0.0)

    def _met(self, q: int, there: Array) -> Array:
        """Return officer-months that officers (J, A) meet in a block, by future, (S,)."""
        mine = np.flatnonzero(self.block == q)
        most = self.asked[mine].max(axis=0)[:, :-1, None]
        tasking = Block(_with(self.program, most[None]), q, there > 0)
        found = np.zeros(len(self._total))
        for n in mine:
            found[self.future[n]] += tasking.met(there, self.asked[n])
        return found


def lower(
    program: Program, asked: Array, block: IntArray, future: IntArray, weights: Array
) -> float:
    """Return what no plan within the rules gets below, at given weights of futures."""
    return Dual(weighed(program, asked, future, weights), None, block, STAGES).value / len(weights)


def hedged(
    program: Program, asked: Array, block: IntArray, future: IntArray, risk: tuple[float, float]
) -> IntArray:
    """Return units in place (P, A, Q) for officers who are re-tasked, by priced greedy.

    The futures that ask most count as the worst ones.
    """
    weights = envelope(_by_future(asked.sum(axis=(1, 2)), future), *risk)
    search = Search(weighed(program, asked, future, weights), program.limits, block)
    for floor in program.floors:
        hold(search, floor)
    fill(search, Dual(program).prices.limits * len(weights))
    return search.count()


def _by_future(values: Array, future: IntArray) -> Array:
    found = np.zeros(int(future.max()) + 1)
    np.add.at(found, future, values)
    return found


def weighed(program: Program, asked: Array, future: IntArray, weights: Array) -> Program:
    """Return the program by cell; futures weigh 1 on average."""
    each = weights[future] * len(weights)
    shape = (*asked.shape[:2], asked.shape[2] - 1, 1)
    gain = np.broadcast_to(each[:, None, None, None], shape)
    total = float((each * asked.sum(axis=(1, 2))).sum())
    return replace(program, width=asked[:, :, :-1, None], gain=gain, total=total)


def _with(program: Program, width: Array) -> Program:
    """Return the program with the same one requirement in each block."""
    wide = np.broadcast_to(width, (len(program.months), *width.shape[1:]))
    return replace(program, width=wide, gain=np.ones_like(wide))
