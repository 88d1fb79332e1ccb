"""The annex: the tables behind the pictures, so that no number needs a picture to be read."""

from __future__ import annotations

from polgap.brief import figures
from polgap.brief._gap import LAYERS, area_head, area_row, middle
from polgap.brief._hubs import hubs_table
from polgap.brief._model import Block, Cell, Paragraph, Raw, Row, Section, Table
from polgap.brief._outlook import every_model, seen
from polgap.brief._plan import other_plans
from polgap.brief._reader import Block as Mapping_
from polgap.brief._reader import Reader, alphabetical, num
from polgap.brief._record import movers_table
from polgap.brief._time import every_handover


def annex(r: Reader) -> Section:
    """Return every table that a picture stands for and that is not beside it."""
    say = r.words.say
    by_month = (
        (violence_table(r, "deaths"), violence_table(r, "events")),
        (
            by_month_table(r, "t-open", "gap.by_month", "figure.open"),
            by_month_table(r, "t-institutional", "details.institutional", "figure.institutional"),
        ),
    )
    wide = (areas_table(r), hubs_table(r), _curves(r), every_model(r), movers_table(r),
            every_handover(r))  # fmt: skip
    blocks: list[Block] = [Paragraph(say("annex.intro"))]
    blocks += [t for t in wide if t is not None]
    blocks += other_plans(r)
    for pair in by_month:
        there = tuple(t for t in pair if t is not None)
        blocks += [Row(there)] if there else []
    return Section("annex", say("annex.title"), tuple(blocks), "annex")


def areas_table(r: Reader) -> Table | None:
    """Return every area with its totals, class, phase and main reason."""
    rows = r.rows("details.by_area")
    if not rows:
        return None
    breaks = figures.breaks_of(middle(row, layer) for row in rows for layer in LAYERS)
    rows.sort(key=lambda row: alphabetical(str(row.get("name") or "")))
    body = tuple(area_row(r, row, breaks, anchored=True) for row in rows)
    return Table("t-areas", r.words.say("table.areas"), area_head(r), body, "details.by_area",
                 "dense", r.words.say("table.worst.note"))  # fmt: skip


def violence_table(r: Reader, measure: str) -> Table | None:
    """Return the past and the forecast of deaths or events by month."""
    future = [row for row in r.rows("details.fan") if row.get("measure") == measure]
    if not future:
        return None
    dash = Cell(("–",), "num")
    body: list[tuple[Cell, ...]] = []
    for row in r.rows("details.history")[-24:]:
        value = r.value(seen(row, measure), "deaths")
        body.append((Cell((r.month(row.get("month")),), "head"), num(value), *[dash] * 5))
    for row in future:
        points = [num(r.value(row.get(q), "deaths")) for q in ("q10", "q25", "q50", "q75", "q90")]
        body.append((Cell((r.month(row.get("month")),), "head"), dash, *points))
    words = ("#head.q10", "#head.q25", "#head.q50", "#head.q75", "#head.q90")
    head = r.head("head.month", "#head.seen", *words)
    return Table(f"t-{measure}", r.words.say(f"table.{measure}"), head, tuple(body),
                 "details.fan", "narrow")  # fmt: skip


def by_month_table(r: Reader, key: str, path: str, title: str) -> Table | None:
    rows: list[Mapping_] = r.rows(path)
    if not rows:
        return None
    body = tuple(
        (Cell((r.month(row.get("month")),), "head"), num(r.claim(row, "officers"))) for row in rows
    )
    head = r.head("head.month", "#head.officers")
    return Table(key, r.words.say(title), head, body, path, "narrow")


def _curves(r: Reader) -> Table | None:
    curves = r.at("details.curve_options") or {}
    if not curves and r.rows("arrival.curve"):
        curves = {str(r.at("arrival.option")): r.rows("arrival.curve")}
    if not curves:
        return None
    names = list(curves)
    by_month = {name: {str(row.get("month")): row for row in curves[name] or []} for name in names}
    months = list(dict.fromkeys(m for rows in by_month.values() for m in rows))
    body = tuple(
        (Cell((r.month(m),), "head"),
         *(num(r.claim(by_month[n].get(m), "officers")) for n in names))
        for m in months
    )  # fmt: skip
    heads = [Cell(r.words.say("head.month"))]
    for name in names:
        part = r.words.name("option", name)
        heads.append(Cell((part if isinstance(part, Raw) else str(part),), "num"))
    return Table("t-curve", r.words.say("figure.curve"), tuple(heads), body,
                 "details.curve_options", "dense")  # fmt: skip
