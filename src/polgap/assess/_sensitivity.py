"""Sobol indices: which share of a headline's variance goes back to which unknown.

The first-order index is the share that would go if one input were known and the rest stayed as
drawn; the total index is the share in which the input has any part, interplay included. Two
estimators, for two kinds of evidence:

- `given_data` reads first-order indices off the draws of the run itself: no extra run, every
  input at once. Totals cannot be had that way without a model of the model.
- `pick_freeze` has both, from runs in which one input at a time comes from a second sample.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters, stream

HARMONICS = 8
"""Cosines fitted to a headline sorted by an input: enough for a bend, few enough for 200 draws."""

_BLOCKS = 50
_RESAMPLES = 400
_EDGE = float(ndtri(0.9))


def varied(theta: Parameters) -> dict[str, FloatArray]:
    """Return the parameters that entered the run and varied: name -> values, shape (draw,)."""
    return {
        name: np.asarray(values, dtype=float)
        for name, values in theta.used.items()
        if values.size > 1 and float(np.ptp(values)) > 0
    }


def given_data(inputs: Mapping[str, FloatArray], headline: FloatArray) -> pd.DataFrame:
    """Return first-order Sobol indices from draws in which everything varies at once.

    The headline is sorted by an input and fitted with cosines (COSI [1]_); what `HARMONICS`
    cosines would fit of pure noise is taken off, so that the index of an input without influence
    is zero on average, and may come out a little below. The interval is that of a jackknife over
    blocks of draws.

    Parameters
    ----------
    inputs : Mapping[str, array of shape (draw,)]
        Independent of each other.
    headline : array, shape (draw,)

    Returns
    -------
    pd.DataFrame
        name, first, first_low, first_high (10 and 90 %); in the order of `inputs`. Zero
        throughout where the headline does not vary.

    References
    ----------
    .. [1] Plischke (2012), How to compute variance-based sensitivity indicators with your
       spreadsheet software, Environmental Modelling & Software 35, 188-191.

    Examples
    --------
    >>> a, b = np.random.default_rng(1).random((2, 2000))
    >>> given_data({"a": a, "b": b}, 3 * a + b)["first"].round(1).tolist()
    [0.9, 0.1]
    """
    values = np.asarray(headline, dtype=float)
    rows = []
    for name, drawn in inputs.items():
        index, error = _cosine_share(np.asarray(drawn, dtype=float), values)
        low, high = index - _EDGE * error, index + _EDGE * error
        rows.append((name, index, max(0.0, low), min(1.0, max(0.0, high))))
    return pd.DataFrame(rows, columns=["name", "first", "first_low", "first_high"])


def _cosine_share(drawn: FloatArray, values: FloatArray) -> tuple[float, float]:
    """Return the share of variance that cosines in the rank of an input explain, and its error."""
    count = len(values)
    if count < 3 * HARMONICS or float(np.ptp(values)) <= 0 or float(np.ptp(drawn)) <= 0:
        return 0.0, 0.0
    rank = np.empty(count)
    rank[np.argsort(drawn, kind="stable")] = (np.arange(count) + 0.5) / count
    waves = np.sqrt(2.0) * np.cos(np.pi * rank[:, None] * np.arange(1, HARMONICS + 1))
    block = np.arange(count) % min(_BLOCKS, count)
    whole = _sums(waves, values)
    parts = [_sums(waves[block == b], values[block == b]) for b in range(block.max() + 1)]
    without = np.array([_share(whole - part) for part in parts])
    spread = float(((without - without.mean()) ** 2).sum())
    return _share(whole), float(np.sqrt(spread * (len(parts) - 1) / len(parts)))


def _sums(waves: FloatArray, values: FloatArray) -> FloatArray:
    """Return count, sum and sum of squares of the values, then sums of waves and of products."""
    plain = [float(len(values)), float(values.sum()), float((values**2).sum())]
    return np.concatenate([plain, waves.sum(axis=0), values @ waves])


def _share(sums: FloatArray) -> float:
    """Return the share of variance explained, less what as many waves fit of noise."""
    count, total, squares = sums[:3]
    waves, products = sums[3 : 3 + HARMONICS], sums[3 + HARMONICS :]
    variance = squares / count - (total / count) ** 2
    slopes = products / count - waves / count * total / count
    fitted = float((slopes**2).sum()) / variance if variance > 0 else 0.0
    return float(1.0 - (1.0 - fitted) * (count - 1) / (count - 1 - HARMONICS))


def pick_freeze(
    base: FloatArray, other: FloatArray, mixed: Mapping[str, FloatArray], *, seed: int = 1
) -> pd.DataFrame:
    """Return first-order and total Sobol indices from two runs and their mixtures.

    First order after Saltelli and colleagues [1]_, whose error shrinks with the index; total
    after Jansen [2]_, a mean of squares, never negative. Intervals by resampling the draws.

    Parameters
    ----------
    base, other : array, shape (draw,)
        The headline with all inputs from a first and from a second, independent sample.
    mixed : Mapping[str, array of shape (draw,)]
        By input: the headline of the first sample with that input alone from the second.
    seed : int
        Of the resampling.

    Returns
    -------
    pd.DataFrame
        name, first, first_low, first_high, total, total_low, total_high (10 and 90 %).

    References
    ----------
    .. [1] Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer
       Physics Communications 181, 259-270, formula (b) of table 2.
    .. [2] Jansen (1999), Analysis of variance designs for model output, Computer Physics
       Communications 117, 35-43.

    Examples
    --------
    >>> a, b = np.random.default_rng(1).random((2, 2, 4000))
    >>> model = lambda x, y: x * y
    >>> found = pick_freeze(model(*a), model(*b), {"x": model(b[0], a[1]), "y": model(a[0], b[1])})
    >>> found[["first", "total"]].round(1).values.tolist()
    [[0.4, 0.6], [0.4, 0.6]]
    """
    one, two = np.asarray(base, dtype=float), np.asarray(other, dtype=float)
    middle = float(np.concatenate([one, two]).mean())
    one, two = one - middle, two - middle
    weights = _resampled(len(one), seed)
    count = weights.sum(axis=1)
    mean = weights @ (one + two) / (2 * count)
    variance = weights @ (one**2 + two**2) / (2 * count) - mean**2
    rows = []
    for name, swapped in mixed.items():
        change = np.asarray(swapped, dtype=float) - middle - one
        first = _over(weights @ (two * change) / count, variance)
        total = _over(weights @ (change**2) / (2 * count), variance)
        rows.append((name, *_ends(first), *_ends(total)))
    columns = ["name", *(f"{k}{end}" for k in ("first", "total") for end in ("", "_low", "_high"))]
    return pd.DataFrame(rows, columns=columns)


def _resampled(count: int, seed: int) -> FloatArray:
    """Return weights of the draws: all once, then as resampled; shape (resample, draw)."""
    picked = stream(seed, "sensitivity").integers(count, size=(_RESAMPLES, count))
    weights = np.stack([np.bincount(row, minlength=count) for row in picked]).astype(float)
    return np.concatenate([np.ones((1, count)), weights])


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _ends(found: FloatArray) -> tuple[float, float, float]:
    """Return the estimate (first row) and its 10 and 90 % points over the resamples."""
    low, high = np.quantile(found[1:], [0.1, 0.9]).tolist()
    return float(found[0]), float(low), float(high)
