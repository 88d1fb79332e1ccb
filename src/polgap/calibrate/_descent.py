"""Descent: the least value of a smooth function, by limited-memory BFGS in plain numpy.

Written out because a run has to give the same bytes whatever the threads of a BLAS, and because
the sums here are over 1e5 numbers at most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Function = Callable[[Array], tuple[float, Array]]

MEMORY = 15
"""Steps remembered."""
FIRST = 1e-3
"""Greatest change of a variable in the very first step."""
PATIENCE = 3
"""Steps in a row that bring next to nothing, after which it is over."""
NOTHING = 1e-200
"""Squared change of the slope that tells nothing of the curvature."""
SHORTER, LEAST, TRIES = 0.4, 1e-4, 12
"""Backtracking: factor, share of the predicted fall that is asked for, and tries."""


def descend(function: Function, start: Array, steps: int, close: float) -> Array:
    """Return the point after at most `steps`, or where steps bring less than `close`.

    Parameters
    ----------
    function : callable
        Gives value and gradient.
    start : array of one dimension
    steps : int
    close : float
        Relative fall of the value in one step below which it is over.

    References
    ----------
    Nocedal and Wright, Numerical Optimization, 2nd edition (2006), algorithm 7.4.

    Examples
    --------
    >>> descend(lambda x: (float(((x - 2) ** 2).sum()), 2 * (x - 2)), np.zeros(3), 50, 0).round(6)
    array([2., 2., 2.])
    """
    x = start
    value, slope = function(x)
    past: list[tuple[Array, Array, float]] = []
    small = 0
    for _ in range(steps):
        step = -_direction(past, slope)
        fall = float((slope * step).sum())
        if fall >= 0:
            if not past:
                break
            past = []
            continue
        found = _backtrack(function, x, value, step, fall)
        if found is None:
            break
        there, lower, after = found
        moved, turned = there - x, after - slope
        product, size = float((moved * turned).sum()), float((turned * turned).sum())
        if size > NOTHING and product > 1e-12 * size:
            past = [*past[-MEMORY + 1 :], (moved, turned, 1.0 / product)]
        small = small + 1 if value - lower < close * abs(lower) else 0
        x, value, slope = there, lower, after
        if small >= PATIENCE:
            break
    return x


def _direction(past: list[tuple[Array, Array, float]], slope: Array) -> Array:
    """Return the slope times the inverse curvature that past steps show."""
    way = slope.copy()
    if not past:
        return way * (FIRST / max(float(np.abs(slope).max(initial=0.0)), 1e-300))
    shares = []
    for moved, turned, inverse in reversed(past):
        shares.append(inverse * float((moved * way).sum()))
        way -= shares[-1] * turned
    moved, turned, _ = past[-1]
    way *= float((moved * turned).sum()) / float((turned * turned).sum())
    for (moved, turned, inverse), share in zip(past, reversed(shares), strict=True):
        way += (share - inverse * float((turned * way).sum())) * moved
    return way


def _backtrack(
    function: Function, x: Array, value: float, step: Array, fall: float
) -> tuple[Array, float, Array] | None:
    """Return the first point along `step` that is low enough, its value and slope."""
    length = 1.0
    for _ in range(TRIES):
        there = x + length * step
        lower, after = function(there)
        if lower <= value + LEAST * length * fall:
            return there, lower, after
        length *= SHORTER
    return None
