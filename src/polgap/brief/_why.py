"""Why, by area: the reasons for the shortfall side by side, negative parts included."""

from __future__ import annotations

from collections.abc import Mapping

from polgap.brief import figures
from polgap.brief._first import WHY
from polgap.brief._gap import middle
from polgap.brief._model import Block, Cell, Figure, Paragraph, Raw, Table, plain
from polgap.brief._reader import Reader, alphabetical, num, number

_BARS = 20


def why_by_area(r: Reader) -> tuple[Block, ...]:
    """Return the reasons for the shortfall of the areas that lack most, and all as a table."""
    words = r.words
    rows = [row for row in r.rows("details.by_area") if isinstance(row.get("why"), Mapping)]
    parts = [(k, c) for k, c in WHY if any(number(row["why"].get(k)) is not None for row in rows)]
    if not rows or not parts:
        return ()
    rows.sort(key=lambda row: -(middle({**row, "data": ""}, "national_shortfall") or 0.0))
    drawn = [
        figures.Parted(
            Raw(str(row.get("name"))), [number(row["why"].get(k)) or 0.0 for k, _ in parts],
            r.claim(row.get("national_shortfall"), "officers").text,
        )
        for row in rows[:_BARS]
    ]  # fmt: skip
    title = words.say("figure.why_areas", count=r.value(len(drawn), "count"))
    names = [(words.plain(f"why.{k}"), c) for k, c in parts]
    svg = figures.parted("why-areas", drawn, title=plain(title), show=r.numbers.share,
                         desc=words.plain("figure.why_areas.desc"), legend=names)  # fmt: skip
    figure = Figure("why-areas", title, svg, words.say("figure.why_areas.caption"), "t-why-areas")
    return Paragraph(words.say("why_areas.intro")), figure


def why_table(r: Reader) -> Table | None:
    """Return the reasons of every area."""
    rows = [row for row in r.rows("details.by_area") if isinstance(row.get("why"), Mapping)]
    keys = [k for k, _ in WHY if any(number(row["why"].get(k)) is not None for row in rows)]
    if not keys:
        return None
    body = tuple(
        (
            Cell((Raw(str(row.get("name"))),), "head"),
            num(r.claim(row.get("national_shortfall"), "officers")),
            *(num(r.value(row["why"].get(k), "share")) for k in keys),
        )
        for row in sorted(rows, key=lambda row: alphabetical(str(row.get("name") or "")))
    )
    heads = (*r.head("head.area", "#total.national_shortfall"),
             *(Cell((r.words.plain(f"why.{k}"),), "num") for k in keys))  # fmt: skip
    return Table("t-why-areas", r.words.say("table.why_areas"), heads, body, "details.by_area.why",
                 "dense")  # fmt: skip
