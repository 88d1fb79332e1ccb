"""Real files: the checks of contracts.md 1 on South Sudan, Central Africa and Nigeria."""

import numpy as np
import pandas as pd
import pytest

from polgap.domain import KINDS, Study
from polgap.sources import SOURCES, ImportRequest, import_sources, load_inputs
from polgap.sources._geometry import square_km
from polgap.sources.base import Context

from .conftest import write

FILES = {
    "towns": "cities/geonames_cities1000_mission_countries.csv.gz",
    "population": "governance/wdi_population_2000_2023.csv.gz",
    "personnel": "un_p4p_contributions/p4p_mission_month_1990_2017.csv.gz",
    "bases": "radpko/radpko_base_country_year_core.csv.gz",
}


def request(data, iso3, mission, until, without=()):
    files = {n: data / f for n, f in FILES.items() if n not in without}
    files["ucdp_ged"] = data / "ucdp_ged_events" / f"ged_{iso3}.csv.gz"
    files["areas"] = data / "boundaries" / f"adm1_{iso3}.geojson"
    return ImportRequest(iso3.lower(), until, files, iso3=iso3, mission=mission)


@pytest.fixture(scope="module")
def ssd(data):
    return import_sources(request(data, "SSD", "UNMISS", "2020-12"))


@pytest.fixture(scope="module")
def caf(data):
    return import_sources(request(data, "CAF", "MINUSCA", "2020-12"))


def test_months_of_south_sudan_are_the_official_ones(ssd, data):
    events = ssd.tables["events"].query("kind == 'state_based'")
    ours = events.groupby("month")["deaths"].sum()
    official = pd.read_csv(
        data / "ucdp_country_month" / "views_ged_sb_exact_2016_11_2022_12.csv.gz"
    )
    official = official[official["country_id"] == 246].set_index("month")["ged_sb"]
    months = [f"{y}-{m:02d}" for y in (2018, 2019, 2020) for m in range(1, 13)]

    assert sum(ours.get(m, 0.0) == official[m] for m in months) == 36


def test_events_of_bangui_lie_in_bangui(caf):
    events = caf.tables["events"]
    town = events.query("abs(lon - 18.583333) < 1e-4 and abs(lat - 4.366667) < 1e-4")
    (placed,) = [n.values for n in caf.notes if n.code == "sources.placed"]

    assert len(town) > 200
    assert set(town["area"]) == {"CAF.bangui"}
    assert placed["snapped"] >= 215
    assert not [n for n in caf.notes if n.code == "sources.outside"]


@pytest.mark.parametrize("theatre", ["ssd", "caf"])
def test_a_theatre_loads_and_loses_nobody(theatre, request, tmp_path):
    got = request.getfixturevalue(theatre)
    study = Study(theatre, "2020-12", capital=got.capital)
    inputs = load_inputs(study, write(tmp_path / theatre, got))
    events = got.tables["events"]
    inside = events[events["area"] != ""]

    assert inputs.panel.sizes == {"area": len(inputs.areas), "month": len(inputs.panel["month"])}
    assert float(sum(inputs.panel[k].sum() for k in KINDS)) == inside["deaths"].sum()
    assert len(inside) >= 0.99 * len(events)
    assert not np.isnan(inputs.panel["events"]).any()
    assert inputs.panel["month"].values[-1] == "2020-12"


def test_south_sudan_begins_with_its_independence(ssd):
    assert set(ssd.tables["coverage"]["from"]) == {"2011-07"}


def test_the_total_of_the_country_is_kept(ssd, caf):
    assert ssd.tables["areas"]["population"].sum() == 10_606_227
    assert set(caf.tables["areas"]["population_basis"]) == {"assumed"}
    assert (ssd.capital, caf.capital) == ("SSD.central-equatoria", "CAF.bangui")


def test_a_present_mission_stands_where_its_bases_are(data):
    got = import_sources(request(data, "CAF", "MINUSCA", "2017-03"))
    here = got.tables["pledges"].query("contributor == 'PRESENT'")
    officers = here["number"] * here["unit_type"].map({"FPU": 140, "IPO": 1})

    assert officers.sum() == 1696  # as reported for March 2017
    assert officers.groupby(here["area"]).sum().idxmax() == "CAF.bangui"


def test_an_old_strength_is_a_mean_with_its_range(ssd):
    (note,) = [n.values for n in ssd.notes if n.code == "sources.strength_assumed"]

    assert (note["low"], note["high"], note["month"]) == (980, 1508, "2017-03")


def test_nigeria_in_the_layout_of_hdx(data, tmp_path):
    none = ("personnel", "bases")
    got = import_sources(request(data, "NGA", "", "2017-12", without=none))
    inputs = load_inputs(Study("nga", "2017-12"), write(tmp_path / "nga", got))
    (placed,) = [n.values for n in got.notes if n.code == "sources.placed"]
    (outside,) = [n.values for n in got.notes if n.code == "sources.outside"]

    assert len(got.tables["areas"]) == 37
    assert placed["events"] + outside["events"] == 3569
    # six of precision 4, just off the coast
    assert (outside["events"], outside["deaths"]) == (6, 12)
    assert float(inputs.panel["events"].sum()) == placed["events"]


def test_a_candidate_release_holds_one_country_of_many(data):
    path = data / "ucdp_ged_events" / "ged_candidate_v23_0_10_global.csv.gz"
    read = SOURCES["ucdp_ged"].parse(path, Context("COD", until="2023-10"))

    assert len(read.table) == 34
    assert read.table["month"].max() == "2023-10"
    silent = SOURCES["ucdp_ged"].parse(path, Context("NAM", until="2023-10"))
    assert silent.table.empty and [n.code for n in silent.notes] == ["sources.no_events"]


def test_the_recorded_hdx_file_with_its_line_of_tags(data):
    path = data / "api_samples" / "hdx_ucdp_conflict_data_BGD_first40.csv"

    assert len(SOURCES["ucdp_ged"].parse(path, Context("BGD", until="2018-12")).table) == 38


def test_surfaces_agree_with_those_in_the_file(data):
    table = SOURCES["areas"].parse(data / "boundaries" / "adm1_UGA.geojson", Context("UGA")).table
    ours = np.array([square_km(g) for g in table["geometry"]])

    assert np.isclose(ours.sum(), table["km2"].sum(), rtol=0.01)
    assert np.quantile(np.abs(ours / table["km2"] - 1), 0.9) < 0.02


def test_repeated_names_are_numbered(data):
    for iso3 in ("UGA", "AFG", "MOZ"):
        path = data / "boundaries" / f"adm1_{iso3}.geojson"
        table = SOURCES["areas"].parse(path, Context(iso3)).table

        assert table["area"].is_unique
        assert table["area"].str.endswith(("-1", "-2")).any(), iso3


def test_all_outlines_of_the_folder_are_read(data):
    for path in sorted((data / "boundaries").glob("adm1_*.geojson")):
        iso3 = path.stem[-3:]
        table = SOURCES["areas"].parse(path, Context(iso3)).table

        assert table["area"].str.startswith(f"{iso3}.").all()
        assert (table["km2"] > 0).all()
    somalia = SOURCES["areas"].parse(
        data / "boundaries" / "adm2_SOM.geojson", Context("SOM", area_id="adm2_code")
    )
    assert set(somalia.table["level"]) == {"adm2"}
    assert not set(somalia.table["area"]) & set(somalia.table["parent"])


def test_codes_of_the_catalogue_are_those_of_the_sources(data):
    from polgap.sources._countries import countries

    known = countries()
    names = pd.read_csv(
        data / "cities" / "geonames_countries.csv", dtype=str, keep_default_na=False
    )
    assert set(known) == set(names["iso3"])
    assert {known[r.iso3].iso2 for r in names.itertuples()} == set(names["iso"])
    vdem = pd.read_csv(
        data / "governance" / "vdem_wdi_country_year_2018_2022_from_views.csv.gz",
        dtype=str, keep_default_na=False,
    ).drop_duplicates("isoab")  # fmt: skip
    for row in vdem.itertuples():
        if row.isoab:
            assert known[row.isoab].gw == row.gleditsch_ward, row.isoab
