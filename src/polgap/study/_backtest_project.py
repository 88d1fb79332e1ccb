"""Backtest on a panel: rolling origins on a project's own past, or on a history of countries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from polgap.domain import KINDS, Panel, is_covariate, month_label, month_number, publication_lag
from polgap.errors import StudyError
from polgap.forecast import backtest, leak, record
from polgap.forecast.backtest import rolling_origins, total
from polgap.forecast.base import Model, Targets
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.reach import reaching
from polgap.forecast.registry import (
    BASELINE,
    country_models,
    covariate_models,
    models,
    subnational_models,
)
from polgap.study import _kept

Mapper = Callable[..., Iterable[Any]]
Say = Callable[[str], None]

DRAWS = 360
"""Futures a model gives at an origin: last12, last24, last36 and last60 are then exact."""
FARTHEST = 36
ENOUGH = 20
"""Area-months with a count that a target needs before it is scored unasked."""
VERSION = 1
"""Raised when scores made by older code must not be taken up again."""


@dataclass(frozen=True)
class Asked:
    """What a backtest on a panel is asked for.

    Parameters
    ----------
    origins : str
        A number of origins, or ``FIRST..LAST`` (months).
    every, ahead, lag : int
        Months between origins; months scored; months from the last one seen to the first wanted.
    models, targets : tuple of str
        Names; empty: the usual ones, and all with counts enough.
    bands : tuple of (first, last)
        Months ahead that get rows of their own.
    against : tuple of str
        More baselines beside `last12`.
    """

    origins: str = "10"
    every: int = 12
    ahead: int = 12
    lag: int = 1
    models: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    bands: tuple[tuple[int, int], ...] = record.BANDS
    against: tuple[str, ...] = ()
    seed: int = 1
    leak_test: bool = False


def backtest_panel(
    panel: Panel,
    asked: Asked,
    out: Path,
    *,
    said: dict[str, Any] | None = None,
    mapper: Mapper = map,
    say: Say = lambda _: None,
) -> dict[str, Any]:
    """Return the skill record of a panel's own past and write it to ``out/skill.json``.

    Also written: ``out/cells.csv.gz`` (scores of every cell) and, by origin and model,
    ``out/scores_<origin>_<model>.npz``, taken up again after an interrupt.

    Parameters
    ----------
    panel : Panel, dims (area, month), counts
    asked : Asked
    out : Path
        Made if need be.
    said : dict, optional
        What the record says of the data: `vintage`, `scored`, `known`.
    mapper : callable
        ``map`` or a parallel one; the numbers do not depend on it.

    Raises
    ------
    StudyError
        If an option is out of range, names what is not there, or the panel is too short.
    ModelError
        If a model cannot be fitted, or sees the future.
    """
    named = _models(asked)
    targets = _targets(panel, asked.targets)
    looks = _origins(panel, asked)
    jobs = [(origin, model) for origin in looks for model in named]
    tested = {}
    if asked.leak_test:
        say("leak test")
        steps = [asked.lag - 1 + h for h in range(1, asked.ahead + 1)]
        blind = partial(_require_blind, panel, steps, asked.seed)
        list(mapper(blind, [m for _, m in jobs], [o for o, _ in jobs]))
        tested = {"leak_test": {"forecasts": len(jobs), "changed": 0}}
    say("forecast")
    out.mkdir(parents=True, exist_ok=True)
    found = _score_all(panel, asked, targets, jobs, out, mapper)
    say("score")
    _kept.table(out / "cells.csv.gz", pd.DataFrame(record.frame_of(found)))
    made = {
        "schema": _kept.SCHEMA,
        "baseline": BASELINE,
        "default": named[0].name,
        "models": [m.name for m in named],
        "targets": {name: list(parts) for name, parts in targets.items()},
        "origins": looks,
        "ahead": asked.ahead,
        "draws": DRAWS,
        "seed": asked.seed,
        "lag": asked.lag,
        **(said or {}),
        **tested,
        "rows": record.rows(
            found, baselines=(BASELINE, *asked.against), bands=asked.bands, seed=asked.seed
        ),
    }
    _kept.record(out / "skill.json", made)
    return made


def history_panel(cells: dict[tuple[int, int], float]) -> Panel:
    """Return a panel of state-based deaths by country from (country, month number) -> deaths."""
    countries = sorted({c for c, _ in cells})
    first, last = (f(m for _, m in cells) for f in (min, max))
    counts = np.full((len(countries), last - first + 1), np.nan)
    row = {c: i for i, c in enumerate(countries)}
    for (country, month), value in cells.items():
        counts[row[country], month - first] = value
    return Panel(
        xr.Dataset(
            {"state_based": (("area", "month"), counts)},
            coords={"area": countries, "month": [month_label(m) for m in range(first, last + 1)]},
        )
    )


def _score_all(
    panel: Panel,
    asked: Asked,
    targets: Targets,
    jobs: Sequence[tuple[str, Model]],
    out: Path,
    mapper: Mapper,
) -> xr.Dataset:
    """Return the scores of all origins and models; those not kept are made and kept."""
    values = np.stack([panel[n].transpose("area", "month").to_numpy() for n in panel.data_vars])
    variables = tuple((n, publication_lag(v)) for n, v in panel.data_vars.items())
    names = (variables, panel["area"].values.tolist(), str(panel["month"].values[0]))
    settings = (
        VERSION,
        replace(asked, models=(), origins="", bands=(), against=(), leak_test=False),
        names,
        targets,
    )
    keys = {job: _kept.key_of(values, settings, DRAWS, *job) for job in jobs}
    paths = {(o, m): out / f"scores_{o}_{m.name}.npz" for o, m in jobs}
    parts = {job: _kept.read(paths[job], keys[job]) for job in jobs}
    todo = [job for job in jobs if parts[job] is None]
    one = partial(_score, panel, asked, targets)
    done = mapper(one, [o for o, _ in todo], [m for _, m in todo])
    for job, made in zip(todo, done, strict=True):
        _kept.save(paths[job], keys[job], **made)
        parts[job] = made
    origins = list(dict.fromkeys(o for o, _ in jobs))
    named = list(dict.fromkeys(m for _, m in jobs))
    dims = ("model", "target", "origin", "horizon", "area")
    coords = {
        "model": [m.name for m in named],
        "target": list(targets),
        "origin": origins,
        "horizon": [asked.lag - 1 + h for h in range(1, asked.ahead + 1)],
        "area": panel["area"].values,
        "ahead": ("horizon", list(range(1, asked.ahead + 1))),
    }
    stacked = {
        name: (dims, np.stack([_of(parts, origins, m, name) for m in named]))
        for name in record.scores(asked.seed)
    }
    return xr.Dataset(stacked, coords=coords)


def _of(parts: dict[Any, Any], origins: Sequence[str], model: Model, name: str) -> Any:
    """Return one score of one model, (target, origin, horizon, area)."""
    return np.stack([parts[o, model][name] for o in origins], axis=1)


def _score(
    panel: Panel, asked: Asked, targets: Targets, origin: str, model: Model
) -> dict[str, Any]:
    """Return the scores of one model from one origin; it may be made on another machine."""
    found = backtest(
        panel, [model], [origin], ahead=range(1, asked.ahead + 1), lag=asked.lag, draws=DRAWS,
        seed=asked.seed, targets=targets, scores=record.scores(asked.seed),
    )  # fmt: skip
    cells = found.isel(model=0, origin=0)
    return {n: cells[n].to_numpy() for n in record.scores(asked.seed)}


def _require_blind(panel: Panel, steps: list[int], seed: int, model: Model, origin: str) -> None:
    leak.require_blind(panel, model, origin, steps, seed=seed)


def _models(asked: Asked) -> list[Model]:
    """Return the models asked for, the default first, the baselines last.

    Raises
    ------
    StudyError
        If there is none of a name.
    """
    there = country_models(tried=True) | subnational_models(tried=True) | models()
    there |= covariate_models()
    names = list(dict.fromkeys([*(asked.models or models()), *asked.against, BASELINE]))
    found = {n: there.get(n) or _own_past(n) for n in names}
    unknown = [n for n, m in found.items() if m is None]
    if unknown:
        raise StudyError(f"models: got {unknown}; wanted some of {list(there)} or lastN (months)")
    ends = (asked.lag, asked.lag - 1 + asked.ahead)
    return [reaching(m, *ends) for m in found.values() if m is not None]


def _own_past(name: str) -> Model | None:
    months = re.fullmatch(r"last([1-9]\d{0,2})", name)
    return Conflictology(int(months[1])) if months else None


def _targets(panel: Panel, names: Sequence[str]) -> Targets:
    """Return the targets: deaths (all kinds), or any variable of the panel.

    Raises
    ------
    StudyError
        If one is not in the panel, or none has counts enough.
    """
    here = tuple(k for k in KINDS if k in panel)
    there = {"deaths": here} if here else {}
    there |= {str(n): (str(n),) for n, v in panel.data_vars.items() if not is_covariate(v)}
    unknown = sorted(set(names) - set(there))
    if unknown:
        raise StudyError(f"target: got {unknown}; wanted some of {list(there)}")
    if names:
        return {n: there[n] for n in names}
    counts = {n: int(np.nansum(total(panel, parts) > 0)) for n, parts in there.items()}
    found = {n: there[n] for n, count in counts.items() if count >= ENOUGH}
    if len(here) == 1:
        # The sum of one kind is that kind.
        found.pop("deaths", None)
    if not found:
        raise StudyError(
            f"target: no variable of the panel has {ENOUGH} area-months with a count; "
            "wanted one, or --target"
        )
    return found


def _origins(panel: Panel, asked: Asked) -> list[str]:
    """Return the origins, earliest first.

    Raises
    ------
    StudyError
        If an option is out of range, or the panel has no room for an origin.
    """
    for name, value, low, high in (
        ("ahead", asked.ahead, 1, FARTHEST),
        ("every", asked.every, 1, 120),
        ("lag", asked.lag, 1, 12),
    ):
        if not low <= value <= high:
            raise StudyError(f"{name}: got {value}; wanted {low} to {high} months")
    months = [str(m) for m in panel["month"].values]
    if asked.origins.isdigit() and int(asked.origins) > 0:
        # Far horizons of the latest origins are not known yet and have no score.
        room = min(asked.ahead, 12) + asked.lag - 1
        found = rolling_origins(panel, every=asked.every, most=int(asked.origins), ahead=room)
        if not found:
            raise StudyError(
                f"origins: got a panel of {len(months)} months; wanted at least {24 + room}: 24 to "
                f"learn from and {room} to compare with"
            )
        return found
    first, dots, last = asked.origins.partition("..")
    if not dots:
        raise StudyError(f"origins: got {asked.origins!r}; wanted a number or FIRST..LAST")
    places = range(month_number(first), month_number(last) + 1, asked.every)
    found = [month_label(p) for p in places]
    outside = [m for m in found if m not in months[:-1]]
    if outside or not found:
        raise StudyError(
            f"origins: got {outside or 'none'}; wanted months from {months[0]} to {months[-2]}"
        )
    return found
