"""Totals of the gap, summed up part by part: what the block ``gap`` needs of the large cubes.

Areas are added one by one, in order, so that the sums do not depend on how large the parts were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import Study

Array = NDArray[np.floating[Any]]

REPORTED = 12
"""Months over which the totals of the gap are averaged (contracts.md 2)."""


def assessed_months(study: Study) -> int:
    """Return the months, from the first, that the block ``gap`` looks at."""
    return min(study.forecast_months, max(REPORTED, study.months))


@dataclass(frozen=True)
class Totals:
    """What the block ``gap`` is written from; officers on strength, per draw.

    Parameters
    ----------
    need, national_shortfall, mission_requirement, left_open : arrays, shape (draw,)
        The four totals that are never confused, mean over months 1-12.
    deployment, enforcement, institutional : arrays, shape (draw,)
    by_month : array, shape (month, draw)
        Left open in each reported month.
    by_function, by_area : arrays, shape (function, draw) and (area, draw)
        Left open, mean over months 1-12.
    assessed : mapping
        Function -> whether anything was asked for, in any draw, area and month.
    why : mapping or None
    phases : mapping
    benchmark_band : tuple of float
    women : array, shape (draw,)
        Women on strength that posts with two women on duty take: part of the need.
    """

    need: Array
    national_shortfall: Array
    mission_requirement: Array
    left_open: Array
    deployment: Array
    enforcement: Array
    institutional: Array
    by_month: Array
    by_function: Array
    by_area: Array
    assessed: Mapping[str, bool]
    why: Mapping[str, float] | None
    phases: Mapping[str, str]
    benchmark_band: tuple[float, float, float]
    women: Array


class Tally:
    """Running sums over areas, for each draw."""

    def __init__(self, study: Study, areas: int, functions: Sequence[str], draws: int) -> None:
        self.functions = list(functions)
        self._looked = assessed_months(study)
        self._asked_for = np.zeros(len(functions), dtype=np.bool_)
        self._need, self._short, self._asked = (np.zeros(draws) for _ in range(3))
        self._heads, self._skill, self._alone = (np.zeros(draws) for _ in range(3))
        self._month = np.zeros((study.months, draws))
        self._function = np.zeros((len(functions), draws))
        self._area = np.zeros((areas, draws))

    def assessed(self, areas: slice, draws: slice, need: Array, short: Array, asked: Array) -> None:
        """Add some areas on some draws, in rising order of areas.

        Parameters
        ----------
        areas, draws : slice
            Positions.
        need, short, asked : arrays, shape (area, month, function, draw)
        """
        for f in np.flatnonzero(~self._asked_for).tolist():
            seen = (cube[:, : self._looked, f] for cube in (need, asked))
            self._asked_for[f] = any(bool((part > 0).any()) for part in seen)
        for k in range(areas.stop - areas.start):
            for total, cube in ((self._need, need), (self._short, short), (self._asked, asked)):
                total[draws] += cube[k, :REPORTED].sum(axis=(0, 1), dtype=np.float64)

    def alone(self, draws: slice, institutional: Array) -> None:
        """Add the institutional gap of some areas, shape (area, draw)."""
        for row in institutional:
            self._alone[draws] += row

    def left(self, areas: slice, draws: slice, unmet: Array, heads: Array, skill: Array) -> None:
        """Add what the mission leaves open there.

        Parameters
        ----------
        unmet : array, shape (area, month, function, draw)
        heads, skill : arrays, shape (area, month, draw)
            Deployment and enforcement gap.
        """
        for k, a in enumerate(range(areas.start, areas.stop)):
            first = unmet[k, :REPORTED].sum(axis=0, dtype=np.float64)
            self._function[:, draws] += first
            self._area[a, draws] = first.sum(axis=0)
            self._month[:, draws] += heads[k] + skill[k]
            self._heads[draws] += heads[k, :REPORTED].sum(axis=0, dtype=np.float64)
            self._skill[draws] += skill[k, :REPORTED].sum(axis=0, dtype=np.float64)

    def take(self, draws: slice, some: Tally) -> None:
        """Take over the sums that were made apart for some draws."""
        self._asked_for |= some._asked_for
        for name in ("_need", "_short", "_asked", "_heads", "_skill", "_alone", "_month",
                     "_function", "_area"):  # fmt: skip
            getattr(self, name)[..., draws] = getattr(some, name)

    def totals(
        self,
        why: Mapping[str, float] | None,
        phases: Mapping[str, str],
        benchmark_band: tuple[float, float, float],
        women: Array,
    ) -> Totals:
        """Return the totals of all that was added, with what does not come in parts."""
        months, left = min(REPORTED, self._looked), min(REPORTED, len(self._month))
        return Totals(
            need=self._need / months,
            national_shortfall=self._short / months,
            mission_requirement=self._asked / months,
            left_open=self._month[:left].mean(axis=0),
            deployment=self._heads / left,
            enforcement=self._skill / left,
            institutional=self._alone,
            by_month=self._month,
            by_function=self._function / left,
            by_area=self._area / left,
            assessed=dict(zip(self.functions, self._asked_for.tolist(), strict=True)),
            why=why,
            phases=phases,
            benchmark_band=benchmark_band,
            women=women,
        )
