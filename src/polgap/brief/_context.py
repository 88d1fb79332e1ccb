"""Purpose, context and threat: what was asked, how violence runs, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polgap.brief._first import asks_why
from polgap.brief._model import (
    Block,
    Cell,
    Claim,
    Group,
    Items,
    Paragraph,
    Raw,
    Section,
    Table,
    Text,
)
from polgap.brief._monthly import ends_of, place, spark_cell
from polgap.brief._outlook import violence_fan
from polgap.brief._reader import Reader, alphabetical, cell, num, number
from polgap.brief._words import joined
from polgap.brief.figures._svg import VIOLET
from polgap.domain import KINDS

RISING, FALLING, FEW = 1.25, 0.8, 5.0
"""Twelve months against the twelve before: rising, falling, and the least change that counts."""

PHASES = ("fighting", "ceasefire", "post_conflict", "transition")
_YEARS = 12
_WORST = 15
_UNREST = ("protests", "riots", "displaced")


def ask(r: Reader, section: str, *, known: bool = False) -> list[Block]:
    """Return what a section does not know, and what to ask; nothing where it is known."""
    if known:
        return []
    code = f"ask.{section}"
    lines = [f"{code}.{n}" for n in range(1, 10) if r.words.has(f"{code}.{n}")]
    intro = Paragraph(r.words.say(code), "warning")
    return [intro, Items(tuple(r.words.say(line) for line in lines), "ask")] if lines else [intro]


def has(r: Reader, key: str) -> bool:
    """Whether `details` has a key at all: an edition may leave one out, a run may leave it empty.

    What is left out is passed over in silence; what is empty is said to be unknown.
    """
    return key in r.details


def purpose(r: Reader) -> Section:
    """Return what the report is for, and the mandate it is measured against."""
    say, (begin, end) = r.words.say, r.span()
    mission = str((r.at("details.theatre") or {}).get("mission") or "")
    told = "purpose.text" if asks_why(r) else "edition.purpose"
    blocks: list[Block | Group] = [
        Paragraph(say(told, theatre=r.theatre, begin=begin, end=end,
                      origin=r.month(r.at("study.origin")))),
        Paragraph(say("purpose.mission", mission=Raw(mission)) if mission
                  else say("purpose.no_mission")),
        Items(tuple(say(f"purpose.limit.{n}") for n in range(1, 4))),
    ]  # fmt: skip
    if has(r, "mandate"):
        table = _mandate(r)
        blocks += [table] if table else ask(r, "mandate")
    return Section("purpose", say("purpose.title"), tuple(blocks))


def _mandate(r: Reader) -> Table | None:
    rows = r.rows("details.mandate")
    if not rows:
        return None
    words = r.words
    body = []
    for row in rows:
        mark = words.mark(str(row.get("basis") or ""))
        name = Raw(str(row.get("paragraph") or "–"))
        rung, powers = str(row.get("posture") or ""), str(row.get("powers") or "")
        function = str(row.get("function") or "")
        body.append(
            (
                Cell((name, "\u00a0", mark) if mark else (name,), "head"),
                cell(Raw(str(row.get("task") or "–"))),
                cell(words.name("function", function) if function else "–"),
                cell(words.name("posture", rung) if rung else "–"),
                cell(words.name("powers", powers) if powers else "–"),
                cell(place(r, str(row.get("area") or ""))),
            )
        )
    head = r.head("head.paragraph", "head.task", "head.function", "head.rung", "head.powers",
                  "head.area")  # fmt: skip
    return Table("t-mandate", words.say("table.mandate_rows"), head, tuple(body),
                 "details.mandate", "dense")  # fmt: skip


def context(r: Reader) -> Section:
    """Return how violence ran and is expected to run, by kind and phase, and what is not known."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("context.intro"))]
    trend = theatre_trend(r)
    if trend:
        blocks.append(Paragraph(trend, "answer"))
    fan = violence_fan(r, "deaths")
    blocks += [fan] if fan else [Paragraph(say("outlook.none"), "warning")]
    years = _years(r)
    blocks += [years] if years else []
    phases = _phases(r)
    if phases:
        blocks.append(Group(say("context.phases"), phases, "phases"))
    blocks.append(Group(say("context.unknown"), tuple(ask(r, "context")), "context-ask"))
    return Section("context", say("context.title"), tuple(blocks))


def trend_of(last: float | None, before: float | None) -> str:
    """Return rising, falling, level or unknown, by the printed rule.

    Examples
    --------
    >>> trend_of(100.0, 70.0), trend_of(4.0, 1.0), trend_of(50.0, 90.0), trend_of(1.0, None)
    ('rising', 'level', 'falling', 'unknown')
    """
    if last is None or before is None:
        return "unknown"
    if last - before >= FEW and last >= RISING * before:
        return "rising"
    return "falling" if before - last >= FEW and last <= FALLING * before else "level"


def deaths(row: Mapping[str, Any] | None) -> float | None:
    """Return deaths of all kinds; None where one kind was not observed."""
    found = [number((row or {}).get(k)) for k in KINDS]
    return None if None in found else sum(v for v in found if v is not None)


def totals(r: Reader) -> tuple[float | None, float | None]:
    """Return deaths of the last twelve months and of the twelve before, areas observed in both."""
    pairs = [(deaths(x.get("last12")), deaths(x.get("before12")))
             for x in r.rows("details.violence_areas")]  # fmt: skip
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not known:
        return None, None
    return sum(a for a, _ in known), sum(b for _, b in known)


def rule_of_trend(r: Reader) -> Text:
    """Return the rule by which a trend is called rising or falling."""
    return r.words.say(
        "context.trend_rule", up=r.value(RISING - 1, "share"), down=r.value(1 - FALLING, "share"),
        few=r.value(FEW, "count"),
    )  # fmt: skip


def theatre_trend(r: Reader) -> Text:
    """Return the trend of the theatre in a sentence; empty where it is not known."""
    last, before = totals(r)
    if last is None or before is None:
        return ()
    told = r.words.say(
        f"context.trend.{trend_of(last, before)}",
        last=r.value(last, "count", "details.violence_areas"),
        before=r.value(before, "count", "details.violence_areas"),
    )
    return (*told, " ", *rule_of_trend(r))


def _years(r: Reader) -> Table | None:
    rows = r.rows("details.violence_years")[-_YEARS:]
    kinds = [k for k in (*KINDS, "events", *_UNREST) if any(k in row for row in rows)]
    if not rows:
        return None
    body = tuple(
        (
            Cell((Claim(str(row.get("year")), None),), "head"),
            num(r.value(row.get("months"), "count")),
            *(num(r.value(row.get(k), "count")) for k in kinds),
        )
        for row in rows
    )
    heads = (*r.head("head.year", "#head.months"),
             *(Cell((r.words.name("target", k),), "num") for k in kinds))  # fmt: skip
    return Table("t-years", r.words.say("table.years"), heads, body, "details.violence_years",
                 "dense", r.words.say("table.years.note"))  # fmt: skip


def _phases(r: Reader) -> tuple[Block, ...]:
    areas = r.rows("details.areas")
    found = {str(x.get("area")): x for x in r.rows("details.violence_areas")}
    body = []
    for phase in PHASES:
        mine = [a for a in areas if a.get("phase") == phase]
        if not mine:
            continue
        people = sum(number(a.get("population")) or 0.0 for a in mine)
        last = [deaths((found.get(str(a.get("area"))) or {}).get("last12")) for a in mine]
        killed = sum(v for v in last if v is not None) if any(v is not None for v in last) else None
        body.append(
            (
                Cell((r.words.name("phase", phase),), "head"),
                num(r.value(len(mine), "count")),
                num(r.value(people, "persons")),
                *((num(r.value(killed, "count")),) if found else ()),
            )
        )
    if not body:
        return ()
    head = r.head("head.phase", "#head.areas", "#head.people",
                  *(("#head.deaths12",) if found else ()))  # fmt: skip
    table = Table("t-phases", r.words.say("table.phases"), head, tuple(body), "details.areas",
                  "tight")  # fmt: skip
    rule = str(r.at("details.phase_rule") or "")
    told = (Paragraph(r.words.note(rule, {}), "note"),) if r.words.has(rule) else ()
    return (table, *told)


def threat(r: Reader) -> Section:
    """Return violence by area, seen and forecast; and that crime is not known where it is not."""
    say, rows = r.words.say, _worst_first(r)
    blocks: list[Block | Group] = [Paragraph(say("threat.intro"))]
    if rows:
        note = (*say("table.threat.note"), " ", *rule_of_trend(r))
        blocks.append(_threat_table(r, "t-threat", "table.threat", rows[:_WORST], note))
    else:
        blocks.append(Paragraph(say("threat.none"), "warning"))
    blocks.append(
        Group(say("threat.crime"), tuple(ask(r, "crime", known=has(r, "crime"))), "crime")
    )
    return Section("threat", say("threat.title"), tuple(blocks))


def threat_annex(r: Reader) -> Table | None:
    """Return every area's violence, by name, where the section shows only the worst."""
    rows = r.rows("details.violence_areas")
    if len(rows) <= _WORST:
        return None
    names = r.words.places
    rows.sort(key=lambda x: alphabetical(names.get(str(x.get("area")), "")))
    return _threat_table(r, "t-threat-all", "table.threat_all", rows, ())


def _worst_first(r: Reader) -> list[Any]:
    def size(row: Mapping[str, Any]) -> tuple[float, float]:
        return (-(deaths(row.get("last12")) or 0.0), -(number((row.get("ahead") or {}).get("high"))
                                                      or 0.0))  # fmt: skip

    return sorted(r.rows("details.violence_areas"), key=size)


def _threat_table(r: Reader, key: str, caption: str, rows: Sequence[Any], note: Text) -> Table:
    words = r.words
    phases = {str(a.get("area")): str(a.get("phase") or "unknown") for a in r.rows("details.areas")}
    unrest = [k for k in ("protests", "riots")
              if any(k in (x.get("last12") or {}) for x in rows)]  # fmt: skip
    body = []
    for row in rows:
        area, last = str(row.get("area")), row.get("last12") or {}
        now, before = deaths(last), deaths(row.get("before12"))
        ends = ends_of(row.get("fan"))
        past = [number(v) for v in row.get("past") or []]
        body.append(
            (
                Cell(place(r, area), "head"),
                cell(words.name("phase", phases.get(area, "unknown"))),
                spark_cell(past, ends, VIOLET),
                num(r.value(now, "count")),
                num(r.value(before, "count")),
                cell(words.say(f"trend.{trend_of(now, before)}")),
                num(r.claim(row.get("ahead"), "count")),
                *(num(r.value(last.get(k), "count")) for k in unrest),
            )
        )
    heads = (
        *r.head("head.area", "head.phase", "head.past_line", "#head.deaths12", "#head.before12",
                "head.trend", "#head.ahead12"),
        *(Cell((words.name("target", k),), "num") for k in unrest),
    )  # fmt: skip
    return Table(key, words.say(caption), heads, tuple(body), "details.violence_areas",
                 "dense sparks", note)  # fmt: skip


def names_of(r: Reader, areas: Sequence[str], most: int = 6) -> Text:
    """Return the names of areas in a row, the rest as a count."""
    names = sorted((r.words.places.get(a, a) for a in areas), key=alphabetical)
    told = joined([Raw(n) for n in names[:most]])
    if len(names) <= most:
        return told
    return (*told, " ", *r.words.say("assessment.more", count=r.value(len(names) - most, "count")))
