"""Recalibrate: widen or narrow draws by what past forecasts of the same level missed.

Levels are those of the *forecast*: the outcome's level is not known when it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap import score

Array = NDArray[np.floating[Any]]

BINS = (0.0, 1.0, 5.0, 25.0, 100.0, 1000.0)
"""Lower edges of the forecast mean."""
ENOUGH = 100
"""Past cells a bin needs; one with fewer takes its lower neighbour's."""
POINTS = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True)
class Recalibration:
    """What each level of a forecast has to be read at to come true as often as it says.

    Parameters
    ----------
    read_at : array, shape (bin, point)
        For the levels `POINTS` of the recalibrated forecast, the level of the raw one.
    counts : array, shape (bin,)
        Past cells behind each bin.
    """

    read_at: Array
    counts: NDArray[np.int64]

    def apply(self, draws: Array) -> NDArray[np.int64]:
        """Return the draws at their recalibrated values, in the same order over draws.

        Ranks are kept, so paths and areas stay coupled as they were.

        Parameters
        ----------
        draws : array, shape (..., S), counts
        """
        size = draws.shape[-1]
        bins = _bin(draws.mean(axis=-1))
        order = np.argsort(draws, axis=-1, kind="stable")
        values = np.take_along_axis(draws, order, axis=-1).astype(float)
        own = (np.arange(size) + 0.5) / size
        levels = np.stack([np.interp(own, POINTS, row) for row in self.read_at])[bins]
        place = np.clip(np.rint(levels * size - 0.5), 0, size - 1).astype(int)
        out = np.empty_like(values)
        np.put_along_axis(out, order, np.take_along_axis(values, place, axis=-1), axis=-1)
        return np.asarray(np.rint(out), dtype=np.int64)


def learn(
    draws: Sequence[Array], actual: Sequence[Array], rng: np.random.Generator
) -> Recalibration:
    """Return the recalibration that past forecasts ask for.

    The level at which each past actual lay (randomised where draws tie) should be uniform; where
    it is not, its own distribution says how to read the forecast. A bin is believed as far as it
    is full: `ENOUGH` cells count half.

    Parameters
    ----------
    draws : sequence of array, shape (..., S)
        Past forecasts; none at all gives the identity.
    actual : sequence of array, shape (...); NaN = not known yet

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> narrow, outcome = rng.normal(50, 1, (400, 200)), rng.normal(50, 4, 400)
    >>> wider = learn([narrow], [outcome], rng).apply(narrow)
    >>> float(score.coverage(narrow, outcome)) < 0.4 < float(score.coverage(wider, outcome))
    True
    """
    identity = np.tile(POINTS, (len(BINS), 1))
    counts = np.zeros(len(BINS), dtype=np.int64)
    if not len(draws):
        return Recalibration(identity, counts)
    ranks, bins = [], []
    for past, seen in zip(draws, actual, strict=True):
        known = ~np.isnan(seen)
        cells, outcome = past[known], seen[known]
        below = (cells < outcome[:, None]).mean(axis=-1)
        equal = (cells == outcome[:, None]).mean(axis=-1)
        ranks.append(below + rng.random(len(outcome)) * equal)
        bins.append(_bin(cells.mean(axis=-1)))
    rank, place = np.concatenate(ranks), np.concatenate(bins)
    for b in range(len(BINS)):
        here = rank[place == b]
        counts[b] = here.size
        if here.size >= ENOUGH:
            trust = here.size / (here.size + ENOUGH)
            identity[b] = trust * score.quantile(here, POINTS) + (1.0 - trust) * POINTS
        elif b:
            identity[b] = identity[b - 1]
    return Recalibration(identity, counts)


def _bin(mean: Array) -> NDArray[np.int64]:
    return np.asarray(np.clip(np.digitize(mean, BINS) - 1, 0, len(BINS) - 1))
