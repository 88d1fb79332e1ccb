"""An account of the run for the assessment report: what inputs and steps tell beside the brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.domain import KINDS, Inputs, Study
from polgap.score import quantile
from polgap.study._blocks import (
    Block,
    Steps,
    assessed,
    by,
    interval,
    mean_officers,
    records,
)

Array = NDArray[np.floating[Any]]

_ENDS = (0.1, 0.5, 0.9)
_YEAR = 12
_PAST = 36
"""Months of the past shown by area."""

_ELEMENTS = ("vetted", "trained", "equipped", "paid", "in_reach")
_UNREST = ("protests", "riots", "displaced")
_TABLES = ("host_police", "willingness", "other_providers", "programmes", "mandate", "pledges")


def account(study: Study, inputs: Inputs, s: Steps) -> Block:
    """Return the keys of ``details.json`` that the assessment report reads.

    Parameters
    ----------
    study : Study
    inputs : Inputs
    s : Steps
        What the steps gave.

    Returns
    -------
    mapping
        ``report_months``; ``area_months`` and ``function_months`` (officers on strength, one
        list a point of the interval); ``violence_years``, ``violence_areas``, ``coverage``;
        ``host_institutions``, ``host_effective`` and
        ``host_by_area``; and the planner's own tables under their names.
    """
    return {
        "report_months": study.report_months,
        "area_months": _area_months(study, s),
        "function_months": _function_months(study, s),
        **_violence(study, inputs, s),
        "host_effective": interval(mean_officers(s.gap.host)),
        "host_institutions": _institutions(inputs.host_police),
        "host_by_area": [{"area": a, **ends} for a, ends in by(s.gap.host, "area").items()],
        **{name: records(getattr(inputs, name)) for name in _TABLES},
    }


def _series(cube: xr.DataArray, dim: str, months: Sequence[str]) -> dict[str, Block]:
    """Return, for each label of `dim`, low, mid and high as lists over the months."""
    rest = [d for d in cube.dims if d not in (dim, "month", "draw")]
    part = cube.sel(month=list(months)).sum(rest, dtype=np.float64)
    found = quantile(part.transpose(dim, "month", "draw").values, list(_ENDS))
    return {
        str(label): {name: found[i, :, k].tolist() for k, name in enumerate(("low", "mid", "high"))}
        for i, label in enumerate(part[dim].values.tolist())
    }


def _area_months(study: Study, s: Steps) -> list[Block]:
    """Return what the present mission leaves open, by area and month reported."""
    found = _series(s.left["status_quo"].unmet, "area", study.report_months)
    return [{"area": area, **ends} for area, ends in found.items()]


def _function_months(study: Study, s: Steps) -> list[Block]:
    """Return need, national shortfall and what is left open, by function and month reported."""
    cubes = {
        "need": s.gap.need,
        "national_shortfall": s.gap.shortfall,
        "left_open": s.left["status_quo"].unmet,
    }
    found = {name: _series(c, "function", study.report_months) for name, c in cubes.items()}
    on = assessed(study, s)
    return [
        {"function": f, **{name: part[f] for name, part in found.items()}}
        for f in found["need"]
        if f in on
    ]


def _violence(study: Study, inputs: Inputs, s: Steps) -> Block:
    """Return violence by year and by area, what is forecast by area, and what was observed."""
    panel = inputs.panel.sel(month=[m for m in inputs.panel["month"].values if m <= study.origin])
    kinds = [k for k in (*KINDS, "events", *_UNREST) if k in panel]
    return {
        "violence_years": _years(panel, kinds),
        "violence_areas": _areas(study, panel, kinds, s),
        "coverage": [_coverage(panel, k) for k in kinds],
    }


def _years(panel: xr.Dataset, kinds: Sequence[str]) -> list[Block]:
    """Return totals by calendar year; a year of which no month was observed is None."""
    months = panel["month"].values.tolist()
    totals = {k: panel[k].sum("area", min_count=1).values for k in kinds}
    rows = []
    for year in sorted({m[:4] for m in months}):
        mine = [i for i, m in enumerate(months) if m[:4] == year]
        sums = {k: _sum(v[mine]) for k, v in totals.items()}
        rows.append({"year": year, "months": len(mine), **sums})
    return rows


def _areas(study: Study, panel: xr.Dataset, kinds: Sequence[str], s: Steps) -> list[Block]:
    """Return each area's last twelve months, the twelve before, its past and its forecast."""
    deaths = sum((panel[k] for k in KINDS[1:]), start=panel[KINDS[0]])
    ahead = sum((s.forecast.futures[k] for k in KINDS[1:]), start=s.forecast.futures[KINDS[0]])
    ahead = ahead.sel(month=study.report_months).transpose("area", "month", "draw")
    rows = []
    for area in panel["area"].values.tolist():
        past = deaths.sel(area=area).values
        row: Block = {
            "area": area,
            "last12": {k: _sum(panel[k].sel(area=area).values[-_YEAR:]) for k in kinds},
            "before12": {
                k: _sum(panel[k].sel(area=area).values[-2 * _YEAR : -_YEAR]) for k in kinds
            },
            "past": past[-_PAST:].tolist(),
        }
        futures = ahead.sel(area=area).values.astype(float)
        row["ahead"] = interval(futures.sum(axis=0))
        low, mid, high = quantile(futures, list(_ENDS)).T.tolist()
        row["fan"] = {"low": low, "mid": mid, "high": high}
        rows.append(row)
    return rows


def _sum(values: Array) -> float | None:
    """Return the sum of what was observed; None where nothing was."""
    seen = np.asarray(values, dtype=float)
    seen = seen[np.isfinite(seen)]
    return float(seen.sum()) if seen.size else None


def _coverage(panel: xr.Dataset, kind: str) -> Block:
    """Return the first and last month observed anywhere, and how much was never observed."""
    there = panel[kind].notnull().transpose("area", "month").values
    months = np.asarray(panel["month"].values)
    any_month = there.any(axis=0)
    return {
        "kind": kind,
        "first": str(months[any_month][0]) if any_month.any() else None,
        "last": str(months[any_month][-1]) if any_month.any() else None,
        "observed": float(there.mean()) if there.size else 0.0,
        "areas_silent": int((~there.any(axis=1)).sum()),
    }


def _institutions(table: pd.DataFrame) -> list[Block]:
    """Return each institution's officers over all its rows: each officer stands in one row.

    An element (vetted, trained, ...) is a share of the available; a number above 1 is a count. A
    sum with a row that is not known is None.
    """
    rows = []
    for name, mine in table.groupby("institution", sort=False):
        available = float(mine["available"].sum())
        row: Block = {
            "institution": str(name),
            "rows": len(mine),
            **{c: _whole(mine[c]) for c in ("authorised", "roll", "operational", "available")},
            "women": _whole(_counted(mine, "women", "roll")),
            "as_of": str(mine["as_of"].min()),
            "basis": "/".join(sorted(set(mine["basis"].astype(str)))),
        }
        for element in _ELEMENTS:
            count = _whole(_counted(mine, element, "available"))
            row[element] = None if count is None or not available else count / available
        rows.append(row)
    return rows


def _counted(table: pd.DataFrame, column: str, whole: str) -> pd.Series:
    """Return a column of counts or shares of `whole` as counts."""
    values = table[column].astype(float)
    return values.where(values.isna() | (values > 1), values * table[whole])


def _whole(values: pd.Series) -> float | None:
    """Return the sum, or None where a row is not known."""
    return None if values.isna().any() or not len(values) else float(values.sum())
