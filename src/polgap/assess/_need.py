"""Need, bottom-up: one function for each thing police do, officers on strength.

Each takes a `Place` and a block of areas, and returns an array (area, month or 1, draw). Nothing
is counted twice: serious cases are split between investigation, serious crime and sgbv; a
public-order incident is no protection incident. A police-per-population benchmark is never part
of the sum.
"""

from __future__ import annotations

import numpy as np

from polgap.assess._cases import Cases
from polgap.assess._convert import OnDuty, OnStrength, on_strength
from polgap.assess._dated import settled
from polgap.assess._posts import Place, posts
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters

WOMEN_PER_POST = 2.0
"""A survivor, or a woman to be searched, meets two women on duty."""


def _per_100k(place: Place, block: slice, name: str) -> FloatArray:
    """Return a parameter per 100,000 inhabitants as a number, shape (area, 1, draw)."""
    return np.asarray(place.population[block, None] * place.theta[name] / 1e5)


def community(place: Place, block: slice) -> OnStrength:
    """Return stations x minimum crew on duty, plus beats, persons who have returned included."""
    people = place.population[block, None] + settled(place, block)
    beats = people / place.theta["beat_ratio"]
    return OnStrength(stations(place, people) + beats)


def stations(place: Place, people: FloatArray) -> OnStrength:
    """Return officers of the minimum crew of stations, shape of `people` (area, month, draw)."""
    crew = people * place.theta["stations_per_100k"] / 1e5 * place.theta["station_minimum_crew"]
    return on_strength(OnDuty(np.asarray(crew)), place.relief)


def static(place: Place, block: slice) -> OnStrength:
    """Return officers of 24/7 posts: the site list where given, else posts by inhabitants.

    A list speaks for the areas and months it names; elsewhere silence does not lower the need.
    """
    listed, named = posts(place, "posts_static", block)
    number = listed
    if not named.all():
        usual = _per_100k(place, block, "static_posts_per_100k")
        number = np.where(named[..., None], listed, usual) if named.any() else usual
    return on_strength(OnDuty(np.asarray(number)), place.relief)


def border(place: Place, block: slice) -> OnStrength:
    """Return officers of the border posts that rules name; no rule, no border need."""
    number, _ = posts(place, "posts_border", block)
    return on_strength(OnDuty(number), place.relief)


def custody(place: Place, block: slice) -> OnStrength:
    """Return officers of police cells: 24/7 posts where listed, else by inhabitants."""
    listed, named = posts(place, "sites_custody", block)
    guarded = on_strength(OnDuty(listed), place.relief)
    if named.all():
        return guarded
    usual = _per_100k(place, block, "custody_officers_per_100k")
    return OnStrength(np.where(named[..., None], guarded, usual) if named.any() else usual)


def elections(place: Place, block: slice) -> OnStrength:
    """Return officers at polling stations in the months that election rules name."""
    stations, named = posts(place, "election", block, "polling_stations_per_100k")
    if not named.any():
        return OnStrength(np.zeros_like(stations))
    crew = stations * place.theta["election_officers_per_station"]
    return on_strength(OnDuty(crew), place.relief)


def serious_crime(place: Place, known: Cases) -> OnStrength:
    """Return officers for organised or cross-area cases, lethal ones among them."""
    return OnStrength(known.serious * place.theta["case_officer_months"])


def investigation(place: Place, known: Cases) -> OnStrength:
    """Return officers for the cases that neither serious crime nor sgbv takes.

    A lethal event adds a case; it is split between serious crime and here, not with sgbv.
    """
    work = known.ordinary * place.theta["case_officer_months"]
    if place.offences:
        work = work + known.minor * place.theta["minor_case_officer_months"]
    return OnStrength(work)


def women_posts(place: Place, block: slice) -> OnStrength:
    """Return women on strength that keep two on duty at every sgbv post, a hard number."""
    number = _per_100k(place, block, "sgbv_posts_per_100k")
    return on_strength(OnDuty(WOMEN_PER_POST * number), place.relief)


def sgbv(place: Place, block: slice, known: Cases) -> OnStrength:
    """Return case work on sexual and gender-based violence, plus posts with two women on duty."""
    work = known.sgbv * place.theta["case_officer_months"]
    return OnStrength(work + women_posts(place, block))


def development(officers: FloatArray, theta: Parameters) -> OnStrength:
    """Return mentors for the host-State police who are there to be mentored.

    Parameters
    ----------
    officers : array, shape (area, draw)
        Available host officers, all institutions.
    """
    return OnStrength(officers[:, None] / theta["mentor_ratio"])


def incident_crew(officers: FloatArray, subunit: FloatArray) -> OnDuty:
    """Return officers on duty that one incident takes: whole sub-units, never a part of one.

    Examples
    --------
    >>> incident_crew(np.array([10.0, 28.0, 57.0]), np.array([28.0])).tolist()
    [28.0, 28.0, 84.0]
    """
    return OnDuty(np.ceil(officers / subunit - 1e-9) * subunit)
