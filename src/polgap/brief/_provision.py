"""What host-State provision is made of, and the advice on institutions: internal edition only."""

from __future__ import annotations

from polgap.brief._model import Block as Block_
from polgap.brief._model import Cell, Claim, Group, Paragraph, Part, Raw, Table, Text
from polgap.brief._reader import Block, Reader, cell, num, number
from polgap.brief._words import joined

_MOST = 15
_WHOLE = ("*", "")
_STRENGTH = ("authorised", "deployed", "effective")
_CHAIN = ("authorised", "roll", "ghosts", "available")


def provision(r: Reader) -> tuple[Group, ...]:
    """Return the chain, where assessors differ, and the other providers, as far as told."""
    tables = (_strength(r), _institutions(r), _assessors(r), _ledger(r))
    there: tuple[Block_, ...] = tuple(t for t in tables if t.rows)
    alone = _alone(r)
    there += (Paragraph(alone, "note"),) if alone else ()
    if not there:
        return ()
    say = r.words.say
    intro = Paragraph(say("provision.intro"))
    return (Group(say("provision.title"), (intro, *there), "provision"),)


def _strength(r: Reader) -> Table:
    words, path = r.words, "details.provision.strength"
    body = tuple(
        (
            Cell((words.name("side", str(row.get("who"))),), "head"),
            *(num(r.claim(row.get(k), "officers", basis=str(row.get("basis")))) for k in _STRENGTH),
        )
        for row in r.rows(path)
    )
    head = r.head("head.side", "#head.authorised", "#head.deployed", "#head.effective")
    note = words.say("table.strength.note")
    return Table("t-strength", words.say("table.strength"), head, body, path, "tight", note)


def _institutions(r: Reader) -> Table:
    words, path = r.words, "details.provision.institutions"
    body = []
    for row in r.rows(path):
        basis = str(row.get("basis"))
        officers = (num(r.claim(row.get(k), "officers", basis=basis)) for k in _CHAIN)
        capital = num(r.claim(row.get("in_capital"), "share", basis=basis))
        able = num(r.claim(row.get("able_share"), "share", basis=basis))
        name = Cell((_named(r, row),), "head")
        body.append((name, *officers, able, num(_bounds(r, row)), capital))
    head = r.head("head.institution", "#head.authorised", "#head.roll", "#head.ghosts",
                  "#head.available", "#head.able", "#head.bounds",
                  "#head.in_capital")  # fmt: skip
    note = words.say("table.institutions.note")
    title = words.say("table.institutions")
    return Table("t-institutions", title, head, tuple(body), path, "dense", note)


def _bounds(r: Reader, row: Block) -> Claim:
    """Return the range of joint shares that single shares allow."""
    ends = [number((row.get(f"able_bound_{k}") or {}).get("mid")) for k in ("low", "high")]
    low, high = ends
    if low is None or high is None:
        return r.value(None, "share")
    text = r.numbers.interval(low, high, high, "share")
    return Claim(text, None, low, high, "share")


def _several(row: Block) -> bool:
    return (number(row.get("assessors")) or 0.0) > 1


def _alone(r: Reader) -> Text:
    """Return that nobody could disagree, where every indicator has one assessor."""
    rows = r.rows("details.provision.assessors")
    if not rows or any(_several(row) for row in rows):
        return ()
    if all(str(row.get("basis")) in ("assumed", "recalled") for row in rows):
        return r.words.say("assessors.none")
    return r.words.say("assessors.alone", count=_count(r, len(rows)))


def _assessors(r: Reader) -> Table:
    """Return what several assessors say of one indicator; one alone cannot disagree."""
    words, path = r.words, "details.provision.assessors"
    rows = [row for row in r.rows(path) if _several(row)]
    rows.sort(key=lambda row: -(number(row.get("between")) or 0.0))
    body = tuple(
        (
            Cell((_named(r, row),), "head"),
            cell(_place(r, row)),
            cell(words.name("indicator", str(row.get("indicator")))),
            cell(words.known("role", str(row.get("roles")))),
            num(r.claim(row, "share", basis=str(row.get("basis")))),
            num(r.value(row.get("between"), "share")),
            num(r.value(row.get("age_months"), "months")),
        )
        for row in rows[:_MOST]
    )
    head = r.head("head.institution", "head.area", "head.indicator", "head.roles",
                  "#head.willing", "#head.between", "#head.age")  # fmt: skip
    counted = {"shown": _count(r, len(body)), "count": _count(r, len(rows))}
    note = words.say("table.assessors.note", **counted)
    return Table("t-assessors", words.say("table.assessors"), head, body, path, "dense", note)


def _count(r: Reader, value: int) -> Claim:
    return Claim(r.numbers.decimal(float(value)), float(value))


def _named(r: Reader, row: Block) -> Part:
    """Return an institution as the planner wrote it; the assumed one has words."""
    return r.words.known("institution", str(row.get("institution") or "–"))


def _place(r: Reader, row: Block) -> Part | Text:
    area = str(row.get("area") or "")
    if area in _WHOLE:
        return r.words.say("advice.whole")
    return Raw(r.words.places.get(area, area))


def _ledger(r: Reader) -> Table:
    words, path = r.words, "details.provision.ledger"
    body = []
    for row in r.rows(path):
        code = str(row.get("reason") or "")
        values = {k: row.get(k) for k in ("provider", "area", "until")}
        refused = code.endswith(("_never", "_not_counted"))
        counts = "refused" if refused else str(row.get("counts"))
        body.append(
            (
                Cell((words.name("provider", str(row.get("provider"))),), "head"),
                cell(_place(r, row)),
                cell(words.name("function", str(row.get("function")))),
                *(num(r.value(row.get(k), "officers")) for k in _STRENGTH),
                cell(words.name("counts", counts)),
                cell(words.note(code, values) if code else ("–",)),
            )
        )
    head = r.head("head.provider", "head.area", "head.function", "#head.authorised",
                  "#head.deployed", "#head.effective", "head.counts", "head.remark")  # fmt: skip
    return Table("t-ledger", words.say("table.ledger"), head, tuple(body), path, "dense")


def advice(r: Reader) -> tuple[Group, ...]:
    """Return the advice on each institution, its reason and what would change it."""
    rows = r.rows("details.advice")
    if not rows:
        return ()
    say = r.words.say
    whole = {str(row.get("institution")): row.get("advice") for row in rows
             if row.get("area") in _WHOLE}  # fmt: skip
    kept = [row for row in rows if row.get("area") in _WHOLE
            or row.get("advice") != whole.get(str(row.get("institution")))]  # fmt: skip
    body = tuple(line for row in kept for line in (_advised(r, row), _because(r, row)))
    head = r.head("head.institution", "head.area", "head.advice", "#head.able", "#head.willing",
                  "#head.harm", "#head.sure")  # fmt: skip
    note = say("table.advice.note")
    if len(kept) < len(rows):
        counted = {"shown": _count(r, len(kept)), "count": _count(r, len(rows))}
        note = (*note, " ", *say("table.advice.more", **counted))
    table = Table("t-advice", say("table.advice"), head, body, "details.advice", "dense", note)
    return (Group(say("advice.title"), (Paragraph(say("advice.intro")), table), "advice"),)


def _advised(r: Reader, row: Block) -> tuple[Cell, ...]:
    words = r.words
    given: Text = joined([words.name("give", str(g)) for g in row.get("gives") or ()])
    told = words.say(
        "advice.told", advice=words.name("advice", str(row.get("advice"))), gives=given
    )
    if row.get("conditional"):
        told = (*told, *words.say("advice.conditional"))
    if not row.get("equipment") and not row.get("headcount"):
        told = (*told, *words.say("advice.blocked"))
    basis = row.get("basis") or {}
    marks = (("able", "able"), ("willing", "willing"), ("harm", "willing"))
    return (
        Cell((_named(r, row),), "head"),
        cell(_place(r, row)),
        cell(told),
        *(num(r.claim(row.get(k), "share", basis=str(basis.get(b)))) for k, b in marks),
        num(r.value(row.get("sure"), "share")),
    )


def _because(r: Reader, row: Block) -> tuple[Cell, ...]:
    """Return the line below an advice: its reason and what would change it."""
    told = {k: _sentence(r, row.get(k)) for k in ("reason", "change")}
    if isinstance(row.get("doubt"), dict):
        told["reason"] = (*told["reason"], " ", *_sentence(r, row["doubt"]))
    return (Cell(r.words.say("advice.because", **told), "below", 7),)


def _sentence(r: Reader, note: object) -> Text:
    if not isinstance(note, dict):
        return ("–",)
    return r.words.note(str(note.get("code")), note.get("values") or {})
