"""The options paper: two pages to decide on, and the products as its annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from polgap.brief._compose import banners, label, running
from polgap.brief._first import answer, asked, beside, cards, compared, marks_line, movers, why_said
from polgap.brief._frame import benchmarks, staffing
from polgap.brief._inquiry import turns
from polgap.brief._model import (
    Block,
    Brief,
    Cards,
    Cell,
    Claim,
    Figure,
    Group,
    Items,
    Paragraph,
    Raw,
    Section,
    Table,
    Text,
)
from polgap.brief._options import picture
from polgap.brief._outcome import sentences
from polgap.brief._reader import COMPARISON, Reader, cell, num, number
from polgap.brief._record import decided, grade, sign_off
from polgap.brief._time import curve
from polgap.brief._units import generation, kinds, pledges, requirement
from polgap.brief._words import joined
from polgap.errors import StudyError

THREE = ("national_shortfall", "mission_requirement", "left_open")
"""The situation in three numbers: what the host-State police lack, what a mission must give, what
is open."""
_PRODUCTS = (requirement, kinds, staffing, pledges, generation, benchmarks)
"""What the annex holds, short; the workbook holds it whole."""
_LABELS = ("skip", "contents", "back", "made_by", "figure.table")
_RISKS = ("civilian_deaths", "misconduct", "months_below_floor")
_UNITS = {"civilian_deaths": "deaths", "misconduct": "area-months with an incident",
          "months_below_floor": "share of area-months"}  # fmt: skip


def options_paper(reader: Reader) -> Brief:
    """Return the options paper of a run in the language of the reader.

    Raises
    ------
    StudyError
        For an edition that may not hold options.
    """
    r = reader.called()
    if not r.listed("section", "options"):
        raise StudyError(f"paper: options are not for the {r.edition} edition")
    say = r.words.say
    begin, end = r.span()
    title = say("paper.title", theatre=r.theatre)
    labels = {name: say(f"label.{name}") for name in _LABELS}
    labels["contents.label"] = say("paper.contents")
    return Brief(
        language=r.words.language,
        title=title,
        subtitle=say("brief.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin"))),
        label=label(r),
        banners=banners(r),
        running=running(r, title),
        badge=say("brief.exercise_badge") if r.exercise else (),
        first=_first(r),
        sections=(*_second(r), *_annex(r)),
        labels=labels,
    )


def _first(r: Reader) -> Section:
    """Return page one: question, three numbers, options, recommendation."""
    say = r.words.say
    begin, end = r.span()
    question = say("paper.question", theatre=r.theatre, begin=begin, end=end)
    three = Cards(tuple(c for c in cards(r).cards if c.tone in THREE))
    blocks: list[Block | Group] = [
        Paragraph(question, "question"),
        Group(
            say("paper.situation"), (three, *(why_said(r) if r.at("gap.why") else ())), "situation"
        ),
    ]
    table = _options(r)
    if table:
        blocks.append(Group(say("paper.options"), (table, _drawn(picture(r))), "options"))
    code = "paper.for_discussion" if r.weak else "paper.recommendation"
    said: list[Block] = [Paragraph(answer(r), "answer"), Paragraph(grade(r), "note")]
    blocks.append(Group(say(code), tuple(said), "recommendation"))
    warned = beside(r)
    blocks += [Items(warned, "warning")] if warned else []
    blocks.append(marks_line(r))
    return Section("bottom-line", say("paper.summary"), tuple(blocks), "first")


def _drawn(figure: Figure) -> Figure:
    """Return a picture without the way to its table, which this paper does not hold."""
    return replace(figure, table="")


def _offered(r: Reader) -> list[Mapping[str, Any]]:
    return [o for o in r.rows("options") if o.get("name") not in COMPARISON]


def _money(r: Reader, option: Mapping[str, Any]) -> tuple[Cell, Cell]:
    """Return cost and what is left open, as ranges where the grade bears no single number."""
    show = r.ranged if r.weak else (lambda claim: claim)
    return (
        num(show(r.claim(option.get("cost"), "USD million"))),
        num(show(r.claim(option.get("unmet_need"), "officer-months"))),
    )


def _options(r: Reader) -> Table | None:
    body = tuple(
        (
            Cell((r.words.name("option", str(o.get("name"))),), "head"),
            *_money(r, o),
            cell(_from(r, str(o.get("name")))),
            cell(Raw(str(o.get("grade") or "–")), "letter"),
        )
        for o in _offered(r)
    )
    if not body:
        return None
    head = r.head("head.option", "#head.cost", "#head.unmet", "head.full_from", "head.grade")
    return Table("t-paper-options", r.words.say("table.paper_options"), head, body, "options",
                 "tight")  # fmt: skip


def _from(r: Reader, name: str) -> Claim:
    """Return the first month in which the middle of the arrival curve is at its highest."""
    curve = (r.at("details.curve_options") or {}).get(name) or ()
    mids = [number(row.get("mid")) or 0.0 for row in curve]
    if not mids or max(mids) <= 0:
        return r.month(None)
    return r.month(str(curve[mids.index(max(mids))]["month"]))


def _second(r: Reader) -> tuple[Section, ...]:
    """Return page two: cost, time and risk, what would change it, dissent, decisions."""
    say = r.words.say
    compare: list[Block | Group] = [Paragraph(say("paper.compare.intro"), "note")]
    table = _compare(r)
    compare += [table] if table else []
    arriving = curve(r)
    compare += [_drawn(arriving)] if arriving else []
    versus = compared(r)
    compare += [Items(versus, "plain")] if versus else []
    against = sentences(r, "details.against")
    if against:
        compare.append(Group(say("against.title"), (Items(against),), "against"))
    sections = [
        Section("compare", say("paper.compare"), tuple(compare)),
        Section("change", say("paper.change"), _change(r)),
    ]
    if r.listed("section", "sign-off"):
        said = tuple(decided(r)) or (Paragraph(say("paper.dissent.none"), "note"),)
        sections.append(Section("dissent", say("paper.dissent"), said))
    if r.edition == "internal":
        sections.append(Section("asked", say("paper.asked"), (Items(_asked(r)),)))
    return tuple(sections)


def _compare(r: Reader) -> Table | None:
    found = {
        (str(x.get("option")), str(x.get("measure"))): x
        for x in r.rows("outcome")
        if x.get("part") == "all"
    }
    shown = [m for m in _RISKS if any(measure == m for _, measure in found)]
    body = tuple(
        (
            Cell((r.words.name("option", str(o.get("name"))),), "head"),
            *_money(r, o)[:1],
            cell(_from(r, str(o.get("name")))),
            *(num(r.claim(found.get((str(o.get("name")), m)), _UNITS[m])) for m in shown),
        )
        for o in _offered(r)
    )
    if not body:
        return None
    heads = {"civilian_deaths": "#head.civilians", "misconduct": "#head.misconduct",
             "months_below_floor": "#head.floor"}  # fmt: skip
    head = r.head("head.option", "#head.cost", "head.full_from", *(heads[m] for m in shown))
    note = r.words.say("table.paper_compare.note")
    return Table("t-paper-compare", r.words.say("table.paper_compare"), head, body, "outcome",
                 "dense", note)  # fmt: skip


def _change(r: Reader) -> tuple[Block, ...]:
    moved = movers(r)
    told: list[Block] = [Items(turns(r))] if r.rows("details.turning") else []
    told += [moved] if moved else []
    return tuple(told) or (Paragraph(r.words.say("paper.change.none"), "note"),)


def _asked(r: Reader) -> tuple[Text, ...]:
    lacking: list[set[str]] = [
        {str(p.get("name")) for place in o.get("posture") or ()
         for p in place.get("preconditions") or () if not p.get("met")}
        for o in _offered(r)
    ]  # fmt: skip
    common = sorted(set.intersection(*lacking)) if lacking else []
    if not common:
        return asked(r)
    names = joined([r.words.name("precondition", p) for p in common])
    return (*asked(r), r.words.say("paper.asked.preconditions", names=names))


def _annex(r: Reader) -> tuple[Section, ...]:
    """Return the products that a run holds, each under the heading it has in the workbook."""
    found = [s for make in _PRODUCTS if (s := make(r, short=True)) is not None]
    tables = [replace(s.table, caption=s.table.note or s.title, note=()) for s in found]
    return (
        *(
            Section(s.key, s.title, (table,), "" if i else "annex")
            for i, (s, table) in enumerate(zip(found, tables, strict=True))
        ),
        *((sign_off(r),) if r.listed("section", "sign-off") else ()),
    )
