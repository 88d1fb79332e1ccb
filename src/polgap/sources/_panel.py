"""From events to the panel: which area each event belongs to, and what was counted when.

The import writes the area of each event into ``data/events.csv``, where the planner may correct
it; a row without an area is placed at the run, by the same rule. A vague event has its own random
stream, keyed by its id, so that no other row moves it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import KINDS, Note, Panel, month_number, month_range
from polgap.draws import stream
from polgap.sources._geometry import Locator

PRECISE = 3
"""Precision of the place (UCDP `where_prec`) up to which an event may be snapped."""
VAGUE_FROM = {"adm0": 5, "adm1": 5, "adm2": 4, "cell": 4}
"""Level of the areas -> precision from which a place is too vague for them (contracts.md 1.3)."""
COUNTS = {"protests": "protest", "riots": "riot"}
"""Variable of the panel -> kind of event, there only where a source observes it."""


@dataclass(frozen=True)
class Placed:
    """Events with their area.

    Parameters
    ----------
    at : array of int, shape (event,)
        Position of the area, -1 = outside the theatre.
    snapped, vague : array of bool, shape (event,)
        Moved to the nearest area; drawn by population.
    """

    at: NDArray[np.int64]
    snapped: NDArray[np.bool_]
    vague: NDArray[np.bool_]


def place(events: pd.DataFrame, areas: pd.DataFrame, seed: int) -> Placed:
    """Return the area of each event.

    Point in polygon; within `snap_km` of an area and not vaguer than `PRECISE`, the nearest; a
    vague place in the theatre goes whole to one area drawn by population, among those of the
    same parent where the place is known to that level; all else is outside.

    Parameters
    ----------
    events : pd.DataFrame
        event, lon, lat, where_prec (NaN = exact).
    areas : pd.DataFrame
        With population, parent, level and geometry.
    seed : int
    """
    snap_km = catalogue.parameters()["snap_km"].mid
    where = Locator(areas["geometry"].tolist())
    at = where.inside(events["lon"], events["lat"])
    precision = events["where_prec"].fillna(1).to_numpy(dtype=float)
    level = areas["level"].map(VAGUE_FROM).fillna(VAGUE_FROM["adm1"]).min()
    vague = precision >= level
    lost = (at < 0) & ((precision <= PRECISE) | vague)
    near = where.nearest(events["lon"][lost], events["lat"][lost], snap_km)
    at[lost] = near
    snapped = lost & (at >= 0) & ~vague
    vague &= at >= 0
    parents = areas["parent"].to_numpy(dtype=object)
    people = areas["population"].to_numpy(dtype=float)
    names = events["event"].tolist()
    for i in np.flatnonzero(vague):
        same = parents == parents[at[i]]
        known = precision[i] < VAGUE_FROM["adm1"] and parents[at[i]] != ""
        weight = np.where(same | (not known), people, 0.0)
        weight = weight if weight.sum() > 0 else np.ones_like(people)
        total = np.cumsum(weight / weight.sum())
        draw = stream(seed, "place", names[i]).random()
        at[i] = min(int(np.searchsorted(total, draw, side="right")), len(people) - 1)
    return Placed(at, snapped, vague)


def placed_or_place(events: pd.DataFrame, areas: pd.DataFrame, seed: int) -> Placed:
    """Return the area of each event: the one in its row, else the one found by `place`.

    Raises
    ------
    KeyError
        If a row names an area that does not exist (checked before).
    """
    position = {area: i for i, area in enumerate(areas["area"])}
    said = (events["area"] != "").to_numpy()
    size = len(events)
    found = Placed(np.full(size, -1), np.zeros(size, np.bool_), np.zeros(size, np.bool_))
    found.at[said] = [position[a] for a in events["area"][said]]
    rest = place(events[~said], areas, seed)
    for name in ("at", "snapped", "vague"):
        getattr(found, name)[~said] = getattr(rest, name)
    return found


def panel(
    events: pd.DataFrame, placed: Placed, areas: pd.DataFrame, coverage: pd.DataFrame,
    origin: str, source: str = "",
) -> Panel:  # fmt: skip
    """Return deaths and events by area and month; NaN outside the stated coverage.

    Deaths of riots, protests and other incidents count as non_state. `events` counts the events
    of organised violence and any other incident that killed; `protests` and `riots` are there
    only where a source covers them.

    Parameters
    ----------
    events : pd.DataFrame
        month, kind, deaths.
    placed : Placed
    areas : pd.DataFrame
    coverage : pd.DataFrame
        source, kind, from, until.
    origin : str
        Last month of the panel.
    source : str
        Written into the attributes.
    """
    first = str(coverage["from"].min())
    months = month_range(first, month_number(origin) - month_number(first) + 1)
    month = events["month"].map(month_number).to_numpy(dtype=np.int64) - month_number(first)
    inside = (placed.at >= 0) & (month >= 0) & (month < len(months))
    kind = events["kind"].to_numpy(dtype=object)
    deaths = events["deaths"].to_numpy(dtype=float)
    lethal = np.isin(kind, KINDS) | (deaths > 0)
    shape = (len(areas), len(months))

    def add(rows: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros(shape)
        chosen = rows & inside
        np.add.at(total, (placed.at[chosen], month[chosen]), values[chosen])
        return total

    ones = np.ones(len(events))
    own = {name: kind == name for name in KINDS}
    own["non_state"] = ~(own["state_based"] | own["one_sided"])
    cells = {name: add(rows, deaths) for name, rows in own.items()}
    cells["events"] = add(lethal, ones)
    covered = {name: _covered(coverage, name, months) for name in KINDS}
    covered["events"] = np.logical_and.reduce([covered[k] for k in KINDS])
    for name, what in COUNTS.items():
        if what in set(coverage["kind"]):
            cells[name] = add(kind == what, ones)
            covered[name] = _covered(coverage, what, months)
    coords = {"area": areas["area"].tolist(), "month": months}
    places = {n: ("area", areas[n].to_numpy(dtype=float)) for n in ("lon", "lat") if n in areas}
    data = {
        name: xr.DataArray(
            np.where(covered[name], values, np.nan),
            coords=coords,
            dims=["area", "month"],
            attrs={"units": "deaths" if name in KINDS else "events"},
        )
        for name, values in cells.items()
    }
    attrs = {"source": source, "as_of": str(coverage["until"].max())}
    return Panel(xr.Dataset(data, attrs=attrs).assign_coords(places))


def _covered(coverage: pd.DataFrame, kind: str, months: list[str]) -> NDArray[np.bool_]:
    rows = coverage[coverage["kind"] == kind]
    spans = list(zip(rows["from"], rows["until"], strict=True))
    return np.array([any(a <= m <= b for a, b in spans) for m in months])


def report(events: pd.DataFrame, placed: Placed, origin: str) -> list[Note]:
    """Return notes on what was placed, snapped, drawn and left out, up to the origin."""
    past = (events["month"] <= origin).to_numpy()
    deaths = events["deaths"].to_numpy(dtype=float)
    inside = past & (placed.at >= 0)
    vague = int((placed.vague & past).sum())
    values = {
        "events": int(inside.sum()),
        "deaths": int(deaths[inside].sum()),
        "snapped": int((placed.snapped & past).sum()),
        "vague": vague,
        "percent": round(100.0 * vague / max(int(inside.sum()), 1), 1),
    }
    notes = [Note("sources.placed", values)] if inside.any() else []
    outside = past & (placed.at < 0)
    if outside.any():
        years = events["month"][outside].str[:4]
        lost = {"events": int(outside.sum()), "deaths": int(deaths[outside].sum()),
                "first": str(years.min()), "last": str(years.max())}  # fmt: skip
        notes.append(Note("sources.outside", lost))
    harmless = past & (events["kind"] == "other").to_numpy() & (deaths == 0)
    if harmless.any():
        notes.append(Note("sources.other_not_lethal", {"count": int(harmless.sum())}))
    return notes
