"""What the build-up hangs on: critical activities draw by draw, and the bars of a Gantt chart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.deploy._chain import AWAITING
from polgap.deploy._queue import TOUCH, on_path
from polgap.deploy._timetable import net_of
from polgap.domain import Deployed, Generation, Timetable
from polgap.score import quantile

MOST = 0.8
"""The build-up is done when this share of the officers placed and coming is there."""
FAILED = "failed_offer"
Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]


def criticality(generation: Generation, deployed: Deployed) -> pd.DataFrame:
    """Return how often each activity decides when four fifths of the build-up are there.

    Returns
    -------
    pd.DataFrame
        activity, share (of the draws in which anything comes: on the critical path, by
        precedence or by a shared resource), waited (share of draws in which it was on the path
        and waited for a resource), low, mid, high (days it takes where it is on the path);
        the most critical first. Empty where the plan brings nothing new.
    """
    table = generation.timetable
    columns = ["activity", "share", "waited", "low", "mid", "high"]
    last = np.array([]) if table is None else _last(table, deployed)
    if table is None or not (last >= 0).any():
        return pd.DataFrame(columns=columns)
    on = on_path(net_of(table), table.start, table.blocker, last)
    rows = []
    names = table.steps["activity"].to_numpy()
    count = int((last >= 0).sum())
    for name in dict.fromkeys(names):
        mine = names == name
        hit = on[mine]
        if hit.any():
            low, mid, high = quantile(table.days[mine][hit], [0.1, 0.5, 0.9]).tolist()
            waited = (hit & (table.blocker[mine] >= 0)).any(axis=0).sum() / count
            rows.append((name, hit.any(axis=0).sum() / count, waited, low, mid, high))
    for name, days in _idle(table, on).items():
        if (days > 0).any():
            low, mid, high = quantile(days[days > 0], [0.1, 0.5, 0.9]).tolist()
            rows.append((name, (days > 0).sum() / count, 0.0, low, mid, high))
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _idle(table: Timetable, on: NDArray[np.bool_]) -> dict[str, Array]:
    """Return the days on the path in which nothing was done, by reason, shape (draw,).

    The offer had failed and was called for again, or it had not begun.
    """
    found: dict[str, Array] = {n: np.zeros(on.shape[1]) for n in (FAILED, AWAITING)}
    end = table.start + table.days
    for k, names in enumerate(table.before):
        if not names or not on[k].any():
            continue
        free = on[k] & (table.blocker[k] < 0)
        ready = np.max([end[m] for m in names], axis=0)
        reason = AWAITING if table.steps["activity"].iloc[k] == "lift" else FAILED
        idle = np.where(free, table.start[k], 0.0) - np.where(free, ready, 0.0)
        found[reason] = np.maximum(found[reason], np.where(idle > TOUCH, idle, 0.0))
    return found


def _last(table: Timetable, deployed: Deployed) -> IntArray:
    """Return, by draw, the row whose end completes four fifths of what is coming; -1: nothing."""
    ends = table.steps.groupby("pledge", sort=False).tail(1)
    officers = _officers(deployed)
    weight = np.array([officers.get(str(p), 0.0) for p in ends["pledge"]])
    rows = ends.index.to_numpy()[weight > 0]
    if not len(rows):
        return np.full(table.start.shape[1], -1)
    finish = table.start[rows] + table.days[rows]
    order = np.argsort(finish, axis=0, kind="stable")
    comes = np.take_along_axis(np.isfinite(finish), order, axis=0)
    total = np.cumsum(weight[weight > 0][order] * comes, axis=0)
    reached = (total >= MOST * total[-1] - 1e-9).argmax(axis=0)
    chosen = rows[np.take_along_axis(order, reached[None], axis=0)[0]]
    return np.asarray(np.where(total[-1] > 0, chosen, -1))


def _officers(deployed: Deployed) -> dict[str, float]:
    """Return the most officers that the plan places of each pledge."""
    kinds = catalogue.table("unit_types").set_index("unit_type")["strength"].to_dict()
    table = deployed.plan.table
    there = table.groupby(["pledge", "unit_type", "month"], as_index=False)["number"].sum()
    most = there.groupby(["pledge", "unit_type"], as_index=False)["number"].max()
    return {
        str(r["pledge"]): float(r["number"]) * float(kinds[r["unit_type"]])
        for r in most.to_dict("records")
    }


def bars(generation: Generation, deployed: Deployed) -> list[dict[str, Any]]:
    """Return the plan at middle durations: each pledge placed with its activities in days.

    Returns
    -------
    list of {pledge, law, activities}
        ``activities``: activity, begin, end (days from the origin), critical (the pledge's end
        hangs on it), share (of the draws in which it comes, on the path to its own end).
    """
    table = generation.timetable
    if table is None:
        return []
    placed = {name for name, officers in _officers(deployed).items() if officers > 0}
    net = net_of(table)
    found = []
    for pledge, rows in table.steps.groupby("pledge", sort=False):
        if pledge not in placed:
            continue
        here = rows.index.to_numpy()
        comes = np.isfinite(table.start[here[-1]])
        on = on_path(net, table.start, table.blocker, np.where(comes, here[-1], -1))[here]
        share = on.sum(axis=1) / max(1, int(comes.sum()))
        tight = _tight(rows, [table.before[k] for k in here])
        found.append(
            {
                "pledge": str(pledge),
                "law": str(rows["law"].iloc[0]),
                "activities": [
                    {"activity": str(r["activity"]), "begin": int(r["begin"]),
                     "end": int(r["end"]), "critical": bool(t), "share": float(s)}
                    for r, t, s in zip(rows.to_dict("records"), tight, share, strict=True)
                ],
            }
        )  # fmt: skip
    return found


def _tight(rows: pd.DataFrame, before: list[tuple[int, ...]]) -> list[bool]:
    """Return which activities the end of one pledge hangs on in the plan at middle durations."""
    first = int(rows.index[0])
    begin, end = rows["begin"].tolist(), rows["end"].tolist()
    tight = [False] * len(rows)
    tight[-1] = True
    for k in reversed(range(len(rows))):
        for m in before[k]:
            tight[m - first] |= tight[k] and end[m - first] >= begin[k]
    return tight
