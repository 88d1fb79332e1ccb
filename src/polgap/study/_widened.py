"""Wider options: fastest, cheapest that meets a floor, and the front of cost, need and time."""

from __future__ import annotations

from dataclasses import replace

import xarray as xr

from polgap import calibrate, catalogue
from polgap.domain import Note, Requirement
from polgap.study._blocks import Block
from polgap.study._case import Case, Ground, case

EARLY = 6
"""Months that the fastest option is made for."""
LATER = 0.02
"""Weight of a month after them."""


def fastest(on: Ground, base: Case) -> Case:
    """Return the plan that leaves least open in the first months, whatever comes later.

    Its bound is left out: it is proven for these months, not for the horizon.
    """
    asked = on.gap.requirement
    months = asked["month"].values.tolist()
    early = set(on.study.report_months[:EARLY])
    weight = xr.DataArray(
        [1.0 if m in early else LATER for m in months], dims="month", coords={"month": months}
    )
    weighed = Requirement((asked * weight).transpose(*asked.dims).assign_attrs(asked.attrs))
    plan = calibrate.recommend(
        on.study, on.inputs, replace(on.gap, requirement=weighed), on.force, on.hours,
        on.theta.of("calibrate"), "fastest", base.plan,
    )  # fmt: skip
    nothing = float("nan")
    return case(on, replace(plan, value=nothing, bound=nothing))


def front_block(on: Ground) -> list[Block]:
    """Return the block ``front``: plans from cheapest to dearest."""
    points = calibrate.front(
        on.study, on.inputs, on.gap, on.force, on.hours, on.theta.of("calibrate")
    )
    return [
        {
            "name": p.plan.name,
            "share": p.share,
            "cost": p.cost,
            "unmet_need": p.unmet,
            "bound": p.bound,
            "cover_month": None if p.months is None else _month(on, p.months),
        }
        for p in points
    ]


def _month(on: Ground, ahead: int) -> str | None:
    months = on.study.report_months
    return months[ahead] if ahead < len(months) else None


def cheapest(on: Ground, base: Case, share: float) -> tuple[Case, Block]:
    """Return the cheapest plan that serves `share` of what the recommended serves, and its block.

    ``cheapest``: share, allowed (expected officer-months that may stay open), unmet_need, cost
    (USD at middle prices), least_cost (no plan that costs less will do: proven), gap_percent,
    looks.
    """
    found = calibrate.cheapest(
        on.study, on.inputs, on.gap, on.force, on.hours, on.theta.of("calibrate"), base.plan, share
    )
    dearer = found.cost >= _planned(base) * (1.0 - 1e-9)
    code = "options.no_cheaper" if dearer else "options.cheapest"
    plan = replace(found.plan, notes=(*found.plan.notes, Note(code, {"share": share})))
    gap = 100.0 * (found.cost - found.least) / found.cost if found.cost > 0 else 0.0
    return case(on, plan), {
        "share": share,
        "allowed": found.allowed,
        "unmet_need": found.plan.value,
        "cost": found.cost,
        "least_cost": found.least,
        "gap_percent": gap,
        "looks": found.looks,
    }


def _planned(base: Case) -> float:
    """Return the planned cost of a plan at middle prices, USD over the months reported."""
    kinds = catalogue.table("unit_types").set_index("unit_type")["cost_year_mid"]
    table = base.plan.table
    return float((table["number"] * table["unit_type"].map(kinds).astype(float)).sum() / 12.0)
