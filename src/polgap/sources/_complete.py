"""The planner's tables, complete: what is not given is assumed, and said."""

from __future__ import annotations

import pandas as pd

from polgap import catalogue
from polgap.domain import Note, empty_table
from polgap.sources import _defaults, _present
from polgap.sources._geometry import Locator
from polgap.sources._request import Read

PLANNER = ("host_police", "willingness", "other_providers", "mandate", "pledges", "rules",
           "programmes", "hrddp")  # fmt: skip
"""Tables that the planner writes; what is not given is assumed or empty."""


def complete(
    read: Read, areas: pd.DataFrame, towns: pd.DataFrame, capital: str, origin: str
) -> tuple[dict[str, pd.DataFrame], list[Note]]:
    """Return the planner's tables, assumed where not given, and notes that say so.

    Parameters
    ----------
    read : Read
    areas : pd.DataFrame
        With population and geometry.
    towns : pd.DataFrame
        With their area.
    capital : str
        Area key; headquarters where the files name no other place.
    origin : str
        Month at which the present mission and the assumed figures stand.
    """
    out = {name: read.table(name) for name in PLANNER}
    notes = _host(out, read, float(areas["population"].sum()), origin)
    here, standing, more = _standing(read, areas, towns, capital, origin)
    if not (out["pledges"]["readiness"] == "in_mission").any():
        out["pledges"] = pd.concat([here, out["pledges"]], ignore_index=True)
        notes += more
    ceiling, more = _ceiling(out["mandate"], standing)
    if "mandate" not in read:
        out["mandate"] = _defaults.mandate(ceiling)
        notes += [*more, Note("note.notional_mandate", {"ceiling": round(ceiling.total)})]
    if "rules" not in read:
        out["rules"] = _defaults.rules(ceiling)
    if "pledges" not in read:
        offers = _defaults.pledges(ceiling, standing)
        out["pledges"] = pd.concat([out["pledges"], offers], ignore_index=True)
        notes.append(Note("note.notional_pledges"))
    return out, notes


def institutions(read: Read) -> list[str]:
    """Return the institutions of the host police; that of the willingness if only it is given."""
    for name in ("host_police", "willingness"):
        named = sorted(set(read.table(name)["institution"]))
        if name in read and (name == "host_police" or len(named) == 1):
            return named
    return ["host_police"]


def _host(out: dict[str, pd.DataFrame], read: Read, people: float, origin: str) -> list[Note]:
    """Fill in host police and willingness where not given."""
    named = institutions(read)
    if "host_police" not in read:
        out["host_police"] = _defaults.host_police(people, origin).assign(institution=named[0])
    if "willingness" not in read:
        out["willingness"] = _defaults.willingness(named, origin)
    given = "host_police" in read and "willingness" in read
    return [] if given else [Note("note.host_assumed")]


def _standing(
    read: Read, areas: pd.DataFrame, towns: pd.DataFrame, capital: str, origin: str
) -> tuple[pd.DataFrame, _defaults.Ceiling, list[Note]]:
    """Return the present units as pledges, their officers, and notes."""
    bases = read.table("bases")
    known = _present.strength(read.table("personnel"), bases, origin)
    if known is None:
        return empty_table("pledges"), _defaults.Ceiling(0.0, 0.0), [Note("sources.no_mission")]
    units, individual, officers, notes = _present.split(known)
    headquarters = _headquarters(read, areas, capital)
    share, more = _present.weights(areas, towns, bases, headquarters, snap_km())
    placed = _present.pledges(areas, share, units, individual)
    return placed, officers, [*known.notes, *notes, *more]


def _headquarters(read: Read, areas: pd.DataFrame, capital: str) -> str:
    place = read.details("personnel")
    if "lon" not in place:
        return capital
    where = Locator(areas["geometry"].tolist())
    at = where.inside([place["lon"]], [place["lat"]])
    at = at if at[0] >= 0 else where.nearest([place["lon"]], [place["lat"]], snap_km())
    return str(areas["area"].iloc[int(at[0])]) if at[0] >= 0 else capital


def snap_km() -> float:
    """Return how far outside the outlines a place still belongs to an area, km."""
    return catalogue.parameters()["snap_km"].mid


def _ceiling(
    mandate: pd.DataFrame, standing: _defaults.Ceiling
) -> tuple[_defaults.Ceiling, list[Note]]:
    """Return the ceiling: as the mandate states it, else from the present strength."""
    formed, individual = (mandate[f"ceiling_{n}"].dropna() for n in ("formed", "individual"))
    if len(formed) and len(individual):
        return _defaults.Ceiling(float(formed.min()), float(individual.min())), []
    parameters = catalogue.parameters()
    if standing.total > 0:
        factor = parameters["notional_ceiling_factor"].mid
        return _defaults.Ceiling(
            float(round(standing.formed * factor)), float(round(standing.individual * factor))
        ), []
    total = parameters["notional_mission_strength"].mid
    share = parameters["formed_share_unknown"].mid
    note = Note("sources.ceiling_assumed", {"officers": round(total)})
    assumed = _defaults.Ceiling(float(round(total * share)), float(round(total * (1 - share))))
    return assumed, [note]
