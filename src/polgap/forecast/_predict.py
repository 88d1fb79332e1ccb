"""Predict: the forecast step of the sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from polgap import score
from polgap.domain import KINDS, Futures, Note, Panel, Study
from polgap.draws import stream
from polgap.forecast import registry, skill
from polgap.forecast._prepare import Known, complete, prepare
from polgap.forecast.backtest import TARGETS, backtest, rolling_origins, total
from polgap.forecast.base import Forecast, Targets
from polgap.forecast.registry import BASELINE, DEFAULT, models

NEAR, FAR, STEP = 12, 36, 3
"""Months scored each; months scored at all; beyond the near ones every third is scored."""
BACKTEST_DRAWS = 144
MANY = 150
"""Areas from which the record looks back once a year, from fewer origins."""
SPARSE = {"every": 12, "most": 5}
ENOUGH = 20
"""Area-months with a count above zero that a target needs before it is scored."""
CAPPED_SHARE = 1e-4
"""Share of drawn counts cut at the cap from which the reader is told."""
LEVELS = {
    "q05": 0.05, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q95": 0.95,
}  # fmt: skip
"""Columns of the fan table and their levels."""


def predict(
    study: Study,
    panel: Panel,
    mapper: Callable[..., Iterable[Any]] = map,
    *,
    lag: int = 1,
) -> Forecast:
    """Return joint futures of violence, with the model's own record on this theatre.

    One draw is one joint future of all areas, months and kinds. The model is the default
    mixture, unless it lost to `last12` by more than 2 % in each of the last three years on this
    theatre: then it is switched off, and that is said.

    Parameters
    ----------
    study : Study
        Origin, months, draws and seed are used.
    panel : Panel, dims (area, month), deaths and events; NaN = not observed
        Months after the origin are not looked at.
    mapper : callable
        ``map`` or a parallel one; results do not depend on it.
    lag : int
        Months of reporting delay: 1, the origin's month is known; 3, the two months up to the
        origin are not trusted yet.

    Returns
    -------
    Forecast

    Raises
    ------
    StudyError
        If nothing was observed up to the origin.
    ModelError
        If a count is negative or infinite.
    """
    known = prepare(panel, study.origin, lag)
    scores = _record(known, study, mapper)
    name, told = _choose(scores, known)
    drawn = _ahead(known, study, name)
    notes = [*known.notes, *told]
    if scores is not None and known.panel.sizes["area"] >= MANY:
        values = {"areas": known.panel.sizes["area"], "origins": scores.sizes["origin"]}
        notes.append(Note("forecast.record_sparse", values))
    share = int(drawn.attrs["capped"]) / sum(v.size for v in drawn.data_vars.values())
    if share >= CAPPED_SHARE:
        notes.append(Note("forecast.capped", {"percent": f"{100 * share:.2f}"}))
    rows = _rows(scores, name, study.seed)
    return Forecast(drawn, rows, fan(drawn), name, (*notes, *_told_skill(rows, name)))


def futures(study: Study, panel: Panel, model: str, *, lag: int = 1) -> Futures:
    """Return the joint futures a named model gives, without its record; see `predict`.

    Raises
    ------
    StudyError
        If nothing was observed up to the origin.
    ModelError
        If there is no such model, or a count is negative or infinite.
    """
    return _ahead(prepare(panel, study.origin, lag), study, model)


def _ahead(known: Known, study: Study, name: str) -> Futures:
    horizons = range(known.lag, known.lag + study.forecast_months)
    rng = stream(study.seed, "forecast", name)
    drawn = registry.model(name).fit(known.panel).sample(horizons, study.draws, rng)
    return complete(drawn, known.missing)


def fan(futures: Futures) -> pd.DataFrame:
    """Return quantiles of the theatre's deaths and events by month.

    Returns
    -------
    pd.DataFrame
        month, measure (deaths, events), q05, q10, q25, q50, q75, q90, q95; one row per month and
        measure. Totals are added per draw before quantiles are taken.
    """
    months = [str(m) for m in futures["month"].values]
    frames = []
    for measure, variables in (("deaths", KINDS), ("events", ("events",))):
        points = score.quantile(total(futures, variables).sum(axis=0), list(LEVELS.values()))
        frame = pd.DataFrame(points, columns=list(LEVELS))
        frame.insert(0, "measure", measure)
        frame.insert(0, "month", months)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _record(known: Known, study: Study, mapper: Callable[..., Iterable[Any]]) -> xr.Dataset | None:
    """Return the scores on the theatre's own past; None where it is too short or silent."""
    looks = _looks(known)
    targets = _targets(known.panel, looks)
    if not looks or not targets:
        return None
    return backtest(
        known.panel,
        list(models().values()),
        looks,
        ahead=[*range(1, NEAR + 1), *range(NEAR + STEP, FAR + 1, STEP)],
        lag=known.lag,
        draws=BACKTEST_DRAWS,
        seed=study.seed,
        targets=targets,
        mapper=mapper,
    )


def _looks(known: Known) -> list[str]:
    """Return the origins of the record: five in five years where there are many areas."""
    sparse = SPARSE if known.panel.sizes["area"] >= MANY else {}
    return rolling_origins(known.panel, ahead=NEAR + known.lag - 1, **sparse)


def _targets(panel: Panel, looks: list[str]) -> Targets:
    """Return the targets with enough counts after the first origin; deaths always if any."""
    if not looks:
        return {}
    start = [str(m) for m in panel["month"].values].index(looks[0]) + 1
    after = panel.isel(month=slice(start, None))
    found: dict[str, tuple[str, ...]] = {}
    for name, parts in TARGETS.items():
        here = tuple(p for p in parts if p in panel)
        if not here:
            continue
        cells = int(np.nansum(np.nan_to_num(total(after, here)) > 0))
        if cells >= (1 if name == "deaths" else ENOUGH):
            found[name] = here
    return found


def _choose(scores: xr.Dataset | None, known: Known) -> tuple[str, list[Note]]:
    if scores is None or "deaths" not in scores["target"].values:
        return DEFAULT, [Note("forecast.skill_none", {"months": known.panel.sizes["month"]})]
    if skill.keeps_losing(scores, DEFAULT):
        return BASELINE, [Note("forecast.switched_off", {"model": DEFAULT, "baseline": BASELINE})]
    return DEFAULT, []


def _rows(scores: xr.Dataset | None, name: str, seed: int) -> list[dict[str, Any]]:
    """Return the skill rows: areas, far months, the theatre's total; the model in use first."""
    if scores is None:
        return []
    near = skill.table(scores, last=NEAR, seed=seed)
    deaths = scores.sel(target=scores["target"] == "deaths")
    far = skill.table(deaths, first=NEAR + 1, last=FAR, seed=seed, suffix="_13_36")
    whole = skill.table(deaths, last=NEAR, seed=seed, suffix="_theatre", theatre=True)
    return sorted([*near, *far, *whole], key=lambda row: row["model"] != name)


def _told_skill(rows: list[dict[str, Any]], name: str) -> list[Note]:
    shown = name if name != BASELINE else DEFAULT
    mine = {r["target"]: r for r in rows if r["model"] == shown}
    if "deaths" not in mine:
        return []
    row = mine["deaths"]
    covers = [mine[t]["coverage90"] if t in mine else None for t in ("deaths", "deaths_theatre")]
    areas, whole = ("–" if c is None else f"{100 * c:.0f}" for c in covers)
    code = "forecast.skill" if row["high"] < 1.0 else "forecast.skill_open"
    figures = {k: f"{row[k]:.2f}" for k in ("ratio_crps", "low", "high")}
    return [Note(code, {**figures, "origins": row["origins"], "coverage": areas, "total": whole})]
