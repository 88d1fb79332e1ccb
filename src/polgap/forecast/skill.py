"""Skill: the error of a model as a ratio to the baseline's, with an interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import score
from polgap.domain import month_number
from polgap.draws import stream
from polgap.forecast.registry import BASELINE

Array = NDArray[np.float64]

BLOCK = 6
"""Months of a bootstrap block: neighbouring months share wars and origins."""
REPLICATES = 500


def table(
    scores: xr.Dataset,
    *,
    baseline: str = BASELINE,
    first: int = 1,
    last: int = 12,
    seed: int = 1,
    suffix: str = "",
    theatre: bool = False,
) -> list[dict[str, Any]]:
    """Return the skill rows of contracts.md 2, pooled over areas and months.

    The ratio is the mean CRPS of a model over that of `baseline`, on the same cells of the same
    run; below 1 is better. The interval (10 to 90 %) comes from a bootstrap of blocks of months.

    Parameters
    ----------
    scores : Dataset, dims (model, target, origin, horizon, area)
        From `polgap.forecast.backtest`; variables ``crps`` and ``inside90``.
    baseline : str
        One of the models.
    first, last : int
        First and last month scored, counted from 1 = the first month wanted.
    suffix : str
        Put behind the names of the targets.
    theatre : bool
        Score the theatre's monthly totals instead of its areas.

    Returns
    -------
    list of dict
        target, model, baseline, origins, ratio_crps, low, high, coverage90. Targets for which
        the baseline made no error at all (nothing ever happened) have no row.
    """
    part = scores.sel(horizon=(scores["ahead"] >= first) & (scores["ahead"] <= last))
    if theatre:
        names = ["crps", "inside90"]
        whole = part[[f"{n}_theatre" for n in names]].expand_dims(area=["theatre"], axis=-1)
        part = whole.rename({f"{n}_theatre": n for n in names})
    month = months(part)
    rows: list[dict[str, Any]] = []
    for target in part["target"].values.tolist():
        one = part.sel(target=target)
        base = by_month(one["crps"].sel(model=baseline), month)
        if base.sum() <= 0:
            continue
        used = int(one["crps"].sel(model=baseline).notnull().any(["horizon", "area"]).sum())
        weights = resampled(base.size, stream(seed, "skill", str(target)))
        for model in part["model"].values.tolist():
            if model == baseline:
                continue
            own = by_month(one["crps"].sel(model=model), month)
            below = weights @ base
            spread = (weights @ own)[below > 0] / below[below > 0]
            low, high = score.quantile(spread, [0.1, 0.9])
            rows.append({
                "target": f"{target}{suffix}",
                "model": str(model),
                "baseline": baseline,
                "origins": used,
                "ratio_crps": float(own.sum() / base.sum()),
                "low": float(low),
                "high": float(high),
                "coverage90": float(one["inside90"].sel(model=model).mean()),
            })  # fmt: skip
    return rows


def keeps_losing(
    scores: xr.Dataset, model: str, *, baseline: str = BASELINE, target: str = "deaths"
) -> bool:
    """Return whether a model lost by more than 2 % in each of the last three yearly windows.

    Windows start 12 months apart and hold 12 months, so they do not overlap. With fewer than
    three nothing is said.
    """
    near = scores["crps"].sel(target=target, horizon=scores["ahead"] <= 12)
    ends = [month_number(str(o)) for o in near["origin"].values]
    yearly = [i for i, end in enumerate(ends) if (ends[-1] - end) % 12 == 0][-3:]
    if len(yearly) < 3:
        return False
    sums = near.isel(origin=yearly).sum(["horizon", "area"])
    own, base = sums.sel(model=model).to_numpy(), sums.sel(model=baseline).to_numpy()
    return bool((own > 1.02 * base).all())


def months(scores: xr.Dataset) -> NDArray[np.int64]:
    """Return the number of the month that each (origin, horizon) is about."""
    starts = np.array([month_number(str(o)) for o in scores["origin"].values])
    return np.asarray(starts[:, None] + scores["horizon"].to_numpy()[None, :])


def by_month(cells: xr.DataArray, month: NDArray[np.int64]) -> Array:
    """Return the summed scores of each calendar month."""
    sums = cells.transpose("origin", "horizon", "area").sum("area").to_numpy()
    return np.asarray(np.bincount((month - month.min()).ravel(), weights=sums.ravel()), dtype=float)


def resampled(months: int, rng: np.random.Generator) -> Array:
    """Return how often each month occurs in each replicate, shape (replicate, month)."""
    block = min(BLOCK, months)
    count = -(-months // block)
    starts = rng.integers(0, months, size=(REPLICATES, count))
    # Blocks run on around the end, so that every month is as likely as the others.
    places = (starts[..., None] + np.arange(block)) % months
    places = places.reshape(REPLICATES, -1)[:, :months]
    weights = np.zeros((REPLICATES, months))
    np.add.at(weights, (np.arange(REPLICATES)[:, None], places), 1.0)
    return weights
