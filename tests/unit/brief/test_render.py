"""The brief as a file: self-contained, honest about what it is, whole when much is missing."""

import re
from copy import deepcopy
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from polgap.brief import render
from polgap.errors import StudyError

KINDS, LANGUAGES = ("full", "weak", "bare"), ("en", "fr")
PAGES = ("brief", "assessment")
VOID = {"meta", "link", "br", "img", "path", "rect", "line", "circle"}


class Page(HTMLParser):
    """Collects elements with their attributes, and checks that tags close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.found, self.text = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


@pytest.mark.parametrize("paper", PAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_needs_nothing_from_anywhere(page, kind, language, paper):
    text = page(kind, language, paper)
    parsed = Page(text)
    tags = {tag for tag, _ in parsed.found}
    assert not tags & {"script", "iframe", "object", "embed", "img", "form", "base"}
    for _, attrs in parsed.found:
        assert not any(name.startswith("on") for name in attrs)
        for name in ("href", "src", "xlink:href", "action"):
            assert attrs.get(name, "#").startswith(("#", "data:,"))
    outside = re.sub(r'xmlns="http://www.w3.org/2000/svg"', "", text)
    assert not re.search(r"url\((?!#)|@import|https?://", outside)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_forbids_everything_but_inline_style(page, language):
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in page("full", language)
    assert f'<html lang="{language}">' in page("full", language)


@pytest.mark.parametrize(("paper", "minutes"), [("brief", 1), ("assessment", 2)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poor_link_brings_the_brief_in_a_minute_and_the_report_in_two(
    page, kind, language, paper, minutes
):
    # 64 kbit/s without compression; zipped, a page is about a sixth of it.
    assert len(page(kind, language, paper).encode()) * 8 / 64_000 < 60 * minutes


@pytest.mark.parametrize("paper", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_headings_go_down_one_level_at_a_time_and_ids_are_unique(page, kind, paper):
    parsed = Page(page(kind, "en", paper))
    levels = [int(tag[1]) for tag, _ in parsed.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [a["id"] for _, a in parsed.found if "id" in a]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("paper", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_somewhere(page, kind, paper):
    parsed = Page(page(kind, "en", paper))
    ids = {a["id"] for _, a in parsed.found if "id" in a}
    for _, attrs in parsed.found:
        if attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids
        for name in attrs.get("aria-labelledby", "").split():
            assert name in ids


@pytest.mark.parametrize("paper", PAGES)
def test_every_picture_has_a_table(page, paper):
    text = page("full", "en", paper)
    figures = re.findall(r'(?s)<figure id="f-([^"]+)".*?</figure>', text)
    told = re.findall(r'(?s)<figure id="f-([^"]+)"(?:(?!</figure>).)*?<a href="#t-', text)
    assert set(figures) - set(told) == {"benchmark"}  # its two numbers stand in the text above
    assert len(figures) > 12


def test_a_draft_says_so_until_it_is_approved(sample):
    main, details = sample.full()
    row = {"by": "Head of <police>", "note": "with reserve", "time": "2026-11-22T09:00:00Z",
           "dissent": "legal adviser: too early"}  # fmt: skip
    draft, signed = render(main, details, "en"), render(main, details, "en", [row])
    assert "DRAFT" in draft and 'class="banner draft"' in draft
    assert "DRAFT" not in signed and "banner draft" not in signed
    assert "Head of &lt;police&gt;" in signed and "22\u00a0Nov\u00a02026" in signed
    assert "legal adviser: too early" in signed


def test_an_exercise_says_so_on_every_section_and_printed_page(page):
    text = page("weak", "fr")
    assert text.count('<span class="badge">EXERCICE</span>') == text.count("<section")
    running = re.search(r'@top-left \{ content: "([^"]*)"', text)[1]
    assert running.startswith("EXERCICE")
    assert "EXERCISE" not in page("full", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_label_and_the_boundary_disclaimer_are_there(page, language):
    text = page("full", language)
    assert {"en": "INTERNAL", "fr": "INTERNE"}[language] in text
    said = {"en": "do not imply", "fr": "impliquent ni"}[language]
    assert text.count(said) == text.count('<figure id="f-map-')


def test_a_name_is_never_markup(sample):
    main, details = sample.full()
    bad = '<script>alert("x")</script>'
    details["areas"][3]["name"] = details["by_area"][3]["name"] = bad
    details["theatre"]["name"] = '"} body { display: none } </style>' + bad
    details["areas"][4]["area"] = details["by_area"][4]["area"] = '"><b id=x>'
    details["data"][0]["origin"] = bad
    text = render(main, details, "en")
    Page(text)
    assert "<script" not in text and "<b id" not in text
    assert text.count("</style>") == 1
    assert "&lt;script&gt;" in text


def test_a_weak_grade_prints_ranges_and_does_not_recommend(page, sample):
    text, strong = page("weak", "en"), page("full", "en")
    assert "For discussion, not a recommendation" in text
    assert "Recommended (decision grade" in strong
    answer = re.search(r'(?s)<p class="answer">(.*?)</p>', text)[1]
    assert "(" not in re.sub(r"\(decision grade.*?values\)", "", answer)  # no point with interval
    assert re.search(r"\d+–\d+</data>\u00a0<span data-raw>FPU", answer)
    tables = re.findall(r'<table id="(t-plan[^"]*)"', text)
    assert tables == ["t-plan", "t-plan-status_quo"]


def test_the_comparison_is_stated_honestly(page):
    assert "Is not better than “Same units, spread by population”" in page("weak", "en")
    assert "Better than “Present mission stays”" in page("full", "en")


def test_notes_that_change_the_reading_stand_on_page_one(page):
    first = page("full", "en").split('<section id="bottom-line"')[1].split("</section>")[0]
    assert "Host-State police figures are assumed" in first
    assert "Pledges are notional" in first
    assert 'title="assumed">A</abbr>' in first


@pytest.mark.parametrize(
    "total", ["need", "national_shortfall", "mission_requirement", "left_open"]
)
def test_a_headline_number_carries_its_value_and_its_place(page, sample, total):
    said = re.findall(rf'<data value="([^"]+)" data-path="gap.{total}">', page("full", "fr"))
    wanted = sample.full()[0]["gap"][total]["mid"]
    assert said and all(float(v) == pytest.approx(wanted, rel=1e-5) for v in said)


def test_what_is_missing_is_said_and_not_filled_in(page):
    text = page("bare", "en")
    assert "is not known: the shortfall could not be split" in text
    assert "None of the" in text and "reaches a safe hand-over" in text
    assert "No gendarmerie-type units are pledged" in text
    assert "no bound" in text
    assert "nan" not in "".join(Page(text).text).split()
    assert "None" not in re.findall(r">(None)<", text)


@pytest.mark.parametrize("gone", ["gap", "options", "arrival", "handover", "outcome", "skill",
                                  "notes", "manifest"])  # fmt: skip
def test_a_block_that_is_absent_does_not_break_the_brief(sample, gone):
    main, details = deepcopy(sample.full())
    del main[gone]
    Page(render(main, details, "fr"))


def test_no_details_at_all_still_make_a_brief(sample):
    main, _ = sample.full()
    for language in LANGUAGES:
        Page(render(main, {}, language))


def test_the_same_run_gives_the_same_bytes(sample, page):
    assert render(*sample.full(), "fr") == page("full", "fr")


def test_an_unknown_language_is_refused(sample):
    with pytest.raises(StudyError, match="language: got 'de'"):
        render(*sample.full(), "de")


@pytest.mark.parametrize(("language", "none"), [
    ("en", "no equipment and no headcount"), ("fr", "ni équipement ni effectifs"),
])  # fmt: skip
def test_advice_says_what_is_not_given_and_why(page, language, none):
    text = page("full", language)

    assert text.count('data-path="details.advice"') == 1
    table = text[text.index('data-path="details.advice"') :].partition("</table>")[0]
    # Two rows of three are shown: the theatre, and the place where the advice differs from it.
    assert table.count(none) == 1
    assert table.count("Quelmora Constabulary") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_provision_and_advice_the_brief_is_silent_on_institutions(sample, language):
    main, details = deepcopy(sample.full())
    del details["provision"], details["advice"]
    text = render(main, details, language)

    assert 'id="advice"' not in text
    assert 'id="provision"' not in text
    assert "Quelmora Constabulary" not in text


@pytest.mark.parametrize(("language", "words"), [("en", "Within reach"), ("fr", "À portée")])
def test_the_annex_says_where_few_places_are_nearest(page, language, words):
    table = page("full", language).split('<table id="t-hubs"')[1].split("</table>")[0]
    assert words in table and table.count("<tr") == 4
