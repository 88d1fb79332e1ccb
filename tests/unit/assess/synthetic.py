"""A made-up theatre: a few areas, two of them in one parent, and everything a run asks for."""

import numpy as np
import pandas as pd
import xarray as xr

from polgap import assess, catalogue
from polgap.assess._host import host_police
from polgap.domain import Inputs, Posture, Study, check_table, cube, empty_table, month_range
from polgap.draws import Parameters

KINDS = ("state_based", "non_state", "one_sided", "events")
INDICATORS = catalogue.table("indicators")["indicator"].tolist()
NIL = ("host_harm_share", "mission_data_spread_share", "host_ghost_share")
CALM = dict.fromkeys(NIL, (0.0, 0.0, 0.0))
"""Nobody preys, given figures are exact, and no name on the roll is a ghost."""


def study(draws=20, origin="2020-12", **changes):
    return Study("Made-up", origin, draws=draws, **{"forecast_months": 14, **changes})


def areas(people=(4e5, 2e5, 1e5), names=None, basis="given"):
    names = names or [f"area{k}" for k in range(len(people))]
    return pd.DataFrame(
        {
            "area": names,
            "name": [n.title() for n in names],
            "parent": ["east" if k < 2 else "west" for k in range(len(people))],
            "population": [float(p) for p in people],
            "population_basis": basis,
            "km2": 1000.0,
            "lon": np.arange(len(people), dtype=float),
            "lat": 5.0,
            "sensitivity": "public",
        }
    )


def host(area="*", institution="police", roll=1000.0, shares=0.8, basis="given", **changes):
    row = {
        "institution": institution, "area": area, "roll": roll, "operational": 0.9 * roll,
        "available": 0.7 * roll, "vetted": shares, "trained": shares, "equipped": shares,
        "paid": shares, "in_reach": shares, "as_of": "2020-12", "basis": basis,
    }  # fmt: skip
    return {**row, **changes}


def will(level=0.6, area="*", institution="police", basis="given", spread=0.0, names=INDICATORS):
    return [
        {
            "institution": institution, "area": area, "indicator": name,
            "low": max(0.0, level - spread), "mid": level, "high": min(1.0, level + spread),
            "assessor_role": "planner", "evidence_grade": "B", "as_of": "2020-12", "basis": basis,
        }
        for name in names
    ]  # fmt: skip


def table(name, rows):
    return check_table(name, pd.DataFrame(rows)) if rows else empty_table(name)


def rule(name, value="", area="", **changes):
    return {"rule": name, "area": area, "value": value, "reason": "test", "basis": "given",
            **changes}  # fmt: skip


def theta(draws=20, seed=3, **overrides):
    return Parameters(catalogue.parameters(), seed, draws, overrides)


def host_of(rows, draws=20, powers=3, **overrides):
    """The host police of some rows in a theatre of three areas, before they are assigned."""
    ground = areas()
    people = np.repeat(ground["population"].to_numpy()[:, None], draws, axis=1)
    chance = theta(draws, **overrides)
    return host_police(study(draws), table("host_police", rows), ground, 0, people, powers, chance)


def points(**values):
    """Overrides that fix parameters to one value each."""
    return {name: (float(v),) * 3 for name, v in values.items()}


def panel(ground, events=1.0, months=60, **more):
    labels = {"area": ground["area"].tolist(), "month": month_range("2016-01", months)}
    shape = (len(ground), months)
    values = {k: np.broadcast_to(events, shape) for k in KINDS} | more
    return xr.Dataset(
        {k: cube(np.broadcast_to(v, shape), units="n", **labels) for k, v in values.items()}
    )


def futures(what, ground, events=2, draws=20, seed=5):
    months = what.all_months
    counts = np.random.default_rng(seed).poisson(events, (len(ground), len(months), draws))
    labels = {"area": ground["area"].tolist(), "month": months, "draw": range(draws)}
    return xr.Dataset({k: cube(counts, units="n", **labels) for k in KINDS})


def hours(ground, apart=3.0):
    names = ground["area"].tolist()
    place = np.arange(len(names), dtype=float)
    return cube(np.abs(place[:, None] - place) * apart, units="hours", area=names, serves=names)


def inputs(ground, police=None, willing=None, others=(), rules=(), overrides=None, **changes):
    known = {
        "areas": ground,
        "towns": empty_table("towns"),
        "panel": panel(ground),
        "host_police": table("host_police", [host()] if police is None else police),
        "willingness": table("willingness", will() if willing is None else willing),
        "other_providers": table("other_providers", list(others)),
        "rules": table("rules", list(rules)),
        "overrides": overrides or {},
        **{n: empty_table(n) for n in ("mandate", "pledges", "programmes")},
    }
    return Inputs(**{**known, **changes})


def posture(ground, rung="reinforce", powers=3):
    return Posture(dict.fromkeys(ground["area"], rung), powers, {}, "given")


def measure(given, what=None, violence=None, rung="reinforce", powers=3, draws=20, **options):
    what = what or study(draws)
    ground = given.areas
    violence = futures(what, ground, draws=draws) if violence is None else violence
    chance = Parameters(catalogue.parameters(), 3, draws, given.overrides)
    stay = posture(ground, rung, powers)
    return assess.measure(what, given, violence, stay, hours(ground), chance, **options)


def mission(what, ground, draws=20, **officers):
    labels = {"area": ground["area"].tolist(), "month": what.report_months, "draw": range(draws)}
    shape = tuple(len(v) for v in labels.values())
    values = np.stack([np.full(shape, float(n)) for n in officers.values()])
    return cube(values, units="officers", unit_type=list(officers), **labels)
