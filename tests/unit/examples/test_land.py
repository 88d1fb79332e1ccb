"""The land: clean topology, a believable shape, nobody's territory."""

import json
import unicodedata

import numpy as np
import pandas as pd
import pytest
import shapely

from polgap.examples import _land, _names, _people


@pytest.fixture(scope="module", params=[1, 2, 7])
def ground(request):
    return _land.land(request.param)


def test_areas_tile_the_country_without_gap_or_overlap(ground):
    assert shapely.coverage_is_valid(ground.polygons)
    assert shapely.is_valid(ground.polygons).all()
    assert {p.geom_type for p in ground.polygons} == {"Polygon"}
    whole = shapely.union_all(ground.polygons)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert sum(p.area for p in ground.polygons) == pytest.approx(whole.area, rel=1e-9)


def test_no_slivers_and_areas_of_differing_size(ground):
    compact = 4 * np.pi * shapely.area(ground.polygons) / shapely.length(ground.polygons) ** 2
    assert compact.min() > 0.1
    assert ground.km2.min() > 40
    assert np.percentile(ground.km2, 90) > 1.7 * np.percentile(ground.km2, 10)
    assert 120_000 < ground.km2.sum() < 300_000


def test_sixty_areas_in_eight_provinces_each_of_one_piece(ground):
    assert len(ground.polygons) == 60
    assert np.bincount(ground.province).min() >= 3
    for number in range(8):
        province = shapely.coverage_union_all(ground.polygons[ground.province == number])
        assert province.geom_type == "Polygon"


def test_neighbours_share_an_edge_and_link_all_areas(ground):
    assert (ground.touch == ground.touch.T).all()
    assert not ground.touch.diagonal().any()
    assert ground.touch.any(axis=1).all()
    a, b = np.argwhere(ground.touch)[0]
    assert ground.polygons[a].intersection(ground.polygons[b]).length > 0
    reached = np.zeros(60, dtype=bool)
    reached[0] = True
    for _ in range(60):
        reached |= ground.touch[reached].any(axis=0)
    assert reached.all()


def test_river_parts_the_banks_and_runs_along_borders(ground):
    banks = [shapely.union_all(ground.polygons[ground.province >= 5]), None]
    banks[1] = shapely.union_all(ground.polygons[ground.province < 5])
    for bank in banks:
        assert ground.river.difference(bank.boundary.buffer(1e-9)).length < 1e-6
    assert ground.river.length > 2.0


def test_coast_and_frontier(ground):
    assert 10 < ground.coast.sum() < 40
    assert 5 <= ground.frontier.sum() < 30


def test_the_drawing_board_does_not_cut_the_land(ground):
    edge = _land.to_degrees(np.array(_land.REACH_KM)[None, :] - 4 * _land.TILE_KM)[0]
    west, south, east, north = shapely.total_bounds(ground.polygons)
    lon, lat = _land.CENTRE
    assert lon - west < edge[0] - lon
    assert east - lon < edge[0] - lon
    assert north < edge[1]
    assert lat - south < edge[1] - lat


def test_surface_is_that_of_the_sphere(ground):
    points = ground.polygons[0].exterior.segmentize(0.01)
    lon, lat = np.radians(shapely.get_coordinates(points)).T
    strips = np.diff(lon) * (np.sin(lat[1:]) + np.sin(lat[:-1])) / 2
    assert abs(strips.sum()) * _land.EARTH_KM**2 == pytest.approx(ground.km2[0], rel=2e-3)


def test_a_seed_gives_the_same_land_and_another_seed_another():
    again = _land.land.__wrapped__(1)
    assert again.polygons.tolist() == _land.land(1).polygons.tolist()
    assert again.polygons[0] != _land.land(2).polygons[0]


def test_strays_join_the_neighbour_they_touch_most():
    line = _land.csr_array(np.diag(np.ones(6), 1) + np.diag(np.ones(6), -1))
    labels = np.array([0, 0, 0, 1, 0, 1, 1])
    assert _land._tidy(labels, line).tolist() == [0, 0, 0, 0, 1, 1, 1]
    bank = np.array([0, 0, 0, 0, 0, 1, 1])
    assert _land._tidy(labels, line, bank).tolist() == [0, 0, 0, 0, 0, 1, 1]


def test_it_lies_in_the_open_sea(ground, data):
    text = (data / "boundaries/adm0_world_50m.geojson").read_text(encoding="utf-8")
    lands = [shapely.geometry.shape(f["geometry"]) for f in json.loads(text)["features"]]
    parts = shapely.get_parts(lands)
    west, _, east, _ = shapely.bounds(parts).T
    parts = parts[east - west < 180]  # outlines across the date line are torn open
    country = shapely.union_all(ground.polygons)
    assert shapely.distance(country, parts).min() > 10.0


def plain(text):
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


def test_names_are_of_no_real_place(data):
    files = {
        "cities/geonames_cities15000_world.csv.gz": "name",
        "cities/geonames_cities1000_mission_countries.csv.gz": "name",
        "cities/geonames_countries.csv": "name",
        "admin_population/global_pcodes_adm1_adm2.csv.gz": "name",
        "boundaries/adm1_index.csv": "adm1_name",
        "airports/airportsdata_airports.csv.gz": "city",
    }
    real = set()
    for file, column in files.items():
        table = pd.read_csv(data / file, keep_default_na=False, dtype=str, usecols=[column])
        real.update(plain(" ".join(table[column])).split())
    ours = [*_names.place_names(1), _names.COUNTRY, _names.RIVER, *_names.NEIGHBOURS]
    assert len(real) > 50_000
    assert [name for name in ours if plain(name) in real] == []


def test_people_live_where_towns_are(ground):
    folk = _people.people(1, ground)
    assert folk.urban.sum() == folk.towns["population"].sum()
    assert (folk.areas["population"].to_numpy() >= folk.urban - 1).all()
    assert sorted(_people.ROLES) == sorted(folk.provinces["role"])
