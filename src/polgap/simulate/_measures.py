"""Measures: what a decision maker compares, from the paths of the futures."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.score import quantile
from polgap.simulate._kernel import Path

Array = NDArray[np.floating[Any]]

UNITS = {
    "unmet_need": "officer-months",
    "civilian_deaths": "deaths",
    "all_deaths": "deaths",
    "months_below_floor": "share of area-months",
    "people_covered": "share of population-months",
    "cost": "USD",
    "host_effective_end": "officers",
    "trust_end": "0 to 1",
    "misconduct": "area-months with an incident",
    "harmful_share": "share of futures",
}
"""Units of the measures, in the order they are printed."""

FLOOR = 0.5
"""Cover below which an area counts as not policed."""

COVERED = 0.8
"""Cover from which the people of an area count as covered."""

_Z80 = 1.2815515655446004


def totals(path: Path, cost: Array, population: Array) -> dict[str, Array]:
    """Return the measures of one option, each of shape (draw,).

    Parameters
    ----------
    path : Path
    cost : array, shape (draw,), USD
    population : array, shape (area, draw or 1), persons
    """
    cover, trust = path.of["cover"], path.of["trust"][-1]
    people = np.broadcast_to(np.maximum(population, 1e-9), trust.shape)
    inhabitants = people.sum(axis=0)
    months = len(cover)
    return {
        "unmet_need": _sum(path.of["unmet_need"]),
        "civilian_deaths": _sum(path.of["civilian_deaths"]),
        "all_deaths": _sum(path.of["all_deaths"]),
        "months_below_floor": (cover < FLOOR).mean(axis=(0, 1)),
        "people_covered": (people * (cover >= COVERED)).sum(axis=(0, 1)) / (inhabitants * months),
        "cost": cost.astype(float),
        "host_effective_end": path.of["host_effective"][-1].sum(axis=0, dtype=float),
        "trust_end": (people * trust).sum(axis=0) / inhabitants,
        "misconduct": _sum(path.of["misconduct"]),
    }


def rows_of(
    option: str, part: str, measured: Mapping[str, Array], beta: Array
) -> list[dict[str, Any]]:
    """Return the rows of contracts.md 2 ("outcome") of one option and one part.

    The interval of a measure is its 10, 50 and 90 % quantile over the futures; that of the
    harmful share is the Wilson interval of a share counted in that many futures.

    Parameters
    ----------
    option, part : str
    measured : Mapping
        From `totals`.
    beta : array, shape (draw,)
        Drawn effects; above zero police make things worse.
    """
    spread = {name: quantile(v, [0.1, 0.5, 0.9]).tolist() for name, v in measured.items()}
    spread["harmful_share"] = list(wilson(int((beta > 0).sum()), len(beta)))
    return [
        {
            "option": option,
            "measure": name,
            "part": part,
            "units": units,
            "low": spread[name][0],
            "mid": spread[name][1],
            "high": spread[name][2],
        }
        for name, units in UNITS.items()
    ]


def wilson(count: int, total: int) -> tuple[float, float, float]:
    """Return the 80 % Wilson interval of a share and the share itself: low, mid, high.

    References
    ----------
    Wilson, Probable inference, the law of succession, and statistical inference, 1927.

    Examples
    --------
    >>> [round(x, 3) for x in wilson(50, 100)]
    [0.436, 0.5, 0.564]
    """
    share, z2 = count / total, _Z80**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z80 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return max(0.0, centre - half), share, min(1.0, centre + half)


def _sum(values: Array) -> Array:
    return np.asarray(values.sum(axis=(0, 1), dtype=float))
