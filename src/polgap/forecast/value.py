"""Value: what a forecast is worth to somebody who must provide for what comes.

Too few cost `short` a unit, too many cost `idle`: the cheapest provision is the quantile
``short / (short + idle)`` of what may come [1]_, and its expected cost is the quantile score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap import score
from polgap.forecast import challenge

Array = NDArray[np.floating[Any]]

LEVELS = (0.5, 0.7, 0.8, 0.9, 0.95)
"""Service levels: 0.8 means that one too few costs four times as much as one too many."""


def service_level(short: float, idle: float) -> float:
    """Return the quantile to provide for, from the cost of one too few and of one too many.

    References
    ----------
    .. [1] Arrow, Harris and Marschak (1951), Optimal inventory policy, Econometrica 19, 250-272.

    Examples
    --------
    >>> service_level(short=4.0, idle=1.0)
    0.8
    """
    return short / (short + idle)


def cost(draws: Array, actual: Array, levels: Sequence[float] = LEVELS) -> Array:
    """Return the cost of providing for a quantile of the draws, per unit of short + idle.

    Parameters
    ----------
    draws : array, shape (..., S)
    actual : array, shape (...)
    levels : sequence of float, service levels

    Returns
    -------
    array, shape (..., level)

    Examples
    --------
    >>> cost(np.array([[0.0, 10.0]]), np.array([10.0]), [0.5]).tolist()  # provides 5, short of 5
    [[2.5]]
    """
    provided = score.quantile(draws, list(levels))
    off = actual[..., None] - provided
    level = np.asarray(levels)
    return np.asarray(np.where(off >= 0, level * off, (level - 1.0) * off))


def costs(draws: Array, actual: Array) -> dict[str, Array]:
    """Return the cost by month, of the six-month sum and of the worst month of the year.

    Parameters
    ----------
    draws : array, shape (country, 12, draw), deaths
    actual : array, shape (country, 12)

    Returns
    -------
    dict of array, shape (country, cell, level)
    """
    first = draws[:, :6].sum(axis=1), actual[:, :6].sum(axis=1)
    worst = draws.max(axis=1), actual.max(axis=1)
    return {
        "month": cost(draws, actual),
        "sum6": cost(*first)[:, None],
        "peak12": cost(*worst)[:, None],
    }


def table(
    own: Sequence[Mapping[str, Array]], base: Sequence[Mapping[str, Array]], *, seed: int = 1
) -> list[dict[str, Any]]:
    """Return the expected cost of planning with the forecast over that with the baseline.

    Parameters
    ----------
    own, base : sequence of mapping, one a window
        From `costs`; the same countries in each.

    Returns
    -------
    list of dict
        quantity (month, sum6, peak12), level, n, ratio_cost with ``_low``, ``_high`` (90 %, whole
        countries resampled), ratio_cost_without_top10.
    """
    rows: list[dict[str, Any]] = []
    for quantity in own[0]:
        mine = np.concatenate([w[quantity] for w in own], axis=1)
        theirs = np.concatenate([w[quantity] for w in base], axis=1)
        weights = challenge.countries_resampled(len(mine), seed, "pooled")
        for i, level in enumerate(LEVELS):
            one, other = mine[..., i], theirs[..., i]
            rows.append(
                {"quantity": quantity, "level": level, "n": int(one.size)}
                | challenge.ratio("ratio_cost", one, other, weights)
                | challenge.without_hardest(one, other, weights, "ratio_cost")
            )
    return rows
