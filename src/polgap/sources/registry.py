"""The sources by name: one line each. The import, the docs and the test battery read this."""

from __future__ import annotations

from polgap.errors import DataError, Problem
from polgap.sources.adapters import (
    acled,
    airports,
    areas,
    bases,
    crime,
    displacement,
    event_counts,
    events,
    friction,
    governance,
    host_police,
    hrddp,
    mandate,
    other_providers,
    personnel,
    pledges,
    population,
    programmes,
    protests,
    roads,
    rules,
    towns,
    ucdp_ged,
    willingness,
)
from polgap.sources.base import Source

SOURCES: dict[str, Source] = {
    "ucdp_ged": ucdp_ged.SOURCE,
    "events": events.SOURCE,
    "acled": acled.SOURCE,
    "areas": areas.SOURCE,
    "towns": towns.SOURCE,
    "population": population.SOURCE,
    "personnel": personnel.SOURCE,
    "bases": bases.SOURCE,
    "host_police": host_police.SOURCE,
    "willingness": willingness.SOURCE,
    "other_providers": other_providers.SOURCE,
    "mandate": mandate.SOURCE,
    "pledges": pledges.SOURCE,
    "rules": rules.SOURCE,
    "programmes": programmes.SOURCE,
    "hrddp": hrddp.SOURCE,
    "crime": crime.SOURCE,
    "protests": protests.SOURCE,
    "roads": roads.SOURCE,
    "friction": friction.SOURCE,
    "governance": governance.SOURCE,
    "displacement": displacement.SOURCE,
    "airports": airports.SOURCE,
    "event_counts": event_counts.SOURCE,
}
"""Name on the command line -> source."""


def source(name: str) -> Source:
    """Return the source of a name.

    Raises
    ------
    DataError
        If there is none, naming those there are.

    Examples
    --------
    >>> source("bases").table
    'bases'
    """
    if name not in SOURCES:
        wanted = f"one of {', '.join(SOURCES)}"
        raise DataError([Problem(repr(name), wanted, "unknown_source", column="source")])
    return SOURCES[name]
