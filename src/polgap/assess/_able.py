"""Able: which share of the available officers can really be used. Joint, not a product."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from polgap.domain import POWERS
from polgap.domain.cubes import BoolArray, FloatArray

ELEMENTS = ("vetted", "trained", "equipped", "paid", "in_reach")
"""What an able officer has, in the order in which nested counts are asked for."""

_NODES = 64
_EXACT_RHO = 0.95
"""Up to here the quadrature is exact to 0.001; from here to 1 (full overlap) a straight line."""


def joint_share(shares: FloatArray, rho: FloatArray) -> FloatArray:
    """Return the share that has everything, from the share that has each thing.

    Gaussian copula with one correlation for all pairs: given a common factor the elements are
    independent, so the joint share is one integral over that factor (Gauss-Hermite quadrature).

    Parameters
    ----------
    shares : array, shape (element, ..., draw), share
    rho : array, shape (draw,), correlation in [0, 1]

    Returns
    -------
    array, shape (..., draw)

    Examples
    --------
    >>> five = np.array([[0.70], [0.75], [0.60], [0.80], [0.90]])
    >>> joint_share(five, np.array([0.55])).round(2).tolist()
    [0.42]
    >>> joint_share(five, np.array([0.0])).round(2).tolist()
    [0.23]
    """
    every = np.ones(len(shares), dtype=np.bool_)
    return _joint(np.asarray(shares, dtype=float), [every], np.asarray(rho, dtype=float))[0]


def _joint(shares: FloatArray, subsets: Sequence[BoolArray], rho: FloatArray) -> list[FloatArray]:
    """Return the joint share of each subset of elements; the integral is shared by all."""
    given = np.clip(rho, 0.0, 1.0)
    common = np.minimum(given, _EXACT_RHO)
    known = np.clip(shares, 0.0, 1.0)
    threshold = ndtri(known)
    own = np.sqrt(1.0 - common)
    shape = np.broadcast_shapes(threshold.shape[1:], common.shape)
    totals = [np.zeros(shape) for _ in subsets]
    for node, weight in zip(*_quadrature(), strict=True):
        has = ndtr((threshold + np.sqrt(2.0 * common) * node) / own)
        for total, subset in zip(totals, subsets, strict=True):
            total += weight * has[subset].prod(axis=0)
    beyond = (given - common) / (1.0 - _EXACT_RHO)
    found = []
    for total, subset in zip(totals, subsets, strict=True):
        smallest = known[subset].min(axis=0)
        joint = np.minimum(total, smallest)
        found.append(np.asarray(joint + beyond * (smallest - joint)))
    return found


@cache
def _quadrature() -> tuple[list[float], list[float]]:
    """Return nodes and weights for the mean of a function of a normal factor over root two."""
    nodes, weights = np.polynomial.hermite.hermgauss(_NODES)
    return nodes.tolist(), (weights / np.sqrt(np.pi)).tolist()


def frechet(shares: Sequence[float] | FloatArray) -> tuple[float, float]:
    """Return the smallest and largest joint share that single shares allow.

    Examples
    --------
    >>> frechet([0.70, 0.75, 0.60, 0.80, 0.90])
    (0.0, 0.6)
    """
    values = np.asarray(shares, dtype=float)
    return max(0.0, float(values.sum()) - (values.size - 1)), float(values.min())


def critical_elements(powers: int) -> BoolArray:
    """Return which of `ELEMENTS` an officer cannot be used without.

    Paid and in reach always; vetted where the powers exceed protection.

    Examples
    --------
    >>> critical_elements(2).tolist()
    [True, False, False, True, True]
    """
    vetted = powers > POWERS.index("protect")
    return np.array([e in ("paid", "in_reach") or (e == "vetted" and vetted) for e in ELEMENTS])


def able_share(
    ratios: FloatArray, nested: bool, critical: BoolArray, rho: FloatArray
) -> FloatArray:
    """Return the usable share of the available officers, shape (draw,).

    ``P(all critical) x (1 - half of P(a degrading one missing | all critical))``, which is the
    mean of P(all critical) and P(all).

    Parameters
    ----------
    ratios : array, shape (element, draw), share
        Nested: of those left after the elements before, the share that also has this one.
        Otherwise: of the available, the share that has this one.
    nested : bool
        Whether nested counts were given. They say how many have everything, not how many have
        all that is critical: that lies between "everything" (full overlap) and the product of the
        critical steps (no overlap), and `rho` places it.
    critical : array, shape (element,)
    rho : array, shape (draw,), correlation
    """
    if nested:
        everything = ratios.prod(axis=0)
        apart = ratios[critical].prod(axis=0)
        core = apart - np.clip(rho, 0.0, 1.0) * (apart - everything)
    else:
        every = np.ones(len(ratios), dtype=np.bool_)
        everything, core = _joint(ratios, [every, critical], rho)
    return np.asarray(0.5 * (core + everything))


def read_elements(values: Sequence[float], available: float) -> tuple[FloatArray, bool]:
    """Return shares by element, and whether they are the steps of a nested count.

    Values up to 1 are shares of the available; a row of whole numbers with one above 1 holds
    counts. Counts that never rise, none above `available`, are nested.

    Parameters
    ----------
    values : sequence of float
        One per element of `ELEMENTS`.
    available : float, officers

    Returns
    -------
    shares : array, shape (element,)
        Steps of the nested count, or shares of the available.
    nested : bool

    Examples
    --------
    >>> read_elements([800, 400, 400, 200, 100], 1000)
    (array([0.8, 0.5, 1. , 0.5, 0.5]), True)
    >>> read_elements([0.7, 0.75, 0.6, 0.8, 0.9], 1000)[1]
    False
    """
    given = np.asarray(values, dtype=float)
    counts = bool((given > 1).any() and (given == np.round(given)).all())
    chain = np.concatenate([[available], given])
    if counts and bool((np.diff(chain) <= 0).all()):
        before = np.where(chain[:-1] > 0, chain[:-1], 1.0)
        return given / before, True
    whole = max(available, 1.0)
    shares = np.where(given > 1, given / whole, given) if not counts else given / whole
    return np.clip(shares, 0.0, 1.0), False
