"""A real mission as whole units: heads are kept, places are those of the bases."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from polgap.errors import DataError
from polgap.sources import theatres
from polgap.sources.placement import Ground

AREAS = pd.DataFrame({
    "area": ["w", "e"], "geometry": [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
})  # fmt: skip
BASES = pd.DataFrame({
    "base": ["one", "two", "three", "coast"], "lon": [0.5, 1.5, 1.6, 2.01],
    "lat": [0.5, 0.5, 0.5, 0.5], "police": [300.0, 40.0, 30.0, 5.0],
})  # fmt: skip


def ground(years=(2016, 2017), iso3="SSD"):
    bases = pd.concat([BASES.assign(year=y) for y in (*years, years[-1])], ignore_index=True)
    bases = bases.drop_duplicates(["base", "year"])
    none = pd.DataFrame()
    return Ground(iso3, "UNMISS", tuple(years), "1989-01", none, none, bases, none)


def test_police_of_a_base_count_where_it_lies_or_nearest_to_it():
    assert theatres.police_by_area(BASES, AREAS).tolist() == [300.0, 75.0]


@given(
    st.lists(st.floats(0, 900), min_size=1, max_size=8).filter(lambda x: sum(x) > 1),
    st.integers(0, 9), st.integers(0, 900),
)  # fmt: skip
def test_no_unit_is_lost_and_none_is_made_up(police, units, individual):
    if units + individual == 0:
        return
    areas = [f"a{i}" for i in range(len(police))]
    posts = theatres.posted(areas, np.array(police), units, individual)
    number = posts.groupby("unit_type")["number"].sum()
    assert number.get("FPU", 0) == units
    assert number.get("IPO", 0) == individual
    assert (posts["number"] > 0).all()


def test_heads_by_area_are_those_of_the_bases_where_units_allow():
    posts = theatres.posted(["w", "e"], np.array([300.0, 75.0]), 2, 95)
    heads = posts["number"] * posts["unit_type"].map({"FPU": 140, "IPO": 1})
    assert heads.groupby(posts["area"]).sum().to_dict() == {"w": 300, "e": 75}


def test_the_project_has_the_real_strength_and_nothing_beside_it():
    real = theatres.Mission(2017, 375.0, 2, 95, 0.75, "given", BASES, BASES[:1])
    made = theatres.as_it_was(real, {"areas": AREAS, "pledges": "notional", "towns": "kept"})
    assert made["towns"] == "kept"
    assert set(made["pledges"]["readiness"]) == {"in_mission"}
    assert made["pledges"].groupby("unit_type")["number"].sum().to_dict() == {"FPU": 2, "IPO": 95}
    ceiling = made["mandate"][["ceiling_formed", "ceiling_individual"]].max().tolist()
    assert ceiling == [280.0, 95.0]


def test_a_mission_without_bases_in_both_years_is_refused(tmp_path):
    for origin, here in (
        ("2016-06", ground()), ("2017-12", ground()), ("2014-12", ground()),
        ("2016-12", ground(iso3="SDN")),
    ):  # fmt: skip
        with pytest.raises(DataError) as refused:
            theatres.mission(tmp_path, here, origin)
        assert {p.code for p in refused.value.problems} == {"outside_coverage"}
