"""Backtest on the VIEWS challenge: forecasts first, all of them; then actuals; then the record.

A forecast is written before anything dated after its origin is read. Finished forecasts are kept
with the hash of what went in and taken up again when that has not changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import month_label
from polgap.draws import stream
from polgap.errors import StudyError
from polgap.forecast import challenge, recalibrate
from polgap.forecast.base import Model
from polgap.forecast.registry import country_models
from polgap.sources import views

Mapper = Callable[..., Iterable[Any]]
Say = Callable[[str], None]

Scores = dict[str, dict[str, NDArray[np.float64]]]
"""model -> score -> values."""

SCHEMA = "polgap.skill/1"
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
    mapper : callable
        ``map`` or a parallel one; the numbers do not depend on it.
    say : callable
        Told what begins.

    Raises
    ------
    StudyError
        If no window, or one twice, is asked for.
    DataError
        If a file is missing or malformed, or the history disagrees with the official values.
    """
    years = sorted(windows)
    if not years or len(set(years)) < len(years):
        raise StudyError(f"windows: got {list(windows)}; wanted one or more years, each once")
    out.mkdir(parents=True, exist_ok=True)
    models = country_models(tried=all_models)
    jobs = [(year, model) for year in years for model in models.values()]
    say("forecast")
    one = partial(_forecast, folder, history, out, seed)
    # A parallel mapper begins many windows at once; each still reads only its own past.
    made = list(mapper(one, [year for year, _ in jobs], [model for _, model in jobs]))
    seconds = {(m.name, str(year)): s for (year, m), s in zip(jobs, made, strict=True)}
    raw = next(iter(models))
    default = f"{raw}{RECALIBRATED}"
    _recalibrated(folder, history, out, seed, years, raw)
    seconds |= {(default, str(year)): seconds[raw, str(year)] for year in years}
    names = [default, *models]
    say("score")
    cells: dict[str, dict[str, challenge.Cells]] = {}
    paths: dict[str, dict[str, challenge.Cells]] = {}
    for year in years:
        by_cell, by_path = _scored(folder, history, out, seed, year, names)
        for model in by_cell:
            cells.setdefault(model, {})[str(year)] = by_cell[model]
            paths.setdefault(model, {})[str(year)] = by_path[model]
    record = {
        "schema": SCHEMA,
        "baseline": challenge.BASELINE,
        "default": default,
        "windows": years,
        "draws": challenge.DRAWS,
        "seed": seed,
        "lag": views.GAP,
        "vintage": f"actuals as found in {folder.name} (final)",
        "rows": challenge.skill_rows(cells, seconds, seed=seed),
        "paths": challenge.path_rows(paths, seed=seed),
    }
    text = json.dumps(record, indent=1, sort_keys=True, allow_nan=False)
    _write(out / "skill.json", (text + "\n").encode())
    return record


def _forecast(
    folder: Path, history: Path, out: Path, seed: int, window: int, model: Model
) -> float:
    """Write the forecast of one window by one model, unless it is there; return its seconds."""
    past = views.known(folder, history, window)
    key = _key(past, model, seed)
    path = _path(out, window, model.name)
    kept = _kept(path, key)
    if kept is not None:
        return kept
    start = perf_counter()
    draws = challenge.forecast_window(past.counts, past.last, model, seed=seed)
    seconds = round(perf_counter() - start, 3)
    partial_path = path.with_suffix(".part")
    with partial_path.open("wb") as handle:
        np.savez_compressed(
            handle, draws=draws.astype(np.int32), countries=np.array(past.countries),
            key=np.array(key), seconds=np.array(seconds),
        )  # fmt: skip
    partial_path.replace(path)
    return seconds


def _recalibrated(
    folder: Path, history: Path, out: Path, seed: int, windows: Sequence[int], model: str
) -> None:
    """Write the forecasts of `model` recalibrated by its earlier windows, as far as then known."""
    for window in windows:
        past = views.known(folder, history, window)
        draws, actual = [], []
        for earlier in (w for w in windows if w < window):
            with np.load(_path(out, earlier, model)) as stored:
                draws.append(stored["draws"].astype(float))
            start = (earlier - window) * 12 + challenge.HORIZONS[0] - 1 + past.counts.shape[1]
            seen = past.counts[:, start : start + 12]
            # November and December of the year before lie after the origin.
            gone = ((0, 0), (0, 12 - seen.shape[1]))
            actual.append(np.pad(seen, gone, constant_values=np.nan))
        learnt = recalibrate.learn(draws, actual, stream(seed, "recalibrate", window))
        with np.load(_path(out, window, model)) as stored:
            values = dict(stored)
        values["draws"] = learnt.apply(values["draws"].astype(float)).astype(np.int32)
        path = _path(out, window, f"{model}{RECALIBRATED}")
        partial_path = path.with_suffix(".part")
        with partial_path.open("wb") as handle:
            np.savez_compressed(handle, **values)
        partial_path.replace(path)


def _key(past: views.Known, model: Model, seed: int) -> str:
    """Return the hash of all that a forecast depends on."""
    settings = repr((VERSION, model, seed, challenge.DRAWS, past.countries, past.first, past.last))
    return sha256(past.counts.tobytes() + settings.encode()).hexdigest()


def _kept(path: Path, key: str) -> float | None:
    """Return the seconds of a finished forecast with this key, else None."""
    if not path.is_file():
        return None
    try:
        with np.load(path) as stored:
            return float(stored["seconds"]) if str(stored["key"]) == key else None
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _scored(
    folder: Path, history: Path, out: Path, seed: int, window: int, models: Sequence[str]
) -> tuple[Scores, Scores]:
    """Return the scores of all models in one window, by cell (also written) and by path."""
    past = views.known(folder, history, window)
    actual = views.actuals(folder, window, past.countries)
    draws = {challenge.BASELINE: challenge.country12(past.counts)}
    for name in models:
        with np.load(_path(out, window, name)) as stored:
            draws[name] = stored["draws"].astype(float)
    joint = draws | {challenge.BASELINE: challenge.country12_paths(past.counts, seed=seed)}
    paths = {m: challenge.score_paths(d, actual) for m, d in joint.items()}
    found = {m: challenge.score_cells(d, actual, seed=seed) for m, d in draws.items()}
    first = past.last + challenge.HORIZONS[0]
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
    table = pd.concat(frames, ignore_index=True)
    path = out / f"cells_{window}.csv.gz"
    # Without a time in it, the same scores are the same bytes.
    table.to_csv(
        path, index=False, float_format="%.8g", lineterminator="\n",
        compression={"method": "gzip", "mtime": 0},
    )  # fmt: skip
    return found, paths


def _path(out: Path, window: int, model: str) -> Path:
    return out / f"forecast_{window}_{model}.npz"


def _write(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all."""
    new = path.with_suffix(path.suffix + ".part")
    new.write_bytes(raw)
    new.replace(path)
