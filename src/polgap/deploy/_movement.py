"""Movement: travel times between the seats of areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.domain import cube
from polgap.draws import Parameters

Array = NDArray[np.floating[Any]]

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def travel_hours(areas: pd.DataFrame, towns: pd.DataFrame, theta: Parameters) -> xr.DataArray:
    """Return road travel hours between area seats, dims (area, serves).

    The seat of an area is its largest town, else its inside point. Hours are great-circle
    kilometres times ``road_detour_factor`` over ``speed_road_kmh``, both at their middle value:
    travel time decides which areas a unit can serve at all, and a plan needs one answer to that.
    It is a dry-season road estimate, not a route: rivers, closed roads and seasons are not seen.

    Parameters
    ----------
    areas : table ``areas`` (area, lon, lat)
    towns : table ``towns`` (area, lon, lat, population); may be empty
    theta : Parameters

    Returns
    -------
    xr.DataArray, dims (area, serves), hours, 0 on the diagonal

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
    lon, lat = _seats(areas, towns)
    hours_a_km = theta.mid("road_detour_factor") / theta.mid("speed_road_kmh")
    hours = great_circle_km(lon, lat) * hours_a_km
    np.fill_diagonal(hours, 0.0)
    return cube(hours, units="hours", area=keys, serves=keys)


def _seats(areas: pd.DataFrame, towns: pd.DataFrame) -> tuple[Array, Array]:
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
