"""The hidden need of the exercise: incidents played hour by hour, posts and cases counted.

It answers the question of the planner after the fact: how many officers on strength would it have
taken, had one known the month? Incidents arrive at random hours and last a lognormal time; the
officers they hold are read off an hourly clock. The definition is that of gap-model.md 4 (median
of the hours, plus a share of the surge that the province pools); the numbers come from a play,
not from the formulas of `polgap.assess`. Its sizes are one draw from the ranges of the parameter
catalogue, with luck by area that no parameter knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.draws import stream, three_point
from polgap.examples._people import People

Array = NDArray[np.floating[Any]]

HOURS = 730
PEAK = 0.95
AREA_LUCK = 0.25
"""Log standard deviation by area of what inhabitants ask of police: known to no parameter."""

SIZES = (
    "weekly_hours", "absence_share", "stations_per_100k", "station_minimum_crew", "beat_ratio",
    "static_posts_per_100k", "custody_officers_per_100k", "cases_per_100k_month",
    "case_officer_months", "serious_crime_share", "sgbv_case_share", "sgbv_posts_per_100k",
    "incidents_per_ged_event", "incident_duration_hours", "officers_per_incident",
    "protest_duration_hours", "officers_per_protest", "election_officers_per_station",
    "mentor_ratio", "harm_multiplier", "subunit_strength",
)  # fmt: skip
"""Parameters whose true value in this theatre is drawn once."""


@dataclass(frozen=True)
class Play:
    """What need is played from.

    Parameters
    ----------
    lethal, assemblies : array, shape (area, month), events
    available : array, shape (area,), host officers able to be tasked
    preying : array, shape (area,), those of them who prey on the population
    """

    lethal: Array
    assemblies: Array
    available: Array
    preying: Array


def sizes(seed: int) -> dict[str, float]:
    """Return the true sizes of this theatre: one draw from the catalogue's ranges."""
    return {name: true_size(seed, name) for name in SIZES}


def true_size(seed: int, name: str) -> float:
    """Return the true value of a parameter in this theatre: anywhere in the catalogue's range."""
    known = catalogue.parameters()[name]
    share = known.units.startswith("share") and known.high <= 1.0
    uniform = stream(seed, "truth", "size", name).random(1)
    return float(three_point(uniform, known.low, known.mid, known.high, share=share)[0])


def hidden_need(
    seed: int, people: People, rules: pd.DataFrame, months: list[str], play: Play,
    true: Mapping[str, float],
) -> dict[str, Array]:  # fmt: skip
    """Return officers on strength by function, each of shape (area, month)."""
    size = len(people.areas)
    inhabitants = people.areas["population"].to_numpy(float) / 1e5
    asked = inhabitants * stream(seed, "truth", "luck").lognormal(0.0, AREA_LUCK, size)
    relief = 168.0 / (true["weekly_hours"] * (1.0 - true["absence_share"]))
    every = np.ones((1, len(months)))

    cases = asked * true["cases_per_100k_month"]
    work = stream(seed, "truth", "cases").poisson(cases[:, None] * every).astype(float)
    over = max(1.0, true["serious_crime_share"] + true["sgbv_case_share"])
    organised, gendered = true["serious_crime_share"] / over, true["sgbv_case_share"] / over
    plain = max(0.0, 1.0 - organised - gendered)
    a_case = true["case_officer_months"]

    held = _incidents(
        stream(seed, "truth", "incidents"), people,
        play.lethal * true["incidents_per_ged_event"], true["incident_duration_hours"],
        true["officers_per_incident"], true["subunit_strength"],
    )  # fmt: skip
    crowd = _incidents(
        stream(seed, "truth", "assemblies"), people, play.assemblies,
        true["protest_duration_hours"], true["officers_per_protest"], true["subunit_strength"],
    )  # fmt: skip
    preyed = true["harm_multiplier"] * play.preying
    static = _posts(people, rules, "posts_static", asked * true["static_posts_per_100k"], months)
    cells = _posts(
        people, rules, "sites_custody", asked * true["custody_officers_per_100k"] / relief, months
    )
    return {
        "protection": held * relief + preyed[:, None],
        "public_order": crowd * relief,
        "sgbv": work * gendered * a_case
        + (2.0 * relief * asked * true["sgbv_posts_per_100k"])[:, None],
        "serious_crime": (work + play.lethal) * organised * a_case,
        "investigation": (work * plain + play.lethal * (1.0 - organised)) * a_case,
        "static": static * relief,
        "custody": cells * relief,
        "elections": _stations(people, rules, months)
        * true["election_officers_per_station"]
        * relief,
        "border": _posts(people, rules, "posts_border", np.zeros(size), months) * relief,
        "community": (
            asked * true["stations_per_100k"] * true["station_minimum_crew"] * relief
            + asked * 1e5 / true["beat_ratio"]
        )[:, None]
        * every,
        "development": (play.available / true["mentor_ratio"])[:, None] * every,
    }


def _incidents(
    rng: np.random.Generator, people: People, mean: Array, hours: float, crew: float, subunit: float
) -> Array:
    """Return officers on duty that incidents take, shape (area, month)."""
    _, province = np.unique(people.areas["parent"], return_inverse=True)
    crew = np.ceil(crew / subunit - 1e-9) * subunit
    out = np.empty_like(mean)
    for t in range(mean.shape[1]):
        busy = _clock(rng, rng.poisson(mean[:, t]), hours)
        base, peak = np.quantile(busy, [0.5, PEAK], axis=1)
        pooled = np.zeros((province.max() + 1, HOURS))
        np.add.at(pooled, province, busy)
        surge = np.quantile(pooled, PEAK, axis=1) - np.bincount(province, base)
        weight = np.where(peak > base, peak - base, 0.0) + 1e-9 * mean[:, t]
        whole = np.bincount(province, weight)[province]
        share = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
        out[:, t] = (base + share * np.maximum(surge, 0.0)[province]) * crew
    return out


def _clock(rng: np.random.Generator, counts: NDArray[np.int64], hours: float) -> Array:
    """Return how many incidents are going on at each hour, shape (area, hour)."""
    area = np.repeat(np.arange(counts.size), counts)
    start = rng.random(area.size) * HOURS
    lasts = hours * np.exp(rng.normal(-0.32, 0.8, area.size))  # mean `hours`
    change = np.zeros((counts.size, HOURS + 1))
    first = start.astype(int)
    last = np.minimum(np.ceil(start + lasts).astype(int), HOURS)
    np.add.at(change, (area, first), 1.0)
    np.add.at(change, (area, last), -1.0)
    return np.asarray(change[:, :HOURS].cumsum(axis=1))


def _posts(
    people: People, rules: pd.DataFrame, rule: str, usual: Array, months: list[str]
) -> Array:
    """Return posts on duty by area: those listed, else as usual; shape (area, month)."""
    listed = rules[rules["rule"] == rule].set_index("area")["value"]
    number = people.areas["area"].map(listed).to_numpy(float)
    number = np.where(np.isnan(number), usual, number)
    return np.asarray(number[:, None] * np.ones((1, len(months))))


def _stations(people: People, rules: pd.DataFrame, months: list[str]) -> Array:
    """Return guarded polling stations, spread by inhabitants, in the month of the election."""
    out = np.zeros((len(people.areas), len(months)))
    share = people.areas["population"].to_numpy(float)
    share = share / share.sum()
    for row in rules[rules["rule"] == "election"].to_dict("records"):
        when = np.array([row["from"] <= m <= row["until"] for m in months])
        out += float(row["value"]) * share[:, None] * when
    return out
