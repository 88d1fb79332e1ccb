"""Able: the share of available officers who meet all that the job takes, over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from polgap.domain import POWERS
from polgap.draws import Parameters

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]

MARGINS = ("vetted", "trained", "equipped", "paid", "in_reach")
"""What an able officer has, in the order in which nested counts are asked for."""
GAINS = ("vetting_gain_year", "training_gain_year", "equipment_gain_year")
"""Yearly gains of the first three under support."""

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_NODES = ndtri((_POINTS + 1.0) / 2.0)
"""Gauss-Legendre in the factor's probability: 10 nodes err by less than 0.001 (64 Gauss-Hermite
nodes are needed for as much, because the integrand nears a step when correlation is high)."""
_LARGEST_RHO = 0.999
_MONTHS_APART = 3
"""Able shares move slowly: they are worked out every third month, straight lines between."""


@dataclass(frozen=True)
class Able:
    """Shares of available officers, shape (case, month, draw); month 0 is the origin."""

    joint: Array
    vetted: Array
    equipped: Array


def margins(row: Mapping[Any, Any]) -> tuple[Array, bool]:
    """Return the five shares of a host-police row, and whether they are nested.

    Values up to 1 are shares of the available; whole numbers with one above 1 are counts. Counts
    that never rise, none above `available`, are nested: each is a share of the one before.

    Examples
    --------
    >>> row = {"available": 200, "vetted": 100, "trained": 80, "equipped": 40, "paid": 40,
    ...        "in_reach": 20}
    >>> shares, nested = margins(row)
    >>> shares.tolist(), nested
    ([0.5, 0.8, 0.5, 1.0, 0.5], True)
    """
    given = np.array([float(row[name]) for name in MARGINS])
    available = float(row["available"])
    if not (given > 1).any():
        return given, False
    chain = np.array([available, *given])
    if (given == np.round(given)).all() and (np.diff(chain) <= 0).all():
        return given / np.where(chain[:-1] > 0, chain[:-1], 1.0), True
    counts = (given == np.round(given)).all() | (given > 1)
    return np.clip(np.where(counts, given / max(available, 1.0), given), 0.0, 1.0), False


def able(
    shares: Array,
    nested: BoolArray,
    helped: Array,
    months: int,
    powers: int,
    theta: Parameters,
) -> Able:
    """Return how the able share moves under support.

    Those not yet vetted, trained or equipped become so at a yearly share. Separate shares combine
    by a one-factor Gaussian copula (``able_copula_rho``). The able share is P(all critical) x
    (1 - half of P(a degrading one missing | all critical)), which is the mean of P(all critical)
    and P(all five) (gap-model.md 5). Nested counts say P(all five); P(all critical) lies between
    that and the product of the critical steps, placed by the correlation.

    Parameters
    ----------
    shares : array, shape (case, 5, draw), in the order of `MARGINS`
    nested : bool array, shape (case,)
    helped : array, shape (case, 3), 0 to 1
        How far vetting, training and equipment are supported.
    months : int
        Months after the origin.
    powers : int
        Grade of powers; above ``protect`` vetting is critical.
    theta : Parameters
    """
    when = np.unique([*range(0, months, _MONTHS_APART), months])
    moving = np.empty((3, len(shares), len(when), theta.draws))
    for j, gain in enumerate(GAINS):
        left = (1.0 - theta[gain] * helped[:, j, None, None]) ** (when[:, None] / 12.0)
        moving[j] = 1.0 - (1.0 - shares[:, j, None]) * left
    fixed = shares[:, 3:, None].swapaxes(0, 1)
    critical = powers > POWERS.index("protect")
    rho = np.clip(theta["able_copula_rho"], 0.0, _LARGEST_RHO)
    joint = np.empty(moving.shape[1:])
    joint[nested] = _nested(moving[:, nested], fixed[:, nested], critical, rho)
    joint[~nested] = _copula(moving[:, ~nested], fixed[:, ~nested], critical, rho)
    equipped = np.where(nested[:, None, None], moving.prod(axis=0), moving[2])
    return Able(*(_every_month(x, when, months) for x in (joint, moving[0], equipped)))


def _nested(moving: Array, fixed: Array, vetting_critical: bool, rho: Array) -> Array:
    paid_here = fixed.prod(axis=0)
    everything = moving.prod(axis=0) * paid_here
    apart = moving[0] * paid_here if vetting_critical else np.broadcast_to(
        paid_here, everything.shape
    )  # fmt: skip
    return np.asarray(apart - rho * (apart - everything) + everything) / 2.0


def _copula(moving: Array, fixed: Array, vetting_critical: bool, rho: Array) -> Array:
    """Return the able share, shape (case, month, draw), by quadrature over the common factor."""
    limits, still = ndtri(moving), ndtri(fixed)
    loading, rest = np.sqrt(rho), np.sqrt(1.0 - rho)
    total = np.zeros(moving.shape[1:])
    for node, weight in zip(_NODES, _WEIGHTS / _WEIGHTS.sum(), strict=True):
        vetted, trained, equipped = ndtr((limits - loading * node) / rest)
        paid_here = ndtr((still - loading * node) / rest).prod(axis=0)
        everything = vetted * trained * equipped * paid_here
        total += weight * (everything + (vetted * paid_here if vetting_critical else paid_here))
    return total / 2.0


def _every_month(values: Array, when: NDArray[np.int_], months: int) -> Array:
    """Return values for months 0..months, straight lines between those worked out."""
    wanted = np.arange(months + 1)
    right = np.clip(np.searchsorted(when, wanted), 1, len(when) - 1)
    left = right - 1
    weight = ((wanted - when[left]) / (when[right] - when[left]))[:, None]
    return np.asarray(values[:, left] * (1.0 - weight) + values[:, right] * weight)
