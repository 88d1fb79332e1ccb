from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from polgap import catalogue, examples
from polgap.domain import Posture, empty_table
from polgap.draws import Parameters
from polgap.study._responders import responders

THETA = Parameters(catalogue.parameters(), 1, 2)


@pytest.fixture(scope="module")
def case():
    """The toy theatre with a made-up gap: host police strong in the first area, weak elsewhere."""
    study, inputs = examples.toy()
    areas = inputs.areas["area"].astype(str).tolist()
    functions = ["protection", "public_order", "community"]
    coords = {"area": areas, "month": study.report_months, "function": functions, "draw": [0, 1]}
    shape = (len(areas), study.months, 3, 2)
    need = xr.DataArray(np.full(shape, 100.0), coords, dims=list(coords))
    share = np.array([0.8] + [0.2] * (len(areas) - 1))
    host = need * xr.DataArray(share, {"area": areas}, dims="area")

    class Gap:
        pass

    gap = Gap()
    gap.need, gap.host = need, host
    return study, inputs, gap, areas


def asked(case, rung="reinforce", powers=1, inputs=None):
    study, given, gap, areas = case
    posture = Posture(dict.fromkeys(areas, rung), powers, {}, "given")
    return responders(study, inputs or given, gap, posture, THETA), areas


def test_host_police_are_first_where_they_give_enough(case):
    found, areas = asked(case)
    assert found[areas[0]][:2] == ("host", "mission")
    assert found[areas[1]][:2] == ("mission", "host")


def test_a_mission_without_the_power_to_protect_responds_nowhere(case):
    found, _ = asked(case, powers=0)
    assert all("mission" not in ladder for ladder in found.values())
    found, _ = asked(case, rung="mentor")
    assert all("mission" not in ladder for ladder in found.values())


def test_soldiers_are_third_and_only_where_they_are_on_record(case):
    _, inputs, _, areas = case

    row = {"provider": "international force", "area": areas[1], "function": "protection"}
    others = pd.concat([empty_table("other_providers"), pd.DataFrame([row])], ignore_index=True)
    found, _ = asked(case, inputs=replace(inputs, other_providers=others))
    assert found[areas[1]] == ("mission", "host", "military")
    assert "military" not in found[areas[0]]


def test_nobody_is_said(case):
    study, inputs, gap, areas = case
    gap.host = gap.host * 0.0
    posture = Posture(dict.fromkeys(areas, "monitor"), 0, {}, "given")
    none = inputs.other_providers.iloc[:0]

    found = responders(study, replace(inputs, other_providers=none), gap, posture, THETA)
    assert set(found.values()) == {("nobody",)}
