"""What each source takes from its files."""

import json

import pytest

from polgap.errors import DataError
from polgap.sources import SOURCES
from polgap.sources.base import Context

SSD = Context("SSD", "UNTEST", "2020-12")


def parse(samples, name, context=SSD):
    source, file = name.split("/")
    return SOURCES[source].parse(samples / source / file, context)


def codes(call, *arguments):
    with pytest.raises(DataError) as error:
        call(*arguments)
    return [(p.row, p.column, p.code) for p in error.value.problems]


def edited(samples, tmp_path, name, *changes):
    text = (samples / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / name.split("/")[1]
    path.write_text(text, encoding="utf-8")
    return SOURCES[name.split("/")[0]].parse, path, SSD


# UCDP GED


@pytest.mark.parametrize("file", ["yearly_46", "candidate", "hdx", "older"])
def test_every_layout_of_ged_gives_the_same_events(samples, file):
    expected = parse(samples, "ucdp_ged/yearly_49.csv").table

    assert parse(samples, f"ucdp_ged/{file}.csv").table.equals(expected)


def test_an_event_belongs_to_the_month_of_its_end_and_to_its_country(samples):
    table = parse(samples, "ucdp_ged/yearly_49.csv").table.set_index("event")

    assert table.loc["102", "month"] == "2019-03"
    assert table.loc["102", "kind"] == "non_state"
    assert "110" not in table.index
    assert table["deaths"].sum() == 78


def test_coverage_begins_in_january_and_ends_with_the_origin(samples):
    read = parse(samples, "ucdp_ged/hdx.csv", Context("SSD", until="2020-06"))

    assert read.details["from"] == "2019-01"
    assert read.table["month"].max() == "2020-06"
    assert [(n.code, n.values["count"]) for n in read.notes] == [("sources.after_origin", 2)]


def test_no_coverage_before_the_state_exists(samples, tmp_path):
    call, path, _ = edited(samples, tmp_path, "ucdp_ged/yearly_46.csv",
                           ("2019-02-10,2019-02-10", "2011-05-10,2011-05-10"))  # fmt: skip
    read = call(path, SSD)

    assert read.details["from"] == "2011-07"
    assert [n.code for n in read.notes] == ["sources.before_coverage"]


def test_a_file_of_other_countries_is_the_wrong_file(samples):
    wrong = codes(parse, samples, "ucdp_ged/hdx.csv", Context("CAF", until="2020-12"))

    assert wrong == [(None, "iso3", "no_rows_of_country")]


def test_all_wrong_cells_of_ged_are_named(samples, tmp_path):
    broken = edited(
        samples, tmp_path, "ucdp_ged/hdx.csv",
        ("5.5,30.5,POINT", "north,30.5,POINT"),
        ("2019-02-27,2019-03-02", "2019-02-27,02-March"),
        ("105,2020,1,2,", "101,2020,1,9,"),
    )  # fmt: skip

    assert sorted(codes(*broken), key=str) == sorted(
        [(3, "latitude", "wrong_type"), (4, "date_end", "wrong_type"),
         (7, "type_of_violence", "wrong_type"), (7, "id", "duplicate")], key=str,
    )  # fmt: skip


# Events of the planner


def test_french_and_english_tables_say_the_same(samples):
    fr = {"event": "N°", "date": "Jour", "lat": "Latitude", "lon": "Longitude",
          "kind": "Nature", "deaths": "Morts"}  # fmt: skip
    english = parse(samples, "events/incidents_en.csv")
    french = parse(samples, "events/incidents_fr.csv", Context(until="2020-12", columns=fr))

    assert french.table.equals(english.table)
    assert english.table["kind"].value_counts().to_dict() == {
        "state_based": 2, "protest": 2, "other": 2, "one_sided": 2, "riot": 1, "non_state": 1,
    }  # fmt: skip


def test_unknown_kinds_are_named_and_may_be_told(samples):
    read = parse(samples, "events/incidents_en.csv")
    meant = {"kind.cattle raid": "non_state", "kind.Theft": "other"}
    told = Context(until="2020-12", columns=meant)

    (note,) = [n for n in read.notes if n.code == "sources.kinds_other"]
    assert (note.values["kinds"], note.values["count"]) == ("cattle raid, theft", 2)
    again = parse(samples, "events/incidents_en.csv", told)
    assert again.notes == ()
    assert again.table.set_index("event").loc["A6", "kind"] == "non_state"


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"date": "when"}, (1, "when", "missing_column")),
        ({"kind.theft": "crime"}, (None, None, "unknown_map")),
        ({"colour": "kind"}, (None, None, "unknown_map")),
    ],
)
def test_a_wrong_map_is_said(samples, columns, problem):
    context = Context(until="2020-12", columns=columns)

    assert codes(parse, samples, "events/incidents_en.csv", context) == [problem]


def test_an_empty_cell_is_no_zero_for_lethal_kinds(samples, tmp_path):
    broken = edited(samples, tmp_path, "events/incidents_en.csv",
                    ("Battle,4", "Battle,"), ("theft,0", "theft,"))  # fmt: skip

    assert codes(*broken) == [(2, "deaths", "empty")]


# Areas


def keys(samples, file, **context):
    return parse(samples, f"areas/{file}", Context(**context)).table["area"].tolist()


def test_area_keys_by_the_rule(samples):
    ssd = {"iso3": "SSD"}

    assert keys(samples, "natural_earth.geojson", **ssd) == ["SSD.east", "SSD.north", "SSD.west"]
    assert keys(samples, "cod_ab.geojson", **ssd) == ["SS0101", "SS0102", "SS0201"]
    assert keys(samples, "geoboundaries.geojson", **ssd) == ["5000B0", "5000B1", "5000B2"]
    assert keys(samples, "own.geojson", **ssd) == ["SSD.east", "SSD.north", "SSD.west"]
    assert keys(samples, "grid.geojson")[0] == "137001"
    assert keys(samples, "natural_earth.geojson", **ssd, area_id="adm1_name") == [
        "East", "Nórth", "West",
    ]  # fmt: skip


def test_parents_and_levels(samples):
    adm2 = parse(samples, "areas/cod_ab.geojson").table
    grid = parse(samples, "areas/grid.geojson").table

    assert adm2["parent"].tolist() == ["SS01", "SS01", "SS02"]
    assert adm2["parent_name"].tolist() == ["South", "South", "North"]
    assert set(adm2["level"]) == {"adm2"}
    assert set(grid["level"]) == {"cell"}
    assert set(parse(samples, "areas/geoboundaries.geojson").table["level"]) == {"adm1"}


def test_names_that_repeat_are_numbered_from_west_to_east(samples, tmp_path):
    call, path, _ = edited(samples, tmp_path, "areas/natural_earth.geojson",
                           ('"adm1_name": "East"', '"adm1_name": "West"'))  # fmt: skip
    table = call(path, SSD).table.set_index("area")

    assert list(table.index) == ["SSD.north", "SSD.west-1", "SSD.west-2"]
    assert table.loc["SSD.west-1", "lon"] < table.loc["SSD.west-2", "lon"]


def test_an_unneeded_area_id_is_said(samples):
    read = parse(samples, "areas/cod_ab.geojson", Context("SSD", area_id="ADM2_EN"))

    assert [n.values["column"] for n in read.notes] == ["adm2_pcode"]


def test_an_area_id_must_be_unique(samples):
    wrong = codes(parse, samples, "areas/natural_earth.geojson", Context("SSD", area_id="iso3"))

    assert wrong == [(None, "iso3", "area_id")]


def test_surface_is_computed_on_the_ellipsoid(samples):
    table = parse(samples, "areas/natural_earth.geojson").table

    # One degree by one degree between 5 and 6 degrees north: 12,253 km2 on WGS84.
    assert table.loc[0, "km2"] == pytest.approx(12_253, rel=2e-3)


def geojson(tmp_path, *rings, properties=None, **more):
    features = [
        {"type": "Feature", "properties": {"name": f"a{i}", **(properties or {})},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for i, ring in enumerate(rings)
    ]  # fmt: skip
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more))
    return SOURCES["areas"].parse, path, Context()


SQUARE = [[30, 5], [31, 5], [31, 6], [30, 6], [30, 5]]
BOW = [[40, 5], [41, 6], [41, 5], [40, 6], [40, 5]]
METRES = [[500000, 0], [600000, 0], [600000, 9000], [500000, 0]]


def test_outlines_that_are_refused(tmp_path):
    utm = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32636"}}}

    assert codes(*geojson(tmp_path, SQUARE, BOW)) == [(2, "geometry", "self_crossing")]
    assert codes(*geojson(tmp_path, METRES)) == [(1, "geometry", "not_degrees")]
    assert codes(*geojson(tmp_path, SQUARE, **utm)) == [(None, None, "not_degrees")]
    assert codes(*geojson(tmp_path, SQUARE, SQUARE)) == [(2, "geometry", "overlap")]
    assert codes(*geojson(tmp_path, SQUARE[:2])) == [(1, "geometry", "geometry")]
    assert codes(*geojson(tmp_path)) == [(None, None, "areas")]
    assert codes(*geojson(tmp_path, SQUARE, properties={"Ethnie": "x"})) == [
        (1, "Ethnie", "safeguard_group")
    ]
    assert codes(*geojson(tmp_path, SQUARE, properties={"desk": "a@b.org"})) == [
        (1, "desk", "safeguard_person")
    ]


# Towns, population


def test_towns_by_code_and_namibia(samples):
    assert len(parse(samples, "towns/geonames.csv").table) == 8
    assert parse(samples, "towns/geonames.csv", Context("NAM")).table["name"].tolist() == [
        "Windhoek"
    ]


def test_the_year_nearest_to_the_origin_but_not_after_it(samples):
    read = parse(samples, "population/wdi.csv", Context("SSD", until="2018-07"))

    assert (read.as_of, read.table["population"].tolist()) == ("2018", [801000.0])
    late = codes(parse, samples, "population/wdi.csv", Context("SSD", until="2015-12"))
    assert late == [(None, "year", "no_population")]


def test_population_counts_everybody_once(samples):
    for file in ("cod_ps.csv", "hapi.csv"):
        table = parse(samples, f"population/{file}").table

        assert dict(zip(table["area"], table["population"], strict=True)) == {
            "SS0101": 410000, "SS0102": 240000, "SS0201": 150000,
        }  # fmt: skip
        assert set(table["parent"]) == {"SS01", "SS02"}


# Personnel, bases


def test_police_by_month_without_the_empty_one(samples):
    read = parse(samples, "personnel/p4p_mission.csv")

    assert read.table["police"].tolist() == [700, 710, 720, 730, 750, 760, 780, 800]
    assert (read.as_of, read.details["lon"]) == ("2020-12", 30.5)


def test_contributors_are_added_and_totals_left_out(samples):
    table = parse(samples, "personnel/p4p_contributor.csv").table

    assert table[["month", "formed", "individual", "police"]].values.tolist() == [
        ["2020-11", 420, 300, 720], ["2020-12", 420, 320, 740],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["personnel/p4p_mission.csv", "bases/radpko.csv"])
def test_a_mission_must_be_named_and_known(samples, name):
    for mission in ("", "UNKNOWN"):
        with pytest.raises(DataError, match=r"wanted one of .*UNTEST") as error:
            parse(samples, name, Context("SSD", mission, "2020-12"))
        assert error.value.problems[0].code == "unknown_mission"


def test_a_country_without_a_mission_is_told_to_leave_the_source_out(samples):
    with pytest.raises(DataError, match="none is of NGA: without a mission, leave"):
        parse(samples, "personnel/p4p_mission.csv", Context("NGA", "", "2020-12"))


def test_bases_until_the_origin(samples):
    table = parse(samples, "bases/radpko.csv").table

    assert table["month"].max() == "2020-01"
    assert table["base"].tolist()[2] == "base-4"


# The planner's sheets


def test_a_sheet_in_french_excel_is_the_same_sheet(samples, tmp_path):
    import pandas as pd

    plain = parse(samples, "host_police/sheet.csv").table
    frame = pd.read_csv(samples / "host_police" / "sheet.csv", dtype=str, keep_default_na=False)
    frame["as_of"] = [f"15/{m[5:]}/{m[:4]}" for m in frame["as_of"]]
    frame = frame.map(lambda c: c.replace(".", ",") if c[:1].isdigit() else c)
    frame = frame[frame.columns[::-1]].rename(columns=str.upper).assign(Remarques="é")
    path = tmp_path / "sheet.csv"
    frame.to_csv(path, index=False, sep=";", encoding="cp1252")

    assert SOURCES["host_police"].parse(path, SSD).table.equals(plain)


def test_a_sheet_without_basis_is_given(samples, tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("paragraph,task,host_consent\n1,Protect,Oui\n2,Help,\n", encoding="utf-8")
    table = SOURCES["mandate"].parse(path, SSD).table

    assert table["basis"].tolist() == ["given", "given"]
    assert table["host_consent"].tolist() == ["yes", ""]


def test_all_wrong_cells_of_a_sheet_are_named(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(
        "pledge,contributor,unit_type,number,readiness,from,chance\n\n"
        "P1,A,FPU,many,L1,soon,0.5\nP2,,FPU,-1,L1,,2\n",
        encoding="utf-8",
    )

    assert sorted(codes(SOURCES["pledges"].parse, path, SSD), key=str) == sorted(
        [(3, "number", "wrong_type"), (3, "from", "wrong_type"), (4, "contributor", "empty"),
         (4, "number", "out_of_range"), (4, "chance", "out_of_range")], key=str,
    )  # fmt: skip


# Cells


def test_cells_of_the_country_are_half_degree_squares_around_their_centres(samples):
    table = parse(samples, "areas/prio_grid.csv").table

    assert table["area"].tolist() == [
        "137221", "137222", "137223", "137224", "137941", "137942",
    ]  # fmt: skip
    assert set(table["level"]) == {"cell"}
    assert table["name"].iloc[0] == "cell 137221"
    assert table["geometry"].iloc[0].bounds == (30.0, 5.0, 30.5, 5.5)
    assert table[["lon", "lat"]].iloc[0].tolist() == [30.25, 5.25]
    assert table["km2"].iloc[0] == pytest.approx(3064, rel=0.01)


def test_a_cell_number_that_does_not_fit_its_centre_is_named(samples, tmp_path):
    call, path, context = edited(
        samples, tmp_path, "areas/prio_grid.csv", ("137222", "137223"), ("31.75,5.25", "x,5.25")
    )

    assert codes(call, path, context) == [(3, "gid", "not_a_cell"), (5, "gid", "not_a_cell")]


def test_cells_packed_and_of_no_country_here(samples, tmp_path):
    import gzip

    path = tmp_path / "cells.csv.gz"
    path.write_bytes(gzip.compress((samples / "areas/prio_grid.csv").read_bytes()))

    assert len(SOURCES["areas"].parse(path, SSD).table) == 6
    assert codes(SOURCES["areas"].parse, path, Context("MLI"))[0][2] == "no_rows_of_country"
