"""The gap over time: maps by month, functions side by side, areas as lines, reasons by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polgap.brief import figures
from polgap.brief._gap import legend
from polgap.brief._model import (
    Block,
    Cell,
    Figure,
    Group,
    Raw,
    Row,
    Table,
    Text,
    plain,
)
from polgap.brief._reader import Reader, alphabetical, band, cell, num, number
from polgap.brief._why import why_by_area
from polgap.brief.figures._svg import OPEN
from polgap.brief.figures.panels import Ends

_MAPS = 12
"""Maps by month at most; longer studies show the end of every quarter."""

_MONTHS_A_TABLE = 6
_TREND = 15
_LAYERS = ("need", "national_shortfall", "left_open")
_TURN = 1.1
"""From the first to the last month, a change by less than this ratio is called level."""


def over_time(r: Reader) -> list[Block | Group]:
    """Return the groups on months, functions, areas and reasons, as far as the run has them."""
    groups = (
        ("months", month_figures(r)),
        ("functions_time", function_panels(r)),
        ("trend", area_trend(r)),
        ("why_areas", why_by_area(r)),
    )
    return [Group(r.words.say(f"assessment.{k}"), b, k.replace("_", "-")) for k, b in groups if b]


def ends_of(row: Mapping[str, Any] | None) -> list[Ends | None]:
    """Return low, mid and high by month from lists under these names; None where unknown."""
    found = row or {}
    lists = [found.get(k) or [] for k in ("low", "mid", "high")]
    rows = [dict(zip(("low", "mid", "high"), e, strict=True)) for e in zip(*lists, strict=True)]
    return band(rows)


def shown_months(months: Sequence[str]) -> list[int]:
    """Return the places of the months that are drawn.

    Examples
    --------
    >>> shown_months([f"2021-{m:02d}" for m in range(1, 4)])
    [0, 1, 2]
    >>> [f"2021-{1 + i % 12:02d}" for i in shown_months(["x"] * 24)][:2]
    ['2021-03', '2021-06']
    """
    if len(months) <= _MAPS:
        return list(range(len(months)))
    return list(range(2, len(months), 3))


def _silent(r: Reader) -> set[str]:
    """Return the areas of which nothing was observed."""
    return {str(x.get("area")) for x in r.rows("details.by_area") if x.get("data") == "none"}


def month_figures(r: Reader) -> tuple[Block, ...]:
    """Return the maps by month, and the two ends of the interval in the month of the peak."""
    months = [str(m) for m in r.rows("details.report_months")]
    series = {str(x.get("area")): ends_of(x) for x in r.rows("details.area_months")}
    if not months or not series or not r.rows("details.areas"):
        return ()
    none = _silent(r)
    known = {a: e for a, e in series.items() if a not in none}
    peak = str((r.at("gap.peak") or {}).get("month") or months[0])
    place = months.index(peak) if peak in months else 0
    breaks = _breaks(known, place)
    return (_maps(r, months, known, breaks), _ends_maps(r, months[place], known, breaks, place))


def _breaks(known: Mapping[str, Sequence[Ends | None]], place: int) -> tuple[float, ...]:
    """Return class breaks that hold for every month and for both ends of the interval.

    From the month with most left open: its middle values count twice, its ends once, so that the
    classes tell areas apart in the maps by month and still show how wide the interval is.
    """
    peak = [row[place] for row in known.values() if place < len(row)]
    return figures.breaks_of(e[k] for e in peak if e for k in (0, 1, 1, 2))


def _shapes(r: Reader, values: Mapping[str, float | None]) -> list[figures.Shape]:
    return [
        figures.Shape(
            Raw(str(a.get("name"))), a.get("geometry") or {}, number(a.get("lon")) or 0.0,
            number(a.get("lat")) or 0.0, values.get(str(a.get("area"))),
        )
        for a in r.rows("details.areas")
    ]  # fmt: skip


def _at(known: Mapping[str, Sequence[Ends | None]], i: int, k: int) -> dict[str, float | None]:
    """Return one point of the interval of every area in month `i`."""
    found = {a: row[i] if i < len(row) else None for a, row in known.items()}
    return {a: None if e is None else e[k] for a, e in found.items()}


def _maps(
    r: Reader,
    months: Sequence[str],
    known: Mapping[str, Sequence[Ends | None]],
    breaks: tuple[float, ...],
) -> Figure:
    words = r.words
    totals = {str(x.get("month")): x for x in r.rows("gap.by_month")}
    areas = [str(a.get("area")) for a in r.rows("details.areas")]
    maps = []
    for i in shown_months(months):
        values = _at(known, i, 1)
        total = r.claim(totals.get(months[i]), "officers", "gap.by_month")
        maps.append(
            figures.MonthMap(r.numbers.month(months[i]), total.full, [values.get(a) for a in areas])
        )
    title = words.say("figure.map_months", theatre=r.theatre)
    svg = figures.month_maps(
        "map-months", _shapes(r, {}), maps, breaks, title=plain(title),
        desc=words.plain("figure.map_months.desc"), legend=legend(r, breaks),
        no_data=words.plain("map.no_data"),
    )  # fmt: skip
    return Figure("map-months", title, svg, words.say("figure.map_months.caption"), "t-months-1",
                  "months")  # fmt: skip


def _ends_maps(
    r: Reader,
    month: str,
    known: Mapping[str, Sequence[Ends | None]],
    breaks: tuple[float, ...],
    place: int,
) -> Row:
    """Return the low and the high end of the month with most left open, in the same classes."""
    words, drawn = r.words, []
    for k, which in ((0, "low"), (2, "high")):
        title = words.say(f"figure.map_{which}", month=r.month(month))
        svg = figures.choropleth(
            f"map-{which}", _shapes(r, _at(known, place, k)), breaks, title=plain(title),
            desc=words.plain("map.desc"), legend=(), no_data="", km=words.plain("map.km"),
            north=words.plain("map.north"), width=350.0, tallest=300.0,
        )  # fmt: skip
        caption = words.say(f"figure.map_{which}.caption")
        drawn.append(Figure(f"map-{which}", title, svg, caption, "t-months-1", "small"))
    return Row(tuple(drawn))


def month_tables(r: Reader) -> tuple[Table, ...]:
    """Return what stands open by area and month with its interval, six months to a table."""
    months = [str(m) for m in r.rows("details.report_months")]
    rows = {str(x.get("area")): ends_of(x) for x in r.rows("details.area_months")}
    shown = shown_months(months)
    if not rows or not shown:
        return ()
    names, none = r.words.places, _silent(r)
    areas = sorted(rows, key=lambda a: alphabetical(str(names.get(a, a))))
    tables = []
    for n, first in enumerate(range(0, len(shown), _MONTHS_A_TABLE), start=1):
        part = shown[first : first + _MONTHS_A_TABLE]
        body = tuple(
            (
                Cell((Raw(names.get(area, area)),), "head"),
                *(_month_cell(r, rows[area], i, area in none) for i in part),
            )
            for area in areas
        )
        heads = (Cell(r.words.say("head.area")),
                 *(Cell((r.month(months[i]),), "num") for i in part))  # fmt: skip
        caption = r.words.say("table.months", begin=r.month(months[part[0]]),
                              end=r.month(months[part[-1]]))  # fmt: skip
        tables.append(Table(f"t-months-{n}", caption, heads, body, "details.area_months", "months"))
    return tuple(tables)


def _month_cell(r: Reader, row: Sequence[Ends | None], i: int, none: bool) -> Cell:
    if none:
        return cell(r.words.say("map.no_data"), "none")
    ends = row[i] if i < len(row) else None
    found = dict(zip(("low", "mid", "high"), ends, strict=True)) if ends else None
    return num(r.claim(found, "officers"))


def function_panels(r: Reader) -> tuple[Block, ...]:
    """Return need, national shortfall and what is left open of each function over the months."""
    words, rows = r.words, r.rows("details.function_months")
    months = [str(m) for m in r.rows("details.report_months")]
    if not rows or not months:
        return ()
    drawn = []
    for row in rows:
        name = words.name("function", str(row.get("function")))
        label = name if isinstance(name, Raw) else str(name)
        drawn.append(figures.Panel(label, *(ends_of(row.get(k)) for k in _LAYERS)))
    title = words.say("figure.functions_time")
    keys = [words.plain(f"total.{k}") for k in _LAYERS]
    svg = figures.panels(
        "functions-time", drawn, title=plain(title), show=r.numbers.officers,
        desc=words.plain("figure.functions_time.desc"),
        months=(r.numbers.month(months[0]), r.numbers.month(months[-1])),
        legend=(keys[0], keys[1], keys[2], words.plain("legend.interval80")),
    )  # fmt: skip
    caption = words.say("figure.functions_time.caption")
    return (Figure("functions-time", title, svg, caption, "t-functions-time", "months"),)


def function_table(r: Reader) -> Table | None:
    """Return the numbers behind the functions over time: first, middle and last month."""
    words, rows = r.words, r.rows("details.function_months")
    months = [str(m) for m in r.rows("details.report_months")]
    if not rows or not months:
        return None
    places = sorted({0, len(months) // 2, len(months) - 1})
    body: list[tuple[Cell, ...]] = []
    for row in rows:
        name = words.name("function", str(row.get("function")))
        body.append((Cell((name,), "group", len(places) + 1),))
        for layer in _LAYERS:
            part = ends_of(row.get(layer))
            values = [_month_cell(r, part, i, none=False) for i in places]
            body.append((Cell(words.say(f"total.{layer}"), "head"), *values))
    heads = (Cell(words.say("head.total")),
             *(Cell((r.month(months[i]),), "num") for i in places))  # fmt: skip
    return Table("t-functions-time", words.say("table.functions_time"), heads, tuple(body),
                 "details.function_months", "dense")  # fmt: skip


def area_trend(r: Reader) -> tuple[Block, ...]:
    """Return a line by area of what is left open, with its interval, first, peak and last month."""
    words, none = r.words, _silent(r)
    months = [str(m) for m in r.rows("details.report_months")]
    rows = [(str(x.get("area")), ends_of(x)) for x in r.rows("details.area_months")]
    rows = [(a, e) for a, e in rows if a not in none and any(e)]
    if not rows or not months:
        return ()
    rows.sort(key=lambda x: -max(e[1] for e in x[1] if e))
    body = tuple(_trend_row(r, area, ends, months) for area, ends in rows[:_TREND])
    head = r.head("head.area", "head.line", "#head.first", "#head.peak", "head.peak_month",
                  "#head.last", "head.trend")  # fmt: skip
    caption = words.say("table.trend", begin=r.month(months[0]), end=r.month(months[-1]))
    note = words.say("table.trend.note", turn=r.value(_TURN - 1, "share"))
    return (Table("t-trend", caption, head, body, "details.area_months", "dense sparks", note),)


def _trend_row(
    r: Reader, area: str, ends: Sequence[Ends | None], months: Sequence[str]
) -> tuple[Cell, ...]:
    known = [(i, e) for i, e in enumerate(ends) if e]
    top = max(e[2] for _, e in known)
    peak, most = max(known, key=lambda x: x[1][1])
    first, last = known[0][1], known[-1][1]
    ratio = (last[1] + 1) / (first[1] + 1)
    code = "rising" if ratio >= _TURN else "falling" if ratio <= 1 / _TURN else "level"

    def shown(e: Ends) -> Cell:
        return num(r.claim(dict(zip(("low", "mid", "high"), e, strict=True)), "officers"))

    return (
        Cell((Raw(r.words.places.get(area, area)),), "head"),
        Cell((), "drawn", drawing=figures.spark((), ends, top, OPEN)),
        shown(first),
        shown(most),
        cell(r.month(months[peak])),
        shown(last),
        cell(r.words.say(f"trend.{code}")),
    )


def spark_cell(past: Sequence[float | None], ends: Sequence[Ends | None], colour: str) -> Cell:
    """Return a cell with the past and the forecast of one area as a line."""
    values = [v for v in past if v is not None] + [e[1] for e in ends if e]
    outer = sorted(e[2] for e in ends if e)
    top = max([*values, *(outer[len(outer) // 2 : len(outer) // 2 + 1]), 1.0])
    return Cell((), "drawn", drawing=figures.spark(past, ends, top, colour))


def place(r: Reader, area: str) -> Text:
    """Return the name of an area; ``*`` is the whole theatre."""
    if area in ("", "*"):
        return r.words.say("assessment.everywhere")
    return (Raw(r.words.places.get(area, area)),)
