"""Travel over a network: hours between seats by a road graph or a friction raster.

Pure: arrays in, hours out. Whoever reads the files keeps the answer by its content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from polgap.deploy._movement import EARTH_KM

Array = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

LIMIT_HOURS = 72.0
"""Longest journey looked for; beyond it an area counts as not reachable by road."""
SAME_KM = 0.02
"""Ends of road closer than this are one junction."""


@dataclass(frozen=True)
class Graph:
    """Places and the hours between neighbours.

    Parameters
    ----------
    lon, lat : array, shape (node,), degrees
    ends : array of int, shape (edge, 2), positions of nodes
    hours : array, shape (edge,), both ways alike; inf = closed
    """

    lon: Array
    lat: Array
    ends: Ints
    hours: Array


def hours_between(
    graph: Graph, lon: Array, lat: Array, off_kmh: float, limit: float = LIMIT_HOURS
) -> Array:
    """Return hours between all seats, shape (seat, seat); inf = not reachable within `limit`.

    A seat joins the network at its nearest node, over open ground at `off_kmh`.

    Parameters
    ----------
    graph : Graph
    lon, lat : array, shape (seat,), degrees
    off_kmh : float, km/h
    limit : float, hours

    Examples
    --------
    >>> line = Graph(np.array([0.0, 1.0, 2.0]), np.zeros(3), np.array([[0, 1], [1, 2]]),
    ...              np.array([1.0, 2.5]))
    >>> hours_between(line, np.array([0.0, 2.0]), np.zeros(2), 5.0).tolist()
    [[0.0, 3.5], [3.5, 0.0]]
    """
    seats = _points(lon, lat)
    apart, node = cKDTree(_points(graph.lon, graph.lat)).query(seats)
    access, node = _arc_km(np.asarray(apart)) / off_kmh, np.asarray(node, dtype=np.int64)
    found = dijkstra(_matrix(graph), directed=False, indices=node, limit=limit)[:, node]
    found = found + access[:, None] + access[None]
    found = np.where(found <= limit, found, np.inf)
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)


def road_graph(ends: Array, km: Array, kmh: Array) -> Graph:
    """Return the graph of pieces of road; ends within `SAME_KM` of each other meet.

    Parameters
    ----------
    ends : array, shape (piece, 4), from_lon, from_lat, to_lon, to_lat, degrees
    km : array, shape (piece,), NaN = the straight line
    kmh : array, shape (piece,), km/h; 0 = closed
    """
    lon, lat = np.concatenate([ends[:, 0], ends[:, 2]]), np.concatenate([ends[:, 1], ends[:, 3]])
    points = _points(lon, lat)
    node = _junctions(points)
    count = len(ends)
    straight = _arc_km(np.linalg.norm(points[:count] - points[count:], axis=1))
    length = np.where(np.isnan(km), straight, km)
    hours = np.full(count, np.inf)
    np.divide(length, kmh, out=hours, where=kmh > 0)
    _, first = np.unique(node, return_index=True)  # where each junction first stands
    return Graph(lon[first], lat[first], np.stack([node[:count], node[count:]], axis=1), hours)


def raster_graph(lon: Array, lat: Array, minutes: Array) -> Graph:
    """Return the graph of a friction raster: each cell joined with its eight neighbours.

    A step takes the kilometres between the two middles at the mean friction of the two cells.

    Parameters
    ----------
    lon, lat : array, shape (column,), (row,), degrees, middles of cells
    minutes : array, shape (row, column), minutes per km; NaN = impassable
    """
    rows, columns = minutes.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    x, y = (a.ravel() for a in np.meshgrid(lon, lat))
    points, slow = _points(x, y), minutes.ravel()
    pairs = [
        np.stack([number[a, b].ravel(), number[c, d].ravel()], axis=1)
        for (a, b), (c, d) in _STEPS
    ]  # fmt: skip
    ends = np.concatenate(pairs)
    ends = ends[~np.isnan(slow[ends]).any(axis=1)]
    km = _arc_km(np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1))
    hours = km * slow[ends].mean(axis=1) / 60.0
    open_ = np.flatnonzero(~np.isnan(slow))
    place = np.full(slow.size, -1)
    place[open_] = np.arange(open_.size)
    return Graph(x[open_], y[open_], place[ends], hours)


_ALL, _FIRST, _LAST = slice(None), slice(None, -1), slice(1, None)
_STEPS = (
    ((_ALL, _FIRST), (_ALL, _LAST)),
    ((_FIRST, _ALL), (_LAST, _ALL)),
    ((_FIRST, _FIRST), (_LAST, _LAST)),
    ((_FIRST, _LAST), (_LAST, _FIRST)),
)
"""Pairs of a cell and its neighbour: east, north, and the two diagonals."""


def _matrix(graph: Graph) -> Any:
    """Return the sparse matrix of hours, the fastest of several edges between two nodes."""
    a, b = graph.ends.min(axis=1), graph.ends.max(axis=1)
    keep = np.isfinite(graph.hours) & (a != b)
    a, b, hours = a[keep], b[keep], graph.hours[keep]
    order = np.lexsort((hours, b, a))
    a, b, hours = a[order], b[order], hours[order]
    new = np.ones(len(a), dtype=bool)
    new[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    size = len(graph.lon)
    edges = np.maximum(hours[new], 1e-9)  # a stored zero would be no edge at all
    return coo_array((edges, (a[new], b[new])), shape=(size, size)).tocsr()


def _junctions(points: Array) -> Ints:
    """Return the junction of each end, numbered in the order in which they first stand."""
    pairs = cKDTree(points).query_pairs(SAME_KM / EARTH_KM, output_type="ndarray")
    size = len(points)
    near = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, label = connected_components(near, directed=False)
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[number])


def _points(lon: Array, lat: Array) -> Array:
    """Return unit vectors, shape (point, 3): straight lines between them order as arcs do."""
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)


def _arc_km(chord: Array) -> Array:
    """Return great-circle kilometres of a chord of the unit sphere."""
    return np.asarray(2 * EARTH_KM * np.arcsin(np.clip(chord / 2, 0.0, 1.0)))
