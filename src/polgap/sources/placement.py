"""What the placement backtest reads: lethal events, towns and a mission's bases, by year.

A folder laid out as the project's data folder is asked for a country by its codes; the area of
operations is the country (of Sudan: the five Darfur states, where UNAMID worked).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._files import resolve
from polgap.sources._geometry import Locator
from polgap.sources._sheet import read_sheet
from polgap.sources.adapters import areas, towns, ucdp_ged
from polgap.sources.base import Context

SNAP_KM = 5.0
"""An event this near to the outline is inside (contracts.md 1.3)."""
PRECISE = 3
"""Vaguest `where_prec` of an event whose place is known well enough."""
CELL = 0.5
"""Side of a PRIO-GRID cell, degrees."""

PART_OF = {"SDN": ("UNAMID", "Darfur")}
"""Country -> its only mission and the word in the names of the areas where it worked."""


@dataclass(frozen=True)
class Ground:
    """A country's lethal events and a mission's bases in its area of operations.

    Parameters
    ----------
    iso3, mission : str
    years : tuple of int
        Years with police bases whose year before lies in the coverage of the events, at least
        in part.
    start : str
        First month of the coverage of the events.
    events : pd.DataFrame
        month, year, lon, lat, deaths, civilians, cell; deaths > 0 and place known.
    towns : pd.DataFrame
        name, lon, lat, population.
    bases : pd.DataFrame
        base, year, lon, lat, police (officers, mean of the year; 0 = a base without police).
    cells : pd.DataFrame
        cell (PRIO-GRID gid), lon, lat of its centre.
    """

    iso3: str
    mission: str
    years: tuple[int, ...]
    start: str
    events: pd.DataFrame
    towns: pd.DataFrame
    bases: pd.DataFrame
    cells: pd.DataFrame


def ground(folder: Path, iso3: str) -> Ground:
    """Return what the placement backtest needs to know of a country.

    Parameters
    ----------
    folder : Path
        Laid out as the project's data folder.
    iso3 : str

    Raises
    ------
    DataError
        If a file is missing or malformed, or no mission had police bases there.
    """
    land = country(iso3)
    code = land.iso3
    mission, word = PART_OF.get(code, ("", ""))
    context = Context(iso3=code)
    outline = areas.SOURCE.parse(resolve(f"boundaries/adm1_{code}.geojson", [folder]), context)
    mine = [word in str(n) for n in outline.table["name"]]
    where = Locator([shapely.union_all(outline.table["geometry"][mine].tolist())])
    events, start = _events(resolve(f"ucdp_ged_events/ged_{code}.csv.gz", [folder]), code, where)
    posts, name = _bases(
        resolve("radpko/radpko_base_country_year_core.csv.gz", [folder]), mission, where, code
    )
    places = resolve("cities/geonames_cities1000_mission_countries.csv.gz", [folder])
    near = _inside(towns.SOURCE.parse(places, context).table, where)
    first = int(start[:4])
    last = int(events["year"].max()) if len(events) else first
    staffed = sorted(posts["year"][posts["police"] > 0].unique())
    years = tuple(int(y) for y in staffed if first <= y - 1 and y <= last)
    return Ground(code, name, years, start, events, near[["name", "lon", "lat", "population"]],
                  posts, _cells(folder, land.iso_n3, events))  # fmt: skip


def cell_of(lon: pd.Series, lat: pd.Series) -> pd.Series:
    """Return the PRIO-GRID cell (gid) of points: rows of 720 from the south-west corner.

    Examples
    --------
    >>> cell_of(pd.Series([18.583333]), pd.Series([4.366667])).tolist()
    [135758]
    """
    row = np.floor((lat.to_numpy() + 90.0) / CELL).astype(int)
    column = np.floor((lon.to_numpy() + 180.0) / CELL).astype(int) + 1
    return pd.Series(row * 720 + column, index=lon.index)


def _events(path: Path, iso3: str, where: Locator) -> tuple[pd.DataFrame, str]:
    """Return lethal events whose place is known, inside, and the first month covered."""
    parsed = ucdp_ged.SOURCE.parse(path, Context(iso3=iso3))
    table = parsed.table[(parsed.table["deaths"] > 0) & (parsed.table["where_prec"] <= PRECISE)]
    table = _inside(table, where).assign(year=lambda t: t["month"].str[:4].astype(int))
    sheet = read_sheet(path, keep=lambda c: c in ("id", "event_id", "deaths_civilians"))
    key = sheet.column("id", "event_id")
    killed = sheet.column("deaths_civilians")
    if key is None or killed is None:
        wanted = "columns id and deaths_civilians"
        raise DataError([Problem("none", wanted, "missing_column", path.name, row=1)])
    civilians = dict(zip(sheet.frame[key], pd.to_numeric(sheet.frame[killed]), strict=True))
    table["civilians"] = table["event"].map(civilians).fillna(0.0)
    table["cell"] = cell_of(table["lon"], table["lat"])
    names = ["month", "year", "lon", "lat", "deaths", "civilians", "cell"]
    return table[names].reset_index(drop=True), str(parsed.details["from"])


def _inside(table: pd.DataFrame, where: Locator) -> pd.DataFrame:
    held = where.inside(table["lon"], table["lat"]) >= 0
    near = where.nearest(table["lon"][~held], table["lat"][~held], SNAP_KM) >= 0
    held[~held] = near
    return table[held].reset_index(drop=True)


def _bases(path: Path, mission: str, where: Locator, iso3: str) -> tuple[pd.DataFrame, str]:
    """Return the bases by year of `mission`, else of the one with most police inside.

    A base without coordinates has no place and is left out.
    """
    columns = {"mission": "mission", "base": "base", "year": "year", "longitude": "lon",
               "latitude": "lat", "unpol": "police"}  # fmt: skip
    sheet = read_sheet(path, keep=lambda c: c in columns)
    missing = [c for c in columns if c not in sheet.frame]
    if missing:
        raise DataError([Problem("none", f"a column {c}", "missing_column", path.name, row=1)
                         for c in missing])  # fmt: skip
    table = sheet.frame.rename(columns=columns)
    for name in ("year", "lon", "lat", "police"):
        table[name] = pd.to_numeric(table[name], errors="coerce")
    table = _inside(table.dropna(subset=["year", "lon", "lat"]), where).fillna({"police": 0.0})
    table["year"] = table["year"].astype(int)
    police = table.groupby("mission")["police"].sum()
    best = mission or (str(police.idxmax()) if len(police) else "")
    if not float(police.get(best, 0.0)) > 0:
        wanted = f"a mission with police in {iso3}"
        raise DataError([Problem("no police base", wanted, "no_rows_of_country", path.name)])
    each = table[table["mission"] == best].groupby(["base", "year"], as_index=False, sort=True)
    return each.agg(lon=("lon", "first"), lat=("lat", "first"), police=("police", "max")), best


def _cells(folder: Path, number: str, events: pd.DataFrame) -> pd.DataFrame:
    """Return the land cells of a country and those in which its events lie."""
    path = resolve("prio_grid/prio_grid_land_cells.csv.gz", [folder])
    columns = {"gid": "cell", "xcoord": "lon", "ycoord": "lat", "iso_n3": "iso_n3"}
    frame = pd.read_csv(path, usecols=list(columns)).rename(columns=columns)
    own = pd.to_numeric(frame["iso_n3"], errors="coerce") == int(number)
    held = frame[own | frame["cell"].isin(set(events["cell"]))]
    return held[["cell", "lon", "lat"]].sort_values("cell").reset_index(drop=True)
