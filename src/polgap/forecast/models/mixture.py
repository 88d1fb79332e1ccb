"""Mixture: several models, one of them drawn for each future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from polgap.domain import Futures, Panel
from polgap.forecast.base import Fitted, Model


@dataclass(frozen=True)
class Mixture:
    """Equal shares of several models; a whole path comes from one of them.

    Weights are equal on purpose: learnt weights fitted the last disaster and lost to equal ones
    on the VIEWS windows (forecasting.md 3).

    Parameters
    ----------
    parts : tuple of Model
    """

    parts: tuple[Model, ...]

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "mixture"

    def fit(self, panel: Panel) -> _Fitted:
        """Return every part fitted to `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        return _Fitted(tuple(part.fit(panel) for part in self.parts), self.name)


@dataclass(frozen=True)
class _Fitted:
    parts: tuple[Fitted, ...]
    name: str

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        # Draws that do not divide evenly go to parts drawn by chance.
        ends = np.arange(len(self.parts) + 1) * draws
        shares = np.diff((ends + rng.integers(len(self.parts))) // len(self.parts))
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
