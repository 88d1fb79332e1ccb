"""Dots: values with intervals about a line that they are compared with; and shares by tenth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from polgap.brief.figures._svg import (
    ASKED,
    BODY,
    INK,
    MUTED,
    NEED,
    OPEN,
    RULE,
    SMALL,
    WIDE,
    Format,
    Label,
    Scale,
    el,
    frame,
    lines,
    whisker,
    write,
)

Ends = tuple[float, float, float]
_STEP, _TOP = 26.0, 20.0
_RATIOS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class Dot:
    """A labelled value with its interval, or None where it is not known; `value` is written."""

    label: Label
    ends: Ends | None
    value: str


def dots(
    key: str,
    rows: Sequence[Dot],
    *,
    title: str,
    desc: str,
    show: Format,
    better: str,
    worse: str,
    label_width: float = 190.0,
    value_width: float = 120.0,
) -> str:
    """Return ratios on a logarithmic scale about 1: left of the line is better.

    Intervals that leave the picture are cut at its edge. A dot is full where its whole interval
    lies on one side of the line, hollow where it does not.
    """
    mids = [r.ends[1] for r in rows if r.ends] or [1.0]
    low = max((m for m in _RATIOS if m < min(mids) * 0.93), default=0.1)
    high = min((m for m in _RATIOS if m > max(*mids, 1.05) * 1.07), default=10.0)
    scale = Scale(log(low), log(high), label_width, WIDE - value_width)
    bottom = _TOP + len(rows) * _STEP
    body = []
    for mark in (m for m in _RATIOS if low <= m <= high):
        x = scale(log(mark))
        one = mark == 1.0
        body.append(el("line", x1=x, x2=x, y1=_TOP, y2=bottom, stroke=INK if one else RULE,
                       stroke_width=1.4 if one else 0.7))  # fmt: skip
        body.append(write(show(mark), x, bottom + 14, SMALL, "middle", MUTED))
    middle = scale(0.0)
    body.append(write(f"← {better}", middle - 6, 12.0, SMALL, "end", MUTED))
    body.append(write(f"{worse} →", middle + 6, 12.0, SMALL, None, MUTED))
    for i, row in enumerate(rows):
        y = _TOP + (i + 0.5) * _STEP
        body.append(write(lines(row.label, label_width - 8, BODY, 1)[0], 0.0, y + 4, BODY))
        body.append(write(row.value, WIDE, y + 4, SMALL, "end", INK))
        if row.ends:
            body.append(_dot(scale, row.ends, y))
    return frame(key, WIDE, bottom + 20, title, desc, *body)


def _dot(scale: Scale, ends: Ends, y: float) -> str:
    low, mid, high = (log(max(v, 1e-3)) for v in ends)
    sure = high < 0 or low > 0
    colour = OPEN if mid > 0 else ASKED
    mark = el("circle", cx=scale(mid), cy=y, r=5.0, fill=colour if sure else "#fff",
              stroke=colour, stroke_width=2.0)  # fmt: skip
    return whisker(scale, low, high, y) + mark


def tenths(
    key: str,
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    title: str,
    desc: str,
    show: Format,
    even: str,
) -> str:
    """Return shares by tenth as bars side by side, with the line of an even share.

    Parameters
    ----------
    series : sequence of (written name, ten shares)
        Up to two.
    even : str
        What the line means.
    """
    high = max(0.15, *(v for _, values in series for v in values)) * 1.08
    left, top, bottom = 48.0, 34.0, 200.0
    y = Scale(0.0, high, bottom, top)
    width = (WIDE - left - 8) / 10.0
    body, x = [], left
    colours = (ASKED, NEED)
    for (name, _), colour in zip(series, colours, strict=False):
        body.append(el("rect", x=x, y=6.0, width=18.0, height=12.0, fill=colour))
        body.append(write(name, x + 24, 16.0, SMALL))
        x += 40 + len(name) * SMALL * 0.56
    each = width * 0.8 / max(1, len(series))
    for s, (_, values) in enumerate(series):
        for i, value in enumerate(values):
            place = left + i * width + width * 0.1 + s * each
            body.append(el("rect", x=place, y=y(value), width=each - 1, height=bottom - y(value),
                           fill=colours[s]))  # fmt: skip
    line = y(0.1)
    body.append(el("line", x1=left, x2=WIDE - 8, y1=line, y2=line, stroke=OPEN,
                   stroke_dasharray="5 3", stroke_width=1.4))  # fmt: skip
    body.append(write(even, WIDE - 8, line - 5, SMALL, "end", OPEN, halo=True))
    body.append(el("line", x1=left, x2=WIDE - 8, y1=bottom, y2=bottom, stroke=INK))
    for mark in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3):
        if mark <= high:
            body.append(write(show(mark), left - 6, y(mark) + 4, SMALL, "end", MUTED))
    for i in range(11):
        body.append(write(show(i / 10), left + i * width, bottom + 15, SMALL, "middle", MUTED))
    return frame(key, WIDE, bottom + 22, title, desc, *body)
