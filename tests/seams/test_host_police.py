"""Two steps read the host-State police; draw d must be the same police in both."""

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.assess import _host, _willing
from polgap.domain import GOVERNANCE, NOBODY, Inputs, Study, check_table, empty_table
from polgap.draws import Parameters
from polgap.rebuild import _able, _posts, _will

DRAWS = 300
STUDY = Study("Testland", "2023-12", draws=DRAWS, capital="a")
ROWS = [
    {"institution": "police", "area": "*", "roll": 900, "operational": 800, "available": 600},
    {"institution": "police", "area": "rest", "roll": 90, "operational": 80, "available": 60},
    {"institution": "police", "area": "b", "roll": 50, "operational": 40, "available": 40,
     "as_of": "2020-06"},
    {"institution": "gendarmerie", "area": "*", "roll": 400, "operational": 300, "available": 200,
     "vetted": 150, "trained": 120, "equipped": 90, "paid": 60, "in_reach": 50},
    {"institution": "customs", "area": "c", "roll": 40, "operational": 30, "available": 20,
     "basis": "assumed"},
]  # fmt: skip
USUAL = {"vetted": 0.5, "trained": 0.6, "equipped": 0.4, "paid": 0.8, "in_reach": 0.7,
         "as_of": "2023-06", "basis": "given"}  # fmt: skip
JUDGED = [
    ("police", "*", "lawful_orders", 0.4, 0.6, 0.8, "given", "adviser", "2019-12"),
    ("police", "*", "lawful_orders", 0.1, 0.2, 0.3, "given", "monitor", "2023-12"),
    ("police", "b", "lawful_orders", 0.1, 0.2, 0.3, "given", "adviser", "2023-12"),
    ("gendarmerie", "rest", "abuse_allegations", 0.2, 0.4, 0.6, "assumed", NOBODY, "2023-12"),
    ("customs", "*", "abuse_allegations", 0.1, 0.4, 0.8, "computed", GOVERNANCE, "2022-12"),
    ("customs", "*", "lawful_orders", 0.2, 0.5, 0.7, "computed", GOVERNANCE, "2022-12"),
]


@pytest.fixture
def inputs():
    areas = pd.DataFrame({
        "area": ["a", "b", "c", "d"], "name": list("ABCD"), "parent": ["", "rest", "rest", ""],
        "population": [500e3, 300e3, 200e3, 100e3], "population_basis": "given",
    })  # fmt: skip
    columns = ["institution", "area", "indicator", "low", "mid", "high", "basis"]
    columns += ["assessor_role", "as_of"]
    judged = pd.DataFrame(JUDGED, columns=columns)
    other = {"evidence_grade": "B"}
    names = ("towns", "other_providers", "mandate", "pledges", "rules", "programmes")
    return Inputs(
        areas=areas, panel=None,
        host_police=check_table("host_police", pd.DataFrame([USUAL | row for row in ROWS])),
        willingness=check_table("willingness", judged.assign(**other)),
        **{name: empty_table(name) for name in names},
    )  # fmt: skip


@pytest.fixture
def people(inputs):
    return inputs.areas["population"].to_numpy()[:, None] * np.ones(DRAWS)


def parameters():
    return Parameters(catalogue.parameters(), 3, DRAWS)


@pytest.mark.parametrize("powers", [1, 3])
def test_gap_and_rebuild_see_the_same_able_police(inputs, people, powers):
    theirs = _host.host_police(
        STUDY, inputs.host_police, inputs.areas, 0, people, powers, parameters()
    )
    theta = parameters()
    table = _posts.lines(STUDY, inputs.host_police, theta)
    here = _posts.posts(STUDY, inputs, people, theta)
    ours = np.zeros_like(theirs.available)
    place = here.institution, here.area
    np.add.at(ours, place, table.available[here.line] * here.share)
    assert here.institutions == theirs.institutions
    assert np.allclose(ours, theirs.available)

    still = np.zeros((len(table.nested), 3), dtype=bool)
    joint = _able.able(table.shares, table.nested, still, 3, powers, theta).joint[:, 0]
    found = np.zeros_like(theirs.able)
    found[place] = joint[here.line]
    assert np.allclose(found, theirs.able, atol=2e-3)


def test_gap_and_rebuild_see_the_same_will(inputs):
    names = ["police", "gendarmerie", "customs"]
    theirs = _willing.willing(
        STUDY, inputs.willingness, names, inputs.areas, parameters()
    ).indicators
    ours = _will.will(STUDY, inputs, names, parameters())
    assert np.allclose(ours.mean, theirs.mean(axis=1), atol=1e-6)
    assert np.allclose(ours.lowest, theirs.min(axis=1), atol=1e-6)
