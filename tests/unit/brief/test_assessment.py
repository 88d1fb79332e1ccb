"""The assessment report: the sections of doctrine, true to the run, silent where an edition is."""

import re
from copy import deepcopy

import pytest

from polgap.brief import PAPERS, render_paper
from polgap.brief._context import trend_of
from polgap.brief._reader import Reader
from polgap.brief._swot import findings
from polgap.brief._words import Words
from polgap.errors import StudyError

SECTIONS = ["bottom-line", "purpose", "context", "threat", "police", "justice", "stakeholders",
            "swot", "gap", "where", "options", "rights", "recommendations", "find-out", "register",
            "data", "glossary", "sign-off", "annex"]  # fmt: skip
INTERNAL = ("willingness", "provision", "advice")


def _text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("</style>", 1)[1]))


def _section(page, key):
    return page.split(f'<section id="{key}"', 1)[1].split("</section>", 1)[0]


def _found(main, details):
    return findings(Reader(main, details, Words("en")))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["full", "weak", "bare"])
def test_the_report_has_every_section_in_order(page, kind, language):
    keys = re.findall(r'<section id="([^"]+)"', page(kind, language, "assessment"))
    assert keys == SECTIONS


def test_an_unknown_paper_or_language_is_refused(sample):
    with pytest.raises(StudyError, match="paper: got 'poem'"):
        render_paper("poem", *sample.full(), "en")
    with pytest.raises(StudyError, match="language: got 'de'"):
        render_paper("assessment", *sample.full(), "de")
    assert list(PAPERS) == ["assessment", "options"]


def test_no_details_at_all_still_make_a_report(sample):
    main, _ = sample.full()
    for language in ("en", "fr"):
        assert "nan" not in _text(render_paper("assessment", main, {}, language)).split()


def test_the_same_run_gives_the_same_bytes(sample, page):
    again = render_paper("assessment", *sample.full(), "en")
    assert again == page("full", "en", "assessment")


def test_what_is_empty_is_asked_for_and_what_is_absent_is_passed_over(sample, page):
    asked = "Nobody has assessed willingness"
    assert asked in page("bare", "en", "assessment")
    assert asked not in page("full", "en", "assessment")
    main, details = sample.bare()
    for key in INTERNAL:
        details.pop(key, None)
    shared = render_paper("assessment", main, details, "en")
    assert asked not in shared and 'id="willing"' not in shared


def test_an_edition_without_willingness_says_nothing_of_it(sample):
    main, details = sample.full()
    for key in INTERNAL:
        details.pop(key, None)
    del main["gap"]["why"]
    for row in details["by_area"]:
        row["why"] = None
    page = render_paper("assessment", main, details, "en")
    assert "police adviser" not in page
    assert not [f for f in _found(main, details) if f[1] in ("unwilling", "unable")]


def test_numbers_of_the_police_are_those_of_the_run(sample):
    main, details = sample.full()
    details["host_institutions"][0]["roll"] = 7777.0
    police = _section(render_paper("assessment", main, details, "en"), "police")
    assert "7,780" in police
    assert "–" in police  # posts of the second institution are not known, so the sum is not


def test_findings_follow_their_rules(sample):
    main, details = sample.full()
    codes = {code: kind for kind, code, *_ in _found(main, details)}
    assert codes["usable"] == "weakness" and codes["leaving"] == "threat"
    assert {"offers", "programmes", "unverified", "shock", "silence"} <= set(codes)
    details["host_effective"] = {"low": 9000.0, "mid": 12000.0, "high": 15000.0}
    details["other_providers"][0]["until"] = ""
    codes = {code: kind for kind, code, *_ in _found(main, details)}
    assert codes["usable"] == "strength" and "leaving" not in codes


def test_a_rule_without_its_figures_says_nothing(sample):
    main, details = sample.bare()
    codes = {code for _, code, *_ in _found(main, details)}
    assert not codes & {"usable", "women", "offers", "programmes", "rising", "falling", "shock"}


def test_notional_offers_are_no_opportunity(sample):
    main, details = sample.full()
    for row in details["pledges"]:
        row["basis"] = "assumed"
    assert "offers" not in {code for _, code, *_ in _found(main, details)}


@pytest.mark.parametrize(
    ("last", "before", "trend"),
    [(125.0, 100.0, "rising"), (124.0, 100.0, "level"), (80.0, 100.0, "falling"),
     (4.0, 0.0, "level"), (5.0, 0.0, "rising"), (None, 3.0, "unknown")],
)  # fmt: skip
def test_the_trend_follows_the_printed_rule(last, before, trend):
    assert trend_of(last, before) == trend


def test_a_weak_grade_is_for_discussion(page):
    said = _section(page("weak", "en", "assessment"), "recommendations")
    assert "For discussion, not a recommendation" in said
    strong = _section(page("full", "en", "assessment"), "recommendations")
    assert "For discussion" not in strong


def test_the_unwilling_are_never_advised_equipment(sample):
    main, details = sample.full()
    for row in details["by_area"]:
        row["why"] = {"numbers": 0.0, "presence": 0.0, "capability": 0.1, "will": 0.8,
                      "structural": 0.1}  # fmt: skip
    said = _section(render_paper("assessment", main, details, "en"), "recommendations")
    assert "no equipment and no headcount" in said
    assert "train, equip, pay" not in said


def test_the_register_lists_every_assumption_and_what_it_changes(sample):
    main, details = sample.full()
    page = render_paper("assessment", main, details, "en")
    table = page.split('<table id="t-register"', 1)[1].split("</table>", 1)[0]
    assert table.count("<tr>") - 1 == len(details["assumptions"])
    moved = details["movers"][0]
    assert "moves the requirement by" in table
    assert str(round(abs(moved["change_low"]))) in table.replace(",", "")


def test_the_checklist_of_the_run_comes_before_the_movers(sample):
    main, details = sample.full()
    ranked = _section(render_paper("assessment", main, details, "en"), "find-out")
    assert 'id="checklist"' in ranked and "☐" not in ranked
    del details["checklist"]
    moved = _section(render_paper("assessment", main, details, "en"), "find-out")
    assert 'id="checklist"' not in moved and moved.count("☐") > 3


def test_maps_by_month_hatch_what_was_not_observed(sample, page):
    text = page("full", "en", "assessment")
    svg = text.split('<figure id="f-map-months"', 1)[1].split("</figure>", 1)[0]
    silent = sum(row["data"] == "none" for row in sample.full()[1]["by_area"])
    assert svg.count('fill="url(#map-months-none)"') == 12 * silent + 1  # the legend
    assert svg.count("<use ") == 12 * len(sample.full()[1]["areas"])
    assert len(set(re.findall(r'<path d="[^"]+" id="(map-months-\d+)"', svg))) == 60


def test_a_long_study_shows_the_end_of_every_quarter(sample):
    main, details = sample.full()
    months = [f"{2021 + i // 12}-{1 + i % 12:02d}" for i in range(24)]
    details["report_months"] = months
    for row in details["area_months"]:
        for key in ("low", "mid", "high"):
            row[key] = row[key] * 2
    page = render_paper("assessment", main, details, "en")
    svg = page.split('<figure id="f-map-months"', 1)[1].split("</figure>", 1)[0]
    said = re.findall(r'font-weight="600">(\w{3}\xa0\d{4})<', svg)
    assert said == [f"{m}\u00a0{y}" for y in (2021, 2022) for m in ("Mar", "Jun", "Sep", "Dec")]


def test_groups_on_institutions_stand_with_the_police(sample, monkeypatch):
    from polgap.brief import _assessment
    from polgap.brief._model import Group, Paragraph, Section

    real = _assessment.gap
    more = (Group(("P",), (Paragraph(("told",)),), "provision"),
            Group(("A",), (Paragraph(("said",)),), "advice"))  # fmt: skip

    def gap(r):
        base = real(r)
        return Section(base.key, base.title, (*base.blocks, *more))

    monkeypatch.setattr(_assessment, "gap", gap)
    page = render_paper("assessment", *deepcopy(sample.full()), "en")
    assert 'id="provision"' in _section(page, "police")
    assert 'id="advice"' in _section(page, "recommendations")
    assert 'id="provision"' not in _section(page, "gap")


def test_consent_and_diligence_that_an_edition_leaves_out_are_passed_over(sample):
    main, details = sample.full()
    before = render_paper("assessment", main, details, "en")
    assert "Human-rights due diligence (HRDDP)" in _section(before, "rights")
    assert "Have human-rights due diligence recorded" in before
    for row in details["mandate"]:
        del row["hrddp"], row["host_consent"]
    after = render_paper("assessment", main, details, "en")
    assert "t-rights" not in after
    assert "Have human-rights due diligence recorded" not in after


def test_a_record_behind_a_precondition_counts(sample):
    main, details = sample.full()
    details["posture"]["preconditions"] = [{"name": "hrddp", "met": True}]
    after = render_paper("assessment", main, details, "en")
    assert "Have human-rights due diligence recorded" not in after
