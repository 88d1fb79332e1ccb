"""Arrival law: how authorised police became deployed police in past missions.

A position authorised is filled after a waiting time, or never: a survival model with a cured
share. Fill after t months is ``level x (1 - exp(-(t / time) ^ shape))`` [1]_; time and level
differ by mission around the mean of its kind (a hierarchical model), months of one mission stray
together. A kind without past missions (a coalition of volunteers) is drawn from between kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue, score
from polgap.draws import stream
from polgap.errors import ModelError

Array = NDArray[np.floating[Any]]

MONTHS = 24
"""Months after the mandate that are learnt from and forecast."""
MOST = 1.3
"""Fill beyond this (police still there after a cut of the authorisation) is counted as this."""
INHERITED = 0.6
"""Fill within two months beyond which a force was taken over, not raised."""
FEWEST = 8
"""Missions that a law needs."""
SHAPES = (1.0, 1.4, 2.0)
TIMES = np.linspace(np.log(0.7), np.log(60.0), 27)
"""Log months, the grid of a mission's time."""
LEVELS = np.linspace(-2.5, 5.0, 25)
"""Logit of the level as a share of `MOST`, the grid of a mission's level."""
ROUNDS = 12
RHO = 0.7
"""Correlation of a mission's departures from its curve, month to month: held fixed, for a free one
takes every curve for a random walk."""
FIRM = 3.0
"""Missions' worth of belief that the mean of a kind is that of all."""
BETWEEN = 0.93
"""Spread of the log time between kinds: executive missions took 2.7 months to half of their peak,
others 10.1 (evidence.md 4, computed from 22 missions): (ln 10.1 - ln 2.7) / sqrt 2, of two."""


@dataclass(frozen=True)
class ArrivalLaw:
    """A fitted law.

    Parameters
    ----------
    shape : float
        Of the waiting time: 1 is a constant rate, above 1 a slow start.
    time : Mapping[str, float]
        Kind of mission -> mean of the log of its time, log months; ``""`` is the mean of all.
    time_sd, level, level_sd : float
        Spread of log time; mean and spread of the logit of ``level / MOST``.
    sigma : float
        Spread of monthly fill about its curve.
    missions : int
        Missions behind it.
    """

    shape: float
    time: Mapping[str, float]
    time_sd: float
    level: float
    level_sd: float
    sigma: float
    missions: int

    def sample(self, kind: str, months: int, draws: int, rng: np.random.Generator) -> Array:
        """Return the share of authorised police deployed at the end of months 1, 2, ...

        Parameters
        ----------
        kind : str
            Kind of mission; one that was not learnt has the mean of all and a wider spread.
        months, draws : int

        Returns
        -------
        array, shape (draw, month), share 0 to `MOST`
        """
        known = kind in self.time and kind != ""
        spread = self.time_sd if known else float(np.hypot(self.time_sd, BETWEEN))
        time = self.time[kind if known else ""] + spread * rng.standard_normal(draws)
        level = _level(self.level + self.level_sd * rng.standard_normal(draws))
        curve = _curve(np.arange(1, months + 1), time[:, None], level[:, None], self.shape)
        noise = np.empty((draws, months))
        noise[:, 0] = rng.standard_normal(draws)
        step = np.sqrt(1.0 - RHO**2)
        for month in range(1, months):
            fresh = rng.standard_normal(draws)
            noise[:, month] = RHO * noise[:, month - 1] + step * fresh
        return np.asarray(np.clip(curve + _scale(curve, self.sigma) * noise, 0.0, MOST))


def known() -> ArrivalLaw:
    """Return the law as it was fitted to the missions of 1990 to 2015 (``arrival_law.csv``).

    Examples
    --------
    >>> known().missions
    23
    """
    rows = catalogue.table("arrival_law").to_dict("records")
    one = {str(r["name"]): float(r["value"]) for r in rows if r["kind"] == ""}
    time = {str(r["kind"]): float(r["value"]) for r in rows if r["name"] == "time"}
    return ArrivalLaw(one["shape"], time, one["time_sd"], one["level"], one["level_sd"],
                      one["sigma"], int(one["missions"]))  # fmt: skip


def fit(fills: pd.DataFrame) -> ArrivalLaw:
    """Return the law learnt from past missions.

    Empirical Bayes on a grid: each mission's time and level are integrated out; means and spreads
    are those that the missions' own posteriors give back (EM). Missions that took their police
    over from a predecessor are left out.

    Parameters
    ----------
    fills : pd.DataFrame
        mission, kind, month (after the mandate, from 0), fill (deployed / authorised).

    Raises
    ------
    ModelError
        If fewer than 8 missions raised their own police.

    References
    ----------
    .. [1] Weibull waiting times with a cured share: Maller and Zhou (1996), Survival Analysis
       with Long-Term Survivors, ch. 4.
    """
    missions = _missions(fills)
    if len(missions) < FEWEST:
        raise ModelError(f"arrival law: got {len(missions)} missions; wanted {FEWEST} or more")
    fitted = [_given_shape(missions, shape) for shape in SHAPES]
    return max(fitted, key=lambda pair: pair[1])[0]


@dataclass(frozen=True)
class _Mission:
    name: str
    kind: str
    month: NDArray[np.int64]
    fill: Array


def _missions(fills: pd.DataFrame) -> list[_Mission]:
    """Return the missions that raised their own police, months 1 to `MONTHS`, by name."""
    found = []
    for name, rows in fills.groupby("mission", sort=True):
        rows = rows[(rows["month"] >= 1) & (rows["month"] <= MONTHS)].sort_values("month")
        if len(rows) < 3:
            continue
        early = rows["fill"][rows["month"] <= 2]
        if len(early) and early.iloc[0] > INHERITED:
            continue
        fill = np.clip(rows["fill"].to_numpy(dtype=float), 0.0, MOST)
        month = rows["month"].to_numpy(dtype=np.int64)
        found.append(_Mission(str(name), str(rows["kind"].iloc[0]), month, fill))
    return found


def _given_shape(missions: Sequence[_Mission], shape: float) -> tuple[ArrivalLaw, float]:
    """Return the law of one shape, and the log likelihood of the missions under it."""
    kinds = sorted({m.kind for m in missions})
    start = dict.fromkeys(["", *kinds], float(np.log(6.0)))
    law = ArrivalLaw(shape, start, 0.8, 1.0, 1.0, 0.1, len(missions))
    total = -np.inf
    for _ in range(ROUNDS):
        law, total = _improved(missions, law, kinds)
    return law, total


def _improved(
    missions: Sequence[_Mission], law: ArrivalLaw, kinds: Sequence[str]
) -> tuple[ArrivalLaw, float]:
    """Return the law after one round of EM, and the log likelihood before it."""
    times, levels = np.meshgrid(TIMES, LEVELS, indexing="ij")
    total, means, spreads = 0.0, [], []
    squares = []
    for mission in missions:
        curve = _curve(mission.month, times[..., None], _level(levels)[..., None], law.shape)
        unit = _scale(curve, 1.0)
        off = (mission.fill - curve) / unit
        log = _gaussian(off, mission.month, law) - np.log(unit).sum(axis=-1)
        log += -0.5 * ((times - law.time[mission.kind]) / law.time_sd) ** 2 - np.log(law.time_sd)
        log += -0.5 * ((levels - law.level) / law.level_sd) ** 2 - np.log(law.level_sd)
        top = log.max()
        weight = np.exp(log - top)
        total += top + np.log(weight.sum())
        weight /= weight.sum()
        time, level = (weight * times).sum(), (weight * levels).sum()
        means.append((time, level))
        spreads.append((
            (weight * (times - time) ** 2).sum(), (weight * (levels - level) ** 2).sum(),
        ))  # fmt: skip
        squares.append((weight[..., None] * off**2).sum() / off.shape[-1])
    at, spread = np.array(means), np.array(spreads)
    every = float(at[:, 0].mean())
    time = {"": every}
    for kind in kinds:
        mine = np.array([m.kind == kind for m in missions])
        time[kind] = float((at[mine, 0].sum() + FIRM * every) / (mine.sum() + FIRM))
    centre = np.array([time[m.kind] for m in missions])
    # The median mission's: a few cuts of an authorisation would set the mean.
    sigma = float(np.sqrt(np.median(squares)))
    return (
        ArrivalLaw(
            law.shape,
            time,
            float(np.sqrt(((at[:, 0] - centre) ** 2 + spread[:, 0]).mean())),
            float(at[:, 1].mean()),
            float(np.sqrt(((at[:, 1] - at[:, 1].mean()) ** 2 + spread[:, 1]).mean())),
            max(sigma, 0.02),
            len(missions),
        ),
        float(total),
    )


def _gaussian(off: Array, month: NDArray[np.int64], law: ArrivalLaw) -> Array:
    """Return the log density of residuals that fade from month to month, over the last axis."""
    fade = RHO ** np.diff(month)
    sd = np.concatenate([[1.0], np.sqrt(1.0 - fade**2)]) * law.sigma
    fresh = off.copy()
    fresh[..., 1:] -= fade * off[..., :-1]
    return np.asarray(-0.5 * ((fresh / sd) ** 2).sum(axis=-1) - np.log(sd).sum())


def _curve(month: Any, time: Array, level: Array, shape: float) -> Array:
    return np.asarray(level * -np.expm1(-((month / np.exp(time)) ** shape)))


def _scale(curve: Array, sigma: float) -> Array:
    """Return the spread about the curve: small while nearly nobody has come."""
    return np.asarray(sigma * np.clip(0.25 + 1.5 * curve, 0.25, 1.0))


def _level(logit: Array) -> Array:
    return np.asarray(MOST / (1.0 + np.exp(-logit)))


def leave_one_out(fills: pd.DataFrame, *, draws: int = 2000, seed: int = 1) -> dict[str, Any]:
    """Return how the law foresees each mission from all the others, month by month.

    Returns
    -------
    dict
        missions (name, kind, months, covered80, crps, crps_median), coverage80 over all months
        observed, crps, crps_median (the pooled median curve of the other missions as a forecast
        without spread) and their ratio.

    Raises
    ------
    ModelError
        If too few missions are left.
    """
    missions = _missions(fills)
    rows = []
    for i, left in enumerate(missions):
        others = fills[fills["mission"] != left.name]
        law = fit(others)
        drawn = law.sample(left.kind, MONTHS, draws, stream(seed, "arrival law", i))
        here = drawn.T[left.month - 1]
        ends = score.quantile(here, [0.1, 0.9])
        middle = _medians(_missions(others))[left.month - 1]
        rows.append(
            {
                "mission": left.name,
                "kind": left.kind,
                "months": len(left.month),
                "covered80": float(((ends[:, 0] <= left.fill) & (left.fill <= ends[:, 1])).mean()),
                "crps": float(score.crps(here, left.fill).mean()),
                "crps_median": float(np.abs(middle - left.fill).mean()),
            }
        )
    table = pd.DataFrame(rows)
    months = table["months"].to_numpy(dtype=float)
    pooled = {
        name: float(np.average(table[name], weights=months))
        for name in ("covered80", "crps", "crps_median")
    }
    return {
        "missions": rows,
        "coverage80": pooled["covered80"],
        "crps": pooled["crps"],
        "crps_median": pooled["crps_median"],
        "ratio": pooled["crps"] / pooled["crps_median"],
    }


def _medians(missions: Sequence[_Mission]) -> Array:
    """Return the median fill of the missions by month; a month without any has its neighbour's."""
    wide = np.full((len(missions), MONTHS), np.nan)
    for row, mission in zip(wide, missions, strict=True):
        row[mission.month - 1] = mission.fill
    table = pd.DataFrame(wide).median(axis=0).interpolate(limit_direction="both")
    return np.asarray(table.to_numpy())
