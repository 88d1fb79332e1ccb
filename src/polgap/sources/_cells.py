"""PRIO-GRID cells from a table: half-degree squares around their centres, numbered from the south.

``gid = (row - 1) * 720 + column``, rows from 90 S, columns from 180 W [1]_; a number that does not
fit its centre is an error, since it would put violence in the wrong place.

References
----------
.. [1] Tollefsen, Strand & Buhaug, PRIO-GRID: a unified spatial data structure, Journal of Peace
       Research 49 (2012).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from polgap.errors import DataError, Problem
from polgap.sources._files import read_bytes
from polgap.sources._outline import Outline
from polgap.sources._sheet import Sheet, plain, read_sheet
from polgap.sources.base import refuse
from polgap.sources.safeguards import check_cells, check_headers

CELL = 0.5
"""Side of a cell, degrees."""
CELL_COLUMNS = ("gid", "xcoord", "ycoord", "iso_n3", "row", "col")
_COLUMNS = 720
_CENTRE = ("gid", "xcoord", "ycoord")


def holds_cells(path: Path) -> bool:
    """Return whether a file is a table of cells: its header names gid, xcoord and ycoord."""
    if not path.name.lower().endswith((".csv", ".csv.gz", ".txt", ".txt.gz", ".zip")):
        return False
    head = read_bytes(path)[:4096].split(b"\n", 1)[0].decode("latin-1").casefold()
    return all(name in head for name in _CENTRE)


def cells(path: Path) -> list[Outline]:
    """Return the squares of all cells in a file, with their numbers and codes.

    Raises
    ------
    DataError
        If a number or a centre cannot be read, they do not fit each other, or another column
        speaks of persons or group identity.
    """
    sheet = read_sheet(path)
    strange = [h for h in sheet.headers if plain(h) not in CELL_COLUMNS]
    beside = sheet.frame[[plain(h) for h in strange]]
    refuse(check_headers(strange, sheet.file, places=True) + check_cells(beside, sheet.file))
    missing = [name for name in _CENTRE if name not in sheet.frame]
    if missing:
        wanted = f"columns {', '.join(_CENTRE)}"
        raise DataError([Problem(f"no {', '.join(missing)}", wanted, "missing_column", path.name)])
    read = {n: pd.to_numeric(sheet.frame[n], errors="coerce").to_numpy() for n in _CENTRE}
    x, y, number = read["xcoord"], read["ycoord"], read["gid"]
    east, north = (x + 180.0) / CELL + 0.5, (y + 90.0) / CELL + 0.5
    refuse(_wrong(sheet, number, (north - 1.0) * _COLUMNS + east))
    half = CELL / 2.0
    squares = shapely.box(x - half, y - half, x + half, y + half)
    codes = sheet.frame["iso_n3"].tolist() if "iso_n3" in sheet.frame else [""] * len(number)
    rows = zip(sheet.rows(), number.astype(int).tolist(), codes, squares, strict=True)
    return [
        Outline(row, {"gid": gid} | ({"iso_n3": code} if "iso_n3" in sheet.frame else {}), square)
        for row, gid, code, square in rows
    ]


def _wrong(sheet: Sheet, number: np.ndarray, fitting: np.ndarray) -> list[Problem]:
    """Return a problem for each row whose number is not that of its centre."""
    found = []
    for k in np.flatnonzero(~(np.abs(number - fitting) < 1e-6)).tolist():
        got = ", ".join(str(sheet.frame[name].iloc[k]) for name in _CENTRE)
        wanted = "gid, xcoord and ycoord of a PRIO-GRID cell, such as 137201, 20.25, 5.25"
        found.append(sheet.problem(sheet.rows()[k], "gid", got, wanted, "not_a_cell"))
    return found
