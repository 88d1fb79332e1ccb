"""Airports and landing strips: OurAirports, the package airportsdata, or our own columns.

Closed ones are left out. Runway length is in metres and empty where nobody states it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._plain import typed
from polgap.sources._select import of_country
from polgap.sources._sheet import number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

NAMES = {
    "airport": ("airport", "ident", "icao"),
    "name": ("name",),
    "lon": ("lon", "longitude_deg"),
    "lat": ("lat", "latitude_deg"),
    "kind": ("kind", "type"),
    "scheduled": ("scheduled", "scheduled_service"),
    "runway": ("runway", "runway_m"),
}
CODES = {"iso_country": "iso2", "iso2": "iso2", "iso3": "iso3", "country": "iso2"}
_KNOWN = words(
    """id ident elevation_ft elevation continent iso_region municipality icao_code iata_code
    gps_code local_code home_link wikipedia_link keywords icao iata city subd tz lid area"""
) | {n for names in NAMES.values() for n in names} | {*CODES}  # fmt: skip
_CLOSED = "closed"


@dataclass(frozen=True)
class Airports:
    """The source `airports`."""

    name: str = "airports"
    title: str = "Airports and landing strips (OurAirports, airportsdata or own)"
    licence: str = "OurAirports public domain; airportsdata MIT"
    citation: str = "OurAirports, ourairports.com/data"
    table: str = "airports"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the open airports of the country; their area is found later, by place.

        Raises
        ------
        DataError
            If a column is missing, the file is about other countries or cells are wrong.
        """
        sheet = read_sheet(path)
        strange = [h for h in sheet.headers if plain(h) not in _KNOWN]
        unknown = sheet.frame[[plain(h) for h in strange]]
        refuse(check_headers(strange, sheet.file, places=True) + check_cells(unknown, sheet.file))
        columns = {name: sheet.column(*names) for name, names in NAMES.items()}
        missing = [n for n in ("airport", "name", "lon", "lat") if columns[n] is None]
        if missing:
            got = f"columns {list(sheet.headers)[:8]}"
            raise DataError(
                [Problem(got, f"a column {n}", "missing_column", sheet.file, row=1, column=n)
                 for n in missing]
            )  # fmt: skip
        rows = sheet.frame
        if context.iso3 and sheet.column(*CODES):
            rows = of_country(sheet, CODES, country(context.iso3))
        if columns["kind"]:
            rows = rows[rows[columns["kind"]] != _CLOSED]
        table = pd.DataFrame({n: rows[c] for n, c in columns.items() if c is not None})
        for column in ("lon", "lat", "runway"):
            if column in table:
                table[column] = table[column].map(lambda c: number_text(c, sheet.separator))
        names = {n: c for n, c in columns.items() if c is not None}
        filed = typed("airports", table, sheet.file, names=names)
        return Parsed(filed.table, (), "", {"file": sheet.file, "rows": filed.rows})


SOURCE = Airports()
