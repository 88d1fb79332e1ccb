"""Covariates: series beside the counts, each seen only once it had been published.

A covariate is a variable of the panel that is never forecast. It carries its publication lag:
the figure of a month is known that many months later. A yearly index that appears in September
of the next year, filed under the first month of its year, has a lag of 20 months.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from polgap.domain import Panel, is_covariate, publication_lag
from polgap.errors import ModelError
from polgap.forecast._past import Array

YEAR = 12


def with_covariates(
    panel: Panel, series: Mapping[str, xr.DataArray], lags: Mapping[str, int]
) -> Panel:
    """Return the panel with covariates beside its counts.

    Parameters
    ----------
    panel : Panel, dims (area, month), counts
    series : mapping of name to DataArray, dims (area, month)
        Any units; areas and months that the panel lacks are left out, those it has and the series
        lacks are NaN.
    lags : mapping of name to months
        Publication lag of each series: 0, the figure of a month is known in that month.

    Raises
    ------
    ModelError
        If a series has no lag, a negative one, or the name of a count.

    Examples
    --------
    >>> labels = {"area": ["a"], "month": ["2020-01", "2020-02"]}
    >>> counts = xr.Dataset({"events": (("area", "month"), [[1.0, 2.0]])}, coords=labels)
    >>> price = xr.DataArray([[7.0, 8.0]], coords=labels, dims=("area", "month"))
    >>> known = with_covariates(Panel(counts), {"price": price}, {"price": 1})
    >>> list(known.data_vars), known["price"].attrs["publication_lag"]
    (['events', 'price'], 1)
    """
    taken = sorted(set(series) & {str(n) for n in panel.data_vars})
    if taken:
        raise ModelError(f"covariates: got {taken}, names of counts; wanted other names")
    wrong = sorted(n for n in series if lags.get(n, -1) < 0)
    if wrong:
        raise ModelError(
            f"covariates: got no publication lag for {wrong}; wanted whole months from 0 for each"
        )
    months = {"area": panel["area"], "month": panel["month"]}
    added = {
        name: values.transpose("area", "month").reindex(months).astype(float)
        .assign_attrs(publication_lag=int(lags[name]))
        for name, values in series.items()
    }  # fmt: skip
    return Panel(panel.assign(added))


def known_series(panel: Panel) -> tuple[Array, list[str]]:
    """Return what of each covariate was published by each month, as features.

    For every covariate the last published figure (carried forward), its change on the figure
    twelve months older, and whether any was published yet. Before the first figure all are 0.

    Returns
    -------
    array, shape (area, month, feature)
    names : list of str, one a feature, beginning with ``c_``

    Raises
    ------
    ModelError
        If the panel holds no covariate.
    """
    found, names = [], []
    for name, variable in panel.data_vars.items():
        if not is_covariate(variable):
            continue
        values = variable.transpose("area", "month").to_numpy().astype(float)
        last = _carried(_later(values, publication_lag(variable)))
        change = last - _later(last, YEAR)
        known = ~np.isnan(last)
        found += [np.nan_to_num(last), np.nan_to_num(change), known.astype(float)]
        names += [f"c_{name}", f"c_{name}_change", f"c_{name}_known"]
    if not found:
        raise ModelError("covariates: got a panel without any; wanted at least one series")
    return np.stack(found, axis=-1), names


def _later(values: Array, months: int) -> Array:
    """Return values moved later by some months, NaN before the first."""
    moved = np.full_like(values, np.nan)
    moved[:, months:] = values[:, : values.shape[1] - months]
    return moved


def _carried(values: Array) -> Array:
    """Return values with each gap filled by the last figure before it."""
    months = np.where(np.isnan(values), -1, np.arange(values.shape[1]))
    last = np.maximum.accumulate(months, axis=1)
    filled = np.take_along_axis(values, np.maximum(last, 0), axis=1)
    return np.where(last < 0, np.nan, filled)
