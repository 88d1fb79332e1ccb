"""The bridging plan: who can stand in until those who were pledged are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue
from polgap.deploy._chain import IN_MISSION
from polgap.deploy._resources import DAYS_A_MONTH
from polgap.deploy._timetable import strength
from polgap.domain import Deployed, Study, add_months, month_number
from polgap.draws import Parameters
from polgap.score import quantile

Array = NDArray[np.floating[Any]]

SURE = 0.8
REHATTED = ("international force", "EU", "UN security", "bilateral")
MILITARY = ("host military", "international force")
"""Providers that may be re-hatted, and those whose soldiers may be third responder."""
LEAST = 1.0
"""Officers below which nothing is bridged."""


def covered_from(deployed: Deployed) -> dict[str, int | None]:
    """Return the month (from 1) in which four fifths of an area's planned force are there, surely.

    Sure is a chance of 80 %. None: not within the months reported. Areas that the plan sends
    nobody to are absent.

    Examples
    --------
    >>> from polgap.domain import Plan, cube
    >>> rows = {"pledge": "p", "unit_type": "FPU", "area": "a", "month": ["2024-01", "2024-02"],
    ...         "number": 1}
    >>> plan = Plan("recommended", pd.DataFrame(rows), pd.DataFrame())
    >>> there = cube([[[0.0, 0.0], [140.0, 140.0]]], units="officers", area=["a"],
    ...              month=["2024-01", "2024-02"], draw=[0, 1])
    >>> covered_from(Deployed(plan, there, there, np.zeros(2)))
    {'a': 2}
    """
    table = deployed.plan.table[deployed.plan.table["number"] > 0]
    kinds = catalogue.table("unit_types").set_index("unit_type")["strength"].to_dict()
    officers = table["number"] * table["unit_type"].map(kinds)
    asked = officers.groupby([table["area"], table["month"]]).sum().groupby("area").max()
    found: dict[str, int | None] = {}
    for area, wanted in asked.items():
        there = deployed.strength.sel(area=area).transpose("month", "draw").values
        sure = (there >= SURE * float(wanted) - 1e-6).mean(axis=1) >= SURE
        found[str(area)] = int(sure.argmax()) + 1 if sure.any() else None
    return found


def bridging(
    study: Study,
    deployed: Deployed,
    unmet: xr.DataArray,
    pledges: pd.DataFrame,
    others: pd.DataFrame,
    theta: Parameters,
) -> list[dict[str, Any]]:
    """Return who covers each area until its planned force is there with a chance of 80 %.

    Bridges are asked in the order in which they can be there; a cap is shared by all areas, the
    one shortest of officers first. Military is third responder: protection and static guard
    only, at the request of police, and never public order (gap-model.md 5).

    Parameters
    ----------
    unmet : xr.DataArray, dims (area, month, function, draw)
        What the plan leaves open, officers on strength.
    others : table ``other_providers``
        Who is there that could be re-hatted or be third responder.

    Returns
    -------
    list of dict
        area, until (month of the 80 % date, None: not within the months reported), short (low,
        mid, high officers, mean over the months before it), left (what no bridge covers, mid),
        bridges: bridge, ready (month of its own 80 % date), months (it may stay), cap (None: not
        known), officers (it would cover, None: not known), functions, mark.
    """
    months = deployed.strength["month"].values.astype(str).tolist()
    kinds = _kinds(study, theta)
    pool = _pool(pledges, deployed)
    windows = {a: (m if m is not None else len(months) + 1) for a, m in
               covered_from(deployed).items()}  # fmt: skip
    shorts = {a: _short(unmet, a, range(end - 1)) for a, end in windows.items()}
    rows = []
    for area in sorted(shorts, key=lambda a: -float(np.median(shorts[a].sum(axis=0)))):
        total, end = shorts[area].sum(axis=0), windows[area]
        low, mid, high = quantile(total, [0.1, 0.5, 0.9]).tolist()
        if end <= 1 or mid < LEAST:
            continue
        names = unmet["function"].values.astype(str).tolist()
        open_ = dict(zip(names, np.median(shorts[area], axis=1).tolist(), strict=True))
        bridges = [_cross(kind, area, end, open_, pool, others, study) for kind in kinds]
        rows.append(
            {
                "area": area,
                "until": add_months(study.origin, end) if end <= len(months) else None,
                "short": {"low": low, "mid": mid, "high": high},
                "left": sum(open_.values()),
                "bridges": [b for b in bridges if b],
            }
        )
    return rows


def _short(unmet: xr.DataArray, area: str, months: Sequence[int]) -> Array:
    """Return officers left open, mean over the first months, shape (function, draw)."""
    part = unmet.sel(area=area).isel(month=list(months) or [0])
    return np.asarray(part.mean("month").transpose("function", "draw").values, dtype=float)


def _kinds(study: Study, theta: Parameters) -> list[dict[str, Any]]:
    """Return the bridges with their month of readiness, the quickest first."""
    found: list[dict[str, Any]] = []
    for row in catalogue.table("bridging").to_dict("records"):
        days = theta["decision_days"] + theta[str(row["lead"])]
        ready = 1 + int(np.ceil(float(quantile(days[None], [SURE])[0, 0]) / DAYS_A_MONTH - 1e-9))
        plain = {str(k): v for k, v in row.items()}
        found.append({**plain, "ready": ready, "month": add_months(study.origin, ready)})
    return sorted(found, key=lambda row: row["ready"])


def _pool(pledges: pd.DataFrame, deployed: Deployed) -> dict[str, float]:
    """Return the officers that each bridge has over the theatre, where that is known."""
    caps = {
        str(row["bridge"]): float(row["cap"])
        for row in catalogue.table("bridging").to_dict("records")
        if row["cap"] != ""
    }
    placed = set(deployed.plan.table.loc[deployed.plan.table["number"] > 0, "pledge"])
    spare = pledges[(pledges["readiness"] == "RDL") & ~pledges["pledge"].isin(placed)]
    offered = sum(float(r["number"]) * strength(str(r["unit_type"]))
                  for r in spare.to_dict("records") if r["readiness"] != IN_MISSION)  # fmt: skip
    caps["rdl"] = min(caps["rdl"], offered)
    return caps


def _cross(
    kind: Mapping[str, Any], area: str, end: int, open_: dict[str, float],
    pool: dict[str, float], others: pd.DataFrame, study: Study,
) -> dict[str, Any] | None:  # fmt: skip
    """Return what one bridge covers of an area, taking it off `open_` and `pool`; None: nothing."""
    name = str(kind["bridge"])
    serves = [f for f in str(kind["functions"]).split() if open_.get(f, 0.0) > 0]
    if kind["ready"] >= end or not serves:
        return None
    wanted = sum(open_[f] for f in serves)
    cap = pool[name] if name in pool else _there(name, area, others, study)
    if cap is not None and min(cap, wanted) < LEAST:
        return None
    covers = None if cap is None else min(cap, wanted)
    for f in serves:
        open_[f] *= 1.0 - (covers or 0.0) / wanted
    if name in pool:
        pool[name] -= covers or 0.0
    return {
        "bridge": name, "ready": kind["month"], "months": int(kind["most_months"]), "cap": cap,
        "officers": covers, "functions": serves, "mark": str(kind["mark"]),
    }  # fmt: skip


def _there(bridge: str, area: str, others: pd.DataFrame, study: Study) -> float | None:
    """Return officers of other providers in an area; None: none are recorded."""
    providers = MILITARY if bridge == "military" else REHATTED
    now = month_number(study.first_month)
    rows = others[(others["area"] == area) & others["provider"].isin(providers)]
    rows = rows[rows["counts"] != "never"] if len(rows) else rows
    open_ = [r for r in rows.to_dict("records")
             if not r.get("until") or month_number(str(r["until"])) >= now]  # fmt: skip
    return float(sum(r["strength"] for r in open_)) if open_ else None
