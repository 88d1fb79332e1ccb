"""Plans: which units are placed where and when, in sum and by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polgap.brief._model import Block, Cell, Claim, Paragraph, Part, Raw, Table, Text
from polgap.brief._reader import CHOSEN, COMPARISON, Reader, alphabetical, number
from polgap.domain import month_label, month_number

BLOCK_MONTHS = 3
Placed = dict[tuple[str, str, int], float]
"""(area, unit type, block) -> whole units."""
Ranged = Mapping[tuple[str, str, int], tuple[float, float]]
"""The same with the least and the most units."""


def plans(r: Reader) -> tuple[Block, ...]:
    """Return the units of every option in sum, and by area for the one spoken of.

    Where the grade is weak the numbers are ranges over the options.
    """
    words = r.words
    blocks: list[Block] = [Paragraph(words.say("plan.weak"), "note")] if r.weak else []
    blocks.append(_sums(r))
    spoken = spoken_of(r)
    name = words.name("option", CHOSEN)
    if spoken:
        code = "table.plan_range" if r.weak else "table.plan"
        caption = words.say(code) if r.weak else words.say(code, option=name)
        blocks.append(_by_area(r, "t-plan", caption, spoken))
    elif r.option(CHOSEN) is not None:
        blocks.append(Paragraph(words.say("plan.empty", option=name)))
    blocks.append(Paragraph(_legend(r), "note"))
    return tuple(blocks)


def other_plans(r: Reader) -> list[Table]:
    """Return the units by area of the other options that may be proposed, for the annex."""
    tables = []
    for option in r.rows("options"):
        name = str(option.get("name"))
        if name in (*COMPARISON, CHOSEN) or (r.weak and name != "status_quo"):
            continue
        found = _exact(_placed(r, option))
        if found:
            caption = r.words.say("table.plan", option=r.words.name("option", name))
            tables.append(_by_area(r, f"t-plan-{name}", caption, found))
    return tables


def spoken_of(r: Reader) -> Ranged:
    """Return the units of the recommended option; ranges over the options where it is weak."""
    moved = [o for o in r.rows("options") if o.get("name") not in (*COMPARISON, "status_quo")]
    if r.weak:
        return _ranges([_placed(r, o) for o in moved])
    chosen = r.option(CHOSEN)
    return _exact(_placed(r, chosen)) if chosen else {}


def force(r: Reader) -> tuple[Text, Claim] | None:
    """Return the units in place in the last block of the option spoken of, and its first month."""
    placed = spoken_of(r)
    if not placed:
        return None
    last = max(block for _, _, block in placed)
    first = month_number(str(r.at("study.first_month")))
    ranged = _ranges_of_sums(r) if r.weak else _summed(placed)
    text = _units(r, {u: ends for (u, b), ends in ranged.items() if b == last})
    return text, r.month(month_label(first + last * BLOCK_MONTHS))


def _placed(r: Reader, option: Mapping[str, Any]) -> Placed:
    first = month_number(str(r.at("study.first_month")))
    found: Placed = {}
    for row in option.get("plan") or []:
        ahead = month_number(str(row["month"])) - first
        if ahead < 0 or ahead % BLOCK_MONTHS:
            continue
        key = (str(row["area"]), str(row["unit_type"]), ahead // BLOCK_MONTHS)
        found[key] = found.get(key, 0.0) + (number(row.get("number")) or 0.0)
    return {key: value for key, value in found.items() if value > 0}


def _exact(placed: Placed) -> Ranged:
    return {key: (value, value) for key, value in placed.items()}


def _ranges(plans_: Sequence[Placed]) -> Ranged:
    keys = {key for plan in plans_ for key in plan}
    return {
        key: (min(p.get(key, 0.0) for p in plans_), max(p.get(key, 0.0) for p in plans_))
        for key in keys
    }


def _summed(placed: Ranged) -> dict[tuple[str, int], tuple[float, float]]:
    total: dict[tuple[str, int], tuple[float, float]] = {}
    for (_, unit_type, block), (low, high) in placed.items():
        a, b = total.get((unit_type, block), (0.0, 0.0))
        total[unit_type, block] = (a + low, b + high)
    return total


def _ranges_of_sums(r: Reader) -> dict[tuple[str, int], tuple[float, float]]:
    """Return ranges of the totals: narrower than the sum of ranges, since plans move units."""
    sums = [
        {key: low for key, (low, _) in _summed(_exact(_placed(r, o))).items()}
        for o in r.rows("options")
        if o.get("name") not in (*COMPARISON, "status_quo")
    ]
    keys = {key for one in sums for key in one}
    return {k: (min(s.get(k, 0.0) for s in sums), max(s.get(k, 0.0) for s in sums)) for k in keys}


def _sums(r: Reader) -> Table:
    """Return the units of each option by quarter, over all areas."""
    words, body = r.words, []
    count = _count(r)
    if r.weak:
        body.append(_row(r, words.say("plan.range_row"), _ranges_of_sums(r), count))
    for option in r.rows("options"):
        name = str(option.get("name"))
        if r.weak and name != "status_quo":
            continue
        sums = _summed(_exact(_placed(r, option)))
        body.append(_row(r, (words.name("option", name),), sums, count))
    heads = (Cell(words.say("head.option")), *_quarters(r))
    return Table("t-units", words.say("table.units"), heads, tuple(body), "options.plan", "plan")


def _row(
    r: Reader, label: Text, sums: Mapping[tuple[str, int], tuple[float, float]], count: int
) -> tuple[Cell, ...]:
    texts = [_units(r, {u: e for (u, b), e in sums.items() if b == k}) for k in range(count)]
    return Cell(label, "head"), *_merged(texts)


def _by_area(r: Reader, key: str, caption: Text, placed: Ranged) -> Table:
    names = r.words.places
    there: dict[str, dict[tuple[str, int], tuple[float, float]]] = {}
    for (area, unit_type, block), ends in placed.items():
        there.setdefault(area, {})[unit_type, block] = ends
    areas = sorted(there, key=lambda a: alphabetical(str(names.get(a, a))))
    count = _count(r)
    body = tuple(_row(r, (Raw(names.get(a, a)),), there[a], count) for a in areas)
    heads = (Cell(r.words.say("head.area")), *_quarters(r))
    return Table(key, caption, heads, body, "options.plan", "plan")


def _count(r: Reader) -> int:
    return -(-int(r.at("study.months") or 12) // BLOCK_MONTHS)


def _quarters(r: Reader) -> tuple[Cell, ...]:
    first, months = month_number(str(r.at("study.first_month"))), int(r.at("study.months") or 12)
    cells = []
    for b in range(_count(r)):
        start, end = first + b * BLOCK_MONTHS, first + min((b + 1) * BLOCK_MONTHS, months) - 1
        ends = (r.month(month_label(start)), r.month(month_label(end)))
        cells.append(Cell((ends[0], " – ", ends[1])))
    return tuple(cells)


def _units(r: Reader, found: Mapping[str, tuple[float, float]]) -> Text:
    """Return the units of one cell, such as ``2 FPU, 35 IPO``."""
    order = r.words.keys("unit_type")
    parts: list[Part] = []
    for unit_type in sorted(found, key=lambda u: order.index(u) if u in order else 99):
        low, high = found[unit_type]
        if high > 0:
            text = r.numbers.span(r.numbers.decimal(low), r.numbers.decimal(high))
            parts += [", "] if parts else []
            parts += [Claim(text, low if low == high else None, low, high), "\u00a0"]
            parts.append(Raw(unit_type))
    return tuple(parts) or ("–",)


def _merged(texts: Sequence[Text]) -> list[Cell]:
    """Return one cell a block; equal neighbours are one cell that spans them."""
    cells: list[Cell] = []
    for text in texts:
        if cells and cells[-1].text == text:
            cells[-1] = Cell(text, cells[-1].style, cells[-1].span + 1)
        else:
            cells.append(Cell(text, "none" if text == ("–",) else "units"))
    return cells


def _legend(r: Reader) -> Text:
    parts: list[Part] = []
    for key in r.words.keys("unit_type"):
        parts += ["; "] if parts else []
        parts += [Raw(key), "\u00a0= "]
        parts.append(r.words.name("unit_type", key))
    return r.words.say("plan.legend", units=tuple(parts))
