"""A small made-up theatre for the tests of simulate: every part can be turned by hand."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from polgap import catalogue
from polgap.domain import (
    Assessment,
    Deployed,
    Effects,
    Futures,
    Inputs,
    Need,
    Plan,
    Provision,
    Requirement,
    Study,
    cube,
    empty_table,
)
from polgap.draws import Parameters, stream
from polgap.simulate import play

TABLES = (
    "areas", "towns", "host_police", "willingness", "other_providers", "mandate", "pledges",
    "rules", "programmes",
)  # fmt: skip
FUNCTIONS = ["mission_self", "protection", "public_order", "investigation", "development"]
UNIT = {"FPU": 84.0, "IPO": 1.0}
CALM = catalogue.table("shocks").iloc[:0]


@dataclass(frozen=True)
class Theatre:
    study: Study
    inputs: Inputs
    futures: Futures
    assessment: Assessment
    deployed: dict
    hours: xr.DataArray

    def played(self, beta=0.0, shocks=CALM, cap=1132.0, overrides=None):
        draws = self.study.draws
        effect = np.broadcast_to(np.asarray(beta, dtype=float), (draws,))
        rates = dict.fromkeys(("all", "published", "panel", "sceptical"), effect)
        theta = Parameters(catalogue.parameters(), self.study.seed, draws, overrides)
        return play(
            self.study, self.inputs, self.futures, self.assessment, self.deployed,
            Effects(rates, cap), self.hours, theta, shocks,
        )  # fmt: skip

    def with_options(self, **units):
        """Return the theatre with other options: name -> {(pledge, area): number}."""
        deployed = {name: self.option(name, placed) for name, placed in units.items()}
        return replace(self, deployed=deployed)

    def option(self, name, placed):
        """Return an option whose pledges are all there from month 1."""
        rows = [
            (pledge, self.unit_type(pledge), area, month, float(number))
            for (pledge, area), number in placed.items()
            for month in self.study.report_months
        ]
        table = pd.DataFrame(rows, columns=["pledge", "unit_type", "area", "month", "number"])
        areas = self.futures["area"].values.tolist()
        shape = (2, len(areas), self.study.months, self.study.draws)
        officers, heads = np.zeros(shape, np.float32), np.zeros(shape[1:])
        strength = {"FPU": 140.0, "IPO": 1.0}
        for (pledge, area), number in placed.items():
            kind, a = self.unit_type(pledge), areas.index(area)
            officers[list(UNIT).index(kind), a] += number * UNIT[kind]
            heads[a] += number * strength[kind]
        labels = {
            "area": areas, "month": self.study.report_months, "draw": range(self.study.draws)
        }  # fmt: skip
        tasking = pd.DataFrame(columns=["unit_type", "area", "serves", "share"])
        return Deployed(
            Plan(name, table, tasking),
            cube(officers, units="officers", unit_type=list(UNIT), **labels),
            cube(heads, units="officers", **labels),
            np.full(self.study.draws, 1000.0 * heads[..., 0].sum()),
        )

    def unit_type(self, pledge):
        table = self.inputs.pledges
        return str(table.loc[table["pledge"] == pledge, "unit_type"].iloc[0])


def theatre(areas=("a", "b", "c"), draws=40, months=6, seed=5):
    """Return three areas in a row, two hours apart, with two pledges and the present unit."""
    names = list(areas)
    study = Study("T", "2020-12", months=months, forecast_months=months + 3, draws=draws, seed=seed)
    where = {"area": names, "month": study.all_months}
    size = (len(names), len(study.all_months), draws)
    kinds = ("state_based", "non_state", "one_sided")
    deaths = {
        kind: cube(
            stream(seed, kind).poisson(4.0, size), units="deaths", **where, draw=range(draws)
        )
        for kind in kinds
    }
    scale = stream(seed, "scale").gamma(4.0, 0.25, (*size[:2], 1, draws))
    level = np.array([20.0, 150.0, 80.0, 40.0, 15.0])[None, None, :, None]

    def officers(values):
        return cube(values, units="officers", **where, function=FUNCTIONS, draw=range(draws))

    need = officers(level * scale * 2.0)
    host = officers(level * scale * np.array([0.0, 1.0, 1.0, 1.0, 0.0])[:, None])
    short = need - host
    people = cube(np.full(len(names), 4e5), units="persons", area=names)
    pledges = pd.DataFrame(
        {
            "pledge": ["here", "new", "few"],
            "contributor": ["PRESENT", "NOTIONAL", "NOTIONAL"],
            "unit_type": ["FPU", "FPU", "IPO"],
            "number": [1.0, 4.0, 60.0],
            "readiness": ["in_mission", "L3", "L2"],
        }
    )
    tables = {name: empty_table(name) for name in TABLES}
    tables["pledges"] = pledges
    tables["areas"] = pd.DataFrame({"area": names, "name": [f"Area {n}" for n in names]})
    apart = 2.0 * np.abs(np.subtract.outer(np.arange(len(names)), np.arange(len(names))))
    made = Theatre(
        study,
        Inputs(panel=xr.Dataset(), **tables),
        Futures(xr.Dataset(deaths)),
        Assessment(
            Need(need), Provision(host), short, Requirement(short * 0.5), np.zeros(draws), None,
            pd.DataFrame(), {}, (0, 0, 0), people,
        ),
        {},
        cube(apart, units="hours", area=names, serves=names),
    )  # fmt: skip
    first, second = names[0], names[1]
    return made.with_options(
        status_quo={("here", first): 1},
        recommended={
            ("here", first): 1,
            ("new", first): 2,
            ("new", second): 2,
            ("few", second): 60,
        },
    )
