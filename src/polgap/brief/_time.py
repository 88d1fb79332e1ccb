"""Time: who can be there by when, and when the host-State police can take over."""

from __future__ import annotations

from typing import Any

from polgap.brief import figures
from polgap.brief._force import force
from polgap.brief._model import (
    Block,
    Cell,
    Figure,
    Group,
    Paragraph,
    Part,
    Raw,
    Section,
    Table,
    Text,
    plain,
)
from polgap.brief._options import lines
from polgap.brief._outlook import month_ticks
from polgap.brief._reader import Reader, band, cell, num, number
from polgap.brief.figures._svg import ASKED, OPEN

_CRITERIA = ("response", "certified", "logistics", "stability")
_MARKS = ("p50", "p80", "p95")
_NEAREST = 10


def deployment(r: Reader) -> Section:
    """Return the arrival curve, the dates of each pledge and the generation chain."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("deploy.intro"))]
    shown: list[Block | None] = [curve(r), _dates(r)]
    found = [block for block in shown if block is not None]
    blocks += found or [Paragraph(say("deploy.none"), "note")]
    blocks += force(r)
    chain = _chain(r)
    if chain:
        blocks.append(Group(say("deploy.chain"), chain, "chain"))
    return Section("deployment", say("deploy.title"), tuple(blocks))


def curve(r: Reader) -> Figure | None:
    """Return the arrival curve of each option; None where there is none."""
    words, series, months = r.words, lines(r), [str(x.get("month")) for x in _months(r)]
    if not series:
        rows = r.rows("arrival.curve")
        option = words.label("option", str(r.at("arrival.option")))
        series = [figures.Line(option, band(rows), ASKED, True)] if rows else []
    if not series:
        return None
    title = words.say("figure.curve")
    svg = figures.curve("curve", series, title=plain(title), months=month_ticks(r, months),
                        desc=words.plain("figure.curve.desc"), show=r.numbers.officers)  # fmt: skip
    return Figure("curve", title, svg, words.say("figure.curve.caption"), "t-curve")


def _months(r: Reader) -> list[Any]:
    curves = r.at("details.curve_options") or {}
    return next(iter(curves.values()), None) or r.rows("arrival.curve")


def _dates(r: Reader) -> Table | None:
    rows = r.rows("arrival.pledges")
    if not rows:
        return None
    words = r.words
    body = tuple(
        (
            Cell((Raw(str(row.get("pledge"))),), "head"),
            cell(words.name("unit_type", str(row.get("unit_type")))),
            *(cell(r.month(row[k]) if row.get(k) else words.say("not_reached"), "num")
              for k in _MARKS),
        )
        for row in rows
    )  # fmt: skip
    head = r.head("head.pledge", "head.unit_type", "#head.p50", "#head.p80", "#head.p95")
    return Table("t-arrival", words.say("table.arrival"), head, body, "arrival.pledges", "dense",
                 words.say("table.arrival.note"))  # fmt: skip


def _chain(r: Reader) -> tuple[Block, ...]:
    words, path = r.words, r.rows("arrival.critical_path")
    blocks: list[Block] = []
    if path:
        steps = [
            figures.Step(words.label("activity", str(s.get("activity"))),
                         number(s.get("days")) or 0.0, r.value(s.get("days"), "days").text)
            for s in path
        ]  # fmt: skip
        whole = r.value(sum(s.days for s in steps), "days")
        title = words.say("figure.path")
        svg = figures.steps("path", steps, title=plain(title), desc=words.plain("figure.path.desc"),
                            total=words.plain("path.total", days=whole))  # fmt: skip
        table = "t-chain" if r.rows("details.generation") else ""
        blocks.append(Figure("path", title, svg, words.say("figure.path.caption"), table))
    chain = _chain_table(r)
    return (*blocks, chain) if chain else tuple(blocks)


def _chain_table(r: Reader) -> Table | None:
    words, rows = r.words, r.rows("details.generation")
    if not rows:
        return None
    kinds = list(dict.fromkeys(str(row.get("readiness")) for row in rows))
    acts = list(dict.fromkeys(str(row.get("activity")) for row in rows))
    found = {(str(row.get("activity")), str(row.get("readiness"))): row for row in rows}
    body = []
    for act in acts:
        cells = [Cell((words.name("activity", act),), "head")]
        for kind in kinds:
            row = found.get((act, kind))
            text: Text = ("–",)
            if row is not None:
                text = (r.value(row.get("days"), "days"),)
                if row.get("critical"):
                    text = (*text, " ", words.sign("critical"))
            cells.append(Cell(text, "num"))
        body.append(tuple(cells))
    heads = [Cell(words.say("head.activity"))]
    heads += [Cell((words.name("readiness", kind),), "num") for kind in kinds]
    note = words.say("table.chain.note")
    return Table("t-chain", words.say("table.chain"), tuple(heads), tuple(body),
                 "details.generation", "dense", note)  # fmt: skip


def handover(r: Reader) -> Section:
    """Return the earliest safe date of each area, and the institutional gap by exit month."""
    words, rows = r.words, r.rows("handover")
    blocks: list[Block | Group] = [Paragraph(words.say("handover.intro"))]
    if not rows:
        blocks.append(Paragraph(words.say("handover.unknown"), "note"))
        return Section("handover", words.say("handover.title"), tuple(blocks))
    reached = sum(1 for row in rows if row.get("earliest"))
    blocks.append(
        Paragraph(
            words.say("handover.reached" if reached else "handover.none",
                      count=r.value(reached, "count", "handover"),
                      areas=r.value(len(rows), "count", "handover")),
            "answer",
        )
    )  # fmt: skip
    figure = _institutional(r)
    blocks += [figure] if figure else []
    blocks.append(_handover_table(r))
    return Section("handover", words.say("handover.title"), tuple(blocks))


def _handover_table(r: Reader) -> Table:
    """Return the areas handed over, or nearest to it."""
    rows = _by_readiness(r)
    reached = sum(1 for row in rows if row.get("earliest"))
    shown = rows if len(rows) <= _NEAREST + 2 else rows[: max(_NEAREST, reached)]
    code = "table.handover" if len(shown) == len(rows) else "table.handover_first"
    note = "table.handover.note" if len(shown) == len(rows) else "table.handover.note_annex"
    return _handover_rows(r, "t-handover", code, shown, note)


def every_handover(r: Reader) -> Table | None:
    """Return all areas, where the section shows only some."""
    rows = _by_readiness(r)
    if len(_handover_table(r).rows) == len(rows):
        return None
    return _handover_rows(r, "t-handover-all", "table.handover", rows, "table.handover.note")


def _by_readiness(r: Reader) -> list[dict[str, Any]]:
    """Return the rows by date, then by how many futures are ready, then by name."""
    names = r.words.places
    return sorted(
        r.rows("handover"),
        key=lambda row: (
            row.get("earliest") or "9999-12",
            -(number(row.get("confidence")) or 0.0),
            names.get(str(row.get("area")), ""),
        ),
    )


def _handover_rows(
    r: Reader, key: str, caption: str, rows: list[dict[str, Any]], note: str
) -> Table:
    words, body = r.words, []
    for row in rows:
        area, criteria = str(row.get("area")), row.get("criteria") or {}
        earliest = row.get("earliest")
        body.append(
            (
                Cell((Raw(words.places.get(area, area)),), "head"),
                cell(r.month(earliest) if earliest else words.say("not_reached")),
                cell(_measure(r, row.get("confidence")), "num"),
                *(cell(_measure(r, criteria.get(c)), "num") for c in _CRITERIA),
                num(r.claim(row.get("reversal"), "share")),
            )
        )
    criteria_heads = [f"#criterion.{c}" for c in _CRITERIA]
    head = r.head("head.area", "head.earliest", "#head.confidence", *criteria_heads,
                  "#head.reversal")  # fmt: skip
    return Table(key, words.say(caption), head, tuple(body), "handover", "dense", words.say(note))


def _measure(r: Reader, value: object) -> Text:
    """Return a criterion as it is given: met or not, the share of futures, or a word."""
    if isinstance(value, bool) or value is None:
        return r.words.check(value)
    found = number(value)
    part: Part = r.value(found, "share") if found is not None else Raw(str(value))
    return (part,)


def _institutional(r: Reader) -> Figure | None:
    rows = r.rows("details.institutional")
    if not rows:
        return None
    words = r.words
    line = figures.Line(words.plain("three.institutional.name"), band(rows), OPEN, True)
    title = words.say("figure.institutional")
    months = [str(row.get("month")) for row in rows]
    svg = figures.curve("institutional", [line], title=plain(title), show=r.numbers.officers,
                        desc=words.plain("figure.institutional.desc"),
                        months=month_ticks(r, months, max(1, len(months) // 6)))  # fmt: skip
    caption = words.say("figure.institutional.caption")
    return Figure("institutional", title, svg, caption, "t-institutional")
