"""What to find out first, and what would change the advice: the assessment team's checklist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief._first import parameter
from polgap.brief._model import (
    Block,
    Cell,
    Claim,
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
from polgap.brief._numbers import UNKNOWN
from polgap.brief._reader import Reader, num, number
from polgap.brief._words import Words, joined

Row_ = Mapping[str, Any]

_TURNS = 3
_UNKNOWNS = 10
_GROUPS = ("violence", "population", "luck")
_TOTALS = ("need", "national_shortfall", "mission_requirement", "left_open")


def inquiry(r: Reader) -> Section:
    """Return the checklist, what would change the advice, and the shares of variance."""
    say = r.words.say
    blocks: list[Block | Group] = []
    if r.at("details.checklist"):
        blocks.append(Paragraph(intro(r)))
        blocks.append(Group(say("inquiry.checklist"), _checklist(r), "checklist"))
        blocks += _turning(r)
        table = _sobol(r)
        blocks += [table] if table else []
    else:
        blocks.append(Paragraph(say("inquiry.none"), "note"))
    return Section("inquiry", say("inquiry.title"), tuple(blocks))


def _turning(r: Reader) -> tuple[Group, ...]:
    """Return what would change the advice; nothing where an edition leaves it out."""
    if r.at("details.turning") is None:
        return ()
    priced = r.at("details.checklist.decisions.choice") is not None
    price = (Paragraph(_price(r)),) if priced else ()
    return (Group(r.words.say("turning.title"), (*price, Items(turns(r))), "turning"),)


def told(block: Row_, language: str) -> list[str]:
    """Return the checklist and what would change the advice as plain lines, for a terminal.

    Parameters
    ----------
    block : Mapping
        With the keys ``checklist`` and ``turning`` of ``details.json``.
    language : str
        ``en`` or ``fr``.
    """
    letters = [row for row in block.get("turning") or () if row.get("kind") == "grade"]
    shown = {**block, "grade": letters[0] if letters else {}}
    r = Reader(block, shown, Words(language)).called()
    heads = (r.words.plain("inquiry.checklist"), r.words.plain("turning.title"))
    asked = [f"{k}. {plain(text)}" for k, text in enumerate(questions(r), start=1)]
    rest = [plain(text) for text in summary(r)]
    return ["", heads[0], plain(intro(r)), *asked, *rest, "", heads[1],
            *(f"- {plain(text)}" for text in turns(r))]  # fmt: skip


def intro(r: Reader) -> Text:
    """Return which decisions the questions serve, and the ratio of costs they rest on."""
    figure = r.at("details.checklist.decisions.figure") or {}
    short, idle = number(figure.get("short")) or 0.0, number(figure.get("idle")) or 1.0
    path = "details.checklist.decisions.figure"
    return r.words.say(
        "inquiry.intro",
        ratio=r.value(short / idle, "count", path),
        officers=r.value(figure.get("officers"), "officers", path),
    )


def _checklist(r: Reader) -> tuple[Block, ...]:
    asked = questions(r)
    first: Block = Items(asked) if asked else Paragraph(r.words.say("inquiry.none"), "note")
    return (first, *(Paragraph(text, "note") for text in summary(r)))


def questions(r: Reader) -> tuple[Text, ...]:
    """Return the questions, the most useful first; those whose use an edition holds."""
    rows = r.rows("details.checklist.rows")
    return tuple(_question(r, row) for row in rows if _serves(row, "figure", "choice"))


def _serves(row: Row_, *decisions: str) -> bool:
    return any((number((row.get(d) or {}).get("low")) or 0.0) > 0 for d in decisions)


def _question(r: Reader, row: Row_) -> Text:
    words, path = r.words, "details.checklist.rows"
    low, mid, high = (parameter(r, row.get(k)) for k in ("low", "mid", "high"))
    figure, choice = row.get("figure") or {}, row.get("choice") or {}
    code = f"question.{row.get('name')}"
    common: dict[str, Part | Text] = {
        "question": words.say(code) if words.has(code) else (_name(r, str(row.get("name"))), "?"),
        "who": words.name("tell", str(row.get("role"))),
        "how": words.name("how", str(row.get("how"))),
        "value": _measured(r, row, Claim(mid.text, mid.value, low.value, high.value, path=path,
                           interval=r.numbers.span(low.text, high.text))),
    }  # fmt: skip
    if not _serves(row, "figure"):
        return words.say("inquiry.row_choice", **common,
                         share=r.value(choice.get("share"), "share", path))  # fmt: skip
    loss = number(r.at("details.checklist.decisions.figure.expected_loss")) or 1.0
    ends = {k: (number(figure.get(k)) or 0.0) / loss for k in ("low", "high")}
    low_text, high_text = (r.numbers.show(ends[k], "share") for k in ("low", "high"))
    return words.say(
        "inquiry.row",
        **common,
        now=r.value(figure.get("width_now"), "officers", path),
        then=r.value(figure.get("width_then"), "officers", path),
        share=r.value(figure.get("share"), "share", path),
        span=Claim(r.numbers.span(low_text, high_text), None, ends["low"], ends["high"]),
    )


def summary(r: Reader) -> list[Text]:
    """Return what the first answers are worth together, whom to see, and what is left aside."""
    words, out = r.words, []
    path = "details.checklist"
    rows = r.rows("details.checklist.together")
    if len(rows) > 1:
        last = rows[-1]
        figure = last.get("figure") or {}
        out.append(
            words.say(
                "inquiry.together",
                count=r.value(last.get("answers"), "count", path),
                now=r.value(figure.get("width_now"), "officers", path),
                then=r.value(figure.get("width_then"), "officers", path),
                share=r.value(figure.get("share"), "share", path),
            )
        )
    roles = r.rows("details.checklist.by_role")
    if len(roles) > 1:
        names = joined([words.name("tell", str(row.get("role"))) for row in roles])
        out.append(words.say("inquiry.roles", roles=names))
    others = r.at("details.checklist.others")
    if others:
        out.append(words.say("inquiry.others", count=r.value(others, "count", path)))
    return out


def _price(r: Reader) -> Text:
    path = "details.checklist.decisions.choice"
    price = r.at(f"{path}.usd_per_officer_month_open")
    return r.words.say("turning.intro", price=r.value(price, "USD", path))


def turns(r: Reader) -> tuple[Text, ...]:
    """Return what would change the advice, and plainly where nothing in range would."""
    out: list[Text] = []
    for row in r.rows("details.turning"):
        kind = row.get("kind")
        if kind == "grade":
            out.append(_grade(r, row))
        elif kind in ("choice", "mission"):
            out += _turns(r, row, str(kind))
    return tuple(out) or (r.words.say("turning.none"),)


def _turns(r: Reader, row: Row_, kind: str) -> list[Text]:
    words, path = r.words, "details.turning"
    code = "turning.choice"
    about: dict[str, Part | Text]
    if kind == "choice":
        share = r.value(row.get("share_better"), "share", path)
        about = {k: words.name("option", str(row.get(k))) for k in ("preferred", "rival")}
    else:
        code = f"turning.mission.{'over' if row.get('above') else 'under'}"
        share = r.value(row.get("share_above"), "share", path)
        about = {"present": r.value(row.get("present"), "officers", path)}
    found = list(row.get("turns") or ())[:_TURNS]
    if not found:
        return [words.say(f"{code}.nothing", **about, share=share)]
    out = []
    for turn in found:
        at, low, high = (_rounded(r, turn.get(k)) for k in ("at", "at_low", "at_high"))
        out.append(
            words.say(
                f"{code}.{turn.get('holds') or 'above'}",
                **about,
                parameter=_name(r, str(turn.get("name"))),
                at=_measured(
                    r,
                    turn,
                    Claim(
                        at.text,
                        at.value,
                        low.value,
                        high.value,
                        path=path,
                        interval=r.numbers.span(low.text, high.text),
                    ),
                ),
                chance=r.value(turn.get("chance"), "share", path),
            )
        )
    return out


def _measured(r: Reader, row: Row_, claim: Claim) -> Text:
    """Return a number with its units; a plain share has none to say."""
    units = str(row.get("units") or "")
    return (claim,) if units in ("", "share") else (claim, " ", r.words.known("unit", units))


def _rounded(r: Reader, value: object) -> Claim:
    found = number(value)
    return Claim(UNKNOWN if found is None else r.numbers.significant(found), found)


def _grade(r: Reader, row: Row_) -> Text:
    letter, steps = str(row.get("letter")), list(row.get("steps") or ())
    for k, step in enumerate(steps, start=1):
        if step.get("letter") != letter:
            names = joined([_name(r, str(s.get("name"))) for s in steps[:k]])
            then = Raw(str(step.get("letter")))
            return r.words.say("turning.grade.better", letter=Raw(letter), then=then, names=names)
    count = r.value(len(steps), "count", "details.turning")
    return r.words.say("turning.grade.same", letter=Raw(letter), count=count)


def _name(r: Reader, name: str) -> Part:
    return r.words.name("unknown" if name in _GROUPS else "parameter", name)


def _sobol(r: Reader) -> Table | None:
    """Return the largest shares of variance: alone for each total, with interplay for one."""
    by = {str(h.get("headline")): h for h in r.rows("details.sensitivity.headlines")}
    rows = {
        total: {str(x.get("name")): x for x in (by.get(total) or {}).get("rows") or ()}
        for total in _TOTALS
    }
    largest: dict[str, float] = {}
    for found in rows.values():
        for name, row in found.items():
            most = max(number(row.get(k)) or 0.0 for k in ("first", "total"))
            largest[name] = max(largest.get(name, 0.0), most)
    names = sorted(largest, key=lambda name: -largest[name])[:_UNKNOWNS]
    if not names:
        return None
    body = tuple(
        (
            Cell((_name(r, name),), "head"),
            *(num(_index(r, rows[total].get(name), "first")) for total in _TOTALS),
            num(_index(r, rows["mission_requirement"].get(name), "total")),
        )
        for name in names
    )
    head = r.head("head.unknown", *(f"#total.{total}" for total in _TOTALS), "#head.interplay")
    return Table("t-sobol", r.words.say("inquiry.sobol"), head, body, "details.sensitivity",
                 "dense", r.words.say("inquiry.sobol.note"))  # fmt: skip


def _index(r: Reader, row: Row_ | None, key: str) -> Claim:
    found = row or {}
    mid = number(found.get(key))
    if mid is None:
        return Claim(UNKNOWN, None)
    low, high = (number(found.get(f"{key}_{end}")) or 0.0 for end in ("low", "high"))
    show = [r.numbers.show(max(0.0, value), "share") for value in (mid, low, high)]
    return Claim(show[0], mid, low, high, "share", interval=r.numbers.span(show[1], show[2]))
