"""A Gantt chart of force generation: pledges over months, what is critical, and their dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polgap.brief.figures._svg import (
    ASKED,
    BODY,
    FAINT,
    INK,
    MUTED,
    NEED,
    OPEN,
    RULE,
    SMALL,
    WIDE,
    Label,
    Scale,
    el,
    frame,
    hatch,
    lines,
    write,
)

_LEFT, _TOP, _LANE, _BAR, _THIN = 150.0, 22.0, 58.0, 15.0, 8.0
_SHAPES = ("triangle", "diamond", "square")


@dataclass(frozen=True)
class Task:
    """An activity of a pledge: its number in the legend, and when it runs, in days."""

    number: str
    begin: float
    end: float
    critical: bool


@dataclass(frozen=True)
class Lane:
    """A pledge: its tasks and the days of its 50, 80 and 95 % dates, None where not reached."""

    label: Label
    remark: Label
    tasks: Sequence[Task]
    dates: Sequence[float | None]
    never: str = ""


@dataclass(frozen=True)
class Key:
    """Written words of the legend: activities by number, kinds of bar, dates."""

    activities: Sequence[tuple[str, str]]
    critical: str
    other: str
    dates: Sequence[str]


def gantt(
    key: str,
    lanes: Sequence[Lane],
    legend: Key,
    *,
    title: str,
    desc: str,
    months: Sequence[tuple[float, str]],
) -> str:
    """Return pledges over time: critical activities hatched, the others thin below them.

    Parameters
    ----------
    months : sequence of (day, label)
        Ticks of the time axis.
    """
    far = max([d for d, _ in months]
              + [t.end for lane in lanes for t in lane.tasks]
              + [d for lane in lanes for d in lane.dates if d is not None] + [1.0])  # fmt: skip
    scale = Scale(0.0, far * 1.02, _LEFT, WIDE - 12)
    bottom = _TOP + _LANE * len(lanes)
    body = [el("defs", hatch(f"{key}-hatch", "#ffffff", ASKED, 6.0))]
    for k in range(0, len(lanes), 2):
        body.append(el("rect", x=0.0, y=_TOP + k * _LANE, width=WIDE, height=_LANE, fill=FAINT))
    for day, label in months:
        x = scale(day)
        body.append(el("line", x1=x, x2=x, y1=_TOP - 4, y2=bottom, stroke=RULE, stroke_width=0.8))
        body.append(write(label, x, _TOP - 9, SMALL, "middle" if x < WIDE - 40 else "end", MUTED))
    for k, lane in enumerate(lanes):
        body.append(_lane(key, lane, _TOP + k * _LANE, scale))
    whole, height = _legend(key, legend, bottom + 16)
    return frame(key, WIDE, height, title, desc, *body, whole)


def _lane(key: str, lane: Lane, top: float, scale: Scale) -> str:
    out = [write(t, 6.0, top + 17 + 13 * j, BODY, weight="600")
           for j, t in enumerate(lines(lane.label, _LEFT - 14, BODY, most=1))]  # fmt: skip
    out += [write(t, 6.0, top + 32 + 12 * j, SMALL - 1, fill=MUTED)
            for j, t in enumerate(lines(lane.remark, _LEFT - 12, SMALL - 1))]  # fmt: skip
    ends = [0.0, 0.0]
    for task in sorted(lane.tasks, key=lambda t: (t.begin, t.end)):
        a, b = scale(task.begin), max(scale(task.begin) + 1.5, scale(task.end))
        if b - a < 2.0 and task.end <= task.begin:
            continue
        if task.critical:
            out.append(el("rect", x=a, y=top + 8, width=b - a, height=_BAR, stroke="#fff",
                          stroke_width=1.0, fill=f"url(#{key}-hatch)"))  # fmt: skip
            place, y, size = b, top + 8 + _BAR - 4, SMALL
        else:
            row = 0 if a >= ends[0] - 0.5 else 1
            ends[row] = b
            y0 = top + 27 + row * (_THIN + 3)
            out.append(el("rect", x=a, y=y0, width=b - a, height=_THIN, fill=NEED, stroke="#fff",
                          stroke_width=0.8))  # fmt: skip
            place, y, size = b, y0 + _THIN - 0.5, SMALL - 2
        if b - a >= 5.5 * len(task.number) + 4:
            out.append(write(task.number, (a + place) / 2, y, size, "middle", INK, "600", True))
    dates = [(i, scale(d)) for i, d in enumerate(lane.dates) if d is not None]
    if len(dates) > 1:
        out.append(el("line", x1=dates[0][1], x2=dates[-1][1], y1=top + 15.5, y2=top + 15.5,
                      stroke=OPEN, stroke_width=1.4))  # fmt: skip
    out += [_mark(i, x, top + 15.5) for i, x in dates]
    if lane.never:
        out.append(write(lane.never, WIDE - 14, top + _LANE - 6, SMALL - 1, "end", MUTED))
    return "".join(out)


def _mark(kind: int, x: float, y: float) -> str:
    """Return the mark of a date: its shape tells the chance, not its colour."""
    paths = {
        "triangle": f"M{x - 6:.1f} {y - 6:.1f}H{x + 6:.1f}L{x:.1f} {y + 6:.1f}z",
        "diamond": f"M{x:.1f} {y - 7:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 7:.1f}"
                   f"L{x - 6:.1f} {y:.1f}z",
        "square": f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z",
    }  # fmt: skip
    return el("path", d=paths[_SHAPES[kind]], fill=OPEN, stroke="#fff", stroke_width=1.4)


def _legend(key: str, legend: Key, top: float) -> tuple[str, float]:
    """Return the legend and the height at which it ends."""
    out = [
        el("rect", x=0.0, y=top - 10, width=26.0, height=12.0, fill=f"url(#{key}-hatch)"),
        write(legend.critical, 32.0, top),
        el("rect", x=WIDE / 2, y=top - 8, width=26.0, height=_THIN, fill=NEED),
        write(legend.other, WIDE / 2 + 32, top),
    ]
    top += 20
    for i, text in enumerate(legend.dates):
        out.append(_mark(i, 8.0 + i * WIDE / 3, top - 4))
        out.append(write(text, 20.0 + i * WIDE / 3, top))
    top += 20
    columns = 2
    for i, (number, text) in enumerate(legend.activities):
        x, y = (i % columns) * WIDE / columns, top + (i // columns) * 15
        out.append(write(number, x + 12, y, SMALL, "end", INK, "600"))
        out.append(write(text, x + 18, y, SMALL))
    rows = -(-len(legend.activities) // columns)
    return "".join(out), top + rows * 15
