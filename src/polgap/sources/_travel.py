"""Hours between seats by the planner's own roads or friction raster, kept by their content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue, deploy
from polgap.domain import Note, cube

Array = NDArray[np.floating[Any]]
Make = Callable[[], Array]
Keep = Callable[[str, Make], Array]
"""Given a hash and a way to make the array: the array, kept or made."""

_RULE = 1
"""Version of the solver: raise it when the same input gives other hours."""


def forget(key: str, make: Make) -> Array:
    """Make the array anew, keeping nothing."""
    return make()


def network(
    areas: pd.DataFrame,
    towns: pd.DataFrame,
    roads: pd.DataFrame,
    friction: pd.DataFrame,
    overrides: Mapping[str, tuple[float, float, float]],
    keep: Keep,
) -> tuple[xr.DataArray | None, list[Note]]:
    """Return hours between seats (season, area, serves), and notes; None without a network.

    Roads win over a friction raster. Middle values of the speeds are read here, with the
    planner's own where set; the attribute `parameters` names those that entered.

    Parameters
    ----------
    areas, towns : pd.DataFrame
    roads, friction : pd.DataFrame
        Tables of the schema; both without rows: no network.
    overrides : mapping
        Parameters set by the planner.
    keep : callable
    """
    if roads.empty and friction.empty:
        return None, []
    by_road = not roads.empty
    names = ["speed_offroad_kmh", "speed_wet_season_factor"]
    if by_road and roads["speed_kmh"].isna().any():
        names.append("speed_road_kmh")
    known = catalogue.parameters()
    middle = {n: float(overrides[n][1]) if n in overrides else known[n].mid for n in names}
    lon, lat = deploy.seats(areas, towns)
    used = roads if by_road else friction
    text = used.to_csv(index=False, float_format="%.10g") + repr(sorted(middle.items()))
    content = text.encode() + np.stack([lon, lat]).round(6).tobytes()
    key = sha256(f"travel {_RULE} ".encode() + content).hexdigest()
    solve = _by_road if by_road else _over_ground
    hours = keep(key, lambda: solve(used, lon, lat, middle))
    keys = areas["area"].astype(str).tolist()
    found = cube(hours, units="hours", season=list(deploy.SEASONS), area=keys, serves=keys)
    found.attrs["parameters"] = names
    return found, _said("roads" if by_road else "friction", hours)


def _by_road(roads: pd.DataFrame, lon: Array, lat: Array, middle: Mapping[str, float]) -> Array:
    """Return hours in the dry and in the wet season, shape (2, seat, seat).

    A road without a season is driven in both, slower in the rains; one of a season is driven in
    that season only, at the speed given.
    """
    found = []
    for season in deploy.SEASONS:
        open_ = roads[roads["season"].isin(("", season))]
        usual = middle.get("speed_road_kmh", 0.0)
        speed = open_["speed_kmh"].fillna(usual).to_numpy(dtype=float)
        wet = middle["speed_wet_season_factor"] if season == "wet" else 1.0
        speed = speed * np.where(open_["season"] == "", wet, 1.0)
        ends = open_[["from_lon", "from_lat", "to_lon", "to_lat"]].to_numpy(dtype=float)
        off = middle["speed_offroad_kmh"] * wet
        found.append(_solved(ends, open_["km"].to_numpy(dtype=float), speed, lon, lat, off))
    return np.stack(found)


def _solved(ends: Array, km: Array, speed: Array, lon: Array, lat: Array, off: float) -> Array:
    if not len(ends):
        alone = np.full((len(lon), len(lon)), np.inf)
        np.fill_diagonal(alone, 0.0)
        return alone
    return deploy.hours_between(deploy.road_graph(ends, km, speed), lon, lat, off)


def _over_ground(
    friction: pd.DataFrame, lon: Array, lat: Array, middle: Mapping[str, float]
) -> Array:
    """Return hours in the dry and in the wet season, shape (2, seat, seat)."""
    x, column = _axis(friction["lon"].to_numpy(dtype=float))
    y, row = _axis(friction["lat"].to_numpy(dtype=float))
    minutes = np.full((len(y), len(x)), np.nan)
    minutes[row, column] = friction["minutes_per_km"].to_numpy(dtype=float)
    graph = deploy.raster_graph(x, y, minutes)
    wet = middle["speed_wet_season_factor"]
    dry = deploy.hours_between(graph, lon, lat, middle["speed_offroad_kmh"])
    slow = deploy.Graph(graph.lon, graph.lat, graph.ends, graph.hours / wet)
    return np.stack([dry, deploy.hours_between(slow, lon, lat, middle["speed_offroad_kmh"] * wet)])


def _axis(degrees: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return the evenly spaced middles of cells, and the place of each cell among them.

    A row of cells that nobody lists is a row that nobody passes, not one that is not there.

    Examples
    --------
    >>> middles, place = _axis(np.array([2.0, 0.0, 0.5]))
    >>> middles.tolist(), place.tolist()
    ([0.0, 0.5, 1.0, 1.5, 2.0], [4, 0, 1])
    """
    known = np.unique(degrees)
    step = float(np.diff(known).min()) if len(known) > 1 else 1.0
    place = np.rint((degrees - known[0]) / step).astype(np.int64)
    return known[0] + step * np.arange(int(place.max()) + 1), place


def _said(name: str, hours: Array) -> list[Note]:
    """Return where the hours are from, and how many pairs of areas cannot be joined."""
    notes = [Note(f"sources.travel_{name}")]
    count = len(hours[0])
    for season, one in zip(deploy.SEASONS, hours, strict=True):
        cut = int(np.isinf(one).sum()) // 2
        if cut:
            values = {"count": cut, "all": count * (count - 1) // 2}
            notes.append(Note(f"sources.travel_cut_{season}", values))
    return notes
