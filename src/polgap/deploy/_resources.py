"""Shared resources of force generation: assessment teams, lift, airport, camp building."""

from __future__ import annotations

import pandas as pd

from polgap import catalogue


def resources(rules: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what pledges share and how much of it there is at once.

    Parameters
    ----------
    rules : table ``rules``, optional
        ``assessment_teams``, ``lift_slots``, ``airport_slots`` and ``camp_crews`` set the
        capacity (of several rows the last counts, whole numbers downwards); else the catalogue's.

    Returns
    -------
    pd.DataFrame
        resource, capacity, units, per (pledge or unit), activities, basis.

    Examples
    --------
    >>> resources()[["resource", "capacity", "basis"]].values.tolist()[0]
    ['assessment_teams', 3, 'recalled']
    """
    found = catalogue.table("resources")
    given = {}
    if rules is not None and len(rules):
        known = rules[rules["rule"].isin(found["rule"]) & rules["value"].notna()]
        given = {
            str(r["rule"]): (int(r["value"]), str(r["basis"])) for r in known.to_dict("records")
        }
    usual = [
        (int(c), str(m).lower()) for c, m in zip(found["capacity"], found["mark"], strict=True)
    ]
    chosen = [given.get(str(rule), own) for rule, own in zip(found["rule"], usual, strict=True)]
    found["capacity"] = [c for c, _ in chosen]
    found["basis"] = [b for _, b in chosen]
    return found[["resource", "capacity", "units", "per", "activities", "basis"]]


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
