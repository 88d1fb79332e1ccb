"""A real mission as it stood: the files of its country, its police by base, and its units.

For the backtest of whole plans: what was known at the origin goes into a project as ``init``
makes it, with the strength that the real mission had in the year after; where that strength stood
in the year after, and what happened then, is for the judge alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import Panel, check_table, month_label, month_number
from polgap.errors import DataError, Problem
from polgap.sources import _defaults
from polgap.sources._files import resolve
from polgap.sources._geometry import Locator, whole
from polgap.sources._import import import_sources
from polgap.sources._panel import panel, placed_or_place
from polgap.sources._present import FRESH_MONTHS
from polgap.sources._request import ImportRequest
from polgap.sources.adapters import personnel
from polgap.sources.base import Context
from polgap.sources.placement import PART_OF, SNAP_KM, Ground

Array = NDArray[np.floating[Any]]

FILES = {
    "ucdp_ged": "ucdp_ged_events/ged_{iso3}.csv.gz",
    "areas": "boundaries/adm1_{iso3}.geojson",
    "towns": "cities/geonames_cities1000_mission_countries.csv.gz",
    "population": "governance/wdi_population_2000_2023.csv.gz",
    "personnel": "un_p4p_contributions/p4p_mission_month_1990_2017.csv.gz",
    "bases": "radpko/radpko_base_country_year_core.csv.gz",
}
"""Source -> file in a folder laid out as the project's data folder."""
SPLIT = "un_p4p_contributions/p4p_contributor_mission_month_2009_2014.csv.gz"
"""The same missions with formed units and individual officers apart, while that was published."""
MONTHS = 12


@dataclass(frozen=True)
class Mission:
    """A mission's police of one year, as whole units.

    Parameters
    ----------
    year : int
        The year after the origin.
    police : float
        Officers, mean of that year, over the bases with a place.
    units, individual : int
        Formed units, and individual officers.
    formed_share : float
        Share of the officers in formed units that `units` comes from.
    share_basis : str
        ``given`` where a split not older than 12 months was published, else ``assumed``.
    before, then : pd.DataFrame
        base, lon, lat, police: the bases of the year up to the origin, and of the year after.
    """

    year: int
    police: float
    units: int
    individual: int
    formed_share: float
    share_basis: str
    before: pd.DataFrame
    then: pd.DataFrame

    def posts(self, bases: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
        """Return the units of the year placed as `bases` had the police: `posted`."""
        police = police_by_area(bases, areas)
        return posted(areas["area"].tolist(), police, self.units, self.individual)


def request(folder: Path, here: Ground, origin: str, seed: int) -> ImportRequest:
    """Return what ``polgap init`` would be asked, with nothing later than the origin.

    Raises
    ------
    DataError
        If a file is missing.
    """
    files = {n: resolve(f.format(iso3=here.iso3), [folder]) for n, f in FILES.items()}
    name = f"{here.iso3.lower()}-{origin}"
    return ImportRequest(name, origin, files, here.iso3, here.mission, seed=seed)


def mission(folder: Path, here: Ground, origin: str) -> Mission:
    """Return the police that the mission had in the year after `origin`, and where.

    Parameters
    ----------
    folder : Path
        Laid out as the project's data folder.
    here : Ground
    origin : str
        A December: the bases are means of calendar years.

    Raises
    ------
    DataError
        If the origin is no December, the mission had no police base in either year, or it worked
        in a part of the country only.
    """
    file = FILES["bases"].rpartition("/")[2]
    year = int(origin[:4]) + 1
    years = sorted(here.bases["year"][here.bases["police"] > 0].unique().tolist())
    wanted = f"a December with bases of {here.mission} that year and the next ({years})"
    known = year in here.years and {year - 1, year} <= set(years)
    if not (origin.endswith("-12") and known):
        raise DataError([Problem(origin, wanted, "outside_coverage", file, column="origin")])
    if here.iso3 in PART_OF:
        wanted = "a country in all of which its mission worked"
        raise DataError([Problem(here.iso3, wanted, "outside_coverage", file, column="country")])
    share, basis = _formed_share(folder, here, origin)
    before, then = (
        here.bases[(here.bases["year"] == y) & (here.bases["police"] > 0)]
        .drop(columns="year").reset_index(drop=True)
        for y in (year - 1, year)
    )  # fmt: skip
    police = float(then["police"].sum())
    size = _defaults.by_type("strength")["FPU"]
    units = int(np.floor(share * police / size + 0.5))
    individual = max(0, round(police - units * size))
    return Mission(year, police, units, individual, share, basis, before, then)


def _formed_share(folder: Path, here: Ground, origin: str) -> tuple[float, str]:
    """Return the share of officers in formed units: as last published, else as assumed."""
    path = resolve(SPLIT, [folder])
    try:
        context = Context(iso3=here.iso3, mission=here.mission, until=origin)
        known = personnel.SOURCE.parse(path, context).table
    except DataError:
        known = pd.DataFrame(columns=["month", "police", "formed"])
    known = known[known["police"].astype(float) > 0].sort_values("month")
    if len(known):
        last = known.iloc[-1]
        if month_number(origin) - month_number(str(last["month"])) <= FRESH_MONTHS:
            return float(last["formed"]) / float(last["police"]), "given"
    return catalogue.parameters()["formed_share_unknown"].mid, "assumed"


def police_by_area(bases: pd.DataFrame, areas: pd.DataFrame) -> Array:
    """Return officers at `bases` (lon, lat, police) in each of `areas`, in their order."""
    where = Locator(areas["geometry"].tolist())
    at = where.inside(bases["lon"], bases["lat"])
    out = at < 0
    at[out] = where.nearest(bases["lon"][out], bases["lat"][out], SNAP_KM)
    police = bases["police"].to_numpy(dtype=float)
    return np.asarray(np.bincount(at[at >= 0], police[at >= 0], minlength=len(areas)), dtype=float)


def posted(areas: list[str], police: Array, units: int, individual: int) -> pd.DataFrame:
    """Return whole units by area that come near to `police` officers in each area.

    Formed units go, one by one, where most officers are left without a unit; individual officers
    make up the rest.

    Examples
    --------
    >>> posted(["a", "b"], np.array([250.0, 50.0]), 1, 160).to_numpy().tolist()
    [['FPU', 'a', 1], ['IPO', 'a', 110], ['IPO', 'b', 50]]
    """
    size = _defaults.by_type("strength")["FPU"]
    total = units * size + individual
    left = police * (total / police.sum())
    formed = np.zeros(len(areas), dtype=int)
    for _ in range(units):
        most = int(np.argmax(left))
        formed[most] += 1
        left[most] -= size
    single = whole(np.maximum(left, 0.0), individual)
    rows = [
        {"unit_type": kind, "area": area, "number": int(number)}
        for kind, numbers in (("FPU", formed), ("IPO", single))
        for area, number in zip(areas, numbers, strict=True)
        if number
    ]
    return pd.DataFrame(rows, columns=["unit_type", "area", "number"])


def as_it_was(real: Mission, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of a project with the real strength and nothing beside it.

    Every unit of the year is in the mission already, where the bases of the year before had it;
    ceilings equal the strength, so that plans differ in place alone.
    """
    posts = real.posts(real.before, tables["areas"])
    pledges = pd.DataFrame({
        "pledge": "PRESENT-" + posts["unit_type"] + "-" + posts["area"],
        "contributor": "PRESENT", "unit_type": posts["unit_type"], "number": posts["number"],
        "readiness": "in_mission", "chance": 1.0, "basis": "assumed", "area": posts["area"],
    })  # fmt: skip
    size = _defaults.by_type("strength")["FPU"]
    ceiling = _defaults.Ceiling(real.units * size, float(real.individual))
    return {
        **tables,
        "pledges": check_table("pledges", pledges),
        "mandate": _defaults.mandate(ceiling),
        "rules": _defaults.rules(ceiling),
    }


def came(asked: ImportRequest, areas: pd.DataFrame) -> Panel:
    """Return what happened in the twelve months after the origin, by area.

    Raises
    ------
    DataError
        If a file is malformed.
    """
    last = month_label(month_number(asked.until) + MONTHS)
    found = import_sources(replace(asked, until=last)).tables
    events = found["events"]
    seen = panel(events, placed_or_place(events, areas, asked.seed), areas, found["coverage"], last)
    return Panel(seen.isel(month=slice(-MONTHS, None)))
