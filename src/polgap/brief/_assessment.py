"""The police assessment report: the sections a planner expects, from what a run knows.

What the inputs do not know is said, with what to ask; it is never filled in.
"""

from __future__ import annotations

from dataclasses import replace

from polgap.brief._advice import find_out, human_rights, pointer, recommendations
from polgap.brief._annex import areas_table, by_month_table, violence_table
from polgap.brief._compose import banners, label, running
from polgap.brief._context import context, names_of, purpose, theatre_trend, threat, threat_annex
from polgap.brief._first import (
    asks_why,
    basis_of_row,
    beside,
    cards,
    change,
    marks_line,
    parameter,
    why_said,
)
from polgap.brief._gap import gap, middle, where
from polgap.brief._model import (
    Block,
    Brief,
    Cell,
    Claim,
    Group,
    Items,
    Paragraph,
    Part,
    Raw,
    Row,
    Section,
    Table,
    Text,
    plain,
)
from polgap.brief._monthly import function_table, month_tables, over_time
from polgap.brief._parties import stakeholders
from polgap.brief._police import chain, host_areas, justice, police
from polgap.brief._reader import Reader, alphabetical, cell, num, number
from polgap.brief._record import data, glossary, grade, label_of, sign_off
from polgap.brief._swot import swot
from polgap.brief._why import why_table
from polgap.brief._words import joined

_ELSEWHERE = ("provision", "advice")
"""Groups of the section on the gap that a report holds under the police and the recommendations."""

_TOLD = ("t-ledger",)
"""Tables of those groups whose rows a report tells elsewhere."""

_LABELS = ("skip", "contents", "back", "made_by", "figure.table")


def assessment(r: Reader) -> Brief:
    """Return the police assessment report of a run in the language of the reader."""
    say = r.words.say
    begin, end = r.span()
    title = say("assessment.title", theatre=r.theatre)
    labels = {name: say(f"label.{name}") for name in _LABELS}
    labels["contents.label"] = say("assessment.contents")
    return Brief(
        language=r.words.language,
        title=title,
        subtitle=say("brief.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin"))),
        label=label(r),
        banners=banners(r),
        running=running(r, title),
        badge=say("brief.exercise_badge") if r.exercise else (),
        first=_summary(r),
        sections=tuple(s for s in _sections(r) if r.listed("section", s.key)),
        labels=labels,
    )


def _summary(r: Reader) -> Section:
    """Return page one: the four totals, why, what was found, what must be known."""
    say = r.words.say
    begin, end = r.span()
    code = "assessment.question" if asks_why(r) else "edition.question"
    question = say(code, theatre=r.theatre, begin=begin, end=end)
    blocks: list[Block | Group] = [Paragraph(question, "question"), cards(r), *why_said(r)]
    told = (*_worst(r), *_function(r), *_usable(r), *_trend(r))
    if told:
        blocks.append(Group(say("assessment.found"), (Items(told),), "found"))
    blocks.append(Paragraph(grade(r), "answer"))
    warned = beside(r)
    blocks += [Items(warned, "warning")] if warned else []
    blocks.append(marks_line(r))
    return Section("bottom-line", say("assessment.summary"), tuple(blocks), "first")


def _worst(r: Reader) -> tuple[Text, ...]:
    rows = [row for row in r.rows("details.by_area") if middle(row, "left_open") is not None]
    rows.sort(key=lambda row: -(middle(row, "left_open") or 0.0))
    if not rows or not middle(rows[0], "left_open"):
        return ()
    names: list[Part] = []
    for row in rows[:3]:
        names += [*([", "] if names else []), Raw(str(row.get("name"))), " "]
        names.append(r.claim(row.get("left_open"), "officers", "details.by_area"))
    return (r.words.say("found.areas", names=tuple(names)),)


def _function(r: Reader) -> tuple[Text, ...]:
    rows = [(number((x.get("left_open") or {}).get("mid")) or 0.0, x)
            for x in r.rows("details.by_function")]  # fmt: skip
    if not rows or max(v for v, _ in rows) <= 0:
        return ()
    _, row = max(rows, key=lambda x: x[0])
    claim = r.claim(row.get("left_open"), "officers", "details.by_function")
    name = r.words.name("function", str(row.get("function")))
    return (r.words.say("found.function", name=name, value=claim),)


def _usable(r: Reader) -> tuple[Text, ...]:
    roll = chain(r)["roll"]
    if roll is None:
        return ()
    given = r.claim(r.at("details.host_effective"), "officers", "details.host_effective")
    counted = r.value(roll, "officers", "details.host_institutions")
    return (r.words.say("found.police", roll=counted, effective=given),)


def _trend(r: Reader) -> tuple[Text, ...]:
    told = theatre_trend(r)
    fighting = [str(a.get("area")) for a in r.rows("details.areas") if a.get("phase") == "fighting"]
    lines = [told] if told else []
    if fighting:
        count = r.value(len(fighting), "count", "details.areas")
        lines.append(r.words.say("found.fighting", count=count, names=names_of(r, fighting)))
    return tuple(lines)


def _sections(r: Reader) -> tuple[Section, ...]:
    """Return every section in order; what the gap tells of institutions stands with the police."""
    whole = gap(r)
    kept = {k: tuple(_without(b) for b in whole.blocks if _key(b) == k) for k in _ELSEWHERE}
    rest = tuple(b for b in whole.blocks if _key(b) not in _ELSEWHERE)
    return (
        purpose(r), context(r), threat(r), _with(police(r), kept["provision"]), justice(r),
        stakeholders(r), swot(r), Section(whole.key, whole.title, (*rest, *over_time(r))),
        where(r), pointer(r), human_rights(r), _with(recommendations(r), kept["advice"]),
        find_out(r), register(r), _data(r), glossary(r), sign_off(r), _annex(r),
    )  # fmt: skip


def _without(block: Block | Group) -> Block | Group:
    """Return a group without the table of other providers: they stand with the stakeholders."""
    if not isinstance(block, Group):
        return block
    kept = (b for b in block.blocks if not (isinstance(b, Table) and b.key in _TOLD))
    return replace(block, blocks=tuple(kept))


def _key(block: Block | Group) -> str:
    return block.key if isinstance(block, Group) else ""


def _with(section: Section, more: tuple[Block | Group, ...]) -> Section:
    return Section(section.key, section.title, (*section.blocks, *more), section.style)


def register(r: Reader) -> Section:
    """Return every recalled or assumed value that entered: basis, owner, date, what it changes."""
    say = r.words.say
    rows = sorted(
        r.rows("details.assumptions"), key=lambda row: alphabetical(plain((label_of(r, row),)))
    )
    told = "register.intro" if r.edition == "internal" else "edition.register"
    blocks: list[Block | Group] = [Paragraph(say(told)), marks_line(r)]
    if rows:
        moved = {str(x.get("name")): x for x in r.rows("details.movers")}
        body = tuple(_registered(r, row, moved.get(str(row.get("name")))) for row in rows)
        head = r.head("head.assumption", "#head.value", "head.units", "head.basis_source",
                      "head.owner_role", "head.date", "head.what_changes")  # fmt: skip
        caption = say("table.register", count=r.value(len(rows), "count", "details.assumptions"))
        blocks.append(Table("t-register", caption, head, body, "details.assumptions",
                            "register seven", say("table.register.note")))  # fmt: skip
    else:
        blocks.append(Paragraph(say("assumptions.none"), "note"))
    return Section("register", say("register.title"), tuple(blocks))


def _registered(
    r: Reader, row: dict[str, object], moved: dict[str, object] | None
) -> tuple[Cell, ...]:
    words = r.words
    low, mid, high = (parameter(r, row.get(k)) for k in ("low", "mid", "high"))
    span = r.numbers.span(low.text, high.text) if low.value is not None else ""
    value = Claim(mid.text, mid.value, low.value, high.value, interval=span)
    date = str(row.get("date") or "")
    steps = [s.strip() for s in str(row.get("enters") or "").split(",") if s.strip()]
    changes: Text = joined([words.name("step", step) for step in steps]) or ("–",)
    if moved:
        ends = {k: change(r, moved.get(f"change_{k}")) for k in ("low", "high")}
        changes = words.say("register.moves", steps=changes, low=ends["low"], high=ends["high"])
    mark = words.basis(basis_of_row(row)) if row.get("basis") else None
    source = words.known("source", str(row.get("source") or "–"))
    basis: Text = (mark, "\u00a0", mark.meaning, "; ", source) if mark else (source,)
    return (
        Cell((label_of(r, row),), "head"),
        num(value),
        cell(words.known("unit", str(row.get("units") or ""))),
        cell(basis),
        cell(words.name("tell", str(row.get("owner_role") or "–"))),
        cell((r.month(date) if len(date) == 7 else Raw(date),) if date else "–"),
        cell(changes),
    )


def _data(r: Reader) -> Section:
    """Return the data annex: sources with date and age, and what they cover."""
    base = data(r)
    table = _coverage(r)
    return Section(base.key, base.title, (*base.blocks[:2], *((table,) if table else ()),
                                          *base.blocks[2:]))  # fmt: skip


def _coverage(r: Reader) -> Table | None:
    rows = r.rows("details.coverage")
    if not rows:
        return None
    body = tuple(
        (
            Cell((r.words.name("target", str(row.get("kind"))),), "head"),
            cell(r.month(row.get("first"))),
            cell(r.month(row.get("last"))),
            num(r.value(row.get("observed"), "share")),
            num(r.value(row.get("areas_silent"), "count")),
        )
        for row in rows
    )
    head = r.head("head.kind", "head.first_seen", "head.last_seen", "#head.observed",
                  "#head.silent")  # fmt: skip
    return Table("t-coverage", r.words.say("table.coverage"), head, body, "details.coverage",
                 "tight", r.words.say("table.coverage.note"))  # fmt: skip


def _annex(r: Reader) -> Section:
    """Return the tables behind the pictures that do not stand beside them."""
    wide = (areas_table(r), *month_tables(r), function_table(r), why_table(r), host_areas(r),
            threat_annex(r))  # fmt: skip
    narrow = (
        violence_table(r, "deaths"),
        by_month_table(r, "t-open", "gap.by_month", "figure.open"),
    )
    blocks: list[Block] = [Paragraph(r.words.say("annex.intro"))]
    blocks += [t for t in wide if t is not None]
    pair = tuple(t for t in narrow if t is not None)
    blocks += [Row(pair)] if pair else []
    return Section("annex", r.words.say("annex.title"), tuple(blocks), "annex")
