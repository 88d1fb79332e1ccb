"""The true violence of the exercise: a self-exciting process in months, areas and kinds.

Expected events of kind k in area a and month t (discrete Hawkes process [1]_ [2]_)::

    rate[k,a,t] = mu[k,a] exp(z[g(a),t] + s[t] + calendar[k,t])
                + own N[k,a,t-1] + kin sum_j N[j,a,t-1] + spill mean_b N[k,b,t-1]

with z and s autoregressive shocks of the province and of the country (new shocks of a province
are partly those of the provinces beside it), b the neighbours of a, and j the other kinds.
Counts are negative binomial (bursts); deaths of an event are Poisson with a lognormal mean.
own + 2 kin + spill < 1 keeps the process from exploding. The constants were chosen so that
`texture` of the exercise lies near South Sudan and the Central African Republic:
docs/explanation/exercise.md has the table.

References
----------
.. [1] Hawkes, Spectra of some self-exciting and mutually exciting point processes (1971).
.. [2] Mohler et al., Self-exciting point process modeling of crime, JASA 106 (2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import KINDS, month_range
from polgap.draws import stream
from polgap.examples._people import People, scatter

Array = NDArray[np.floating[Any]]

FIRST, HISTORY, AHEAD, WARM_UP = "2014-01", 144, 36, 60

CONSTANTS = {
    "own": 0.29,
    "kin": 0.04,
    "spill": 0.2,
    "province_memory": 0.45,
    "province_shock": 1.0,
    "shared": 0.7,
    "country_memory": 0.92,
    "country_shock": 0.16,
    "dispersion": 0.34,
    "calm_share": 0.4,
    "area_spread": 1.2,
}
"""Constants of the process; shocks are standard deviations of the monthly innovation of a log."""

BASE = {
    "capital": (0.05, 0.00, 0.09),
    "frontier": (0.25, 0.05, 0.14),
    "herding": (0.03, 0.15, 0.10),
    "captured": (0.02, 0.02, 0.13),
    "calm": (0.00, 0.01, 0.02),
}
"""Expected unprovoked events a month in a province: state-based, non-state, one-sided."""

MARKS = {"state_based": (3.6, 1.6), "non_state": (6.0, 1.35), "one_sided": (2.6, 1.5)}
"""Deaths of an event: median and log standard deviation of the lognormal mean, so that the 50, 90
and 99 % points lie near those of UCDP GED in South Sudan and the CAR."""
MOST_DEATHS = 700.0

CALENDAR = {
    "2014-01": (-0.6, -0.3, -0.3),
    "2016-02": (0.9, 0.4, 0.5),
    "2018-10": (-0.7, 0.0, -0.2),
    "2023-03": (0.1, 0.1, 0.1),
}
"""Known turns: war from February 2016, cease-fire in October 2018, renewed raids from 2023."""

PROTESTS_PER_MILLION, RIOT_SHARE = 2.4, 0.12
PRECISION = {1: 0.67, 2: 0.23, 3: 0.07, 4: 0.03}
"""Shares of place precision, near those of UCDP GED in the CAR 2009-20 (.67, .21, .08, .02)."""


@dataclass(frozen=True)
class Violence:
    """What happened, and by which law.

    Parameters
    ----------
    rate : array, shape (kind, area, month), expected events given the past
    events : pd.DataFrame
        event, date, month, lon, lat, kind, deaths, where_prec as a source would report them, and
        area, the true one; history and the months after the origin.
    """

    months: list[str]
    rate: Array
    events: pd.DataFrame


def violence(seed: int, people: People, election: str) -> Violence:
    """Return the violence of the theatre in all months, before and after the origin."""
    months = month_range(FIRST, HISTORY + AHEAD)
    shock = _shocks(seed, people, len(months))
    counts, rate = _play(seed, people, shock, months)
    civic = _civic(seed, people, shock, months, election)
    events = pd.concat(
        [
            _events(seed, people, months, kind, count)
            for kind, count in [*zip(KINDS, counts, strict=True), *civic.items()]
        ]
    )
    events = events.sort_values(["date", "kind", "area"], kind="stable").reset_index(drop=True)
    events.insert(0, "event", [f"X{k + 1:05d}" for k in range(len(events))])
    return Violence(months, rate, events)


def mu(seed: int, people: People) -> Array:
    """Return unprovoked events a month, shape (kind, area): calm places, and hot ones."""
    rng = stream(seed, "exercise", "mu")
    parents = people.areas["parent"].to_numpy()
    size = people.areas["population"].to_numpy(float)
    weight = np.sqrt(size) * rng.lognormal(0.0, CONSTANTS["area_spread"], size.size)
    weight *= np.where(rng.random(size.size) < CONSTANTS["calm_share"], 0.04, 1.0)
    base = np.array([BASE[role] for role in people.role])
    total = pd.Series(weight).groupby(parents).transform("sum").to_numpy(float)
    return np.asarray((base * (weight / total)[:, None]).T)


def _shocks(seed: int, people: People, months: int) -> Array:
    """Return the log shock of each area and month, shape (area, WARM_UP + months)."""
    codes, names = pd.factorize(people.areas["parent"])
    rng = stream(seed, "exercise", "shocks")
    c, steps = CONSTANTS, WARM_UP + months
    province, country = np.zeros((len(names), steps)), np.zeros(steps)
    mix = np.eye(len(names)) + c["shared"] * _beside(people, list(names))
    mix /= np.sqrt((mix**2).sum(axis=1, keepdims=True))
    for t in range(1, steps):
        new = mix @ rng.normal(0.0, c["province_shock"], len(names))
        province[:, t] = c["province_memory"] * province[:, t - 1] + new
        country[t] = c["country_memory"] * country[t - 1] + rng.normal(0.0, c["country_shock"])
    return np.asarray(province[codes] + country)


def _beside(people: People, parents: list[str]) -> Array:
    """Return the share of each neighbouring province among those of a province."""
    beside = np.zeros((len(parents), len(parents)))
    for area, others in people.neighbours.items():
        for other in others:
            beside[parents.index(area[:4]), parents.index(other[:4])] = 1.0
    np.fill_diagonal(beside, 0.0)
    return np.asarray(beside / beside.sum(axis=1, keepdims=True))


def calendar(months: list[str]) -> Array:
    """Return the known turns of the log rate, shape (kind, month)."""
    starts = sorted(CALENDAR)
    at = [max(s for s in starts if s <= month) for month in months]
    return np.array([CALENDAR[s] for s in at]).T


def _play(seed: int, people: People, shock: Array, months: list[str]) -> tuple[Array, Array]:
    c, rng = CONSTANTS, stream(seed, "exercise", "events")
    base = mu(seed, people)
    keys = people.areas["area"].tolist()
    reach = np.array([[b in people.neighbours[a] for b in keys] for a in keys], dtype=float)
    reach /= reach.sum(axis=1, keepdims=True)
    turns = calendar(months)
    turns = np.concatenate([np.repeat(turns[:, :1], WARM_UP, axis=1), turns], axis=1)
    steps = turns.shape[1]
    counts, rate = np.zeros((2, *base.shape, steps))
    for t in range(1, steps):
        last = counts[:, :, t - 1]
        kin = last.sum(axis=0) - last
        rate[:, :, t] = (
            base * np.exp(shock[:, t] + turns[:, t, None])
            + c["own"] * last
            + c["kin"] * kin
            + c["spill"] * last @ reach.T
        )
        burst = rng.gamma(c["dispersion"], 1.0 / c["dispersion"], base.shape)
        counts[:, :, t] = rng.poisson(rate[:, :, t] * burst)
    return counts[:, :, WARM_UP:], rate[:, :, WARM_UP:]


def _civic(
    seed: int, people: People, shock: Array, months: list[str], election: str
) -> dict[str, Array]:
    """Return protests and riots, shape (area, month): where towns are, more around an election."""
    rng = stream(seed, "exercise", "civic")
    surge = np.array([2.5 if election >= m >= _before(election) else 1.0 for m in months])
    mean = (PROTESTS_PER_MILLION * people.urban / 1e6)[:, None] * surge
    mean = mean * np.exp(0.35 * shock[:, WARM_UP:])
    protests = rng.poisson(mean * rng.gamma(1.5, 1 / 1.5, mean.shape))
    riots = rng.poisson(RIOT_SHARE * mean * rng.gamma(0.7, 1 / 0.7, mean.shape))
    return {"protest": protests.astype(float), "riot": riots.astype(float)}


def _before(month: str) -> str:
    return f"{month[:5]}{max(1, int(month[5:]) - 2):02d}"


def _events(seed: int, people: People, months: list[str], kind: str, counts: Array) -> pd.DataFrame:
    """Return one row an event: day, place as reported, deaths."""
    rng = stream(seed, "exercise", "event", kind)
    area, month = (
        np.repeat(i, counts.ravel().astype(int)) for i in np.indices(counts.shape).reshape(2, -1)
    )
    size = area.size
    precision = rng.choice(list(PRECISION), size, p=list(PRECISION.values()))
    place = _places(rng, people, area, precision, civic=kind not in KINDS)
    first = pd.to_datetime(np.array(months, dtype=object)[month] + "-01")
    day = (rng.random(size) * first.days_in_month.to_numpy()).astype(int)
    return pd.DataFrame(
        {
            "date": (first + pd.to_timedelta(day, "D")).strftime("%Y-%m-%d"),
            "month": np.array(months)[month],
            "lon": np.round(place[:, 0], 4),
            "lat": np.round(place[:, 1], 4),
            "kind": kind,
            "deaths": _deaths(rng, kind, size),
            "where_prec": precision.astype(float),
            "area": people.areas["area"].to_numpy()[area],
        }
    )


def _deaths(rng: np.random.Generator, kind: str, size: int) -> Array:
    if kind == "protest":
        return np.zeros(size)
    if kind == "riot":
        return rng.poisson(0.15, size).astype(float)
    median, spread = MARKS[kind]
    mean = np.minimum(median * np.exp(rng.normal(0.0, spread, size)), MOST_DEATHS)
    return rng.poisson(mean).astype(float)


def _places(
    rng: np.random.Generator,
    people: People,
    area: NDArray[np.intp],
    precision: NDArray[np.int64],
    *,
    civic: bool,
) -> Array:
    """Return reported places: three in five in or near a town; vague ones at the seat."""
    polygons = people.areas["geometry"].tolist()
    out = np.empty((area.size, 2))
    for a in np.unique(area).tolist():
        here = np.flatnonzero(area == a)
        out[here] = scatter(rng, polygons[a], here.size)
        towns = people.towns[people.towns["area"] == people.areas["area"].iloc[a]]
        seat = towns[["lon", "lat"]].to_numpy(float)[rng.integers(len(towns), size=here.size)]
        in_town = rng.random(here.size) < (1.0 if civic else 0.6)
        out[here[in_town]] = seat[in_town]
    vague = precision >= 4
    seats = people.provinces.set_index("parent")["seat"]
    points = people.areas.set_index("area")[["lon", "lat"]]
    parents = people.areas["parent"].to_numpy()[area[vague]]
    out[vague] = points.loc[seats.loc[parents].to_numpy()].to_numpy(float)
    return out
