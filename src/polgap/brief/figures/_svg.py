"""SVG text, piece by piece: elements, escaping, scales and ticks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from polgap.brief._model import Raw

Label = str | Raw
"""Written words, or data such as a place name."""

Format = Callable[[float], str]

INK, MUTED, RULE, FAINT = "#16222e", "#51606e", "#cdd5dc", "#eef2f5"
NEED, SHORT, ASKED, OPEN = "#9fb1c1", "#47718f", "#1f5078", "#b3411f"
VIOLET = "#574b90"
"""Tones: grey-blues for what is needed and asked, rust for what stays open, violet for violence.

They differ in lightness as well as in hue, so they hold in grey print and for colour-blind eyes.
"""

SMALL, BODY, WIDE = 11.0, 12.5, 720.0


def el(name: str, *inside: str, **attributes: str | float | None) -> str:
    """Return an element; ``_`` in attribute names stands for ``-``, None leaves one out.

    Examples
    --------
    >>> el("rect", x=1.0, fill="#fff", stroke_width=0.5)
    '<rect x="1" fill="#fff" stroke-width="0.5"/>'
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{pairs}>{''.join(inside)}</{name}>" if inside else f"<{name}{pairs}/>"


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def write(
    label: Label,
    x: float,
    y: float,
    size: float = SMALL,
    anchor: str | None = None,
    fill: str = INK,
    weight: str | None = None,
    halo: bool = False,
) -> str:
    """Return a line of text; data are marked as such, so that nobody takes them for words."""
    raw = isinstance(label, Raw)
    return el(
        "text",
        escape(told(label)),
        x=x,
        y=y,
        font_size=size,
        text_anchor=anchor,
        fill=fill,
        font_weight=weight,
        data_raw="" if raw else None,
        stroke="#fff" if halo else None,
        stroke_width=3.0 if halo else None,
        paint_order="stroke" if halo else None,
        stroke_linejoin="round" if halo else None,
    )


def told(label: Label) -> str:
    """Return the text of a label."""
    return label.text if isinstance(label, Raw) else label


def lines(label: Label, width: float, size: float = SMALL, most: int = 2) -> list[Label]:
    """Return a label broken at blanks into lines that fit; the last one ends in … if it must."""
    room = max(4, int(width / (size * 0.51)))
    out: list[str] = [""]
    for word in told(label).split(" "):
        joined = f"{out[-1]} {word}".strip()
        if len(joined) <= room or not out[-1]:
            out[-1] = joined
        else:
            out.append(word)
    if len(out) > most:
        out = [*out[: most - 1], " ".join(out[most - 1 :])]
    cut = [line if len(line) <= room + 2 else line[:room].rstrip() + "…" for line in out]
    return [Raw(c) if isinstance(label, Raw) else c for c in cut]


def frame(
    key: str, width: float, height: float, title: str, desc: str, *body: str, group: bool = False
) -> str:
    """Return a whole picture with its title and description.

    `group` lets links inside it be reached; else it is one image to a screen reader.
    """
    return el(
        "svg",
        el("title", escape(title), id=f"{key}-title"),
        el("desc", escape(desc), id=f"{key}-desc"),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        role="group" if group else "img",
        aria_labelledby=f"{key}-title {key}-desc",
    )


def hatch(name: str, colour: str = "#7b8894", ground: str = "#fff", gap: float = 5.0) -> str:
    """Return the definition of a hatched fill, for what is not known or not there."""
    return el(
        "pattern",
        el("rect", width=gap, height=gap, fill=ground),
        el("line", x1=0.0, y1=0.0, x2=0.0, y2=gap, stroke=colour, stroke_width=1.3),
        id=name,
        width=gap,
        height=gap,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


@dataclass(frozen=True)
class Scale:
    """A straight scale from values to places.

    Examples
    --------
    >>> Scale(0.0, 10.0, 100.0, 200.0)(5.0)
    150.0
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value; beyond the ends it stays at the end."""
        span = (self.high - self.low) or 1.0
        part = min(1.0, max(0.0, (value - self.low) / span))
        return self.start + part * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round values that cover a range.

    Examples
    --------
    >>> ticks(0.0, 930.0)
    [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    span = (high - low) or 1.0
    raw = span / most
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def across(values: Sequence[float], start: float, end: float) -> tuple[Scale, list[float]]:
    """Return a scale over values, from zero or below, that ends on round ticks."""
    marks = ticks(min(0.0, *values), max(0.0, *values, 1e-9))
    return Scale(marks[0], marks[-1], start, end), marks


def grid(scale: Scale, marks: Sequence[float], top: float, bottom: float, show: Format) -> str:
    """Return upright grid lines with their values below, the last one kept inside the picture."""
    out = []
    for value in marks:
        x, text = scale(value), show(value)
        side = "end" if x + len(text) * SMALL * 0.3 > WIDE else "middle"
        out.append(
            el("line", x1=x, x2=x, y1=top, y2=bottom, stroke=INK if value == 0 else RULE,
               stroke_width=1.0 if value == 0 else 0.7)
        )  # fmt: skip
        out.append(write(text, x + (4 if side == "end" else 0), bottom + 14, SMALL, side, MUTED))
    return "".join(out)


def whisker(
    scale: Scale, low: float, high: float, y: float, half: float = 4.0, halo: bool = True
) -> str:
    """Return the interval of a bar."""
    a, b = scale(low), scale(high)
    path = f"M{a:.1f} {y - half:.1f}v{2 * half:.1f}M{b:.1f} {y - half:.1f}v{2 * half:.1f}"
    path += f"M{a:.1f} {y:.1f}H{b:.1f}"
    back = el("path", d=path, stroke="#fff", stroke_width=4.0, fill="none", opacity=0.85)
    return (back if halo else "") + el("path", d=path, stroke=INK, stroke_width=1.5, fill="none")
