"""The record: assumptions, data, sources, notes, glossary, and the lines to sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from polgap import catalogue
from polgap.brief import figures
from polgap.brief._first import basis_of_row, change, marks_line, parameter
from polgap.brief._model import (
    Block,
    Cell,
    Claim,
    Figure,
    Group,
    Items,
    Paragraph,
    Part,
    Raw,
    Section,
    SignOff,
    Table,
    Terms,
    Text,
    plain,
)
from polgap.brief._outcome import notes, raw
from polgap.brief._reader import Reader, alphabetical, cell, num, number
from polgap.brief._words import joined

_MOVERS = 10
_LITTLE = 0.01
_HASH = 12
_TERMS = (
    "need", "national_shortfall", "mission_requirement", "left_open", "on_strength", "on_duty",
    "interval", "unable", "unwilling", "structural", "deployment_gap", "enforcement_gap",
    "institutional_gap", "posture", "bound", "grade", "future", "officer_month", "fpu", "readiness",
    "reversal", "baseline", "harmful", "hrddp",
)  # fmt: skip


def assumptions(r: Reader) -> Section:
    """Return what moves the headline, and the assumptions that carry most of it."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(grade(r)), marks_line(r)]
    figure = _tornado(r)
    blocks += [figure] if figure else []
    blocks += _register(r)
    return Section("assumptions", say("assumptions.title"), tuple(blocks))


def _register(r: Reader) -> list[Block | Group]:
    """Return the assumptions that move a total; the assessment report lists every one.

    Where an edition holds no shares, every assumption that it may show is listed.
    """
    say = r.words.say
    every = sorted(
        r.rows("details.assumptions"), key=lambda row: alphabetical(plain((label_of(r, row),)))
    )
    if not every:
        return [Paragraph(say("assumptions.none"), "note")]
    told_of = any("changes" in row for row in every)
    rows = [row for row in every if _moves(row)] if told_of else every
    rest = r.value(len(every) - len(rows), "count", "details.assumptions")
    if not rows:
        return [Paragraph(say("assumptions.none_moves", count=rest), "note")]
    usual = _usual_date(rows)
    head = r.head("head.assumption", "#head.value", "head.units", "head.source", "head.owner",
                  "head.changes")  # fmt: skip
    caption = say("table.assumptions", count=r.value(len(rows), "count"))
    told: Text = say("assumptions.date", month=r.month(usual)) if usual else ()
    if rest.value:
        told = (*told, " ", *say("assumptions.rest", count=rest))
    body = tuple(_assumption(r, row, usual) for row in rows)
    return [Table("t-assumptions", caption, head, body, "details.assumptions", "register", told)]


def _moves(row: dict[str, Any]) -> bool:
    """Return whether an assumption carries a share of the variance of any total worth saying."""
    shares = (number(v) or 0.0 for k, v in row.items() if k.startswith("share_"))
    return max(shares, default=0.0) >= _LITTLE


def grade(r: Reader) -> Text:
    """Return the decision grade and what it rests on, in a sentence."""
    found = r.at("details.grade") or {}
    return r.words.say(
        "assumptions.grade",
        letter=Raw(str(found.get("letter") or "–")),
        share=r.value(found.get("share_assumed"), "share", "details.grade.share_assumed"),
    )


def _tornado(r: Reader) -> Figure | None:
    rows = r.rows("details.movers")[:_MOVERS]
    if not rows:
        return None
    words, body, drawn = r.words, [], []
    for row in rows:
        name = words.name("parameter", str(row.get("name")))
        low, high = change(r, row.get("change_low")), change(r, row.get("change_high"))
        drawn.append((name if isinstance(name, Raw) else str(name), low.value or 0.0,
                      high.value or 0.0, low.text, high.text))  # fmt: skip
        body.append((Cell((name,), "head"), num(low), num(high)))
    title = words.say("figure.movers")
    ends = (words.plain("head.at_low"), words.plain("head.at_high"))
    desc = words.plain("figure.movers.desc")
    svg = figures.tornado("movers", drawn, title=plain(title), desc=desc, legend=ends)
    return Figure("movers", title, svg, words.say("figure.movers.caption"), "t-all-movers")


def movers_table(r: Reader) -> Table | None:
    """Return the table behind the picture of what moves the headline."""
    rows = r.rows("details.movers")[:_MOVERS]
    if not rows:
        return None
    head = r.head("head.assumption", "#head.at_low", "#head.at_high")
    body = tuple(
        (
            Cell((r.words.name("parameter", str(row.get("name"))),), "head"),
            num(change(r, row.get("change_low"))),
            num(change(r, row.get("change_high"))),
        )
        for row in rows
    )
    return Table("t-all-movers", r.words.say("figure.movers"), head, body, "details.movers",
                 "tight")  # fmt: skip


def _usual_date(rows: list[dict[str, Any]]) -> str:
    """Return the month that most assumptions carry; only the others are dated one by one."""
    found = Counter(str(row.get("date") or "") for row in rows)
    date = found.most_common(1)[0][0] if found else ""
    return date if len(date) == 7 else ""


def _assumption(r: Reader, row: dict[str, Any], usual: str) -> tuple[Cell, ...]:
    words = r.words
    low, mid, high = (parameter(r, row.get(k)) for k in ("low", "mid", "high"))
    span = r.numbers.span(low.text, high.text) if low.value is not None else ""
    value = Claim(mid.text, mid.value, low.value, high.value, interval=span)
    date = str(row.get("date") or "")
    source: list[Part] = [words.known("source", str(row.get("source") or "–"))]
    if date and date != usual:
        source += [" (", r.month(date) if len(date) == 7 else Raw(date), ")"]
    steps = [s.strip() for s in str(row.get("enters") or "").split(",") if s.strip()]
    entered = joined([words.name("step", step) for step in steps])
    owner = words.name("tell", str(row.get("owner_role") or "–"))
    mark = words.basis(basis_of_row(row)) if row.get("basis") else None
    name: Text = (label_of(r, row), *(("\u00a0", mark) if mark else ()))
    return (
        Cell(name, "head"),
        num(value),
        cell(words.known("unit", str(row.get("units") or ""))),
        cell(tuple(source)),
        cell(words.say("assumptions.owner", owner=owner, steps=entered or "–")),
        cell(_changes(r, row)),
    )


def _changes(r: Reader, row: dict[str, Any]) -> Text:
    """Return the total that an assumption moves most; a dash where it cannot move by itself."""
    total = str(row.get("changes") or "")
    share = number(row.get(f"share_{total}")) if total else None
    if share is None:
        return ("–",)
    if share < _LITTLE:
        return r.words.say("assumptions.changes_little")
    return r.words.say("assumptions.changes", total=r.words.plain(f"total.{total}"),
                       share=r.value(share, "share"))  # fmt: skip


def label_of(r: Reader, row: dict[str, Any]) -> Part:
    """Return the plain name of an assumption, a parameter or a whole table."""
    kind, _, rest = str(row.get("name")).partition(":")
    return r.words.name("register", rest) if rest else r.words.name("parameter", kind)


def data(r: Reader) -> Section:
    """Return the data with their age and quality, sources, notes and how to get the same again."""
    words, say = r.words, r.words.say
    blocks: list[Block | Group] = [Paragraph(say("data.intro"))]
    entered = bool(r.rows("details.data"))
    blocks.append(_inputs(r) if entered else Paragraph(say("data.none"), "note"))
    effort = r.at("details.reporting")
    if effort:
        blocks.append(Paragraph(_effort(r, effort)))
    report = tuple(
        words.note(str(n.get("code")), n.get("values") or {})
        for n in r.rows("details.import_report")
    )
    if report:
        blocks.append(Group(say("data.import"), (Items(report),), "import"))
    blocks.append(Group(say("notes.title"), (notes(r),), "notes"))
    blocks.append(Group(say("sources.title"), (_references(r),), "sources"))
    if r.at("study.seed") is not None:
        blocks.append(Group(say("again.title"), (Paragraph(_again(r)),), "again"))
    return Section("data", say("data.title"), tuple(blocks))


def _effort(r: Reader, effort: dict[str, Any]) -> Text:
    """Return how much was reported on at all: silence is no data."""
    return r.words.say(
        "data.reporting",
        silent=r.value(effort.get("areas_silent"), "count", "details.reporting.areas_silent"),
        **{
            k: r.value(effort.get(k), "count", f"details.reporting.{k}")
            for k in ("months", "area_months", "observed", "areas")
        },
    )


def _inputs(r: Reader) -> Table:
    """Return the inputs with their age; an edition without rows and hashes has no such columns."""
    words, body, given = r.words, [], r.rows("details.data")
    counted, hashed = (any(row.get(k) for row in given) for k in ("rows", "sha256"))
    for row in given:
        as_of = str(row.get("as_of") or "")
        digest = str(row.get("sha256") or "")[:_HASH]
        body.append(
            (
                Cell((words.name("input", str(row.get("source"))),), "head"),
                cell(raw(row.get("origin") or "–")),
                *((num(r.value(row.get("rows"), "count")),) if counted else ()),
                cell((r.month(as_of) if len(as_of) >= 7 else words.plain("data.undated"),)),
                num(r.value(row.get("age_months"), "count")),
                cell(words.name("quality", str(row.get("quality") or "U"))),
                cell(raw(row.get("licence") or "–")),
                *((cell(Raw(digest) if digest else "–", "hash"),) if hashed else ()),
            )
        )
    head = r.head("head.input", "head.origin", *(("#head.rows",) if counted else ()), "head.as_of",
                  "#head.age", "head.quality", "head.licence",
                  *(("head.hash",) if hashed else ()))  # fmt: skip
    return Table("t-data", words.say("table.data"), head, tuple(body), "details.data", "dense",
                 words.say("table.data.note"))  # fmt: skip


def _references(r: Reader) -> Items:
    rows = catalogue.table("references").to_dict("records")
    rows = [row for row in rows if r.listed("reference", str(row["reference"]))]
    out: list[Text] = []
    for row in rows:
        where = f", {row['where']}" if row["where"] else ""
        out.append((Raw(f"{row['title']} ({row['date']}){where}", "en"),))
    return Items(tuple(out), "dense")


def _again(r: Reader) -> Text:
    versions = r.at("manifest.versions") or {}
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    return r.words.say(
        "again.text",
        seed=r.value(r.at("study.seed"), "count", "study.seed"),
        draws=r.value(r.at("study.draws"), "count", "study.draws"),
        versions=Raw(told or "–"),
    )


def glossary(r: Reader) -> Section:
    """Return the terms of the brief in plain words."""
    say = r.words.say
    pairs = tuple((say(f"glossary.{t}"), say(f"glossary.{t}.means")) for t in _TERMS
                  if r.listed("term", t))  # fmt: skip
    return Section("glossary", say("glossary.title"), (Terms(pairs),))


def sign_off(r: Reader) -> Section:
    """Return the approvals so far and the lines to sign: author and approver differ."""
    words, say = r.words, r.words.say
    blocks: list[Block | Group] = [*decided(r)]
    blocks.append(Paragraph(say("signoff.intro"), "note"))
    roles = ("prepared", "reviewed", "approver")
    pairs = tuple((say(f"signoff.{role}"), say(f"signoff.{role}.does")) for role in roles)
    columns = tuple(say(f"signoff.{c}") for c in ("role", "name_role", "date", "signature"))
    blocks.append(SignOff(pairs, columns))
    return Section("sign-off", words.say("signoff.title"), tuple(blocks))


def decided(r: Reader) -> list[Block]:
    """Return every decision with its dissent; one that no longer holds is void, with the reason.

    Void ones stay with the planning team.
    """
    shown = r.decisions if r.edition == "internal" else r.approvals
    return [block for row in shown for block in _decision(r, row)]


def _decision(r: Reader, row: Mapping[str, Any]) -> list[Block]:
    words, say = r.words, r.words.say
    option, note = str(row.get("option") or ""), str(row.get("note") or "")
    void, dissent = str(row.get("void") or ""), str(row.get("dissent") or "")
    text = say(
        "signoff.decided" if option else "signoff.approved",
        by=Raw(str(row.get("by") or "–")),
        when=Claim(r.numbers.day(str(row.get("time") or "")), None),
        **({"option": words.name("option", option)} if option else {}),
    )
    text = (*text, " ", Raw(note)) if note else text
    text = (*say(f"signoff.void.{void}"), " ", *text) if void else text
    blocks: list[Block] = [Paragraph(text, "note" if void else "answer")]
    lacking = [words.name("precondition", str(p)) for p in row.get("unmet") or ()]
    if lacking and r.edition == "internal":
        blocks.append(Paragraph(say("signoff.unmet", names=joined(lacking)), "warning"))
    if dissent:
        blocks.append(Paragraph(say("signoff.dissent", dissent=Raw(dissent)), "note"))
    if row.get("sha256"):
        digest = Raw(str(row["sha256"])[:_HASH])
        blocks.append(Paragraph(say("signoff.line", hash=digest), "note"))
    return blocks
