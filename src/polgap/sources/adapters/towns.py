"""Towns: GeoNames city files, or the planner's own list in the columns of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.domain import Note
from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._plain import typed
from polgap.sources._select import of_country
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

NAMES = {
    "town": ("town", "geonameid"),
    "name": ("name", "asciiname", "city"),
    "lon": ("lon", "longitude", "lng"),
    "lat": ("lat", "latitude"),
    "population": ("population", "pop"),
}
CODES = {"countrycode": "iso2", "country_code": "iso2", "iso2": "iso2", "iso3": "iso3"}
KNOWN = words(
    """geonameid asciiname alternatenames feature_class feature_code countrycode country_code cc2
    admin1code admin2code admin1_code admin2_code admin3_code admin4_code elevation dem timezone
    modification_date area"""
)
"""Other columns of the layouts; what is not among them is looked at by the safeguards."""


@dataclass(frozen=True)
class Towns:
    """The source `towns`."""

    name: str = "towns"
    title: str = "GeoNames cities, or the planner's list of towns"
    licence: str = "GeoNames CC BY 4.0"
    citation: str = "GeoNames, geonames.org"
    table: str = "towns"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the towns of the country; their area is found later, by place.

        Towns whose inhabitants are not known (an empty cell) are left out and counted.

        Raises
        ------
        DataError
            If a column is missing or the file is about other countries.
        """
        sheet = read_sheet(path)
        refuse(_safe(sheet))
        columns = {name: sheet.column(*names) for name, names in NAMES.items()}
        missing = [n for n, c in columns.items() if c is None and n != "town"]
        if missing:
            raise DataError(
                [
                    Problem(f"columns {list(sheet.headers)}", f"a column {n}", "missing_column",
                            sheet.file, row=1, column=n)
                    for n in missing
                ]
            )  # fmt: skip
        own = sheet.column(*CODES) is None and "town" in sheet.frame.columns
        rows = sheet.frame
        if context.iso3 and not own:
            rows = of_country(sheet, CODES, country(context.iso3))
        table = _table(sheet, rows, columns)
        counted = table[table["population"] != ""]
        notes = []
        if len(counted) < len(table):
            values = {"file": sheet.file, "count": len(table) - len(counted)}
            notes.append(Note("sources.towns_uncounted", values))
        names = {n: c for n, c in columns.items() if c is not None}
        filed = typed("towns", counted, sheet.file, later={"area": "?"}, names=names)
        return Parsed(filed.table, tuple(notes), "", {"file": sheet.file, "rows": filed.rows})


def _table(sheet: Sheet, rows: pd.DataFrame, columns: dict[str, str | None]) -> pd.DataFrame:
    table = pd.DataFrame({n: rows[c] for n, c in columns.items() if c is not None})
    if "town" not in table:
        table.insert(0, "town", [f"town-{r}" for r in table.index])
    for column in ("lon", "lat", "population"):
        table[column] = table[column].map(lambda c: number_text(c, sheet.separator))
    return table


def _safe(sheet: Sheet) -> list[Problem]:
    looked = [n for names in NAMES.values() for n in names]
    strange = [h for h in sheet.headers if plain(h) not in KNOWN and plain(h) not in looked]
    unknown = sheet.frame[[plain(h) for h in strange]]
    free = ("name", "asciiname", "city", "town")
    return check_headers(strange, sheet.file, places=True) + check_cells(
        unknown, sheet.file, free=free
    )


SOURCE = Towns()
