"""Where the gap is, how large, in which function, and why."""

from __future__ import annotations

from itertools import pairwise

from polgap.brief import figures
from polgap.brief._beside import beside
from polgap.brief._first import TOTALS, WHY, why_strip
from polgap.brief._model import (
    Block,
    Cell,
    Claim,
    Figure,
    Group,
    Items,
    Paragraph,
    Part,
    Raw,
    Row,
    Section,
    Table,
    plain,
)
from polgap.brief._provision import advice, provision
from polgap.brief._reader import Reader, band, cell, num, number
from polgap.brief.figures._svg import ASKED, NEED

LAYERS = ("left_open", "need", "requirement")
_TOP = 10


def where(r: Reader) -> Section:
    """Return the maps and the areas with most left open."""
    say = r.words.say
    breaks = figures.breaks_of(
        middle(row, layer) for row in r.rows("details.by_area") for layer in LAYERS
    )
    first, *others = layers(r)
    large = _map(r, first, breaks, large=True)
    small = tuple(_map(r, layer, breaks, large=False) for layer in others)
    intro = say("where.intro" if len(others) == 2 else "edition.where")
    blocks: tuple[Block, ...] = (Paragraph(intro), large, *((Row(small),) if small else ()))
    worst = _worst(r, breaks)
    last = worst if worst.rows else Paragraph(say("where.none"), "warning")
    rule = str(r.at("details.phase_rule") or "")
    phases = (Paragraph(r.words.note(rule, {}), "note"),) if r.words.has(rule) else ()
    return Section("where", say("where.title"), (*blocks, last, *phases))


def layers(r: Reader) -> tuple[str, ...]:
    """Return the layers that the edition holds by area, the one to show first in front."""
    if r.edition == "internal":
        return LAYERS
    rows = r.rows("details.by_area")
    return tuple(k for k in LAYERS if any(k in row for row in rows)) or LAYERS[1:2]


def middle(row: dict[str, object], layer: str) -> float | None:
    """Return the middle value of a layer in an area; None where nothing was observed."""
    ends = row.get(layer)
    if row.get("data") == "none" or not isinstance(ends, dict):
        return None
    return number(ends.get("mid"))


def _map(r: Reader, layer: str, breaks: tuple[float, ...], *, large: bool) -> Figure:
    words, key = r.words, f"map-{layer}"
    values = {str(row.get("area")): row for row in r.rows("details.by_area")}
    shapes = []
    for area in r.rows("details.areas"):
        row = values.get(str(area.get("area")), {})
        value = middle(row, layer)
        shown = r.claim(row.get(layer), "officers")
        letter = figures.class_of(value, breaks) or words.plain(r.absent("map.no_data"))
        told = words.plain(
            "map.area", name=Raw(str(area.get("name"))), value=shown, letter=Raw(letter)
        )
        if value is None:
            told = words.plain(r.absent("map.area_none"), name=Raw(str(area.get("name"))))
        lon, lat = number(area.get("lon")) or 0.0, number(area.get("lat")) or 0.0
        link = anchor(str(area.get("area"))) if large else ""
        told = told if large else ""  # the table and the large map say it once
        shapes.append(
            figures.Shape(
                Raw(str(area.get("name"))), area.get("geometry") or {}, lon, lat, value, told, link
            )
        )
    begin, end = r.span()
    title = words.say(f"map.{layer}", theatre=r.theatre, begin=begin, end=end)
    svg = figures.choropleth(
        key,
        shapes,
        breaks,
        title=plain(title),
        desc=words.plain(r.absent("map.desc")),
        legend=legend(r, breaks) if large and any(s.value is not None for s in shapes) else (),
        no_data=words.plain(r.absent("map.no_data")) if large else "",
        km=words.plain("map.km"),
        north=words.plain("map.north"),
        width=720.0 if large else 350.0,
        tallest=520.0 if large else 300.0,
    )
    caption = words.say("map.caption" if large else "map.caption_small")
    return Figure(key, title, svg, caption, "t-areas", "map" if large else "small")


def legend(r: Reader, breaks: tuple[float, ...]) -> tuple[str, ...]:
    """Return the written range of each class."""
    show = [r.numbers.significant(b) for b in breaks]
    under = r.words.plain("map.under", value=Claim(show[0], breaks[0]))
    over = r.words.plain("map.over", value=Claim(show[-1], breaks[-1]))
    return (under, *(f"{a}–{b}" for a, b in pairwise(show)), over)


def anchor(area: str) -> str:
    """Return the anchor of an area's row; keys may hold any character.

    Examples
    --------
    >>> anchor("CF 11"), anchor("<b>")
    ('area-CF_20_11', 'area-_3c_b_3e_')
    """
    safe = "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in area)
    return f"area-{safe}"


def _worst(r: Reader, breaks: tuple[float, ...]) -> Table:
    first = layers(r)[0]
    rows = [row for row in r.rows("details.by_area") if middle(row, first) is not None]
    rows.sort(key=lambda row: -(middle(row, first) or 0.0))
    body = tuple(area_row(r, row, breaks) for row in rows[:_TOP])
    note = r.words.say("table.worst.note")
    caption = r.words.say("table.worst" if first == "left_open" else "edition.areas")
    return Table("t-worst", caption, area_head(r), body, "details.by_area",
                 "dense", note)  # fmt: skip


def area_head(r: Reader) -> tuple[Cell, ...]:
    """Return the head of a table by area."""
    totals = {"left_open": "#total.left_open", "need": "#total.need",
              "national_shortfall": "#total.national_shortfall",
              "requirement": "#total.mission_requirement"}  # fmt: skip
    shown = [totals[k] for k in columns(r)]
    last = ("head.main_reason",) if r.edition == "internal" else ()
    return r.head("head.area", "head.class", *shown, "head.phase", *last)


def columns(r: Reader) -> tuple[str, ...]:
    """Return the totals that the edition holds by area, in the order of a table."""
    every = ("left_open", "need", "national_shortfall", "requirement")
    held = {k for row in r.rows("details.by_area") for k in row}
    return every if r.edition == "internal" else tuple(k for k in every if k in held)


def area_row(
    r: Reader, row: dict[str, object], breaks: tuple[float, ...], *, anchored: bool = False
) -> tuple[Cell, ...]:
    """Return the row of an area; its shortfall is marked where the host figures are assumed."""
    words, none = r.words, row.get("data") == "none"
    phases = {str(a.get("area")): a.get("phase") for a in r.rows("details.areas")}
    assumed = "assumed" if row.get("host_basis") in ("assumed", "recalled") else ""

    def shown(layer: str, basis: str = "") -> Cell:
        ends = row.get(layer)
        return num(r.claim(ends if isinstance(ends, dict) else None, "officers", basis=basis))

    marks = {"need": "" if not none else "assumed", "national_shortfall": assumed}
    letter = figures.class_of(middle(row, layers(r)[0]), breaks)
    name = Cell((Raw(str(row.get("name"))),), "head")
    if anchored:
        name = Cell(name.text, "head", 1, anchor(str(row.get("area"))))
    return (
        name,
        cell(Raw(letter), "letter") if letter else cell(words.say(r.absent("map.no_data")), "none"),
        *(shown(k, marks.get(k, "")) for k in columns(r)),
        cell(words.name("phase", str(phases.get(str(row.get("area"))) or "unknown"))),
        *((cell(_reason(r, row.get("why"))),) if r.edition == "internal" else ()),
    )


def _reason(r: Reader, why: object) -> Part:
    if not isinstance(why, dict):
        return r.words.plain("check.unknown")
    known = {k: v for k, _ in WHY if (v := number(why.get(k))) is not None}
    return r.words.name("why", max(known, key=lambda k: known[k])) if known else "–"


def gap(r: Reader) -> Section:
    """Return the waterfall, the functions, the reasons, the three gaps and the cross-check."""
    say = r.words.say
    three = (_three(r), Paragraph(say("gap.three.note"), "note"))
    return Section(
        "gap",
        say("gap.title"),
        (
            *_waterfall(r),
            Group(say("gap.functions"), _functions(r), "functions"),
            *((Group(say("gap.why"), _reasons(r), "reasons"),) if _told(r, "gap.why") else ()),
            *((Group(say("gap.three"), three, "three"),) if _told(r, "gap.gaps") else ()),
            *beside(r),
            Group(say("gap.benchmark"), _benchmark(r), "benchmark"),
            *((*provision(r), *advice(r)) if r.edition == "internal" else ()),
        ),
    )


def _told(r: Reader, path: str) -> bool:
    """Return whether a part is shown: always within, elsewhere if the edition holds it."""
    return r.edition == "internal" or bool(r.at(path))


def _waterfall(r: Reader) -> tuple[Block, ...]:
    words = r.words
    stages, rows = [], []
    for name, colour in TOTALS:
        claim = r.total(name)
        ends = band([r.at(f"gap.{name}") or {}])[0]
        label = words.plain(f"total.{name}")
        step = "" if name == "need" else words.plain(f"waterfall.{name}")
        stages.append(figures.Stage(label, ends, claim.full, colour, step))
        text = words.say(f"total.{name}.means")
        rows.append((Cell((label,), "head"), num(claim), cell(text)))
    title = words.say("figure.waterfall")
    svg = figures.waterfall("waterfall", stages, title=plain(title), show=r.numbers.officers,
                            desc=words.plain("figure.waterfall.desc"))  # fmt: skip
    caption = words.say("figure.waterfall.caption")
    head = r.head("head.total", "#head.officers", "head.meaning")
    table = Table("t-totals", words.say("table.totals"), head, tuple(rows), "gap", "tight")
    return Figure("waterfall", title, svg, caption, "t-totals"), table


def _functions(r: Reader) -> tuple[Block, ...]:
    words = r.words
    rank = {name: i for i, name in enumerate(words.keys("function"))}
    rows = r.rows("details.by_function")
    if not rows:
        return (Paragraph(words.say("gap.no_functions"), "note"),)
    rows.sort(key=lambda row: (-(number(_ends(row, "left_open")) or 0.0),
                               rank.get(str(row.get("function")), 99)))  # fmt: skip
    picture, body = [], []
    every = ("need", "national_shortfall", "requirement")
    keys_held = {k for row in rows for k in row}
    held = every if r.edition == "internal" else [k for k in every if k in keys_held]
    for row in rows:
        name = words.name("function", str(row.get("function")))
        left = r.claim(row.get("left_open"), "officers")
        label = name if isinstance(name, Raw) else str(name)
        picture.append(
            figures.Bullet(label, number(_ends(row, "need")), number(_ends(row, "requirement")),
                           band([row.get("left_open") or {}])[0], left.full)
        )  # fmt: skip
        others = [num(r.claim(row.get(k), "officers")) for k in held]
        why = (cell(_reason(r, row.get("why") or {})),) if r.edition == "internal" else ()
        body.append((Cell((name,), "head"), *others, num(left), *why))
    title = words.say("figure.functions")
    keys = ("total.need", "total.mission_requirement", "total.left_open")
    svg = figures.bullets(
        "functions", picture, title=plain(title), desc=words.plain("figure.functions.desc"),
        show=r.numbers.officers, legend=(words.plain(keys[0]), words.plain(keys[1]),
                                         words.plain(keys[2])),
    )  # fmt: skip
    totals = ["#total." + ("mission_requirement" if k == "requirement" else k) for k in held]
    last = ("head.main_reason",) if r.edition == "internal" else ()
    head = r.head("head.function", *totals, "#total.left_open", *last)
    table = Table("t-functions", words.say("table.functions"), head, tuple(body),
                  "details.by_function", "dense")  # fmt: skip
    caption = words.say("figure.functions.caption")
    return Figure("functions", title, svg, caption, "t-functions"), table


def _ends(row: dict[str, object], key: str) -> object:
    found = row.get(key)
    return found.get("mid") if isinstance(found, dict) else None


def _reasons(r: Reader) -> tuple[Block, ...]:
    words, why = r.words, r.at("gap.why")
    if not why:
        return (Paragraph(words.say("brief.why_unknown"), "note"),)
    strip = why_strip(r)
    picture: tuple[Block, ...] = (strip,) if strip else (_why_bars(r),)
    body = tuple(
        (Cell((words.name("why", k),), "head"), num(r.value(why.get(k), "share", f"gap.why.{k}")),
         cell(words.say(f"why.{k}.group")), cell(words.say(f"why.{k}.means")))
        for k, _ in WHY
    )  # fmt: skip
    head = r.head("head.reason", "#head.share", "head.group", "head.meaning")
    return (*picture, Table("t-why", words.say("table.why"), head, body, "gap.why", "tight"))


def _why_bars(r: Reader) -> Figure:
    words, why = r.words, r.at("gap.why")
    rows = []
    for key, colour in WHY:
        value = number(why.get(key))
        ends = None if value is None else (value, value, value)
        claim = r.value(value, "share")
        rows.append(figures.Bar(words.label("why", key), ends, claim.text, colour))
    title = words.say("figure.why")
    svg = figures.bars("why", rows, title=plain(title), show=r.numbers.share,
                       desc=words.plain("figure.why.desc"))  # fmt: skip
    return Figure("why", title, svg, words.say("figure.why.caption"), "t-why")


def _three(r: Reader) -> Items:
    """Return the three gaps, each on a line of its own: they are never added."""
    say = r.words.say
    return Items(
        tuple(
            say(f"three.{name}", value=r.claim(r.at(f"gap.gaps.{name}"), "officers",
                                               f"gap.gaps.{name}"))
            for name in ("deployment", "enforcement", "institutional")
        ),
        "three",
    )  # fmt: skip


def _benchmark(r: Reader) -> tuple[Block, ...]:
    words = r.words
    found = r.at("gap.benchmark_band")
    if not found:
        return (Paragraph(words.say("benchmark.none"), "note"),)
    need, bench = r.total("need"), r.claim(found, "officers", "gap.benchmark_band", "recalled")
    ends = band([r.at("gap.need") or {}, found])
    rows = [
        figures.Bar(words.plain("total.need"), ends[0], need.full, ASKED),
        figures.Bar(words.plain("benchmark.label"), ends[1], bench.full, NEED),
    ]
    title = words.say("figure.benchmark")
    svg = figures.intervals("benchmark", rows, title=plain(title), show=r.numbers.officers,
                            desc=words.plain("figure.benchmark.desc"))  # fmt: skip
    text = words.say("benchmark.text", need=need, band=bench)
    return Paragraph(text), Figure("benchmark", title, svg, words.say("benchmark.caption"))
