"""Concurrent incidents: how many are going on at once, and what a cluster of areas pools.

Incidents arrive at the rate of the draw's own month and bind police for a while; the number going
on at a moment is then Poisson with mean arrivals x duration (M/G/infinity), whatever the law of
the durations. An area holds the median itself; the surge up to the 95 % point is shared by the
areas within reach of each other.
"""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.special import gammaincinv

from polgap.domain.cubes import FloatArray, IntArray

HOURS_PER_MONTH = 730.5
PEAK = 0.95
"""Level of the peak that police must be ready for."""

_FAR = 1e6


def poisson_quantile(mean: FloatArray, level: float) -> FloatArray:
    """Return the quantile of Poisson laws, exactly and fast.

    The quantile steps from k to k + 1 where ``P(X <= k) = level``, a known mean for each k; so it
    is a look-up among those means (20 times faster than solving each cell).

    Parameters
    ----------
    mean : array, any shape, mean number of incidents
    level : float, in (0, 1)

    Examples
    --------
    >>> poisson_quantile(np.array([0.0, 0.6, 0.7, 10.0]), 0.5).tolist()
    [0.0, 0.0, 1.0, 10.0]
    """
    largest = float(mean.max(initial=0.0))
    last = int(np.ceil(largest + 6.0 * np.sqrt(largest) + 10.0))
    steps = gammaincinv(np.arange(1.0, last + 1.0), 1.0 - level)
    return np.searchsorted(steps, mean, side="left").astype(np.float64)


def clusters(hours: FloatArray, reach: float) -> IntArray:
    """Return the cluster of each area: within one, all are within `reach` of each other.

    Complete linkage on the slower direction of travel, so that no chain of short hops makes a
    cluster that no unit can cover.

    Parameters
    ----------
    hours : array, shape (area, area), hours of travel
    reach : float, hours

    Returns
    -------
    array of int, shape (area,), numbered from 0

    Examples
    --------
    >>> hours = np.array([[0.0, 3.0, 6.0], [3.0, 0.0, 3.5], [6.0, 3.5, 0.0]])
    >>> clusters(hours, 4.0).tolist()
    [0, 0, 1]
    """
    if len(hours) < 2:
        return np.zeros(len(hours), dtype=np.int64)
    slower = np.nan_to_num(np.maximum(hours, hours.T), nan=_FAR, posinf=_FAR)
    np.fill_diagonal(slower, 0.0)
    label = fcluster(linkage(squareform(slower, checks=False), "complete"), reach, "distance")
    _, number = np.unique(label, return_inverse=True)
    return np.asarray(number, dtype=np.int64)


def held(
    mean: FloatArray, group: IntArray, each: FloatArray | float = 1.0
) -> tuple[FloatArray, float]:
    """Return incidents each area must be ready for at once, and what pooling saves.

    Base = median, peak = 95 %; the pooled surge of a cluster, ``max(0, 95 % of the cluster - sum
    of bases)``, is shared by ``peak - base``. Where no area has a peak of its own but the cluster
    has one, it is shared by the mean number of incidents. One cluster is worked on at a time, so
    that only the result is as large as the theatre.

    Parameters
    ----------
    mean : array, shape (area, month or 1, draw)
        Mean number of incidents going on at once (arrivals x duration), over `each`.
    group : array of int, shape (area,)
        Cluster of each area.
    each : float or array, shape (draw,)
        Multiplies `mean`.

    Returns
    -------
    incidents : array of float32, shape of `mean`
        Base plus share of the pooled surge.
    ratio : float
        Sum of peaks over pooled peaks, all areas, months and draws; 1 where nothing is pooled,
        NaN where nothing happens.

    Examples
    --------
    >>> alone, _ = held(np.full((2, 1, 1), 2.0), np.array([0, 1]))
    >>> together, ratio = held(np.full((2, 1, 1), 2.0), np.array([0, 0]))
    >>> alone.ravel().tolist(), together.ravel().tolist(), ratio
    ([5.0, 5.0], [4.0, 4.0], 1.25)
    """
    incidents = np.empty(mean.shape, dtype=np.float32)
    peaks = pooled_peaks = 0.0
    for number in range(int(group.max(initial=-1)) + 1):
        inside = np.flatnonzero(group == number)
        here = mean[inside] * each
        base, peak = poisson_quantile(here, 0.5), poisson_quantile(here, PEAK)
        pooled = peak[0] if len(here) == 1 else poisson_quantile(here.sum(axis=0), PEAK)
        own = base.sum(axis=0)
        surge = np.maximum(0.0, pooled - own)
        peaks += float(peak.sum())
        pooled_peaks += float(np.maximum(pooled, own).sum())
        weight = peak - base
        weight = np.where(weight.sum(axis=0) > 0, weight, here)
        whole = weight.sum(axis=0)
        incidents[inside] = base + weight * (surge / np.where(whole > 0, whole, 1.0))
    return incidents, peaks / pooled_peaks if pooled_peaks > 0 else float("nan")
