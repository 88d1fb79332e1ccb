"""Shares of reasons by area: parts that add up to one, negative ones left of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polgap.brief.figures._svg import (
    INK,
    MUTED,
    SMALL,
    WIDE,
    Format,
    Label,
    across,
    el,
    frame,
    grid,
    lines,
    write,
)

_STEP, _TOP, _BAR = 24.0, 30.0, 16.0
_LIGHT = 0.4
"""Relative luminance above which dark letters are read more easily than white ones."""


@dataclass(frozen=True)
class Parted:
    """A label and its parts in the order of the legend; `value` is written at the right."""

    label: Label
    parts: Sequence[float]
    value: str


def parted(
    key: str,
    rows: Sequence[Parted],
    *,
    title: str,
    desc: str,
    show: Format,
    legend: Sequence[tuple[str, str]],
    label_width: float = 168.0,
    value_width: float = 96.0,
) -> str:
    """Return one bar a row, its parts side by side; a negative part stands left of zero.

    Each part carries its number in the legend, so that no part is told by colour alone.

    Parameters
    ----------
    legend : sequence of (written name, colour)
        The parts, in order.

    Examples
    --------
    >>> svg = parted("p", [Parted("a", (0.7, -0.1, 0.4), "")], title="t", desc="d", show=str,
    ...              legend=(("x", "#123"), ("y", "#456"), ("z", "#789")))
    >>> svg.count("<rect")  # three in the legend, three in the bar
    6
    """
    right = [round(sum(p for p in r.parts if p > 0), 3) for r in rows] or [1.0]
    left = [round(sum(p for p in r.parts if p < 0), 3) for r in rows] or [0.0]
    scale, marks = across([*right, *left, 1.0], label_width, WIDE - value_width)
    bottom = _TOP + len(rows) * _STEP
    body = [_legend(legend), grid(scale, marks, _TOP, bottom, show)]
    for n, row in enumerate(rows):
        y = _TOP + n * _STEP + (_STEP - _BAR) / 2
        label = lines(row.label, label_width - 10, SMALL, 1)[0]
        body.append(write(label, 2.0, y + 12.0, SMALL))
        ends = [0.0, 0.0]  # how far the bar reaches to the left and to the right
        for k, (part, (_, colour)) in enumerate(zip(row.parts, legend, strict=True)):
            side = int(part > 0)
            a, b = sorted((scale(ends[side]), scale(ends[side] + part)))
            ends[side] += part
            if b - a < 0.5:
                continue
            body.append(el("rect", x=a, y=y, width=b - a, height=_BAR, fill=colour, stroke="#fff",
                           stroke_width=0.8))  # fmt: skip
            if b - a > 11.0:
                body.append(_number(k + 1, (a + b) / 2, y + 12.0, colour))
        body.append(write(row.value, WIDE, y + 12.0, SMALL, "end", MUTED))
    return frame(key, WIDE, bottom + 20.0, title, desc, *body)


def _legend(legend: Sequence[tuple[str, str]]) -> str:
    x, out = 0.0, []
    for k, (text, colour) in enumerate(legend):
        out.append(el("rect", x=x, y=3.0, width=20.0, height=16.0, fill=colour))
        out.append(_number(k + 1, x + 10.0, 15.0, colour))
        out.append(write(text, x + 26.0, 15.0, SMALL))
        x += 44.0 + len(text) * SMALL * 0.56
    return "".join(out)


def _number(number: int, x: float, y: float, colour: str) -> str:
    fill = INK if luminance(colour) > _LIGHT else "#fff"
    return el("text", f"{number}", x=x, y=y, font_size=SMALL, text_anchor="middle", fill=fill,
              font_weight="600", data_letter="")  # fmt: skip


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 black to 1 white (WCAG 2).

    Examples
    --------
    >>> luminance("#ffffff"), luminance("#000")
    (1.0, 0.0)
    """
    digits = colour.lstrip("#")
    pairs = [digits[i : i + 2] for i in (0, 2, 4)] if len(digits) == 6 else [d * 2 for d in digits]
    red, green, blue = (_linear(int(p, 16) / 255) for p in pairs)
    return round(0.2126 * red + 0.7152 * green + 0.0722 * blue, 6)


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
