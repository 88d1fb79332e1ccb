"""An invented land: coast, border, river, provinces and areas that share their edges exactly.

The ground is a fine Voronoi mosaic of jittered points. Each tile goes to the sea or to one area,
so neighbours share tile edges: no gap, no overlap, no sliver, and borders as jagged as nature's.
Areas come from Lloyd's relaxation [1]_ in coordinates warped by smooth noise, first provinces on
each bank of the river, then areas inside each province, smaller where people are many.

References
----------
.. [1] Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28 (1982).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi, cKDTree

from polgap.draws import stream

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.int64]

CENTRE = (85.0, -21.0)
"""Longitude and latitude of the middle: open Indian Ocean, over 900 km from any shore."""

EARTH_KM = 6371.0088
TILE_KM = 4.8
REACH_KM = (415.0, 325.0)
"""Half-width and half-height of the drawing board."""

PROVINCES = {"south": 4, "north": 3}
"""Provinces on each bank beside the capital district, which lies on the south bank."""

AREAS, CAPITAL_AREAS, FEWEST = 60, 4, 3
"""Areas in all, in the capital district, and at least in any other province."""
DISTRICT_TILES = 90
"""Tiles of the capital district: about 1,800 km2."""


@dataclass(frozen=True)
class Land:
    """The land before anybody lives there: plane kilometres, one polygon an area.

    Parameters
    ----------
    polygons : array of shapely polygons, shape (area,), degrees
    centres : array, shape (area, 2), km, x and y on the equal-area plane
    province : array of int, shape (area,)
        0 is the capital district; 1 .. 4 lie on the south bank, 5 .. 7 on the north bank.
    touch : array of bool, shape (area, area)
        Which areas share an edge.
    density : array, shape (area,), rural inhabitants per km2 up to a factor
    coast, frontier : array of bool, shape (area,)
    mouth : array, shape (2,), km, where the river meets the sea
    """

    polygons: NDArray[np.object_]
    centres: Array
    km2: Array
    province: Labels
    touch: NDArray[np.bool_]
    density: Array
    coast: NDArray[np.bool_]
    frontier: NDArray[np.bool_]
    river: shapely.LineString | shapely.MultiLineString
    mouth: Array


def to_degrees(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return longitude and latitude of plane kilometres (equal-area cylinder), rounded to 10 m."""
    shrink = np.cos(np.radians(CENTRE[1]))
    lon = CENTRE[0] + np.degrees(points[:, 0] / (EARTH_KM * shrink))
    lat = np.degrees(np.arcsin(np.sin(np.radians(CENTRE[1])) + points[:, 1] * shrink / EARTH_KM))
    return np.asarray(np.round(np.column_stack([lon, lat]), 4), dtype=np.float64)


@lru_cache(maxsize=4)
def land(seed: int) -> Land:
    """Return the land of a seed: the same polygons each time."""
    board = _mosaic(seed)
    ground = _ground(seed, board)
    points, links = board.points[ground.dry], board.links[ground.dry][:, ground.dry]
    people, tiles = ground.people, _tiles(board, ground.dry)
    bank = _banks(seed, points, links)
    mouth = _mouth(points, bank, links)
    province = _provinces(seed, points, links, bank, mouth)
    area = _areas(seed, points, links, province, people, mouth)
    merged = [shapely.coverage_union_all(tiles[area == k]) for k in range(area.max() + 1)]
    polygons = shapely.coverage_simplify(np.array(merged), TILE_KM * 0.8)
    size = np.bincount(area)
    of_area = np.zeros(size.size, dtype=np.int64)
    of_area[area] = province
    return Land(
        shapely.transform(polygons, to_degrees),
        np.column_stack([np.bincount(area, points[:, k]) / size for k in (0, 1)]),
        shapely.area(polygons),
        of_area,
        _touching(polygons),
        np.bincount(area, people) / size,
        np.bincount(area, ground.by_sea) > 0,
        np.bincount(area, ground.by_land) > 0,
        shapely.transform(_shared(polygons[of_area >= 5], polygons[of_area < 5]), to_degrees),
        mouth,
    )


def noise(seed: int, name: str, points: Array, longest: float, roughness: float = 1.2) -> Array:
    """Return smooth fractal noise at points, mean 0 and standard deviation about 1.

    A sum of 72 plane waves from `longest` km down to a thirtieth of it; amplitude falls with
    the wave number to the power `roughness`.
    """
    rng = stream(seed, "exercise", "noise", name)
    number = np.exp(rng.uniform(0.0, np.log(30.0), 72))
    turn, phase = rng.uniform(0.0, 2.0 * np.pi, (2, 72))
    weight = number**-roughness
    wave = 2.0 * np.pi * number / longest
    sight = points[:, :1] * (wave * np.cos(turn)) + points[:, 1:] * (wave * np.sin(turn))
    return np.asarray(np.cos(sight + phase) @ weight / np.sqrt(0.5 * (weight**2).sum()))


@dataclass(frozen=True)
class _Board:
    points: Array
    links: csr_array
    diagram: Voronoi
    place: NDArray[np.intp]


def _mosaic(seed: int) -> _Board:
    """Return jittered points on the whole board and which of their Voronoi tiles touch."""
    rng = stream(seed, "exercise", "mosaic")
    width, height = REACH_KM
    rows = np.arange(-height, height, TILE_KM * np.sqrt(0.75))
    columns = np.arange(-width, width, TILE_KM)
    x = columns[None, :] + np.where(np.arange(rows.size) % 2, TILE_KM / 2, 0.0)[:, None]
    points = np.column_stack([x.ravel(), np.repeat(rows, columns.size)])
    points = points + rng.uniform(-0.36, 0.36, points.shape) * TILE_KM
    diagram = Voronoi(points)
    inner = np.flatnonzero((np.abs(points) < np.array(REACH_KM) - 3 * TILE_KM).all(axis=1))
    rank = np.full(len(points), -1)
    rank[inner] = np.arange(inner.size)
    a, b = rank[diagram.ridge_points].T
    both = (a >= 0) & (b >= 0)
    ends = np.concatenate([a[both], b[both]]), np.concatenate([b[both], a[both]])
    links = coo_array((np.ones(ends[0].size), ends), shape=(inner.size, inner.size))
    return _Board(points[inner], csr_array(links), diagram, inner)


def _tiles(board: _Board, dry: NDArray[np.intp]) -> NDArray[np.object_]:
    regions = [board.diagram.regions[r] for r in board.diagram.point_region[board.place[dry]]]
    rings = [[*region, region[0]] for region in regions]
    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    corners = board.diagram.vertices[np.concatenate(rings)]
    return np.asarray(shapely.polygons(shapely.linearrings(corners, indices=owner)))


@dataclass(frozen=True)
class _Ground:
    """Dry tiles (positions on the board), and for each its people, and who is beyond its edge."""

    dry: NDArray[np.intp]
    people: Array
    by_sea: Array
    by_land: Array


def _ground(seed: int, board: _Board) -> _Ground:
    """Part the board into land, sea (west and south) and foreign land (north and east).

    The coast is the edge of a rough blob; the land border is two surveyors' lines that wobble.
    """
    points, links = board.points, board.links
    x, y = points.T
    blob = 1.0 - np.hypot((x + 5.0) / 285.0, (y + 5.0) / 210.0)
    edge = np.maximum((np.abs(x) - 360.0) / 80.0, (np.abs(y) - 285.0) / 60.0)
    shore = blob + 0.15 * noise(seed, "coast", points, 330.0, 0.85) - np.maximum(edge, 0.0)
    wobble = 9.0 * noise(seed, "border", points, 220.0, 1.3)
    border = np.minimum(225.0 - x - 0.2 * y, 165.0 - y - 0.14 * x) + wobble
    risen = (shore > 0.0) & (border > 0.0)
    sea = _largest(~risen & (border > 0.0), links)
    dry = np.flatnonzero(_largest(~sea & (border > 0.0), links))  # lakes filled, islands left out
    wet = np.ones(len(points), dtype=bool)
    wet[dry] = False
    people = np.exp(0.75 * noise(seed, "people", points, 260.0) - np.maximum(x, 0.0) / 260.0)
    beyond = links[dry] @ np.column_stack([wet & (border > 0.0), wet & (border <= 0.0)])
    return _Ground(dry, people[dry], beyond[:, 0] > 0, beyond[:, 1] > 0)


def _largest(mask: NDArray[np.bool_], links: csr_array) -> NDArray[np.bool_]:
    """Return the largest connected part of a mask."""
    kept = np.flatnonzero(mask)
    _, part = connected_components(links[kept][:, kept], directed=False)
    out = np.zeros_like(mask)
    out[kept[part == np.bincount(part).argmax()]] = True
    return out


def _tidy(label: Labels, links: csr_array, within: Labels | None = None) -> Labels:
    """Return labels whose parts are each connected: strays join the neighbour they touch most.

    A stray never leaves its own `within` group (a bank, a province).
    """
    label, group = label.copy(), np.zeros_like(label) if within is None else within
    for _ in range(50):
        edges = coo_array(links)
        same = label[edges.row] == label[edges.col]
        kept = coo_array((np.ones(same.sum()), (edges.row[same], edges.col[same])), links.shape)
        _, part = connected_components(kept, directed=False)
        size = np.bincount(part)
        main = np.zeros(label.max() + 1, dtype=np.int64)
        for p in np.argsort(size, kind="stable"):
            main[label[np.flatnonzero(part == p)[0]]] = p
        stray = part != main[label]
        if not stray.any():
            break
        edge = stray[edges.row] & ~stray[edges.col] & (group[edges.row] == group[edges.col])
        votes = coo_array(
            (np.ones(edge.sum()), (edges.row[edge], label[edges.col[edge]])),
            (label.size, label.max() + 1),
        ).toarray()
        moved = votes.sum(axis=1) > 0
        label[moved] = votes[moved].argmax(axis=1)
    return label


def _warp(seed: int, name: str, points: Array, size: float) -> Array:
    shift = [noise(seed, f"{name} {axis}", points, 190.0, 1.1) for axis in "xy"]
    return points + size * np.column_stack(shift)


def _lloyd(rng: np.random.Generator, points: Array, weight: Array, count: int) -> Labels:
    """Return the cell of each point after 30 rounds of weighted Lloyd relaxation."""
    start = rng.choice(len(points), size=count, replace=False, p=weight / weight.sum())
    centres = points[start]
    for _ in range(30):
        cell = cKDTree(centres).query(points)[1]
        mass = np.maximum(np.bincount(cell, weight, count), 1e-12)
        centres = np.column_stack([np.bincount(cell, weight * c, count) / mass for c in points.T])
    return np.asarray(cKDTree(centres).query(points)[1], dtype=np.int64)


def _banks(seed: int, points: Array, links: csr_array) -> Labels:
    """Return 0 for the south bank and 1 for the north bank of a river from east to west."""
    bent = _warp(seed, "river", points, 16.0)
    turn = stream(seed, "exercise", "river").uniform(0.0, 2.0 * np.pi)
    course = 26.0 * np.sin(bent[:, 0] / 70.0 + turn) + 0.14 * bent[:, 0] - 15.0
    return _tidy((bent[:, 1] > course).astype(np.int64), links)


def _mouth(points: Array, bank: Labels, links: csr_array) -> Array:
    """Return the westernmost place where both banks meet."""
    edges = coo_array(links)
    across = bank[edges.row] != bank[edges.col]
    shared = points[edges.row[across]]
    return np.asarray(shared[shared[:, 0].argmin()])


def _provinces(seed: int, points: Array, links: csr_array, bank: Labels, mouth: Array) -> Labels:
    bent = _warp(seed, "provinces", points, 20.0)
    label = np.zeros(len(points), dtype=np.int64)
    far = np.hypot(*(points - mouth).T) - 7.0 * noise(seed, "district", points, 90.0)
    district = np.zeros(len(points), dtype=bool)
    district[np.argsort(np.where(bank == 0, far, np.inf))[:DISTRICT_TILES]] = True
    first = 1
    for side, count in ((0, PROVINCES["south"]), (1, PROVINCES["north"])):
        here = (bank == side) & ~district
        rng = stream(seed, "exercise", "provinces", side)
        label[here] = first + _lloyd(rng, bent[here], np.ones(here.sum()), count)
        first += count
    return _tidy(label, links, bank)


def _areas(
    seed: int, points: Array, links: csr_array, province: Labels, people: Array, mouth: Array
) -> Labels:
    bent = _warp(seed, "areas", points, 11.0)
    tiles = np.bincount(province)[1:].astype(float)
    share = tiles / tiles.sum() * (AREAS - CAPITAL_AREAS - FEWEST * tiles.size)
    counts = np.floor(share).astype(int)
    counts[np.argsort(counts - share)[: round(share.sum()) - counts.sum()]] += 1
    counts += FEWEST
    label, first = np.zeros(len(points), dtype=np.int64), 0
    for p, count in enumerate([CAPITAL_AREAS, *counts.tolist()]):
        here = province == p
        near = np.exp(-np.hypot(*(points[here] - mouth).T) / 18.0) if p == 0 else 0.0
        weight = np.sqrt(people[here]) + 8.0 * near
        rng = stream(seed, "exercise", "areas", p)
        label[here] = first + _lloyd(rng, bent[here], weight, count)
        first += count
    return _in_order(_tidy(label, links, province), points, province)


def _in_order(label: Labels, points: Array, province: Labels) -> Labels:
    """Return labels renumbered province by province, west to east."""
    size = np.bincount(label)
    west = np.bincount(label, points[:, 0]) / size
    of_area = np.bincount(label, province) / size
    rank = np.empty(size.size, dtype=np.int64)
    rank[np.lexsort((west, of_area))] = np.arange(size.size)
    return np.asarray(rank[label])


def _touching(polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
    touch = np.zeros((polygons.size, polygons.size), dtype=bool)
    a, b = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    shared = shapely.length(shapely.intersection(polygons[a], polygons[b])) > 0.5
    touch[a, b] = shared & (a != b)
    return touch


def _shared(
    north: NDArray[np.object_], south: NDArray[np.object_]
) -> shapely.LineString | shapely.MultiLineString:
    """Return the line between two sets of areas: the river."""
    one, other = (shapely.coverage_union_all(side).boundary for side in (north, south))
    line = shapely.line_merge(shapely.intersection(one, other))
    if isinstance(line, shapely.LineString):
        return line
    parts = [g for g in shapely.get_parts(line) if isinstance(g, shapely.LineString)]
    return shapely.MultiLineString(parts)
