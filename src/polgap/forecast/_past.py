"""The past as numpy: counts by variable, area and month, and what was observed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap.domain import KINDS, Futures, Panel, is_covariate, month_label, month_number
from polgap.errors import ModelError

Array = NDArray[np.float64]

CAP_FACTOR = 3.0
"""A draw stays below this many times the worst month on record (own or pooled 99.9 %)."""
CAP_MONTHS = 120
"""Months of the record that set the cap."""
MOST = 1e9
"""A larger count in one area and month is an error of the source."""


@dataclass(frozen=True)
class Past:
    """Counts that a model learns from.

    Parameters
    ----------
    values : array, shape (variable, area, month), counts; NaN = not observed
    variables, areas : sequence of labels
    last : int
        Month number of the last month, the origin.
    """

    values: Array
    variables: tuple[str, ...]
    areas: tuple[Any, ...]
    last: int

    @classmethod
    def of(cls, panel: Panel) -> Past:
        """Return the count variables of `panel` as one array, checked.

        Raises
        ------
        ModelError
            If months are missing or out of order, a count is negative or beyond reason, or a
            variable was never observed.
        """
        names = [str(n) for n, v in panel.data_vars.items() if _counts(v)]
        if not names or panel.sizes["area"] == 0 or panel.sizes["month"] == 0:
            raise ModelError("panel: got no counts, areas or months; wanted at least one of each")
        numbers = [month_number(str(m)) for m in panel["month"].values]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise ModelError("panel: got months with gaps or out of order; wanted every month once")
        values = np.stack(
            [panel[n].transpose("area", "month").to_numpy().astype(float) for n in names]
        )
        wrong = int(((values < 0) | (values > MOST)).sum())
        if wrong:
            raise ModelError(f"panel: got {wrong} counts outside 0 to {MOST:g}; wanted counts")
        silent = [n for n, v in zip(names, values, strict=True) if np.isnan(v).all()]
        if silent:
            raise ModelError(f"panel: {silent} never observed; wanted at least one area-month")
        return cls(values, tuple(names), tuple(panel["area"].values.tolist()), numbers[-1])

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Whether a count was observed, shape (variable, area, month)."""
        return ~np.isnan(self.values)

    def cap(self) -> Array:
        """Return the largest count that a draw may take, shape (variable, area).

        `CAP_FACTOR` times the larger of the area's own worst month in ten years and the pooled
        99.9 % point of all areas: a draw outside any precedent is a fault of the model, not a
        warning. At least `CAP_FACTOR`, so that silence so far is not read as safety.
        """
        recent = np.nan_to_num(self.values[:, :, -CAP_MONTHS:], nan=0.0)
        own = recent.max(axis=2)
        pooled = np.quantile(recent.reshape(len(recent), -1), 0.999, axis=1)
        worst = np.maximum(own, pooled[:, None])
        return np.asarray(CAP_FACTOR * np.maximum(np.ceil(worst), 1.0))


def _counts(variable: xr.DataArray) -> bool:
    plain = variable.dtype.kind in "fiu" and set(variable.dims) == {"area", "month"}
    return plain and not is_covariate(variable)


def futures(
    past: Past, horizons: Sequence[int], draws: Array, rng: np.random.Generator, model: str
) -> Futures:
    """Return labelled draws inside the guard rails.

    Fractions (a source may spread one event over months) are rounded up or down by chance, so
    that sums stay right; counts above the cap are cut and counted in ``attrs["capped"]``; a month
    with deaths gets at least one event.

    Parameters
    ----------
    past : Past
    horizons : sequence of int
    draws : array, shape (variable, area, horizon, draw), counts
        Used up: it may be overwritten.
    """
    cap = past.cap()[:, :, None, None]
    above = draws > cap
    capped = int(above.sum())
    if capped:
        np.minimum(draws, cap, out=draws)
    whole = np.floor(draws)
    if (draws != whole).any():
        whole = np.floor(draws + rng.random(draws.shape))
    counts = dict(zip(past.variables, whole.astype(np.int64), strict=True))
    deaths = [counts[kind] for kind in KINDS if kind in counts]
    if "events" in counts and deaths:
        lethal = np.logical_or.reduce([d > 0 for d in deaths])
        np.maximum(counts["events"], lethal, out=counts["events"])
    units = {name: "deaths" if name in KINDS else "events" for name in counts}
    found = xr.Dataset(
        {n: (("area", "month", "draw"), c, {"units": units[n]}) for n, c in counts.items()},
        coords={
            "area": list(past.areas),
            "month": [month_label(past.last + h) for h in horizons],
            "draw": np.arange(draws.shape[3]),
        },
        attrs={"origin": month_label(past.last), "model": model, "capped": capped},
    )
    return Futures(found)


def require_horizons(horizons: Sequence[int], draws: int) -> list[int]:
    """Return the horizons as a list.

    Raises
    ------
    ModelError
        If they do not rise from 1, or no draw is asked for.
    """
    asked = [int(h) for h in horizons]
    rising = all(a < b for a, b in pairwise(asked))
    if not asked or asked[0] < 1 or not rising:
        raise ModelError(f"horizons: got {asked}; wanted rising whole months from 1")
    if draws < 1:
        raise ModelError(f"draws: got {draws}; wanted at least 1")
    return asked
