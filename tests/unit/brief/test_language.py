"""Words: every one from the catalogue. A pseudo-locale shows the ones that are not."""

import csv
import re
from functools import partial
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from polgap import catalogue
from polgap.brief import PAPERS, render, render_paper, render_workbook

PAGES = {"brief": render, **{kind: partial(render_paper, kind) for kind in PAPERS}}
SENTINEL = "ж"
PLACE = re.compile(r"(\{[^}]*\})")
LETTER = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]")


def _masked(text):
    """Return a message with every letter and digit outside its places replaced."""
    return "".join(
        piece if PLACE.fullmatch(piece) else re.sub(r"[^\W_]", SENTINEL, piece)
        for piece in PLACE.split(text)
    )


@pytest.fixture
def pseudo(monkeypatch):
    """A catalogue in which no letter and no digit of ours is left."""
    from polgap.catalogue import _load

    real, tables = _load._messages(), catalogue.table
    masked = {c: {k: _masked(v) for k, v in row.items()} for c, row in real.items()}

    def table(name):
        frame = tables(name)
        for column in ("name_en", "name_fr"):
            if column in frame:
                frame[column] = frame[column].map(_masked)
        return frame

    monkeypatch.setattr(_load, "_messages", lambda: masked)
    monkeypatch.setattr(catalogue, "table", table)


class Visible(HTMLParser):
    """What a reader sees or hears, without what is marked as data."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack, self.texts, self.numbers = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        raw = "data-raw" in attrs or "data-letter" in attrs or tag == "style"
        self.stack.append((tag, raw))
        self._heard(attrs)

    def handle_startendtag(self, tag, attrs):
        self._heard(dict(attrs))

    def _heard(self, attrs):
        self.texts += [attrs[k] for k in ("title", "aria-label", "alt") if k in attrs]

    def handle_endtag(self, tag):
        while self.stack and self.stack[-1][0] != tag:
            self.stack.pop()  # void elements such as meta
        self.stack.pop()

    def handle_data(self, data):
        if any(raw for _, raw in self.stack):
            return
        self.texts.append(data)
        if not {"data", "svg"} & {tag for tag, _ in self.stack}:
            self.numbers.append(data)


def _data_in(main, details):
    """Names that come in pictures' descriptions, where they cannot be marked."""
    names = {str(a["name"]) for a in details["areas"]}
    return sorted({*names, details["theatre"]["name"]}, key=len, reverse=True)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["full", "weak", "bare"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_word_comes_from_anywhere_but_the_catalogue(pseudo, sample, page, kind, language):
    main, details = getattr(sample, kind)()
    main["notes"] = [n for n in main["notes"] if n["code"] in catalogue.message_codes()]
    row = {"by": "head", "note": "note", "time": "2026-11-22T09:00:00Z"}
    for approvals in ((), (row,)):
        seen = Visible(PAGES[page](main, details, language, approvals))
        stray = []
        names = _data_in(main, details)
        for text in filter(LETTER.search, seen.texts):
            for name in names:
                text = text.replace(name, "")
            text = re.sub(r"(?<!\w)[A-F](?!\w)", "", text)  # class letters
            if LETTER.search(text):
                stray.append(text)
        assert stray == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["full", "weak", "bare"])
def test_no_number_comes_from_anywhere_but_a_claim_or_the_catalogue(pseudo, sample, page, kind):
    main, details = getattr(sample, kind)()
    seen = Visible(PAGES[page](main, details, "en"))
    names = _data_in(main, details)
    stray = [t for t in seen.numbers if re.search(r"[0-9]", t) and t.strip() not in names]
    assert stray == []


def _rows():
    folder = files("polgap.catalogue") / "messages"
    for name in ("brief.csv", "brief_parameters.csv", "assessment.csv", "products.csv"):
        with (folder / name).open("r", encoding="utf-8") as handle:
            yield from csv.DictReader(handle)


def test_both_languages_have_the_same_places():
    for row in _rows():
        assert set(PLACE.findall(row["en"])) == set(PLACE.findall(row["fr"])), row["code"]


def test_french_is_set_as_french():
    for row in _rows():
        text = row["fr"]
        assert not re.search(r" [:;?!»%]|« ", text), row["code"]
        assert "'" not in text and '"' not in text, row["code"]


def test_a_sentence_is_translated():
    same = [r["code"] for r in _rows() if r["en"] == r["fr"] and len(r["en"].split()) > 3]
    assert same == []


def test_every_default_parameter_has_a_plain_name_and_units():
    codes = set(catalogue.message_codes())
    defaults = [p for p in catalogue.parameters().values() if p.is_default]
    assert [p.name for p in defaults if f"parameter.{p.name}" not in codes] == []
    assert sorted({p.units for p in defaults if f"unit.{p.units}" not in codes}) == []


def test_an_unknown_parameter_is_shown_as_data(sample):
    main, details = sample.full()
    details["assumptions"][0]["name"] = "brand_new_parameter"
    text = render(main, details, "fr")
    assert "<span data-raw>brand_new_parameter</span>" in text


def _strings(value):
    if isinstance(value, dict):
        return {s for k, v in value.items() for s in (str(k), *_strings(v))}
    if isinstance(value, list):
        return {s for v in value for s in _strings(v)}
    return {str(value)}


@pytest.mark.parametrize(("kind", "language"), [("full", "en"), ("bare", "fr")])
def test_no_word_of_a_workbook_comes_from_anywhere_but_the_catalogue(
    pseudo, sample, back, kind, language
):
    main, details = getattr(sample, kind)()
    *visible, _ = back.sheets(render_workbook(main, details, language)).values()
    names = ("national_shortfall", "mission_requirement", "gap_deployment", "gap_enforcement",
             "gap_institutional", "option_unmet", "option_cost", "women", "peak", "need",
             "left_open")  # fmt: skip
    known = sorted({*_strings([main, details]), *names}, key=len, reverse=True)
    said = {c for rows in visible for row in rows for c in row if isinstance(c, str)}
    stray = []
    for text in filter(LETTER.search, said):
        if all(name in text for name in names[:2]):
            assert set(re.findall(r"[a-z_]{4,}", text)) <= set(names)
            continue
        for name in known:
            text = text.replace(name, "")
        if LETTER.search(text):
            stray.append(text)
    assert stray == []
