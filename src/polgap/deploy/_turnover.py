"""Rotations, vacancies and calls that fall due: what a planner has to see to in 90 days."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from polgap.deploy._chain import IN_MISSION
from polgap.domain import Generation, Plan, Study, add_months, month_number
from polgap.draws import Parameters

DUE = 3
"""Months, 90 days."""


def turnover(
    study: Study, pledges: pd.DataFrame, plan: Plan, generation: Generation, theta: Parameters
) -> list[dict[str, Any]]:
    """Return what falls due within three months of the origin.

    Returns
    -------
    list of {kind, pledge, unit_type, month, number, low, high, basis}
        ``rotation``: units or officers in the mission whose tour ends (a twelfth of the tours
        each month where no date is known, `assumed`); ``vacancy``: an offer in the mission ends
        and nothing of the plan replaces it; ``call``: a pledge has to be called by this month to
        be there when the plan wants it, with a chance of 80 %.

    Notes
    -----
    ``low`` and ``high`` are the 10 and 90 % points of a number that is drawn.
    """
    found: list[dict[str, Any]] = []
    placed = plan.table[plan.table["number"] > 0]
    for row in pledges.to_dict("records"):
        if row["readiness"] == IN_MISSION:
            found += _ends(study, row) or [_rotates(row, theta)]
        else:
            found += _called(study, row, placed[placed["pledge"] == row["pledge"]], generation)
    order = ("vacancy", "rotation", "call")
    return sorted((r for r in found if r["number"] > 0), key=lambda r: (
        order.index(r["kind"]), str(r["month"] or "~"), r["pledge"]))  # fmt: skip


def _row(kind: str, row: Mapping[Hashable, Any], month: str | None, number: float,
         ends: tuple[float, float], basis: str) -> dict[str, Any]:  # fmt: skip
    return {"kind": kind, "pledge": str(row["pledge"]), "unit_type": str(row["unit_type"]),
            "month": month, "number": number, "low": ends[0], "high": ends[1],
            "basis": basis}  # fmt: skip


def _ends(study: Study, row: Mapping[Hashable, Any]) -> list[dict[str, Any]]:
    until = row.get("until")
    if not isinstance(until, str) or not until:
        return []
    ahead = month_number(until) - month_number(study.origin)
    number = float(row["number"])
    if not 0 <= ahead <= DUE:
        return []
    return [_row("vacancy", row, add_months(until, 1), number, (number, number), str(row["basis"]))]


def _rotates(row: Mapping[Hashable, Any], theta: Parameters) -> dict[str, Any]:
    """Return the tours that end, whole units and officers."""
    tour = theta["ipo_tour_months"]
    number = float(row["number"])
    due = number * np.minimum(1.0, DUE / tour)
    low, mid, high = (float(v) for v in np.quantile(due, [0.1, 0.5, 0.9]))
    low, mid, high = float(int(low)), float(ceil(mid - 1e-9)), float(ceil(high - 1e-9))
    return _row("rotation", row, None, mid, (low, high), "assumed")


def _called(
    study: Study, row: Mapping[Hashable, Any], placed: pd.DataFrame, generation: Generation
) -> list[dict[str, Any]]:
    """Return the month by which a pledge has to be called, where that is within 90 days."""
    if placed.empty:
        return []
    wanted = min(month_number(str(m)) for m in placed["month"])
    months = generation.arrival.sel(pledge=str(row["pledge"])).values
    known = np.sort(months[np.isfinite(months)])
    if not known.size:
        return []
    late = int(known[ceil(0.8 * known.size) - 1]) - 1
    by = max(0, wanted - month_number(study.origin) - late)
    number = float(placed.groupby("month")["number"].sum().max())
    if by > DUE:
        return []
    month = add_months(study.origin, max(1, by))
    return [_row("call", row, month, number, (number, number), "computed")]
