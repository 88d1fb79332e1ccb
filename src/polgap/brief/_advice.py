"""What follows: options in three numbers, human-rights risk, recommendations, what to find out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief._context import ask, names_of
from polgap.brief._first import WHY, answer, basis_of_row, change
from polgap.brief._inquiry import inquiry
from polgap.brief._model import (
    Block,
    Cell,
    Group,
    Items,
    Paragraph,
    Section,
    Table,
    Text,
)
from polgap.brief._outcome import sentences
from polgap.brief._police import recorded, told_of
from polgap.brief._reader import CHOSEN, Reader, cell, num, number
from polgap.brief._record import label_of

_FIRST = 8
_RECORDED = ("host_consent", "hrddp")


def pointer(r: Reader) -> Section:
    """Return the options in three numbers; the decision paper works them out."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("pointer.intro"))]
    chosen, now = r.option(CHOSEN), r.option("status_quo")
    if chosen is None or now is None:
        blocks.append(Paragraph(answer(r)))
        return Section("options", say("pointer.title"), tuple(blocks))
    show = r.ranged if r.weak else (lambda claim: claim)
    rows = (
        ("open", "unmet_need", "officer-months"),
        ("cost", "cost", "USD million"),
    )
    body = [
        (
            Cell(say(f"pointer.{code}"), "head"),
            num(show(r.claim(now.get(key), units, f"options.status_quo.{key}"))),
            num(show(r.claim(chosen.get(key), units, f"options.{CHOSEN}.{key}"))),
        )
        for code, key, units in rows
    ]
    days = sum(number(s.get("days")) or 0.0 for s in r.rows("arrival.critical_path"))
    path = r.value(days or None, "days", "arrival.critical_path")
    body.append((Cell(say("pointer.days"), "head"), cell("–", "num"), num(path)))
    heads = (Cell(say("head.number")), Cell((r.words.name("option", "status_quo"),), "num"),
             Cell((r.words.name("option", CHOSEN),), "num"))  # fmt: skip
    blocks.append(Table("t-pointer", say("table.pointer"), heads, tuple(body), "options", "tight"))
    blocks.append(Paragraph(answer(r), "answer"))
    return Section("options", say("pointer.title"), tuple(blocks))


def human_rights(r: Reader) -> Section:
    """Return consent and due diligence as recorded, and the harm the mission itself may bring."""
    words, say = r.words, r.words.say
    blocks: list[Block | Group] = [Paragraph(say("rights.intro"))]
    body = tuple(
        (Cell(say(f"rights.{key}"), "head"), cell(words.check(recorded(r, key))),
         cell(say(f"rights.{key}.means")))
        for key in _RECORDED if told_of(r, key)
    )  # fmt: skip
    if body:
        head = r.head("head.precondition", "head.recorded", "head.why_matters")
        blocks.append(Table("t-rights", say("table.rights"), head, body, "details.mandate",
                            "tight"))  # fmt: skip
    harm = (*sentences(r, "details.harm"), *_predation(r))
    if harm:
        blocks.append(Group(say("rights.harm"), (Items(harm),), "rights-harm"))
    blocks.append(Paragraph((*say("rights.assembly"), *_assemblies(r)), "note"))
    blocks += ask(r, "rights")
    return Section("rights", say("rights.title"), tuple(blocks))


def _assemblies(r: Reader) -> Text:
    """Return how many of the observed assemblies were peaceful, if that is known."""
    notes = (n for n in r.rows("notes") if n.get("code") == "assess.assembly_kinds")
    told = [r.words.note(str(n["code"]), n.get("values") or {}) for n in notes]
    return (" ", *told[0]) if told else ()


def _predation(r: Reader) -> tuple[Text, ...]:
    return tuple(
        r.words.note(str(n.get("code")), n.get("values") or {})
        for n in r.rows("notes")
        if n.get("code") == "assess.not_closable"
    )


def recommendations(r: Reader) -> Section:
    """Return what the reasons call for, area by area; for discussion where the grade is weak."""
    say = r.words.say
    blocks: list[Block | Group] = [
        Paragraph(
            say("recommend.weak" if r.weak else "recommend.intro"), "warning" if r.weak else ""
        )
    ]
    table = _by_reason(r)
    blocks += [table] if table else [Paragraph(say("recommend.none"), "note")]
    rows = tuple(
        say(f"recommend.also.{code}")
        for code, there in (
            ("hrddp", told_of(r, "hrddp") and recorded(r, "hrddp") is not True),
            ("consent", told_of(r, "host_consent") and recorded(r, "host_consent") is not True),
            ("host", any(n.get("code") == "host_assumed" for n in r.rows("notes"))),
            ("pledges", any(n.get("code") == "notional_pledges" for n in r.rows("notes"))),
        )
        if there
    )
    if rows:
        blocks.append(Group(say("recommend.also"), (Items(rows),), "before-else"))
    return Section("recommendations", say("recommend.title"), tuple(blocks))


def _by_reason(r: Reader) -> Table | None:
    """Return the areas by their largest reason, and what that reason calls for."""
    found: dict[str, list[str]] = {}
    for row in r.rows("details.by_area"):
        why = row.get("why")
        if isinstance(why, Mapping):
            known = {k: v for k, _ in WHY if (v := number(why.get(k))) is not None}
            if known:
                top = max(known, key=lambda k: known[k])
                found.setdefault(top, []).append(str(row.get("area")))
    if not found:
        return None
    body = tuple(
        (
            Cell((r.words.name("why", key),), "head"),
            num(r.value(len(found[key]), "count", "details.by_area.why")),
            cell(names_of(r, found[key], 8)),
            cell(r.words.say(f"recommend.{key}")),
        )
        for key, _ in WHY
        if key in found
    )
    head = r.head("head.main_reason", "#head.areas", "head.which", "head.calls_for")
    return Table("t-recommend", r.words.say("table.recommend"), head, body, "details.by_area.why",
                 "recommend", r.words.say("table.recommend.note"))  # fmt: skip


def find_out(r: Reader) -> Section:
    """Return what the assessment team should find out first: weak values that move most."""
    say, rows = r.words.say, _weak_movers(r)
    if r.rows("details.checklist.rows"):
        return Section("find-out", say("first.title"), inquiry(r).blocks)
    blocks: list[Block | Group] = [Paragraph(say("first.intro"))]
    if rows:
        body = tuple(
            (
                cell("☐", "box"),
                Cell((label_of(r, row),), "head"),
                cell(r.words.known("unit", str(row.get("units") or ""))),
                num(change(r, row.get("change_low"))),
                num(change(r, row.get("change_high"))),
                cell(r.words.basis(basis_of_row(row)).meaning),
            )
            for row in rows
        )
        head = r.head("head.done", "head.find_out", "head.units", "#head.at_low", "#head.at_high",
                      "head.basis")  # fmt: skip
        blocks.append(Table("t-first", say("table.first"), head, body, "details.movers", "dense",
                            say("table.first.note")))  # fmt: skip
    else:
        blocks.append(Paragraph(say("first.none"), "note"))
    return Section("find-out", say("first.title"), tuple(blocks))


def _weak_movers(r: Reader) -> list[Any]:
    """Return the recalled and assumed values that move the requirement, the largest first."""
    rows = [x for x in r.rows("details.movers") if basis_of_row(x) in ("recalled", "assumed")]

    def size(row: Mapping[str, Any]) -> float:
        return -max(abs(number(row.get(k)) or 0.0) for k in ("change_low", "change_high"))

    return sorted(rows, key=size)[:_FIRST]
