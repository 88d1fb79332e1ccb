"""The toy, and the exercise as inputs."""

import dataclasses

import pytest
import xarray as xr

from polgap import examples
from polgap.domain import Inputs, check_table

TABLES = [f.name for f in dataclasses.fields(Inputs) if f.name in (
    "areas", "towns", "host_police", "willingness", "other_providers", "mandate", "pledges",
    "rules", "programmes")]  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_the_toy_pass_the_schema(name):
    _, given = examples.toy()
    table = getattr(given, name)
    assert len(check_table(name, table)) == len(table) > 0


def test_the_toy_is_small_and_always_the_same():
    asked, given = examples.toy(draws=20, seed=9)
    _, again = examples.toy()
    assert (asked.draws, asked.seed, asked.basis) == (20, 9, "exercise")
    assert dict(given.panel.sizes) == {"area": 3, "month": 24}
    xr.testing.assert_identical(given.panel, again.panel)
    assert given.panel["month"].values[-1] == asked.origin
    killed = sum(given.panel[k] for k in ("state_based", "non_state", "one_sided"))
    assert bool((killed.where(given.panel["events"] == 0, 0) == 0).all())


def test_inputs_of_the_exercise_speak_of_its_study(country):
    asked, given = examples.study(country, draws=70), examples.inputs(country)
    assert asked.draws == 70
    assert asked.capital in set(given.areas["area"])
    assert given.panel["month"].values[-1] == asked.origin
    assert given.panel["area"].values.tolist() == given.areas["area"].tolist()
    assert [n.code for n in given.notes] == ["note.exercise"]
