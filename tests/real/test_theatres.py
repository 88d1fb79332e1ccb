"""The main job on real input: South Sudan and the Central African Republic (README's commands)."""

import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from polgap.cli import app
from polgap.errors import StudyError

SOURCES = {
    "towns": "cities/geonames_cities1000_mission_countries.csv.gz",
    "population": "governance/wdi_population_2000_2023.csv.gz",
    "personnel": "un_p4p_contributions/p4p_mission_month_1990_2017.csv.gz",
}
THEATRES = {"ssd": ("SSD", "UNMISS"), "caf": ("CAF", "MINUSCA")}
KEYS = {
    "schema", "study", "gap", "options", "arrival", "handover", "outcome", "skill", "manifest",
    "notes",
}  # fmt: skip


def call(*arguments, code=0):
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture(scope="module", params=sorted(THEATRES))
def theatre(request, data, tmp_path_factory):
    """A project of the theatre, and the result of one run."""
    name = request.param
    iso3, mission = THEATRES[name]
    folder = tmp_path_factory.mktemp(name) / name
    sources = {
        "ucdp_ged": f"ucdp_ged_events/ged_{iso3}.csv.gz",
        "areas": f"boundaries/adm1_{iso3}.geojson",
        **SOURCES,
    }
    given = [f"--source={k}={data / v}" for k, v in sources.items()]
    call("init", folder, "--country", iso3, "--mission", mission, "--until", "2020-12", *given)
    return folder, json.loads(call("run", folder, "--json"))


def test_the_result_has_every_block(theatre):
    result = theatre[1]

    assert set(result) == KEYS
    assert result["study"]["origin"] == "2020-12"
    assert result["study"]["first_month"] == "2021-01"
    for name in ("need", "national_shortfall", "mission_requirement", "left_open"):
        ends = result["gap"][name]
        assert 0 < ends["low"] <= ends["mid"] <= ends["high"], name
    assert sum(result["gap"]["why"].values()) == pytest.approx(1.0, abs=1e-4)


def test_the_waterfall_narrows(theatre):
    gap = theatre[1]["gap"]

    assert gap["national_shortfall"]["mid"] <= gap["need"]["mid"]
    assert gap["left_open"]["mid"] <= gap["mission_requirement"]["mid"]


def test_every_option_keeps_every_rule_and_has_a_valid_bound(theatre):
    options = {o["name"]: o for o in theatre[1]["options"]}

    assert {"status_quo", "reduced", "recommended", "recommended_without_gendarmerie"} <= set(
        options
    )
    for name, option in options.items():
        assert option["violations"] == [], name
        if option["gap_percent"] is not None:
            assert option["gap_percent"] >= 0, name


def test_recommended_beats_its_rivals_or_the_brief_says_so(theatre):
    folder, _ = theatre
    details = json.loads((folder / "runs" / "r0001" / "details.json").read_text("utf-8"))
    rows = {r["name"]: r for r in details["comparison"]["recommended_vs"]}

    assert set(rows) == {"status_quo", "population_spread"}
    codes = [a["code"] for a in details["against"]]
    for row in rows.values():
        assert row["better"] or "against.not_better" in codes


def test_status_quo_is_what_the_gap_leaves_open(theatre):
    result = theatre[1]
    quo = next(o for o in result["options"] if o["name"] == "status_quo")
    left = result["gap"]["left_open"]

    for end in ("low", "mid", "high"):
        assert quo["unmet_need"][end] == pytest.approx(12 * left[end], rel=1e-4)


def test_what_is_assumed_says_so(theatre):
    folder, result = theatre
    codes = {n["code"] for n in result["notes"]}

    assert "host_assumed" in codes
    assert "notional_pledges" in codes
    assert result["study"]["basis"] == "assumed"
    for language, word in (("en", "notional"), ("fr", "fictives")):
        page = (folder / "briefs" / f"r0001.{language}.html").read_text("utf-8")
        assert word in page
        assert "DRAFT" in page or "PROJET" in page


def test_the_assessment_report_of_a_run_says_what_it_does_not_know(theatre):
    folder, result = theatre
    for language, asked in (("en", "No crime records are among the inputs"),
                            ("fr", "Aucune statistique criminelle")):  # fmt: skip
        page = (folder / "briefs" / f"r0001.assessment.{language}.html").read_text("utf-8")
        assert asked in page
        assert page.count("<section ") == 19

    written = json.loads(call("paper", "assessment", "last", "--project", folder, "--json"))

    page = Path(written["en"]).read_text("utf-8")
    assert f'<data value="{result["gap"]["need"]["mid"]:.6g}" data-path="gap.need">' in page
    silent = re.search(r'id="map-months-0".*?</figure>', page, re.DOTALL)[0]
    areas = len(result["gap"]["by_area"])
    assert silent.count("<use ") == 12 * areas


def test_the_same_bytes_again_on_two_processes(theatre):
    folder, _ = theatre
    stored = hashlib.sha256((folder / "runs" / "r0001" / "result.json").read_bytes()).hexdigest()

    said = json.loads(call("reproduce", "r0001", "--project", folder, "--workers", "2", "--json"))

    assert said == {"stored": stored, "again": stored, "same": True}


def test_bangui_events_lie_in_bangui(theatre):
    folder, _ = theatre
    if folder.name != "caf":
        pytest.skip("a case of the Central African Republic")
    import pandas as pd

    events = pd.read_csv(folder / "data" / "events.csv")
    near = events[((events["lon"] - 18.56).abs() < 0.06) & ((events["lat"] - 4.37).abs() < 0.06)]

    assert len(near) > 200
    assert (near["area"] == "CAF.bangui").mean() > 0.95


def test_an_approval_needs_another_role_and_ends_the_draft(theatre):
    folder, _ = theatre
    call("approve", "r0001", "--project", folder, "--by", "police adviser", "--note", "agreed")
    page = Path(folder / "briefs" / "r0001.en.html").read_text("utf-8")

    assert "police adviser" in page


def test_nothing_changed_since_a_run_of_the_same_inputs(theatre, tmp_path):
    folder, result = theatre
    found = json.loads(call("forecast", folder, "--since", "last", "--out", tmp_path, "--json"))

    since = found["since"]
    assert (since["run"], since["origin"]) == ("r0001", "2020-12")
    for part in ("model", "revision", "data"):
        assert since[part] == {"change": 0.0, "error": 0.0}
    assert since["then"] == since["now"]
    assert found["skill"] == result["skill"]
    areas = {row["area"] for row in result["gap"]["by_area"]}
    assert {row["area"] for row in found["areas"]} == areas
    for language in ("en", "fr"):
        page = unescape((tmp_path / f"forecast.{language}.html").read_text("utf-8"))
        assert all(f">{row['name']}<" in page for row in found["areas"])


def test_a_run_that_knows_later_months_is_no_earlier_run(theatre):
    folder, _ = theatre
    with pytest.raises(StudyError, match=r"2020-12.*2020-06"):
        call("forecast", folder, "--since", "last", "--origin", "2020-06")
