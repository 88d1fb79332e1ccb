"""A made-up theatre: a square grid of areas, a drawn requirement, pledges and rules."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from polgap import calibrate, catalogue
from polgap.domain import (
    Arrival,
    Assessment,
    Generation,
    Inputs,
    Need,
    Panel,
    Posture,
    Provision,
    Requirement,
    Study,
    check_table,
    cube,
    empty_table,
)
from polgap.draws import Parameters

FUNCTIONS = catalogue.table("functions")["function"].astype(str).tolist()
PARTS = {
    "command_admin": 0.1, "mission_self": 0.15, "protection": 0.25, "public_order": 0.2,
    "sgbv": 0.04, "serious_crime": 0.03, "investigation": 0.06, "static": 0.05,
    "custody": 0.03, "community": 0.05, "development": 0.04,
}  # fmt: skip
MONTHS = {"in_mission": 0, "RDL": 4, "L3": 6, "L2": 9, "L1": 13}
"""Median month of effect by readiness."""


def pledge(name, unit_type, number, readiness="in_mission", area="", **more):
    row = {
        "pledge": name, "contributor": "NOTIONAL", "unit_type": unit_type, "number": number,
        "readiness": readiness, "chance": 1.0, "area": area, "basis": "exercise",
    }  # fmt: skip
    return row | more


def rule(name, value, area="", units="", **more):
    row = {"rule": name, "area": area, "value": value, "units": units}
    return row | {"reason": "test", "basis": "exercise"} | more


def rows(name, records):
    if not records:
        return empty_table(name)
    return check_table(name, pd.DataFrame(records).astype(object).where(lambda f: f.notna(), None))


@dataclass
class Theatre:
    study: Study
    inputs: Inputs
    assessment: Assessment
    posture: Posture
    generation: Generation
    hours: xr.DataArray
    theta: Parameters
    phases: dict = field(default_factory=dict)

    def options(self, mapper=map):
        plans = calibrate.options(
            self.study, self.inputs, self.assessment, self.posture, self.generation, self.hours,
            self.theta, mapper,
        )  # fmt: skip
        return {plan.name: plan for plan in plans}

    def verify(self, plan):
        return calibrate.verify.verify(plan, self.study, self.inputs, self.posture, self.phases)


def theatre(
    pledges,
    rules=(),
    areas=4,
    months=12,
    draws=60,
    officers=60.0,
    spacing=1.2,
    spread=0.6,
    seed=1,
    phases=None,
    ceilings=(None, None),
    language="fr",
    arrival=None,
):
    """Return a theatre of `areas` places, `spacing` hours apart on a grid, first the capital."""
    chance = np.random.default_rng(seed)
    keys = [f"a{i:03d}" for i in range(areas)]
    study = Study(
        "Made up", "2023-12", months=months, forecast_months=max(36, months), draws=draws,
        seed=seed, capital=keys[0], language=language,
    )  # fmt: skip
    side = int(np.ceil(np.sqrt(areas)))
    at = np.array([(i % side, i // side) for i in range(areas)], dtype=float)
    at += chance.uniform(-0.2, 0.2, at.shape)
    apart = np.sqrt(((at[:, None] - at) ** 2).sum(axis=2)) * spacing
    people = chance.lognormal(12.0, 0.8, areas).round()
    frame = pd.DataFrame({
        "area": keys, "name": keys, "population": people, "population_basis": "exercise",
        "km2": 1000.0, "lon": at[:, 0], "lat": at[:, 1], "sensitivity": "public",
    })  # fmt: skip
    mandate = {
        "paragraph": "1", "task": "support", "posture": "operational_support",
        "powers": "protect", "host_consent": "yes", "hrddp": "yes", "basis": "exercise",
        "ceiling_formed": ceilings[0], "ceiling_individual": ceilings[1],
    }  # fmt: skip
    inputs = Inputs(
        areas=check_table("areas", frame),
        towns=empty_table("towns"),
        panel=Panel(xr.Dataset()),
        host_police=empty_table("host_police"),
        willingness=empty_table("willingness"),
        other_providers=empty_table("other_providers"),
        mandate=rows("mandate", [mandate]),
        pledges=rows("pledges", list(pledges)),
        rules=rows("rules", list(rules)),
        programmes=empty_table("programmes"),
    )
    phases = dict.fromkeys(keys, "post_conflict") | dict(phases or {})
    theta = Parameters(catalogue.parameters(), seed, draws)
    return Theatre(
        study, inputs, _assessment(study, keys, officers, spread, chance, phases, people),
        calibrate.posture(study, inputs.mandate, inputs.areas),
        generation(study, inputs.pledges, chance, arrival or {}),
        cube(apart, units="hours", area=keys, serves=keys), theta, phases,
    )  # fmt: skip


def _assessment(study, keys, officers, spread, chance, phases, people):
    months = study.all_months
    mean = officers * chance.lognormal(0.0, 0.7, len(keys))
    noise = chance.lognormal(0.0, spread, (len(keys), len(months), 1, study.draws))
    part = np.array([PARTS.get(f, 0.0) for f in FUNCTIONS])
    values = mean[:, None, None, None] * noise * part[:, None]
    labels = {
        "area": keys, "month": months, "function": FUNCTIONS, "draw": range(study.draws),
    }  # fmt: skip
    asked = cube(values, units="officers on strength", **labels)
    none = xr.zeros_like(asked)
    return Assessment(
        need=Need(asked), host=Provision(none), shortfall=asked, requirement=Requirement(asked),
        institutional=np.zeros(study.draws), why=None, why_by_area=pd.DataFrame(), phases=phases,
        benchmark_band=(0.0, 0.0, 0.0),
        population=cube(people, units="persons", area=keys),
    )  # fmt: skip


def generation(study, pledges, chance, arrival):
    """Return arrivals about the median of each readiness; `arrival` gives some outright."""
    months = np.empty((len(pledges), study.draws))
    for i, row in enumerate(pledges.itertuples()):
        middle = arrival.get(row.pledge, MONTHS[row.readiness])
        jitter = np.zeros(study.draws)
        if middle and row.pledge not in arrival:
            jitter = chance.integers(-2, 4, study.draws)
        months[i] = np.maximum(middle + jitter, 0)
        months[i, chance.random(study.draws) >= row.chance] = np.inf
    found = cube(months, units="months", pledge=pledges["pledge"].tolist(), draw=range(study.draws))
    found.attrs["origin"] = study.origin
    return Generation(Arrival(found), pd.DataFrame())


def mission(areas, seed=1, pledges=20):
    """Return pledges of a mission as they are found: half present, half offered."""
    chance = np.random.default_rng(seed)
    kinds = ["FPU", "FPU", "IPO", "IPO", "IPU", "SPT", "SPC"]
    ready = ["RDL", "L3", "L2", "L1"]
    found = []
    for i in range(pledges):
        kind = kinds[i % len(kinds)]
        number = int(chance.integers(40, 160)) if kind == "IPO" else int(chance.integers(1, 4))
        present = i % 2 == 0
        found.append(
            pledge(
                f"p{i:02d}", kind, number,
                "in_mission" if present else ready[i // 2 % 4],
                f"a{int(chance.integers(areas)):03d}" if present else "",
                chance=1.0 if present else float(chance.uniform(0.6, 1.0)),
                language="" if present else str(chance.choice(["fr", "en", ""])),
            )
        )  # fmt: skip
    return found
