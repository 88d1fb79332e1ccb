"""OurAirports: airports and landing strips of a country, with their longest open runway."""

from __future__ import annotations

import io
from dataclasses import dataclass

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import csv_rows, to_csv
from polgap.sources.fetch.base import Collected, Terms, Wish, failed

SITE = "https://davidmegginson.github.io/ourairports-data"
COLUMNS = (
    "ident", "type", "name", "latitude_deg", "longitude_deg", "elevation_ft", "iso_country",
    "scheduled_service", "icao_code", "iata_code", "runway_m",
)  # fmt: skip
_NEEDED = ("ident", "type", "name", "latitude_deg", "longitude_deg", "iso_country")
_FEET = 0.3048

TERMS = Terms(pause=0.2)


@dataclass(frozen=True)
class OurAirports:
    """The remote `ourairports`."""

    name: str = "ourairports"
    source: str = "airports"
    title: str = "OurAirports: airports and landing strips with runway length"
    licence: str = "public domain"
    citation: str = "OurAirports, ourairports.com/data"
    by_hand: str = (
        "download airports.csv at https://ourairports.com/data and give it as "
        "--source airports=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the airports of the country; `runway_m` is empty where no length is known.

        Raises
        ------
        DataError
            If a file is cut off or has changed, or there is nothing on the country.
        """
        land = country(wish.iso3)
        airports = client.get(f"{SITE}/airports.csv", resume=True)
        runways = client.get(f"{SITE}/runways.csv", resume=True)
        text = io.StringIO(airports.text(), newline="")
        mine = [r for r in csv_rows(text, _NEEDED, client.where) if r["iso_country"] == land.iso2]
        longest = _longest(runways.text(), {r["ident"] for r in mine}, client.where)
        rows = [{**r, "runway_m": longest.get(r["ident"], "")} for r in mine]
        if not rows:
            got = f"no airport with iso_country {land.iso2}"
            raise failed(got, "a country with airports", "no_rows", client.where)
        day = airports.kept.last_modified or airports.kept.at[:10]
        return Collected(to_csv(COLUMNS, rows), "csv", len(rows), f"file of {day}")


def _longest(text: str, idents: set[str], where: str) -> dict[str, int]:
    """Return the length in metres of the longest open runway of each airport."""
    found: dict[str, int] = {}
    wanted = ("airport_ident", "length_ft", "closed")
    for row in csv_rows(io.StringIO(text, newline=""), wanted, where):
        length = row["length_ft"].strip()
        if row["airport_ident"] in idents and row["closed"] != "1" and length.isdigit():
            metres = round(int(length) * _FEET)
            found[row["airport_ident"]] = max(metres, found.get(row["airport_ident"], 0))
    return found


SOURCE = OurAirports()
