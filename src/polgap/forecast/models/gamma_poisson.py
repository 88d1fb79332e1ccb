"""Gamma-Poisson: each area's own rate, drawn towards the theatre's by how little is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from polgap.domain import Futures, Panel
from polgap.forecast._half_life import KNOTS, MEMORY, Knots, weigh
from polgap.forecast._past import Array, Past, futures, require_horizons
from polgap.forecast._ranks import couple
from polgap.forecast._resample import Resampled, weigh_all

SPREAD_MONTHS = 3.0
"""Violent months that an area must show before half of its own spread is believed."""


@dataclass(frozen=True)
class GammaPoisson:
    """Empirical-Bayes negative binomial with fading memory.

    The rate of an area has a gamma prior with the mean and spread of all areas' rates; its own
    months, faded by age and discounted for over-dispersion, update it. A month is Poisson around
    a gamma variate, so months are as bursty as they were. Draws of the margins are then put in
    the order of joint past paths (`polgap.forecast._ranks.couple`).

    Parameters
    ----------
    knots : tuple of (horizon, half-life), months
    memory : int
        Months looked back at most.

    References
    ----------
    .. [1] Clayton and Kaldor (1987), Empirical Bayes estimates of age-standardized relative
       risks, Biometrics 43, 671-681.

    Examples
    --------
    >>> GammaPoisson().name
    'gamma_poisson'
    """

    knots: Knots = KNOTS
    memory: int = MEMORY

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "gamma_poisson"

    def fit(self, panel: Panel) -> _Fitted:
        """Return the model fitted to `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        fading = partial(weigh, self.knots, self.memory)
        return _Fitted(Resampled(Past.of(panel), fading, self.name))


@dataclass(frozen=True)
class _Fitted:
    paths: Resampled

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        asked = require_horizons(horizons, draws)
        past = self.paths.past
        weights = weigh_all(self.paths.weigh, asked, past.values.shape[2])
        shape, rate, size = posterior(past, weights)
        mean = _gamma(shape, draws, rng) / rate[..., None]
        level = _gamma(size, draws, rng) * mean / size[..., None]
        # Beyond the cap the draw is cut anyway; a Poisson draw needs a bounded rate.
        limit = 2.0 * past.cap()[:, :, None, None]
        margins = rng.poisson(np.minimum(level, limit)).astype(float)
        joint = couple(margins, self.paths.values(asked, draws, rng), rng)
        return futures(past, asked, joint, rng, self.paths.name)


def _gamma(shape: Array, draws: int, rng: np.random.Generator) -> Array:
    """Return standard gamma variates, one axis more; single precision is enough and faster."""
    wide = np.broadcast_to(shape[..., None], (*shape.shape, draws)).astype(np.float32)
    return rng.standard_gamma(wide, dtype=np.float32).astype(np.float64)


def posterior(past: Past, weights: Array) -> tuple[Array, Array, Array]:
    """Return shape and rate of each rate's gamma posterior, and the size of its months.

    Parameters
    ----------
    past : Past
    weights : array, shape (horizon, age), rows sum to 1

    Returns
    -------
    tuple of arrays, shape (variable, area, horizon)
        A month is Poisson(mean * Gamma(size) / size), mean ~ Gamma(shape) / rate.
    """
    faded = (weights / weights.max(axis=1, keepdims=True))[:, ::-1].T
    seen = past.seen.astype(float)
    counts = np.nan_to_num(past.values, nan=0.0)
    months, total = seen @ faded, counts @ faded
    square, violent = (counts**2) @ faded, (counts > 0) @ faded

    # One count in no month at all: silence so far is not a rate of zero.
    pooled = (total.sum(1, keepdims=True) + 0.5) / (months.sum(1, keepdims=True) + 1.0)
    mean = np.divide(total, months, out=np.zeros_like(total), where=months > 0)
    second = np.divide(square, months, out=np.zeros_like(total), where=months > 0)
    around = (total + pooled) / (months + 1.0)
    size = _size(mean, second, violent, around)
    burst = 1.0 + around / size
    between = _between(mean, months, burst, pooled)
    # An area above the others is drawn down only half way (in logarithms): few wars, long tail.
    prior = np.sqrt(pooled * np.maximum(pooled, around))
    shape = between + total / burst
    rate = between / prior + months / burst
    return shape, rate, size


def _size(mean: Array, second: Array, violent: Array, around: Array) -> Array:
    """Return the negative-binomial size by area, its inverse drawn towards a pooled law.

    The pooled law is Taylor's: the variance beyond Poisson grows as a power of the mean, so a
    steady war has a smaller relative spread than a place where violence flares up.
    """
    excess = np.maximum(second - mean**2 - mean, 0.0)
    own = np.divide(excess, mean**2, out=np.zeros_like(mean), where=mean > 1e-9)
    trust = violent / (violent + SPREAD_MONTHS)
    use = np.where(excess > 0, trust, 0.0)
    x, y = np.log(np.where(use > 0, mean, 1.0)), np.log(np.where(use > 0, own, 1.0))
    mass = use.sum(axis=1, keepdims=True) + 1e-9
    mid_x = (use * x).sum(axis=1, keepdims=True) / mass
    mid_y = (use * y).sum(axis=1, keepdims=True) / mass
    # A weak prior of one area a unit away keeps the slope in hand where few areas are violent.
    slope = (use * (x - mid_x) * (y - mid_y)).sum(axis=1, keepdims=True) / (
        (use * (x - mid_x) ** 2).sum(axis=1, keepdims=True) + 1.0
    )
    law = np.exp(mid_y + np.clip(slope, -1.0, 0.0) * (np.log(around) - mid_x))
    return np.asarray(1.0 / np.clip(trust * own + (1.0 - trust) * law, 0.01, 50.0))


def _between(mean: Array, months: Array, burst: Array, pooled: Array) -> Array:
    """Return the shape of the prior: the inverse squared spread of true rates over areas."""
    known = months > 0
    areas = known.sum(axis=1, keepdims=True)
    noise = np.divide(burst * pooled, months, out=np.zeros_like(mean), where=known)
    off = np.where(known, (mean - pooled) ** 2 - noise, 0.0).sum(axis=1, keepdims=True)
    spread = np.divide(off, areas, out=np.zeros_like(off), where=areas > 0) / pooled**2
    return np.asarray(1.0 / np.clip(spread, 0.2, 20.0))
