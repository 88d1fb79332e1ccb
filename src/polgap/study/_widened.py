"""Wider options: fastest, cheapest that meets a floor, and the front of cost, need and time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from polgap import calibrate
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


def front_block(on: Ground) -> tuple[list[calibrate.Point], list[Block]]:
    """Return plans from cheapest to dearest, and the block ``front``."""
    points = calibrate.front(
        on.study, on.inputs, on.gap, on.force, on.hours, on.theta.of("calibrate")
    )
    rows = [
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
    return points, rows


def _month(on: Ground, ahead: int) -> str | None:
    months = on.study.report_months
    return months[ahead] if ahead < len(months) else None


def cheapest(on: Ground, points: list[calibrate.Point], base: Case, share: float) -> Case:
    """Return the cheapest plan of the front that serves `share` of what the recommended serves.

    Where no point does, the recommended plan itself, and a note says so.
    """
    months = on.study.report_months
    total = float(np.asarray(on.gap.requirement.sel(month=months).sum().values))
    total /= on.gap.requirement.sizes["draw"]
    most = total - share * (total - base.plan.value)
    enough = [p for p in points if p.unmet <= most + 1e-9 * max(1.0, total)]
    values = {"share": share}
    if not enough:
        note = Note("options.no_cheaper", values)
        return case(on, replace(base.plan, name="cheapest", notes=(note,)))
    found = min(enough, key=lambda p: p.cost)
    note = Note("options.cheapest", values)
    return case(on, replace(found.plan, name="cheapest", notes=(note,)))
