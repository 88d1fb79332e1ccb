"""The people of the exercise: areas with inhabitants, towns by Zipf's rule, roles of provinces.

Zipf's rank-size rule [1]_ for the towns after the capital, which is larger than the rule says,
as capitals of fragile States are.

References
----------
.. [1] Gabaix, Zipf's law for cities: an explanation, QJE 114 (1999).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from polgap.draws import stream
from polgap.examples._land import Land, to_degrees
from polgap.examples._names import ISO2, place_names

Array = NDArray[np.floating[Any]]

SECOND_TOWN, ZIPF, MORE_TOWNS = 460_000.0, 0.95, 14
SUBURBS = 9.0
"""How much denser the country around the capital is than the same country elsewhere."""
ROLES = ("capital", "frontier", "frontier", "herding", "herding", "captured", "calm", "calm")


@dataclass(frozen=True)
class People:
    """Who lives where.

    Parameters
    ----------
    areas, towns : pd.DataFrame, as in ``schema.csv``; `areas` with a column geometry besides
    provinces : pd.DataFrame, columns parent, name, role, seat (area key)
    neighbours : mapping of area key to area keys
    capital : str, area key
    urban : array, shape (area,), inhabitants of towns
    role : list of str, one an area: the part its province plays
    """

    areas: pd.DataFrame
    towns: pd.DataFrame
    provinces: pd.DataFrame
    neighbours: dict[str, tuple[str, ...]]
    capital: str
    urban: Array
    role: list[str]


def people(seed: int, land: Land) -> People:
    """Return the inhabitants of a land."""
    rng = stream(seed, "exercise", "people")
    names = place_names(seed)
    total = float(rng.integers(6_600, 9_400)) * 1000.0
    near = np.hypot(*(land.centres - land.mouth).T)
    capital = int(np.where(land.province == 0, near, np.inf).argmin())
    where, size = _towns(rng, land, capital, total)
    urban = np.bincount(where, size, land.km2.size).astype(float)
    suburbs = np.where(land.province == 0, SUBURBS, 1.0)
    rural = suburbs * land.density * land.km2 * rng.lognormal(0.0, 0.25, land.km2.size)
    rural *= (total - urban.sum()) / rural.sum()
    areas = _areas(land, names, np.round(urban + rural))
    keys = areas["area"].tolist()
    place = _places(rng, land, where, capital)
    roles = _roles(land, urban + rural)
    more = names[len(keys) :]
    spare = more[: len(roles) - 1]
    provinces = pd.DataFrame(
        {
            "parent": [f"{ISO2}{p + 1:02d}" for p in range(len(roles))],
            "name": [f"{names[capital]} District", *spare],
            "role": roles,
            "seat": [_seat(keys, urban, land.province, p) for p in range(len(roles))],
        }
    )
    above = provinces.set_index("parent")["name"]
    return People(
        areas.assign(parent_name=areas["parent"].map(above)),
        _town_table(keys, names, more[len(roles) - 1 :], where, size, place),
        provinces,
        {
            key: tuple(keys[j] for j in np.flatnonzero(row))
            for key, row in zip(keys, land.touch, strict=True)
        },
        keys[capital],
        urban,
        [roles[p] for p in land.province],
    )


def _areas(land: Land, names: list[str], inhabitants: Array) -> pd.DataFrame:
    keys = _keys(land)
    points = [shapely.point_on_surface(g) for g in land.polygons]
    return pd.DataFrame(
        {
            "area": keys,
            "name": names[: len(keys)],
            "parent": [key[:4] for key in keys],
            "population": inhabitants,
            "population_basis": "exercise",
            "km2": np.round(land.km2, 1),
            "lon": [round(p.x, 4) for p in points],
            "lat": [round(p.y, 4) for p in points],
            "sensitivity": "public",
            "geometry": list(land.polygons),
        }
    )


def _town_table(
    keys: list[str], names: list[str], more: list[str], where: NDArray[np.intp], size: Array,
    place: Array,
) -> pd.DataFrame:  # fmt: skip
    """Return the towns: the first of an area bears its name, the others names of their own."""
    spare, seen, called = iter(more), set(), []
    for area in where.tolist():
        called.append(next(spare) if area in seen else names[area])
        seen.add(area)
    return pd.DataFrame(
        {
            "town": [f"T{k + 1:03d}" for k in range(where.size)],
            "name": called,
            "lon": place[:, 0],
            "lat": place[:, 1],
            "population": size,
            "area": [keys[a] for a in where],
        }
    )


def _keys(land: Land) -> list[str]:
    seen: dict[int, int] = {}
    keys = []
    for p in land.province.tolist():
        seen[p] = seen.get(p, 0) + 1
        keys.append(f"{ISO2}{p + 1:02d}{seen[p]:02d}")
    return keys


def _towns(
    rng: np.random.Generator, land: Land, capital: int, total: float
) -> tuple[NDArray[np.intp], Array]:
    """Return the area and the inhabitants of each town, largest first, one at least an area."""
    count = land.km2.size
    pull = land.density * np.sqrt(land.km2) * rng.lognormal(0.0, 0.6, count)
    pull *= np.where(land.coast, 1.5, 1.0)
    pull[capital] = np.inf
    order = np.argsort(-pull, kind="stable")
    extra = rng.choice(count, MORE_TOWNS, replace=False, p=_shares(land.km2))
    where = np.concatenate([order, extra]).astype(np.intp)
    rank = np.arange(2, where.size + 1, dtype=float)
    rest = SECOND_TOWN * (rank - 1.0) ** -ZIPF * rng.lognormal(0.0, 0.08, rank.size)
    size = np.concatenate([[total * rng.uniform(0.125, 0.155)], np.sort(rest)[::-1]])
    return where, np.round(size, -2)


def _shares(values: Array) -> Array:
    return np.asarray(values / values.sum())


def _places(rng: np.random.Generator, land: Land, where: NDArray[np.intp], capital: int) -> Array:
    """Return longitude and latitude of each town: inside its area, the capital at the mouth."""
    mouth = to_degrees(land.mouth[None, :].astype(np.float64))[0]
    out = []
    for k, area in enumerate(where.tolist()):
        polygon = land.polygons[area]
        if k == 0 and area == capital:
            inner = shapely.buffer(polygon, -0.15 * np.sqrt(polygon.area))
            out.append(shapely.shortest_line(inner, shapely.Point(mouth)).coords[0])
        else:
            out.append(tuple(scatter(rng, polygon, 1)[0]))
    return np.round(np.array(out), 4)


def scatter(rng: np.random.Generator, polygon: shapely.Polygon, count: int) -> Array:
    """Return random points inside a polygon, a little off its edge, shape (count, 2), degrees."""
    inner = shapely.buffer(polygon, -0.06 * np.sqrt(polygon.area))
    west, south, east, north = inner.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tried = rng.uniform((west, south), (east, north), (4 * count + 8, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(inner, tried)]])
    return found[:count]


def _roles(land: Land, inhabitants: Array) -> list[str]:
    """Return the part each province plays, from where it lies: the far ones are the frontier."""
    count = int(land.province.max()) + 1
    size = np.bincount(land.province, minlength=count)
    x, y = (np.bincount(land.province, c) / size for c in land.centres.T)
    left = set(range(1, count))
    roles = ["capital", *[""] * (count - 1)]

    def take(role: str, score: Array) -> None:
        for _ in range(ROLES.count(role)):
            p = max(sorted(left), key=lambda q: score[q])
            roles[p] = role
            left.discard(p)

    take("frontier", np.hypot(x - land.mouth[0], y - land.mouth[1]))
    take("captured", np.bincount(land.province, inhabitants).astype(float))
    take("herding", y)
    take("calm", -y)
    return roles


def _seat(keys: list[str], urban: Array, province: NDArray[np.int64], p: int) -> str:
    return keys[int(np.where(province == p, urban, -1.0).argmax())]
