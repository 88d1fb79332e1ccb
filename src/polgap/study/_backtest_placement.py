"""Where would police be placed? Sites chosen from what was known, scored on next year's events.

Every method chooses the same number of sites as the mission had, from the same candidates: towns,
and the bases of the year before. Nothing of the year itself is known to any but `actual` and
`oracle`. A higher share means that sites cover more of next year's lethal events, never that a
plan is better than the mission: bases serve more than events, and presence changes events.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import calibrate
from polgap.domain import Panel, month_number, month_range
from polgap.draws import stream
from polgap.errors import StudyError
from polgap.forecast.base import Model
from polgap.forecast.registry import SITING, subnational_models
from polgap.score import quantile
from polgap.sources.placement import Ground, ground

Array = NDArray[np.floating[Any]]

SCHEMA = "polgap.placement/1"
METHODS = ("actual", "towns", "last_year", "polgap", "oracle")
SCORES = ("share_50km", "share_civilian_deaths", "share_population")
REACH_KM = 50.0
EARTH_KM = 6371.0088
DRAWS = 600
HALF_LIFE = 12.0
"""Months after which a past event counts half when the events of a cell are given a place."""
REPLICATES = 2000


def backtest_placement(
    folder: Path,
    countries: Sequence[str],
    out: Path | None = None,
    *,
    seed: int = 1,
    mapper: Callable[..., Iterable[Any]] = map,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Return the placement record of contracts.md 3, and write it to ``out/placement.json``.

    Parameters
    ----------
    folder : Path
        Laid out as the project's data folder: ``ucdp_ged_events``, ``boundaries``, ``radpko``,
        ``cities``, ``prio_grid``.
    countries : sequence of str
        ISO3 codes.
    out : Path, optional
        Made if need be.

    Raises
    ------
    StudyError
        If no country, or one twice, is asked for.
    DataError
        If a file is missing or malformed, or no mission had police bases in a country.
    """
    asked = [c.strip().upper() for c in countries if c.strip()]
    if not asked or len(set(asked)) < len(asked):
        raise StudyError(f"country: got {list(countries)}; wanted ISO3 codes, each once")
    rows: list[dict[str, Any]] = []
    for code in asked:
        say(f"placement {code}")
        here = ground(folder, code)
        one = partial(_year, here, subnational_models(tried=True)[SITING], seed)
        for found in mapper(one, list(here.years)):
            rows += found
    record = {
        "schema": SCHEMA,
        "model": SITING,
        "seed": seed,
        "reach_km": REACH_KM,
        "rows": rows,
        "pooled": _pooled(rows, asked, seed),
    }
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(record, indent=1, sort_keys=True, allow_nan=False)
        (out / "placement.json").write_text(text + "\n", encoding="utf-8")
    return record


@dataclass(frozen=True)
class _Choice:
    """What is chosen from in a year: candidates (towns first), and towns by population."""

    places: Array
    by_population: list[int]
    sites: int

    @classmethod
    def of(cls, here: Ground, year: int) -> _Choice:
        before = here.bases[here.bases["year"] == year - 1]
        staffed = here.bases[(here.bases["year"] == year) & (here.bases["police"] > 0)]
        towns = here.towns[["lat", "lon"]].to_numpy(dtype=float)
        places = np.concatenate([towns, before[["lat", "lon"]].to_numpy(dtype=float)])
        people = here.towns["population"].to_numpy(dtype=float)
        return cls(places, np.argsort(-people, kind="stable").tolist(), len(staffed))

    def greedy(self, points: Array, weights: Array) -> Array:
        """Return the places (lat, lon) that cover most weight within reach, one by one."""
        within = distance(self.places, points) <= REACH_KM
        return self.places[calibrate.cover(weights, within, self.sites, self.by_population)]


@dataclass(frozen=True)
class Chosen:
    """The sites of every method in a year, and what they were chosen from.

    Parameters
    ----------
    sites : mapping
        Method -> places (lat, lon).
    expected : tuple of places and weights
        The events expected, as `expected_events` gives them.
    """

    choice: _Choice
    sites: Mapping[str, Array]
    expected: tuple[Array, Array]


def chosen_sites(here: Ground, model: Model, seed: int, year: int) -> Chosen:
    """Return the sites that every method chooses for `year`."""
    now = here.events[here.events["year"] == year]
    past = here.events[here.events["year"] < year]
    choice = _Choice.of(here, year)
    recent = past[past["year"] == year - 1]
    staffed = here.bases[(here.bases["year"] == year) & (here.bases["police"] > 0)]
    expected = expected_events(here, past, model, seed, year)
    sites = {
        "actual": staffed[["lat", "lon"]].to_numpy(dtype=float),
        "towns": choice.places[choice.by_population[: choice.sites]],
        "last_year": choice.greedy(_points(recent), np.ones(len(recent))),
        "polgap": choice.greedy(*expected),
        "oracle": choice.greedy(_points(now), np.ones(len(now))),
    }
    return Chosen(choice, sites, expected)


def _year(here: Ground, model: Model, seed: int, year: int) -> list[dict[str, Any]]:
    """Return the rows of one year, one a method; none if nothing lethal happened."""
    now = here.events[here.events["year"] == year]
    if now.empty:
        return []
    chosen = chosen_sites(here, model, seed, year)
    choice, sites = chosen.choice, chosen.sites
    people = here.towns[["lat", "lon"]].to_numpy(dtype=float)
    weighed = {
        "share_50km": (_points(now), np.ones(len(now))),
        "share_civilian_deaths": (_points(now), now["civilians"].to_numpy(dtype=float)),
        "share_population": (people, here.towns["population"].to_numpy(dtype=float)),
    }
    return [
        {
            "country": here.iso3,
            "mission": here.mission,
            "year": year,
            "method": method,
            "sites": choice.sites,
            "events": len(now),
            **{name: _share(sites[method], *of) for name, of in weighed.items()},
        }
        for method in METHODS
    ]


def expected_events(
    here: Ground, past: pd.DataFrame, model: Model, seed: int, year: int
) -> tuple[Array, Array]:
    """Return places (lat, lon) and the lethal events expected there in `year`.

    The forecast is by PRIO-GRID cell, from the December before. Protection need follows expected
    events (arrivals x duration, gap-model.md 4), the same for all cells, so events stand for it.
    Inside a cell, what is expected lies where its past events lay, recent ones first. What is
    expected of cells without any past event (the pooled part of the forecast, the same for each)
    goes to towns by population: where people are, not to empty land.
    """
    months = month_range(here.start, month_number(f"{year}-01") - month_number(here.start))
    cells = here.cells["cell"].to_numpy()
    rows = {int(c): i for i, c in enumerate(cells)}
    columns = {m: i for i, m in enumerate(months)}
    counts = np.zeros((len(cells), len(months)))
    known = past[past["month"] >= here.start]
    place = known["cell"].map(rows).to_numpy(dtype=int)
    np.add.at(counts, (place, known["month"].map(columns).to_numpy(dtype=int)), 1.0)
    places = {n: ("area", here.cells[n].to_numpy(dtype=float)) for n in ("lon", "lat")}
    panel = xr.Dataset(
        {"events": (("area", "month"), counts)}, coords={"area": cells, "month": months, **places}
    )
    rng = stream(seed, "placement", here.iso3, year)
    ahead = model.fit(Panel(panel)).sample(range(1, 13), DRAWS, rng)
    total = ahead["events"].mean("draw").sum("month").to_numpy()
    age = np.array([month_number(f"{year}-01") - month_number(m) for m in known["month"]])
    fading = 0.5 ** (age / HALF_LIFE)
    held = np.bincount(place, fading, minlength=len(cells))
    silent = float(total[held <= 0].sum())
    people = here.towns["population"].to_numpy(dtype=float)
    among = silent * people / people.sum() if people.sum() > 0 else people
    points = np.concatenate([_points(known), _points(here.towns)])
    return points, np.concatenate([total[place] * fading / held[place], among])


def distance(one: Array, other: Array) -> Array:
    """Return great-circle distances between points (lat, lon in degrees), km.

    Examples
    --------
    >>> round(float(distance(np.array([[0.0, 0.0]]), np.array([[0.0, 1.0]]))[0, 0]), 2)
    111.2
    """
    a, b = np.radians(one)[:, None], np.radians(other)[None]
    half = np.sin((a - b) / 2.0) ** 2
    chord = half[..., 0] + np.cos(a[..., 0]) * np.cos(b[..., 0]) * half[..., 1]
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.sqrt(chord)))


def _points(events: pd.DataFrame) -> Array:
    return np.asarray(events[["lat", "lon"]].to_numpy(dtype=float))


def _share(sites: Array, points: Array, weights: Array) -> float | None:
    """Return the share of weight within reach of a site; null where there is no weight."""
    if not weights.sum() > 0:
        return None
    near = distance(points, sites).min(axis=1, initial=np.inf) <= REACH_KM
    return float(weights[near].sum() / weights.sum())


def _pooled(
    rows: Sequence[Mapping[str, Any]], countries: Sequence[str], seed: int
) -> list[dict[str, Any]]:
    """Return means of yearly shares by country and method, and over countries.

    The interval (5 to 95 %) of the difference to `last_year` comes from a bootstrap of years.
    """
    if not rows:
        return []
    table = pd.DataFrame(rows)
    found = []
    gains: dict[str, list[Array]] = {m: [] for m in METHODS}
    for code in countries:
        mine = table[table["country"] == code]
        if mine.empty:
            continue
        wide = mine.pivot(index="year", columns="method", values="share_50km")
        years = len(wide)
        pick = stream(seed, "placement", "years", code).integers(years, size=(REPLICATES, years))
        for method in METHODS:
            gain = (wide[method] - wide["last_year"]).to_numpy()[pick].mean(axis=1)
            gains[method].append(gain)
            own = mine[mine["method"] == method]
            # A year without civilian deaths has no share of them.
            shares = {s: float(own[s].astype(float).mean()) for s in SCORES if own[s].notna().any()}
            found.append({"country": code, "method": method, "years": years, **shares,
                          **_gain(wide[method] - wide["last_year"], gain)})  # fmt: skip
    every = pd.DataFrame(found)
    for method in METHODS:
        own = every[every["method"] == method]
        gain = np.mean(gains[method], axis=0)
        found.append({"country": "mean", "method": method, "years": int(own["years"].sum()),
                      **{s: float(own[s].mean()) for s in SCORES if s in own},
                      **_gain(own["above_last_year"], gain)})  # fmt: skip
    return found


def _gain(seen: pd.Series, drawn: Array) -> dict[str, float]:
    low, high = quantile(drawn, [0.05, 0.95])
    return {
        "above_last_year": float(seen.mean()),
        "above_last_year_low": float(low),
        "above_last_year_high": float(high),
    }
