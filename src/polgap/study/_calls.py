"""The call list: which capital to call first, by what the call gains in unmet need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import assess, deploy
from polgap.domain import (
    Arrival,
    Deployed,
    Generation,
    Inputs,
    Mission,
    Plan,
    Requirement,
    Study,
)
from polgap.study._blocks import Block, Steps, interval

Array = NDArray[np.floating[Any]]
PRESENT = "in_mission"
ASKS = ("earlier", "certain")
"""What a call may win: the unit a month earlier, or that it comes at all."""


def calls(study: Study, inputs: Inputs, s: Steps) -> list[Block]:
    """Return the pledges of the chosen plan, ranked by what a call to the contributor gains.

    ``earlier`` is the unmet need saved if the unit came one month sooner in every future in which
    it comes; ``certain`` if it came in every future (where it failed: in the middle month of
    those in which it comes). Both hold the plan fixed, officer-months over the reported months.

    Returns
    -------
    list of {pledge, contributor, unit_type, readiness, chance, ask, gain, earlier, certain}
        ``ask`` is the better of the two, ``gain`` its mean; ``earlier`` and ``certain`` are
        intervals with their mean.
    """
    deployed = s.deployed[s.chosen]
    placed = deployed.plan.table[deployed.plan.table["number"] > 0]
    rows = []
    for pledge in inputs.pledges.to_dict("records"):
        mine = placed[placed["pledge"] == pledge["pledge"]]
        if pledge["readiness"] == PRESENT or mine.empty:
            continue
        gains = _gains(study, inputs, s, str(pledge["pledge"]), mine)
        ask = max(ASKS, key=lambda name: float(gains[name].mean()))
        rows.append(
            {
                "pledge": str(pledge["pledge"]),
                "contributor": str(pledge["contributor"]),
                "unit_type": str(pledge["unit_type"]),
                "readiness": str(pledge["readiness"]),
                "chance": float(pledge["chance"]),
                "ask": ask,
                "gain": float(gains[ask].mean()),
                **{n: {**interval(g), "mean": float(g.mean())} for n, g in gains.items()},
            }
        )
    return sorted(rows, key=lambda row: (-row["gain"], row["pledge"]))


def asks(ranked: list[Block]) -> list[Block]:
    """Return the calls by readiness and unit type, for readers who may not see who offered.

    Examples
    --------
    >>> row = {"readiness": "L3", "unit_type": "FPU", "ask": "certain", "gain": 3.0}
    >>> asks([row, {**row, "gain": 1.0}])
    [{'readiness': 'L3', 'unit_type': 'FPU', 'ask': 'certain', 'offers': 2, 'gain': 4.0}]
    """
    found: dict[tuple[str, str, str], Block] = {}
    for row in ranked:
        key = (row["readiness"], row["unit_type"], row["ask"])
        one = found.setdefault(key, dict(zip(("readiness", "unit_type", "ask"), key, strict=True))
                               | {"offers": 0, "gain": 0.0})  # fmt: skip
        one["offers"] += 1
        one["gain"] += row["gain"]
    return sorted(found.values(), key=lambda row: -row["gain"])


def _gains(
    study: Study, inputs: Inputs, s: Steps, pledge: str, mine: pd.DataFrame
) -> Mapping[str, Array]:
    """Return the unmet need that each ask saves, by draw, where the pledge serves."""
    whole = s.deployed[s.chosen]
    plan = _alone(whole.plan, mine)
    keys = [str(a) for a in inputs.areas["area"]]
    named = {*plan.table["area"], *plan.tasking["serves"]}
    here = inputs.areas[[k in named for k in keys]]
    areas = here["area"].astype(str).tolist()
    required = Requirement(s.gap.requirement.sel(area=areas))
    base = s.left[s.chosen].unmet.sel(area=areas).sum(["area", "month", "function"],
                                                      dtype=np.float64)  # fmt: skip
    before = deploy.place(study, plan, inputs.pledges, s.force, s.theta, here, inputs.rules)
    standing = whole.mission.sel(area=areas)
    others = standing - _classed(before, standing)
    found = {}
    for name, months in _asked(s.force, pledge).items():
        after = deploy.place(study, plan, inputs.pledges, _with(s.force, pledge, months),
                             s.theta, here, inputs.rules)  # fmt: skip
        left = assess.left_open(required, _sum(others, after))
        total = left.unmet.sum(["area", "month", "function"], dtype=np.float64)
        found[name] = np.asarray(base.values - total.values)
    return found


def _alone(plan: Plan, mine: pd.DataFrame) -> Plan:
    """Return the plan with one pledge alone, and the tasking of its units where it stands."""
    pairs = set(zip(mine["unit_type"], mine["area"], strict=True))
    task = plan.tasking
    kept = task[[p in pairs for p in zip(task["unit_type"], task["area"], strict=True)]]
    return replace(plan, table=mine, tasking=kept)


def _asked(force: Generation, pledge: str) -> dict[str, Array]:
    """Return the months of effect under each ask, by draw."""
    months = force.arrival.sel(pledge=pledge).values
    known = months[np.isfinite(months)]
    middle = float(np.median(known)) if known.size else np.inf
    return {
        "earlier": np.where(np.isfinite(months), np.maximum(1.0, months - 1.0), months),
        "certain": np.where(np.isfinite(months), months, middle),
    }


def _with(force: Generation, pledge: str, months: Array) -> Generation:
    arrival = force.arrival.copy()
    arrival.loc[{"pledge": pledge}] = months
    return replace(force, arrival=Arrival(arrival))


def _sum(others: xr.DataArray, mine: Deployed) -> Mission:
    """Return the mission of all others and of one pledge; float32 rounding is no officer."""
    both = (others + _classed(mine, others)).clip(min=0.0)
    return Mission(both.transpose("unit_type", "area", "month", "draw"))


def _classed(mine: Deployed, like: xr.DataArray) -> xr.DataArray:
    """Return the mission of one pledge under the classes of the whole plan, 0 where it has none."""
    return mine.mission.reindex(unit_type=like["unit_type"], fill_value=0.0)
