"""Leak test: what comes after the origin, replaced, must change no forecast."""

from __future__ import annotations

import numpy as np

from polgap.domain import Futures, Panel, publication_lag
from polgap.draws import stream
from polgap.errors import ModelError
from polgap.forecast.backtest import forecast_from
from polgap.forecast.base import Model

DRAWS = 24
"""Futures compared; a leak shows in the first."""


def scrambled(panel: Panel, origin: str, seed: int = 1) -> Panel:
    """Return the panel with other figures in every month after `origin`, observed or not.

    Of a covariate, the last months up to the origin that were not published by then too.

    Parameters
    ----------
    panel : Panel, dims (area, month), counts and covariates
    origin : str
        Last month whose counts stay as they are.
    """
    other = panel.copy(deep=True)
    after = [str(m) for m in panel["month"].values].index(origin) + 1
    for place, name in enumerate(panel.data_vars):
        counts = other[name].transpose("area", "month").to_numpy().astype(float)
        start = max(0, after - publication_lag(panel[name]))
        rng = stream(seed, "leak", place)
        counts[:, start:] = rng.integers(1, 5000, counts[:, start:].shape)
        other[name] = (("area", "month"), counts, panel[name].attrs)
    return Panel(other)


def same(a: Futures, b: Futures) -> bool:
    """Return whether two forecasts are equal byte for byte."""
    names = list(a.data_vars)
    return names == list(b.data_vars) and all(
        np.array_equal(a[n].to_numpy(), b[n].to_numpy()) for n in names
    )


def require_blind(
    panel: Panel, model: Model, origin: str, horizons: list[int], *, seed: int = 1
) -> None:
    """Forecast from the panel as read and with its future replaced.

    Parameters
    ----------
    panel : Panel, dims (area, month), counts
        All months, those after the origin too.
    model : Model
    origin : str
        Last month seen.
    horizons : list of int

    Raises
    ------
    ModelError
        If the two forecasts differ: the model, or the way it is fed, sees the future.
    """
    plain, other = (
        forecast_from(p, model, origin, horizons, DRAWS, seed)
        for p in (panel, scrambled(panel, origin, seed))
    )
    if not same(plain, other):
        raise ModelError(leaked(model.name, origin))


def leaked(model: str, origin: str) -> str:
    """Return what is said of a forecast that knew its future."""
    return (
        f"leak: the forecast of {model} from {origin} changes when the months after {origin} are "
        "replaced; wanted a model that sees nothing after its origin"
    )
