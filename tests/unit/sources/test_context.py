"""ACLED beside UCDP, counts joined by p-code, airports, governance, and what a sidecar says."""

import json
from hashlib import sha256

import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import GOVERNANCE
from polgap.errors import DataError
from polgap.sources import SOURCES, import_sources, load_inputs
from polgap.sources._sidecar import Sidecar, beside
from polgap.sources.base import Context

SEEN = Context("SSD", "UNTEST", "2020-12")


def codes(request):
    with pytest.raises(DataError) as error:
        import_sources(request)
    return [p.code for p in error.value.problems]


def parsed(samples, source, file):
    return SOURCES[source].parse(samples / source / file, SEEN)


def spans(got):
    coverage = got.tables["coverage"]
    return {k: set(v) for k, v in coverage.groupby("source")["kind"]}


def test_acled_gives_assemblies_and_riots_beside_ucdp(ask):
    got = import_sources(ask(acled="export.csv"))
    events = got.tables["events"]
    own = events[events["event"].str.startswith("acled-")]

    assert sorted(own["kind"]) == ["protest", "protest", "riot", "riot"]
    assert own["deaths"].sum() == 0
    assert (
        events[~events["event"].str.startswith("acled-")]["kind"]
        .isin(["state_based", "non_state", "one_sided"])
        .all()
    )
    assert spans(got)["acled"] == {"protest", "riot"}
    (note,) = [n for n in got.notes if n.code == "sources.acled_left"]
    assert note.values == {"count": 7, "deaths": 16}
    assert all(catalogue.message(note.code, lang, **note.values) for lang in ("en", "fr"))


def test_acled_alone_is_a_record_of_violence_too(ask):
    got = import_sources(ask(without=("ucdp_ged",), acled="export.csv"))
    kinds = got.tables["events"].set_index("event")["kind"].to_dict()

    assert kinds["SSD5"] == kinds["SSD8"] == "state_based"
    assert kinds["SSD6"] == "non_state" and kinds["SSD7"] == "one_sided"
    assert kinds["SSD2"] == "protest"  # what was done to an assembly is not its doing
    assert kinds["SSD9"] == "other"


def test_an_assembly_is_counted_from_one_source_only(ask):
    both = import_sources(ask(events="incidents_en.csv", acled="export.csv"))
    events = both.tables["events"]

    assert spans(both)["events"] == {"protest", "riot"}
    assert "acled" not in spans(both)
    assert not events["event"].str.startswith("acled-").any()
    alone = import_sources(
        ask(without=("ucdp_ged",), events="incidents_en.csv", acled="export.csv")
    )
    peaceful = alone.tables["events"]["kind"].isin(["protest", "riot"])
    assert not alone.tables["events"][peaceful]["event"].str.startswith("acled-").any()
    assert alone.tables["events"]["event"].is_unique


def test_kinds_that_an_export_does_not_hold_are_not_covered(ask, samples, tmp_path):
    lines = (samples / "acled" / "export.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "protests.csv"
    path.write_text("\n".join([lines[0], *(x for x in lines if ",Protests," in x)]), "utf-8")
    assert spans(import_sources(ask(acled=path)))["acled"] == {"protest"}


def test_acled_reads_no_actor_and_no_note(samples):
    table = parsed(samples, "acled", "export.csv").table
    assert not table.astype(str).apply(lambda c: c.str.contains("Smith|Militia")).any().any()
    assert table.set_index("event").loc["SSD8", ["month", "where_prec"]].tolist() == ["2020-01", 5]


def test_counts_by_district_join_by_pcode(ask):
    got = import_sources(ask(areas="cod_ab.geojson", population="cod_ps.csv",
                             event_counts="hapi.csv"))  # fmt: skip
    table = got.tables["event_counts"].set_index(["area", "month"])
    west = table.loc[("SS0101", "2020-12")]

    assert west[["events", "fatalities", "civilian_events", "civilian_fatalities"]].tolist() == [
        3, 7, 2, 4,
    ]  # fmt: skip
    assert west["demonstrations"] == 1 and pd.isna(west["protests"])
    assert pd.isna(table.loc[("SS0201", "2020-12"), "demonstrations"])  # not stated is not zero
    assert table.loc[("SS0102", "2020-12"), "events"] == 0


def test_counts_by_district_are_summed_to_provinces_kind_by_kind(ask, tmp_path):
    block = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"ADM1_PCODE": code, "ADM1_EN": name, "ADM0_PCODE": "SS"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, name, ring in (
            ("SS01", "South", [[30, 5], [32, 5], [32, 6], [30, 6], [30, 5]]),
            ("SS02", "North", [[30, 6], [32, 6], [32, 7], [30, 7], [30, 6]]),
        )
    ]}  # fmt: skip
    path = tmp_path / "adm1.geojson"
    path.write_text(json.dumps(block), encoding="utf-8")
    got = import_sources(ask(areas=path, event_counts="hapi.csv"))
    table = got.tables["event_counts"].set_index(["area", "month"])

    assert table.loc[("SS01", "2020-11"), ["events", "civilian_events"]].tolist() == [3, 2]
    assert pd.isna(table.loc[("SS02", "2020-11"), "demonstrations"])
    assert [n.code for n in got.notes if "counts" in n.code] == ["sources.counts_summed"]


def test_counts_without_a_common_key_are_refused(ask):
    assert codes(ask(event_counts="hapi.csv")) == ["unknown_area"]  # keys SSD.west, not p-codes


def test_counts_of_other_areas_are_left_out_and_named(ask, samples, tmp_path):
    path = tmp_path / "own.csv"
    text = (samples / "event_counts" / "own.csv").read_text(encoding="utf-8")
    path.write_text(text + "SSD.south,2020-12,1,1,0,0,own\n", encoding="utf-8")
    got = import_sources(ask(event_counts=path))
    (note,) = [n for n in got.notes if n.code == "sources.counts_outside"]
    assert note.values["count"] == 1
    assert set(got.tables["event_counts"]["area"]) == {"SSD.west", "SSD.east", "SSD.north"}


def test_kinds_of_hapi_that_are_new_are_named(samples, tmp_path):
    path = tmp_path / "hapi.csv"
    text = (samples / "event_counts" / "hapi.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("demonstration", "parade"), encoding="utf-8")
    with pytest.raises(DataError) as error:
        SOURCES["event_counts"].parse(path, SEEN)
    assert {p.code for p in error.value.problems} == {"unknown_kind"}


def test_airports_get_their_area(ask):
    got = import_sources(ask(airports="ourairports.csv"))
    area = got.tables["airports"].set_index("airport")["area"].to_dict()
    assert area == {"XS01": "SSD.west", "XS02": "SSD.east", "XS03": "SSD.north",
                    "XS05": "SSD.east"}  # fmt: skip


@pytest.mark.parametrize("file", ["wgi.csv", "wgi_2025.csv"])
def test_wgi_takes_its_interval_from_the_error_not_from_the_rank(samples, file):
    table = parsed(samples, "governance", file).table
    row = table[(table["indicator"] == "wgi_rule_of_law") & (table["year"] == 2019)].iloc[0]
    assert (row["value"], row["source"], row["iso3"]) == (-1.8, "WGI", "SSD")
    assert row["low"] == pytest.approx(-2.0563, abs=1e-4)
    assert row["high"] == pytest.approx(-1.5437, abs=1e-4)
    assert table["year"].max() <= 2020 and set(table["iso3"]) == {"SSD"}


def test_world_bank_codes_become_iso3(samples):
    path = samples / "governance" / "wgi.csv"
    table = SOURCES["governance"].parse(path, Context("XKX", "", "2020-12")).table
    assert table["iso3"].tolist() == ["XKX"]


def test_vdem_bounds_are_stretched_to_the_same_points(samples):
    table = parsed(samples, "governance", "vdem.csv").table
    rule = table[(table["indicator"] == "vdem_v2x_rule") & (table["year"] == 2019)].iloc[0]
    torture = table[(table["indicator"] == "vdem_v2cltort") & (table["year"] == 2019)].iloc[0]
    assert rule["low"] == pytest.approx(0.05 - 1.28155 * 0.03, abs=1e-5)
    assert rule["high"] == pytest.approx(0.05 + 1.28155 * 0.03, abs=1e-5)
    assert torture["low"] == pytest.approx(-1.4 - 1.28155 * 0.5, abs=1e-4)
    early = table[(table["indicator"] == "vdem_v2x_rule") & (table["year"] == 2018)].iloc[0]
    assert early["low"] == pytest.approx(0.055 - 1.28155 * 0.035, abs=1e-5)
    assert set(table["indicator"]) == {"vdem_v2x_rule", "vdem_v2cltort"}


def test_context_is_kept_in_the_project_and_checked_at_every_run(ask, tmp_path):
    got = import_sources(ask(governance="vdem.csv", displacement="idmc.csv"))
    assert set(got.tables["governance"]["iso3"]) == {"SSD"}
    assert got.tables["displacement"].set_index("year")["new_displacement"].to_dict() == {
        2017: 85000, 2018: 32000, 2019: 25900, 2020: 0,
    }  # fmt: skip
    assert pd.isna(got.tables["displacement"].set_index("year").loc[2019, "total_displacement"])


def fetched(samples, tmp_path, **changes):
    path = tmp_path / "ucdp.csv"
    raw = (samples / "ucdp_ged" / "yearly_49.csv").read_bytes()
    path.write_bytes(raw)
    about = {
        "source": "ucdp", "feeds": "ucdp_ged", "url": ("https://ucdp.uu.se/x",),
        "licence": "CC BY 4.0", "citation": "cite", "vintage": "UCDP GED 26.1",
        "accessed": "2026-11-27", "sha256": sha256(raw).hexdigest(), "rows": 9,
        "covers_from": "2016-05", "covers_until": "2020-12", **changes,
    }  # fmt: skip
    beside(path).write_text(Sidecar(**about).text(), encoding="utf-8")
    return path


def test_a_sidecar_tells_vintage_licence_and_coverage(ask, samples, tmp_path):
    got = import_sources(ask(ucdp_ged=fetched(samples, tmp_path)))
    (entry,) = [m for m in got.manifest if m["source"] == "ucdp_ged"]
    assert entry["origin"] == "ucdp.csv (ucdp: UCDP GED 26.1, accessed 2026-11-27)"
    assert entry["licence"] == "CC BY 4.0" and entry["citation"] == "cite"
    assert set(got.tables["coverage"]["from"]) == {"2016-05"}


def test_silence_after_the_end_of_a_file_is_no_peace(ask, samples, tmp_path):
    path = fetched(samples, tmp_path, covers_until="2020-10")
    assert codes(ask(ucdp_ged=path)) == ["outside_coverage"]


def test_an_edited_file_is_the_planners_own(ask, samples, tmp_path):
    path = fetched(samples, tmp_path, covers_until="2020-10")
    path.write_bytes(path.read_bytes().replace(b",12,", b",13,", 1))
    got = import_sources(ask(ucdp_ged=path))
    (entry,) = [m for m in got.manifest if m["source"] == "ucdp_ged"]
    assert entry["origin"] == "ucdp.csv"


def test_the_tables_around_the_theatre_are_checked_at_every_run(project, study):
    folder = project(governance="wgi.csv", displacement="idmc.csv", airports="own.csv",
                     event_counts="own.csv")  # fmt: skip
    load_inputs(study, folder)
    wrong = {
        "event_counts": ("SSD.west", "SSD.wset", "unknown_area"),
        "governance": ("-1.8,", "low,", "wrong_type"),
        "airports": ("XS02", "XS01", "duplicate"),
        "displacement": ("32000", "-32000", "out_of_range"),
    }
    for name, (old, new, _) in wrong.items():
        path = folder / "data" / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_inputs(study, folder)
    assert {(p.file, p.code) for p in error.value.problems} == {
        (f"data/{name}.csv", code) for name, (_, _, code) in wrong.items()
    }


@pytest.mark.parametrize("file", ["wgi.csv", "vdem.csv", "vdem_views.csv", "own.csv"])
def test_what_governance_gives_becomes_a_prior_where_nobody_assessed(project, study, file):
    inputs = load_inputs(study, project(governance=file))
    made = inputs.willingness[inputs.willingness["assessor_role"] == GOVERNANCE]
    assert len(made) and (made["low"] < made["mid"]).all() and (made["mid"] < made["high"]).all()
