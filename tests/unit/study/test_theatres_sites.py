"""The outside test: sites lie where the officers are, and a comparison with oneself is nothing."""

import numpy as np
import pandas as pd
import pytest
import shapely

from polgap.sources.placement import Ground
from polgap.sources.theatres import Mission
from polgap.study import _theatres_sites as room
from polgap.study._backtest_placement import Chosen, _Choice

AREAS = pd.DataFrame({
    "area": ["w", "m", "e"], "lon": [1.0, 3.0, 5.0], "lat": [1.0, 1.0, 1.0],
    "geometry": [shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2), shapely.box(4, 0, 6, 2)],
})  # fmt: skip
TOWNS = pd.DataFrame({
    "name": ["A", "B", "C"], "lon": [0.2, 1.8, 5.5], "lat": [1.0, 1.0, 1.0],
    "population": [100.0, 300.0, 50.0],
})  # fmt: skip
BASES = pd.DataFrame({
    "base": ["A", "C"], "lon": [0.2, 5.5], "lat": [1.0, 1.0], "police": [90.0, 10.0],
})  # fmt: skip
REAL = Mission(2017, 100.0, 0, 100, 0.0, "assumed", BASES, BASES)
EXPECTED = (np.array([[1.0, 1.8], [1.0, 3.0], [1.0, 0.2]]), np.array([5.0, 3.0, 1.0]))


def chosen(sites):
    candidates = TOWNS[["lat", "lon"]].to_numpy()
    return Chosen(
        _Choice(candidates, [1, 0, 2], sites),
        dict.fromkeys(("last_year", "towns", "polgap", "oracle"), candidates[:1]),
        EXPECTED,
    )


def land(events):
    frame = pd.DataFrame(events, columns=["lon", "lat", "civilians"]).assign(year=2017)
    return Ground("SSD", "UNMISS", (2017,), "1989-01", frame, TOWNS, BASES, pd.DataFrame())


def test_sites_lie_in_the_areas_where_officers_are_and_share_them():
    found = room.shared(chosen(3), AREAS, np.array([80.0, 0.0, 20.0]))
    assert found.places[:, 1].tolist() == [1.8, 0.2, 5.5]  # most expected first, then the rest
    assert found.officers.tolist() == [40.0, 40.0, 20.0]


def test_an_area_without_town_or_base_has_its_inside_point():
    found = room.shared(chosen(1), AREAS, np.array([0.0, 50.0, 0.0]))
    assert found.places.tolist() == [[1.0, 3.0]]
    assert found.officers.tolist() == [50.0]


def test_no_officers_no_sites():
    assert len(room.shared(chosen(2), AREAS, np.zeros(3)).places) == 0


@pytest.fixture
def rows(monkeypatch):
    monkeypatch.setattr(room, "chosen_sites", lambda *_: chosen(2))
    events = [(1.8, 1.0, 1.0), (1.9, 1.0, 0.0), (0.2, 1.0, 4.0), (3.0, 1.0, 0.0)]
    based = {
        "recommended": np.array([100.0, 0.0, 0.0]), "actual": np.array([90.0, 0.0, 10.0]),
        "population_spread": np.array([0.0, 100.0, 0.0]), "status_quo": np.zeros(3),
    }  # fmt: skip
    return {r["method"]: r for r in room.site_rows(land(events), REAL, AREAS, based, 1)}


def test_shares_and_officers_are_those_one_can_count(rows):
    assert rows["actual"]["share_50km"]["mid"] == 0.25
    assert rows["recommended"]["share_50km"]["mid"] == 0.75
    assert rows["recommended"]["share_civilian_deaths"]["mid"] == 1.0
    assert rows["actual"]["officers_50km"]["mid"] == pytest.approx(90 / 4)
    assert rows["recommended"]["officers_50km"]["mid"] == pytest.approx((50 + 50 + 50) / 4)
    assert rows["recommended"]["share_50km_above_actual"]["mid"] == 0.5
    assert rows["population_spread"]["share_50km"]["mid"] == 0.25
    assert rows["oracle"]["officers_50km"] is None


def test_a_comparison_with_oneself_is_nothing_and_intervals_hold_the_value(rows):
    assert rows["actual"]["share_50km_above_actual"] == {"low": 0.0, "mid": 0.0, "high": 0.0}
    for row in rows.values():
        for name in ("share_50km", "share_50km_above_actual"):
            assert row[name]["low"] <= row[name]["mid"] <= row[name]["high"]
    wide = rows["recommended"]["share_50km"]
    assert 0.0 < wide["high"] - wide["low"] < 1.0


def test_a_year_without_events_has_no_sites():
    assert room.site_rows(land([]), REAL, AREAS, {}, 1) == []
