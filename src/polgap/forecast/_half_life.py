"""How fast the past fades, by horizon."""

from __future__ import annotations

import numpy as np

from polgap.forecast._past import Array

Knots = tuple[tuple[int, float], ...]

KNOTS: Knots = ((12, 6.0), (24, 24.0), (36, 60.0))
"""Half-life in months at horizons 12, 24 and 36 (forecasting.md 5)."""
MEMORY = 120
"""Months looked back at most."""


def half_life(horizon: int, knots: Knots = KNOTS) -> float:
    """Return the half-life in months at a horizon; flat outside the knots.

    Examples
    --------
    >>> [round(half_life(h), 1) for h in (1, 12, 18, 24, 36)]
    [6.0, 6.0, 12.0, 24.0, 60.0]
    """
    at, lives = zip(*knots, strict=True)
    return float(np.exp(np.interp(horizon, at, np.log(lives))))


def weigh(knots: Knots, memory: int, horizon: int, ages: Array) -> Array:
    """Return the weights of past months; age 0, the origin, weighs 1."""
    return np.asarray(np.where(ages < memory, 2.0 ** (-ages / half_life(horizon, knots)), 0.0))
