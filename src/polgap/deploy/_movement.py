"""Movement: travel times between the seats of areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.domain import cube, require_same
from polgap.draws import Parameters
from polgap.errors import StudyError

Array = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


TERRAINS = ("plain", "hills", "forest", "mountain", "swamp")
"""Words of the rule ``terrain``; a plain is the default and has no factor."""
SEASONS = ("dry", "wet")


def travel_hours(
    areas: pd.DataFrame,
    towns: pd.DataFrame,
    theta: Parameters,
    rules: pd.DataFrame | None = None,
    months: Sequence[str] = (),
    network: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return road travel hours between area seats, dims (area, serves).

    The seat of an area is its largest town, else its inside point. With a `network` (roads or a
    friction raster of the planner) hours are its fastest way. Without one they are great-circle
    kilometres times ``road_detour_factor`` over ``speed_road_kmh``, slowed by the terrain of
    rules. All at middle values: travel time decides which areas a unit can serve at all, and a
    plan needs one answer to that. A rule ``wet_season`` that holds in any of the `months` counts
    for all of them: what a unit must reach, it must reach in the rains too. A journey goes half
    at the speed of either end.

    Parameters
    ----------
    areas : table ``areas`` (area, lon, lat)
    towns : table ``towns`` (area, lon, lat, population); may be empty
    theta : Parameters
    rules : table ``rules``, optional
        Rows ``terrain`` (units = one of `TERRAINS`) and ``wet_season`` (from, until).
    months : sequence of str, optional
        Months planned for.
    network : xr.DataArray, dims (season, area, serves), hours, optional
        inf = not reachable.

    Returns
    -------
    xr.DataArray, dims (area, serves), hours, 0 on the diagonal

    Raises
    ------
    LabelError
        If the network is about other areas.

    Examples
    --------
    Two seats one degree of latitude apart: 111 km straight, 156 km by road, 4.4 h at 35 km/h.

    >>> from polgap import catalogue
    >>> theta = Parameters(catalogue.parameters(), seed=1, draws=10)
    >>> areas = pd.DataFrame({"area": ["a", "b"], "lon": [20.0, 20.0], "lat": [4.0, 5.0]})
    >>> towns = pd.DataFrame({"area": [], "lon": [], "lat": [], "population": []})
    >>> travel_hours(areas, towns, theta).values.round(1).tolist()
    [[0.0, 4.4], [4.4, 0.0]]
    """
    keys = areas["area"].astype(str).tolist()
    wet = _wet(keys, rules, months)
    if network is not None:
        for name in network.attrs.get("parameters", ()):
            theta.mid(name)
        own = xr.Dataset(coords={"area": keys, "serves": keys})
        require_same(own, network, "area", "serves")
        season = np.where(wet[:, None] | wet[None], 1, 0)
        both = network.transpose("season", "area", "serves").values
        hours = np.take_along_axis(both, season[None], axis=0)[0].copy()
    else:
        pace = _pace(keys, rules, theta)
        if wet.any():
            pace = np.where(wet, pace / theta.mid("speed_wet_season_factor"), pace)
        km = great_circle_km(*seats(areas, towns))
        hours = km * (pace[:, None] + pace[None]) / 2.0
    np.fill_diagonal(hours, 0.0)
    return cube(hours, units="hours", area=keys, serves=keys)


def _wet(keys: list[str], rules: pd.DataFrame | None, months: Sequence[str]) -> Flags:
    """Return where a rule sets the wet season in any of the months, shape (area,)."""
    found = np.zeros(len(keys), dtype=np.bool_)
    for row in _named(rules, "wet_season"):
        first, last = str(row["from"] or ""), str(row["until"] or "")
        if any((not first or first <= m) and (not last or m <= last) for m in months):
            found |= _where(keys, row)
    return found


def _pace(keys: list[str], rules: pd.DataFrame | None, theta: Parameters) -> Array:
    """Return hours a great-circle kilometre takes in the dry season, shape (area,)."""
    road = theta.mid("road_detour_factor") / theta.mid("speed_road_kmh")
    pace = np.full(len(keys), road)
    for row in _named(rules, "terrain"):
        word = str(row["units"])
        if word not in TERRAINS:
            raise StudyError(f"rule terrain: got units {word!r}; wanted one of {TERRAINS}")
        slow = 1.0 if word == TERRAINS[0] else theta.mid(f"speed_{word}_factor")
        pace[_where(keys, row)] = road / slow
    return pace


def _named(rules: pd.DataFrame | None, rule: str) -> list[Any]:
    return [] if rules is None else rules[rules["rule"] == rule].to_dict("records")


def _where(keys: list[str], row: Any) -> Flags:
    area = str(row["area"] or "")
    return np.array([area in ("", "*", key) for key in keys], dtype=np.bool_)


def seats(areas: pd.DataFrame, towns: pd.DataFrame) -> tuple[Array, Array]:
    """Return longitude and latitude of the seats: the largest town, else the inside point."""
    lon = areas["lon"].to_numpy(dtype=float).copy()
    lat = areas["lat"].to_numpy(dtype=float).copy()
    place = {str(area): i for i, area in enumerate(areas["area"])}
    largest = towns.sort_values("population", ascending=False, kind="stable")
    for town in largest.drop_duplicates("area").to_dict("records"):
        i = place.get(str(town["area"]))
        if i is not None:
            lon[i], lat[i] = float(town["lon"]), float(town["lat"])
    return lon, lat


def great_circle_km(lon: Array, lat: Array) -> Array:
    """Return great-circle distances between all points, shape (n, n), km (haversine).

    Examples
    --------
    >>> great_circle_km(np.array([0.0, 90.0]), np.array([0.0, 0.0])).round().tolist()
    [[0.0, 10008.0], [10008.0, 0.0]]
    """
    x, y = np.radians(lon), np.radians(lat)
    half = np.sin((y[:, None] - y) / 2) ** 2
    half = half + np.cos(y[:, None]) * np.cos(y) * np.sin((x[:, None] - x) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
