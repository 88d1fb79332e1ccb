"""The choropleth by month: small maps side by side, one scale of classes for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from polgap.brief.figures._svg import INK, MUTED, SMALL, el, frame, hatch, write
from polgap.brief.figures.map import (
    COLOURS,
    LETTERS,
    Shape,
    View,
    class_of,
    legend_row,
    letter_mark,
    outline,
)

_GAP, _HEAD = 14.0, 20.0
_LEAST = 13.0
"""Room in both directions that an area needs to be given its letter."""


@dataclass(frozen=True)
class MonthMap:
    """One small map.

    Parameters
    ----------
    label : str
        The written month, above the map.
    total : str
        The written total of all areas, beside it.
    values : sequence of float or None
        One a shape, in order; None = no data, hatched.
    """

    label: str
    total: str
    values: Sequence[float | None]


def month_maps(
    key: str,
    shapes: Sequence[Shape],
    maps: Sequence[MonthMap],
    breaks: Sequence[float],
    *,
    title: str,
    desc: str,
    legend: Sequence[str],
    no_data: str,
    columns: int = 3,
    width: float = 720.0,
    tallest: float = 200.0,
) -> str:
    """Return small maps in rows, coloured and lettered by the same classes.

    Outlines are written once and used in every map, so twelve maps weigh little more than one.

    Parameters
    ----------
    shapes : sequence of Shape
        Where the areas lie; their own values are not looked at.
    breaks : sequence of float
        Class breaks common to all maps.
    legend : sequence of str
        The written range of each class, lowest first.

    Examples
    --------
    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    >>> svg = month_maps("m", [Shape("a", square, 0.6, 0.3, None)],
    ...                  [MonthMap("May", "5", [5.0]), MonthMap("June", "none", [None])], (10.0,),
    ...                  title="t", desc="d", legend=("low", "high"), no_data="none")
    >>> svg.count("<path"), svg.count("<use"), svg.count(">A</text>")
    (1, 2, 2)
    """
    each = (width - _GAP * (columns - 1)) / columns
    view = View.over(shapes, each, tallest)
    paths = [el("path", d=outline(view, s), id=f"{key}-{i}") for i, s in enumerate(shapes)]
    body = [el("defs", hatch(f"{key}-none"), *paths)]
    high = view.height + _HEAD + 8.0
    for n, one in enumerate(maps):
        x, y = (n % columns) * (each + _GAP), (n // columns) * high
        inside = [write(one.label, 1.0, 13.0, SMALL, None, INK, "600")]
        inside.append(write(one.total, each - 1.0, 13.0, SMALL, "end", MUTED))
        inside.append(_drawn(key, view, shapes, one, breaks))
        body.append(el("g", *inside, transform=f"translate({x:.1f} {y:.1f})"))
    bottom = -(-len(maps) // columns) * high
    body.append(legend_row(key, bottom + 4.0, width, legend, no_data))
    return frame(key, width, bottom + 26.0, title, desc, *body)


def _drawn(
    key: str, view: View, shapes: Sequence[Shape], one: MonthMap, breaks: Sequence[float]
) -> str:
    """Return the areas of one map, with letters where there is room."""
    areas, marks = [], []
    for i, (shape, value) in enumerate(zip(shapes, one.values, strict=True)):
        letter = class_of(value, breaks)
        fill = COLOURS[LETTERS.index(letter)] if letter else f"url(#{key}-none)"
        areas.append(el("use", href=f"#{key}-{i}", fill=fill))
        marks.append(letter_mark(view, replace(shape, value=value), breaks, _LEAST))
    return el(
        "g",
        el("g", *areas, stroke="#6d5f50", stroke_width=0.6, stroke_linejoin="round"),
        el("g", *marks, text_anchor="middle", font_weight="600", data_letter=""),
        transform=f"translate(0 {_HEAD:.0f})",
        aria_hidden="true",
    )
