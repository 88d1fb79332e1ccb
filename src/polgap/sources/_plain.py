"""Tables in our own columns: the planner's sheets, and every ``data/*.csv`` of a project.

Tolerant where nothing is lost (order and case of columns, separator, encoding, decimal comma,
date format, ``oui``/``non``, unknown columns), strict in content: each wrong cell is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from polgap.domain import Column, check_table, schema
from polgap.errors import Problem, SchemaError
from polgap.sources._dates import WANTED, month_of
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet
from polgap.sources.base import Context, Parsed, capped, refuse
from polgap.sources.safeguards import check_cells, check_headers

PLACE_TABLES = ("areas", "towns", "bases", "population", "airports")
_YES_NO = {"oui": "yes", "non": "no", "y": "yes", "n": "no", "true": "yes", "false": "no"}
_FLAGS = ("host_consent", "hrddp", "detention", "prosecutors", "applicable_law")


@dataclass(frozen=True)
class Filed:
    """A checked table that knows where its rows stood.

    Parameters
    ----------
    name : str
        Table of the schema.
    file : str
    table : pd.DataFrame
        Typed columns of the schema.
    rows : tuple of int
        Row number of each row (header = row 1).
    """

    name: str
    file: str
    table: pd.DataFrame
    rows: tuple[int, ...]

    def problem(self, at: int, column: str, got: str, wanted: str, code: str) -> Problem:
        """Return a problem in the `at`-th row of the table."""
        return Problem(got, wanted, code, self.file, row=self.rows[at], column=column)


def read_plain(path: Path, name: str, file: str = "") -> Filed:
    """Return a table in the columns of the schema.

    Parameters
    ----------
    path : Path
    name : str
        Table of the schema.
    file : str
        Name used in messages; "" = that of the path.

    Raises
    ------
    DataError
        With every problem of the file; a `SafeguardError` if it holds persons or group identity.
    """
    sheet = read_sheet(path)
    sheet = replace(sheet, file=file or sheet.file)
    known = {c.name for c in schema()[name]}
    refuse(
        check_headers(
            [h for h in sheet.headers if plain(h) not in known],
            sheet.file,
            places=name in PLACE_TABLES,
        )
        + check_cells(sheet.frame, sheet.file)
    )
    frame, problems = _said(sheet, name)
    return typed(name, frame, sheet.file, before=problems)


def _said(sheet: Sheet, name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the cells in the words of the schema, and what cannot be read as a date."""
    frame = sheet.frame.copy()
    problems: list[Problem] = []
    if "basis" not in frame and any(c.name == "basis" for c in schema()[name]):
        frame["basis"] = "given"
    for column in schema()[name]:
        if column.name not in frame:
            continue
        cells = frame[column.name]
        if column.kind == "number":
            frame[column.name] = cells.map(lambda c: number_text(c, sheet.separator))
        elif column.kind == "month":
            frame[column.name] = cells.map(lambda c: month_of(c) or "")
            problems += [
                sheet.problem(int(str(r)), column.name, repr(cells[r]), WANTED, "wrong_type")
                for r in cells.index[(frame[column.name] == "") & (cells != "")]
            ]
        elif column.name in _FLAGS:
            frame[column.name] = cells.map(lambda c: _YES_NO.get(c.casefold(), c.casefold()))
    return frame, problems


def typed(
    name: str,
    frame: pd.DataFrame,
    file: str,
    *,
    later: Mapping[str, str | float] | None = None,
    before: list[Problem] | None = None,
    names: Mapping[str, str] | None = None,
) -> Filed:
    """Return a table typed and checked against the schema.

    Parameters
    ----------
    name : str
    frame : pd.DataFrame
        Cells as text or numbers; the index is the row number in the file.
    file : str
    later : Mapping[str, str or float], optional
        Required columns that are filled only after joining, with a value that passes the check;
        they are left out of the result.
    before : list of Problem, optional
        Problems found already: they are raised together with those found here, one a cell.
    names : Mapping[str, str], optional
        Our name -> column of the file, for messages.

    Raises
    ------
    SchemaError
        With row numbers of the file.
    """
    rows = tuple(int(str(r)) for r in frame.index)
    later = dict(later or {})
    found = list(before or [])
    table = pd.DataFrame()
    try:
        table = check_table(name, frame.assign(**later), file=file)
    except SchemaError as error:
        seen = {(p.row, p.column) for p in found}
        moved = [_moved(p, rows, names or {}) for p in error.problems]
        found += [p for p in moved if (p.row, p.column) not in seen]
    refuse(capped(found, file))
    return Filed(name, file, table.drop(columns=list(later)), rows)


def _moved(problem: Problem, rows: tuple[int, ...], names: Mapping[str, str]) -> Problem:
    """Return a problem at its row and column of the file instead of its place in the frame."""
    column = names.get(problem.column or "", problem.column)
    if problem.row is None or problem.row < 2:
        return replace(problem, column=column)
    return replace(problem, row=rows[problem.row - 2], column=column)


def units_of(column: Column) -> str:
    """Return what the second line of a template says of a column."""
    return f"#{column.units or ('YYYY-MM' if column.kind == 'month' else 'text')}"


@dataclass(frozen=True)
class PlainTable:
    """A source that is a table in our own columns.

    Parameters
    ----------
    name, title : str
    """

    name: str
    title: str
    licence: str = "the planner's own"
    citation: str = "sheet of the planner"

    @property
    def table(self) -> str:
        """Table of the schema: that of the same name."""
        return self.name

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the checked table; references between tables are checked after the import.

        Raises
        ------
        DataError
            With every problem of the file.
        """
        filed = read_plain(path, self.name)
        months = [c for c in ("as_of",) if c in filed.table and len(filed.table)]
        as_of = max((str(filed.table[c].max()) for c in months), default="")
        return Parsed(filed.table, (), as_of, {"file": filed.file, "rows": filed.rows})
