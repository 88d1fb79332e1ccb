"""Backtest on the VIEWS challenge: forecasts first, all of them; then actuals; then the record.

A forecast is written before anything dated after its origin is read. Finished forecasts are kept
with the hash of what went in and taken up again when that has not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import month_label
from polgap.draws import stream
from polgap.errors import ModelError, StudyError
from polgap.forecast import challenge, leak, recalibrate
from polgap.forecast.base import Model
from polgap.forecast.reach import reaching
from polgap.forecast.registry import country_models
from polgap.sources import views
from polgap.sources.views_future import another_future
from polgap.study import _kept
from polgap.study._skill import told
from polgap.study._task import Task

Mapper = Callable[..., Iterable[Any]]
Say = Callable[[str], None]

Scores = dict[str, dict[str, NDArray[np.float64]]]
"""model -> score -> values."""

RECALIBRATED = "_recalibrated"
"""Behind the name of the shipped mixture: read at the levels that its own past forecasts ask for.

Only windows of the same run are its past: the first one is as drawn.
"""
VERSION = 1
"""Raised when forecasts made by older code must not be taken up again."""


def backtest_views(
    folder: Path,
    history: Path,
    windows: Sequence[int],
    out: Path,
    *,
    all_models: bool = False,
    lag: int = views.GAP,
    vintage: str = "final",
    leak_test: bool = False,
    seed: int = 1,
    mapper: Mapper = map,
    say: Say = lambda _: None,
) -> dict[str, Any]:
    """Return the skill record of contracts.md 3 and write it to ``out/skill.json``.

    Also written: ``out/forecast_<window>_<model>.npz`` (draws by country, month and draw) and
    ``out/cells_<window>.csv.gz`` (scores of every cell).

    Parameters
    ----------
    folder : Path
        Laid out as the challenge: ``cm_actuals_Y2018.parquet``, ``bm_conflictology_Y2018.parquet``.
    history : Path
        Longer history: month or month_id, country_id, ged_sb.
    windows : sequence of int
        Years to forecast.
    out : Path
        Made if need be.
    all_models : bool
        Every variant tried, not only the default and its forecast before recalibration.
    lag : int
        Months from the last month known to January: 3 as in the challenge; 1 in operation, where
        the baseline is the own last twelve months up to December.
    vintage : str
        Edition of the actuals: ``final`` or ``prelim2023``.
    leak_test : bool
        Forecast every window once more from files whose later months are replaced.
    mapper : callable
        ``map`` or a parallel one; the numbers do not depend on it.
    say : callable
        Told what begins.

    Raises
    ------
    StudyError
        If no window, or one twice, is asked for, or there is no such lag or vintage.
    DataError
        If a file is missing or malformed, or the history disagrees with the official values.
    ModelError
        If the leak test finds that a forecast depends on what came after its origin.
    """
    years = sorted(windows)
    if not years or len(set(years)) < len(years):
        raise StudyError(f"windows: got {list(windows)}; wanted one or more years, each once")
    out.mkdir(parents=True, exist_ok=True)
    task = Task(folder, history, out, seed, lag, vintage)
    ends = (lag, lag + len(challenge.HORIZONS) - 1)
    models = [reaching(m, *ends) for m in country_models(tried=all_models).values()]
    tested = {"leak_test": _leak_test(task, years, models, mapper, say)} if leak_test else {}
    say("forecast")
    seconds = _forecast_all(task, years, models, mapper)
    raw = models[0].name
    default = f"{raw}{RECALIBRATED}"
    _recalibrated(task, years, raw)
    seconds |= {(default, str(year)): seconds[raw, str(year)] for year in years}
    names = [default, *(m.name for m in models)]
    say("score")
    cells: dict[str, dict[str, challenge.Cells]] = {}
    paths: dict[str, dict[str, challenge.Cells]] = {}
    for year in years:
        by_cell, by_path = _scored(task, year, names)
        for model in by_cell:
            cells.setdefault(model, {})[str(year)] = by_cell[model]
            paths.setdefault(model, {})[str(year)] = by_path[model]
    record = {
        "schema": _kept.SCHEMA,
        "baseline": challenge.BASELINE,
        "default": default,
        "windows": years,
        "draws": challenge.DRAWS,
        "seed": seed,
        "lag": lag,
        **task.said(),
        **tested,
        "rows": challenge.skill_rows(cells, seconds, seed=seed),
        "paths": challenge.path_rows(paths, seed=seed),
        **told(task, years, {m: cells[m] for m in (default, challenge.BASELINE)}, models[0]),
    }
    _kept.record(out / "skill.json", record)
    return record


def _forecast_all(
    task: Task, years: Sequence[int], models: Sequence[Model], mapper: Mapper
) -> dict[tuple[str, str], float]:
    """Write every forecast that is not kept from an earlier run; return seconds."""
    pairs = [(year, model) for year in years for model in models]
    seconds: dict[tuple[str, str], float] = {}
    # One after the other a window is read when the one before it is written; a parallel mapper
    # is given many windows at once, each with its own past and no other.
    jobs = _jobs(task, pairs)
    one = partial(_forecast, task.seed, task.lag)
    for (year, model), made in zip(pairs, mapper(one, jobs, [m for _, m in pairs]), strict=True):
        if made.draws is not None:
            countries = np.array(made.countries)
            path = task.path(year, model.name)
            _kept.save(path, made.key, draws=made.draws, countries=countries, seconds=made.seconds)
        seconds[model.name, str(year)] = float(made.seconds)
    return seconds


@dataclass(frozen=True)
class Job:
    """A forecast to be made, or with its `seconds` if it is kept already."""

    past: views.Known
    key: str
    seconds: float | None


@dataclass(frozen=True)
class Made:
    """A forecast that was made; without draws if it was kept."""

    key: str
    seconds: float
    draws: NDArray[np.int32] | None = None
    countries: tuple[int, ...] = ()


def _jobs(task: Task, pairs: Sequence[tuple[int, Model]]) -> Iterator[Job]:
    past, read = None, 0
    for year, model in pairs:
        if past is None or year != read:
            past, read = task.known(year), year
        settings = (VERSION, model, task.seed, challenge.DRAWS, past.countries, past.first)
        key = _kept.key_of(past.counts, *settings, past.last, task.lag)
        found = _kept.read(task.path(year, model.name), key)
        yield Job(past, key, None if found is None else float(found["seconds"]))


def _forecast(seed: int, lag: int, job: Job, model: Model) -> Made:
    """Return the forecast of one window by one model; it may be made on another machine."""
    if job.seconds is not None:
        return Made(job.key, job.seconds)
    start = perf_counter()
    past = job.past
    draws = challenge.forecast_window(past.counts, past.last, model, lag=lag, seed=seed)
    spent = round(perf_counter() - start, 3)
    return Made(job.key, spent, draws.astype(np.int32), past.countries)


def _leak_test(
    task: Task, years: Sequence[int], models: Sequence[Model], mapper: Mapper, say: Say
) -> dict[str, int]:
    """Return how many forecasts stayed the same with the future of all files replaced.

    Raises
    ------
    ModelError
        If one did not.
    """
    say("leak test")
    pasts, windows, asked = [], [], []
    for year in years:
        with TemporaryDirectory() as scratch:
            files = another_future(task.folder, task.history, year, Path(scratch), lag=task.lag)
            other = Task(*files, task.out, task.seed, task.lag, task.vintage)
            plain, changed = task.known(year), other.known(year)
        for model in models:
            pasts.append((plain, changed))
            windows.append(year)
            asked.append(model)
    same = mapper(partial(_same, task.seed, task.lag), pasts, asked)
    for year, model, fine in zip(windows, asked, same, strict=True):
        if not fine:
            raise ModelError(leak.leaked(model.name, f"before {year}"))
    return {"forecasts": len(asked), "changed": 0}


def _same(seed: int, lag: int, pasts: tuple[views.Known, views.Known], model: Model) -> bool:
    one, other = (
        challenge.forecast_window(p.counts, p.last, model, lag=lag, seed=seed, draws=leak.DRAWS)
        for p in pasts
    )
    return np.array_equal(one, other)


def _recalibrated(task: Task, windows: Sequence[int], model: str) -> None:
    """Write the forecasts of `model` recalibrated by its earlier windows, as far as then known."""
    for window in windows:
        past = task.known(window)
        draws, actual = [], []
        for earlier in (w for w in windows if w < window):
            draws.append(task.draws(earlier, model))
            start = (earlier - window) * 12 + task.lag - 1 + past.counts.shape[1]
            seen = past.counts[:, start : start + 12]
            # With the challenge's lag, November and December of the year before are not known.
            gone = ((0, 0), (0, 12 - seen.shape[1]))
            actual.append(np.pad(seen, gone, constant_values=np.nan))
        learnt = recalibrate.learn(draws, actual, stream(task.seed, "recalibrate", window))
        values = learnt.apply(task.draws(window, model)).astype(np.int32)
        countries = np.array(past.countries)
        path = task.path(window, f"{model}{RECALIBRATED}")
        _kept.save(path, "", draws=values, countries=countries)


def _scored(task: Task, window: int, models: Sequence[str]) -> tuple[Scores, Scores]:
    """Return the scores of all models in one window, by cell (also written) and by path."""
    past = task.known(window)
    actual = views.actuals(task.folder, window, past.countries, vintage=task.vintage)
    draws = {challenge.BASELINE: challenge.country12(past.counts)}
    draws |= {name: task.draws(window, name) for name in models}
    base = challenge.country12_paths(past.counts, seed=task.seed)
    paths = {
        m: challenge.score_paths(d, actual) for m, d in (draws | {challenge.BASELINE: base}).items()
    }
    found = {
        m: challenge.score_cells(d, actual, window=window, seed=task.seed) for m, d in draws.items()
    }
    first = past.last + task.lag
    months = [month_label(first + m) for m in range(actual.shape[1])]
    frames = [
        pd.DataFrame({
            "model": model,
            "country_id": np.repeat(past.countries, len(months)),
            "month": np.tile(months, len(past.countries)),
            **{k: v.ravel() for k, v in cells.items()},
        })
        for model, cells in found.items()
    ]  # fmt: skip
    _kept.table(task.out / f"cells_{window}.csv.gz", pd.concat(frames, ignore_index=True))
    return found, paths
