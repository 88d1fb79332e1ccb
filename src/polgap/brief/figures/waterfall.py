"""The waterfall: from need to what stays open, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polgap.brief.figures._svg import (
    BODY,
    INK,
    MUTED,
    SMALL,
    WIDE,
    Format,
    across,
    el,
    frame,
    grid,
    hatch,
    whisker,
    write,
)

_ROW, _BAR = 68.0, 20.0


@dataclass(frozen=True)
class Stage:
    """One total.

    Parameters
    ----------
    ends : (low, mid, high) or None
        None = not known; the row says so and stays empty.
    value : str
        The number as printed.
    step : str
        What lies between this total and the one above.
    """

    label: str
    ends: tuple[float, float, float] | None
    value: str
    colour: str
    step: str = ""


def waterfall(key: str, stages: Sequence[Stage], *, title: str, desc: str, show: Format) -> str:
    """Return the totals one under the other, each beside what was taken off the one above.

    The hatched part is drawn to the middle of the total above. It carries no number, because
    middle values do not add up.

    Examples
    --------
    >>> svg = waterfall("w", [Stage("Need", (8.0, 10.0, 12.0), "10", "#999")],
    ...                 title="t", desc="d", show=str)
    >>> svg.startswith("<svg")
    True
    """
    highs = [s.ends[2] for s in stages if s.ends]
    scale, marks = across(highs or [1.0], 4.0, WIDE - 16.0)
    bottom = len(stages) * _ROW
    body = [el("defs", hatch(f"{key}-taken", "#9aa7b2")), grid(scale, marks, 0.0, bottom, show)]
    above: float | None = None
    for i, stage in enumerate(stages):
        y = i * _ROW + 22.0
        body.append(write(stage.label, scale(0) + 2, y - 6, BODY, None, INK, "600", halo=True))
        body.append(write(stage.value, WIDE - 16, y - 6, BODY, "end", INK, "600", halo=True))
        if stage.ends is None:
            above = None
            continue
        low, mid, high = stage.ends
        if above is not None and above > mid:
            body.append(_taken(key, scale(mid), scale(above), y))
        body.append(el("rect", x=scale(0), y=y, width=max(1.0, scale(mid) - scale(0)),
                       height=_BAR, fill=stage.colour))  # fmt: skip
        body.append(whisker(scale, low, high, y + _BAR / 2))
        if stage.step:
            body.append(
                write(stage.step, scale(0) + 2, y + _BAR + 14, SMALL, None, MUTED, halo=True)
            )
        above = mid
    return frame(key, WIDE, bottom + 20.0, title, desc, *body)


def _taken(key: str, start: float, end: float, y: float) -> str:
    return el(
        "rect", x=start, y=y, width=end - start, height=_BAR, fill=f"url(#{key}-taken)",
        stroke="#9aa7b2", stroke_width=0.8, stroke_dasharray="3 2",
    )  # fmt: skip
