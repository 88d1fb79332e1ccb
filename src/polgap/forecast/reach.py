"""Reach: a model that learns the horizons that are asked of it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from polgap.forecast.base import Model


def reaching(model: Model, nearest: int, farthest: int) -> Model:
    """Return the model, made to learn these horizons if it learns fewer.

    Parameters
    ----------
    model : Model
        Left as it is if it covers them, or needs to learn none; a model that learns horizons has
        the settings `nearest` (if it does not begin at 1) and `farthest`, a mixture has `parts`.
    nearest, farthest : int
        First and last horizon wanted, months.

    Examples
    --------
    >>> from polgap.forecast.models.quantile_forest import QuantileForest
    >>> reaching(QuantileForest(nearest=3, farthest=14), 1, 12).nearest
    1
    """
    recipe: Any = model
    settings = {f.name for f in fields(recipe)} if is_dataclass(recipe) else set()
    changed: Any = recipe
    if "parts" in settings:
        changed = replace(recipe, parts=tuple(reaching(p, nearest, farthest) for p in recipe.parts))
    else:
        # A model without `nearest` learns from 1.
        if getattr(recipe, "nearest", nearest) > nearest:
            changed = replace(changed, nearest=nearest)
        if getattr(recipe, "farthest", farthest) < farthest:
            changed = replace(changed, farthest=farthest)
    found: Model = changed
    return found
