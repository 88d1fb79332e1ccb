"""A theatre of three areas, written row by row."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import (
    POSTURES,
    Assessment,
    Inputs,
    Posture,
    Study,
    check_table,
    cube,
    empty_table,
)
from polgap.draws import Parameters

DRAWS = 200
MENTORS = 1000.0
AREAS = ("capital", "east", "west")
SHARES = {"vetted": 0.9, "trained": 0.9, "equipped": 0.9, "paid": 0.9, "in_reach": 0.9}


@pytest.fixture
def study():
    return Study("Testland", "2023-12", draws=DRAWS, capital="capital")


@pytest.fixture
def theta():
    return Parameters(catalogue.parameters(), seed=5, draws=DRAWS)


@pytest.fixture
def host():
    """Host-police rows; what is not said is usual."""

    def build(*rows):
        usual = {"institution": "police", "area": "*", "roll": 900, "operational": 800,
                 "available": 700, "as_of": "2023-12", "basis": "given", **SHARES}  # fmt: skip
        return check_table("host_police", pd.DataFrame([usual | row for row in rows or ({},)]))

    return build


@pytest.fixture
def willing():
    """Willingness rows for all indicators at once: (institution, area, low, mid, high)."""

    def build(*rows):
        full = [
            {"institution": name, "area": area, "indicator": indicator, "low": low, "mid": mid,
             "high": high, "assessor_role": "adviser", "evidence_grade": "B",
             "as_of": "2023-12", "basis": "given"}
            for name, area, low, mid, high in rows
            for indicator in catalogue.table("indicators")["indicator"]
        ]  # fmt: skip
        return (
            check_table("willingness", pd.DataFrame(full)) if full else empty_table("willingness")
        )

    return build


@pytest.fixture
def inputs(host, willing):
    areas = pd.DataFrame({
        "area": AREAS, "name": AREAS, "parent": ["", "rest", "rest"],
        "population": [500e3, 300e3, 200e3], "population_basis": "given",
    })  # fmt: skip
    empty = {name: empty_table(name) for name in
             ("towns", "other_providers", "mandate", "pledges", "rules", "programmes")}  # fmt: skip
    return Inputs(
        areas=areas, panel=None, host_police=host(),
        willingness=willing(("police", "*", 0.8, 0.85, 0.9)), **empty,
    )  # fmt: skip


@pytest.fixture
def posture():
    def build(rung="reinforce", powers=1, **other):
        rungs = dict.fromkeys(AREAS, rung) | other
        assert set(rungs.values()) <= set(POSTURES)
        return Posture(
            rungs, powers, dict.fromkeys(rungs, (("consent", True), ("hrddp", True))), "given"
        )

    return build


@pytest.fixture
def assessment(study, inputs):
    """An assessment with the same need and host provision in every month and draw."""

    def build(need=100.0, host=150.0, phase="post_conflict"):
        functions = catalogue.table("functions")["function"].tolist()
        labels = {"area": AREAS, "month": study.all_months, "function": functions,
                  "draw": range(DRAWS)}  # fmt: skip
        shape = tuple(len(v) for v in labels.values())
        wanted, given = np.zeros(shape), np.zeros(shape)
        here = functions.index("community")
        wanted[:, :, here] = np.broadcast_to(need, (len(AREAS),))[:, None, None]
        given[:, :, here] = np.broadcast_to(host, (len(AREAS),))[:, None, None]
        wanted[:, :, functions.index("development")] = MENTORS  # no police mentors itself
        given = np.minimum(given, wanted)
        people = inputs.areas["population"].to_numpy()[:, None] * np.ones(DRAWS)

        def officers(values):
            return cube(values, units="officers on strength", **labels)

        return Assessment(
            officers(wanted), officers(given), officers(wanted - given), officers(wanted),
            np.zeros(DRAWS), None, pd.DataFrame(), dict.fromkeys(AREAS, phase), (0.0, 0.0, 0.0),
            cube(people, units="persons", area=AREAS, draw=range(DRAWS)),
        )  # fmt: skip

    return build


@pytest.fixture
def change():
    return replace
