"""The blocks of ``result.json`` (contracts.md 2), each from what the steps gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import isfinite
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import assess, calibrate, catalogue, deploy
from polgap.domain import (
    Assessment,
    Deployed,
    Effects,
    Generation,
    Inputs,
    LeftOpen,
    Note,
    Posture,
    Study,
)
from polgap.draws import Parameters
from polgap.forecast import Forecast
from polgap.rebuild import Handover
from polgap.score import quantile
from polgap.simulate import Played
from polgap.study._risk import risk_block
from polgap.study._totals import REPORTED, Tally, Totals, assessed_months

Block = dict[str, Any]
Array = NDArray[np.floating[Any]]

SCHEMA = "polgap.result/1"
INTERNAL = {"name": "internal"}
"""Edition of what a verb prints: it is the planner's own; only an export makes another."""
CHOSEN = "recommended"
_LIBRARIES = ("polgap", "numpy", "pandas", "scipy", "xarray", "highspy", "shapely")


@dataclass(frozen=True)
class Steps:
    """What each step gave, before it is summed up."""

    forecast: Forecast
    posture: Posture
    gap: Assessment
    force: Generation
    deployed: Mapping[str, Deployed]
    left: Mapping[str, LeftOpen]
    handover: Handover
    effects: Effects
    played: Played
    theta: Parameters
    responders: Mapping[str, tuple[str, ...]]
    need_models: assess.NeedModels
    women: xr.DataArray
    hours: xr.DataArray

    @property
    def chosen(self) -> str:
        """Name of the option that arrival and storyline speak of."""
        return CHOSEN if CHOSEN in self.deployed else next(iter(self.deployed))


def interval(draws: Array) -> dict[str, float]:
    """Return the 10, 50 and 90 % points over the last axis of a one-dimensional array.

    Examples
    --------
    >>> interval(np.arange(11.0))
    {'low': 1.0, 'mid': 5.0, 'high': 9.0}
    """
    low, mid, high = quantile(draws, [0.1, 0.5, 0.9]).tolist()
    return {"low": low, "mid": mid, "high": high}


def clean(value: Any) -> Any:
    """Return a JSON-ready copy: 6 significant digits, NaN and infinity as None.

    Examples
    --------
    >>> clean({"a": 1234567.0, "b": float("nan"), "c": (np.int64(2),)})
    {'a': 1234570.0, 'b': None, 'c': [2]}
    """
    if isinstance(value, Mapping):
        return {str(k): clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.6g}") if isfinite(value) else None
    return value


def mean_officers(cube: xr.DataArray) -> Array:
    """Return theatre totals averaged over the first `REPORTED` months, shape (draw,)."""
    dims = [d for d in cube.dims if d not in ("month", "draw")]
    total = cube.isel(month=slice(0, REPORTED)).sum(dims, dtype=np.float64)
    return np.asarray(total.transpose("month", "draw").values.mean(axis=0))


def by(cube: xr.DataArray, dim: str) -> dict[str, dict[str, float]]:
    """Return, for each label of `dim`, the interval of the mean over months 1-12."""
    rest = [d for d in cube.dims if d not in (dim, "month", "draw")]
    part = cube.isel(month=slice(0, REPORTED)).sum(rest, dtype=np.float64).mean("month")
    values = part.transpose(dim, "draw").values
    return {str(k): interval(row) for k, row in zip(part[dim].values, values, strict=True)}


def unmet_months(left: LeftOpen) -> Array:
    """Return officer-months left open over the reported months, shape (draw,)."""
    return np.asarray(left.total().sum("month", dtype=np.float64).values)


def study_block(study: Study) -> Block:
    """Return the block ``study``."""
    return {
        "theatre": study.theatre,
        "origin": study.origin,
        "first_month": study.first_month,
        "months": study.months,
        "draws": study.draws,
        "seed": study.seed,
        "basis": study.basis,
    }


def gap_block(study: Study, inputs: Inputs, found: Totals) -> Block:
    """Return the block ``gap``: the waterfall, its parts, and why."""
    by_month: list[Block] = [
        {"month": m, **interval(row)}
        for m, row in zip(study.report_months, found.by_month, strict=True)
    ]
    columns = ["area", "name", "population_basis"]
    by_area = [
        {
            "area": str(area),
            "name": str(name),
            **interval(row),
            "basis": str(basis),
            "phase": found.phases[str(area)],
        }
        for (area, name, basis), row in zip(
            inputs.areas[columns].to_numpy().tolist(), found.by_area, strict=True
        )
    ]
    low, mid, high = found.benchmark_band
    return {
        "units": "officers on strength",
        "need": interval(found.need),
        "national_shortfall": interval(found.national_shortfall),
        "mission_requirement": interval(found.mission_requirement),
        "left_open": interval(found.left_open),
        "peak": max(by_month, key=lambda row: row["mid"]),
        "by_function": [
            {"function": f, **interval(row)}
            for (f, on), row in zip(found.assessed.items(), found.by_function, strict=True)
            if on
        ],
        "by_area": by_area,
        "by_month": by_month,
        "benchmark_band": {"low": low, "mid": mid, "high": high},
        "why": None if found.why is None else dict(found.why),
        "gaps": {
            "deployment": interval(found.deployment),
            "enforcement": interval(found.enforcement),
            "institutional": interval(found.institutional),
        },
        "women_on_duty": interval(found.women),
    }


def totals(study: Study, s: Steps) -> Totals:
    """Return the totals of the gap of a run, from its cubes."""
    left = s.left["status_quo"]
    cubes = (s.gap.need, s.gap.shortfall, s.gap.requirement)
    functions = s.gap.need["function"].values.tolist()
    areas, draws = slice(0, len(left.unmet["area"])), slice(0, study.draws)
    tally = Tally(study, areas.stop, functions, study.draws)
    tally.assessed(areas, draws, *(c.values for c in cubes))
    tally.alone(draws, s.gap.institutional[None])
    tally.left(areas, draws, left.unmet.values, left.deployment.values, left.enforcement.values)
    women = s.women.sum("area").values
    return tally.totals(s.gap.why, s.gap.phases, s.gap.benchmark_band, women)


def waterfall(s: Steps) -> dict[str, xr.DataArray]:
    """Return the four totals that are never confused, as cubes (gap-model.md 1)."""
    return {
        "need": s.gap.need,
        "national_shortfall": s.gap.shortfall,
        "mission_requirement": s.gap.requirement,
        "left_open": s.left["status_quo"].unmet,
    }


def assessed(study: Study, s: Steps) -> set[str]:
    """Return the functions asked for in some draw and area within the months looked at."""
    first = slice(0, assessed_months(study))
    need, asked = (c.isel(month=first).max(["area", "month", "draw"])
                   for c in (s.gap.need, s.gap.requirement))  # fmt: skip
    most = np.maximum(need.values, asked.values)
    names = s.gap.need["function"].values.tolist()
    return {name for name, top in zip(names, most, strict=True) if top > 0}


def marks() -> dict[str, str]:
    """Return the mark of every catalogue parameter."""
    return {name: p.mark for name, p in catalogue.parameters().items()}


class Grounded(Protocol):
    """What a row of the block ``options`` is read from, beside the plan."""

    @property
    def posture(self) -> Posture: ...
    @property
    def gap(self) -> Assessment: ...
    @property
    def hours(self) -> xr.DataArray: ...
    @property
    def theta(self) -> Parameters: ...


def options_block(study: Study, inputs: Inputs, s: Steps) -> list[Block]:
    """Return the block ``options``, in the order in which they were made."""
    return [
        option_row(study, inputs, s, s.responders, name, deployed, s.left[name])
        for name, deployed in s.deployed.items()
    ]


def option_row(
    study: Study,
    inputs: Inputs,
    on: Grounded,
    responders: Mapping[str, Sequence[str]],
    name: str,
    deployed: Deployed,
    left: LeftOpen,
) -> Block:
    """Return the row of one option."""
    unmet = unmet_months(left)
    letter, _ = assess.grade(on.theta, unmet, marks())
    posture = [
        {
            "area": a,
            "posture": rung,
            "preconditions": [{"name": n, "met": met} for n, met in on.posture.required[a]],
            "responders": list(responders[a]),
        }
        for a, rung in on.posture.rung.items()
    ]
    weighed = {"risk": risk_block(deployed.plan.risk)} if deployed.plan.risk else {}
    return {
        **weighed,
        "name": name,
        "cost": interval(deployed.cost),
        "unmet_need": interval(unmet),
        "bound": deployed.plan.bound,
        "gap_percent": deployed.plan.gap_percent,
        "grade": letter,
        "posture": posture,
        "plan": records(deployed.plan.table),
        "violations": calibrate.verify.verify(
            deployed.plan, study, inputs, on.posture, on.gap.phases, on.hours
        ),
    }


def sceptical_block(s: Steps) -> list[Block]:
    """Return what each option does to deaths if police change little: the sceptical reading.

    The plans are the same whatever the effect of police: they close the requirement, not deaths.
    """
    kept = ("civilian_deaths", "all_deaths")
    return [row for row in s.played.rows if row["part"] == "sceptical" and row["measure"] in kept]


def arrival_block(inputs: Inputs, s: Steps) -> Block:
    """Return the block ``arrival`` of the chosen option."""
    deployed = s.deployed[s.chosen]
    dates = deploy.dates(s.force, inputs.pledges)
    return {
        "option": s.chosen,
        "pledges": records(dates[["pledge", "unit_type", "p50", "p80", "p95"]]),
        "curve": records(deploy.curve(deployed)),
        "critical_path": deploy.critical_path(s.force, inputs.pledges, deployed),
    }


def records(frame: pd.DataFrame) -> list[Block]:
    """Return the rows of a table as mappings; missing values as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def notes_block(notes: Sequence[Note]) -> list[Block]:
    """Return the block ``notes``: each code once, in the order first met, in English."""
    seen: dict[tuple[str, str], Block] = {}
    for note in notes:
        text = catalogue.message(note.code, "en", **note.values)
        code = note.code.removeprefix("note.")
        seen.setdefault((code, text), {"code": code, "text": text, "values": dict(note.values)})
    return list(seen.values())


def manifest_block(study: Study, inputs: Inputs) -> Block:
    """Return the block ``manifest``: input hashes, versions and seed; no time, path or host."""
    keys = ("name", "sha256", "rows", "as_of")
    return {
        "inputs": [{k: entry.get(k) for k in keys} for entry in inputs.manifest],
        "versions": {name: version(name) for name in _LIBRARIES},
        "seed": study.seed,
    }
