"""Synthetic theatres for the program: seeded, of any size, made through the product's own code.

Need is lognormal by area, with a few clusters that rise and fall together, month by month, in each
scenario. A formed unit is worth several areas' need; six kinds of unit come as pledges, a third of
them in the mission already; the yearly budget pays for about two thirds of the need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from polgap import calibrate, catalogue, domain
from polgap.calibrate._floors import floors
from polgap.calibrate._force import muster
from polgap.calibrate._limits import limits
from polgap.calibrate._program import Program, build
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
    empty_table,
)
from polgap.draws import Parameters

SHARES = {
    "command_admin": 0.06, "mission_self": 0.12, "protection": 0.25, "public_order": 0.2,
    "sgbv": 0.04, "serious_crime": 0.03, "investigation": 0.07, "static": 0.06,
    "custody": 0.03, "community": 0.09, "development": 0.05,
}  # fmt: skip
"""Share of each function in the need of an area, on average."""
OFFICERS = 45.0
"""Mean need of an area; a formed unit gives about a hundred."""
BUDGET = 0.65
"""Share of the need that the yearly budget pays for."""
READY = {"in_mission": 0, "RDL": 4, "L3": 6, "L2": 9, "L1": 13}
"""Median month of effect by readiness."""


@dataclass(frozen=True)
class Instance:
    """A theatre as `calibrate.options` is given it."""

    study: Study
    inputs: Inputs
    assessment: Assessment
    posture: Posture
    generation: Generation
    hours: xr.DataArray
    theta: Parameters

    def program(self) -> Program:
        """Return the program that `calibrate.options` makes of it."""
        force, _ = muster(
            self.study, self.inputs, self.assessment.phases, self.generation, self.theta
        )
        return build(
            self.study, self.assessment.requirement, self.hours,
            self.inputs.areas["population"].to_numpy(float), force,
            limits(self.study, self.inputs, force),
            floors(self.study, self.inputs, force, self.hours),
        )  # fmt: skip


def instance(areas: int, months: int, scenarios: int, seed: int = 1) -> Instance:
    """Return a theatre of `areas` places, planned for `months`, with `scenarios` futures."""
    chance = np.random.default_rng([seed, areas, months, scenarios])
    keys = [f"a{i:04d}" for i in range(areas)]
    study = Study(
        "Synthetic", "2023-12", months=months, forecast_months=max(36, months), draws=scenarios,
        seed=seed, capital=keys[0], language="fr", basis="exercise",
    )  # fmt: skip
    at, hours = _ground(areas, chance)
    people = chance.lognormal(11.5, 0.8, areas).round()
    level = _level(at, chance)
    phases = dict(zip(keys, _phases(level, chance), strict=True))
    frame = pd.DataFrame({
        "area": keys, "name": keys, "population": people, "population_basis": "exercise",
        "km2": 1000.0, "lon": at[:, 0], "lat": at[:, 1], "sensitivity": "public",
    })  # fmt: skip
    pledges, budget = _pledges(keys, level, chance)
    ceilings = (round(0.5 * level.sum() * 1.4), round(0.4 * level.sum() * 1.4))
    mandate = pd.DataFrame([{
        "paragraph": "1", "task": "support", "posture": "operational_support",
        "powers": "urgent_temporary", "host_consent": "yes", "hrddp": "yes",
        "basis": "exercise", "ceiling_formed": ceilings[0], "ceiling_individual": ceilings[1],
    }])  # fmt: skip
    rule = pd.DataFrame([{
        "rule": "budget_year", "area": "", "value": budget / 1e6, "units": "million USD",
        "reason": "synthetic", "basis": "exercise",
    }])  # fmt: skip
    inputs = Inputs(
        areas=check_table("areas", frame),
        towns=empty_table("towns"),
        panel=Panel(xr.Dataset()),
        host_police=empty_table("host_police"),
        willingness=empty_table("willingness"),
        other_providers=empty_table("other_providers"),
        mandate=check_table("mandate", mandate),
        pledges=check_table("pledges", pledges),
        rules=check_table("rules", rule),
        programmes=empty_table("programmes"),
    )
    theta = Parameters(catalogue.parameters(), seed, scenarios)
    return Instance(
        study, inputs, _assessment(study, keys, at, level, phases, people, chance),
        calibrate.posture(study, inputs.mandate, inputs.areas),
        _generation(study, inputs.pledges, chance),
        domain.cube(hours, units="hours", area=keys, serves=keys), theta,
    )  # fmt: skip


def _ground(areas: int, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return places on a shaken grid and the hours between them; some roads are bad."""
    side = int(np.ceil(np.sqrt(areas)))
    at = np.array([(i % side, i // side) for i in range(areas)], dtype=float)
    at += chance.uniform(-0.35, 0.35, at.shape)
    slow = chance.lognormal(0.0, 0.25, areas)
    hours = np.sqrt(((at[:, None] - at) ** 2).sum(axis=2)) * np.sqrt(slow[:, None] * slow)
    return at, hours * 1.1


def _level(at: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return the mean need of each area: lognormal, higher about a few hot spots."""
    spots = at[chance.choice(len(at), max(2, len(at) // 25), replace=False)]
    near = np.exp(-(((at[:, None] - spots) ** 2).sum(axis=2)) / 4.0).sum(axis=1)
    level = chance.lognormal(0.0, 0.5, len(at)) * (0.6 + near)
    return np.asarray(OFFICERS * level / level.mean())


def _phases(level: np.ndarray, chance: np.random.Generator) -> list[str]:
    rank = level.argsort().argsort() / len(level) + chance.uniform(-0.2, 0.2, len(level))
    return ["fighting" if r > 0.95 else "ceasefire" if r > 0.7 else "post_conflict" for r in rank]


def _pledges(
    keys: list[str], level: np.ndarray, chance: np.random.Generator
) -> tuple[pd.DataFrame, float]:
    """Return pledges worth more than the need, and the yearly budget."""
    need = float(level.sum())
    types = catalogue.table("unit_types").set_index("unit_type")
    wanted = {
        ("FPU", ""): 0.42 * need / 100, ("FPU", "no_crowd_control"): 0.18 * need / 100,
        ("IPU", ""): 0.14 * need / 95, ("IPO", ""): 0.38 * need, ("SPT", ""): 0.05 * need / 8,
        ("SPC", ""): 0.03 * need / 10,
    }  # fmt: skip
    share = {"FPU": 0.75, "IPU": 0.75, "IPO": 0.8, "SPT": 0.9, "SPC": 0.9}
    rows, cost = [], 0.0
    weight = level / level.sum()
    for (kind, caveat), units in wanted.items():
        cost += units * share[kind] * float(types["cost_year_mid"][kind])
        left, offers = max(2, round(units)), 6 if kind == "FPU" and not caveat else 4
        each = max(1, round(left / (offers * max(1.0, np.sqrt(len(keys) / 80)) ** 1.2)))
        while left > 0:
            number = int(min(left, max(1, round(each * chance.uniform(0.5, 1.5)))))
            present = chance.random() < 0.35
            ready = "in_mission" if present else str(chance.choice(["RDL", "L3", "L2", "L1"]))
            home = keys[int(chance.choice(len(keys), p=weight))] if present else ""
            if present and kind != "IPO":
                number = 1
            rows.append({
                "pledge": f"p{len(rows):03d}", "contributor": "NOTIONAL", "unit_type": kind,
                "number": number, "readiness": ready, "area": home, "caveats": caveat,
                "chance": 1.0 if present else float(chance.uniform(0.7, 1.0)),
                "language": "" if present else str(chance.choice(["fr", "en", ""])),
                "basis": "exercise",
            })  # fmt: skip
            left -= number
    return pd.DataFrame(rows), BUDGET * cost / 0.8


def _assessment(
    study: Study, keys: list[str], at: np.ndarray, level: np.ndarray, phases: dict[str, str],
    people: np.ndarray, chance: np.random.Generator,
) -> Assessment:  # fmt: skip
    """Return the need: level x cluster shock x own shock, each carried from month to month."""
    months, draws = study.all_months, study.draws
    functions = catalogue.table("functions")["function"].astype(str).tolist()
    spots = at[chance.choice(len(at), max(2, len(at) // 20), replace=False)]
    cluster = ((at[:, None] - spots) ** 2).sum(axis=2).argmin(axis=1)
    shock = _carried(len(spots), len(months), draws, 0.85, 0.45, chance)[cluster]
    shock = shock + _carried(len(at), len(months), draws, 0.6, 0.35, chance)
    mix = np.array([SHARES.get(f, 0.0) for f in functions])
    mix = mix * chance.lognormal(0.0, 0.25, (len(at), len(functions)))
    mix /= mix.sum(axis=1, keepdims=True)
    rise = np.exp(shock - shock.var() / 2.0).astype(np.float32)
    values = (level[:, None] * mix).astype(np.float32)[:, None, :, None] * rise[:, :, None]
    labels = {"area": keys, "month": months, "function": functions, "draw": range(draws)}
    asked = domain.cube(values, units="officers on strength", **labels)
    return Assessment(
        need=Need(asked), host=Provision(asked), shortfall=asked, requirement=Requirement(asked),
        institutional=np.zeros(draws), why=None, why_by_area=pd.DataFrame(), phases=phases,
        benchmark_band=(0.0, 0.0, 0.0),
        population=domain.cube(people, units="persons", area=keys),
    )  # fmt: skip


def _carried(
    series: int, months: int, draws: int, carry: float, sd: float, chance: np.random.Generator
) -> np.ndarray:
    """Return autoregressive shocks (series, months, draws), the same variance in each month."""
    found = np.empty((series, months, draws))
    now = chance.normal(0.0, sd, (series, draws))
    for t in range(months):
        found[:, t] = now
        now = carry * now + chance.normal(0.0, sd * np.sqrt(1 - carry**2), (series, draws))
    return found


def _generation(study: Study, pledges: pd.DataFrame, chance: np.random.Generator) -> Generation:
    months = np.empty((len(pledges), study.draws))
    for i, row in enumerate(pledges.itertuples()):
        middle = READY[row.readiness]
        jitter = chance.integers(-2, 5, study.draws) if middle else np.zeros(study.draws)
        months[i] = np.maximum(middle + jitter, 0)
        months[i, chance.random(study.draws) >= row.chance] = np.inf
    found = domain.cube(
        months, units="months", pledge=pledges["pledge"].tolist(), draw=range(study.draws)
    )
    found.attrs["origin"] = study.origin
    return Generation(Arrival(found), pd.DataFrame())
