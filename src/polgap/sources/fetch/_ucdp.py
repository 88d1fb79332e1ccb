"""What the two roads to UCDP GED share: which columns are kept, and how versions follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEPT = (
    "id", "year", "active_year", "type_of_violence", "where_prec", "where_coordinates", "adm_1",
    "adm_2", "latitude", "longitude", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low",
)  # fmt: skip
"""Actors, dyads and source texts stay where they are: they name groups and persons."""

NEEDED = ("id", "type_of_violence", "latitude", "longitude", "country_id", "date_end", "best")

FIRST = "1989-01"
LICENCE = "CC BY 4.0 (as named on the download page); free use with citation"
CITATION = (
    "Sundberg and Melander 2013, JPR 50(4): 523-532; Davies, Engström, Pettersson and Öberg, "
    "JPR, the article of the year of the version"
)
BY_HAND = (
    "download the GED CSV at https://ucdp.uu.se/downloads/ and give it as --source ucdp_ged=FILE"
)


def month(row: Mapping[str, Any]) -> str:
    """Return the month of an event, that of its end."""
    return str(row["date_end"])[:7]


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each event once, the row that came last, in the order of time and id."""
    last = {str(r["id"]): r for r in rows}
    return sorted(last.values(), key=lambda r: (str(r["date_end"])[:10], str(r["id"]).zfill(12)))
