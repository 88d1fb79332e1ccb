"""Outcome: what each option leads to, a bad future told, and what speaks against it all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief._model import (
    Block,
    Cell,
    Group,
    Items,
    Paragraph,
    Raw,
    Section,
    Table,
    Text,
)
from polgap.brief._reader import Reader, cell, num, number

PARTS = ("all", "panel", "published", "sceptical")


def outcome(r: Reader) -> Section:
    """Return the outcome of every option under each part of the evidence, and a bad future."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("outcome.intro"))]
    played = bool(r.rows("outcome"))
    blocks.append(_table(r) if played else Paragraph(say("outcome.none"), "note"))
    if r.rows("details.shocks"):
        blocks.append(Group(say("shocks.title"), (_shocks(r),), "shocks"))
    if r.rows("details.storyline.lines"):
        blocks.append(Group(say("story.title"), _story(r), "story"))
    return Section("outcome", say("outcome.title"), tuple(blocks))


def _table(r: Reader) -> Table:
    words, rows = r.words, r.rows("outcome")
    found = {(x.get("measure"), x.get("option"), x.get("part")): x for x in rows}
    measures = list(dict.fromkeys(str(x.get("measure")) for x in rows))
    options = list(dict.fromkeys(str(x.get("option")) for x in rows))
    present = {str(x.get("part")) for x in rows}
    parts = [p for p in PARTS if p in present] + sorted(present - set(PARTS))
    body: list[tuple[Cell, ...]] = []
    for measure in measures:
        units = next(str(x.get("units") or "") for x in rows if x.get("measure") == measure)
        head = (words.name("measure", measure), " (", words.known("unit", _printed(units)), ")")
        body.append((Cell(head, "group", len(parts) + 1),))
        claims = {
            o: [r.claim(found.get((measure, o, p)), _printed(units)) for p in parts]
            for o in options
        }
        alike = len(parts) > 1 and all(
            c.full == row[0].full for row in claims.values() for c in row
        )
        for option, row in claims.items():
            cells = [num(c) for c in row]
            if alike:
                same = Cell(words.say("outcome.same"), "none num", len(parts) - 1)
                cells = [cells[0], same]
            body.append((Cell((words.name("option", option),), "head"), *cells))
    heads = (Cell(words.say("head.option")),
             *(Cell((words.name("part", p),), "num") for p in parts))  # fmt: skip
    return Table("t-outcome", words.say("table.outcome"), heads, tuple(body), "outcome", "dense",
                 words.say("table.outcome.note"))  # fmt: skip


def _printed(units: str) -> str:
    """Return the units as the column prints them: money in millions, shares in per cent."""
    if units == "USD":
        return "USD million"
    return units


def _shocks(r: Reader) -> Table:
    words = r.words
    body = tuple(
        (
            Cell((words.name("shock", str(row.get("shock"))),), "head"),
            num(r.value(row.get("chance"), "share")),
            num(r.value(row.get("hit_share"), "share")),
        )
        for row in r.rows("details.shocks")
    )
    head = r.head("head.shock", "#head.chance", "#head.hit")
    return Table("t-shocks", words.say("table.shocks"), head, body, "details.shocks", "tight",
                 words.say("table.shocks.note"))  # fmt: skip


def _story(r: Reader) -> tuple[Block, ...]:
    """Return the storyline, one row a month."""
    words = r.words
    months: dict[str, list[Text]] = {}
    for line in r.rows("details.storyline.lines"):
        told = words.note(str(line.get("code")), line.get("values") or {})
        months.setdefault(str(line.get("month")), []).append(told)
    body = []
    for month, sentences in months.items():
        text: Text = ()
        for sentence in sentences:
            text = (*text, " ", *sentence) if text else sentence
        body.append((Cell((r.month(month),), "head"), cell(text)))
    option = words.name("option", str(r.at("details.storyline.option") or ""))
    intro = words.say("story.intro", option=option)
    head = r.head("head.month", "head.what")
    table = Table("t-story", words.say("table.story"), head, tuple(body),
                  "details.storyline", "story")  # fmt: skip
    return Paragraph(intro), table


def against(r: Reader) -> Section:
    """Return the strongest case against the option, and the expected harm of the mission."""
    say = r.words.say
    return Section(
        "against",
        say("against.title"),
        (
            Paragraph(say("against.intro")),
            Items(sentences(r, "details.against") or (say("against.none"),)),
            Group(say("harm.title"), (Items(sentences(r, "details.harm")
                                            or (say("harm.none"),)),), "harm"),
        ),
    )  # fmt: skip


def sentences(r: Reader, path: str) -> tuple[Text, ...]:
    """Return the arguments at a path, each a sentence."""
    return tuple(
        r.words.note(str(row.get("code")), _known(row.get("values") or {})) for row in r.rows(path)
    )


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with a grade letter as data and numbers as they are."""
    return {k: v if number(v) is not None or v is None else str(v) for k, v in values.items()}


def notes(r: Reader) -> Items:
    """Return every note of the run."""
    said = tuple(
        r.words.note(str(n.get("code")), n.get("values") or {}, str(n.get("text") or ""))
        for n in r.rows("notes")
    )
    return Items(said or (r.words.say("notes.none"),))


def raw(text: object) -> Raw:
    """Return data as it is, in the language of its source."""
    return Raw(str(text), "en")
