"""Would the plan have been better? A real mission at an origin, its real strength, other places.

Every arm has the same units, which stand where the bases of the year before had them and can move
at the end of the first block. `recommended` is what the program finds from what was known at the
origin; `actual` is where the mission had its police in the year that came; `population_spread`
and `status_quo` are the yardsticks. All are judged on the same draws: by the need that was
foreseen, and by the need that follows from what then happened. Both are needs of this very model,
so the plan is optimised on the measure that judges it; `_theatres_sites` is the outside test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import calibrate, forecast
from polgap.domain import KINDS, Futures, Inputs, Panel, Study
from polgap.sources.placement import Ground as Land
from polgap.sources.theatres import Mission, police_by_area
from polgap.study._blocks import clean, interval, records, unmet_months
from polgap.study._case import Case, Ground, case, ground, officer_months, requirement
from polgap.study._report import outlines
from polgap.study._theatres_sites import site_rows

Array = NDArray[np.floating[Any]]
Block = dict[str, Any]

SCHEMA = "polgap.theatres/1"
ARMS = ("recommended", "actual", "population_spread", "status_quo")
SLIGHT = 1e-6
FIRST_BLOCK = 3
"""Months in which every arm stands where the mission stood at the origin."""


@dataclass(frozen=True)
class Theatre:
    """A real mission at an origin.

    Parameters
    ----------
    study, inputs : Study, Inputs
        Of the project, as ``init`` made it: nothing in it is later than the origin.
    land : Ground of the placement test
        Events, towns and bases of all years; for the judge.
    mission : Mission
        Its police in the year after the origin; all plans have the same.
    came : Panel
        What happened in that year; for the judge.
    foresee : callable
        `forecast.predict`, or what gives the same from a store.
    """

    study: Study
    inputs: Inputs
    land: Land
    mission: Mission
    came: Panel
    foresee: Callable[..., forecast.Forecast] = forecast.predict


def backtest_theatres(
    theatres: Iterable[Theatre],
    out: Path | None = None,
    *,
    left_out: Sequence[Mapping[str, str]] = (),
    mapper: Callable[..., Iterable[Any]] = map,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[Block, dict[str, list[Block]]]:
    """Return the record of whole plans against real missions, and outlines to draw.

    The record is also written to ``out/theatres.json``.

    Parameters
    ----------
    theatres : iterable of Theatre
    out : Path, optional
        Made if need be.
    left_out : sequence of {country, origin, why}
        What was asked for and cannot be compared; read when all theatres have been.

    Returns
    -------
    record : mapping
        As ``docs/explanation/theatres.md`` has it.
    outlines : mapping
        Theatre -> areas, each {area, name, lon, lat, geometry (GeoJSON)}.
    """
    rows: list[Block] = []
    drawn: dict[str, list[Block]] = {}
    for one in theatres:
        say(f"{one.study.theatre}: plans")
        rows.append(compared(one, mapper))
        drawn[one.study.theatre] = drawable(one.inputs)
    record: Block = clean(
        {
            "schema": SCHEMA,
            "arms": ARMS,
            "theatres": rows,
            "summary": summary(rows),
            "left_out": [dict(row) for row in left_out],
        }
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(record, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False)
        (out / "theatres.json").write_text(text + "\n", encoding="utf-8")
    return record, drawn


def compared(one: Theatre, mapper: Callable[..., Iterable[Any]] = map) -> Block:
    """Return the row of one theatre: facts, unmet need and sites of every arm, areas."""
    study = replace(one.study, forecast_months=one.study.months)
    ahead = one.foresee(study, one.inputs.panel, mapper)
    on = ground(study, one.inputs, ahead.futures)
    arms = plans(one, on, mapper)
    hindsight = ground(study, one.inputs, repeated(one.came, study))
    judged = {
        "foreseen": arms,
        "happened": {name: case(hindsight, arm.plan) for name, arm in arms.items()},
    }
    areas = one.inputs.areas["area"].astype(str).tolist()
    based = {name: officers(arm).reindex(area=areas).values for name, arm in arms.items()}
    return {
        "theatre": study.theatre,
        "country": study.iso3,
        "mission": one.land.mission,
        "origin": study.origin,
        "year": one.mission.year,
        "draws": study.draws,
        "seed": study.seed,
        **_strength(one),
        "unmet": {name: unmet_rows(by) for name, by in judged.items()},
        "sites": site_rows(one.land, one.mission, one.inputs.areas, based, study.seed),
        "areas": _areas(one, judged, based),
    }


def plans(one: Theatre, on: Ground, mapper: Callable[..., Iterable[Any]] = map) -> dict[str, Case]:
    """Return every arm on what was foreseen at the origin."""
    theta = on.theta.of("calibrate")
    offered = calibrate.options(
        on.study, on.inputs, on.gap, on.posture, on.force, on.hours, theta, mapper
    )
    found = {plan.name: plan for plan in offered}
    posts = one.mission.posts(one.mission.then, on.inputs.areas)
    found["actual"] = calibrate.placed(
        on.study, on.inputs, on.gap, on.force, on.hours, theta, "actual", posts
    )
    return {name: case(on, found[name]) for name in ARMS}


def repeated(came: Panel, study: Study) -> Futures:
    """Return what happened as futures that are all the same, dims (area, month, draw)."""
    names = [*KINDS, "events"]
    seen = came[names].sel(month=study.all_months).transpose("area", "month")
    return Futures(seen.astype(np.int64).expand_dims(draw=range(study.draws), axis=-1).copy())


def officers(arm: Case) -> xr.DataArray:
    """Return officers based in each area after the first block, mean over months and draws."""
    there = arm.deployed.strength
    months = slice(min(FIRST_BLOCK, there.sizes["month"] - 1), None)
    return there.isel(month=months).mean(["month", "draw"])


def unmet_rows(arms: Mapping[str, Case]) -> list[Block]:
    """Return unmet need of each arm, and what it is above `actual`, draw by draw.

    Officer-months over the year. `ratio` is to the unmet need of `actual`; `served` is the share of
    the requirement that is met; `chance_less` the share of draws in which less is left unmet than
    by `actual`.
    """
    left = {name: unmet_months(arm.left) for name, arm in arms.items()}
    rows = []
    for name, arm in arms.items():
        asked = officer_months(requirement(arm))
        above = left[name] - left["actual"]
        given = arm.ground
        rows.append({
            "arm": name,
            "officers": float(officers(arm).sum()),
            "requirement": interval(asked),
            "unmet": interval(left[name]),
            "served": interval(1.0 - left[name] / np.maximum(asked, 1e-9)),
            "above_actual": interval(above),
            "ratio": interval(left[name] / np.maximum(left["actual"], 1e-9)),
            "chance_less": float((above < -SLIGHT).mean()),
            "bound": arm.plan.bound,
            "violations": calibrate.verify.verify(
                arm.plan, given.study, given.inputs, given.posture, given.gap.phases, given.hours
            ),
        })  # fmt: skip
    return rows


def drawable(inputs: Inputs) -> list[Block]:
    """Return the areas as a map needs them: area, name, lon, lat, geometry (GeoJSON)."""
    rows = records(inputs.areas[["area", "name", "lon", "lat"]])
    return [row | {"geometry": g} for row, g in zip(rows, outlines(inputs.areas), strict=True)]


def _strength(one: Theatre) -> Block:
    """Return what the mission had, and as which units."""
    real = one.mission
    return {
        "strength": {
            "police": real.police,
            "formed_units": real.units,
            "individual": real.individual,
            "formed_share": real.formed_share,
            "formed_share_basis": real.share_basis,
            "bases_before": len(real.before),
            "police_before": float(real.before["police"].sum()),
            "bases": len(real.then),
        }
    }


def _areas(
    one: Theatre, judged: Mapping[str, Mapping[str, Case]], based: Mapping[str, Array]
) -> list[Block]:
    """Return officers of each arm, need and events by area."""
    table = one.inputs.areas
    events = one.came["events"].sum("month").reindex(area=table["area"].tolist()).values
    police = police_by_area(one.mission.then, table)
    asked = {
        name: by["actual"].ground.gap.requirement.sum("function").mean(["month", "draw"])
        .reindex(area=table["area"].tolist()).values
        for name, by in judged.items()
    }  # fmt: skip
    phases = judged["foreseen"]["actual"].ground.gap.phases
    return [
        {
            "area": str(area),
            "name": str(name),
            "phase": phases.get(str(area)),
            "events": float(events[i]),
            "requirement": {kind: float(values[i]) for kind, values in asked.items()},
            "police": float(police[i]),
            "officers": {arm: float(values[i]) for arm, values in based.items()},
        }
        for i, (area, name) in enumerate(zip(table["area"], table["name"], strict=True))
    ]


def summary(rows: Sequence[Block]) -> Block:
    """Return in how many theatres the recommended plan is better than the actual one.

    ``clear`` counts those in which the whole interval says so.
    """
    found: Block = {"theatres": len(rows)}
    for name in ("foreseen", "happened"):
        above = [_arm(row["unmet"][name], "arm", "recommended")["above_actual"] for row in rows]
        gains = [(-a["mid"], -a["high"]) for a in above]
        found[f"less_unmet_{name}"] = _counted(gains)
    sited = [_arm(row["sites"], "method", "recommended") for row in rows]
    for name, measure in (("more_events", "share_50km"), ("more_officers", "officers_50km")):
        for beside in ("actual", "actual_areas"):
            above = [row[f"{measure}_above_{beside}"] for row in sited if row]
            found[f"{name}_than_{beside}"] = _counted([(a["mid"], a["low"]) for a in above])
    return found


def _counted(gains: Sequence[tuple[float, float]]) -> Block:
    """Return how many gains (middle, worst end) are above nothing."""
    return {
        "better": sum(middle > SLIGHT for middle, _ in gains),
        "clear": sum(worst > SLIGHT for _, worst in gains),
        "of": len(gains),
    }


def _arm(rows: Sequence[Block], key: str, name: str) -> Block:
    return next((row for row in rows if row[key] == name), {})
