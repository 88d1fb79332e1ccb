"""The run against the truth: which intervals held, which did not, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from polgap.domain import KINDS, add_months, month_number
from polgap.errors import StudyError
from polgap.examples._theatre import Exercise

REPORTED = 12
"""Months over which a run averages need and shortfall (contracts.md 2)."""
EXPECTED = 0.8
"""Share of true values that intervals from 10 to 90 %, and 80 % dates, should hold."""
COLUMNS = ["measure", "item", "month", "truth", "low", "mid", "high", "units", "inside", "error",
           "miss"]  # fmt: skip

_OFFICERS = "officers on strength"
Row = dict[str, Any]


def score(
    exercise: Exercise,
    result: Mapping[str, Any],
    details: Mapping[str, Any] | None = None,
    path: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every estimate of a run beside what is true in the exercise.

    Parameters
    ----------
    exercise : Exercise
        The theatre that the run was about, with its truth.
    result : mapping
        ``result.json``.
    details : mapping, optional
        ``details.json``: need by area and function, and the fan of deaths and events.
    path : pd.DataFrame, optional
        The table ``handover_path`` of the run: the roll by institution, area and month.

    Returns
    -------
    pd.DataFrame
        measure (need, national_shortfall, deaths, events, roll, arrival), item (theatre, an
        area, a function, institution and area, a pledge), month (empty = mean of months 1-12),
        truth, low, mid, high (10, 50, 90 %), units, inside (whether the interval holds the
        truth), error (mid - truth), miss (empty, ``too low`` or ``too high``: the interval's
        fault). Arrival has no low: it holds when the pledge is there by its 80 % date. A block
        that the run does not have gives no rows.

    Raises
    ------
    StudyError
        If the run is not about this exercise: another theatre or another origin.

    Examples
    --------
    >>> from polgap import examples
    >>> country = examples.theatre(1)
    >>> need = {"low": 1.0, "mid": 2.0, "high": 3.0}
    >>> run = {"study": {"theatre": "Quelmora", "origin": "2025-12"}, "gap": {"need": need}}
    >>> rows = score(country, run)
    >>> rows[["measure", "item", "miss"]].values.tolist()
    [['need', 'theatre', 'too low']]
    """
    _check(exercise, result)
    rows = [
        *_gap(exercise, result, details or {}),
        *_fan(exercise, details or {}),
        *_roll(exercise, path),
        *_arrival(exercise, result),
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    low = frame["low"].fillna(-np.inf)
    frame["error"] = frame["mid"] - frame["truth"]
    above, below = frame["truth"] > frame["high"], frame["truth"] < low
    frame["inside"] = ~(above | below)
    frame["miss"] = np.where(above, "too low", np.where(below, "too high", ""))
    return frame


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, by measure, how many estimates held and which missed by most.

    Parameters
    ----------
    rows : pd.DataFrame
        What `score` returns.

    Returns
    -------
    pd.DataFrame
        measure, rows, inside (share), expected (0.8), bias (sum of errors over sum of truth),
        too_low, too_high (numbers of rows), worst (item and month of the largest miss).
    """
    found = []
    for measure, part in rows.groupby("measure", sort=False):
        missed = part[~part["inside"]]
        size = (missed["error"].abs() / missed["truth"].abs().clip(lower=1.0)).to_numpy()
        worst = missed.iloc[int(size.argmax())] if len(missed) else None
        total = float(part["truth"].replace(np.inf, np.nan).sum())
        errors = float(part["error"].replace(-np.inf, np.nan).sum())
        found.append(
            {
                "measure": measure,
                "rows": len(part),
                "inside": float(part["inside"].mean()),
                "expected": EXPECTED,
                "bias": errors / total if total else float("nan"),
                "too_low": int((part["miss"] == "too low").sum()),
                "too_high": int((part["miss"] == "too high").sum()),
                "worst": "" if worst is None else f"{worst['item']} {worst['month']}".strip(),
            }
        )
    return pd.DataFrame(found)


def _check(exercise: Exercise, result: Mapping[str, Any]) -> None:
    asked = result["study"]
    got = (asked["theatre"], asked["origin"])
    wanted = (exercise.name, exercise.origin)
    if got != wanted:
        raise StudyError(f"run about {got}: wanted {wanted}, the exercise it is scored against")


def _row(
    measure: str, item: str, truth: float, ends: Mapping[str, Any], units: str, month: str = ""
) -> Row:
    return {"measure": measure, "item": item, "month": month, "truth": truth, "units": units,
            **{k: ends[k] for k in ("low", "mid", "high")}}  # fmt: skip


def _gap(
    exercise: Exercise, result: Mapping[str, Any], details: Mapping[str, Any]
) -> Iterator[Row]:
    hidden = exercise.truth
    true = {"need": hidden.need, "national_shortfall": hidden.shortfall}
    for measure, cube in true.items():
        mean = cube.isel(month=slice(0, REPORTED)).mean("month")
        if measure in result.get("gap", {}):
            whole = float(mean.sum())
            yield _row(measure, "theatre", whole, result["gap"][measure], _OFFICERS)
        for dim in ("area", "function"):
            for row in details.get(f"by_{dim}", ()):
                known = mean.sum([d for d in mean.dims if d != dim])
                if row[dim] in known[dim].values and measure in row:
                    there = float(known.sel({dim: row[dim]}))
                    yield _row(measure, f"{dim} {row[dim]}", there, row[measure], _OFFICERS)


def _fan(exercise: Exercise, details: Mapping[str, Any]) -> Iterator[Row]:
    total = exercise.truth.panel.sum("area")
    true = {"deaths": sum((total[k] for k in KINDS), xr.zeros_like(total["events"]))}
    true["events"] = total["events"]
    months = set(total["month"].values.tolist())
    for row in details.get("fan", ()):
        if row["measure"] in true and row["month"] in months:
            ends = {"low": row["q10"], "mid": row["q50"], "high": row["q90"]}
            truth = float(true[row["measure"]].sel(month=row["month"]))
            yield _row(row["measure"], "theatre", truth, ends, row["measure"], row["month"])


def _roll(exercise: Exercise, path: pd.DataFrame | None) -> Iterator[Row]:
    """Yield the roll after one, two and three years, by institution and area."""
    if path is None:
        return
    true = exercise.truth.roll.set_index(["institution", "area", "month"])["roll"]
    ends = [add_months(exercise.origin, 12 * year) for year in (1, 2, 3)]
    for row in path[path["month"].isin(ends)].to_dict("records"):
        key = (row["institution"], row["area"], row["month"])
        if key in true.index:
            low, mid, high = (row[f"roll_{e}"] for e in ("low", "mid", "high"))
            given = {"low": low, "mid": mid, "high": high}
            yield _row("roll", f"{key[0]} {key[1]}", float(true[key]), given, "officers", key[2])


def _arrival(exercise: Exercise, result: Mapping[str, Any]) -> Iterator[Row]:
    """Yield pledges on offer: there by the 80 % date, or not. No such date, nothing to score."""
    true = exercise.truth.arrival.set_index("pledge")["month"]
    offered = exercise.pledges.loc[exercise.pledges["readiness"] != "in_mission", "pledge"]
    for row in result.get("arrival", {}).get("pledges", ()):
        if row["pledge"] in set(offered) and row["p80"]:
            month = {k: _after(exercise.origin, row[k]) for k in ("p50", "p80")}
            given = {"low": float("nan"), "mid": month["p50"], "high": month["p80"]}
            truth = float(true[row["pledge"]])
            yield _row("arrival", f"pledge {row['pledge']}", truth, given, "months from origin")


def _after(origin: str, month: str) -> float:
    return float(month_number(month) - month_number(origin))
