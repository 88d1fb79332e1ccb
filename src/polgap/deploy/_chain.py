"""The generation chain: activities between a decision and a unit in effect, and what is critical.

The network stands in ``catalogue/generation.csv``; ``catalogue/lead_times.csv`` says which lead
time law (and which of its activities) applies to an instrument at a readiness level, by the
organisation that generates it (UN, EU, NATO, AU, OSCE).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.draws import Parameters, stream, three_point
from polgap.errors import DataError, Problem

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]

IN_MISSION = "in_mission"
DECISION = "decision"
AWAITING = "awaiting_offer"
USUAL = "un"
"""Profile of a pledge that names none."""


@cache
def _laws() -> dict[tuple[str, str, str], tuple[str, tuple[str, ...]]]:
    found = {}
    for row in catalogue.table("lead_times").itertuples():
        for readiness in str(row.readiness).split():
            key = (str(row.profile), str(row.instrument), readiness)
            found[key] = (str(row.law), tuple(str(row.stages).split()))
    return found


@cache
def _instruments() -> dict[str, str]:
    rows = catalogue.table("unit_types")
    return dict(zip(rows["unit_type"].astype(str), rows["instrument"].astype(str), strict=True))


def law(unit_type: str, readiness: str, profile: str = USUAL) -> tuple[str, tuple[str, ...]]:
    """Return the lead time law of a pledge and the parameters whose days add up to it.

    Parameters
    ----------
    unit_type, readiness : str
    profile : str
        Organisation that generates it: un, eu, nato, au or osce.

    Raises
    ------
    DataError
        If the catalogue has no law for this unit type and readiness in this organisation.

    Examples
    --------
    >>> law("FPU", "L2")
    ('L2', ('lead_time_pcrs_l2_unit',))
    >>> law("IPO", "L2", "osce")
    ('osce_individual', ('lead_time_osce_secondment',))
    """
    found = _laws().get((profile, _instruments().get(unit_type, ""), readiness))
    if found is None:
        known = "a unit type of unit_types.csv with a row in lead_times.csv"
        got = f"{unit_type} at readiness {readiness}"
        if profile != USUAL:
            known, got = f"{known} for this profile", f"{got}, profile {profile}"
        raise DataError([Problem(got, known, "no_lead_time", "pledges", column="readiness")])
    return found


def chain(laws: Mapping[str, tuple[str, ...]], theta: Parameters) -> pd.DataFrame:
    """Return the generation chain of each law, scaled to its lead time.

    Middle days are scaled so that the critical path after the decision sums to the law's middle
    lead time; the decision itself takes ``decision_days``.

    Parameters
    ----------
    laws : Mapping[str, tuple of str]
        Law -> parameters whose days add up to its lead time.
    theta : Parameters

    Returns
    -------
    pd.DataFrame
        readiness (the law), activity, after, days, critical (on the longest path at middle
        durations), chance_critical (share of draws in which it is on the longest path).
    """
    parts = [_one(name, stages, theta) for name, stages in laws.items()]
    columns = ["readiness", "activity", "after", "days", "critical", "chance_critical"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def network(name: str) -> tuple[pd.DataFrame, list[str], list[list[str]]]:
    """Return the activities of a law (rows of ``generation.csv``, names, predecessors)."""
    rows = _activities()
    rows = rows[[name in str(laws).split() for laws in rows["laws"]]].reset_index(drop=True)
    activities = rows["activity"].astype(str).tolist()
    after = [[a for a in str(names).split() if a in activities] for names in rows["after"]]
    return rows, activities, after


@cache
def _activities() -> pd.DataFrame:
    return catalogue.table("generation")


def _one(name: str, stages: tuple[str, ...], theta: Parameters) -> pd.DataFrame:
    rows, activities, after = network(name)
    low, mid, high = (rows[c].to_numpy(float).copy() for c in ("low", "mid", "high"))
    before = [i for i, given in enumerate(rows["parameter"]) if given]
    finish, _ = longest_path(activities, after, mid)
    scale = sum(theta.mid(stage) for stage in stages) / float(finish.max())
    for points, position in ((low, 0), (mid, 1), (high, 2)):
        points *= scale
        for i in before:
            theta.mid(str(rows["parameter"][i]))
            points[i] = theta.points(str(rows["parameter"][i]))[position]

    drawn = np.stack([
        three_point(stream(theta.seed, "generation", name, i).random(theta.draws), *points)
        for i, points in enumerate(zip(low, mid, high, strict=True))
    ])  # fmt: skip
    return pd.DataFrame({
        "readiness": name,
        "activity": activities,
        "after": [" ".join(names) for names in after],
        "days": mid,
        "critical": longest_path(activities, after, mid)[1],
        "chance_critical": longest_path(activities, after, drawn)[1].mean(axis=1),
    })  # fmt: skip


def longest_path(
    activities: list[str], after: list[list[str]], days: Array
) -> tuple[Array, BoolArray]:
    """Return finish days of each activity and whether it lies on a longest path.

    Parameters
    ----------
    activities : list of str
        Names, each after all its predecessors.
    after : list of list of str
        Predecessors of each.
    days : array, shape (activity,) or (activity, draw)

    Returns
    -------
    finish : array, shape of `days`
    critical : bool array, shape of `days`

    Examples
    --------
    >>> names, after = ["a", "b", "c", "d"], [[], ["a"], ["a"], ["b", "c"]]
    >>> finish, critical = longest_path(names, after, np.array([1.0, 5.0, 2.0, 1.0]))
    >>> finish.tolist(), critical.tolist()
    ([1.0, 6.0, 3.0, 7.0], [True, True, False, True])
    """
    place = {name: i for i, name in enumerate(activities)}
    finish = np.zeros_like(days)
    for i, names in enumerate(after):
        ready = [finish[place[name]] for name in names]
        finish[i] = days[i] + (np.max(ready, axis=0) if ready else 0.0)
    end = finish.max(axis=0)
    latest = np.broadcast_to(end, days.shape).copy()
    for i in reversed(range(len(activities))):
        for name in after[i]:
            j = place[name]
            latest[j] = np.minimum(latest[j], latest[i] - days[i])
    return finish, np.asarray(latest - finish < 1e-6)
