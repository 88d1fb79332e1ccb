"""From source files to the tables of a project."""

import json

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import check_table, schema
from polgap.errors import DataError, SafeguardError
from polgap.sources import areas_geojson, import_sources, templates
from polgap.sources._outline import outlines_from
from polgap.sources._panel import place

TABLES = {
    "areas", "population", "towns", "events", "coverage", "host_police", "willingness",
    "other_providers", "mandate", "pledges", "rules", "programmes", "personnel", "bases",
    "import_report", "hrddp",
}  # fmt: skip
PLANNER = ("host_police", "willingness", "other_providers", "mandate", "pledges", "rules",
           "programmes")  # fmt: skip
SHEETS = dict.fromkeys(PLANNER, "sheet.csv")


def codes(request):
    with pytest.raises(DataError) as error:
        import_sources(request)
    return [(p.file, p.row, p.code) for p in error.value.problems]


def test_all_tables_are_there_and_fit_the_schema(ask):
    got = import_sources(ask(personnel="p4p_mission.csv", bases="radpko.csv"))

    assert set(got.tables) == TABLES
    for name, table in got.tables.items():
        columns = [c.name for c in schema()[name]]
        assert check_table(name, table)[columns].equals(check_table(name, table[columns]))
    assert got.capital == "SSD.west"  # Juba lies there in the samples
    assert got.basis == "assumed"


def test_the_manifest_names_file_hash_and_licence(ask, samples):
    from hashlib import sha256

    got = import_sources(ask())
    rows = {m["source"]: m for m in got.manifest}
    raw = (samples / "ucdp_ged" / "yearly_49.csv").read_bytes()

    assert set(rows) == {"ucdp_ged", "areas", "towns", "population"}
    assert rows["ucdp_ged"]["sha256"] == sha256(raw).hexdigest()
    assert rows["ucdp_ged"]["origin"] == "yearly_49.csv"
    assert (rows["ucdp_ged"]["rows"], rows["ucdp_ged"]["as_of"]) == (9, "2020-12")


def test_every_note_has_its_sentence_in_both_languages(ask):
    more = {"events": "incidents_en.csv", "personnel": "p4p_mission.csv", "bases": "radpko.csv"}
    got = import_sources(ask(until="2020-11", **more))

    assert len(got.notes) > 8
    for note in got.notes:
        for language in ("en", "fr"):
            assert catalogue.message(note.code, language, **note.values)


def test_events_get_an_area(ask):
    got = import_sources(ask())
    area = got.tables["events"].set_index("event")["area"]

    assert area["101"] == "SSD.west"
    assert area["104"] == "SSD.east"
    assert area["106"] == "SSD.east"  # known to the state, which is an area here
    assert area["108"] == "SSD.west"  # 3 km outside the outline
    assert area["109"] == ""  # 56 km outside
    assert area["107"] in ("SSD.east", "SSD.north", "SSD.west")  # vague: drawn
    (outside,) = [n for n in got.notes if n.code == "sources.outside"]
    assert outside.values == {"events": 1, "deaths": 8, "first": "2020", "last": "2020"}


def test_the_same_again_and_another_seed(ask):
    first, second = (import_sources(ask()).tables for _ in range(2))
    drawn = {place(first["events"], first["areas"], seed).at.tobytes() for seed in range(12)}

    for name in TABLES - {"areas"}:
        assert first[name].equals(second[name])
    assert len(drawn) == 3  # one vague event, three areas


def test_a_country_total_is_spread_and_sums_up(ask):
    areas = import_sources(ask()).tables["areas"].set_index("area")

    assert areas["population"].sum() == 803_000
    assert set(areas["population_basis"]) == {"assumed"}
    assert areas["population"].idxmax() == "SSD.west"


def test_area_figures_by_key_by_parent_and_by_name(ask):
    def people(**changes):
        table = import_sources(ask(**changes)).tables["areas"]
        return dict(zip(table["area"], table["population"], strict=True))

    assert people(population="own.csv")["SSD.east"] == 250_000
    assert people(population="cod_ps.csv", areas="cod_ab.geojson")["SS0102"] == 240_000
    assert people(population="cod_ps.csv")["SSD.north"] == 150_000  # by name, accents folded


def test_finer_figures_are_summed(ask, samples, tmp_path):
    text = (samples / "areas" / "cod_ab.geojson").read_text(encoding="utf-8")
    block = json.loads(text)
    kept = [block["features"][0], block["features"][2]]
    for feature in kept:
        feature["properties"] = {
            k: v for k, v in feature["properties"].items() if not k.startswith("ADM2")
        }
    path = tmp_path / "adm1.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": kept}))
    areas = import_sources(ask(areas=path, population="cod_ps.csv")).tables["areas"]

    assert areas[["area", "population"]].values.tolist() == [["SS01", 650_000], ["SS02", 150_000]]


def test_population_of_the_outlines_will_do_but_none_will_not(ask):
    own = import_sources(ask(without=["population"], areas="own.geojson"))

    assert own.tables["areas"]["population"].sum() == 800_000
    assert codes(ask(without=["population"])) == [(None, None, "no_population")]


def test_present_units_follow_the_bases(ask):
    got = import_sources(ask(personnel="own.csv", bases="own.csv"))
    here = got.tables["pledges"].query("contributor == 'PRESENT'").set_index("pledge")

    assert here["readiness"].unique().tolist() == ["in_mission"]
    units = here.query("unit_type == 'FPU'")["number"].sum()
    assert units == 3  # 420 of 820 in formed units of 140
    assert units * 140 + here.query("unit_type == 'IPO'")["number"].sum() == 820
    assert here.loc["PRESENT-IPO-SSD.west", "number"] == 230  # 460 of 800 stand at its two bases


def test_a_stale_strength_is_assumed_with_its_range(ask):
    got = import_sources(ask(personnel="p4p_mission.csv", until="2022-03"))
    (note,) = [n for n in got.notes if n.code.startswith("sources.strength")]

    assert note.code == "sources.strength_assumed"
    assert (note.values["low"], note.values["high"], note.values["age"]) == (700, 800, 15)
    assert note.values["police"] == round(np.mean([700, 710, 720, 730, 750, 760, 780, 800]))


def test_without_bases_headquarters_and_towns(ask):
    got = import_sources(ask(personnel="p4p_mission.csv"))
    here = got.tables["pledges"].query("contributor == 'PRESENT' and unit_type == 'IPO'")

    assert here.set_index("area")["number"].idxmax() == "SSD.west"
    assert "sources.placed_by_towns" in {n.code for n in got.notes}


def test_what_is_not_given_is_assumed_and_said(ask):
    got = import_sources(ask(personnel="own.csv"))
    mandate, pledges = got.tables["mandate"], got.tables["pledges"]

    for name in ("host_police", "willingness", "mandate", "pledges", "rules"):
        assert set(got.tables[name]["basis"]) == {"assumed"}, name
    assert got.tables["other_providers"].empty
    assert set(mandate["posture"]) == set(mandate["host_consent"]) == set(mandate["hrddp"]) == {""}
    assert mandate["ceiling_formed"].sum() == 1.5 * 420
    assert mandate["ceiling_individual"].sum() == 1.5 * 400
    offers = pledges[pledges["contributor"] == "NOTIONAL"]
    assert set(offers["unit_type"]) == {"FPU", "IPU", "IPO", "SPT"}
    assert set(offers["readiness"]) == {"RDL", "L3", "L2", "L1"}
    strength = {"FPU": 140, "IPU": 120, "IPO": 1, "SPT": 8}
    officers = (offers["unit_type"].map(strength) * offers["number"]).sum()
    assert 0.5 * 820 <= officers <= 3 * 0.5 * 820
    assert {"note.host_assumed", "note.notional_pledges", "note.notional_mandate"} <= {
        n.code for n in got.notes
    }


def test_what_is_given_stays(ask, samples):
    got = import_sources(ask(areas="own.geojson", personnel="own.csv", **SHEETS))

    for name in SHEETS:
        asked = pd.read_csv(samples / name / "sheet.csv")
        assert len(got.tables[name]) == len(asked), name
    assert got.basis == "given"
    assert not {n.code for n in got.notes} & {"note.host_assumed", "note.notional_pledges"}


def test_beside_ucdp_only_assemblies_and_riots_are_taken(ask):
    got = import_sources(ask(events="incidents_en.csv"))
    own = got.tables["events"].query("event.str.startswith('own-')")
    (note,) = [n for n in got.notes if n.code == "sources.deaths_left_to_ucdp"]

    assert sorted(own["kind"].unique()) == ["protest", "riot"]
    assert own["deaths"].sum() == 0
    assert note.values == {"count": 8, "deaths": 22}
    kinds = got.tables["coverage"].groupby("source")["kind"].apply(set)
    assert kinds["events"] == {"protest", "riot"}


def test_all_problems_of_all_files_at_once(ask, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("pledge,contributor,unit_type,number,readiness,chance,area\n"
                   "P,A,TANK,1,L1,0.5,nowhere\nP,A,FPU,1.5,L9,0.5,\n")  # fmt: skip
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    found = codes(ask(pledges=bad, towns=empty, capital="West"))

    assert sorted(found, key=str) == sorted(
        [("empty.csv", None, "empty_file"),
         ("bad.csv", 2, "unknown_unit_type"), ("bad.csv", 2, "unknown_area"),
         ("bad.csv", 3, "duplicate"), ("bad.csv", 3, "out_of_range"),
         ("bad.csv", 3, "unknown_readiness")], key=str,
    )  # fmt: skip


def test_a_safeguard_among_the_problems_makes_it_one(ask, tmp_path):
    bad = tmp_path / "rules.csv"
    bad.write_text("rule,reason,basis,Ethnie\nbudget_year,x,given,y\n")
    with pytest.raises(SafeguardError):
        import_sources(ask(rules=bad))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": ""}, "no_coverage"),
        ({"until": "2020"}, "no_coverage"),
        ({"iso3": "ZZY1"}, "unknown_country"),
        ({"without": ["areas"]}, "missing_source"),
        ({"without": ["ucdp_ged"]}, "missing_source"),
        ({"columns": {"date": "x"}}, "unknown_map"),
        ({"capital": "Atlantis"}, "unknown_area"),
    ],
)
def test_requests_that_cannot_be_answered(ask, changes, code):
    assert [c for _, _, c in codes(ask(**changes))] == [code]


@pytest.mark.parametrize("capital", ["SSD.east", "East", "Hill", "hilltop"])
def test_a_capital_by_key_name_or_town(ask, capital):
    assert import_sources(ask(capital=capital)).capital == "SSD.east"


def test_outlines_are_written_stable_and_read_back(ask):
    areas = import_sources(ask()).tables["areas"]
    text = areas_geojson(areas)
    back = outlines_from(text, "areas.geojson")

    assert text == areas_geojson(areas.copy())
    assert [o.properties["area"] for o in back] == areas["area"].tolist()
    assert not any("population" in o.properties for o in back)
    assert all(o.polygon.equals(g) for o, g in zip(back, areas["geometry"], strict=True))


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_template_is_read_as_an_empty_sheet(separator, tmp_path):
    from polgap.sources._plain import read_plain

    for name, text in templates(separator).items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        assert read_plain(path, name).table.empty, name
        assert len(text.splitlines()) == 2
