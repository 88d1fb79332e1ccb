"""What moves a headline, and how much of its variance rests on assumptions.

A regression on the draws themselves: no extra runs, and every parameter moves at once, as it did
in the run. Parameters enter by their drawn scale (-1 at the low point, 0 at the middle, 1 at the
high point) with a bend at the middle; they are taken in one by one while they earn their place
(Bayesian information criterion), so that with few draws little is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TypeVar

import numpy as np
import pandas as pd

from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters

Key = TypeVar("Key")

GRADES = (("A", 0.25), ("B", 0.5), ("C", 0.75))
"""Letter and the share of assumed variance below which it is given; D from the last one on."""

LOG_RATIO = 3.0
_MOST_PRODUCTS = 8


def movers(theta: Parameters, headline: FloatArray) -> pd.DataFrame:
    """Return how far each parameter moves a headline, largest first.

    Parameters
    ----------
    theta : Parameters
        Those used in the run, with the draws they took.
    headline : array, shape (draw,)

    Returns
    -------
    pd.DataFrame
        name; change_low and change_high: mean change of the headline, in its units, when the
        parameter sits at its low or high point against its middle, the others as drawn; share:
        of the variance of the headline, on its own. Parameters that these draws cannot tell from
        having no influence are left out.

    Examples
    --------
    >>> from polgap import catalogue
    >>> theta = Parameters(catalogue.parameters(), 1, 400)
    >>> found = movers(theta, 100.0 * theta["mentor_ratio"] + theta["snap_km"])
    >>> found["name"].tolist(), bool(found["change_low"].iloc[0] < 0)
    (['mentor_ratio'], True)
    """
    values = np.asarray(headline, dtype=float)
    columns = {name: bent(scale) for name, scale in scales_of(theta).items()}
    chosen = forward(values, columns)
    rows = []
    if chosen:
        fits, slopes = _parts(values, [columns[name] for name in chosen])
        variance = float(values.var())
        for name, fit, (below, above) in zip(chosen, fits, slopes, strict=True):
            centred = float(((fit - fit.mean()) * (values - values.mean())).mean())
            rows.append((name, -below, above, max(0.0, centred / variance)))
    found = pd.DataFrame(rows, columns=["name", "change_low", "change_high", "share"])
    reach = found[["change_low", "change_high"]].abs().max(axis=1)
    order = reach.sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def grade(theta: Parameters, headline: FloatArray, marks: Mapping[str, str]) -> tuple[str, float]:
    """Return the decision grade A to D and the share of variance that rests on assumptions.

    The share of the variance of `headline` explained only with parameters that are recalled or
    assumed, their interplay with others included. What the planner gave counts as known. What no
    parameter explains (the violence to come, where people live) does not count as assumed.

    Parameters
    ----------
    theta : Parameters
    headline : array, shape (draw,)
    marks : mapping
        Name -> mark; RECALLED is assumed, and so is a name without a mark.

    Examples
    --------
    >>> from polgap import catalogue
    >>> theta = Parameters(catalogue.parameters(), 1, 400)
    >>> grade(theta, theta["mentor_ratio"], {"mentor_ratio": "RECALLED"})[0]
    'D'
    >>> grade(theta, theta["mentor_ratio"], {"mentor_ratio": "SEEN"})
    ('A', 0.0)
    """
    return grade_steps(theta, headline, marks, [])[0]


def grade_steps(
    theta: Parameters, headline: FloatArray, marks: Mapping[str, str], names: Sequence[str]
) -> list[tuple[str, float]]:
    """Return the decision grade as it is, then once each name in turn is known as well.

    The second entry is with the first name known, the third with the first two, and so on: how
    many answers it takes to a better letter.

    Examples
    --------
    >>> from polgap import catalogue
    >>> theta = Parameters(catalogue.parameters(), 1, 400)
    >>> grade_steps(theta, theta["mentor_ratio"], {}, ["mentor_ratio"])[-1]
    ('A', 0.0)
    """
    values = np.asarray(headline, dtype=float)
    total = float(((values - values.mean()) ** 2).sum())
    if total <= 0:
        return [(GRADES[0][0], 0.0)] * (len(names) + 1)
    terms = _terms(values, scales_of(theta))
    whole = _residual(values, list(terms.values()))
    assumed = {n for n in theta.used if marks.get(n, "RECALLED") == "RECALLED"} - theta.given
    found = []
    for k in range(len(names) + 1):
        left = assumed - set(names[:k])
        known = [columns for parts, columns in terms.items() if not left & set(parts)]
        share = float(np.clip((_residual(values, known) - whole) / total, 0.0, 1.0))
        found.append((next((name for name, most in GRADES if share < most), "D"), share))
    return found


def scales_of(theta: Parameters) -> dict[str, FloatArray]:
    """Return each parameter that varied on its drawn scale: -1 low, 0 middle, 1 high point."""
    scales = {}
    for name, values in theta.used.items():
        if values.size < 2 or float(np.ptp(values)) <= 0:
            continue
        low, mid, high = theta.points(name)
        drawn = np.asarray(values, dtype=float)
        if low > 0 and high / low > LOG_RATIO:
            drawn = np.log(drawn)
            low, mid, high = np.log([low, mid, high]).tolist()
        left = (drawn - mid) / (mid - low) if mid > low else np.zeros_like(drawn)
        right = (drawn - mid) / (high - mid) if high > mid else np.zeros_like(drawn)
        scales[name] = np.where(drawn < mid, left, right)
    return scales


def bent(scale: FloatArray) -> FloatArray:
    """Return the part of a scale below and above the middle, shape (draw, 2)."""
    return np.stack([np.minimum(scale, 0.0), np.maximum(scale, 0.0)], axis=1)


def _terms(
    values: FloatArray, scales: Mapping[str, FloatArray]
) -> dict[tuple[str, ...], FloatArray]:
    """Return the terms that explain `values`: parameters, then products of the first few."""
    single: dict[tuple[str, ...], FloatArray] = {(n,): bent(s) for n, s in scales.items()}
    chosen = forward(values, single)
    terms = {key: single[key] for key in chosen}
    first = [key[0] for key in chosen[:_MOST_PRODUCTS]]
    products: dict[tuple[str, ...], FloatArray] = {
        (a, b): (scales[a] * scales[b])[:, None] for a, b in combinations(first, 2)
    }
    kept = forward(values, products, list(terms.values()))
    return {**terms, **{key: products[key] for key in kept}}


def forward(
    values: FloatArray,
    columns: Mapping[Key, FloatArray],
    start: Sequence[FloatArray] = (),
) -> list[Key]:
    """Return the groups of columns that earn their place, in the order in which they do."""
    count = len(values)
    basis = _orthonormal(np.ones((count, 1)), list(start))
    rest = values - basis @ (basis.T @ values)
    open_ = dict(columns)
    chosen: list[Key] = []
    floor = 1e-12 * max(1.0, float(values @ values))
    while open_ and float(rest @ rest) > floor:
        sides = {key: _new(basis, group) for key, group in open_.items()}
        gain = {key: float(((side.T @ rest) ** 2).sum()) for key, side in sides.items()}
        best = max(gain, key=lambda key: gain[key])
        left = max(float(rest @ rest) - gain[best], floor / 2)
        size = sides[best].shape[1]
        better = count * np.log(float(rest @ rest) / left) > size * np.log(count)
        if size == 0 or not better or basis.shape[1] + size >= count // 2:
            break
        basis = np.concatenate([basis, sides[best]], axis=1)
        rest = rest - sides[best] @ (sides[best].T @ rest)
        chosen.append(best)
        del open_[best]
    return chosen


def _new(basis: FloatArray, group: FloatArray) -> FloatArray:
    """Return orthonormal directions that `group` adds to `basis`, shape (draw, at most columns)."""
    side = group - basis @ (basis.T @ group)
    side = side - basis @ (basis.T @ side)
    left, size, _ = np.linalg.svd(side, full_matrices=False)
    return np.asarray(left[:, size > 1e-9 * np.sqrt(len(group))])


def _orthonormal(first: FloatArray, groups: Sequence[FloatArray]) -> FloatArray:
    basis = first / np.linalg.norm(first)
    for group in groups:
        basis = np.concatenate([basis, _new(basis, group)], axis=1)
    return np.asarray(basis)


def _residual(values: FloatArray, groups: Sequence[FloatArray]) -> float:
    """Return the sum of squares that a constant and `groups` leave unexplained."""
    basis = _orthonormal(np.ones((len(values), 1)), groups)
    rest = values - basis @ (basis.T @ values)
    return float(rest @ rest)


def _parts(
    values: FloatArray, groups: Sequence[FloatArray]
) -> tuple[list[FloatArray], list[tuple[float, float]]]:
    """Return the fitted part of each group of two columns, and its slopes."""
    design = np.concatenate([np.ones((len(values), 1)), *groups], axis=1)
    slopes = np.linalg.lstsq(design, values, rcond=None)[0][1:].reshape(-1, 2)
    fits = [group @ slope for group, slope in zip(groups, slopes, strict=True)]
    return fits, [(float(a), float(b)) for a, b in slopes]
