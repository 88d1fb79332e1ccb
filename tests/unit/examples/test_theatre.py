"""The theatre: totals, tables that pass the schema, institutions that play their part."""

import numpy as np
import pandas as pd
import pytest
import shapely

from polgap import examples
from polgap.domain import check_table, month_range
from polgap.sources._countries import countries

TABLES = (
    "areas", "towns", "events", "host_police", "willingness", "other_providers", "mandate",
    "pledges", "rules", "programmes", "bases", "personnel",
)  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_each_table_passes_the_schema_unchanged(country, name):
    table = getattr(country, name)
    checked = check_table(name, table)
    assert len(checked) > 0
    pd.testing.assert_frame_equal(checked, table[list(checked.columns)], check_dtype=False)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_with_a_basis_is_an_exercise(country, name):
    table = getattr(country, name)
    column = "population_basis" if name == "areas" else "basis"
    if column in table:
        assert set(table[column]) == {"exercise"}


def test_no_state_has_its_code(country):
    assert country.iso3 not in countries()
    assert country.iso3[0] == "X"


def test_people_and_towns(country):
    people = country.areas["population"].sum()
    assert 6e6 < people < 10e6
    assert set(country.towns["area"]) == set(country.areas["area"])
    assert country.towns.loc[country.towns["population"].idxmax(), "area"] == country.capital
    size = country.towns["population"].sort_values(ascending=False).to_numpy()[1:]
    slope = np.polyfit(np.log(np.arange(1, size.size + 1)), np.log(size), 1)[0]
    assert -1.3 < slope < -0.7
    assert 1.5 < country.towns["population"].max() / size[0] < 5


def test_towns_and_events_lie_where_they_are_said_to(country):
    shapes = dict(zip(country.areas["area"], country.areas["geometry"], strict=True))
    points = shapely.points(country.towns["lon"], country.towns["lat"])
    inside = [shapes[a].covers(p) for a, p in zip(country.towns["area"], points, strict=True)]
    assert all(inside)
    land = shapely.coverage_union_all(np.array(list(shapes.values())))
    assert shapely.contains_xy(land, country.events[["lon", "lat"]].to_numpy()).all()


def test_names_are_different(country):
    names = [*country.towns["name"], *country.provinces["name"]]
    assert len(names) == len(set(names))
    assert country.areas["name"].is_unique


def test_events_have_days_within_the_twelve_years(country):
    events = country.events
    assert events["event"].is_unique
    assert (events["date"].str[:7] == events["month"]).all()
    assert events["date"].is_monotonic_increasing
    assert set(events["month"]) <= set(month_range(country.first, 144))
    assert set(events["kind"]) == {"state_based", "non_state", "one_sided", "protest", "riot"}
    assert events.loc[events["kind"] == "protest", "deaths"].sum() == 0
    assert 0.01 < (events["where_prec"] >= 4).mean() < 0.06


def test_one_region_is_able_and_unwilling_another_willing_and_unable(country):
    true = country.truth.institutions.merge(country.areas[["area", "parent"]], on="area")
    role = country.provinces.set_index("parent")["role"]
    by_role = true.groupby(true["parent"].map(role))[["able", "willing", "harm"]].mean()
    assert by_role.loc["captured", "able"] > 0.45
    assert by_role.loc["captured", "willing"] < 0.35
    assert by_role.loc["captured", "harm"] > 0.1
    assert by_role.loc["frontier", "able"] < 0.25
    assert by_role.loc["frontier", "willing"] > 0.65


def test_the_capital_hoards_officers(country):
    true = country.truth.institutions
    police = true[true["institution"] == "National Police"].set_index("area")
    people = country.areas.set_index("area")
    district = people.index[people["parent"] == people.loc[country.capital, "parent"]]
    share = police.loc[district, "roll"].sum() / police["roll"].sum()
    assert share > 0.5 > 2 * people.loc[district, "population"].sum() / people["population"].sum()


def test_returns_count_ghosts(country):
    assert country.host_police["roll"].sum() > 1.03 * country.truth.institutions["roll"].sum()
    chain = country.host_police[["authorised", "roll", "operational", "available"]].to_numpy()
    assert (np.diff(chain[:, 1:], axis=1) <= 0).all()


def test_mandate_and_pledges_are_as_the_design_says(country):
    mandate, pledges = country.mandate, country.pledges
    assert set(mandate["host_consent"]) == {"yes", ""}
    assert set(mandate["hrddp"]) == {"yes", ""}
    assert "reinforce" in set(mandate["posture"])
    assert {"in_mission", "RDL", "L1", "L2", "L3"} == set(pledges["readiness"])
    assert pledges["unit_type"].eq("IPU").sum() == 1
    present = pledges[pledges["readiness"] == "in_mission"]
    assert set(present["contributor"]) == {"PRESENT"}
    assert set(present["area"]) <= set(country.areas["area"])
    assert country.personnel["police"].iloc[-1] == 728
    last = country.bases[country.bases["month"] == country.origin]
    assert last["police"].sum() == pytest.approx(728, abs=3)


def test_the_election_is_dated_ahead(country):
    row = country.rules.query("rule == 'election'").iloc[0]
    assert country.origin < row["from"] == row["until"]


def test_a_seed_gives_the_same_theatre(country):
    again = examples.theatre(1)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(country, name))
    assert examples.truth_json(again) == examples.truth_json(country)


def test_another_seed_is_another_country(country):
    other = examples.theatre(3)
    assert set(other.areas["name"]) != set(country.areas["name"])
    assert len(other.areas) == 60
    for name in TABLES:
        check_table(name, getattr(other, name))
