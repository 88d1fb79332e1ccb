"""People displaced by conflict, by country and year: IDMC, or the same columns.

``new_displacement`` counts movements in the year, ``total_displacement`` people displaced at its
end: a person may move twice, so the two are never added. An empty cell is not a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._plain import typed
from polgap.sources._select import of_country
from polgap.sources._sheet import number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

CODES = {"iso3": "iso3", "iso2": "iso2", "iso_n3": "iso_n3"}
_NUMBERS = ("year", "new_displacement", "total_displacement")
_KNOWN = words(
    """iso3 iso2 iso_n3 country_name name year new_displacement new_displacement_rounded
    total_displacement total_displacement_rounded"""
)


@dataclass(frozen=True)
class Displacement:
    """The source `displacement`."""

    name: str = "displacement"
    title: str = "IDMC: people displaced by conflict, by country and year"
    licence: str = "IDMC, CC BY (to be confirmed with IDMC)"
    citation: str = "Internal Displacement Monitoring Centre, Global Internal Displacement Database"
    table: str = "displacement"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the years of the country until the origin.

        Raises
        ------
        DataError
            If columns are missing, the file is about other countries or cells are wrong.
        """
        sheet = read_sheet(path)
        strange = [h for h in sheet.headers if plain(h) not in _KNOWN]
        unknown = sheet.frame[[plain(h) for h in strange]]
        refuse(check_headers(strange, sheet.file) + check_cells(unknown, sheet.file))
        missing = [c for c in ("iso3", *_NUMBERS) if c not in sheet.frame]
        if missing:
            got = f"columns {list(sheet.headers)[:8]}"
            raise DataError(
                [Problem(got, f"a column {c}", "missing_column", sheet.file, row=1, column=c)
                 for c in missing]
            )  # fmt: skip
        land = country(context.iso3) if context.iso3 else None
        rows = of_country(sheet, CODES, land).copy()
        for column in _NUMBERS:
            rows[column] = rows[column].map(lambda c: number_text(c, sheet.separator))
        filed = typed("displacement", rows, sheet.file)
        table = filed.table[filed.table["year"] <= float(context.until[:4] or 9999)]
        as_of = f"{table['year'].max():.0f}" if len(table) else ""
        return Parsed(table.reset_index(drop=True), (), as_of, {"file": sheet.file})


SOURCE = Displacement()
