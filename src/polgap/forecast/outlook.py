"""What a reader looks at: the forecast of every area, what it is made of, what changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import score
from polgap.domain import KINDS, Futures, Panel, Study
from polgap.errors import StudyError
from polgap.forecast._made_of import Explained, heaviest
from polgap.forecast._predict import LEVELS
from polgap.forecast._prepare import prepare
from polgap.forecast.backtest import total
from polgap.forecast.registry import model

Array = NDArray[np.floating[Any]]

SHOWN = 36
"""Months of the past in front of a fan."""
NEAR = 12
"""Months that are added up and compared."""
AHEAD, CASES = 6, 5
"""Horizon whose forecast is taken apart, and past cases shown of each area."""
PARTS = ("model", "revision", "data")


def totals(study: Study, panel: Panel, drawn: Futures) -> dict[str, Any]:
    """Return deaths of the months reported, with the interval, beside those of the last twelve.

    Returns
    -------
    dict
        months, low, mid, high (10, 50, 90 %), last12 (null where a month was not observed).
    """
    ahead = total(drawn, KINDS)[:, : study.months].sum(axis=(0, 1))
    low, mid, high = score.quantile(ahead, [0.1, 0.5, 0.9]).tolist()
    seen = _deaths(prepare(panel, study.origin).panel)[:, -NEAR:].sum()
    last = None if np.isnan(seen) else float(seen)
    return {"months": study.months, "low": low, "mid": mid, "high": high, "last12": last}


def areas(study: Study, panel: Panel, drawn: Futures, name: str) -> list[dict[str, Any]]:
    """Return the forecast of deaths of every area: past months, quantiles, what it is made of.

    Parameters
    ----------
    drawn : Futures
        Of the model `name`, which is fitted once more to say what past cases it rests on.

    Returns
    -------
    list of {area, history: [{month, deaths}], forecast: [{month, q05 .. q95}], made_of}
        `made_of`: {area, month, weight, count} of the part of the draws that are past cases;
        empty for a model that only draws from laws. Areas with most deaths to come first.
    """
    known = prepare(panel, study.origin)
    seen = _deaths(known.panel)
    places = [str(a) for a in drawn["area"].values]
    past = [str(m) for m in known.panel["month"].values][-SHOWN:]
    ahead = [str(m) for m in drawn["month"].values][: study.months]
    counts = total(drawn, KINDS)[:, : study.months]
    fitted = model(name).fit(known.panel)
    kinds = [i for i, name in enumerate(known.panel.data_vars) if name in KINDS]
    rows = []
    for i in np.argsort(-counts.mean(axis=(1, 2)), kind="stable").tolist():
        points = score.quantile(counts[i], list(LEVELS.values()))
        rows.append({
            "area": places[i],
            "history": [
                {"month": m, "deaths": None if np.isnan(v) else float(v)}
                for m, v in zip(past, seen[i, -SHOWN:], strict=True)
            ],
            "forecast": [
                {"month": m, **dict(zip(LEVELS, map(float, row), strict=True))}
                for m, row in zip(ahead, points, strict=True)
            ],
            "made_of": _cases(fitted, i, kinds) if counts[i].any() else [],
        })  # fmt: skip
    return rows


def _cases(fitted: Any, area: int, kinds: Sequence[int]) -> list[dict[str, Any]]:
    """Return the heaviest past cases, deaths of all kinds added up."""
    if not isinstance(fitted, Explained):
        return []
    found = pd.concat([fitted.made_of(area, AHEAD, kind) for kind in kinds])
    cases = found.groupby(["area", "month"], as_index=False, sort=False)
    whole = heaviest(cases.agg({"weight": "max", "count": "sum"}))
    return [{str(k): v for k, v in case.items()} for case in whole.head(CASES).to_dict("records")]


def changes(steps: Mapping[str, Futures], now: str) -> dict[str, Any]:
    """Return what changed in the expected deaths since an earlier forecast, split in three.

    The earlier forecast is made again with today's program (**model**: what is left is due to
    versions, or to the model having been switched), then with the months it knew as they are
    counted today (**revision**), then with the months that came after (**data**). Means are
    compared, for they add up: then + model + revision + data = now.

    Parameters
    ----------
    steps : mapping
        ``then``, ``model``, ``revision``, ``data`` to futures of the same areas, in this order.
    now : str
        First month compared; twelve are, or as many as all have.

    Returns
    -------
    dict
        months, then, now: {mean, low, mid, high}; model, revision, data: {change, error}, deaths
        over these months; `error` is the standard error of drawing; by_area: the same changes.

    Raises
    ------
    StudyError
        If the forecasts speak of other areas, or have no month in common.
    """
    last = steps["data"]
    places = last["area"].values.tolist()
    if any(f["area"].values.tolist() != places for f in steps.values()):
        raise StudyError("since: the areas are not those of then; wanted a run of the same areas")
    common = set.intersection(*({str(m) for m in f["month"].values} for f in steps.values()))
    months = sorted(m for m in common if m >= now)[:NEAR]
    if not months:
        raise StudyError(f"since: the forecast of then ends before {now}; wanted a later run")
    sums = {k: total(f.sel(month=months), KINDS).sum(axis=1) for k, f in steps.items()}
    whole = {k: v.sum(axis=0) for k, v in sums.items()}
    moves = list(zip(PARTS, pairwise(steps), strict=True))
    out: dict[str, Any] = {"months": months, "then": _told(whole["then"])}
    out |= {part: _change(whole[before], whole[after]) for part, (before, after) in moves}
    out["now"] = _told(whole["data"])
    means = {k: v.mean(axis=1) for k, v in sums.items()}
    by = {part: means[after] - means[before] for part, (before, after) in moves}
    by = {"then": means["then"], **by, "now": means["data"]}
    out["by_area"] = [
        {"area": str(area), **{k: float(v[i]) for k, v in by.items()}}
        for i, area in enumerate(places)
    ]
    return out


def _told(deaths: Array) -> dict[str, float]:
    low, mid, high = score.quantile(deaths, [0.1, 0.5, 0.9]).tolist()
    return {"mean": float(deaths.mean()), "low": low, "mid": mid, "high": high}


def _change(before: Array, after: Array) -> dict[str, float]:
    same = before.shape == after.shape and bool((before == after).all())
    spread = 0.0 if same else before.var() / before.size + after.var() / after.size
    return {"change": float(after.mean() - before.mean()), "error": float(np.sqrt(spread))}


def _deaths(panel: xr.Dataset) -> Array:
    """Return deaths of all kinds, (area, month); NaN where none of them was observed."""
    kinds = [k for k in KINDS if k in panel]
    values = np.stack([panel[k].transpose("area", "month").to_numpy() for k in kinds])
    return np.where(np.isnan(values).all(axis=0), np.nan, np.nansum(values, axis=0))
