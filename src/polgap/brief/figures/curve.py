"""Curves by month with their intervals, and the steps of a chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polgap.brief.figures._svg import (
    ASKED,
    BODY,
    INK,
    MUTED,
    NEED,
    RULE,
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

_HIGH, _LEFT, _TOP = 200.0, 60.0, 12.0
DASHES = (None, "7 3", "2 3", "9 3 2 3", "4 2", "1 3")


@dataclass(frozen=True)
class Line:
    """A series by month; `shaded` shows its interval as a band."""

    label: Label
    ends: Sequence[tuple[float, float, float] | None]
    colour: str
    shaded: bool = False


@dataclass(frozen=True)
class Step:
    """One activity of a chain, in days."""

    label: Label
    days: float
    value: str


def curve(
    key: str,
    series: Sequence[Line],
    *,
    title: str,
    desc: str,
    show: Format,
    months: Sequence[tuple[int, str]],
) -> str:
    """Return lines by month, named at their right end, the first ones shaded by interval."""
    highs = [e[2] if s.shaded else e[1] for s in series for e in s.ends if e is not None]
    marks = ticks(0.0, max([*highs, 1.0]))
    count = max([len(s.ends) for s in series] or [1])
    room = 12.0 if len(series) < 2 else 168.0
    x = Scale(0.0, max(1.0, count - 1.0), _LEFT, WIDE - room)
    y = Scale(0.0, marks[-1], _TOP + _HIGH, _TOP)
    body = []
    for value in marks:
        place = y(value)
        body.append(el("line", x1=_LEFT, x2=WIDE - room, y1=place, y2=place, stroke_width=0.8,
                       stroke=INK if value == 0 else RULE))  # fmt: skip
        body.append(write(show(value), _LEFT - 6, place + 4, SMALL, "end", MUTED))
    body += [_band(s, x, y) for s in series if s.shaded]
    body += [_line(s, x, y, DASHES[i % len(DASHES)]) for i, s in enumerate(series)]
    for position, label in months:
        body.append(write(label, x(position), _TOP + _HIGH + 16, SMALL, "middle", MUTED))
    if len(series) > 1:
        body.append(_names(series, y, WIDE - room + 8, room - 8))
    return frame(key, WIDE, _TOP + _HIGH + 24, title, desc, *body)


def _band(line: Line, x: Scale, y: Scale) -> str:
    known = [(i, e) for i, e in enumerate(line.ends) if e is not None]
    if len(known) < 2:
        return ""
    upper = [f"{x(i):.1f} {y(e[2]):.1f}" for i, e in known]
    lower = [f"{x(i):.1f} {y(e[0]):.1f}" for i, e in reversed(known)]
    return el("path", d=f"M{'L'.join(upper + lower)}z", fill=line.colour, opacity=0.2)


def _line(line: Line, x: Scale, y: Scale, dash: str | None) -> str:
    known = [f"{x(i):.1f} {y(e[1]):.1f}" for i, e in enumerate(line.ends) if e is not None]
    if not known:
        return ""
    return el("path", d=f"M{'L'.join(known)}", stroke=line.colour, stroke_width=2.2, fill="none",
              stroke_dasharray=dash, stroke_linejoin="round")  # fmt: skip


def _names(series: Sequence[Line], y: Scale, x: float, width: float) -> str:
    """Return the names at the height of their last value, moved apart where they would touch."""
    wanted = []
    for i, line in enumerate(series):
        last = next((e[1] for e in reversed(line.ends) if e is not None), None)
        if last is not None:
            wanted.append((y(last), i, lines(line.label, width - 26, SMALL, most=3)))
    wanted.sort(key=lambda row: row[0])
    out, floor_ = [], 0.0
    heights = [13.0 * len(text) + 4 for _, _, text in wanted]
    spill = _TOP + _HIGH + 6
    for k, (place, i, text) in enumerate(wanted):
        below = sum(heights[k:])
        top = max(floor_, min(place - 6, spill - below))
        colour, dash = series[i].colour, DASHES[i % len(DASHES)]
        out.append(el("line", x1=x, x2=x + 20, y1=top + 5, y2=top + 5, stroke=colour,
                      stroke_width=2.2, stroke_dasharray=dash))  # fmt: skip
        out += [write(t, x + 25, top + 9 + 13 * j, SMALL) for j, t in enumerate(text)]
        floor_ = top + heights[k]
    return "".join(out)


def steps(key: str, chain: Sequence[Step], *, title: str, desc: str, total: str) -> str:
    """Return activities one after the other, as long as they take."""
    label_width = 250.0
    whole = sum(step.days for step in chain) or 1.0
    scale = Scale(0.0, whole, label_width, WIDE - 84)
    body, done = [], 0.0
    for i, step in enumerate(chain):
        y = i * 28.0 + 6
        a, b = scale(done), scale(done + step.days)
        found = lines(step.label, label_width - 14, SMALL)
        top = y + 13 - 6.5 * (len(found) - 1)
        body += [write(text, 0.0, top + 13 * j, SMALL) for j, text in enumerate(found)]
        body.append(el("line", x1=label_width, x2=a, y1=y + 9, y2=y + 9, stroke=RULE))
        body.append(el("rect", x=a, y=y, width=max(2.0, b - a), height=18.0,
                       fill=ASKED if i % 2 == 0 else NEED))  # fmt: skip
        body.append(write(step.value, b + 6, y + 13, SMALL, None, INK))
        done += step.days
    bottom = len(chain) * 28.0 + 24
    body.append(write(total, WIDE - 84, bottom, BODY, "end", INK, "600"))
    return frame(key, WIDE, bottom + 6, title, desc, *body)
