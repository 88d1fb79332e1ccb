"""Small multiples over time: one panel a function, each with its own scale, written on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polgap.brief.figures._svg import (
    INK,
    MUTED,
    NEED,
    OPEN,
    RULE,
    SHORT,
    SMALL,
    WIDE,
    Format,
    Label,
    Scale,
    el,
    frame,
    lines,
    ticks,
    write,
)

Ends = tuple[float, float, float]
_GAP, _LEFT, _TOP, _HIGH, _ROW = 18.0, 42.0, 36.0, 62.0, 122.0
_STYLES = ((NEED, None, 2.6), (SHORT, "6 3", 1.8), (OPEN, None, 2.0))


@dataclass(frozen=True)
class Panel:
    """One panel: need, national shortfall and left open by month; None = not known.

    Lines differ in dash, width and lightness as well as in hue; `left` carries its interval as a
    band.
    """

    label: Label
    need: Sequence[Ends | None]
    short: Sequence[Ends | None]
    left: Sequence[Ends | None]


def panels(
    key: str,
    rows: Sequence[Panel],
    *,
    title: str,
    desc: str,
    show: Format,
    months: tuple[str, str],
    legend: tuple[str, str, str, str],
    columns: int = 3,
) -> str:
    """Return one small chart for each row, in `columns` columns.

    Parameters
    ----------
    months : (str, str)
        First and last month, written.
    legend : four str
        Need, national shortfall, left open, its interval.
    """
    each = (WIDE - _GAP * (columns - 1)) / columns
    body = [_legend(legend)]
    for n, row in enumerate(rows):
        x, y = (n % columns) * (each + _GAP), 26.0 + (n // columns) * _ROW
        inside = _panel(row, each, show, months)
        body.append(el("g", inside, transform=f"translate({x:.1f} {y:.1f})"))
    return frame(key, WIDE, 26.0 + -(-len(rows) // columns) * _ROW, title, desc, *body)


def _panel(row: Panel, width: float, show: Format, months: tuple[str, str]) -> str:
    known = [e for part in (row.need, row.short, row.left) for e in part if e]
    tops = [e[1] for e in known] + [e[2] for e in row.left if e]
    marks = ticks(0.0, max([*tops, 1.0]), 4)
    count = max(len(row.need), len(row.left), 2)
    x = Scale(0.0, count - 1.0, _LEFT, width - 2.0)
    y = Scale(0.0, marks[-1], _TOP + _HIGH, _TOP)
    label = lines(row.label, width, SMALL)
    top = 26.0 - 13.0 * len(label)  # one line sits next to its chart
    out = [write(t, 0.0, top + 13.0 * i, SMALL, None, INK, "600") for i, t in enumerate(label, 1)]
    for mark in (marks[0], marks[-1]):
        out.append(el("line", x1=_LEFT, x2=width - 2.0, y1=y(mark), y2=y(mark),
                      stroke=RULE if mark else INK, stroke_width=0.8))  # fmt: skip
        out.append(write(show(mark), _LEFT - 5.0, y(mark) + 4.0, SMALL, "end", MUTED))
    out.append(write(months[0], _LEFT, _TOP + _HIGH + 14.0, SMALL, None, MUTED))
    out.append(write(months[1], width - 2.0, _TOP + _HIGH + 14.0, SMALL, "end", MUTED))
    out.append(area(row.left, x, y, OPEN, 0.22))
    for part, (colour, dash, wide) in zip((row.need, row.short, row.left), _STYLES, strict=True):
        out.append(middle_line(part, x, y, colour, dash, wide))
    return "".join(out)


def area(ends: Sequence[Ends | None], x: Scale, y: Scale, colour: str, opacity: float) -> str:
    """Return the band between the ends of an interval over time; gaps stay empty."""
    out = []
    for run in _runs(ends):
        upper = [f"{x(i):.1f} {y(e[2]):.1f}" for i, e in run]
        lower = [f"{x(i):.1f} {y(e[0]):.1f}" for i, e in reversed(run)]
        out.append(el("path", d=f"M{'L'.join(upper + lower)}z", fill=colour, opacity=f"{opacity}"))
    return "".join(out)


def middle_line(
    ends: Sequence[Ends | None], x: Scale, y: Scale, colour: str, dash: str | None, wide: float
) -> str:
    """Return the line of the middle values over time; gaps stay empty."""
    path = ["M" + "L".join(f"{x(i):.1f} {y(e[1]):.1f}" for i, e in run) for run in _runs(ends)]
    if not path:
        return ""
    return el("path", d="".join(path), stroke=colour, stroke_width=wide, stroke_dasharray=dash,
              fill="none", stroke_linejoin="round")  # fmt: skip


def _runs(ends: Sequence[Ends | None]) -> list[list[tuple[int, Ends]]]:
    """Return the known values in unbroken runs, each with its place."""
    found: list[list[tuple[int, Ends]]] = [[]]
    for i, e in enumerate(ends):
        if e is None:
            found.append([])
        else:
            found[-1].append((i, e))
    return [run for run in found if run]


def _legend(legend: tuple[str, str, str, str]) -> str:
    x, out = 0.0, []
    for text, (colour, dash, wide) in zip(legend, _STYLES, strict=False):
        out.append(el("line", x1=x, x2=x + 24.0, y1=9.0, y2=9.0, stroke=colour, stroke_width=wide,
                      stroke_dasharray=dash))  # fmt: skip
        out.append(write(text, x + 30.0, 13.0, SMALL))
        x += 46.0 + len(text) * SMALL * 0.56
    out.append(el("rect", x=x, y=3.0, width=24.0, height=12.0, fill=OPEN, opacity="0.22"))
    out.append(write(legend[3], x + 30.0, 13.0, SMALL))
    return "".join(out)


def spark(
    past: Sequence[float | None], ends: Sequence[Ends | None], top: float, colour: str
) -> str:
    """Return a line in a table cell: the past, then the middle of the future with its interval.

    It repeats what the cells beside it say, so it is hidden from screen readers.

    Parameters
    ----------
    top : float
        The value at the upper edge; what lies above is cut.

    Examples
    --------
    >>> spark([1.0, None], [(1.0, 2.0, 3.0), (1.0, 2.0, 4.0)], 4.0, "#333").count("<path")
    3
    """
    count = len(past) + len(ends)
    x, y = Scale(0.0, max(1.0, count - 1.0), 1.0, 149.0), Scale(0.0, top or 1.0, 27.0, 2.0)
    seen: list[Ends | None] = [None if v is None else (v, v, v) for v in past]
    ahead: list[Ends | None] = [*[None] * len(past), *ends]
    body = [el("line", x1=0.0, x2=150.0, y1=27.5, y2=27.5, stroke=RULE)]
    if past and ends:
        cut = x(len(past) - 0.5)
        body.append(el("line", x1=cut, x2=cut, y1=0.0, y2=28.0, stroke=MUTED,
                       stroke_dasharray="2 2", stroke_width=0.8))  # fmt: skip
    body += [
        middle_line(seen, x, y, INK, None, 1.2),
        area(ahead, x, y, colour, 0.28),
        middle_line(ahead, x, y, colour, None, 1.8),
    ]
    return el("svg", *body, viewBox="0 0 150 29", aria_hidden="true", focusable="false",
              class_="spark")  # fmt: skip
