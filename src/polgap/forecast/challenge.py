"""The VIEWS challenge: forecast a calendar year from October, score it as the organisers do.

Arrays in, arrays and rows out. Reading files and order of reading are `polgap.study`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import score
from polgap.domain import Panel, month_label, month_range
from polgap.draws import stream
from polgap.forecast._made_of import Explained
from polgap.forecast.base import Model

Array = NDArray[np.float64]
Cells = Mapping[str, Array]
"""Per country and month of a window: crps, ign, mis, inside, width, mean, pit, low, high."""

BASELINE = "country12"
HORIZONS = range(3, 15)
"""October is known, January to December are wanted."""
DRAWS = 1000
REPLICATES = 2000
HARDEST = 10
TOLD, CASES = 6, 8
"""Countries whose forecast is taken apart, and past cases shown of each."""
BLOCK = 6
"""Months of a bootstrap block: neighbouring months share wars and origins."""
BINS = (0.0, 1.0, 5.0, 25.0, 100.0, 1000.0, np.inf)
"""Edges of the forecast mean by which coverage is shown."""
SCORES = ("crps", "ign", "mis")
KOLMOGOROV_99 = 1.628
"""99 % point of the scaled largest distance between two distribution functions."""


def country12(history: Array) -> Array:
    """Return the benchmark: a country's own last twelve months, twelve draws for every month.

    Parameters
    ----------
    history : array, shape (country, month); the last twelve months are observed

    Examples
    --------
    >>> country12(np.arange(12.0)[None]).shape
    (1, 12, 12)
    """
    return np.repeat(history[:, None, -12:], len(HORIZONS), axis=1)


def forecast_window(
    history: Array, last: int, model: Model, *, lag: int = HORIZONS[0], seed: int = 1,
    draws: int = DRAWS,
) -> NDArray[np.int64]:  # fmt: skip
    """Return joint draws for the calendar year that starts `lag` months after `last`.

    Parameters
    ----------
    history : array, shape (country, month), deaths; NaN = not observed
        All that the model may know.
    last : int
        Month number of its last month: an October with the challenge's lag.
    model : Model
    lag : int
        Months from the last month known to the January wanted: 3 in the challenge.

    Returns
    -------
    array, shape (country, 12, draw), deaths

    Raises
    ------
    ModelError
        If the model cannot use the history.
    """
    fitted = model.fit(_panel(history, last))
    rng = stream(seed, "challenge", model.name, month_label(last))
    ahead = fitted.sample(range(lag, lag + len(HORIZONS)), draws, rng)
    return np.asarray(ahead["state_based"].to_numpy())


def made_of(
    history: Array, last: int, model: Model, *, lag: int = HORIZONS[0]
) -> dict[int, list[dict[str, Any]]]:
    """Return the past country-months that the forecasts of a few countries are made of.

    The countries with the most deaths in the last twelve months are told, each for the middle of
    the window; the model is fitted for it once more.

    Returns
    -------
    dict of country (row of `history`) to list of {area, month, weight, count}
        Heaviest first; empty where the model does not rest on past cases.
    """
    fitted = model.fit(_panel(history, last))
    if not isinstance(fitted, Explained):
        return {}
    recent = np.nan_to_num(history[:, -12:]).sum(axis=1)
    order = np.argsort(-recent, kind="stable")[:TOLD]
    middle = lag + len(HORIZONS) // 2
    return {
        int(row): [
            {str(k): v for k, v in case.items()}
            for case in fitted.made_of(int(row), middle).head(CASES).to_dict("records")
        ]
        for row in order
        if recent[row] > 0
    }


def _panel(history: Array, last: int) -> Panel:
    months = history.shape[1]
    coords = {
        "area": np.arange(len(history)),
        "month": month_range(month_label(last - months + 1), months),
    }
    return Panel(xr.Dataset({"state_based": (("area", "month"), history)}, coords=coords))


def score_cells(draws: Array, actual: Array, *, window: int = 0, seed: int = 1) -> dict[str, Array]:
    """Return the scores of every country and month of a window.

    The ignorance score depends on the number of draws; fewer than 1,000 are repeated to 1,000
    (each of twelve stands for a twelfth), as is done for all who submit fewer.

    Parameters
    ----------
    draws : array, shape (country, 12, draw)
    actual : array, shape (country, 12)
    window : int
        Year, which keys the luck of randomised ranks: the same luck in every window would count
        as many times as there are windows.

    Returns
    -------
    dict of array, shape (country, 12)
        crps, ign (bits), mis (90 % interval), inside (1 = in the interval), width, mean, low,
        high, pit (randomised), actual.
    """
    size = draws.shape[-1]
    level = draws if size >= DRAWS else np.repeat(draws, -(-DRAWS // size), axis=-1)[..., :DRAWS]
    ends = score.quantile(draws, [0.05, 0.95])
    low, high = ends[..., 0], ends[..., 1]
    below = (draws < actual[..., None]).mean(axis=-1)
    equal = (draws == actual[..., None]).mean(axis=-1)
    luck = stream(seed, "pit", window).random(actual.shape)
    return {
        "actual": np.asarray(actual, dtype=float),
        "mean": draws.mean(axis=-1),
        "low": low,
        "high": high,
        "crps": score.crps(draws, actual),
        "ign": score.ignorance(level, actual),
        "mis": score.interval_score(draws, actual, 0.9),
        "inside": ((low <= actual) & (actual <= high)).astype(float),
        "width": high - low,
        "pit": below + luck * equal,
    }


def country12_paths(history: Array, *, seed: int = 1, draws: int = DRAWS) -> Array:
    """Return paths of the benchmark: each month one of the last twelve, drawn with replacement.

    Returns
    -------
    array, shape (country, 12, draw)
    """
    luck = stream(seed, "country12").integers(0, 12, size=(len(HORIZONS), draws))
    return np.asarray(history[:, -12:][:, luck])


def score_paths(draws: Array, actual: Array) -> dict[str, Array]:
    """Return the CRPS of sums and peaks over months, which capacity follows.

    Parameters
    ----------
    draws : array, shape (country, 12, draw), joint over months
    actual : array, shape (country, 12)

    Returns
    -------
    dict of array, shape (country, 1)
        sum6: deaths of the first six months; peak12: the worst month of twelve.
    """
    first, seen = draws[:, :6].sum(axis=1), actual[:, :6].sum(axis=1)
    found = {"sum6": score.crps(first, seen)}
    found["peak12"] = score.crps(draws.max(axis=1), actual.max(axis=1))
    return {name: np.asarray(value, dtype=float)[:, None] for name, value in found.items()}


def path_rows(paths: Mapping[str, Mapping[str, Cells]], *, seed: int = 1) -> list[dict[str, Any]]:
    """Return ratios to `country12` paths for sums and peaks: model, window, quantity, ratio.

    Parameters
    ----------
    paths : mapping of model to window to scores
        From `score_paths`; `country12` must be among the models.
    """
    windows = list(paths[BASELINE])
    rows: list[dict[str, Any]] = []
    for model, found in paths.items():
        for name, part in [*((w, [w]) for w in windows), ("pooled", windows)]:
            own = stacked([found[w] for w in part])
            base = stacked([paths[BASELINE][w] for w in part])
            for quantity, values in own.items():
                weights = countries_resampled(len(values), seed, name)
                head = {"model": model, "window": name, "quantity": quantity, "n": values.size}
                pair = values, base[quantity], weights
                rows.append(head | ratio("ratio_crps", *pair) | without_hardest(*pair))
    return rows


def skill_rows(
    cells: Mapping[str, Mapping[str, Cells]],
    seconds: Mapping[tuple[str, str], float] | None = None,
    *,
    seed: int = 1,
) -> list[dict[str, Any]]:
    """Return the rows of skill.json (contracts.md 3): every model, every window and pooled.

    Ratios are sums over sums of `country12`; their 90 % intervals come from a bootstrap of whole
    countries, the same countries for both (paired).

    Parameters
    ----------
    cells : mapping of model to window to scores
        `country12` must be among the models; all models hold the same windows.
    seconds : mapping of (model, window) to seconds of fit and forecast
    """
    windows = list(cells[BASELINE])
    taken = dict(seconds or {})
    rows = []
    for model, found in cells.items():
        for name, part in [*((w, [w]) for w in windows), ("pooled", windows)]:
            own = stacked([found[w] for w in part])
            base = stacked([cells[BASELINE][w] for w in part])
            spent = [taken.get((model, w)) for w in part]
            whole = None if None in spent else sum(s for s in spent if s is not None)
            rows.append(_row(model, name, own, base, whole, seed))
        yearly = [r["ratio_crps"] for r in rows if r["model"] == model and r["window"] != "pooled"]
        rows[-1]["ratio_crps_years"] = _over_years(yearly)
    return rows


def _over_years(ratios: Sequence[float | None]) -> dict[str, float | None]:
    """Return the geometric mean and the worst of the yearly ratios; null if a year has none."""
    known = [r for r in ratios if r is not None and r > 0]
    if not known or len(known) < len(ratios):
        return {"geometric_mean": None, "worst": None}
    return {"geometric_mean": float(np.exp(np.mean(np.log(known)))), "worst": max(known)}


def stacked(parts: Sequence[Cells]) -> dict[str, Array]:
    """Return windows side by side, shape (country, month of all windows)."""
    return {k: np.concatenate([part[k] for part in parts], axis=1) for k in parts[0]}


def _row(
    model: str, window: str, own: Cells, base: Cells, seconds: float | None, seed: int
) -> dict[str, Any]:
    weights = countries_resampled(len(own["crps"]), seed, window)
    row: dict[str, Any] = {"model": model, "window": window, "n": own["crps"].size}
    row |= {name: float(own[name].mean()) for name in SCORES}
    for name in SCORES:
        row |= ratio(f"ratio_{name}", own[name], base[name], weights)
    row |= without_hardest(own["crps"], base["crps"], weights)
    row |= _by_month(own["crps"], base["crps"], seed, window)
    row["coverage90"] = coverage(own)
    row["seconds"] = seconds
    return row


def countries_resampled(count: int, seed: int, window: str) -> NDArray[np.int64]:
    """Return how often each country occurs in each replicate, the same for every model."""
    rng = stream(seed, "bootstrap", window)
    return rng.multinomial(count, np.full(count, 1.0 / count), REPLICATES)


def ratio(name: str, own: Array, base: Array, weights: NDArray[Any]) -> dict[str, Any]:
    """Return a ratio and its 90 % interval; null where the baseline made no error.

    Parameters
    ----------
    own, base : array, shape (block, cell), scores of the same cells
    weights : array, shape (replicate, block)
        How often each block occurs in each replicate.
    """
    if base.sum() <= 0:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    above, below = weights @ own.sum(axis=1), weights @ base.sum(axis=1)
    low, high = score.quantile(above[below > 0] / below[below > 0], [0.05, 0.95])
    return {
        name: float(own.sum() / base.sum()),
        f"{name}_low": float(low),
        f"{name}_high": float(high),
    }


def without_hardest(
    own: Array, base: Array, weights: NDArray[np.int64], name: str = "ratio_crps"
) -> dict[str, Any]:
    """Return the ratio, as `ratio` does, without the cells that were hardest for the baseline."""
    keep = np.ones(base.size)
    keep[np.argsort(-base.ravel(), kind="stable")[:HARDEST]] = 0.0
    kept = keep.reshape(base.shape)
    return ratio(f"{name}_without_top10", own * kept, base * kept, weights)


def month_blocks(count: int, seed: int, window: str) -> NDArray[np.int64]:
    """Return how often each month occurs in each replicate of a bootstrap of blocks of months.

    Returns
    -------
    array, shape (replicate, month)
    """
    starts = -(-count // BLOCK)
    rng = stream(seed, "bootstrap", "months", window)
    blocks = rng.multinomial(starts, np.full(starts, 1.0 / starts), REPLICATES)
    return np.repeat(blocks, BLOCK, axis=1)[:, :count]


def _by_month(own: Array, base: Array, seed: int, window: str) -> dict[str, Any]:
    """Return the interval of the ratio when blocks of months are resampled, not countries."""
    found = ratio("m", own.T, base.T, month_blocks(own.shape[1], seed, window))
    return {"ratio_crps_months_low": found["m_low"], "ratio_crps_months_high": found["m_high"]}


def coverage(own: Cells) -> list[dict[str, Any]]:
    """Return coverage by forecast mean, always with width and interval score of the same bin."""
    rows: list[dict[str, Any]] = []
    for low, high in pairwise(BINS):
        here = (own["mean"] >= low) & (own["mean"] < high)
        count = int(here.sum())
        if not count:
            continue
        name = f"{low:g}+" if np.isinf(high) else f"{low:g}-{high:g}"
        row: dict[str, Any] = {
            "bin": name,
            "n": count,
            "coverage": float(own["inside"][here].mean()),
            "width": float(own["width"][here].mean()),
            "mis": float(own["mis"][here].mean()),
        }
        # Most months below 1 are silent: an interval says little there, ranks say more.
        ranks = np.sort(own["pit"][here])
        steps = np.arange(count + 1) / count
        row["pit_distance"] = float(max((steps[1:] - ranks).max(), (ranks - steps[:-1]).max()))
        row["pit_band99"] = float(KOLMOGOROV_99 / np.sqrt(count))
        rows.append(row)
    return rows
