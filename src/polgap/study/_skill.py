"""What the record of a backtest tells beside its rows: where, how far, and at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap import score
from polgap.domain import month_label
from polgap.forecast import breakdown, challenge, value
from polgap.forecast.base import Model
from polgap.sources import views
from polgap.study._task import Task

Array = NDArray[np.floating[Any]]

SHOWN = 36
"""Months of the past in front of a fan."""
FAN = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def told(
    task: Task,
    years: Sequence[int],
    cells: Mapping[str, Mapping[str, challenge.Cells]],
    model: Model,
) -> dict[str, Any]:
    """Return breakdown, pit, misses, do_not_trust, value and fans of the shipped model.

    Parameters
    ----------
    cells : mapping of model to window to scores
        The shipped model first, then the baseline.
    model : Model
        The shipped model before recalibration, which says what forecasts are made of.
    """
    default, baseline = cells
    own, base = (challenge.stacked([found[str(y)] for y in years]) for found in cells.values())
    past = task.known(years[-1])
    places = views.places(task.folder, past.countries)
    names = [name for name, _ in places]
    months = [month_label(task.known(y).last + task.lag + m) for y in years for m in range(12)]
    costs: dict[str, list[dict[str, Array]]] = {default: [], baseline: []}
    for year in years:
        actual = views.actuals(task.folder, year, past.countries, vintage=task.vintage)
        known = task.known(year).counts
        paths = challenge.country12_paths(known, seed=task.seed)
        costs[default].append(value.costs(task.draws(year, default), actual))
        monthly = value.costs(challenge.country12(known), actual)
        costs[baseline].append(value.costs(paths, actual) | {"month": monthly["month"]})
    seed = task.seed
    return {
        "breakdown": breakdown.breakdown(
            own, base, years=years, regions=[r for _, r in places], first=task.lag, seed=seed
        ),
        "pit": {default: breakdown.ranks(own), baseline: breakdown.ranks(base)},
        "misses": breakdown.misses(own, base, names=names, months=months),
        "do_not_trust": breakdown.doubts(own, base, names=names, seed=seed),
        "value": value.table(costs[default], costs[baseline], seed=seed),
        "fans": _fans(task, years[-1], default, names, model),
    }


def _fans(
    task: Task, window: int, default: str, names: Sequence[str], model: Model
) -> list[dict[str, Any]]:
    """Return the forecast of the last window where violence was worst, and what it is made of."""
    past = task.known(window)
    draws = task.draws(window, default)
    actual = views.actuals(task.folder, window, past.countries, vintage=task.vintage)
    made = challenge.made_of(past.counts, past.last, model, lag=task.lag)
    first = past.last + task.lag
    rows = []
    for place, made_of in made.items():
        points = score.quantile(draws[place], list(FAN))
        seen = past.counts[place, -SHOWN:]
        rows.append({
            "country": names[place],
            "history": [
                {"month": month_label(past.last - len(seen) + 1 + i), "deaths": _known(v)}
                for i, v in enumerate(seen)
            ],
            "forecast": [
                {"month": month_label(first + m), "actual": _known(actual[place, m])}
                | {f"q{100 * level:02.0f}": float(p) for level, p in zip(FAN, row, strict=True)}
                for m, row in enumerate(points)
            ],
            "made_of": [
                {**case, "area": names[int(case["area"])]} for case in made_of
            ],
        })  # fmt: skip
    return rows


def _known(count: float) -> float | None:
    return None if np.isnan(count) else float(count)
