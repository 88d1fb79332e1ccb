"""Dates: the arrival curve, 50/80/95 % dates, and the critical path."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.deploy._chain import AWAITING, IN_MISSION
from polgap.deploy._generation import law_of
from polgap.deploy._resources import DAYS_A_MONTH
from polgap.domain import Deployed, Generation, add_months, month_number
from polgap.score import quantile

_LEVELS = {"p50": 0.5, "p80": 0.8, "p95": 0.95}
_MOST = 0.8
"""The path is that of the pledge that brings four fifths of what is still to come."""


def curve(deployed: Deployed) -> pd.DataFrame:
    """Return the arrival curve: officers deployed in the theatre by month.

    Returns
    -------
    pd.DataFrame
        month, low, mid, high (10, 50, 90 % over draws), officers deployed.

    Examples
    --------
    Two areas, one month, two draws:

    >>> from polgap.domain import Plan, cube
    >>> strength = cube([[[0.0, 140.0]], [[20.0, 20.0]]], units="officers", area=["a", "b"],
    ...                 month=["2024-01"], draw=[0, 1])
    >>> plan = Plan("recommended", pd.DataFrame(), pd.DataFrame())
    >>> curve(Deployed(plan, strength, strength, np.zeros(2)))["mid"].tolist()
    [90.0]
    """
    total = deployed.strength.transpose("area", "month", "draw").values.sum(axis=0)
    ends = quantile(total, [0.1, 0.5, 0.9])
    months = deployed.strength["month"].values.astype(str)
    return pd.DataFrame({"month": months, "low": ends[:, 0], "mid": ends[:, 1], "high": ends[:, 2]})


def dates(generation: Generation, pledges: pd.DataFrame) -> pd.DataFrame:
    """Return the first month in which each pledge is in effect with 50, 80 and 95 % chance.

    The chance counts failure: a pledge that fails in one future of four has no 80 % date.

    Returns
    -------
    pd.DataFrame
        pledge, unit_type, p50, p80, p95 (month labels, None where the chance never gets there).

    Examples
    --------
    >>> from polgap.domain import Arrival, cube
    >>> arrival = cube([[3.0, 4.0, 5.0, np.inf]], units="months", pledge=["p"], draw=range(4))
    >>> arrival.attrs["origin"] = "2023-12"
    >>> pledges = pd.DataFrame({"pledge": ["p"], "unit_type": ["FPU"]})
    >>> found = dates(Generation(Arrival(arrival), pd.DataFrame()), pledges)
    >>> found[["p50", "p80", "p95"]].values.tolist()
    [['2024-04', None, None]]
    """
    origin = str(generation.arrival.attrs["origin"])
    ordered = np.sort(generation.arrival.transpose("pledge", "draw").values, axis=1)
    found: dict[str, list[Any]] = {
        "pledge": pledges["pledge"].astype(str).tolist(),
        "unit_type": pledges["unit_type"].astype(str).tolist(),
    }
    for name, level in _LEVELS.items():
        months = ordered[:, ceil(level * ordered.shape[1] - 1e-9) - 1]
        found[name] = [
            add_months(origin, max(1, int(m))) if np.isfinite(m) else None for m in months
        ]
    return pd.DataFrame(found, dtype=object)


def critical_path(
    generation: Generation, pledges: pd.DataFrame, deployed: Deployed
) -> list[dict[str, Any]]:
    """Return the critical activities of the pledge on which most of the build-up hangs.

    That is the pledge which, in order of median arrival, brings the cumulative strength over
    80 % of what the plan still has to generate; units in the mission are not waited for.

    Returns
    -------
    list of {activity, days}
        In order, middle days; empty where the plan brings nothing new. ``awaiting_offer`` leads
        where the offer begins later than the chain would take.

    Examples
    --------
    A plan that places nothing waits for nothing:

    >>> from polgap.domain import Arrival, Plan, cube, empty_table
    >>> plan = Plan("status_quo", empty_table("plan"), pd.DataFrame())
    >>> nothing = cube(np.zeros((0, 1)), units="months", pledge=[], draw=[0])
    >>> force = Generation(Arrival(nothing), pd.DataFrame())
    >>> critical_path(force, empty_table("pledges"), Deployed(plan, nothing, nothing, np.zeros(1)))
    []
    """
    rows = {str(row["pledge"]): row for row in pledges.to_dict("records")}
    kinds = catalogue.table("unit_types").to_dict("records")
    strength = {str(kind["unit_type"]): float(kind["strength"]) for kind in kinds}
    table = deployed.plan.table
    placed = table.groupby(["pledge", "month"], as_index=False)["number"].sum()
    biggest = placed.groupby("pledge", as_index=False)["number"].max()
    coming: list[tuple[float, str, float]] = []
    for placed_row in biggest.to_dict("records"):
        pledge, number = str(placed_row["pledge"]), float(placed_row["number"])
        if number > 0 and rows[pledge]["readiness"] != IN_MISSION:
            arrival = generation.arrival.sel(pledge=pledge).values
            known = arrival[np.isfinite(arrival)]
            month = float(np.median(known)) if known.size else np.inf
            coming.append((month, pledge, number * strength[str(rows[pledge]["unit_type"])]))
    if not coming:
        return []
    coming.sort()
    total = np.cumsum([officers for _, _, officers in coming])
    last = coming[int(np.argmax(total >= _MOST * total[-1] - 1e-9))][1]
    return _path(generation, rows[last])


def _path(generation: Generation, pledge: Mapping[Hashable, Any]) -> list[dict[str, Any]]:
    name, _ = law_of(pledge)
    steps = generation.chain.to_dict("records")
    path: list[dict[str, Any]] = [
        {"activity": str(step["activity"]), "days": round(float(step["days"]), 1)}
        for step in steps
        if step["readiness"] == name and step["critical"]
    ]
    first = pledge.get("from")
    if isinstance(first, str) and first:
        ahead = month_number(first) - month_number(str(generation.arrival.attrs["origin"])) - 1
        wait = ahead * DAYS_A_MONTH - sum(step["days"] for step in path)
        if wait > 0:
            path.insert(0, {"activity": AWAITING, "days": round(wait, 1)})
    return path
