"""The choropleth: areas by class, with letters, hatching for no data, legend and scale bar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, floor, log10, radians
from typing import Any

from polgap.brief.figures._svg import (
    INK,
    MUTED,
    SMALL,
    Label,
    el,
    frame,
    hatch,
    told,
    write,
)

LETTERS = "ABCDEF"
COLOURS = ("#fff4de", "#fddba6", "#f6b06a", "#e27f3e", "#b9471c", "#7a2608")
"""One hue, light to dark, so that order shows without hue; checked for colour-blind eyes."""

_DARK_FROM = 4
_ROUND = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
_KM_A_DEGREE = 111.2
_LEAST_ROOM = 9.0


@dataclass(frozen=True)
class Shape:
    """An area to draw.

    Parameters
    ----------
    geometry : Mapping
        GeoJSON Polygon or MultiPolygon in degrees.
    lon, lat : float
        A point inside, where the letter goes.
    value : float or None
        None = no data, hatched.
    told : str
        What a screen reader says, and what the pointer shows.
    link : str
        Anchor of the row of the table; ``""`` for no link.
    """

    name: Label
    geometry: Mapping[str, Any]
    lon: float
    lat: float
    value: float | None
    told: str = ""
    link: str = ""


def breaks_of(values: Iterable[float | None]) -> tuple[float, ...]:
    """Return up to five round class breaks with about as many positive values in each class.

    Examples
    --------
    >>> breaks_of([float(v) for v in range(1, 61)])
    (10.0, 20.0, 30.0, 50.0)
    """
    found = sorted(v for v in values if v is not None and v > 0)
    if not found:
        return (1.0,)
    sixths = [found[len(found) * k // len(LETTERS)] for k in range(1, len(LETTERS))]
    return tuple(sorted({_nearest(v) for v in sixths}))


def _nearest(value: float) -> float:
    """Return the round value that is nearest by ratio."""
    power = 10.0 ** floor(log10(value))
    return round(min(_ROUND, key=lambda m: abs(log10(value / (m * power)))) * power, 10)


def class_of(value: float | None, breaks: Sequence[float]) -> str:
    """Return the letter of the class of a value; ``""`` for no data.

    Examples
    --------
    >>> class_of(60.0, (10.0, 50.0)), class_of(None, (10.0, 50.0))
    ('C', '')
    """
    return "" if value is None else LETTERS[bisect_right(breaks, value)]


def choropleth(
    key: str,
    shapes: Sequence[Shape],
    breaks: Sequence[float],
    *,
    title: str,
    desc: str,
    legend: Sequence[str],
    no_data: str,
    km: str,
    north: str,
    width: float = 720.0,
    tallest: float = 560.0,
    letters: bool = True,
) -> str:
    """Return a map of areas coloured and lettered by class.

    Parameters
    ----------
    key : str
        Prefix of ids, unique on the page.
    legend : sequence of str
        The written range of each class, lowest first.
    no_data, km, north : str
        Written words; without `legend` and `no_data` there is no legend.
    """
    view = View.over(shapes, width, tallest)
    body = [el("defs", hatch(f"{key}-none"))]
    areas = [_area(key, view, shape, breaks) for shape in shapes]
    body.append(el("g", *areas, stroke="#6d5f50", stroke_width=0.7, stroke_linejoin="round"))
    if letters:
        marks = [letter_mark(view, shape, breaks) for shape in shapes]
        body.append(el("g", *marks, text_anchor="middle", font_weight="600", pointer_events="none",
                       aria_hidden="true", data_letter=""))  # fmt: skip
    body.append(_scale_bar(view, km))
    body.append(_north(width, north))
    height = view.height + 22.0
    if legend or no_data:
        body.append(legend_row(key, height + 10.0, width, legend, no_data))
        height += 44.0
    links = any(shape.link for shape in shapes)
    return frame(key, width, height, title, desc, *body, group=links)


@dataclass(frozen=True)
class View:
    """Degrees to places: true scale along the middle parallel."""

    west: float
    north: float
    stretch: float
    scale: float
    left: float
    height: float
    turned: bool

    @classmethod
    def over(cls, shapes: Sequence[Shape], width: float, tallest: float) -> View:
        """Return the view that holds every shape, as large as the room allows."""
        points = [p for s in shapes for ring in _rings(s.geometry) for p in ring]
        points = points or [(s.lon, s.lat) for s in shapes] or [(0.0, 0.0), (1.0, 1.0)]
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        turned = max(lons) - min(lons) > 180  # a theatre across the date line
        if turned:
            lons = [lon % 360 for lon in lons]
        stretch = cos(radians((max(lats) + min(lats)) / 2))
        wide = max(1e-6, (max(lons) - min(lons)) * stretch)
        high = max(1e-6, max(lats) - min(lats))
        scale = min((width - 8) / wide, (tallest - 8) / high)
        left = (width - wide * scale) / 2
        return cls(min(lons), max(lats), stretch, scale, left, high * scale + 8, turned)

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the place of a point in the picture."""
        lon = lon % 360 if self.turned else lon
        x = self.left + (lon - self.west) * self.stretch * self.scale
        return x, 4 + (self.north - lat) * self.scale


def _rings(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """Return every ring of a geometry as points; other geometries have none."""
    kind, nested = geometry.get("type"), geometry.get("coordinates") or ()
    polygons = {"Polygon": [nested], "MultiPolygon": nested}.get(str(kind), [])
    return [[(float(p[0]), float(p[1])) for p in ring] for poly in polygons for ring in poly]


def outline(view: View, shape: Shape) -> str:
    """Return an area as a path on a grid of one unit: neighbours keep points in common."""
    path = []
    for ring in _rings(shape.geometry):
        places = [view(lon, lat) for lon, lat in ring]
        points = _thin([(round(x), round(y)) for x, y in places])
        if len(points) < 3:
            continue
        x, y = points[0]
        path.append(f"M{x} {y}l")
        moves = []
        for nx, ny in points[1:]:
            moves.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        path.append(" ".join(moves).replace(" -", "-") + "z")
    return "".join(path)


def _thin(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out repeated points and those on a straight line between their neighbours."""
    kept: list[tuple[int, int]] = []
    for p in points:
        if kept and p == kept[-1]:
            continue
        if len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2], kept[-1]
            if (bx - ax) * (p[1] - by) == (by - ay) * (p[0] - bx):
                kept.pop()
        kept.append(p)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def _area(key: str, view: View, shape: Shape, breaks: Sequence[float]) -> str:
    letter = class_of(shape.value, breaks)
    fill = COLOURS[LETTERS.index(letter)] if letter else f"url(#{key}-none)"
    path = el("path", d=outline(view, shape), fill=fill)
    if not shape.told:
        return path
    name = el("title", escape(shape.told))
    return el("a", name, path, href=f"#{shape.link}") if shape.link else el("g", name, path)


def letter_mark(
    view: View, shape: Shape, breaks: Sequence[float], least: float = _LEAST_ROOM
) -> str:
    """Return the letter of an area's class, where the area is large enough to hold it."""
    letter = class_of(shape.value, breaks)
    points = [view(lon, lat) for ring in _rings(shape.geometry) for lon, lat in ring]
    if not letter or not points:
        return ""
    wide = max(p[0] for p in points) - min(p[0] for p in points)
    high = max(p[1] for p in points) - min(p[1] for p in points)
    room = min(wide, high)
    if room < least:
        return ""
    size = 12.0 if room > 24 else 8.5
    x, y = view(shape.lon, shape.lat)
    dark = LETTERS.index(letter) >= _DARK_FROM
    fill = "#fff" if dark else INK
    return el("text", letter, x=x, y=y + size * 0.36, font_size=size, fill=fill)


def _scale_bar(view: View, km: str) -> str:
    per_km = view.scale / _KM_A_DEGREE
    most = 130.0 / per_km
    power = 10.0 ** floor(log10(most))
    length = next(m * power for m in (5.0, 2.0, 1.0) if m * power <= most)
    x, y, wide = 6.0, view.height + 6.0, length * per_km
    bar = el("path", d=f"M{x} {y - 4:.1f}v6h{wide:.1f}v-6M{x + wide / 2:.1f} {y - 1:.1f}v3",
             stroke=INK, fill="none", stroke_width=1.2)  # fmt: skip
    return bar + write(f"{length:g}\u00a0{km}", x + wide + 6, y + 3, SMALL, None, MUTED)


def _north(width: float, north: str) -> str:
    x = width - 16.0
    arrow = el("path", d=f"M{x} 8l5 15-5-4-5 4z", fill=INK)
    return arrow + write(north, x, 36.0, SMALL, "middle", MUTED)


def legend_row(key: str, y: float, width: float, legend: Sequence[str], no_data: str) -> str:
    """Return the classes with their colour, letter and range, and the sign of no data."""
    out = []
    for i, (x, text) in enumerate(_spread([*legend, no_data], width)):
        none = i == len(legend)
        fill = f"url(#{key}-none)" if none else COLOURS[i]
        out.append(el("rect", x=x, y=y, width=24.0, height=18.0, fill=fill, stroke="#6d5f50",
                      stroke_width=0.7))  # fmt: skip
        if not none:
            colour = "#fff" if i >= _DARK_FROM else INK
            out.append(
                el("text", LETTERS[i], x=x + 12, y=y + 13.5, font_size=12.0, data_letter="",
                   text_anchor="middle", fill=colour, font_weight="600")
            )  # fmt: skip
        out.append(write(told(text), x + 29, y + 13.5, SMALL))
    return "".join(out)


def _spread(texts: Sequence[str], width: float) -> list[tuple[float, str]]:
    """Return where the entries of a legend begin: even steps, else each as long as its words.

    Examples
    --------
    >>> [x for x, _ in _spread(["low", "high"], 200.0)]
    [1.0, 101.0]
    >>> [round(x) for x, _ in _spread(["low", "no data or withheld"], 200.0)]
    [1, 53]
    """
    room = width / len(texts)
    each = [29.0 + len(text) * SMALL * 0.57 for text in texts]
    if max(each) <= room - 4.0:
        return [(i * room + 1.0, text) for i, text in enumerate(texts)]
    gap = max(4.0, (width - 1.0 - sum(each)) / max(1, len(texts) - 1))
    gap = min(gap, 24.0)
    starts = [1.0 + sum(each[:i]) + i * gap for i in range(len(texts))]
    return list(zip(starts, texts, strict=True))
