"""Roads and friction: exact on a toy graph, within the eight-neighbour error on open ground."""

from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from polgap.deploy import Graph, hours_between, raster_graph, road_graph, seats, travel_hours
from polgap.deploy._movement import great_circle_km
from polgap.domain import cube, empty_table
from polgap.errors import LabelError, StudyError

NO_TOWNS = empty_table("towns")
OCTILE = 1.0824
"""Longest way over straight line on a grid of eight neighbours: 1 / cos(22.5 degrees)."""


def brute(count, ends, hours):
    """Return the fastest way between all nodes by trying every order of the others."""
    step = np.full((count, count), np.inf)
    for (a, b), h in zip(ends, hours, strict=True):
        step[a, b] = step[b, a] = min(step[a, b], h)
    best = np.zeros((count, count))
    for a, b in permutations(range(count), 2):
        others = [n for n in range(count) if n not in (a, b)]
        ways = (
            (a, *middle, b)
            for size in range(len(others) + 1)
            for middle in permutations(others, size)
        )
        best[a, b] = min(sum(step[i, j] for i, j in pairwise(w)) for w in ways)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_a_toy_graph_is_solved_exactly(seed):
    luck = np.random.default_rng(seed)
    lon, lat = luck.uniform(0, 3, (2, 6))
    ends = np.array([p for p in permutations(range(6), 2) if luck.random() < 0.25])
    hours = luck.uniform(0.2, 5.0, len(ends))

    found = hours_between(Graph(lon, lat, ends, hours), lon, lat, 6.0, limit=1e6)

    assert found == pytest.approx(brute(6, ends, hours), rel=1e-9)


def test_beyond_the_limit_is_not_reachable():
    line = Graph(np.array([0.0, 1.0]), np.zeros(2), np.array([[0, 1]]), np.array([5.0]))

    assert hours_between(line, line.lon, line.lat, 6.0, limit=4.9)[0, 1] == np.inf
    assert hours_between(line, line.lon, line.lat, 6.0, limit=5.1)[0, 1] == 5.0


def test_roads_meet_where_their_ends_meet_and_take_the_faster_of_two():
    ends = np.array([[0, 0, 1, 0], [1.0001, 0, 2, 0], [0, 0, 1, 0], [5, 5, 6, 6]], dtype=float)
    graph = road_graph(ends, np.array([100.0, np.nan, 100.0, 10.0]),
                       np.array([20.0, 55.6, 50.0, 0.0]))  # fmt: skip
    found = hours_between(graph, np.array([0.0, 2.0, 5.5]), np.array([0.0, 0.0, 5.5]), 6.0)

    assert len(graph.lon) == 5
    assert found[0, 1] == pytest.approx(2.0 + 2.0, rel=1e-3)
    assert np.isinf(found[0, 2])


def test_a_seat_off_the_road_walks_to_it():
    line = road_graph(np.array([[0.0, 0, 1, 0]]), np.array([100.0]), np.array([50.0]))
    found = hours_between(line, np.array([0.0, 1.0]), np.array([0.0, 0.1]), 6.0)

    assert found[0, 1] == pytest.approx(2.0 + 11.1195 / 6.0, rel=1e-4)


def test_open_ground_is_the_great_circle_within_the_eight_neighbour_error():
    axis = np.arange(0.0, 2.01, 0.05)
    graph = raster_graph(20.0 + axis, 4.0 + axis, np.full((41, 41), 60 / 35.0 * 1.4))
    luck = np.random.default_rng(1)
    at = luck.integers(0, 41, (2, 12))
    lon, lat = 20.0 + axis[at[0]], 4.0 + axis[at[1]]

    found = hours_between(graph, lon, lat, 6.0, limit=1e3)
    straight = great_circle_km(lon, lat) * 1.4 / 35.0

    off = ~np.eye(12, dtype=bool) & (straight > 0)
    assert (found[off] >= straight[off] * (1 - 1e-4)).all()
    assert (found[off] <= straight[off] * OCTILE * (1 + 1e-3)).all()


def test_a_river_without_a_bridge_cuts_the_land_in_two():
    minutes = np.full((5, 5), 2.0)
    minutes[:, 2] = np.nan
    axis = np.arange(5.0) * 0.1
    cut = hours_between(raster_graph(axis, axis, minutes), axis[[0, 4]], axis[[0, 0]], 6.0)
    minutes[3, 2] = 2.0
    bridge = hours_between(raster_graph(axis, axis, minutes), axis[[0, 4]], axis[[0, 0]], 6.0)

    assert np.isinf(cut[0, 1])
    assert 0 < bridge[0, 1] < 10


def rules(*rows):
    empty = {"area": "", "units": "", "from": "", "until": ""}
    return pd.DataFrame([{**empty, **row} for row in rows])


def test_rain_and_terrain_slow_the_way(areas, theta):
    dry = travel_hours(areas, NO_TOWNS, theta).values
    plain = [{"rule": "terrain", "units": "mountain"}]
    wet = {"rule": "wet_season", "from": "2024-06", "until": "2024-09"}

    assert travel_hours(areas, NO_TOWNS, theta, rules(*plain)).values == pytest.approx(dry / 0.5)
    for months, factor in ((["2024-05"], 1.0), (["2024-05", "2024-06"], 2.0)):
        found = travel_hours(areas, NO_TOWNS, theta, rules(wet), months).values
        assert found == pytest.approx(dry * factor)
    one = rules({**wet, "area": "north"})
    half = travel_hours(areas, NO_TOWNS, theta, one, ["2024-07"])
    assert half.sel(area="north", serves="south").item() == pytest.approx(dry[0, 1] * 1.5)


def test_a_terrain_that_nobody_knows_is_refused(areas, theta):
    with pytest.raises(StudyError, match="mountain"):
        travel_hours(areas, NO_TOWNS, theta, rules({"rule": "terrain", "units": "moon"}))


def test_a_network_replaces_the_straight_line_by_season(areas, theta):
    keys = areas["area"].tolist()
    hours = np.stack([np.full((2, 2), 3.0), np.full((2, 2), np.inf)])
    way = cube(hours, units="hours", season=["dry", "wet"], area=keys, serves=keys)
    way.attrs["parameters"] = ["speed_offroad_kmh"]
    wet = rules({"rule": "wet_season", "area": "south"})

    dry = travel_hours(areas, NO_TOWNS, theta, None, ["2024-01"], way)
    rain = travel_hours(areas, NO_TOWNS, theta, wet, ["2024-01"], way)

    assert dry.values.tolist() == [[0.0, 3.0], [3.0, 0.0]]
    assert rain.values.tolist() == [[0.0, np.inf], [np.inf, 0.0]]
    assert set(theta.used) == {"speed_offroad_kmh"}
    with pytest.raises(LabelError):
        travel_hours(areas.iloc[:1], NO_TOWNS, theta, None, [], xr.DataArray(way))


def test_seats_are_the_largest_towns(areas):
    town = pd.DataFrame({"area": ["north"], "lon": [9.0], "lat": [1.0], "population": [5.0]})

    assert seats(areas, town)[0][areas["area"].tolist().index("north")] == 9.0
