"""The timetable: the activities of every pledge, with what they share.

A pledge's own days add up to its lead time law; sharing can only make it later. The order in
which pledges are served is that of the plan at middle durations (`polgap.deploy.schedule`), which
brings officers in as early as it can; each draw keeps to that order where two want the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.deploy._chain import DECISION, longest_path, network
from polgap.deploy._queue import Net, queue
from polgap.deploy._resources import Steps, asked
from polgap.deploy.schedule import Call, Project, Schedule, schedule
from polgap.domain import Timetable
from polgap.draws import Parameters, stream, three_point

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

PASSES = 12
"""List schedules tried for the order of the plan."""
FAR = 36500
"""Days after which a plan at middle durations is not asked about."""


@dataclass(frozen=True)
class Offer:
    """One pledge to be generated.

    Parameters
    ----------
    position : int
        Row of the pledges: keys its luck.
    lead : (draw,) days of its law after the decision
    again : (draw,) days from decision until it is called for again; 0: the offer holds
    comes : (draw,) whether it comes at all
    offered : (draw,) first day on which it can be in effect
    lead_mid, weight : float
        Middle lead time; officers it may bring, for the order of the plan.
    """

    position: int
    pledge: str
    law: str
    formed: bool
    number: int
    lead: Array
    again: Array
    comes: NDArray[np.bool_]
    offered: Array
    lead_mid: float
    weight: float


def timetable(
    offers: Sequence[Offer],
    shared: pd.DataFrame,
    there: Sequence[Steps],
    theta: Parameters,
    call: Call | None = None,
) -> Timetable:
    """Return when each activity of each offer starts, draw by draw.

    Parameters
    ----------
    offers : sequence of Offer
    shared : pd.DataFrame
        What `polgap.deploy._resources.resources` gives.
    there : sequence of steps
        What `polgap.deploy._resources.capacities` gives: how much of each there is, when.
    theta : Parameters
    call : callable, optional
        Runs CP-SAT in a process of its own for the order of the plan; without it list schedules.
    """
    steps, before, days, mids, release = _lay(offers, shared, there, theta)
    kind, units = steps["kind"].to_numpy(), steps["units"].to_numpy()
    capacity = np.array([max(n for _, n in row) for row in there], dtype=int)
    plan = _plan(offers, steps, before, mids, capacity, call)
    start_mid = plan.start if plan else np.zeros(len(steps), dtype=int)
    rank = np.lexsort((np.arange(len(steps)), start_mid)).argsort()
    net = Net(before, days, release, kind, units, rank, capacity, there)
    start, blocker = queue(net)
    if any(len(row) > 1 for row in there):
        start_mid = _within(net, mids, release)
    names = ["", *shared["resource"].astype(str)]
    table = pd.DataFrame({
        "pledge": steps["pledge"], "law": steps["law"], "activity": steps["activity"],
        "resource": [names[k + 1] for k in kind], "units": units,
        "begin": start_mid, "end": start_mid + mids,
    })  # fmt: skip
    again = np.array([o.again > 0 for o in offers]).reshape(len(offers), theta.draws)
    method = plan.method if plan else "list"
    return Timetable(table, tuple(map(tuple, before)), start, days, blocker, again, shared, method)


def net_of(table: Timetable) -> Net:
    """Return the timetable as a net, for questions about its paths."""
    count = len(table.steps)
    none = np.zeros(count, dtype=int)
    return Net(table.before, table.days, np.zeros((count, 1)), none, none, none, none)


def _lay(
    offers: Sequence[Offer], shared: pd.DataFrame, there: Sequence[Steps], theta: Parameters
) -> tuple[pd.DataFrame, list[list[int]], Array, IntArray, Array]:
    """Return the rows of all offers, their predecessors, days, middle days and earliest starts.

    Where there is not enough at once, an activity takes what there is, and longer; where there is
    less in some months, the least that there then is (but none) counts.
    """
    rows: list[dict[str, Any]] = []
    before: list[list[int]] = []
    days, mids, release = [], [], []
    capacity = [min((n for _, n in row if n > 0), default=0) for row in there]
    for offer in offers:
        _, activities, after = network(offer.law)
        base = len(rows)
        drawn, mid = _days(offer, theta)
        for i, activity in enumerate(activities):
            k, wanted = asked(activity, offer.formed, offer.number, shared)
            have = min(wanted, capacity[k]) if k >= 0 else 0
            longer = wanted / have if have else 1.0
            rows.append({"pledge": offer.pledge, "law": offer.law, "activity": activity,
                         "kind": k, "units": have})  # fmt: skip
            before.append([base + activities.index(a) for a in after[i]])
            days.append(drawn[i] * longer)
            mids.append(round(mid[i] * longer))
            release.append(_earliest(offer, activity, activities, drawn))
    columns = ["pledge", "law", "activity", "kind", "units"]
    shape = (len(rows), theta.draws)
    return (
        pd.DataFrame(rows, columns=columns).astype({"kind": int, "units": int}), before,
        np.array(days).reshape(shape), np.array(mids, dtype=int), np.array(release).reshape(shape),
    )  # fmt: skip


def _days(offer: Offer, theta: Parameters) -> tuple[Array, Array]:
    """Return days by activity and draw, and at the middle: the path is as long as the lead time."""
    rows, activities, after = network(offer.law)
    drawn = np.stack([
        np.zeros(theta.draws) if given else
        three_point(stream(theta.seed, "activity", offer.position, i).random(theta.draws),
                    float(low), float(mid), float(high))
        for i, (given, low, mid, high) in enumerate(
            zip(rows["parameter"], rows["low"], rows["mid"], rows["high"], strict=True))
    ])  # fmt: skip
    middle = np.where(rows["parameter"] == "", rows["mid"].to_numpy(float), 0.0)
    drawn *= offer.lead / longest_path(activities, after, drawn)[0].max(axis=0)
    middle *= offer.lead_mid / longest_path(activities, after, middle)[0].max()
    for i, given in enumerate(rows["parameter"]):
        if given:
            drawn[i], middle[i] = theta[str(given)], theta.mid(str(given))
    return drawn, middle


def _earliest(offer: Offer, activity: str, activities: Sequence[str], drawn: Array) -> Array:
    """Return the earliest start: later when called for again; lift waits for the offer."""
    if activity == DECISION:
        return np.where(offer.comes, 0.0, np.inf)
    if activity == "lift":
        moving = sum(drawn[activities.index(a)] for a in ("lift", "induction"))
        return np.asarray(np.maximum(0.0, offer.offered - moving))
    begin = drawn[activities.index(DECISION)] + offer.again
    return np.asarray(np.where(offer.again > 0, begin, 0.0))


def _plan(
    offers: Sequence[Offer], steps: pd.DataFrame, before: Sequence[Sequence[int]],
    mids: IntArray, capacity: IntArray, call: Call | None,
) -> Schedule | None:  # fmt: skip
    """Return the schedule at middle durations that brings officers in soonest; None: nothing."""
    if steps.empty:
        return None
    kind, units = steps["kind"].to_numpy(), steps["units"].to_numpy()
    use = np.zeros((len(capacity), len(steps)), dtype=int)
    use[kind[kind >= 0], np.flatnonzero(kind >= 0)] = units[kind >= 0]
    weight = np.zeros(len(steps))
    last = steps.groupby("pledge", sort=False).tail(1).index
    weight[last] = [o.weight for o in offers]
    release = np.zeros(len(steps), dtype=int)
    for offer, end in zip(offers, last, strict=True):
        rows = np.flatnonzero(steps["pledge"] == offer.pledge)
        lift = next((r for r in rows if steps["activity"][r] == "lift"), end)
        moving = int(mids[lift : end + 1].sum())
        release[lift] = min(FAR, max(0, int(np.median(offer.offered)) - moving))
    pairs = [(int(m), k) for k, names in enumerate(before) for m in names]
    project = Project(mids, pairs, use, capacity, release, np.zeros(len(steps), dtype=int), weight)
    return schedule(project, call, passes=PASSES)


def _within(net: Net, mids: IntArray, release: Array) -> IntArray:
    """Return the starts at middle durations where there is less of a resource in some months."""
    held = np.median(np.where(np.isfinite(release), release, FAR), axis=1, keepdims=True)
    middle = replace(net, days=mids[:, None].astype(float), release=np.minimum(held, FAR))
    start = queue(middle)[0][:, 0]
    return np.rint(np.where(np.isfinite(start), start, FAR)).astype(int)


def formed(unit_type: str) -> bool:
    """Return whether a unit moves, camps and is received as a whole.

    Examples
    --------
    >>> formed("FPU"), formed("IPO")
    (True, False)
    """
    return float(_kind(unit_type)["subunits"]) > 0


def strength(unit_type: str) -> float:
    """Return the officers of one unit.

    Examples
    --------
    >>> strength("FPU")
    140.0
    """
    return float(_kind(unit_type)["strength"])


@cache
def _kind(unit_type: str) -> Mapping[Hashable, Any]:
    rows = catalogue.table("unit_types").to_dict("records")
    return next(row for row in rows if row["unit_type"] == unit_type)
