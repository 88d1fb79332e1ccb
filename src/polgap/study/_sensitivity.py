"""Sensitivity of a study: Sobol indices of its headlines over all that entered and varied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import assess, deploy
from polgap.domain import Futures, Inputs, Plan, Posture, Study
from polgap.draws import Parameters, stream
from polgap.study._blocks import Block, Steps, mean_officers, records, waterfall
from polgap.study._totals import REPORTED

Array = NDArray[np.floating[Any]]
Mapper = Callable[..., Iterable[Any]]

SIZE = 256
"""Draws of each run of the pick-freeze design, where the study has at least twice as many."""

UNITS = "officers on strength"
VIOLENCE, PEOPLE, LUCK = "violence", "population", "luck"
GROUPS = (VIOLENCE, PEOPLE, LUCK)
"""What varies beside the parameters: futures, where people live, and what is left to chance."""


@dataclass(frozen=True)
class Model:
    """A study as a function of its unknowns: parameters and futures in, headlines out.

    Only what the headlines depend on is run: assess over the months they are averaged over
    (`ground`, which asks for the reasons of one month alone, as nobody reads them here), and the
    present mission where the plan has it (`study`).
    """

    study: Study
    ground: Study
    inputs: Inputs
    posture: Posture
    hours: xr.DataArray
    plan: Plan

    def __call__(self, theta: Parameters, futures: Futures) -> dict[str, Array]:
        """Return the four totals, each of shape (draw,), officers on strength."""
        s, i = self.study, self.inputs
        there = i.pledges[i.pledges["pledge"].isin(self.plan.table["pledge"])]
        gap = assess.measure(self.ground, i, futures, self.posture, self.hours, theta)
        force = deploy.generate(s, there, theta, i.rules)
        present = deploy.place(s, self.plan, there, force, theta, i.areas, i.rules)
        left = assess.left_open(gap.requirement, present.mission)
        cubes = (gap.need, gap.shortfall, gap.requirement, left.unmet)
        names = ("need", "national_shortfall", "mission_requirement", "left_open")
        return {name: mean_officers(cube) for name, cube in zip(names, cubes, strict=True)}


@dataclass(frozen=True)
class _Sample:
    theta: Parameters
    futures: Futures


def model(study: Study, inputs: Inputs, s: Steps) -> Model:
    """Return the study as a function of parameters and futures."""
    months = min(study.forecast_months, max(study.months, REPORTED))
    ground = replace(study, forecast_months=months, months=1)
    hours = deploy.travel_hours(
        inputs.areas, inputs.towns, s.theta, inputs.rules, study.report_months, inputs.travel
    )
    return Model(study, ground, inputs, s.posture, hours, s.deployed["status_quo"].plan)


def mixtures(
    study: Study, inputs: Inputs, s: Steps, mapper: Mapper = map, size: int = SIZE
) -> dict[str, pd.DataFrame]:
    """Return first-order and total indices of each headline, from runs that mix two samples.

    One run with all from a first sample, one with all from a second, and one for each parameter
    and group that takes it alone from the second: (inputs + 2) runs of `size` draws.

    Parameters
    ----------
    study, inputs, s
        What was asked, from what, and what the steps gave.
    mapper : callable
    size : int
        At most half of the study's draws: each sample needs futures of its own.

    Returns
    -------
    dict of headline -> pd.DataFrame
        As `assess.pick_freeze`.
    """
    answer = model(study, inputs, s)
    count = min(size, study.draws // 2)
    seed = int(stream(study.seed, "sensitivity", "second").integers(2**31))
    one = _Sample(s.theta.again(study.seed, count), _futures(s, slice(0, count)))
    two = _Sample(s.theta.again(seed, count), _futures(s, slice(count, 2 * count)))
    base, other = answer(one.theta, one.futures), answer(two.theta, two.futures)
    names = unknowns(one.theta, inputs)
    runs = list(mapper(answer, *zip(*(_mixed(one, two, name) for name in names), strict=True)))
    return {
        headline: assess.pick_freeze(
            values,
            other[headline],
            {name: run[headline] for name, run in zip(names, runs, strict=True)},
            seed=study.seed,
        )
        for headline, values in base.items()
    }


def unknowns(theta: Parameters, inputs: Inputs) -> list[str]:
    """Return the parameters that entered and varied, then the groups, by what the run asked for."""
    names = [name for name in assess.varied(theta) if name not in theta.at_middle]
    spread = inputs.areas["population_basis"].isin(["assumed", "recalled"]).any()
    groups = [VIOLENCE, *([PEOPLE] if spread else [])]
    return [*names, *groups, *([LUCK] if theta.luck - {PEOPLE} else [])]


def _mixed(one: _Sample, two: _Sample, name: str) -> tuple[Parameters, Futures]:
    """Return the first sample with what is named from the second."""
    if name == VIOLENCE:
        return one.theta.taking(two.theta), two.futures
    taken = one.theta.luck - {PEOPLE} if name == LUCK else {name}
    return one.theta.taking(two.theta, *taken), one.futures


def _futures(s: Steps, part: slice) -> Futures:
    chosen = s.forecast.futures.isel(draw=part)
    return Futures(chosen.assign_coords(draw=np.arange(chosen.sizes["draw"])))


def first_order(s: Steps) -> dict[str, pd.DataFrame]:
    """Return first-order indices of each headline by parameter, read off the run's own draws."""
    inputs = {k: v for k, v in assess.varied(s.theta).items() if k not in s.theta.at_middle}
    return {n: assess.given_data(inputs, mean_officers(cube)) for n, cube in waterfall(s).items()}


def sensitivity_block(
    study: Study,
    first: Mapping[str, pd.DataFrame],
    frozen: Mapping[str, pd.DataFrame] | None = None,
) -> Block:
    """Return the block ``sensitivity``: indices of each headline, largest first.

    First-order indices of parameters are read off the run's own draws, which are more; totals,
    and the groups beside the parameters, are null unless the mixed runs were made.
    """
    rows = [
        {
            "headline": name,
            "units": UNITS,
            "rows": _rows(found, None if frozen is None else frozen[name]),
            "sum_first": float(found["first"].sum()),
        }
        for name, found in first.items()
    ]
    size = None if frozen is None else min(SIZE, study.draws // 2)
    return {
        "method": {"first": "given_data", "total": None if frozen is None else "pick_freeze",
                   "draws": study.draws, "size": size},
        "headlines": rows,
    }  # fmt: skip


def _rows(found: pd.DataFrame, mixed: pd.DataFrame | None) -> list[Block]:
    totals = ["total", "total_low", "total_high"]
    if mixed is None:
        rows = found.assign(kind="parameter", **dict.fromkeys(totals, np.nan))
    else:
        rows = found.merge(mixed[["name", *totals]], on="name", how="inner")
        rest = mixed[mixed["name"].isin(GROUPS)]
        rows = pd.concat([rows.assign(kind="parameter"), rest.assign(kind="group")])
    order = rows["first"].where(rows["total"].isna(), rows["total"])
    rows = rows.iloc[np.argsort(-order.to_numpy(), kind="stable")]
    known = rows[["name", "kind", "first", "first_low", "first_high", *totals]]
    return records(known[known[["first_high", "total"]].max(axis=1) > 0])
