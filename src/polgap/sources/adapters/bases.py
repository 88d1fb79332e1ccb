"""Bases of a mission with their police: RADPKO, or the planner's own table.

RADPKO gives yearly means of police per base, allocated by its authors' rule, hence fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._dates import WANTED, month_of
from polgap.sources._plain import typed
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

NAMES = {
    "base": ("base",),
    "mission": ("mission",),
    "month": ("month", "date"),
    "lon": ("lon", "longitude"),
    "lat": ("lat", "latitude"),
    "police": ("police", "unpol"),
}
_ENDS = ("_pko", "_untrp", "_unpol", "_unmob", "_cc", "pko_deployed")


@dataclass(frozen=True)
class Bases:
    """The source `bases`."""

    name: str = "bases"
    title: str = "RADPKO, peacekeepers per base and year"
    licence: str = "CC0 (Dataverse default); cite the authors"
    citation: str = "Hunnicutt and Nomikos 2020, International Peacekeeping"
    table: str = "bases"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the bases of the mission with their police until the origin.

        Raises
        ------
        DataError
            If columns are missing, the mission is not in the file or cells are wrong.
        """
        sheet = read_sheet(path)
        refuse(_safe(sheet))
        columns = {name: sheet.column(*names) for name, names in NAMES.items()}
        missing = [n for n, c in columns.items() if c is None]
        if missing:
            raise DataError(
                [
                    Problem(f"columns {list(sheet.headers)[:8]}", f"a column {n}",
                            "missing_column", sheet.file, row=1, column=n)
                    for n in missing
                ]
            )  # fmt: skip
        rows = _of_mission(sheet, context)
        table = pd.DataFrame({n: rows[c] for n, c in columns.items() if c is not None})
        unnamed = table["base"] == ""
        table["base"] = table["base"].where(~unnamed, [f"base-{r}" for r in table.index])
        for column in ("lon", "lat", "police"):
            table[column] = table[column].map(lambda c: number_text(c, sheet.separator))
        dates = table["month"]
        table["month"] = dates.map(lambda t: month_of(t) or "")
        problems = [
            sheet.problem(int(str(r)), str(columns["month"]), repr(dates[r]), WANTED, "wrong_type")
            for r in table.index[table["month"] == ""]
        ]
        names = {n: c for n, c in columns.items() if c is not None}
        table = table[table["police"] != ""]
        checked = typed("bases", table, sheet.file, before=problems, names=names).table
        checked = checked[checked["month"] <= (context.until or "9999-12")].reset_index(drop=True)
        last = str(checked["month"].max()) if len(checked) else ""
        return Parsed(checked, (), last, {"file": sheet.file})


def _of_mission(sheet: Sheet, context: Context) -> pd.DataFrame:
    asked = context.mission.strip().casefold()
    names = sheet.frame["mission"].str.strip()
    mask = names.str.casefold() == asked
    if asked and mask.any():
        return sheet.frame[mask]
    known = ", ".join(sorted(set(names))[:30])
    got = f"--mission {context.mission}" if asked else "no --mission"
    raise DataError([Problem(got, f"one of {known}", "unknown_mission", sheet.file)])


def _safe(sheet: Sheet) -> list[Problem]:
    looked = {n for names in NAMES.values() for n in names} | {"year", "country"}
    strange = [h for h in sheet.headers if plain(h) not in looked and not plain(h).endswith(_ENDS)]
    unknown = sheet.frame[[plain(h) for h in strange]]
    return check_headers(strange, sheet.file) + check_cells(unknown, sheet.file)


SOURCE = Bases()
