"""A case: one plan for one set of inputs on given futures, so that two cases can be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import assess, calibrate, catalogue, deploy
from polgap.domain import (
    Arrival,
    Assessment,
    Deployed,
    Futures,
    Generation,
    Inputs,
    LeftOpen,
    Plan,
    Posture,
    Study,
)
from polgap.draws import Parameters
from polgap.study._blocks import (
    CHOSEN,
    Block,
    interval,
    option_row,
    unmet_months,
)
from polgap.study._edits import same_tasks
from polgap.study._mentors import with_growth
from polgap.study._responders import responders
from polgap.study._tasks import lost_tasks, without_tasks

Array = NDArray[np.floating[Any]]

NOT_A_GAP = ("development", "mission_self", "command_admin")
"""Functions of the requirement that fill no gap of policing (gap-model.md 1)."""
COVERED = 0.5
"""Share of the requirement that has to be served for an area, or the theatre, to be covered."""
BUILT = 0.8
"""Share of the most that the plan compared with ever serves, from which a plan is built up."""


@dataclass(frozen=True)
class Ground:
    """What is measured before any plan is made: posture, gap, travel, arrivals and parameters.

    `offers` are the pledges by the rows that their luck goes by, withdrawn ones among them.
    """

    study: Study
    inputs: Inputs
    posture: Posture
    gap: Assessment
    hours: xr.DataArray
    force: Generation
    theta: Parameters
    offers: pd.DataFrame


@dataclass(frozen=True)
class Case:
    """A plan on its ground, with its luck, and what it leaves open."""

    ground: Ground
    plan: Plan
    deployed: Deployed
    left: LeftOpen

    def row(self) -> Block:
        """Return the row of the block ``options``."""
        g = self.ground
        first = responders(g.study, g.inputs, g.gap, g.posture, g.theta.of("calibrate"))
        return option_row(g.study, g.inputs, g, first, self.plan.name, self.deployed, self.left)


def ground(study: Study, inputs: Inputs, futures: Futures, known: Ground | None = None) -> Ground:
    """Return what `inputs` give on `futures`; of a known ground the gap is kept where it can be.

    Pledges, ceilings and budgets change no gap: it is measured anew only where the mandate asks
    for something else. A function that the mandate named, and does not any more, is not asked of
    the mission.
    """
    theta = Parameters(catalogue.parameters(), study.seed, study.draws, inputs.overrides)
    offers = _offers(inputs.pledges, known)
    force = _generated(study, inputs, theta, offers)
    if known is not None and same_tasks(known.inputs, inputs):
        return replace(known, inputs=inputs, force=force, offers=offers)
    posture = calibrate.posture(
        study, inputs.mandate, inputs.areas, calibrate.cleared(study, inputs)
    )
    hours = deploy.travel_hours(
        inputs.areas, inputs.towns, theta.of("deploy"), inputs.rules, study.report_months,
        inputs.travel,
    )  # fmt: skip
    heard, silence = assess.unsilenced(study, inputs, futures)
    gap = assess.measure(study, inputs, heard, posture, hours, theta.of("assess"))
    gap = replace(gap, notes=(*gap.notes, *silence))
    if known is not None:
        lost = lost_tasks(known.inputs.mandate, inputs.mandate, inputs.areas)
        gap = replace(gap, requirement=without_tasks(gap.requirement, lost))
    gap = with_growth(study, inputs, gap, posture, theta)
    return Ground(study, inputs, posture, gap, hours, force, theta, offers)


def _offers(now: pd.DataFrame, known: Ground | None) -> pd.DataFrame:
    """Return pledges by the rows that their luck goes by on a known ground.

    One that is withdrawn keeps its row, without any chance, and so without a share of what pledges
    share; one that is added comes last.
    """
    if known is None or known.offers["pledge"].equals(now["pledge"]):
        return now
    was = known.offers
    gone = was[~was["pledge"].isin(now["pledge"])].assign(chance=0.0)
    rows = pd.concat([gone, now]).set_index("pledge")
    order = [*was["pledge"], *now.loc[~now["pledge"].isin(was["pledge"]), "pledge"]]
    return rows.loc[order].reset_index()[now.columns.tolist()]


def _generated(study: Study, inputs: Inputs, theta: Parameters, offers: pd.DataFrame) -> Generation:
    """Return when each pledge that is still there takes effect."""
    found = deploy.generate(study, offers, theta.of("deploy"), inputs.rules)
    there = inputs.pledges["pledge"].astype(str).tolist()
    return replace(found, arrival=Arrival(found.arrival.sel(pledge=there)))


def recommended(on: Ground, name: str = CHOSEN, near: Plan | None = None) -> Case:
    """Return the best plan on a ground, from a plan that is nearly right where one is known."""
    plan = calibrate.recommend(
        on.study, on.inputs, on.gap, on.force, on.hours, on.theta.of("calibrate"), name, near
    )
    return case(on, plan)


def case(on: Ground, plan: Plan) -> Case:
    """Return a plan with its luck on a ground."""
    luck = on.theta.of("deploy")
    given = on.inputs
    deployed = deploy.place(on.study, plan, on.offers, on.force, luck, given.areas, given.rules)
    return Case(on, plan, deployed, assess.left_open(on.gap.requirement, deployed.mission))


def served(of: Case) -> xr.DataArray:
    """Return the requirement that is served, dims (area, month, function, draw), officers."""
    asked = of.ground.gap.requirement.sel(month=of.left.unmet["month"].values)
    return asked - of.left.unmet


def uncovered(of: Case) -> xr.DataArray:
    """Return the national shortfall that nobody of the mission fills, dims (area, month, draw).

    Unlike what is left open of the requirement, it does not shrink when a mandate asks for less.
    """
    short = of.ground.gap.shortfall.sel(month=of.left.unmet["month"].values)
    kept = [f for f in short["function"].values.tolist() if f not in NOT_A_GAP]
    left = short.sel(function=kept) - served(of).sel(function=kept)
    return left.sum("function").transpose("area", "month", "draw")


def officer_months(cube: xr.DataArray) -> Array:
    """Return totals over everything but the draws, shape (draw,)."""
    return np.asarray(cube.sum([d for d in cube.dims if d != "draw"], dtype=np.float64).values)


def cover_date(of: Case, asked: xr.DataArray) -> Block:
    """Return the month from which half of `asked` (month, draw) is served; None = never.

    Parameters
    ----------
    asked : requirement of the case that is compared with, so that both have one yardstick
    """
    return _first(of, COVERED * asked.transpose("month", "draw").values)


def built_date(of: Case, like: Case) -> Block:
    """Return the month from which a plan serves four fifths of the most that `like` ever serves.

    Unlike `cover_date`, it says something where no plan within the rules covers half.
    """
    most = _given(like).max(axis=0, keepdims=True)
    return _first(of, np.broadcast_to(BUILT * most, _given(of).shape))


def _given(of: Case) -> Array:
    """Return officers at work on the requirement, shape (month, draw)."""
    return np.asarray(served(of).sum(["area", "function"]).transpose("month", "draw").values)


def _first(of: Case, wanted: Array) -> Block:
    """Return the first month in which as much as `wanted` (month, draw) is served; None = never."""
    months = of.ground.study.report_months
    done = _given(of) >= wanted - 1e-9
    first = np.where(done.any(axis=0), done.argmax(axis=0), len(months))
    ends = np.quantile(first, [0.1, 0.5, 0.9], method="higher").tolist()
    labels = [*months, None]
    return dict(zip(("low", "mid", "high"), (labels[int(e)] for e in ends), strict=True))


def requirement(of: Case) -> xr.DataArray:
    """Return the requirement over the reported months, dims (month, draw)."""
    months = of.left.unmet["month"].values
    return of.ground.gap.requirement.sel(month=months).sum(["area", "function"])


def compared(new: Case, old: Case) -> Block:
    """Return what a new case changes against an old one, draw by draw on the same futures.

    Officer-months over the reported months: of the requirement, of what is left open of it, and
    of the gap that nobody fills, also by area; cost in USD; and of both the month of cover (half
    of the requirement is served) and of build-up (four fifths of the most that the old one serves).
    """
    yard = requirement(old)
    gap = uncovered(new) - uncovered(old)
    by_area = gap.sum("month", dtype=np.float64).transpose("area", "draw")
    names = new.ground.inputs.areas.set_index("area")["name"].astype(str).to_dict()
    rows = [
        {"area": a, "name": names.get(a, a), **interval(row)}
        for a, row in zip(by_area["area"].values.tolist(), by_area.values, strict=True)
    ]
    return {
        "requirement": interval(officer_months(requirement(new)) - officer_months(yard)),
        "unmet_need": interval(unmet_months(new.left) - unmet_months(old.left)),
        "gap": interval(officer_months(gap)),
        "by_area": sorted(rows, key=lambda r: (-abs(r["mid"]), r["area"])),
        "cost": interval(new.deployed.cost - old.deployed.cost),
        "cover": {"before": cover_date(old, yard), "after": cover_date(new, yard)},
        "built": {"before": built_date(old, old), "after": built_date(new, old)},
    }


def kept(new: Case, old: Case) -> float:
    """Return the share of the officer-months of an old plan that a new one leaves where they are.

    1 where the old plan places nobody.
    """
    keys = ["pledge", "unit_type", "area", "month"]
    was, now = (c.plan.table.groupby(keys)["number"].sum() for c in (old, new))
    each = catalogue.table("unit_types").set_index("unit_type")["strength"].to_dict()
    officers = np.array([float(each[k]) for k in was.index.get_level_values("unit_type")])
    still = np.minimum(was.to_numpy(float), now.reindex(was.index, fill_value=0.0).to_numpy(float))
    total = float((officers * was.to_numpy(float)).sum())
    return float((officers * still).sum()) / total if total > 0 else 1.0


def strengths(of: Case) -> dict[str, float]:
    """Return the most units of each pledge that a plan has in place in any month."""
    table = of.plan.table
    if not len(table):
        return {}
    by_month = table.groupby(["pledge", "month"], sort=False)["number"].sum()
    return {str(k): float(v) for k, v in by_month.groupby(level=0, sort=False).max().items()}
