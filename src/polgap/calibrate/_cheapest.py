"""Cheapest: the least cost at which a plan still serves a given share of what another serves.

Bisection on the money that may be spent: each look is the whole program under that cost. A look
whose proven bound leaves more open than is allowed proves that no plan of that cost, or less,
will do; a look that finds a plan lowers what has to be spent. What is between the two is the gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from polgap.calibrate._block import Block
from polgap.calibrate._bound import Bound
from polgap.calibrate._front import LOOKS
from polgap.calibrate._limits import Limit, spent
from polgap.calibrate._offer import counts_of, plan_of, program_for
from polgap.calibrate._options import out_of_reach, unmet_floors
from polgap.calibrate._program import Program
from polgap.calibrate._replan import keep, placements
from polgap.calibrate._search import Search
from polgap.calibrate._solve import Made, blocks_of, fixed, solve
from polgap.domain import Assessment, Generation, Inputs, Plan, Study
from polgap.draws import Parameters

CLOSE = 0.005
"""Relative gap between what is spent and what is proven to be needed, at which the search ends."""
LOST = 6
"""Looks in a row that neither find a plan nor prove that there is none, at most."""
TRIES = 16
"""Looks in all, at most."""
PROOFS = 6
"""Costs at which the bound is tightened to prove more, at most."""


@dataclass(frozen=True)
class Cheapest:
    """The cheapest plan found that leaves no more open than is allowed.

    Parameters
    ----------
    allowed : expected officer-months that may stay open
    cost : USD over the horizon, middle prices
    least : USD; no plan that costs less leaves as little open (proven)
    looks : how many costs were tried
    """

    plan: Plan
    allowed: float
    cost: float
    least: float
    looks: int


def cheapest(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    near: Plan,
    share: float,
) -> Cheapest:
    """Return the cheapest plan that serves `share` of what the plan `near` serves.

    Its `Plan.bound` is not known (NaN): it is made for its cost, which has a bound of its own.

    Parameters
    ----------
    study, inputs, assessment, generation, hours, theta
        As of `options`.
    near : Plan
        A plan that keeps all rules, such as the recommended one.
    share : float, above 0, at most 1
        Of the expected officer-months that `near` serves.

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    ValueError
        If the share is none.
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"cheapest: got {share}; wanted a share above 0, at most 1")
    program, said = program_for(study, inputs, assessment, generation, hours, theta)
    blocks = blocks_of(program)
    top = fixed(program, blocks, counts_of(program, study, near))
    allowed = program.total - share * (program.total - top.value)
    made, least, looks = _bisect(program, blocks, top, allowed * (1.0 + 1e-9))
    notes = (*said, *out_of_reach(program), *unmet_floors(study, program, made.count))
    plan = plan_of(study, program, "cheapest", replace(made, bound=float("nan")), notes)
    cost = spent(program.force, made.count, program.months)
    return Cheapest(plan, allowed, cost, min(least, cost), looks)


def _bisect(
    program: Program, blocks: list[Block], top: Made, allowed: float
) -> tuple[Made, float, int]:
    """Return the cheapest plan found, the cost below which there is none, and looks taken.

    Where a look is undecided, the next one is nearer to the plan at hand; the lowest undecided
    cost is where the proof goes on.
    """
    best, high = top, spent(program.force, top.count, program.months)
    proven, tried, doubt = 0.0, 0.0, high
    looks = lost = 0
    while looks < TRIES and lost < LOST and high - tried > CLOSE * high:
        middle = (tried + high) / 2.0
        looks += 1
        within = _within(program, middle)
        search = Search(within, within.limits)
        keep(search, placements(within, best.count))
        made = solve(within, f"cheapest {looks}", [search.count()], None, blocks, LOOKS)
        if made.value <= allowed:
            best, lost = made, 0
            high = spent(program.force, made.count, program.months)
        elif made.bound > allowed:
            proven, tried, lost = max(proven, middle), middle, 0
        else:
            tried, lost, doubt = middle, lost + 1, min(doubt, middle)
    return best, _prove(program, blocks, allowed, proven, min(doubt, high)), looks


def _prove(
    program: Program, blocks: list[Block], allowed: float, proven: float, doubt: float
) -> float:
    """Return a cost, from `proven` on and below `doubt`, that is proven not to be enough."""
    for _ in range(PROOFS if blocks else 0):
        if doubt - proven <= CLOSE * doubt:
            break
        middle = (proven + doubt) / 2.0
        bound = Bound(_within(program, middle), blocks)
        while bound.value <= allowed and bound.tighten():
            pass
        if bound.value > allowed:
            proven = middle
        else:
            doubt = middle
    return proven


def _within(program: Program, cost: float) -> Program:
    """Return the program whose plans cost at most so many USD at middle prices."""
    everywhere = np.ones(len(program.areas), dtype=bool)
    months = program.months.astype(float)
    row = Limit("cost", program.force.cost, everywhere, months, cost)
    return replace(program, limits=(*program.limits, row))
