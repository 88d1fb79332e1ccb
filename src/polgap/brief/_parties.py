"""Stakeholders: other providers of security, contributors, programmes and their donors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polgap.brief._context import ask, has
from polgap.brief._model import Block, Cell, Group, Paragraph, Part, Raw, Section, Table, Text
from polgap.brief._monthly import place
from polgap.brief._police import name_of
from polgap.brief._reader import Reader, cell, num, number

PRESENT, NOTIONAL = "PRESENT", "NOTIONAL"
"""Contributors that are no State: the units in the mission, and offers nobody has made."""


def stakeholders(r: Reader) -> Section:
    """Return who else gives security, who offers police, and who pays for reform."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("parties.intro"))]
    for key, table in (
        ("other_providers", _providers), ("pledges", _contributors), ("programmes", _programmes),
    ):  # fmt: skip
        if not has(r, key):
            continue
        found = table(r) if r.rows(f"details.{key}") else None
        inside: Sequence[Block] = (found,) if found else ask(r, key)
        blocks.append(Group(say(f"parties.{key}"), tuple(inside), f"parties-{key}"))
    blocks += ask(r, "parties")
    return Section("stakeholders", say("parties.title"), tuple(blocks))


def _marked(r: Reader, text: Part, row: Mapping[str, Any]) -> Text:
    mark = r.words.mark(str(row.get("basis") or ""))
    return (text, "\u00a0", mark) if mark else (text,)


def _month(r: Reader, row: Mapping[str, Any], key: str, empty: str) -> Text:
    month = str(row.get(key) or "")
    return (r.month(month),) if month else r.words.say(empty)


def _providers(r: Reader) -> Table:
    words = r.words
    body = tuple(
        (
            Cell(_marked(r, words.name("provider", str(row.get("provider"))), row), "head"),
            cell(place(r, str(row.get("area") or ""))),
            cell(words.name("function", str(row.get("function")))),
            num(r.value(row.get("strength"), "officers")),
            cell(_month(r, row, "until", "parties.open")),
            cell(words.name("counting", str(row.get("counts")))),
            cell(Raw(str(row.get("legal_basis") or "–"))),
        )
        for row in r.rows("details.other_providers")
    )
    head = r.head("head.other_provider", "head.area", "head.function", "#head.officers_plain",
                  "head.until", "head.counting", "head.legal_basis")  # fmt: skip
    return Table("t-providers", words.say("table.providers"), head, body,
                 "details.other_providers", "dense", words.say("table.providers.note"))  # fmt: skip


def _contributors(r: Reader) -> Table:
    """Return what is offered by contributor, kind of unit and readiness; like offers in one row."""
    words = r.words
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in r.rows("details.pledges"):
        key = tuple(str(row.get(k)) for k in ("contributor", "unit_type", "readiness"))
        found.setdefault((key[0], key[1], key[2]), []).append(row)
    body = []
    for (who, unit, ready), rows in found.items():
        units = sum(number(x.get("number")) or 0.0 for x in rows)
        name: Part = words.name("contributor", who)
        body.append(
            (
                Cell(_marked(r, name, rows[0]), "head"),
                cell(words.name("unit_type", unit)),
                num(r.value(units, "count")),
                cell(words.name("readiness", ready)),
                cell(_range(r, [number(x.get("chance")) for x in rows]), "num"),
                cell(_range(r, [number(x.get("women")) for x in rows]), "num"),
                cell(_languages(rows)),
            )
        )
    head = r.head("head.contributor", "head.unit_type", "#head.units_number", "head.readiness",
                  "#head.chance", "#head.women", "head.language")  # fmt: skip
    return Table("t-contributors", words.say("table.contributors"), head, tuple(body),
                 "details.pledges", "dense", words.say("table.contributors.note"))  # fmt: skip


def _range(r: Reader, values: Sequence[float | None]) -> Text:
    known = [v for v in values if v is not None]
    if not known:
        return ("–",)
    low, high = r.value(min(known), "share"), r.value(max(known), "share")
    return (low,) if low.text == high.text else (low, "–", high)


def _languages(rows: Sequence[Mapping[str, Any]]) -> Text:
    found = sorted({str(x.get("language") or "") for x in rows} - {""})
    return (Raw(", ".join(found)),) if found else ("–",)


def _programmes(r: Reader) -> Table:
    words = r.words
    body = []
    for row in r.rows("details.programmes"):
        begin, end = (r.month(str(row.get(k) or "") or None) for k in ("from", "until"))
        verified = str(row.get("verified_by") or "")
        body.append(
            (
                Cell((name_of(r, row),), "head"),
                cell(words.name("programme", str(row.get("type")))),
                cell(
                    Raw(str(row.get("donor"))) if row.get("donor") else words.say("parties.unnamed")
                ),
                cell((begin, " – ", end)),
                num(r.value(row.get("cost"), "USD million")),
                cell(Raw(str(row.get("output") or "–"))),
                cell(Raw(verified) if verified else words.say("parties.unverified")),
            )
        )
    head = r.head("head.police_body", "head.kind", "head.donor", "head.span", "#head.cost",
                  "head.output", "head.verified")  # fmt: skip
    return Table("t-programmes", words.say("table.programmes"), head, tuple(body),
                 "details.programmes", "dense")  # fmt: skip
