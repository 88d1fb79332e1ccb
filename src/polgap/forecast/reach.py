"""Reach: a model that learns the horizons that are asked of it."""

from __future__ import annotations

from dataclasses import replace

from polgap.forecast.base import Model
from polgap.forecast.models.mixture import Mixture
from polgap.forecast.models.quantile_forest import QuantileForest


def reaching(model: Model, nearest: int, farthest: int) -> Model:
    """Return the model, made to learn these horizons if it learns fewer.

    Parameters
    ----------
    model : Model
        Left as it is if it covers them, or needs to learn none.
    nearest, farthest : int
        First and last horizon wanted, months.

    Examples
    --------
    >>> reaching(QuantileForest(nearest=3, farthest=14), 1, 12).nearest
    1
    """
    if isinstance(model, Mixture):
        return replace(model, parts=tuple(reaching(p, nearest, farthest) for p in model.parts))
    if isinstance(model, QuantileForest) and not (
        model.nearest <= nearest and farthest <= model.farthest
    ):
        return replace(model, nearest=nearest, farthest=farthest)
    return model
