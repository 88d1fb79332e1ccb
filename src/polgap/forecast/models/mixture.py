"""Mixture: several models, one of them drawn for each future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from polgap.domain import Futures, Panel
from polgap.forecast._made_of import COLUMNS, Explained, mixed
from polgap.forecast.base import Fitted, Model


@dataclass(frozen=True)
class Mixture:
    """Shares of several models, equal unless said; a whole path comes from one of them.

    Weights are not learnt, on purpose: learnt weights fitted the last disaster and lost to equal
    ones on the VIEWS windows (forecasting.md 3).

    Parameters
    ----------
    parts : tuple of Model
    weights : tuple of int
        Shares of the parts, whole numbers; empty: equal.
    label : str
        Its name in the registry.
    """

    parts: tuple[Model, ...]
    weights: tuple[int, ...] = ()
    label: str = "mixture"

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return self.label

    def fit(self, panel: Panel) -> _Fitted:
        """Return every part fitted to `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        weights = self.weights or (1,) * len(self.parts)
        return _Fitted(tuple(part.fit(panel) for part in self.parts), weights, self.name)


@dataclass(frozen=True)
class _Fitted:
    parts: tuple[Fitted, ...]
    weights: tuple[int, ...]
    name: str

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        # Draws that do not divide evenly go to parts drawn by chance.
        whole = sum(self.weights)
        ends = np.cumsum([0, *self.weights]) * draws
        shares = np.diff((ends + rng.integers(whole)) // whole)
        given = [
            part.sample(horizons, int(share), rng)
            for part, share in zip(self.parts, shares, strict=True)
            if share
        ]
        order = rng.permutation(draws)
        first = given[0]
        names = [str(name) for name in first.data_vars]
        joined = {
            name: (
                first[name].dims,
                np.concatenate([g[name].to_numpy() for g in given], axis=2)[:, :, order],
                first[name].attrs,
            )
            for name in names
        }
        capped = sum(int(g.attrs["capped"]) for g in given)
        coords = {"area": first["area"], "month": first["month"], "draw": np.arange(draws)}
        attrs = {**first.attrs, "model": self.name, "capped": capped}
        return Futures(xr.Dataset(joined, coords=coords, attrs=attrs))

    def made_of(self, area: int, horizon: int, variable: int = 0) -> pd.DataFrame:
        """Return the past cases of the parts that rest on cases, by their shares.

        See `polgap.forecast._made_of.Explained`. A part that draws from a law has none.
        """
        told = [
            (float(weight), part.made_of(area, horizon, variable))
            for part, weight in zip(self.parts, self.weights, strict=True)
            if isinstance(part, Explained)
        ]
        return mixed(told) if told else pd.DataFrame(columns=list(COLUMNS))
