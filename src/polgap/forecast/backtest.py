"""Rolling origins on the theatre's own past: what would have been said then, scored now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import score
from polgap.domain import KINDS, Futures, Panel, add_months
from polgap.draws import stream
from polgap.errors import ModelError
from polgap.forecast.base import Model, Targets

Array = NDArray[np.floating[Any]]
Score = Callable[[Array, Array], Array]
"""(draws (area, horizon, draw), actual (area, horizon)) -> (area, horizon)."""

TARGETS: Targets = {
    "deaths": KINDS,
    **{kind: (kind,) for kind in KINDS},
    "events": ("events",),
}
"""What the quick table scores."""


def inside90(draws: Array, actual: Array) -> Array:
    """Return 1 where the actual count lies between the 5 and 95 % points, else 0."""
    ends = score.quantile(draws, [0.05, 0.95])
    return np.asarray((ends[..., 0] <= actual) & (actual <= ends[..., 1]), dtype=float)


SCORES: Mapping[str, Score] = {"crps": score.crps, "inside90": inside90}
"""Scores kept for every cell."""


def rolling_origins(
    panel: Panel, *, every: int = 6, most: int = 10, ahead: int = 12, first: int = 24
) -> list[str]:
    """Return origins to look back from, earliest first.

    Parameters
    ----------
    every : int
        Months between origins.
    most : int
        Number of origins at most; the latest are kept.
    ahead : int
        Months that must be there to compare with after the last origin.
    first : int
        Months that must be there to learn from before the first.

    Examples
    --------
    >>> panel = xr.Dataset(coords={"month": [f"20{y:02}-12" for y in range(40)]})
    >>> rolling_origins(panel, every=3, most=2, ahead=12, first=24)
    ['2024-12', '2027-12']
    """
    months = [str(m) for m in panel["month"].values]
    places = range(len(months) - 1 - ahead, first - 2, -every)
    return [months[i] for i in reversed(list(places)[:most])]


def backtest(
    panel: Panel,
    models: Sequence[Model],
    origins: Sequence[str],
    *,
    ahead: Sequence[int] = range(1, 13),
    lag: int = 1,
    draws: int = 144,
    seed: int = 1,
    targets: Targets = TARGETS,
    scores: Mapping[str, Score] = SCORES,
    mapper: Callable[..., Iterable[Any]] = map,
) -> xr.Dataset:
    """Return the scores of every model in every cell, from every origin.

    Each model is fitted to the months up to the origin and to nothing else (expanding window);
    changing anything after an origin changes no forecast made from it.

    Parameters
    ----------
    panel : Panel, dims (area, month), counts
    models : sequence of Model
    origins : sequence of str
        Last months seen.
    ahead : sequence of int
        Months scored, counted from 1 = the first month wanted.
    lag : int
        Months from the last month seen to the first one wanted: 1 in operation, 3 as in the
        VIEWS challenge, where October is the last month known when January is forecast.
    draws : int
        Futures a model gives at each origin; a multiple of 12 draws `last12` exactly.
    targets : mapping of name to variables
        Variables are added up before they are scored.
    scores : mapping of name to function of (draws, actual)

    Returns
    -------
    Dataset, dims (model, target, origin, horizon, area)
        One variable per score, NaN where nothing was observed to compare with, and one named
        ``<score>_theatre`` without the area dim: the same score of the theatre's total, NaN where
        an area was not observed. `horizon` counts from the origin, the coordinate `ahead` from
        the first month wanted.

    Raises
    ------
    ModelError
        If a target's variable or an origin is not in the panel, or a model cannot be fitted.
    """
    unknown = sorted({v for parts in targets.values() for v in parts} - set(panel.data_vars))
    if unknown:
        raise ModelError(f"targets: got {unknown}; wanted variables of the panel")
    labels = [str(m) for m in panel["month"].values]
    strange = sorted(set(origins) - set(labels))
    if strange or not origins:
        raise ModelError(f"origins: got {strange or 'none'}; wanted months of the panel")
    horizons = [lag - 1 + step for step in ahead]
    one = partial(_from_origin, panel, tuple(models), horizons, draws, seed, targets, scores)
    found = np.stack([np.asarray(s) for s in mapper(one, list(origins))], axis=3)
    dims = ("model", "target", "origin", "horizon", "area")
    coords = {
        "model": [m.name for m in models],
        "target": list(targets),
        "origin": list(origins),
        "horizon": horizons,
        "area": panel["area"].values,
        "ahead": ("horizon", list(ahead)),
    }
    cells = {name: (dims, found[i, ..., :-1]) for i, name in enumerate(scores)}
    whole = {f"{name}_theatre": (dims[:-1], found[i, ..., -1]) for i, name in enumerate(scores)}
    return xr.Dataset({**cells, **whole}, coords=coords)


def _from_origin(
    panel: Panel,
    models: tuple[Model, ...],
    horizons: list[int],
    draws: int,
    seed: int,
    targets: Targets,
    scores: Mapping[str, Score],
    origin: str,
) -> Array:
    """Return the scores of all models from one origin, (score, model, target, horizon, area).

    The last place of the area axis is the theatre as a whole.
    """
    known = known_at(panel, origin)
    later = panel.reindex(month=[add_months(origin, h) for h in horizons])
    places = panel.sizes["area"] + 1
    out = np.full((len(scores), len(models), len(targets), len(horizons), places), np.nan)
    # What was not observed by then could not be forecast then.
    asked = {t: v for t, v in enumerate(targets.values()) if set(v) <= set(known.data_vars)}
    for m, model in enumerate(models if asked else ()):
        ahead = forecast_from(panel, model, origin, horizons, draws, seed)
        for t, variables in asked.items():
            cells = _with_theatre(total(ahead, variables))
            actual = _with_theatre(total(later, variables))
            seen = ~np.isnan(actual)
            for s, function in enumerate(scores.values()):
                value = function(cells, np.where(seen, actual, 0.0))
                out[s, m, t] = np.where(seen, value, np.nan).T
    return out


def known_at(panel: Panel, origin: str) -> Panel:
    """Return the months up to `origin` of the variables observed by then."""
    place = [str(m) for m in panel["month"].values].index(origin)
    known = panel.isel(month=slice(0, place + 1))
    return Panel(known[[n for n, v in known.data_vars.items() if bool(v.notnull().any())]])


def forecast_from(
    panel: Panel, model: Model, origin: str, horizons: Sequence[int], draws: int, seed: int
) -> Futures:
    """Return the forecast that a backtest scores: from an origin inside `panel`.

    Raises
    ------
    ModelError
        If the model cannot use the months up to the origin.
    """
    rng = stream(seed, "backtest", model.name, origin)
    return model.fit(known_at(panel, origin)).sample(horizons, draws, rng)


def _with_theatre(counts: Array) -> Array:
    """Return counts with the sum over areas as one more area, the last."""
    return np.concatenate([counts, counts.sum(axis=0, keepdims=True)])


def total(counts: xr.Dataset | Futures, variables: Sequence[str]) -> Array:
    """Return the sum of some variables, axes (area, month[, draw]); NaN if one is missing."""
    return np.asarray(sum(counts[v].to_numpy().astype(float) for v in variables))
