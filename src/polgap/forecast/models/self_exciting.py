"""Self-exciting: violence that breeds violence, in the same place and next door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from polgap.domain import Futures, Panel
from polgap.forecast._half_life import KNOTS, MEMORY, weigh
from polgap.forecast._past import Array, Past, futures, require_horizons
from polgap.forecast._ranks import couple
from polgap.forecast._resample import Resampled

LEARNT = 180
"""Months learnt from."""
WARM_UP = 6
"""Months of memory before the first month learnt from."""
SIZES = (0.02, 50.0)
"""Bounds of the negative-binomial size of a month."""
ROUNDS, FLAT = 30, 1e-6
"""The law moves no forecast any more long before the likelihood is flat to the last digit."""
FAR = 12.0
"""Distance from its prior mean, on the log scale, beyond which no step of the search may go."""
QUIET = 0.01
"""Memory, counts a month, up to which silent months are taken for one another."""
STABLE = 0.97
"""Sum of all feedback from which it is penalised: beyond 1 violence would explode."""


@dataclass(frozen=True)
class SelfExciting:
    """Counts whose mean is a base plus fading sums of past counts, own and of neighbours.

    ``mean = base + sum_k a_k x own memory_k + g x neighbours' memory``, one law for all areas
    (shared strength); a memory is the mean of past months, fading with its half-life [1]_. A
    month is negative binomial about its mean; its size follows a power of the mean, so that a
    steady war is relatively less bursty than a place where violence flares up. Paths are played
    forward month by month: what is drawn in one month excites the next. Neighbours are known where
    the panel has the coordinates `lon` and `lat` of its areas; without them that term is off.

    Parameters
    ----------
    half_lives : tuple of float, months
        Of the own memories.
    beside : float, months
        Half-life of the memory of neighbours.
    nearest : int
        Areas that count as neighbours, by distance.

    References
    ----------
    .. [1] Hawkes (1971), Spectra of some self-exciting and mutually exciting point processes,
       Biometrika 58, 83-90; in months, as an autoregression of counts: Fokianos, Rahbek and
       Tjostheim (2009), Poisson autoregression, JASA 104, 1430-1439.

    Examples
    --------
    >>> SelfExciting().name
    'self_exciting'
    """

    half_lives: tuple[float, ...] = (1.0, 4.0, 16.0, 60.0)
    beside: float = 2.0
    nearest: int = 6

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "self_exciting"

    def fit(self, panel: Panel) -> _Fitted:
        """Return the model fitted to `panel` by penalised likelihood, a law for each variable.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        past = Past.of(panel)
        near = _neighbours(panel, self.nearest)
        laws = tuple(self._law(counts, near) for counts in past.values)
        paths = Resampled(past, partial(weigh, KNOTS, MEMORY), self.name)
        return _Fitted(self, paths, near, laws)

    def fading(self) -> Array:
        """Return what is left of each memory after a month; the last is the neighbours'."""
        return np.asarray(0.5 ** (1.0 / np.array([*self.half_lives, self.beside])))

    def _law(self, counts: Array, near: Array) -> _Law:
        memory, ready = _memories(counts, near, self.fading())
        first = max(min(WARM_UP, counts.shape[1] - 1), counts.shape[1] - LEARNT)
        known = ready[:, :-1] & ~np.isnan(counts[:, 1:])
        known[:, :first] = False
        rows = memory[:, :, :-1][:, known].T
        return _fit(rows, counts[:, 1:][known])


@dataclass(frozen=True)
class _Law:
    """Base, feedback of each memory, and the logarithm of size at mean 1 with its slope."""

    base: float
    feedback: Array
    size: tuple[float, float]

    def sizes(self, mean: Array) -> Array:
        """Return the negative-binomial size of a month with this mean."""
        at, slope = self.size
        return np.asarray(np.exp(np.clip(at + slope * np.log(mean), *np.log(SIZES))))


@dataclass(frozen=True)
class _Fitted:
    model: SelfExciting
    paths: Resampled
    near: Array = field(repr=False)
    laws: tuple[_Law, ...]

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        asked = require_horizons(horizons, draws)
        past = self.paths.past
        limit = 2.0 * past.cap()
        margins = np.stack([
            self._play(v, asked, draws, limit[v], rng) for v in range(len(self.laws))
        ])  # fmt: skip
        joint = couple(margins, self.paths.values(asked, draws, rng), rng)
        return futures(past, asked, joint, rng, self.model.name)

    def _play(
        self, v: int, horizons: list[int], draws: int, limit: Array, rng: np.random.Generator
    ) -> Array:
        """Return counts played forward month by month, shape (area, horizon, draw)."""
        law, fading = self.laws[v], self.model.fading()
        counts = self.paths.past.values[v]
        total, mass = _state(counts, fading)
        # A place never observed begins where all others are on average.
        seen = mass[:-1].max(axis=0) > 0
        average = np.divide(total.sum(1), mass.sum(1), out=np.zeros(len(fading)),
                            where=mass.sum(1) > 0)  # fmt: skip
        own = np.where(seen, np.divide(total, mass, out=np.zeros_like(total), where=mass > 0),
                       average[:, None])  # fmt: skip
        mass = np.where(seen, mass, 1.0)
        own = np.repeat(own[..., None], draws, axis=2)
        out = np.empty((len(counts), len(horizons), draws))
        for month in range(1, horizons[-1] + 1):
            excited = np.tensordot(law.feedback[:-1], own[:-1], axes=1)
            mean = law.base + excited + law.feedback[-1] * (self.near @ own[-1])
            mean = np.minimum(mean, limit[:, None])
            size = law.sizes(mean).astype(np.float32)
            level = rng.standard_gamma(size, dtype=np.float32) / size * mean
            drawn = rng.poisson(np.minimum(level, limit[:, None])).astype(float)
            if month in horizons:
                out[:, horizons.index(month)] = drawn
            grown = mass * fading[:, None] + 1.0
            share = (mass * fading[:, None] / grown)[..., None]
            own = own * share + drawn * (1.0 - share)
            mass = grown
        return out


def _neighbours(panel: Panel, nearest: int) -> Array:
    """Return the weight of each area's neighbours: rows sum to 1, or 0 where places are unknown."""
    areas = panel.sizes["area"]
    if not {"lon", "lat"} <= set(panel.coords) or areas < 2:
        return np.zeros((areas, areas))
    lat = np.radians(panel["lat"].to_numpy().astype(float))
    lon = np.radians(panel["lon"].to_numpy().astype(float))
    x = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    distance = 1.0 - x @ x.T
    np.fill_diagonal(distance, np.inf)
    order = np.argsort(distance, axis=1, kind="stable")[:, : min(nearest, areas - 1)]
    out = np.zeros((areas, areas))
    np.put_along_axis(out, order, 1.0 / order.shape[1], axis=1)
    return out


def _state(counts: Array, fading: Array) -> tuple[Array, Array]:
    """Return each memory's sum and mass at the last month, shape (memory, area)."""
    months = counts.shape[1]
    weight = fading[:, None] ** np.arange(months)[::-1]
    return weight @ np.nan_to_num(counts).T, weight @ (~np.isnan(counts)).astype(float).T


def _memories(counts: Array, near: Array, fading: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the memories at the end of each month, and where there is any.

    Returns
    -------
    memories : array, shape (memory, area, month)
        The last one is that of the neighbours.
    ready : array of bool, shape (area, month)
    """
    areas, months = counts.shape
    seen = (~np.isnan(counts)).astype(float)
    value = np.nan_to_num(counts)
    total, mass = np.zeros((2, len(fading), areas))
    out = np.zeros((len(fading), areas, months))
    ready = np.zeros((areas, months), dtype=bool)
    for t in range(months):
        total = total * fading[:, None] + value[:, t]
        mass = mass * fading[:, None] + seen[:, t]
        out[:, :, t] = np.divide(total, mass, out=np.zeros_like(total), where=mass > 0)
        ready[:, t] = mass[0] > 0
        out[-1, :, t] = near @ out[-1, :, t]
    return out, ready


def _fit(rows: Array, counts: Array) -> _Law:
    """Return the law most likely to have given `counts` from the memories in `rows`."""
    width = rows.shape[1]
    if not len(counts) or counts.sum() <= 0:
        return _Law(0.5 / (len(counts) + 1.0), np.full(width, 0.1), (0.0, 0.0))
    # Silence that is nearly the same is one row that counts often.
    silent = (rows.max(axis=1) <= QUIET) & (counts <= 0)
    x, y, weight = rows[~silent], np.round(counts[~silent]), np.ones(len(rows) - silent.sum())
    if silent.any():
        x = np.vstack([x, rows[silent].mean(axis=0)])
        y, weight = np.append(y, 0.0), np.append(weight, silent.sum())
    base = np.log(max(counts.mean(), 1e-6) * 0.1)
    centre = np.concatenate([[base], np.log(np.full(width, 0.9 / width)), [-1.0, 0.3]])
    loose = np.concatenate([[3.0], np.full(width, 1.5), [1.5, 0.5]])
    job = partial(_loss, x, y, weight, centre, loose)
    from scipy.optimize import Bounds, minimize

    found = minimize(
        job, centre, jac=True, method="L-BFGS-B", bounds=Bounds(centre - FAR, centre + FAR),
        options={"maxiter": ROUNDS, "ftol": FLAT},
    ).x  # fmt: skip
    return _Law(float(np.exp(found[0])), np.exp(found[1 : 1 + width]),
                (float(found[-2]), float(found[-1])))  # fmt: skip


def _loss(
    x: Array, y: Array, weight: Array, centre: Array, loose: Array, theta: Array
) -> tuple[float, Array]:
    """Return the penalised negative log likelihood and its gradient."""
    base, feedback = np.exp(theta[0]), np.exp(theta[1:-2])
    mean = base + x @ feedback
    log_mean = np.log(mean)
    log_size = theta[-2] + theta[-1] * log_mean
    inside = (log_size > np.log(SIZES[0])) & (log_size < np.log(SIZES[1]))
    size = np.exp(np.clip(log_size, *np.log(SIZES)))
    both = size + mean
    log = gammaln(y + size) - gammaln(size) - gammaln(y + 1.0)
    log += size * np.log(size / both) + y * (log_mean - np.log(both))
    by_size = digamma(y + size) - digamma(size) + np.log(size / both) + 1.0 - (size + y) / both
    by_size *= np.where(inside, size, 0.0) * weight
    by_mean = (y / mean - (size + y) / both) * weight + by_size * theta[-1] / mean
    over = max(0.0, float(feedback.sum()) - STABLE)
    step = (theta - centre) / loose
    loss = -float(weight @ log) + 0.5 * float(step @ step) + 1e3 * len(y) * over**2
    slope = np.concatenate([[by_mean.sum() * base], (x.T @ by_mean) * feedback,
                            [by_size.sum(), by_size @ log_mean]])  # fmt: skip
    gradient = -slope + step / loose
    gradient[1:-2] += 2e3 * len(y) * over * feedback
    return loss, gradient
