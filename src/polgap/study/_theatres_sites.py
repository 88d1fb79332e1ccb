"""The outside test of a plan: how near its sites are to what happened, whatever need is made of.

A plan names areas, a base lies at a place. The mission's number of bases is shared among the
areas of an arm by officers (Sainte-Laguë, the first to as many areas as can have one); in each
area sites are chosen by the forecast of events known at the origin, as `_backtest_placement` does.
``actual_areas`` treats the real distribution by the same rule, so that ``recommended`` against it
differs by areas alone, and against ``actual``, the real bases, by areas and places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import calibrate
from polgap.draws import stream
from polgap.forecast.registry import SITING, subnational_models
from polgap.score import quantile
from polgap.sources._geometry import Locator
from polgap.sources.placement import SNAP_KM, Ground
from polgap.sources.theatres import Mission
from polgap.study._backtest_placement import REACH_KM, Chosen, chosen_sites, distance

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

Scores = dict[str, tuple[float | None, Array]]
"""Measure -> its value, and its bootstrap replicates."""

REPLICATES = 2000
MEASURES = ("share_50km", "share_civilian_deaths", "share_population", "officers_50km")
BESIDE = ("actual", "actual_areas")
"""What every row is compared with, on the same resampled events."""
METHODS = ("last_year", "towns", "polgap", "oracle")
"""Methods of the placement test that need no plan."""


@dataclass(frozen=True)
class Sited:
    """Sites of an arm or method (lat, lon), and officers at each; None: not said by a method."""

    places: Array
    officers: Array | None = None


def site_rows(
    land: Ground, real: Mission, areas: pd.DataFrame, based: Mapping[str, Array], seed: int
) -> list[dict[str, Any]]:
    """Return shares of the year's events, civilian deaths and people near the sites of each arm.

    Parameters
    ----------
    land : Ground
    real : Mission
    areas : table ``areas`` with geometry
    based : mapping
        Arm -> officers by area, in the order of `areas`.
    seed : int

    Returns
    -------
    list of mappings
        ``officers_50km`` is the mean number of officers within reach of an event. Intervals (80 %)
        come from a bootstrap of the year's events; ``mid`` is the value itself. No event, no row.
    """
    now = land.events[land.events["year"] == real.year]
    if now.empty:
        return []
    chosen = chosen_sites(land, subnational_models(tried=True)[SITING], seed, real.year)
    found = sited(chosen, real, areas, based)
    pick = stream(seed, "placement", "events", land.iso3, real.year)
    picked = pick.integers(len(now), size=(REPLICATES, len(now)))
    scored = {name: _scores(land, now, sites, picked) for name, sites in found.items()}
    return [
        {"method": name, "sites": len(found[name].places), "events": len(now),
         **_row(scored[name], {beside: scored[beside] for beside in BESIDE})}
        for name in found
    ]  # fmt: skip


def sited(
    chosen: Chosen, real: Mission, areas: pd.DataFrame, based: Mapping[str, Array]
) -> dict[str, Sited]:
    """Return the sites of every arm and method."""
    lots = [(bases[["lat", "lon"]].to_numpy(dtype=float), bases["police"].to_numpy(dtype=float))
            for bases in (real.then, real.before)]  # fmt: skip
    found = {name: shared(chosen, areas, officers) for name, officers in based.items()
             if name not in ("actual", "status_quo")}  # fmt: skip
    found["actual"] = Sited(*lots[0])
    found["actual_areas"] = shared(chosen, areas, based["actual"])
    found["status_quo"] = Sited(*lots[1])
    return found | {name: Sited(chosen.sites[name]) for name in METHODS}


def shared(chosen: Chosen, areas: pd.DataFrame, officers: Array) -> Sited:
    """Return sites in the areas where officers are based, and officers at each."""
    places = chosen.choice.places
    inside = [*areas[["lat", "lon"]].to_numpy(dtype=float)]
    places = np.concatenate([places, np.array(inside)])
    at = _areas_of(places[: -len(areas)], areas)
    at = np.concatenate([at, np.arange(len(areas))])
    order = np.array([*chosen.choice.by_population], dtype=int)
    points, weights = chosen.expected
    within = distance(places, points) <= REACH_KM
    left = np.array(weights, dtype=float)
    sites, staff = [], []
    numbers = apportioned(officers, chosen.choice.sites)
    for area in np.argsort(-officers, kind="stable"):
        if not numbers[area]:
            continue
        here = np.flatnonzero(at == area)
        # The inside point of the area comes last, for areas without any town or base.
        usual = [int(np.flatnonzero(here == c)[0]) for c in order if at[c] == area]
        rest = [k for k in range(len(here)) if k not in usual]
        picked = calibrate.cover(left, within[here], int(numbers[area]), [*usual, *rest])
        for k in picked:
            left[within[here[k]]] = 0.0
            sites.append(places[here[k]])
            staff.append(officers[area] / len(picked))
    return Sited(np.array(sites).reshape(-1, 2), np.array(staff))


def _areas_of(places: Array, areas: pd.DataFrame) -> IntArray:
    where = Locator(areas["geometry"].tolist())
    at = where.inside(places[:, 1], places[:, 0])
    out = at < 0
    at[out] = where.nearest(places[out, 1], places[out, 0], SNAP_KM)
    return np.asarray(at)


def apportioned(officers: Array, sites: int) -> IntArray:
    """Return whole sites by area: one each where officers are, the rest by officers.

    Examples
    --------
    >>> apportioned(np.array([90.0, 10.0, 0.0]), 4).tolist()
    [3, 1, 0]
    >>> apportioned(np.array([1.0, 5.0, 3.0]), 2).tolist()
    [0, 1, 1]
    """
    found = np.zeros(len(officers), dtype=int)
    staffed = [int(a) for a in np.argsort(-officers, kind="stable") if officers[a] >= 0.5]
    found[staffed[:sites]] = 1
    for _ in range(sites - int(found.sum()) if staffed else 0):
        found[int(np.argmax(officers / (2 * found + 1)))] += 1
    return found


def _scores(land: Ground, now: pd.DataFrame, sites: Sited, picked: IntArray) -> Scores:
    """Return each measure with its bootstrap replicates; None where it cannot be said."""
    km = distance(now[["lat", "lon"]].to_numpy(dtype=float), sites.places)
    within = km <= REACH_KM
    near = within.any(axis=1).astype(float)
    killed = now["civilians"].to_numpy(dtype=float)
    towns = land.towns[["lat", "lon"]].to_numpy(dtype=float)
    people = land.towns["population"].to_numpy(dtype=float)
    reached = (distance(towns, sites.places) <= REACH_KM).any(axis=1)
    found: Scores = {
        "share_50km": (float(near.mean()), near[picked].mean(axis=1)),
        "share_civilian_deaths": _weighed(near, killed, picked),
    }
    share = float(people[reached].sum() / people.sum()) if people.sum() > 0 else None
    found["share_population"] = (share, np.full(len(picked), np.nan if share is None else share))
    if sites.officers is not None:
        officers = within.astype(float) @ sites.officers
        found["officers_50km"] = (float(officers.mean()), officers[picked].mean(axis=1))
    return found


def _weighed(near: Array, killed: Array, picked: IntArray) -> tuple[float | None, Array]:
    total = killed[picked].sum(axis=1)
    some = (killed * near)[picked].sum(axis=1)
    share = np.divide(some, total, out=np.full(len(picked), np.nan), where=total > 0)
    own = float(killed.sum())
    return (float((killed * near).sum() / own) if own > 0 else None), share


def _row(mine: Scores, others: Mapping[str, Scores]) -> dict[str, Any]:
    """Return each measure of a method, and what it is above the others."""
    row: dict[str, Any] = {}
    for name in MEASURES:
        value, drawn = mine.get(name, (None, np.array([])))
        row[name] = _ends(value, drawn)
        for beside, scores in others.items():
            than, other = scores[name]
            both = value is not None and than is not None
            row[f"{name}_above_{beside}"] = _ends(value - than, drawn - other) if both else None
    return row


def _ends(value: float | None, drawn: Array) -> dict[str, float] | None:
    if value is None:
        return None
    low, high = quantile(drawn[np.isfinite(drawn)], [0.1, 0.9]).tolist()
    return {"low": low, "mid": value, "high": high}
