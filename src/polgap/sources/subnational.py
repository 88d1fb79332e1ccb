"""Panels of lethal violence below the country: first-level areas, or PRIO-GRID land cells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from polgap.domain import Panel
from polgap.errors import StudyError
from polgap.sources._countries import country
from polgap.sources._files import resolve
from polgap.sources._panel import panel, place
from polgap.sources.adapters import areas, towns, ucdp_ged
from polgap.sources.base import Context

UNITS = ("adm1", "cells")
_CELLS = "prio_grid/prio_grid_land_cells.csv.gz"


def subnational(folder: Path, iso3: str, unit: str, *, seed: int = 1) -> Panel:
    """Return deaths by kind and events of a country, by area or cell and month.

    From the first year of the events to the last complete one in the file, or from the first
    month of the State. Places are given as at an import (contracts.md 1.3): points in polygon,
    near ones snapped, vague ones drawn by the population of towns.

    Parameters
    ----------
    folder : Path
        Laid out as the project's data folder.
    iso3 : str
    unit : str
        ``adm1`` or ``cells`` (all land cells whose centre lies in the country).
    seed : int
        Of the place of vague events.

    Returns
    -------
    Panel, dims (area, month)
        With coordinates `lon` and `lat` of the areas.

    Raises
    ------
    StudyError
        If the unit is not known.
    DataError
        If a file is missing or malformed.
    """
    if unit not in UNITS:
        raise StudyError(f"unit: got {unit!r}; wanted one of {', '.join(UNITS)}")
    code = country(iso3).iso3
    context = Context(iso3=code)
    parsed = ucdp_ged.SOURCE.parse(resolve(f"ucdp_ged_events/ged_{code}.csv.gz", [folder]), context)
    events = parsed.table
    outlines = f"boundaries/adm1_{code}.geojson" if unit == "adm1" else _CELLS
    ground = areas.SOURCE.parse(resolve(outlines, [folder]), context).table
    near = resolve("cities/geonames_cities1000_mission_countries.csv.gz", [folder])
    people = towns.SOURCE.parse(near, context).table
    ground = ground.assign(population=_inhabitants(ground, people))
    last = f"{_last_complete(events)}-12"
    kinds = ("state_based", "non_state", "one_sided")
    start = str(parsed.details["from"])
    coverage = pd.DataFrame(
        [{"source": "ucdp_ged", "kind": k, "from": start, "until": last} for k in kinds]
    )
    return panel(events, place(events, ground, seed), ground, coverage, last, "ucdp_ged")


def _last_complete(events: pd.DataFrame) -> int:
    """Return the last year of the file: UCDP releases whole years."""
    return int(str(events["month"].max())[:4])


def _inhabitants(ground: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """Return the inhabitants of towns by area, which vague events are placed by; at least 1."""
    from polgap.sources._geometry import Locator

    at = Locator(ground["geometry"].tolist()).inside(people["lon"], people["lat"])
    count = pd.Series(1.0, index=ground.index)
    return count.add(people["population"][at >= 0].groupby(at[at >= 0]).sum(), fill_value=0.0)
