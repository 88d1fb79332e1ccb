"""The toy: three areas, two years, four pledges - small enough to follow by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
import xarray as xr

from polgap import catalogue
from polgap.domain import Inputs, Note, Panel, Study, check_table, cube, month_range
from polgap.draws import stream
from polgap.examples._theatre import Exercise

AREAS = (
    # area, population, km2, lon, lat, expected lethal events a month, deaths an event
    ("north", 300_000, 11_000, 85.5, -20.5, 1.6, 4.0),
    ("centre", 700_000, 4_000, 85.5, -21.5, 0.5, 2.0),
    ("south", 200_000, 9_000, 85.5, -22.5, 0.2, 3.0),
)
FIRST, MONTHS = "2022-01", 24


def toy(draws: int = 50, seed: int = 1) -> tuple[Study, Inputs]:
    """Return a tiny study and its inputs, for documents and tests. All of it is invented.

    Parameters
    ----------
    draws : int
        Futures of the study.
    seed : int
        Of the study; the inputs are always the same.

    Returns
    -------
    (Study, Inputs)

    Examples
    --------
    >>> study, inputs = toy()
    >>> study.theatre, study.first_month, inputs.areas["area"].tolist()
    ('Toy', '2024-01', ['north', 'centre', 'south'])
    >>> inputs.pledges["readiness"].tolist()
    ['in_mission', 'in_mission', 'RDL', 'L3']
    """
    asked = Study(
        theatre="Toy", origin="2023-12", mission="TOY", draws=draws, seed=seed, capital="centre",
        basis="exercise", language="fr",
    )  # fmt: skip
    return asked, Inputs(
        areas=_areas(),
        towns=_table("towns", [
            {"town": "T1", "name": "Centre", "lon": 85.4, "lat": -21.4, "population": 240_000,
             "area": "centre"},
            {"town": "T2", "name": "North", "lon": 85.6, "lat": -20.9, "population": 40_000,
             "area": "north"},
        ]),
        panel=_panel(),
        host_police=_table("host_police", [
            {"institution": "Police", "area": "centre", "authorised": 1100, "roll": 900,
             "operational": 820, "available": 600, "vetted": 420, "trained": 380,
             "equipped": 300, "paid": 290, "in_reach": 280, "women": 0.12, "as_of": "2023-10"},
            {"institution": "Police", "area": "*", "authorised": 600, "roll": 400,
             "operational": 320, "available": 210, "vetted": 0.6, "trained": 0.5,
             "equipped": 0.4, "paid": 0.6, "in_reach": 0.5, "women": 0.08, "as_of": "2023-06"},
        ]),
        willingness=_willingness(),
        other_providers=_table("other_providers", [
            {"provider": "host military", "area": "north", "function": "static",
             "until": "2024-09", "strength": 60, "legal_basis": "request of the governor",
             "counts": "bridging"},
        ]),
        mandate=_table("mandate", [
            {"paragraph": "1", "task": "Protect civilians", "function": "protection",
             "posture": "reinforce", "powers": "search_hold", "ceiling_formed": 560,
             "ceiling_individual": 90, "host_consent": "yes", "hrddp": "yes"},
            {"paragraph": "2", "task": "Mentor the police", "function": "development",
             "posture": "mentor"},
        ]),
        pledges=_pledges(),
        rules=_table("rules", [
            {"rule": "budget_year", "value": 22_000_000, "units": "USD", "reason": "assembly"},
            {"rule": "minimum_presence", "area": "centre", "value": 20, "units": "officers",
             "reason": "headquarters"},
        ]),
        programmes=_table("programmes", [
            {"institution": "Police", "area": "*", "type": "reform", "donor": "Donor A",
             "from": "2023-07", "until": "2025-06", "cost": 1_500_000, "output": "academy",
             "verified_by": "mission police"},
        ]),
        notes=(Note("note.exercise"),),
        hrddp=_table("hrddp", [
            {"recipient": "Police", "area": "*", "support": "mentoring", "risk": "medium",
             "mitigation": "vetting before every course", "monitor": "human rights officer",
             "stop_rule": "grave violation not investigated within a month",
             "sign_off": "head of mission", "date": "2023-07"},
        ]),
    )  # fmt: skip


def study(exercise: Exercise, draws: int = 500, seed: int = 1) -> Study:
    """Return what `polgap demo` asks of the exercise: twelve months, 36 of them forecast."""
    return Study(
        theatre=exercise.name,
        origin=exercise.origin,
        iso3=exercise.iso3,
        mission=exercise.mission,
        draws=draws,
        seed=seed,
        capital=exercise.capital,
        basis="exercise",
        language=exercise.language,
    )


def inputs(exercise: Exercise) -> Inputs:
    """Return the exercise as inputs of a run, without files.

    Every event stands in its true area. An import of `sources` sees the same tables; only events
    whose place is vague (3 %) may go to another area there, as with real data.

    Examples
    --------
    >>> from polgap import examples
    >>> given = inputs(examples.theatre(1))
    >>> given.panel.sizes["area"], given.panel["month"].values[-1].item()
    (60, '2025-12')
    """
    places = {n: ("area", exercise.areas[n].to_numpy(dtype=float)) for n in ("lon", "lat")}
    return Inputs(
        areas=exercise.areas,
        towns=exercise.towns,
        panel=Panel(exercise.truth.history.assign_coords(places)),
        host_police=exercise.host_police,
        willingness=exercise.willingness,
        other_providers=exercise.other_providers,
        mandate=exercise.mandate,
        pledges=exercise.pledges,
        rules=exercise.rules,
        programmes=exercise.programmes,
        hrddp=exercise.hrddp,
        notes=(Note("note.exercise"),),
    )


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return a checked table; every row has basis ``exercise``."""
    return check_table(name, pd.DataFrame(rows).assign(basis="exercise"))


def _areas() -> pd.DataFrame:
    rows = [
        {"area": area, "name": area.title(), "population": people,
         "population_basis": "exercise", "km2": km2, "lon": lon, "lat": lat,
         "sensitivity": "public"}
        for area, people, km2, lon, lat, *_ in AREAS
    ]  # fmt: skip
    frame = check_table("areas", pd.DataFrame(rows))
    boxes = [shapely.box(x - 0.5, y - 0.5, x + 0.5, y + 0.5) for _, _, _, x, y, *_ in AREAS]
    return frame.assign(geometry=pd.Series(boxes, dtype=object))


def _panel() -> Panel:
    """Return Poisson events and deaths: mostly one-sided, some state-based, protests in town."""
    rng = stream(1, "toy")
    months = month_range(FIRST, MONTHS)
    labels = [row[0] for row in AREAS]
    rate = np.array([[row[5]] for row in AREAS]) * np.ones((1, MONTHS))
    events = rng.poisson(rate).astype(float)
    dead = rng.poisson(events * np.array([[row[6]] for row in AREAS])).astype(float)
    battle = rng.binomial(dead.astype(int), 0.3).astype(float)
    communal = rng.binomial((dead - battle).astype(int), 0.2).astype(float)
    found = {
        "state_based": battle,
        "non_state": communal,
        "one_sided": dead - battle - communal,
        "events": events,
        "protests": rng.poisson([[0.4], [2.0], [0.2]], events.shape).astype(float),
        "riots": rng.poisson([[0.05], [0.3], [0.0]], events.shape).astype(float),
    }
    units = {"events": "events", "protests": "events", "riots": "events"}
    cubes = {
        name: cube(values, units=units.get(name, "deaths"), area=labels, month=months)
        for name, values in found.items()
    }
    return Panel(xr.Dataset(cubes))


def _willingness() -> pd.DataFrame:
    levels = zip(catalogue.table("indicators")["indicator"], (0.7, 0.5, 0.6, 0.4, 0.7), strict=True)
    return _table("willingness", [
        {"institution": "Police", "area": "*", "indicator": indicator, "low": mid - 0.15,
         "mid": mid, "high": mid + 0.15, "assessor_role": "police adviser",
         "evidence_grade": "C", "as_of": "2023-09"}
        for indicator, mid in levels
    ])  # fmt: skip


def _pledges() -> pd.DataFrame:
    return _table("pledges", [
        {"pledge": "P1", "contributor": "PRESENT", "unit_type": "FPU", "number": 1,
         "readiness": "in_mission", "language": "fr", "women": 0.1, "chance": 1, "area": "centre"},
        {"pledge": "P2", "contributor": "PRESENT", "unit_type": "IPO", "number": 40,
         "readiness": "in_mission", "language": "fr", "women": 0.3, "chance": 1, "area": "centre"},
        {"pledge": "N1", "contributor": "NOTIONAL", "unit_type": "FPU", "number": 2,
         "readiness": "RDL", "from": "2024-01", "language": "en", "women": 0.15, "chance": 0.9},
        {"pledge": "N2", "contributor": "NOTIONAL", "unit_type": "IPU", "number": 1,
         "readiness": "L3", "from": "2024-01", "language": "fr", "women": 0.2, "chance": 0.7},
    ])  # fmt: skip
