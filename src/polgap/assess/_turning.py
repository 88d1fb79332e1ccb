"""What would change the advice: the value of an input at which a margin turns its sign."""

from __future__ import annotations

import numpy as np
import pandas as pd

from polgap.assess._movers import LOG_RATIO, bent, forward, scales_of
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters, stream

_RESAMPLES = 100
_COLUMNS = ["name", "at", "at_low", "at_high", "chance", "holds", "mean_low", "mean_high"]


def turning_points(theta: Parameters, margin: FloatArray) -> pd.DataFrame:
    """Return, for each parameter that moves a margin, the value at which its mean turns its sign.

    The mean of the margin is followed along one parameter, from its low to its high point, the
    others as drawn: straight lines on the parameter's scale with a bend at its middle, fitted to
    all draws at once. Draws are resampled to say how sure the turn is.

    Parameters
    ----------
    theta : Parameters
        Those used in the run.
    margin : array, shape (draw,)
        Has one sign, on average, while the advice holds.

    Returns
    -------
    pd.DataFrame
        name; at: the value (NaN: none between low and high); at_low, at_high: its 10 and 90 %
        points over the resamples that turn; chance: share of resamples that turn; holds: ``below``
        or ``above`` the value; mean_low, mean_high: mean margin at the low and the high point.
        In the order in which the parameters move the margin; those that these draws cannot tell
        from having no influence are left out.

    Examples
    --------
    >>> from polgap import catalogue
    >>> theta = Parameters(catalogue.parameters(), 1, 400)
    >>> found = turning_points(theta, theta["weekly_hours"] - 45.0)
    >>> found["name"].tolist(), found["at"].round(1).tolist(), found["holds"].tolist()
    (['weekly_hours'], [45.0], ['above'])
    """
    values = np.asarray(margin, dtype=float)
    columns = {name: bent(scale) for name, scale in scales_of(theta).items()}
    chosen = forward(values, columns)
    positive = bool(values.mean() > 0)
    means = _means(values, [columns[name] for name in chosen], theta.seed)
    rows = [_row(theta, name, ends, positive) for name, ends in zip(chosen, means, strict=True)]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _means(values: FloatArray, groups: list[FloatArray], seed: int) -> list[FloatArray]:
    """Return for each parameter the mean margin at its low, middle and high point.

    Each of shape (resample, 3); the first row is that of all draws as they are.
    """
    if not groups:
        return []
    count = len(values)
    design = np.concatenate([np.ones((count, 1)), *groups], axis=1)
    picked = stream(seed, "turning").integers(count, size=(_RESAMPLES, count))
    weights = [np.ones(count), *(np.bincount(row, minlength=count) for row in picked)]
    found = []
    for weight in weights:
        part = design * weight[:, None]
        sums = part.T @ design
        slopes = np.linalg.lstsq(sums, part.T @ values, rcond=None)[0]
        pairs, usual = slopes[1:].reshape(-1, 2), sums[0, 1:].reshape(-1, 2) / count
        centre = float(weight @ values) / count - (pairs * usual).sum(axis=1)
        found.append(np.stack([centre - pairs[:, 0], centre, centre + pairs[:, 1]], axis=1))
    return list(np.stack(found, axis=1))


def _row(theta: Parameters, name: str, means: FloatArray, positive: bool) -> tuple[object, ...]:
    points = theta.points(name)
    turns = np.array([_turn(row) for row in means])
    at = np.array([_value(points, turn) for turn in turns])
    again = at[1:][np.isfinite(at[1:])]
    chance = len(again) / len(at[1:])
    low, high = np.quantile(again, [0.1, 0.9]).tolist() if len(again) else (np.nan, np.nan)
    middle_holds = bool(means[0, 1] > 0) == positive
    holds = "below" if middle_holds == bool(turns[0] > 0) else "above"
    side = "" if np.isnan(turns[0]) else holds
    return (name, at[0], low, high, chance, side, float(means[0, 0]), float(means[0, 2]))


def _turn(means: FloatArray) -> float:
    """Return where straight lines through -1, 0, 1 cross zero, nearest to 0; NaN: nowhere."""
    low, mid, high = means.tolist()
    found = [
        side * mid / (mid - end)
        for side, end in ((-1.0, low), (1.0, high))
        if mid != end and (mid > 0) != (end > 0)
    ]
    return min(found, key=abs, default=float("nan"))


def _value(points: tuple[float, float, float], scale: float) -> float:
    """Return the value of a parameter at a place on its drawn scale."""
    low, mid, high = points
    if low > 0 and high / low > LOG_RATIO:
        return float(np.exp(np.interp(scale, [-1.0, 0.0, 1.0], np.log([low, mid, high]))))
    return float(np.interp(scale, [-1.0, 0.0, 1.0], [low, mid, high]))
