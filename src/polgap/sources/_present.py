"""The mission as it stands at the origin: how strong, in which kind of unit, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import Note, check_table, month_number
from polgap.sources._defaults import Ceiling, by_type
from polgap.sources._geometry import Locator, whole

Array = NDArray[np.floating[Any]]

FRESH_MONTHS = 12
"""Age up to which the last figure is taken as it is (contracts.md 1.11)."""
MEAN_MONTHS = 24
TOWNS = 10
"""Towns among which present units stand where neither bases nor anything else is known."""


@dataclass(frozen=True)
class Strength:
    """Police of the mission at the origin.

    Parameters
    ----------
    police : float, officers deployed
    formed : float or None
        In formed units; None = not known.
    """

    police: float
    formed: float | None = None
    notes: tuple[Note, ...] = ()


def strength(personnel: pd.DataFrame, bases: pd.DataFrame, origin: str) -> Strength | None:
    """Return the police strength of the mission at the origin, None if nothing is known of it.

    The last value if it is not older than 12 months, else the mean of the last 24 in the file,
    `assumed`, with its range. Without a table of personnel the bases are added up.
    """
    latest = at_origin(bases)
    if len(personnel):
        known = _recorded(personnel.sort_values("month"), origin)
        newer = len(latest) and latest["month"].max() > personnel["month"].max()
        if not newer or known.notes[0].code != "sources.strength_assumed":
            return known
        values = {"police": round(float(latest["police"].sum())), "month": _when(bases)}
        return replace(known, notes=(*known.notes, Note("sources.strength_bases", values)))
    if latest.empty:
        return None
    month = _when(bases)
    police = float(latest["police"].sum())
    values = {"police": round(police), "month": month}
    return Strength(police, None, (Note("sources.strength_from_bases", values),))


def _recorded(personnel: pd.DataFrame, origin: str) -> Strength:
    last = personnel.iloc[-1]
    age = month_number(origin) - month_number(str(last["month"]))
    if age <= FRESH_MONTHS:
        rows = personnel.tail(1)
        code = "sources.strength_recorded"
    else:
        rows = personnel.tail(MEAN_MONTHS)
        code = "sources.strength_assumed"
    police = float(rows["police"].mean())
    values = {
        "police": round(police),
        "low": round(float(rows["police"].min())),
        "high": round(float(rows["police"].max())),
        "month": str(last["month"]),
        "age": age,
    }
    split = rows.dropna(subset="formed")
    formed = float(split["formed"].to_numpy(dtype=float).mean()) if len(split) else None
    return Strength(police, formed, (Note(code, values),))


def split(known: Strength) -> tuple[int, int, Ceiling, list[Note]]:
    """Return whole formed units, individual officers, both as officers, and notes."""
    size = by_type("strength")["FPU"]
    notes = []
    formed = known.formed
    if formed is None:
        share = catalogue.parameters()["formed_share_unknown"].mid
        formed = share * known.police
        notes.append(Note("sources.formed_share_assumed", {"percent": round(100 * share)}))
    units = int(min(np.floor(formed / size + 0.5), np.floor(known.police / size)))
    individual = max(0, round(known.police - units * size))
    return units, individual, Ceiling(units * size, float(individual)), notes


def at_origin(bases: pd.DataFrame) -> pd.DataFrame:
    """Return the bases as they stood last: one row a base.

    A table with one row a base and year (RADPKO) holds yearly means, so all bases of its last
    year count; of a monthly table only the last month does.
    """
    if bases.empty:
        return bases
    when = _when(bases)
    return bases[bases["month"].str.startswith(when)]


def _when(bases: pd.DataFrame) -> str:
    """Return the last month of a table of bases, or its last year where it holds yearly means."""
    last = str(bases["month"].max())
    yearly = not bases.assign(year=bases["month"].str[:4]).duplicated(["base", "year"]).any()
    return last[:4] if yearly else last


def weights(
    areas: pd.DataFrame, towns: pd.DataFrame, bases: pd.DataFrame,
    headquarters: str, snap_km: float,
) -> tuple[Array, list[Note]]:  # fmt: skip
    """Return the share of the present police in each area.

    By bases where they are given; else a share at the headquarters and the rest in the largest
    towns by inhabitants, `assumed`.
    """
    latest = at_origin(bases)
    if len(latest):
        where = Locator(areas["geometry"].tolist())
        at = where.inside(latest["lon"], latest["lat"])
        out = at < 0
        at[out] = where.nearest(latest["lon"][out], latest["lat"][out], snap_km)
        police = latest["police"].to_numpy(dtype=float)
        share = np.bincount(at[at >= 0], police[at >= 0], minlength=len(areas))
        if share.sum() > 0:
            lost = float(police[at < 0].sum())
            values = {"bases": int((at >= 0).sum()), "outside": round(lost)}
            return share / share.sum(), [Note("sources.placed_by_bases", values)]
    people_of = areas["area"].map(
        towns.nlargest(TOWNS, "population", keep="first").groupby("area")["population"].sum()
    )
    people = people_of.fillna(0.0).to_numpy(dtype=float)
    if people.sum() <= 0:
        people = areas["population"].to_numpy(dtype=float)
    at_hq = catalogue.parameters()["present_hq_share"].mid
    here = (areas["area"] == headquarters).to_numpy(dtype=float)
    spread = people / people.sum()
    mixed = at_hq * here + (1 - at_hq) * spread if here.any() else spread
    return mixed, [
        Note("sources.placed_by_towns", {"area": headquarters, "percent": round(100 * at_hq)})
    ]


def pledges(areas: pd.DataFrame, share: Array, units: int, individual: int) -> pd.DataFrame:
    """Return the present units as pledges of readiness ``in_mission``, basis `assumed`.

    Examples
    --------
    >>> land = pd.DataFrame({"area": ["a", "b"]})
    >>> pledges(land, np.array([0.5, 0.5]), 3, 1)[["pledge", "number"]].values.tolist()
    [['PRESENT-FPU-a', 2.0], ['PRESENT-FPU-b', 1.0], ['PRESENT-IPO-a', 1.0]]
    """
    rows = [
        {
            "pledge": f"PRESENT-{unit_type}-{area}",
            "contributor": "PRESENT",
            "unit_type": unit_type,
            "number": int(number),
            "readiness": "in_mission",
            "chance": 1.0,
            "area": area,
            "basis": "assumed",
        }
        for unit_type, total in (("FPU", units), ("IPO", individual))
        for area, number in zip(areas["area"], whole(share, total), strict=True)
        if number
    ]
    columns = ["pledge", "contributor", "unit_type", "number", "readiness", "chance", "basis"]
    return check_table("pledges", pd.DataFrame(rows, columns=[*columns, "area"]))
