"""Files made to do harm, or broken on the way."""

import json
import sqlite3

import numpy as np
import pytest
import shapely

from polgap.errors import DataError
from polgap.sources import SOURCES
from polgap.sources.base import Context

VRT = """<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{path}</SrcDataSource>
<GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>"""


def codes(path, **context):
    with pytest.raises(DataError) as error:
        SOURCES["areas"].parse(path, Context(**context))
    return [p.code for p in error.value.problems]


def test_a_recipe_saved_as_a_geopackage_is_not_opened(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("name,key\nroot,hunter2\n")
    for name in ("evil.gpkg", "evil.geojson"):
        path = tmp_path / name
        path.write_text(VRT.format(path=secret))
        with pytest.raises(DataError) as error:
            SOURCES["areas"].parse(path, Context())
        assert "hunter2" not in str(error.value)
    assert codes(tmp_path / "evil.gpkg") == ["not_geopackage"]


def test_a_database_that_is_no_geopackage_is_not_opened(tmp_path):
    path = tmp_path / "base.gpkg"
    base = sqlite3.connect(path)
    base.execute("create table t (name text)")
    base.commit()
    base.close()

    assert codes(path) == ["not_geopackage"]


def geopackage(path, system="EPSG:4326"):
    from pyogrio.raw import write

    squares = shapely.to_wkb([shapely.box(30, 5, 31, 6), shapely.box(31, 5, 32, 6)])
    names = np.array(["West", "East"], dtype=object)
    write(path, squares, [names, np.array([2, 1])], ["adm1_name", "gid"], geometry_type="Polygon",
          crs=system, driver="GPKG")  # fmt: skip
    return path


def test_a_real_geopackage_is_read(tmp_path):
    table = SOURCES["areas"].parse(geopackage(tmp_path / "a.gpkg"), Context("SSD")).table

    assert table[["area", "name"]].values.tolist() == [["1", "East"], ["2", "West"]]
    assert table["geometry"].iloc[0].equals(shapely.box(31, 5, 32, 6))


def test_a_geopackage_in_metres_is_refused(tmp_path):
    assert codes(geopackage(tmp_path / "a.gpkg", "EPSG:32636")) == ["not_degrees"]


def test_a_cut_geopackage_is_refused(tmp_path):
    path = geopackage(tmp_path / "a.gpkg")
    path.write_bytes(path.read_bytes()[:3000])

    assert codes(path) == ["not_geopackage"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"type": "Topology"}', '{"features": [1]}', '{"features": {}}',
        "[" * 100_000, '{"features": [{"geometry": {"type": "Polygon"}}]}',
        '{"features": [{"geometry": {"type": "Curve", "coordinates": []}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[["a", 1]]]}}]}',
        '{"features": [{"properties": null, "geometry": null}]}',
    ],
)  # fmt: skip
def test_broken_outlines_are_said_to_be_broken(text, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(text)

    assert set(codes(path)) <= {"json", "geometry", "empty_file"}


def test_names_that_look_like_code_stay_text(tmp_path):
    names = ["<script>alert(1)</script>", "=HYPERLINK(1)", "../../etc", "a,b;c", '"']
    features = [
        {"type": "Feature", "properties": {"name": name},
         "geometry": shapely.geometry.mapping(shapely.box(i, 0, i + 1, 1))}
        for i, name in enumerate(names)
    ]  # fmt: skip
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    table = SOURCES["areas"].parse(path, Context("XAA")).table

    assert sorted(table["name"]) == sorted(names)
    assert all(k.startswith("XAA.") and k[4:].replace("-", "").isalnum() for k in table["area"])


def test_a_file_of_nonsense_does_not_list_everything(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("town,name,lon,lat,population\n" + "a,b,c,d,e\n" * 2000)
    with pytest.raises(DataError) as error:
        SOURCES["towns"].parse(path, Context())

    assert len(error.value.problems) == 501
    assert error.value.problems[-1].code == "more_problems"
