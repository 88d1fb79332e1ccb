"""The planner's roads and friction raster, from the file to hours; kept by their content."""

import numpy as np
import pytest

from polgap.errors import DataError
from polgap.sources import SOURCES, import_sources, load_inputs
from polgap.sources.base import Context
from polgap.store import Kept


class Spy:
    """Keep in memory, and count what was made."""

    def __init__(self):
        self.known, self.made = {}, 0

    def __call__(self, key, make):
        if key not in self.known:
            self.made += 1
            self.known[key] = make()
        return self.known[key]


def hours(study, folder, keep=None):
    given = load_inputs(study, folder, **({"keep": keep} if keep else {}))
    return given.travel, {n.code: n.values for n in given.notes}


def test_without_roads_there_is_no_network(project, study):
    way, notes = hours(study, project())

    assert way is None
    assert not any(code.startswith("sources.travel") for code in notes)


def test_roads_join_seats_by_season(project, study):
    way, notes = hours(study, project(roads="sheet.csv", without=("towns",)))

    west, east, north = ("SSD.west", "SSD.east", "SSD.north")
    assert way.dims == ("season", "area", "serves")
    assert way.sel(season="dry", area=west, serves=east).item() == pytest.approx(122 / 40, abs=0.01)
    assert way.sel(season="wet", area=west, serves=east).item() == pytest.approx(6.1, abs=0.02)
    # North lies half a degree beyond the road of the dry season; in the rains that road is closed.
    walk = 0.5 * 111.195 / 6.0
    dry = way.sel(season="dry", area=west, serves=north).item()
    assert dry == pytest.approx(60 / 40 + 70 / 25 + walk, rel=1e-3)
    assert np.isinf(way.sel(season="wet", area=west, serves=north))
    assert notes["sources.travel_cut_wet"] == {"count": 2, "all": 3}
    assert "sources.travel_roads" in notes


def test_lines_and_rasters_give_hours_too(project, study, tmp_path):
    lines, _ = hours(study, project(roads="lines.geojson"))
    raster, notes = hours(study, project_of(project, tmp_path, friction="grid.asc"))

    assert (lines.sel(season="dry").values >= 0).all()
    assert np.isfinite(raster).all()
    assert (raster.sel(season="wet") >= raster.sel(season="dry")).all()
    assert "sources.travel_friction" in notes


def project_of(project, tmp_path, **changes):
    import shutil

    made = tmp_path / "project"
    if made.exists():
        shutil.rmtree(made)
    return project(**changes)


def test_the_same_content_is_solved_once_and_another_anew(project, study):
    folder, spy = project(roads="sheet.csv"), Spy()
    first, _ = hours(study, folder, spy)
    again, _ = hours(study, folder, spy)
    path = folder / "data" / "roads.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",60,", ",90,"), encoding="utf-8")
    other, _ = hours(study, folder, spy)

    assert spy.made == 2
    assert first.equals(again) and not first.equals(other)


def test_a_kept_array_that_cannot_be_read_is_made_again(tmp_path):
    keep = Kept(tmp_path / "cache")
    made = keep("a", lambda: np.arange(3.0))
    kept = keep("a", lambda: pytest.fail("made twice"))
    (tmp_path / "cache" / "a.npy").write_bytes(b"broken")
    again = keep("a", lambda: np.arange(3.0))

    assert made.tolist() == kept.tolist() == again.tolist() == [0.0, 1.0, 2.0]
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["a.npy"]


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("no folder")

    assert Kept(tmp_path / "file" / "cache")("a", lambda: np.ones(1)).tolist() == [1.0]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.asc", "ncols 2\nnrows 1\ncellsize 1\n1 2\n", "raster"),
        ("a.asc", "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", "raster"),
        ("a.asc", "ncols x\nnrows 1\n", "wrong_type"),
        ("a.asc", "ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n-9999\n", "no_rows"),
        ("a.npz", "no raster", "raster"),
    ],
)
def test_a_raster_that_is_none_is_refused(name, text, code, tmp_path):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DataError) as error:
        SOURCES["friction"].parse(path, Context())

    assert [(p.file, p.code) for p in error.value.problems] == [(name, code)]


def test_npz_and_ascii_of_one_raster_are_one_table(tmp_path, samples):
    ascii_ = SOURCES["friction"].parse(samples / "friction" / "grid.asc", Context()).table
    wide = ascii_.pivot(index="lat", columns="lon", values="minutes_per_km")
    path = tmp_path / "grid.npz"
    np.savez(path, lon=wide.columns, lat=wide.index, minutes_per_km=wide)
    packed = SOURCES["friction"].parse(path, Context()).table

    order = ["lat", "lon"]
    assert packed.sort_values(order, ignore_index=True).equals(
        ascii_.sort_values(order, ignore_index=True)
    )
    assert ascii_["minutes_per_km"].isna().sum() == 2


@pytest.mark.parametrize("text", ["{", '{"features": 3}',
                                  '{"features": [{"geometry": {"type": "Point"}}]}'])  # fmt: skip
def test_geojson_that_holds_no_lines_is_refused(text, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(text)
    with pytest.raises(DataError) as error:
        SOURCES["roads"].parse(path, Context())

    assert {p.code for p in error.value.problems} == {"geojson"}


def test_what_is_not_given_leaves_no_sheet(ask):
    plain = import_sources(ask()).tables
    more = import_sources(ask(crime="sheet.csv", protests="sheet.csv")).tables

    assert not {"crime", "protests", "roads", "friction"} & set(plain)
    assert len(more["crime"]) == 10 and len(more["protests"]) == 8


def test_own_books_reach_the_inputs(project, study):
    given = load_inputs(study, project(crime="sheet.csv", protests="sheet.csv"))

    assert given.crime["effort"].isna().sum() == 2
    assert given.protests["assemblies"].sum() == 32
