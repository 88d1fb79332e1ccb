"""Bars: intervals beside labels, shares of a whole, and what moves a number."""

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
    SMALL,
    WIDE,
    Format,
    Label,
    Scale,
    across,
    el,
    frame,
    grid,
    hatch,
    lines,
    whisker,
    write,
)

Ends = tuple[float, float, float]


@dataclass(frozen=True)
class Bar:
    """A labelled value: `ends` are low, middle and high, or None when not known."""

    label: Label
    ends: Ends | None
    value: str
    colour: str = ASKED


@dataclass(frozen=True)
class Bullet:
    """Need, what is asked of the mission, and what stays open, of one function."""

    label: Label
    need: float | None
    asked: float | None
    left: Ends | None
    value: str


def strip(ends: Ends, top: float, colour: str) -> str:
    """Return a short line that shows where an interval lies between zero and `top`.

    It repeats what the text beside it says, so it is hidden from screen readers.
    """
    scale = Scale(0.0, top or 1.0, 2.0, 178.0)
    low, mid, high = (scale(v) for v in ends)
    return el(
        "svg",
        el("rect", x=2.0, y=7.0, width=176.0, height=2.0, fill="#dfe5ea"),
        el("rect", x=low, y=5.0, width=max(2.0, high - low), height=6.0, fill=colour, opacity=0.4),
        el("rect", x=mid - 1.5, y=2.0, width=3.0, height=12.0, fill=colour),
        viewBox="0 0 180 16",
        aria_hidden="true",
        focusable="false",
        class_="strip",
    )


def bars(
    key: str,
    rows: Sequence[Bar],
    *,
    title: str,
    desc: str,
    show: Format,
    label_width: float = 210.0,
    value_width: float = 120.0,
) -> str:
    """Return bars from zero, with whiskers where the interval has a width."""
    values = [v for r in rows if r.ends for v in r.ends] or [1.0]
    scale, marks = across(values, label_width, WIDE - value_width)
    step, bottom = 34.0, len(rows) * 34.0 + 4
    body = [el("defs", hatch(f"{key}-none")), grid(scale, marks, 0.0, bottom, show)]
    for i, row in enumerate(rows):
        y = i * step + 8
        body.append(_labels(row.label, label_width - 12, y + 9))
        body.append(write(row.value, WIDE, y + 13, BODY, "end", INK, "600"))
        if row.ends is None:
            body.append(el("rect", x=scale(0), y=y, width=60.0, height=18.0,
                           fill=f"url(#{key}-none)"))  # fmt: skip
            continue
        low, mid, high = row.ends
        a, b = sorted((scale(0), scale(mid)))
        body.append(el("rect", x=a, y=y, width=max(1.0, b - a), height=18.0, fill=row.colour))
        if high > low:
            body.append(whisker(scale, low, high, y + 9))
    return frame(key, WIDE, bottom + 20, title, desc, *body)


def _labels(label: Label, width: float, y: float, size: float = SMALL) -> str:
    found = lines(label, width, size)
    top = y + size * 0.36 - (len(found) - 1) * size * 0.6
    return "".join(write(t, 0.0, top + j * size * 1.2, size) for j, t in enumerate(found))


def bullets(
    key: str,
    rows: Sequence[Bullet],
    *,
    title: str,
    desc: str,
    show: Format,
    legend: tuple[str, str, str],
) -> str:
    """Return one line for each function: need behind, asked before it, left open in front."""
    value_width, label_width = 128.0, 212.0
    tops = [v for r in rows for v in (r.need, r.asked, r.left and r.left[2]) if v is not None]
    scale, marks = across(tops or [1.0], label_width, WIDE - value_width)
    top, step = 28.0, 31.0
    bottom = top + len(rows) * step + 2
    body = [_key(legend, label_width), grid(scale, marks, top, bottom, show)]
    for i, row in enumerate(rows):
        y = top + i * step + 5
        body.append(_labels(row.label, label_width - 10, y + 11))
        for value, colour, inset in ((row.need, NEED, 0.0), (row.asked, ASKED, 4.0)):
            if value is not None:
                body.append(el("rect", x=scale(0), y=y + inset, height=22 - 2 * inset, fill=colour,
                               width=max(0.5, scale(value) - scale(0))))  # fmt: skip
        if row.left is not None:
            low, mid, high = row.left
            body.append(el("rect", x=scale(0), y=y + 8, width=max(0.5, scale(mid) - scale(0)),
                           height=6.0, fill=OPEN, stroke="#fff", stroke_width=0.8))  # fmt: skip
            body.append(whisker(scale, low, high, y + 11, 4.0, halo=False))
        body.append(write(row.value, WIDE, y + 15, SMALL, "end", INK, "600"))
    return frame(key, WIDE, bottom + 20, title, desc, *body)


def _key(legend: tuple[str, str, str], x: float) -> str:
    out = []
    for text, colour, height in zip(legend, (NEED, ASKED, OPEN), (14.0, 10.0, 6.0), strict=True):
        out.append(el("rect", x=x, y=10 - height / 2, width=20.0, height=height, fill=colour))
        out.append(write(text, x + 26, 14.0, SMALL))
        x += 44 + len(text) * SMALL * 0.56
    return "".join(out)


def stacked(
    key: str, parts: Sequence[tuple[str, str, float, str]], *, title: str, desc: str
) -> str:
    """Return one bar of shares that sum to one: (label, value, share, colour) each.

    Labels stand under their part, in a second row where they would touch.
    """
    body, x, wide = [], 0.0, WIDE
    ends = [-10.0, -10.0]  # how far each of two rows of labels is taken
    for label, value, share, colour in parts:
        width = max(0.0, share) * wide
        if width < 1.0:  # a part of nothing would lend its name to its neighbour
            continue
        body.append(el("rect", x=x, y=0.0, width=width, height=26.0, fill=colour, stroke="#fff",
                       stroke_width=1.5))  # fmt: skip
        if width > 9.0 * len(value):
            light = colour in (NEED, FAINT, "#d9dfe5")
            body.append(write(value, x + width / 2, 18.0, BODY, "middle", INK if light else "#fff",
                              "600"))  # fmt: skip
        room = len(label) * SMALL * 0.56
        place = min(x, wide - room)
        lane = next((k for k, end in enumerate(ends) if place >= end), None)
        if lane is not None:
            body.append(write(label, place, 42.0 + 15 * lane, SMALL, None, MUTED))
            ends[lane] = place + room + 8
        x += width
    return frame(key, wide, 62.0 if ends[1] > 0 else 48.0, title, desc, *body)


def tornado(
    key: str,
    rows: Sequence[tuple[Label, float, float, str, str]],
    *,
    title: str,
    desc: str,
    legend: tuple[str, str],
) -> str:
    """Return how far a number moves: (label, change at low, change at high, written both)."""
    reach = max([abs(v) for r in rows for v in r[1:3]] or [1.0]) or 1.0
    label_width = 236.0
    centre, half = (label_width + WIDE) / 2, (WIDE - label_width) / 2 - 66
    body = [
        el("rect", x=label_width, y=3.0, width=12.0, height=9.0, fill=NEED),
        write(legend[0], label_width + 18, 12.0, SMALL, None, MUTED),
        el("rect", x=centre + 30, y=3.0, width=12.0, height=9.0, fill=ASKED),
        write(legend[1], centre + 48, 12.0, SMALL, None, MUTED),
    ]
    top, step = 22.0, 30.0
    for i, (label, at_low, at_high, told_low, told_high) in enumerate(rows):
        y = top + i * step
        body.append(_labels(label, label_width - 14, y + 10))
        ends = ((at_low, told_low, NEED), (at_high, told_high, ASKED))
        apart = at_low * at_high < 0  # on both sides of the line there is room for full height
        for k, (change, told, colour) in enumerate(ends):
            if change == 0:
                continue
            place, height = (y + 2, 16.0) if apart else (y - 1 + 11.5 * k, 10.5)
            end = centre + change / reach * half
            a, b = sorted((centre, end))
            body.append(el("rect", x=a, y=place, width=max(0.5, b - a), height=height, fill=colour))
            side, gap = ("end", -5) if change < 0 else ("start", 5)
            size = SMALL if apart else SMALL - 1
            body.append(write(told, end + gap, place + height / 2 + 4, size, side, INK))
    bottom = top + len(rows) * step
    body.append(el("line", x1=centre, x2=centre, y1=top - 4, y2=bottom, stroke=INK))
    return frame(key, WIDE, bottom + 4, title, desc, *body)


def intervals(
    key: str,
    rows: Sequence[Bar],
    *,
    title: str,
    desc: str,
    show: Format,
    label_width: float = 220.0,
) -> str:
    """Return a dot for each middle value and a line for its interval, on one scale."""
    values = [v for r in rows if r.ends for v in r.ends] or [1.0]
    scale, marks = across(values, label_width, WIDE - 20)
    step, bottom = 38.0, len(rows) * 38.0
    body = [grid(scale, marks, 0.0, bottom, show)]
    for i, row in enumerate(rows):
        y = i * step + 24
        body.append(_labels(row.label, label_width - 14, y - 2))
        if row.ends is None:
            body.append(write(row.value, scale(0) + 6, y + 3, SMALL, None, MUTED))
            continue
        low, mid, high = row.ends
        body.append(el("line", x1=scale(low), x2=scale(high), y1=y, y2=y, stroke=row.colour,
                       stroke_width=5.0, opacity=0.45))  # fmt: skip
        body.append(el("circle", cx=scale(mid), cy=y, r=5.0, fill=row.colour, stroke="#fff"))
        side = "middle" if label_width + 60 < scale(mid) < WIDE - 90 else (
            "end" if scale(mid) >= WIDE - 90 else "start")  # fmt: skip
        place = {"middle": scale(mid), "end": WIDE - 20, "start": max(scale(0) + 4, scale(low))}
        body.append(write(row.value, place[side], y - 9, SMALL, side, INK, "600", halo=True))
    return frame(key, WIDE, bottom + 20, title, desc, *body)
