"""Placement: a plan with its luck - who is there, whom they can serve, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.deploy._station import Stationed, station
from polgap.domain import Deployed, Generation, Plan, Study, cube, opening_costs
from polgap.draws import Parameters, stream, three_point

Array = NDArray[np.floating[Any]]
Row = Mapping[Any, Any]


def place(
    study: Study,
    plan: Plan,
    pledges: pd.DataFrame,
    generation: Generation,
    theta: Parameters,
    areas: pd.DataFrame | None = None,
    rules: pd.DataFrame | None = None,
) -> Deployed:
    """Return what a plan brings in each draw: deployed strength, effective officers and cost.

    A pledge is in effect in month t (the first is 1) where the plan has units of it, its arrival
    is at most t, and its offer has not ended. Units serve the areas of ``plan.tasking``; a unit
    type based in an area without a tasking row serves where it is based.

    Parameters
    ----------
    study : Study
    plan : Plan
    pledges : table ``pledges``
    generation : Generation
        Arrival of these pledges.
    theta : Parameters
    areas : table ``areas``, optional
        Areas of the result, in order. Without it: those that the plan names, in its order.
    rules : table ``rules``, optional
        Rotation of formed units and the cost of opening a base; without it neither is counted.

    Returns
    -------
    Deployed
        ``mission`` (unit_type, area, month, draw) effective officers where they serve, all unit
        types of the catalogue; ``strength`` (area, month, draw) officers deployed where they are
        based; ``cost`` (draw,) USD over the reported months, from the month of effect on.

    Raises
    ------
    PlanError
        If the plan names a pledge, unit type, area or month that is not there.

    Examples
    --------
    A unit that arrives in March does no patrol in February:

    >>> from polgap import catalogue
    >>> from polgap.domain import Arrival, empty_table
    >>> study = Study("T", "2023-12", months=4, draws=1)
    >>> row = {"pledge": "p", "unit_type": "FPU", "number": 1, "readiness": "RDL", "chance": 1.0}
    >>> pledges = pd.concat([empty_table("pledges"), pd.DataFrame([row])])
    >>> months = study.report_months
    >>> table = pd.DataFrame({"pledge": "p", "unit_type": "FPU", "area": "a", "month": months,
    ...                       "number": 1})
    >>> plan = Plan("recommended", table, pd.DataFrame(columns=["unit_type", "area", "serves"]))
    >>> arrival = cube([[3.0]], units="months from the origin", pledge=["p"], draw=[0])
    >>> force = Generation(Arrival(arrival), pd.DataFrame())
    >>> theta = Parameters(catalogue.parameters(), seed=1, draws=1)
    >>> place(study, plan, pledges, force, theta).strength.values[0, :, 0].tolist()
    [0.0, 0.0, 140.0, 140.0]
    """
    there = station(study, plan, pledges, generation, theta, areas, rules)
    shape = (len(there.areas), study.months, theta.draws)
    strength, cost = np.zeros(shape), np.zeros(theta.draws)
    for post in there.posts:
        here = np.flatnonzero(post.number.any(axis=1))
        placed = post.number[here, :, None] * post.on
        strength[here] += placed * float(post.kind["strength"])
        cost += placed.sum(axis=(0, 1)) * _cost_a_month(post.position, post.kind, theta)
    if rules is not None:
        cost += _opened(study, there, pledges, rules)
    labels = {"area": there.areas, "month": study.report_months, "draw": range(theta.draws)}
    return Deployed(
        plan, there.mission(), cube(strength, units="officers deployed", **labels), cost
    )


def _cost_a_month(position: int, kind: Row, theta: Parameters) -> Array:
    points = (float(kind[f"cost_year_{end}"]) for end in ("low", "mid", "high"))
    uniform = stream(theta.seed, "cost", position).random(theta.draws)
    return three_point(uniform, *points) / 12.0


def _opened(study: Study, there: Stationed, pledges: pd.DataFrame, rules: pd.DataFrame) -> Array:
    """Return what opening bases costs, USD in each draw: where a unit comes and none stood."""
    costs = opening_costs(rules, there.areas, study.report_months)
    present = pledges[pledges["readiness"] == "in_mission"]["area"].astype(str)
    stood = {area if area in there.areas else study.capital for area in present}
    found = np.zeros(there.draws)
    for area, usd in costs.items():
        a = there.areas.index(area)
        if area not in stood and usd > 0:
            come = [((p.number[a][:, None] > 0) & p.on).any(axis=0) for p in there.posts]
            found += usd * np.any(come, axis=0) if come else 0.0
    return found
