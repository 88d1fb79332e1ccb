"""The fan chart: what was seen, and the range of what may come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polgap.brief.figures._svg import (
    INK,
    MUTED,
    RULE,
    SMALL,
    VIOLET,
    WIDE,
    Format,
    Scale,
    el,
    frame,
    hatch,
    ticks,
    write,
)

BANDS = (("q05", "q95", 0.16), ("q10", "q90", 0.24), ("q25", "q75", 0.36))
_HIGH, _LEFT, _TOP = 225.0, 60.0, 34.0


def fan(
    key: str,
    history: Sequence[float | None],
    future: Sequence[Mapping[str, float | None]],
    *,
    title: str,
    desc: str,
    show: Format,
    months: Sequence[tuple[int, str]],
    legend: tuple[str, str, str, str, str],
    cut: str,
    colour: str = VIOLET,
) -> str:
    """Return past months as a line and future months as bands.

    Parameters
    ----------
    history : sequence
        One value a month; None = not observed, hatched.
    future : sequence of mappings q05, q10, q25, q50, q75, q90, q95
        The months after the last one of `history`.
    months : sequence of (position, written month)
        Ticks, counted from the first month of `history`.
    legend : five str
        Seen, middle, 50 %, 80 %, 90 %; `cut` is said where a band leaves the picture.
    """
    seen = [v for v in history if v is not None]
    inner = [v for row in future if (v := row.get("q90")) is not None]
    outer = [v for row in future if (v := row.get("q95")) is not None]
    marks = ticks(0.0, max([*seen, *inner, 1.0]))
    count = len(history) + len(future)
    x = Scale(0.0, max(1.0, count - 1.0), _LEFT, WIDE - 8)
    y = Scale(0.0, marks[-1], _TOP + _HIGH, _TOP)
    body = [el("defs", hatch(f"{key}-none")), _rows(marks, y, show), _legend(legend, colour)]
    body += _unseen(key, history, x)
    for low, high, opacity in BANDS:
        body.append(_band(future, len(history), low, high, x, y, colour, opacity))
    body.append(_line(history, 0, x, y, INK, None))
    middle = [row.get("q50") for row in future]
    body.append(_line(middle, len(history), x, y, colour, "6 3"))
    if history and future:
        place = x(len(history) - 0.5)
        body.append(el("line", x1=place, x2=place, y1=_TOP, y2=_TOP + _HIGH, stroke=MUTED,
                       stroke_dasharray="2 3"))  # fmt: skip
    for position, label in months:
        place = x(position)
        body.append(el("line", x1=place, x2=place, y1=_TOP + _HIGH, y2=_TOP + _HIGH + 4,
                       stroke=MUTED))  # fmt: skip
        anchor = "end" if place > WIDE - 34 else "middle"
        body.append(write(label, place, _TOP + _HIGH + 17, SMALL, anchor, MUTED))
    if outer and max(outer) > marks[-1]:
        body.append(write(cut, WIDE - 10, _TOP + 12, SMALL, "end", MUTED, halo=True))
    return frame(key, WIDE, _TOP + _HIGH + 24, title, desc, *body)


def _rows(marks: Sequence[float], y: Scale, show: Format) -> str:
    out = []
    for value in marks:
        place = y(value)
        out.append(el("line", x1=_LEFT, x2=WIDE - 8, y1=place, y2=place,
                      stroke=INK if value == 0 else RULE, stroke_width=0.8))  # fmt: skip
        out.append(write(show(value), _LEFT - 6, place + 4, SMALL, "end", MUTED))
    return "".join(out)


def _legend(legend: tuple[str, str, str, str, str], colour: str) -> str:
    x, out = _LEFT, []
    for i, text in enumerate(legend):
        if i < 2:
            stroke, dash = (colour, "6 3") if i else (INK, None)
            out.append(el("line", x1=x, x2=x + 22, y1=12.0, y2=12.0, stroke=stroke,
                          stroke_width=2.0, stroke_dasharray=dash))  # fmt: skip
        else:
            shade = 1.0 - (1 - 0.16) * (1 - 0.24 * (i < 4)) * (1 - 0.36 * (i == 2))
            out.append(el("rect", x=x, y=6.0, width=22.0, height=12.0, fill=colour, opacity=shade))
        out.append(write(text, x + 28, 16.0, SMALL))
        x += 46 + len(text) * SMALL * 0.55
    return "".join(out)


def _unseen(key: str, history: Sequence[float | None], x: Scale) -> list[str]:
    """Return a hatched strip over each run of months that nobody observed."""
    out, start = [], None
    for i, value in enumerate([*history, 0.0]):
        if value is None and start is None:
            start = i
        if value is not None and start is not None:
            a, b = x(max(0.0, start - 0.5)), x(i - 0.5)
            out.append(el("rect", x=a, y=_TOP, width=b - a, height=_HIGH,
                          fill=f"url(#{key}-none)", opacity=0.6))  # fmt: skip
            start = None
    return out


def _band(
    future: Sequence[Mapping[str, float | None]],
    start: int,
    low: str,
    high: str,
    x: Scale,
    y: Scale,
    colour: str,
    opacity: float,
) -> str:
    ends = [(i, row.get(low), row.get(high)) for i, row in enumerate(future)]
    known = [(i, a, b) for i, a, b in ends if a is not None and b is not None]
    if len(known) < 2:
        return ""
    upper = [f"{x(start + i):.1f} {y(b):.1f}" for i, _, b in known]
    lower = [f"{x(start + i):.1f} {y(a):.1f}" for i, a, _ in reversed(known)]
    return el("path", d=f"M{'L'.join(upper + lower)}z", fill=colour, opacity=opacity)


def _line(
    values: Sequence[float | None], start: int, x: Scale, y: Scale, colour: str, dash: str | None
) -> str:
    pieces, pen = [], "M"
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        pieces.append(f"{pen}{x(start + i):.1f} {y(value):.1f}")
        pen = "L"
    if not pieces:
        return ""
    return el("path", d="".join(pieces), stroke=colour, stroke_width=1.6, fill="none",
              stroke_dasharray=dash, stroke_linejoin="round")  # fmt: skip
