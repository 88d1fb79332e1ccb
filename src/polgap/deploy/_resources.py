"""Shared resources of force generation: assessment teams, lift, airport, camp building."""

from __future__ import annotations

from typing import Any

import pandas as pd

from polgap import catalogue
from polgap.domain import add_months, month_number

DAYS_A_MONTH = 365.25 / 12
Steps = list[tuple[float, int]]
"""Days from the start of the first month, each with how much there is from then on."""


def resources(rules: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what pledges share and how much of it there is at once.

    Parameters
    ----------
    rules : table ``rules``, optional
        ``assessment_teams``, ``lift_slots``, ``airport_slots`` and ``camp_crews`` set the
        capacity (of several rows the last counts, whole numbers downwards); else the catalogue's.
        A row with ``from`` or ``until`` sets it for these months only.

    Returns
    -------
    pd.DataFrame
        resource, capacity (outside all windows), units, per (pledge or unit), activities, basis,
        windows (list of {from, until, capacity}, "" = no end; of two that overlap the later row
        counts).

    Examples
    --------
    >>> resources()[["resource", "capacity", "basis"]].values.tolist()[0]
    ['assessment_teams', 3, 'recalled']
    """
    found = catalogue.table("resources")
    given: dict[str, tuple[int, str]] = {}
    windows: dict[str, list[dict[str, Any]]] = {str(rule): [] for rule in found["rule"]}
    if rules is not None and len(rules):
        known = rules[rules["rule"].isin(found["rule"]) & rules["value"].notna()]
        for r in known.to_dict("records"):
            rule, first, last = str(r["rule"]), str(r["from"] or ""), str(r["until"] or "")
            if first or last:
                row = {"from": first, "until": last, "capacity": int(r["value"])}
                windows[rule].append(row)
            else:
                given[rule] = int(r["value"]), str(r["basis"])
    usual = [
        (int(c), str(m).lower()) for c, m in zip(found["capacity"], found["mark"], strict=True)
    ]
    chosen = [given.get(str(rule), own) for rule, own in zip(found["rule"], usual, strict=True)]
    found["capacity"] = [c for c, _ in chosen]
    found["basis"] = [b for _, b in chosen]
    found["windows"] = pd.Series([windows[str(rule)] for rule in found["rule"]], dtype=object)
    return found[["resource", "capacity", "units", "per", "activities", "basis", "windows"]]


def capacities(shared: pd.DataFrame, first_month: str) -> list[Steps]:
    """Return how much there is of each resource as days go by from the start of `first_month`.

    Examples
    --------
    Three teams, but none in February and March:

    >>> rules = pd.DataFrame([{"rule": "assessment_teams", "value": 0.0, "from": "2024-02",
    ...                        "until": "2024-03", "basis": "given"}])
    >>> [(round(day), n) for day, n in capacities(resources(rules), "2024-01")[0]]
    [(0, 3), (30, 0), (91, 3)]
    """
    start = month_number(first_month)
    rows = zip(shared["capacity"], shared["windows"], strict=True)
    return [_steps(int(usual), windows, start) for usual, windows in rows]


def _steps(usual: int, windows: list[dict[str, Any]], start: int) -> Steps:
    spans = [
        (month_number(w["from"]) - start if w["from"] else 0,
         month_number(add_months(w["until"], 1)) - start if w["until"] else None,
         int(w["capacity"]))
        for w in windows
    ]  # fmt: skip
    edges = {0, *(max(0, a) for a, _, _ in spans), *(max(0, b) for _, b, _ in spans if b)}
    found: Steps = []
    for month in sorted(edges):
        inside = [n for a, b, n in spans if a <= month and (b is None or month < b)]
        now = inside[-1] if inside else usual
        if not found or found[-1][1] != now:
            found.append((month * DAYS_A_MONTH, now))
    return found


def asked(law_activity: str, formed: bool, number: int, shared: pd.DataFrame) -> tuple[int, int]:
    """Return the resource (position) that an activity uses, and how many units of it; -1: none.

    Officers who travel singly need no lift, reception or camp slot of their own.

    Examples
    --------
    >>> asked("lift", True, 2, resources()), asked("lift", False, 40, resources())
    ((1, 2), (-1, 0))
    """
    for position, row in enumerate(shared.to_dict("records")):
        if law_activity in str(row["activities"]).split():
            if row["per"] == "pledge":
                return position, 1
            return (position, number) if formed and number > 0 else (-1, 0)
    return -1, 0
