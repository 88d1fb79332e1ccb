"""The host-State police and the justice they hang on: numbers, ability, will, integrity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief import figures
from polgap.brief._context import ask, has
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
    Table,
    Text,
    plain,
)
from polgap.brief._monthly import place
from polgap.brief._reader import Reader, alphabetical, band, cell, num, number
from polgap.brief.figures._svg import ASKED, NEED, SHORT

CHAIN = ("authorised", "roll", "operational", "available")
ELEMENTS = ("vetted", "trained", "equipped", "paid", "in_reach")
_ABLE = ("assess.able_bounds", "rebuild.nested", "assess.no_authorised")
_INTEGRITY = ("assess.no_equipment", "assess.not_closable", "rebuild.unwilling")
_JUSTICE = ("detention", "prosecutors", "applicable_law")


def chain(r: Reader) -> dict[str, float | None]:
    """Return officers of all institutions along the chain; None where one of them is not known."""
    rows = r.rows("details.host_institutions")
    found: dict[str, float | None] = {}
    for key in (*CHAIN, "women"):
        values = [number(row.get(key)) for row in rows]
        known = [v for v in values if v is not None]
        found[key] = sum(known) if rows and len(known) == len(values) else None
    return found


def police(r: Reader) -> Section:
    """Return the host-State police: numbers, ability, willingness, integrity and oversight."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("police.intro"))]
    if has(r, "host_institutions"):
        if r.rows("details.host_institutions"):
            blocks += [*_chain(r), _institutions(r)]
            blocks.append(Group(say("police.able"), _able(r), "able"))
        else:
            blocks += ask(r, "host")
    if has(r, "willingness"):
        blocks.append(Group(say("police.willing"), _willing(r), "willing"))
        told = _told(r, _INTEGRITY)
        shown: tuple[Block, ...] = (Items(told),) if told else ()
        blocks.append(Group(say("police.integrity"), (*shown, *ask(r, "integrity")), "integrity"))
    blocks.append(Group(say("police.oversight"), _oversight(r), "oversight"))
    return Section("police", say("police.title"), tuple(blocks))


def _told(r: Reader, codes: tuple[str, ...]) -> tuple[Text, ...]:
    """Return the notes of the run with one of these codes."""
    return tuple(
        r.words.note(str(n.get("code")), n.get("values") or {}, str(n.get("text") or ""))
        for n in r.rows("notes")
        if str(n.get("code")) in codes
    )


def _basis(r: Reader) -> str:
    """Return the basis that the numbers must own up to: the weakest of all rows."""
    found = {b for row in r.rows("details.host_institutions")
             for b in str(row.get("basis") or "").split("/")}  # fmt: skip
    return next((b for b in ("exercise", "assumed", "recalled") if b in found), "")


def _chain(r: Reader) -> tuple[Block, ...]:
    words, found, basis = r.words, chain(r), _basis(r)
    rows, body = [], []
    colours = dict(zip(CHAIN, (NEED, NEED, SHORT, SHORT), strict=True))
    for key in CHAIN:
        value = found[key]
        own = basis if value is not None else ""
        claim = r.value(value, "officers", "details.host_institutions", own)
        ends = None if value is None else (value, value, value)
        label = words.plain(f"chain.{key}")
        rows.append(figures.Bar(label, ends, claim.text, colours[key]))
        body.append((Cell((label,), "head"), num(claim), cell(words.say(f"chain.{key}.means"))))
    effective = r.claim(r.at("details.host_effective"), "officers", "details.host_effective", basis)
    label = words.plain("chain.effective")
    rows.append(
        figures.Bar(label, band([r.at("details.host_effective") or {}])[0], effective.full, ASKED)
    )
    body.append((Cell((label,), "head"), num(effective), cell(words.say("chain.effective.means"))))
    title = words.say("figure.chain")
    svg = figures.bars("chain", rows, title=plain(title), desc=words.plain("figure.chain.desc"),
                       show=r.numbers.officers, label_width=150.0)  # fmt: skip
    head = r.head("head.stage", "#head.officers_plain", "head.meaning")
    table = Table("t-chain-police", words.say("table.chain_police"), head, tuple(body),
                  "details.host_institutions", "tight")  # fmt: skip
    caption = words.say("figure.chain.caption")
    return Figure("chain-police", title, svg, caption, "t-chain-police"), table


def _institutions(r: Reader) -> Table:
    words, body = r.words, []
    for row in r.rows("details.host_institutions"):
        women, roll = number(row.get("women")), number(row.get("roll"))
        share = women / roll if women is not None and roll else None
        body.append(
            (
                Cell((name_of(r, row),), "head"),
                *(num(r.value(row.get(k), "officers")) for k in CHAIN),
                num(r.value(share, "share")),
                cell((r.month(str(row.get("as_of") or "") or None),)),
                cell(_bases(r, row)),
            )
        )
    head = r.head("head.police_body", *(f"#chain.{k}" for k in CHAIN), "#head.women", "head.oldest",
                  "head.basis")  # fmt: skip
    return Table("t-police-bodies", words.say("table.police_bodies"), head, tuple(body),
                 "details.host_institutions", "dense")  # fmt: skip


def _bases(r: Reader, row: Mapping[str, Any]) -> Text:
    parts: list[Any] = []
    for basis in str(row.get("basis") or "").split("/"):
        if basis:
            parts += [*([", "] if parts else []), r.words.basis(basis).meaning]
    return tuple(parts) or ("–",)


def _able(r: Reader) -> tuple[Block, ...]:
    words = r.words
    body = tuple(
        (
            Cell((name_of(r, row),), "head"),
            *(num(r.value(row.get(k), "share")) for k in ELEMENTS),
        )
        for row in r.rows("details.host_institutions")
    )
    head = r.head("head.police_body", *(f"#able.{k}" for k in ELEMENTS))
    table = Table("t-able", words.say("table.able"), head, body, "details.host_institutions",
                  "dense", words.say("table.able.note"))  # fmt: skip
    told = _told(r, _ABLE)
    return (table, Items(told)) if told else (table,)


def host_areas(r: Reader) -> Table | None:
    """Return effective host-State police by area beside need and shortfall, for the annex."""
    rows = {str(x.get("area")): x for x in r.rows("details.host_by_area")}
    totals = [row for row in r.rows("details.by_area") if str(row.get("area")) in rows]
    if not totals:
        return None
    totals.sort(key=lambda row: alphabetical(str(row.get("name") or "")))
    body = tuple(
        (
            Cell((Raw(str(row.get("name"))),), "head"),
            num(r.claim(row.get("need"), "officers")),
            num(r.claim(rows[str(row.get("area"))], "officers")),
            num(r.claim(row.get("national_shortfall"), "officers")),
        )
        for row in totals
    )
    head = r.head("head.area", "#total.need", "#chain.effective", "#total.national_shortfall")
    return Table("t-host-areas", r.words.say("table.host_areas"), head, body,
                 "details.host_by_area", "dense")  # fmt: skip


def _willing(r: Reader) -> tuple[Block, ...]:
    words, rows = r.words, r.rows("details.willingness")
    if not rows:
        return tuple(ask(r, "willing"))
    indicators = [k for k in words.keys("indicator") if any(x.get("indicator") == k for x in rows)]
    keys = list(dict.fromkeys((str(x.get("institution")), str(x.get("area"))) for x in rows))
    found = {(str(x.get("institution")), str(x.get("area")), str(x.get("indicator"))): x
             for x in rows}  # fmt: skip
    body = []
    for institution, area in keys:
        mine = [x for x in rows if (x.get("institution"), x.get("area")) == (institution, area)]
        grades = sorted({str(x.get("evidence_grade") or "–") for x in mine})
        basis = str(mine[0].get("basis") or "")
        mark, name = words.mark(basis), name_of(r, mine[0])
        body.append(
            (
                Cell((name, "\u00a0", mark) if mark else (name,), "head"),
                cell(place(r, area)),
                *(num(r.claim(found.get((institution, area, k)), "0 to 1")) for k in indicators),
                cell(Raw("/".join(grades))),
                cell(words.known("role", str(mine[0].get("assessor_role") or "–"))),
            )
        )
    heads = (*r.head("head.police_body", "head.area"),
             *(Cell((words.name("indicator", k),), "num") for k in indicators),
             *r.head("head.evidence", "head.assessor"))  # fmt: skip
    table = Table("t-willing", words.say("table.willing"), heads, tuple(body),
                  "details.willingness", "dense", words.say("table.willing.note"))  # fmt: skip
    return (table,)


def _oversight(r: Reader) -> tuple[Block, ...]:
    words = r.words
    blocks: list[Block] = []
    rows = [x for x in r.rows("details.willingness") if x.get("indicator") == "accountability_body"]
    looked = [x for x in rows if str(x.get("basis")) not in ("assumed", "recalled")]
    told = "police.accountability" if looked else "police.accountability_none"
    mids = [v for x in looked or rows if (v := number(x.get("mid"))) is not None]
    if mids:
        count = r.value(len(looked), "count")
        blocks.append(Paragraph(words.say(told, span=_span(r, mids), count=count)))
    return (*blocks, *ask(r, "oversight"))


def _span(r: Reader, values: list[float]) -> Claim:
    """Return the range of assessments, as one number where they agree."""
    low, high = (r.numbers.show(v, "0 to 1") for v in (min(values), max(values)))
    return Claim(r.numbers.span(low, high), None, min(values), max(values), "0 to 1")


def name_of(r: Reader, row: Mapping[str, Any]) -> Part:
    """Return the name of an institution as the planner wrote it; the assumed one has words."""
    return r.words.known("institution", str(row.get("institution") or "–"))


def justice(r: Reader) -> Section:
    """Return what custody takes, what the mandate says on detention and law, and what to ask."""
    words, say = r.words, r.words.say
    blocks: list[Block | Group] = [Paragraph(say("justice.intro"))]
    custody = next(
        (x for x in r.rows("details.by_function") if x.get("function") == "custody"), None
    )
    if custody:
        blocks.append(
            Paragraph(
                say("justice.custody", need=r.claim(custody.get("need"), "officers"),
                    short=r.claim(custody.get("national_shortfall"), "officers"))
            )
        )  # fmt: skip
    body = tuple(
        (Cell((words.name("precondition", key),), "head"),
         cell(words.check(recorded(r, key))), cell(say(f"justice.{key}")))
        for key in _JUSTICE if told_of(r, key)
    )  # fmt: skip
    if body:
        head = r.head("head.precondition", "head.recorded", "head.why_matters")
        blocks.append(Table("t-justice", say("table.justice"), head, body, "details.mandate",
                            "tight"))  # fmt: skip
    blocks += ask(r, "justice")
    return Section("justice", say("justice.title"), tuple(blocks))


def told_of(r: Reader, column: str) -> bool:
    """Whether the mandate, as this reader may see it, has a column; an empty one has them all."""
    rows = r.rows("details.mandate")
    return has(r, "mandate") and (not rows or any(column in row for row in rows))


def recorded(r: Reader, column: str) -> bool | None:
    """Return whether a thing is on record: yes, no, or None where nothing says so.

    The mandate's own column counts first, then the precondition of the posture, which may rest on
    a record of its own.
    """
    said = {str(row.get(column) or "") for row in r.rows("details.mandate")} - {""}
    if said:
        return "no" not in said and "yes" in said
    name = column.removeprefix("host_")
    met = [p.get("met") for p in r.rows("details.posture.preconditions") if p.get("name") == name]
    return True if met and all(met) else None
