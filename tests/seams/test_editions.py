"""Open every output of the host and public editions of a real run: nothing internal is there.

Canaries are planted in the inputs: an institution, its willingness, a contributor, a pledge, a
donor, and an area that is marked internal. Sentences are looked for in both languages.
"""

import json
import re
from dataclasses import replace
from html import unescape
from inspect import signature

import pandas as pd
import pytest
from typer.testing import CliRunner

from polgap import brief, catalogue, examples, study
from polgap.cli import _print, app
from polgap.store import Config, create
from polgap.store._runs import dump
from polgap.study._report import block, inquiry

INSTITUTION, CONTRIBUTOR, PLEDGE, DONOR = (
    "Zanzara Constabulary",
    "Vulpinia",
    "Lynx-77",
    "Okapi Fund",
)
HIDDEN = "Quokkaville"
LEVELS = {"low": 0.0123457, "mid": 0.0234568, "high": 0.0345679}
INSIDE = (
    "assess.no_equipment", "assess.able_bounds", "assess.willing_missing", "harm.capture",
    "against.unwilling", "rebuild.unwilling", "rebuild.will_assumed", "rebuild.hrddp_missing",
    "calibrate.no_consent", "calibrate.no_consent_in", "shock.consent_withdrawn",
    "story.consent_withdrawn", "calibrate.not_ready", "calibrate.not_ready_in",
    "precondition.hrddp", "why.will.group", "brief.why_line", "brief.why_unknown",
    "police.willing", "police.integrity", "police.intro", "parties.intro", "swot.intro",
    "table.willing", "table.host_areas", "table.contributors", "table.programmes",
    "advice.reason.unwilling", "advice.reason.predatory", "advice.reason.both",
    "advice.change.account", "recommend.also.consent", "recommend.also.hrddp",
    "rights.host_consent.means", "question.host_willing", "question.host_harm_share",
    "parameter.host_willing", "parameter.host_harm_share", "evidence.willing_prior",
    "turning.title",
)  # fmt: skip
KEYS = ("consent_withdrawn", "no_equipment", "willingness", "host_willing", "harm_share",
        "capture_", "host_consent", "host_police", "host_institutions", "host_effective",
        "able_share", "not_closable", "\"advice\"", "\"provision\"", "\"pledge\":", "donor",
        "seed", "sha256\": \"", "preconditions", "hrddp")  # fmt: skip


@pytest.fixture(scope="module")
def ran():
    asked, given = examples.toy(draws=24)
    host, will = given.host_police.copy(), given.willingness.copy()
    host["institution"] = will["institution"] = INSTITUTION
    will = pd.concat([will, will.assign(institution="Okta Gendarmes")], ignore_index=True)
    will[list(LEVELS)] = list(LEVELS.values())
    pledges = given.pledges.copy()
    pledges.loc[2, ["contributor", "pledge"]] = [CONTRIBUTOR, PLEDGE]
    areas = given.areas.copy()
    areas.loc[2, ["name", "sensitivity"]] = [HIDDEN, "internal"]
    inputs = replace(
        given,
        host_police=host,
        willingness=will,
        pledges=pledges,
        areas=areas,
        programmes=given.programmes.assign(donor=DONOR),
        mandate=given.mandate.assign(hrddp="", host_consent="no"),
        hrddp=given.hrddp.assign(recipient=INSTITUTION, mitigation="Tapir vetting"),
        manifest=({"name": "data/willingness.csv", "sha256": "beef" * 16, "rows": 7},),
    )
    return (
        study.run(asked, inputs),
        study.part("forecast", asked, inputs),
        study.part("gap", asked, inputs),
        *_of_verbs(asked, inputs),
    )


def _of_verbs(asked, inputs):
    """Return what --sensitivity and --compare-need print; total indices stay out, they are slow."""
    steps = study.steps(asked, inputs)
    whole = block("gap", asked, inputs, steps) | inquiry(asked, inputs, steps)
    return whole, block("need_models", asked, inputs, steps)


@pytest.fixture(scope="module")
def project(ran, tmp_path_factory):
    root = tmp_path_factory.mktemp("project") / "p"
    config = Config.model_validate(
        {"theatre": {"name": "Toy"}, "run": {"origin": "2023-12", "seed": 1, "draws": 50}}
    )
    create(root, config, {}, json.dumps({"type": "FeatureCollection", "features": []}))
    for run_id in ("r0001", "r0002"):
        folder = root / "runs" / run_id
        folder.mkdir(parents=True)
        (folder / "result.json").write_text(dump(ran[0].blocks), encoding="utf-8")
        (folder / "details.json").write_text(dump(ran[0].details), encoding="utf-8")
    return root


def told(*arguments):
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def outputs(project, back, tmp_path_factory):
    """Return every file of every shared edition: edition -> file name -> text."""
    found = {}
    for name in brief.EDITIONS[1:]:
        out = tmp_path_factory.mktemp("out") / name
        told("export", "--out", out, "r0001", "--project", project, "--edition", name, "--json")
        files = [p for p in out.rglob("*") if p.is_file()]
        texts = {p.name: p.read_text(encoding="utf-8") for p in files if p.suffix != ".xlsx"}
        texts |= {p.name: back.texts(p.read_bytes()) for p in files if p.suffix == ".xlsx"}
        papers = {"brief": ["brief"], "assessment": ["paper", "assessment"]}
        papers |= {"options": ["paper", "options"]} if name != "public" else {}
        for paper, command in papers.items():
            pages = told(*command, "r0001", "--project", project, "--edition", name, "--json")
            for language, path in pages.items():
                page = (project / "briefs" / path.rsplit("/", 1)[-1]).read_text(encoding="utf-8")
                assert page == texts[f"{paper}.{language}.html"]
        assert ("options.en.html" in texts) == (name != "public")
        found[name] = texts
    return found


def sentences(code):
    """Return the fixed parts of a message in both languages that are long enough to tell it."""
    for language in brief.LANGUAGES:
        for part in re.split(r"\{[^}]*\}", catalogue.message_text(code, language)):
            if len(part.strip()) >= 8:
                yield part.strip()


def plain(text):
    folded = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", " ", text)))
    folded = re.sub("[\u00a0\u202f]", " ", folded)
    return re.sub(r"\s+", " ", folded).replace("’", "'")


def test_what_is_planted_is_there_inside(ran):
    inside = json.dumps([ran[0].blocks, ran[0].details], ensure_ascii=False)
    for canary in (INSTITUTION, PLEDGE, HIDDEN, "consent_withdrawn", "preconditions"):
        assert canary in inside, canary
    pages = [
        plain(brief.render(ran[0].blocks, ran[0].details, "en")),
        plain(brief.render_paper("assessment", ran[0].blocks, ran[0].details, "en")),
    ]
    for page in pages:
        assert INSTITUTION in page and "INTERNAL" in page and HIDDEN in page
    assert CONTRIBUTOR in pages[1] and DONOR in pages[1]
    said = " ".join(pages)
    planted = [c for c in INSIDE if any(s.replace("’", "'") in said for s in sentences(c))]
    assert len(planted) >= len(INSIDE) // 2, sorted(set(INSIDE) - set(planted))
    written = {row["code"] for row in ran[0].blocks["notes"]}
    assert {"assess.no_equipment", "calibrate.no_consent"} <= written


@pytest.mark.parametrize("name", ["host", "public"])
def test_the_report_of_an_edition_has_the_sections_that_it_may_have(outputs, name):
    for language in brief.LANGUAGES:
        page = outputs[name][f"assessment.{language}.html"]
        found = re.findall(r'<section id="([^"]+)"', page)
        assert all(brief.listed("section", s, name) for s in found if s != "bottom-line")
        assert {"purpose", "context", "gap", "where", "register", "data"} <= set(found)
        assert ("find-out" in found) is (name == "host")
        assert not {"police", "swot", "stakeholders", "recommendations", "threat"} & set(found)


def test_what_an_edition_leaves_out_is_not_said_to_be_unknown(outputs):
    for name in ("host", "public"):
        for language in brief.LANGUAGES:
            said = plain(outputs[name][f"assessment.{language}.html"])
            left = catalogue.message("edition.why", language).replace("’", "'")
            assert left in said.replace("\u00a0", " ")


def test_no_page_has_an_id_twice(ran, outputs):
    pages = {f"{name}/{file}": text for name, files in outputs.items()
             for file, text in files.items() if file.endswith(".html")}  # fmt: skip
    for language in brief.LANGUAGES:
        pages[f"brief.{language}"] = brief.render(ran[0].blocks, ran[0].details, language)
        pages[f"assessment.{language}"] = brief.render_paper(
            "assessment", ran[0].blocks, ran[0].details, language
        )
        pages[f"forecast.{language}"] = brief.render_forecast(ran[1], language)
    assert len(pages) == 6 + 3 * 2 * 2 + 2 * 2  # options are in two editions
    for file, text in pages.items():
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), (file, {i for i in ids if ids.count(i) > 1})


def test_the_block_and_the_text_of_a_gap_name_no_institution(ran, capsys):
    _print.gap(ran[2]["gap"])
    shown = capsys.readouterr().out
    assert "Left open" in shown
    for text in (json.dumps(ran[2], ensure_ascii=False), shown):
        for canary in (INSTITUTION, "Okta", CONTRIBUTOR, PLEDGE, DONOR, "consent", "capture_"):
            assert canary not in text, canary
        assert not any(f"{level:.5f}"[:6] in text for level in LEVELS.values())
    for name in ("host", "public"):
        kept, _ = brief.edition(ran[2], ran[0].details, name, key=b"k")
        assert "why" not in kept["gap"] and "need" in kept["gap"]


OF_EDITION = {"brief", "export", "paper"}
"""Commands that write for whom the planner names; `outputs` opens all that they write."""
OF_PLANNER = {"gap", "forecast", "options", "deploy", "simulate"}
"""Commands that answer the planner alone: what they print says that it is internal."""
OF_NOBODY = {"demo", "init", "fetch", "check", "run", "backtest", "arrival", "approve", "decide",
             "reproduce", "doctor"}  # fmt: skip
"""Commands that make or check a project, or speak of past missions; what they write is a run."""


def test_every_command_writes_editions_or_says_that_it_is_internal():
    groups = [app, *(g.typer_instance for g in app.registered_groups)]
    commands = {c.name or c.callback.__name__: c.callback for g in groups
                for c in g.registered_commands}  # fmt: skip
    names = {name.replace("arrival_law", "arrival") for name in commands}
    assert names <= OF_EDITION | OF_PLANNER | OF_NOBODY, "say of a new command what it is"
    asks = {name for name, call in commands.items() if "edition" in signature(call).parameters}
    assert asks == OF_EDITION


def test_what_a_verb_prints_says_that_it_is_internal(ran, capsys):
    handling = catalogue.message("edition.internal.handling", "en")
    for printed in ran[1:]:
        assert printed["edition"] == {"name": "internal"}
    for show in (
        lambda: _print.part("gap", ran[2], json=False),
        lambda: _print.part("need_models", ran[4], json=False),
        lambda: _print.sensitivity(ran[3], json=False),
        lambda: _print.forecast(ran[1], {}, json=False),
    ):
        show()
        assert handling in capsys.readouterr().err


@pytest.mark.parametrize("name", ["host", "public"])
def test_what_a_verb_prints_is_cut_by_the_same_list(ran, name):
    """Whoever passes a block of a verb through `brief.edition` gets nothing internal out of it."""
    inside = json.dumps(ran[3], ensure_ascii=False)
    assert "host_harm_share" in inside and "turning" in inside
    for printed in ran[1:]:
        result, _ = brief.edition(printed, ran[0].details, name, key=b"k")
        shown = json.dumps(result, ensure_ascii=False)
        assert result["edition"]["name"] == name
        for canary in (INSTITUTION, "Okta", CONTRIBUTOR, PLEDGE, DONOR, HIDDEN, *KEYS[:12]):
            assert canary not in shown, (sorted(printed), canary)


@pytest.mark.parametrize("name", ["host", "public"])
def test_hatching_says_that_a_number_may_be_withheld(outputs, name):
    for language in brief.LANGUAGES:
        for file in (f"brief.{language}.html", f"assessment.{language}.html"):
            said = plain(outputs[name][file])
            for code in ("figure.fan.caption", "map.no_data"):
                assert plain(catalogue.message(f"{code}.withheld", language)) in said, (file, code)
            assert plain(catalogue.message("figure.fan.caption", language)) not in said


@pytest.mark.parametrize("name", brief.EDITIONS[1:])
def test_no_label_is_lost_with_the_numbers(outputs, name):
    details = json.loads(outputs[name]["details.json"])
    for key in ("history", "fan"):
        assert details[key] and all(row["month"] for row in details[key]), key


@pytest.mark.parametrize("name", ["host", "public"])
def test_what_would_change_the_advice_is_in_no_shared_edition(ran, outputs, name):
    """``polgap gap --sensitivity`` asks about willingness: it is the planner's own terminal."""
    asked = {row["name"] for row in ran[0].details["register"]}
    assert {"host_harm_share", "capital_concentration_share"} & asked
    for language in brief.LANGUAGES:
        own = [line for line in brief.told(ran[0].details, language) if line.startswith("- ")]
        assert own
        for file, text in outputs[name].items():
            said = plain(text)
            assert not any(plain(line[2:]) in said for line in own), file
    for row in json.loads(outputs[name]["details.json"])["register"]:
        assert brief.listed("parameter", row["name"], name) and "item" not in row


@pytest.mark.parametrize("name", ["host", "public"])
def test_no_output_holds_capture_willingness_or_consent(outputs, name):
    known = set(catalogue.message_codes())
    codes = [c for c in INSIDE if c in known]
    assert len(codes) >= len(INSIDE) - 2
    for file, text in outputs[name].items():
        said = plain(text)
        for canary in (INSTITUTION, "Okta", CONTRIBUTOR, PLEDGE, DONOR, HIDDEN):
            assert canary not in text, (file, canary)
        for level in LEVELS.values():
            assert f"{level:.5f}"[:6] not in text, (file, level)
        for code in codes:
            for sentence in sentences(code):
                assert sentence.replace("’", "'") not in said, (file, code)
        if file.endswith((".json", ".geojson", ".csv")):
            for key in KEYS:
                assert key not in text.replace("study\": {", "") or file == "manifest.json", (
                    file, key)  # fmt: skip


@pytest.mark.parametrize("name", brief.EDITIONS[1:])
def test_every_file_carries_its_label(outputs, name):
    label = {"partners": "PARTNERS", "host": "HOST STATE", "public": "PUBLIC"}[name]
    for file, text in outputs[name].items():
        if file.endswith(".csv"):
            head, *rows = text.splitlines()
            assert head.endswith("edition") and all(label in row for row in rows), file
        else:
            assert label in text or ".fr." in file, file
    fr = {"partners": "PARTENAIRES", "host": "ÉTAT HÔTE", "public": "PUBLIC"}[name]
    assert fr in outputs[name]["brief.fr.html"]


@pytest.mark.parametrize("name", brief.EDITIONS[1:])
def test_the_manifest_hashes_every_file(outputs, name):
    from hashlib import sha256

    manifest = json.loads(outputs[name]["manifest.json"])
    listed = {row["name"]: row["sha256"] for row in manifest["files"]}
    assert set(listed) == set(outputs[name]) - {"manifest.json"}
    for file, digest in listed.items():
        if not file.endswith(".xlsx"):
            assert sha256(outputs[name][file].encode()).hexdigest() == digest
    assert manifest["edition"]["name"] == name


@pytest.mark.parametrize("language", brief.LANGUAGES)
def test_the_forecast_page_speaks_of_no_institution_and_is_in_no_export(ran, language):
    page = brief.render_forecast(ran[1], language)
    for canary in (INSTITUTION, "Okta", CONTRIBUTOR, PLEDGE, DONOR):
        assert canary not in page
    assert catalogue.message("forecastpage.label", language) in page


def test_the_hidden_area_is_merged_in_every_shared_edition(outputs):
    for name in brief.EDITIONS[1:]:
        features = json.loads(outputs[name]["areas.geojson"])["features"]
        assert [f["properties"]["area"] for f in features] != ["north", "centre", "south"]
        assert any(f["properties"].get("merged") == 2 for f in features)
        assert HIDDEN not in json.dumps(outputs[name])


def test_two_exports_of_the_same_run_are_the_same_bytes(project, outputs, back, tmp_path):
    told("export", "--out", tmp_path / "x", "r0002", "--project", project, "--edition", "public",
         "--json")  # fmt: skip
    for path in (tmp_path / "x").iterdir():
        text = back.texts(path.read_bytes()) if path.suffix == ".xlsx" else path.read_text("utf-8")
        assert text == outputs["public"][path.name], path.name


def test_an_export_does_not_write_over_anything(project, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    done = CliRunner().invoke(app, ["export", "--out", str(tmp_path), "--project", str(project)])
    assert done.exit_code != 0 and list(tmp_path.iterdir()) == [tmp_path / "mine.txt"]


def test_the_secret_is_no_input_and_stays_when_the_project_is_made_again(project):
    from polgap.store import Project

    opened = Project.open(project)
    before = opened.secret()
    assert len(before) == 32 and "export.key" not in [p.name for p in opened.files()]
    again = create(project, opened.config, {}, "{}", force=True)
    assert again.secret() == before
