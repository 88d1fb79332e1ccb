"""The exercise theatre: a fictional country made from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import shapely

from polgap.domain import add_months, check_table
from polgap.examples import _names, _violence
from polgap.examples._institutions import institutions
from polgap.examples._land import land
from polgap.examples._mission import mission
from polgap.examples._people import people
from polgap.examples._truth import Truth, truth
from polgap.examples._violence import violence

ORIGIN = add_months(_violence.FIRST, _violence.HISTORY - 1)
ELECTION = add_months(ORIGIN, 10)
LANGUAGE = "fr"
POWERS = 2
"""Grade of powers of the mandate: search and hold."""


@dataclass(frozen=True)
class Exercise:
    """A fictional theatre: what a planner may see, and the truth apart from it.

    Parameters
    ----------
    areas : pd.DataFrame
        As in ``schema.csv``, and a column `geometry` (shapely polygons, degrees).
    provinces : pd.DataFrame
        parent, name, role (the part it plays in the story), seat (area key).
    neighbours : mapping
        Area key -> keys of the areas that share a border with it.
    river : shapely line, degrees
    events : pd.DataFrame
        As in ``schema.csv``, and `date`: the history up to the origin as a source reports it.
        Vague places (where_prec 4) stand at the seat of the province.
    towns, host_police, willingness, other_providers, mandate, pledges, rules, programmes, bases,
    personnel : pd.DataFrame, as in ``schema.csv``
    truth : Truth
        Never for the planner: `score` reads it.
    """

    name: str
    iso3: str
    mission: str
    seed: int
    first: str
    origin: str
    capital: str
    language: str
    areas: pd.DataFrame
    provinces: pd.DataFrame
    neighbours: dict[str, tuple[str, ...]]
    river: shapely.LineString | shapely.MultiLineString
    towns: pd.DataFrame
    events: pd.DataFrame
    host_police: pd.DataFrame
    willingness: pd.DataFrame
    other_providers: pd.DataFrame
    mandate: pd.DataFrame
    pledges: pd.DataFrame
    rules: pd.DataFrame
    programmes: pd.DataFrame
    hrddp: pd.DataFrame
    bases: pd.DataFrame
    personnel: pd.DataFrame
    truth: Truth


def theatre(seed: int = 1) -> Exercise:
    """Return the exercise theatre of a seed: the same land, people and luck each time.

    Everything in it is invented, with `basis` ``exercise``. It lies in the open ocean, in nobody's
    territory, under codes that ISO 3166 leaves to users.

    Parameters
    ----------
    seed : int
        Another seed is another country with other names, other luck, the same story.

    Returns
    -------
    Exercise

    Examples
    --------
    >>> country = theatre(1)
    >>> country.name, country.iso3, len(country.areas), len(country.provinces)
    ('Quelmora', 'XQE', 60, 8)
    >>> country.origin, country.truth.panel.sizes["month"]
    ('2025-12', 36)
    """
    ground = land(seed)
    folk = people(seed, ground)
    happened = violence(seed, folk, ELECTION)
    police = institutions(seed, folk, ORIGIN, POWERS)
    force = mission(seed, folk, ORIGIN, ELECTION)
    known = happened.events[happened.events["month"] <= ORIGIN]
    return Exercise(
        name=_names.COUNTRY,
        iso3=_names.ISO3,
        mission=_names.MISSION,
        seed=seed,
        first=_violence.FIRST,
        origin=ORIGIN,
        capital=folk.capital,
        language=LANGUAGE,
        areas=folk.areas,
        provinces=folk.provinces,
        neighbours=folk.neighbours,
        river=ground.river,
        towns=folk.towns,
        events=_reported(known),
        host_police=police.host_police,
        willingness=police.willingness,
        other_providers=police.other_providers,
        mandate=force.mandate,
        pledges=force.pledges,
        rules=force.rules,
        programmes=force.programmes,
        hrddp=force.hrddp,
        bases=force.bases,
        personnel=force.personnel,
        truth=truth(seed, folk, happened, police, force, ORIGIN),
    )


def _reported(known: pd.DataFrame) -> pd.DataFrame:
    """Return events as a source reports them: with a day and a point, in no area yet."""
    return check_table("events", known.drop(columns="area")).assign(date=known["date"].to_numpy())
