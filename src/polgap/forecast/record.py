"""The rows of a backtest's record: every model, target, band of horizons and year of origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import score
from polgap.draws import stream
from polgap.forecast import challenge, skill
from polgap.forecast.backtest import Score, inside90

Array = NDArray[np.floating[Any]]

BANDS = ((1, 12), (13, 36))
"""Months ahead, counted from the first one wanted, that get rows of their own."""

COLUMNS = ("crps", "mis", "inside90", "width", "mean", "pit")
"""What is kept of every cell."""


def scores(seed: int) -> dict[str, Score]:
    """Return the scores that a record needs of every cell.

    crps, mis (interval score at 90 %), inside90, width (of that interval), mean, pit (randomised).
    """
    return {
        "crps": score.crps,
        "mis": partial(score.interval_score, level=0.9),
        "inside90": inside90,
        "width": _width,
        "mean": _mean,
        "pit": partial(_pit, seed),
    }


def _width(draws: Array, _: Array) -> Array:
    ends = score.quantile(draws, [0.05, 0.95])
    return np.asarray(ends[..., 1] - ends[..., 0])


def _mean(draws: Array, _: Array) -> Array:
    return np.asarray(draws.mean(axis=-1))


def _pit(seed: int, draws: Array, actual: Array) -> Array:
    below = (draws < actual[..., None]).mean(axis=-1)
    equal = (draws == actual[..., None]).mean(axis=-1)
    # Luck of its own for every forecast: the same one at every origin would count as many times.
    luck = stream(seed, "pit", int(actual.sum()), int(draws.sum())).random(actual.shape)
    return np.asarray(below + luck * equal)


def rows(
    found: xr.Dataset,
    *,
    baselines: Sequence[str] = ("last12",),
    bands: Sequence[tuple[int, int]] = BANDS,
    seed: int = 1,
) -> list[dict[str, Any]]:
    """Return the rows of a record: target, model, horizons, window, n, scores, ratios, coverage.

    A ratio is a sum of CRPS over that of a baseline on the same cells. Its 90 % intervals come
    from paired bootstraps: of whole areas (``_low``, ``_high``), which share a war over months,
    and of blocks of six months (``_months_low``, ``_months_high``), in which areas share an
    upheaval. Neither sees the other dependence; the wider one is the safer one.

    Without its ten hardest cells (the baseline's) a ratio is not decided by one disaster:
    ``ratio_crps_without_top10``.

    Parameters
    ----------
    found : Dataset, dims (model, target, origin, horizon, area)
        Of `polgap.forecast.backtest` with `scores`.
    baselines : sequence of str
        Models; the ratio to the first is ``ratio_crps``, to others ``ratio_crps_<name>``.
    bands : sequence of (first, last)
        Months ahead; a band without a scored cell has no row.
    """
    out: list[dict[str, Any]] = []
    for target in found["target"].values.tolist():
        for band in bands:
            near = (found["ahead"] >= band[0]) & (found["ahead"] <= band[1])
            part = found.sel(target=target, horizon=near)
            if part.sizes["horizon"]:
                label = f"{int(part['ahead'].min())}-{int(part['ahead'].max())}"
                head = {"target": str(target), "horizons": label}
                out += [head | row for row in _of_band(part, baselines, seed)]
    return out


def _of_band(part: xr.Dataset, baselines: Sequence[str], seed: int) -> list[dict[str, Any]]:
    years = np.array([str(o)[:4] for o in part["origin"].values])
    windows = {"pooled": np.ones(years.size, dtype=bool)}
    windows |= {year: years == year for year in sorted(set(years.tolist()))}
    out = []
    for window, chosen in windows.items():
        cells = part.isel(origin=chosen)
        seen = cells["crps"].isel(model=0).notnull()
        if not bool(seen.any()):
            continue
        blocks = _Blocks(cells, seed, window)
        for model in cells["model"].values.tolist():
            own = cells.sel(model=model)
            flat = {n: own[n].to_numpy()[seen.to_numpy()] for n in COLUMNS}
            row: dict[str, Any] = {"model": str(model), "window": window, "n": int(seen.sum())}
            row |= {name: float(flat[name].mean()) for name in ("crps", "mis")}
            for place, baseline in enumerate(baselines):
                name = f"ratio_crps_{baseline}" if place else "ratio_crps"
                row |= blocks.ratios(name, own["crps"], cells["crps"].sel(model=baseline))
            flat["inside"] = flat["inside90"]
            out.append(row | {"coverage90": challenge.coverage(flat)})
    return out


class _Blocks:
    """The two bootstraps of a window, the same replicates for every model."""

    def __init__(self, cells: xr.Dataset, seed: int, window: str) -> None:
        self.month = skill.months(cells)
        areas = cells.sizes["area"]
        span = int(self.month.max() - self.month.min()) + 1
        rng = stream(seed, "bootstrap", "areas", window)
        self.areas = rng.multinomial(areas, np.full(areas, 1.0 / areas), challenge.REPLICATES)
        self.months = skill.resampled(span, stream(seed, "bootstrap", "months", window))

    def ratios(self, name: str, own: xr.DataArray, base: xr.DataArray) -> dict[str, Any]:
        pair = [
            np.nan_to_num(x.transpose("area", "origin", "horizon").to_numpy()) for x in (own, base)
        ]
        by_area = [x.reshape(len(x), -1) for x in pair]
        by_month = [skill.by_month(x, self.month)[:, None] for x in (own, base)]
        found = challenge.ratio(name, by_area[0], by_area[1], self.areas)
        found |= challenge.without_hardest(by_area[0], by_area[1], self.areas, name)
        if own.sizes["area"] < 2:
            # One area resampled is itself: no interval.
            found |= {k: None for k in found if k.endswith(("_low", "_high"))}
        months = challenge.ratio(f"{name}_months", by_month[0], by_month[1], self.months)
        return found | {k: v for k, v in months.items() if k != f"{name}_months"}


def frame_of(found: xr.Dataset) -> Mapping[str, NDArray[Any]]:
    """Return the cells as columns: model, target, origin, ahead, area and every score.

    Cells that nobody could score, for nothing was observed, have no row.
    """
    names = ("model", "target", "origin", "horizon", "area")
    one = found[list(COLUMNS)].transpose(*names)
    shape = tuple(one.sizes[n] for n in names)
    seen = one["crps"].notnull().to_numpy()
    labels = {
        "ahead" if n == "horizon" else n: one["ahead" if n == "horizon" else n].to_numpy()
        for n in names
    }
    columns = {
        name: np.broadcast_to(
            values.reshape([-1 if i == place else 1 for i in range(len(names))]), shape
        )[seen]
        for place, (name, values) in enumerate(labels.items())
    }
    return columns | {str(n): one[n].to_numpy()[seen] for n in one.data_vars}
