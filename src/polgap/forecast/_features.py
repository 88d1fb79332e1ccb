"""What a series looked like up to each month: the features of the pooled forests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from polgap.forecast._past import Array

MEANS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Windows of mean counts, in months."""
VIOLENT = (6, 12, 36, 120)
"""Windows of the share of months with any count."""
SMALL = 0.5
"""Added before a ratio or logarithm: half a count, so that silence stays finite."""
FAR = 240
"""Months since the last count are not told apart beyond this."""


def features(counts: Array) -> tuple[Array, dict[str, int]]:
    """Return what was known of every area at every month, and where each feature stands.

    Nothing after a month enters its row. Months not observed are left out of means and shares.

    Parameters
    ----------
    counts : array, shape (area, month), NaN = not observed

    Returns
    -------
    array, shape (area, month, feature)
        Levels as log1p; ``r...`` are log ratios to the mean of twelve months, without a scale, so
        that a large war can learn from small ones.
    dict of name to place

    Examples
    --------
    >>> known, at = features(np.array([[0.0, 3.0, 1.0]]))
    >>> float(np.expm1(known[0, 2, at["m2"]]).round(6))
    2.0
    """
    seen = (~np.isnan(counts)).astype(float)
    values = np.nan_to_num(counts, nan=0.0)
    logs = np.log1p(values)
    found: dict[str, Array] = {}
    for window in MEANS:
        found[f"m{window}"] = _mean(values, seen, window)
    for window in (12, 60, 120):
        found[f"x{window}"] = _largest(values, window)
    mean_log = {window: _mean(logs, seen, window) for window in (3, 12, 36)}
    levels = {name: np.log1p(value) for name, value in found.items()}
    shares = {f"p{w}": _mean((values > 0).astype(float), seen, w) for w in VIOLENT}
    shares |= {f"b{w}": _mean((values >= 25).astype(float), seen, w) for w in (12, 60)}
    square = _mean(logs**2, seen, 12)
    other = {
        **{f"l{window}": value for window, value in mean_log.items()},
        "sd12": np.sqrt(np.maximum(square - mean_log[12] ** 2, 0.0)),
        **{f"s{level}": _since(values, level) for level in (1, 25, 200)},
        "seen": _sum(seen, 120),
    }
    base = np.log(found["m12"] + SMALL)
    ratios = {
        f"r_{name}": np.log(value + SMALL) - base for name, value in found.items() if name != "m12"
    }
    ratios["r_3_6"] = np.log((found["m3"] + SMALL) / (found["m6"] + SMALL))
    ratios["r_l12"] = np.log(np.expm1(mean_log[12]) + SMALL) - base
    every = {**levels, **shares, **other, **ratios}
    return np.stack(list(every.values()), axis=-1), {n: i for i, n in enumerate(every)}


def _sum(values: Array, window: int) -> Array:
    """Return the sum of the last `window` months, fewer at the start."""
    total = np.cumsum(values, axis=1)
    out = total.copy()
    out[:, window:] -= total[:, :-window]
    return out


def _mean(values: Array, seen: Array, window: int) -> Array:
    return np.asarray(_sum(values * seen, window) / np.maximum(_sum(seen, window), 1.0))


def _largest(values: Array, window: int) -> Array:
    padded = np.concatenate([np.zeros((len(values), window - 1)), values], axis=1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, window, axis=1).max(-1))


def _since(values: Array, level: int) -> Array:
    """Return log1p of the months since a count of at least `level`."""
    months: NDArray[np.int64] = np.arange(values.shape[1])
    last = np.maximum.accumulate(np.where(values >= level, months, -FAR), axis=1)
    return np.asarray(np.log1p(np.minimum(months - last, FAR)))
