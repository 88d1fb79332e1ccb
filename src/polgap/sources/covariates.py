"""Covariates: a table of series by area and month that a forecast may learn from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from polgap.domain import month_label, month_number
from polgap.errors import DataError, Problem
from polgap.sources._dates import WANTED, month_of
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet
from polgap.sources.base import refuse
from polgap.sources.safeguards import check_cells, check_headers


def series(path: Path, areas: Sequence[Any], names: Sequence[str]) -> dict[str, xr.DataArray]:
    """Return named series of a file by area and month; empty cells are NaN, never zero.

    Parameters
    ----------
    path : Path
        Columns ``area`` (or ``country_id``), ``month``, and one a series; rows of other areas are
        left out.
    areas : sequence
        Labels of the panel.
    names : sequence of str
        Columns wanted.

    Returns
    -------
    mapping of name to DataArray, dims (area, month), units of the file

    Raises
    ------
    DataError
        With every problem found: a column missing, a cell that is no month or number, an
        area-month that stands twice, or no row of any area.
    """
    sheet = read_sheet(path)
    refuse(check_headers(sheet.headers, sheet.file) + check_cells(sheet.frame, sheet.file))
    key = sheet.column("area", "country_id")
    columns = {name: plain(name) for name in names}
    wanted = {"area": key, "month": sheet.column("month")}
    wanted |= {name: column if column in sheet.frame else None for name, column in columns.items()}
    lacking = [name for name, column in wanted.items() if column is None]
    if lacking or key is None:
        got = f"columns {list(sheet.headers)[:8]}"
        raise DataError(
            [Problem(got, f"a column {n}", "missing_column", sheet.file, row=1, column=n)
             for n in lacking]
        )  # fmt: skip
    return _cubes(sheet, key, areas, columns)


def _cubes(
    sheet: Sheet, key: str, areas: Sequence[Any], columns: dict[str, str]
) -> dict[str, xr.DataArray]:
    place = {str(area): i for i, area in enumerate(areas)}
    frame = sheet.frame[sheet.frame[key].isin(place)]
    problems: list[Problem] = []
    months = {int(str(row)): month_of(text) for row, text in frame["month"].items()}
    for row, month in months.items():
        if month is None:
            got = str(frame.loc[row, "month"])
            problems.append(sheet.problem(row, "month", got, WANTED, "not_a_date"))
    if frame.empty:
        problems.append(
            Problem("no row of any area of the panel", f"areas such as {list(place)[:3]}",
                    "no_rows", sheet.file, column=key)
        )  # fmt: skip
    refuse(problems)
    numbers = {row: month_number(str(month)) for row, month in months.items()}
    first, last = min(numbers.values()), max(numbers.values())
    held = {name: np.full((len(areas), last - first + 1), np.nan) for name in columns}
    seen: set[tuple[str, int]] = set()
    for row, number in numbers.items():
        area = str(frame.loc[row, key])
        if (area, number) in seen:
            got = f"{area} in {month_label(number)} twice"
            problems.append(sheet.problem(row, key, got, "every area-month once", "duplicate_key"))
        seen.add((area, number))
        for name, column in columns.items():
            text = number_text(str(frame.loc[row, column]), sheet.separator)
            try:
                held[name][place[area], number - first] = float(text) if text else np.nan
            except ValueError:
                problems.append(sheet.problem(row, column, text, "a number", "wrong_type"))
    refuse(problems)
    labels = {"area": list(areas), "month": [month_label(m) for m in range(first, last + 1)]}
    return {n: xr.DataArray(v, coords=labels, dims=("area", "month")) for n, v in held.items()}
