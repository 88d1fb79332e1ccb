"""Plain geometry on longitude and latitude: surface, keys, and which area holds a point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_AXIS_KM = 6378.137
_E2 = 0.00669437999014
_KM_PER_DEGREE = 111.195
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)


def slug(name: str) -> str:
    """Return a name in lower-case ASCII with hyphens, accents folded.

    Examples
    --------
    >>> slug("Mambéré-Kadéï"), slug("Ombella M'Poko"), slug("جوبا")
    ('mambere-kadei', 'ombella-mpoko', '')
    """
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    text = "".join(c for c in folded if not unicodedata.combining(c))
    text = re.sub(r"['’ʼ`]", "", text)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def square_km(geometry: shapely.Geometry) -> float:
    """Return the surface of a polygon in longitude and latitude on the WGS84 ellipsoid, km2.

    The equal-area cylinder of the authalic latitude [1]_; edges are cut into pieces of at most a
    tenth of a degree first, so that they stay straight in degrees.

    References
    ----------
    .. [1] Snyder, Map Projections: A Working Manual, USGS PP 1395 (1987), eq. 3-11 to 3-13.

    Examples
    --------
    >>> round(square_km(shapely.box(-180, -90, 180, 90)) / 1e6, 2)
    510.07
    """
    fine = shapely.segmentize(geometry, 0.1)
    return float(shapely.area(shapely.transform(fine, _equal_area)))


def _equal_area(points: Array) -> Array:
    e = np.sqrt(_E2)
    pole = _authalic(1.0, e)
    radius = _AXIS_KM * np.sqrt(pole / 2.0)
    x = radius * np.radians(points[:, 0])
    y = radius * _authalic(np.sin(np.radians(points[:, 1])), e) / pole
    return np.column_stack([x, y])


def _authalic(sine: Any, e: float) -> Any:
    part = np.log((1.0 - e * sine) / (1.0 + e * sine)) / (2.0 * e)
    return (1.0 - _E2) * (sine / (1.0 - _E2 * sine**2) - part)


class Locator:
    """Which area holds a point, and which is the nearest within a distance.

    A point on a shared border belongs to the first of its areas, in the order given.

    Examples
    --------
    >>> where = Locator([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> where.inside([0.5, 1.5, 2.02], [0.5, 0.5, 0.5]).tolist()
    [0, 1, -1]
    >>> where.nearest([2.02, 3.0], [0.5, 0.5], km=5.0).tolist()
    [1, -1]
    """

    def __init__(self, polygons: Sequence[shapely.Geometry]) -> None:
        self._polygons = np.array(list(polygons), dtype=object)
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    def inside(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Return the position of the area that holds each point, -1 for none."""
        places = np.column_stack([np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)])
        points = np.asarray(shapely.points(places), dtype=object)
        which, area = self._tree.query(points, predicate="intersects")
        found = np.full(len(places), len(self._polygons), dtype=np.int64)
        np.minimum.at(found, which, area)
        found[found == len(self._polygons)] = -1
        return found

    def nearest(self, lon: ArrayLike, lat: ArrayLike, km: float) -> NDArray[np.int64]:
        """Return the position of the nearest area within `km` of each point, -1 for none."""
        places = np.column_stack([np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)])
        if not len(places):
            return np.zeros(0, dtype=np.int64)
        unique, back = np.unique(places, axis=0, return_inverse=True)
        near = np.array([self._near(x, y, km) for x, y in unique], dtype=np.int64)
        return np.asarray(near[back.ravel()])

    def _near(self, lon: float, lat: float, km: float) -> int:
        shrink = max(float(np.cos(np.radians(lat))), 0.01)
        reach = 1.05 * km / _KM_PER_DEGREE
        box = shapely.box(lon - reach / shrink, lat - reach, lon + reach / shrink, lat + reach)
        best, at = km, -1
        for k in np.sort(self._tree.query(box)):
            scaled = shapely.transform(self._polygons[k], lambda p: p * [shrink, 1.0])
            gap = scaled.distance(shapely.Point(lon * shrink, lat)) * _KM_PER_DEGREE
            if gap <= best and (at < 0 or gap < best):
                best, at = gap, int(k)
        return at


def whole(weights: ArrayLike, total: int) -> NDArray[np.int64]:
    """Return whole numbers in proportion to `weights` that sum to `total` (largest remainder).

    Examples
    --------
    >>> whole([2.0, 1.0, 1.0], 5).tolist()
    [3, 1, 1]
    """
    share = np.asarray(weights, dtype=float)
    if total <= 0 or share.sum() <= 0:
        return np.zeros(len(share), dtype=np.int64)
    exact = share / share.sum() * total
    out = np.floor(exact + 1e-9).astype(np.int64)
    order = np.lexsort((np.arange(len(share)), -(exact - out)))
    out[order[: total - int(out.sum())]] += 1
    return np.asarray(out)
