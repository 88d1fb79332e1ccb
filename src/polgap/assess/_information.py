"""Value of information: what it is worth to know an unknown before deciding.

Two decisions are looked at. *How many officers to ask for*: too few cost more than too many, so
the best figure is a quantile of what may be needed, and being wrong costs the quantile score.
*Which option to take*: the one whose expected loss is least. Knowing an input moves the figure,
or the choice, to what suits its value; what that saves on average is its worth (the expected value
of partial perfect information), read off the draws of the run by regression [1]_.

What is learnt from some draws is tried on others (cross-fitting), so a worth is what a rule that
one could really learn from this run would save: chance alone earns nothing, and a worth is rather
too low than too high.

References
----------
.. [1] Strong, Oakley and Brennan (2014), Estimating multiparameter partial expected value of
   perfect information from a probabilistic sensitivity analysis sample, Medical Decision Making
   34, 311-326.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.polynomial import legendre
from scipy.special import ndtri

from polgap.domain.cubes import FloatArray, IntArray
from polgap.score import quantile

SHORT, IDLE = 4.0, 1.0
"""Cost of one officer too few, and of one too many; their ratio is assumed and always stated."""

_FOLDS = 10
_DEGREE = 3
_BINS = 5
_MOST_PRODUCTS = 6
_LEAST = 40
"""Draws below which nothing is said."""

_EDGE = float(ndtri(0.9))


@dataclass(frozen=True)
class Worth:
    """What knowing something saves on average.

    Parameters
    ----------
    value, low, high : float
        Saved, in the units of the loss, with its 10 and 90 % points; never below zero.
    expected_loss : float
        What being wrong costs on average as things stand: knowing everything would save it all.
    width_now, width_then : float
        Mean width of the 80 % interval of the headline, as it is and once this is known; NaN for
        a choice among options.
    """

    value: float
    low: float
    high: float
    expected_loss: float
    width_now: float = float("nan")
    width_then: float = float("nan")

    @property
    def share(self) -> float:
        """Share of the expected loss that is saved."""
        return self.value / self.expected_loss if self.expected_loss > 0 else 0.0


def planning_worth(
    headline: FloatArray, known: FloatArray, *, short: float = SHORT, idle: float = IDLE
) -> Worth:
    """Return what knowing `known` is worth to somebody who must fix a number of officers.

    Parameters
    ----------
    headline : array, shape (draw,), officers
    known : array, shape (draw,) or (draw, what)
        What would be known, together.
    short, idle : float
        Cost of one officer too few and of one too many; the loss is in units of `idle`'s.

    Examples
    --------
    >>> a, b = np.random.default_rng(1).normal(size=(2, 2000))
    >>> round(planning_worth(100 + 10 * a + b, a).share, 1)
    0.9
    >>> planning_worth(100 + 10 * a + b, np.random.default_rng(2).normal(size=2000)).share < 0.01
    True
    """
    values, columns = np.asarray(headline, dtype=float), _columns(known)
    if len(values) < _LEAST or float(np.ptp(values)) <= 0:
        return Worth(0.0, 0.0, 0.0, 0.0)
    level = short / (short + idle)
    saved, lost, then = (np.zeros(len(values)) for _ in range(3))
    for fold in _folds(len(values)):
        train = ~fold
        fitted = _fit(columns[train], values[train], columns)
        middle = fitted[train], fitted[fold]
        ends = _ends(middle[0], values[train] - middle[0], middle[1], [0.1, level, 0.9])
        usual = float(quantile(values[train], [level])[0])
        lost[fold] = _loss(values[fold] - usual, short, idle)
        informed = _loss(values[fold] - (middle[1] + ends[:, 1]), short, idle)
        saved[fold] = lost[fold] - informed
        then[fold] = ends[:, 2] - ends[:, 0]
    low, high = quantile(values, [0.1, 0.9]).tolist()
    return _worth(saved, float(lost.mean()), high - low, min(high - low, float(then.mean())))


def choice_worth(losses: FloatArray, known: FloatArray) -> Worth:
    """Return what knowing `known` is worth to somebody who must choose an option.

    Parameters
    ----------
    losses : array, shape (option, draw)
        What each option costs in all, in one unit.
    known : array, shape (draw,) or (draw, what)

    Examples
    --------
    >>> a = np.random.default_rng(1).normal(size=1000)
    >>> found = choice_worth(np.stack([a, np.zeros(1000)]), a)  # take the first where a < 0
    >>> round(found.value, 1), round(found.share, 1)
    (0.4, 1.0)
    """
    values, columns = np.asarray(losses, dtype=float), _columns(known)
    if len(values) < 2 or values.shape[1] < _LEAST:
        return Worth(0.0, 0.0, 0.0, 0.0)
    more = values - values[0]  # only differences decide; they are less noisy
    saved, lost = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    for fold in _folds(values.shape[1]):
        train = ~fold
        usual = int(more[:, train].mean(axis=1).argmin())
        chosen = _fit(columns[train], more[:, train].T, columns[fold]).argmin(axis=1)
        here = more[:, fold]
        saved[fold] = here[usual] - np.take_along_axis(here, chosen[None], axis=0)[0]
        lost[fold] = here[usual] - here.min(axis=0)
    return _worth(saved, float(lost.mean()))


def _worth(saved: FloatArray, lost: float, *widths: float) -> Worth:
    mean, error = float(saved.mean()), float(saved.std() / np.sqrt(len(saved)))
    value, low, high = (min(max(0.0, mean + k * _EDGE * error), lost) for k in (0.0, -1.0, 1.0))
    now, then = widths or (float("nan"), float("nan"))
    return Worth(value, low, high, lost, now, then)


def _loss(off: FloatArray, short: float, idle: float) -> FloatArray:
    """Return the cost of needing `off` more officers than there are."""
    return np.where(off >= 0, short * off, -idle * off)


def _folds(count: int) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return which draws each fold tries; draws are exchangeable, so every tenth is fair."""
    return [np.arange(count) % _FOLDS == fold for fold in range(_FOLDS)]


def _columns(known: FloatArray) -> FloatArray:
    """Return what is known as polynomials in its rank, and their products two by two where few.

    Shape (draw, term).
    """
    columns = np.asarray(known, dtype=float).reshape(len(known), -1)
    place = np.argsort(np.argsort(columns, axis=0, kind="stable"), axis=0)
    rank = 2.0 * (place + 0.5) / len(columns) - 1.0
    waves = legendre.legvander(rank, _DEGREE)[..., 1:]
    single = waves.reshape(len(columns), -1)
    if not 1 < columns.shape[1] <= _MOST_PRODUCTS:
        return np.asarray(single)
    products = [rank[:, i] * rank[:, j] for i, j in combinations(range(columns.shape[1]), 2)]
    return np.column_stack([single, *products])


def _fit(train: FloatArray, values: FloatArray, wanted: FloatArray) -> FloatArray:
    """Return the regression of values on columns, at the rows of `wanted`."""
    design = np.column_stack([np.ones(len(train)), train])
    slopes = np.linalg.lstsq(design.T @ design, design.T @ values, rcond=None)[0]
    return np.asarray(np.column_stack([np.ones(len(wanted)), wanted]) @ slopes)


def _ends(
    fitted: FloatArray, residual: FloatArray, wanted: FloatArray, levels: list[float]
) -> FloatArray:
    """Return quantiles of the residuals near each wanted value, shape (wanted, level).

    Near means in the same fifth of the fitted values: what scatters more where more is needed
    is so allowed for.
    """
    edges = quantile(fitted, [k / _BINS for k in range(1, _BINS)])
    where: IntArray = np.searchsorted(edges, fitted)
    table = np.stack(
        [quantile(residual[where == k] if (where == k).any() else residual, levels)
         for k in range(_BINS)]
    )  # fmt: skip
    return np.asarray(table[np.searchsorted(edges, wanted)])
