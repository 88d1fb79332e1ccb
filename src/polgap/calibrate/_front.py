"""Front: what more money buys, step by step, in need met and in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._limits import Limit, spent
from polgap.calibrate._offer import plan_of, program_for
from polgap.calibrate._program import Program
from polgap.calibrate._solve import Made, blocks_of, solve
from polgap.domain import Assessment, Generation, Inputs, Plan, Study
from polgap.draws import Parameters

Array = NDArray[np.floating[Any]]

POINTS = 20
"""Points of a front, unless asked otherwise."""
THRESHOLD = 0.5
"""Share of what police may serve at all that counts as being there."""
LOOKS = 2
"""Looks at the value in the search of each point."""


@dataclass(frozen=True)
class Point:
    """A plan on the front.

    Parameters
    ----------
    share : of the cost of the dearest plan that this one may cost
    cost : USD over the horizon, middle prices
    unmet, bound : expected officer-months left unmet, and what no plan of this cost gets below
    months : months until `threshold` of what police may serve is served; None = never
    """

    plan: Plan
    share: float
    cost: float
    unmet: float
    bound: float
    months: int | None


def front(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    points: int = POINTS,
    threshold: float = THRESHOLD,
) -> list[Point]:
    """Return plans from cheapest to dearest: unmet need against cost and time.

    The dearest is the best plan within all rules. The others may cost 1/n, 2/n, ... of it; each
    is solved from the prices of the last, and each has its own proven bound. A plan that is no
    better than a cheaper one is left out, so that there may be fewer than `points`.

    Parameters
    ----------
    study, inputs, assessment, generation, hours, theta
        As of `options`.
    points : int
    threshold : float, 0 to 1
        Share of the requirement that some pledge may serve from which police count as there.

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    ValueError
        If there is no point, or the threshold is no share.
    """
    if points < 1 or not 0.0 <= threshold <= 1.0:
        raise ValueError(
            f"front: got {points} points, threshold {threshold}; wanted 1 or more, and 0 to 1"
        )
    program, _ = program_for(study, inputs, assessment, generation, hours, theta)
    made = _steps(program, points) if len(program.force.pledge) else []
    found = []
    for k, (share, one) in enumerate(made):
        plan = plan_of(study, program, f"front_{k + 1:02d}", one)
        cost = spent(program.force, one.count, program.months)
        months = months_to(program, one, threshold)
        found.append(Point(plan, share, cost, one.value, one.bound, months))
    return found


def _steps(program: Program, points: int) -> list[tuple[float, Made]]:
    """Return the plans of a program as its cost may rise, the same or better each time."""
    blocks = blocks_of(program)
    top = solve(program, "front", blocks=blocks, looks=LOOKS)
    cost = spent(program.force, top.count, program.months)
    force, everywhere = program.force, np.ones(len(program.areas), dtype=bool)
    found: list[tuple[float, Made]] = []
    last = top
    for k in range(1, points):
        most = Limit(
            "cost", force.cost, everywhere, program.months * 1.0, cost * k / points, force.opening
        )
        near = last.prices
        if near is not None and k == 1:
            near = replace(near, limits=np.append(near.limits, 0.5 * top.value / max(cost, 1.0)))
        step = replace(program, limits=(*program.limits, most))
        starts = [one.count for _, one in found[-1:]]
        last = solve(step, f"front {k}", starts, near, blocks, LOOKS)
        if not found or last.value < found[-1][1].value:
            found.append((k / points, last))
    if not found or top.value < found[-1][1].value:
        found.append((1.0, top))
    return found


def months_to(program: Program, made: Made, threshold: float) -> int | None:
    """Return the months before the first block in which the share served reaches `threshold`."""
    able = (program.width * program.gain).sum(axis=(1, 2, 3))
    saved = np.array([part.saved for part in made.tasked])
    there = np.flatnonzero(saved >= threshold * able - 1e-9)
    return int(program.months[: there[0]].sum()) if len(there) else None
