"""Friction raster: minutes a kilometre takes, as ESRI ASCII grid (.asc), .npz or a table.

An .npz holds three arrays: lon (column), lat (row) and minutes_per_km (row, column), middles of
cells. Where there is nothing to read (NODATA, NaN) nobody passes. Rasters above `MOST` cells are
made coarser, whole cells by the mean of the passable ones.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import Note
from polgap.errors import DataError, Problem
from polgap.sources._files import decode, read_bytes
from polgap.sources._plain import read_plain, typed
from polgap.sources.base import Context, Parsed

Array = NDArray[np.floating[Any]]

MOST = 100_000
"""Cells kept."""
_HEAD = ("ncols", "nrows", "cellsize")


@dataclass(frozen=True)
class Friction:
    """The source `friction`."""

    name: str = "friction"
    title: str = "Friction raster, minutes per km (ESRI ASCII grid, npz or table)"
    licence: str = "as stated by the origin (Malaria Atlas Project: CC BY 4.0)"
    citation: str = "the planner's own, or Weiss et al. 2020, Malaria Atlas Project"
    table: str = "friction"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return one row a cell: lon, lat, minutes_per_km (empty = impassable).

        Raises
        ------
        DataError
            If the raster is not what its name says, or has no passable cell.
        """
        kind = path.name.casefold()
        if kind.endswith(".npz"):
            lon, lat, minutes = _npz(path)
        elif kind.endswith((".asc", ".asc.gz")):
            lon, lat, minutes = _ascii(path)
        else:
            filed = read_plain(path, self.name)
            return Parsed(filed.table, (), "", {"file": filed.file, "rows": filed.rows})
        lon, lat, minutes, by = _coarser(lon, lat, minutes)
        y, x = (a.ravel() for a in np.meshgrid(lat, lon, indexing="ij"))
        frame = pd.DataFrame({"lon": x, "lat": y, "minutes_per_km": minutes.ravel()})
        frame = frame.round({"lon": 6, "lat": 6, "minutes_per_km": 4})
        if frame["minutes_per_km"].isna().all():
            raise DataError([Problem("no passable cell", "minutes per km", "no_rows", path.name)])
        filed = typed(self.name, frame, path.name)
        values = {"file": path.name, "by": by}
        notes = (Note("sources.friction_coarser", values),) if by > 1 else ()
        return Parsed(filed.table, notes, "", {"file": filed.file, "rows": filed.rows})


def _ascii(path: Path) -> tuple[Array, Array, Array]:
    """Return longitudes, latitudes (north first) and minutes of an ESRI ASCII grid."""
    lines = decode(read_bytes(path), path.name).splitlines()
    head: dict[str, float] = {}
    while lines and lines[0][:1].isalpha():
        name, _, value = lines.pop(0).strip().partition(" ")
        try:
            head[name.casefold()] = float(value)
        except ValueError as error:
            got = f"{name} {value.strip()}"
            raise DataError([Problem(got, "a number", "wrong_type", path.name)]) from error
    lacking = [n for n in _HEAD if n not in head]
    corner = [n for n in ("xllcorner", "xllcenter", "yllcorner", "yllcenter") if n in head]
    if lacking or len(corner) != 2:
        wanted = "ncols, nrows, xllcorner, yllcorner and cellsize (ESRI ASCII grid)"
        raise DataError([Problem(f"{sorted(head)}", wanted, "raster", path.name, row=1)])
    columns, rows, size = int(head["ncols"]), int(head["nrows"]), head["cellsize"]
    try:
        cells = np.array(" ".join(lines).split(), dtype=float)
    except ValueError as error:
        raise DataError([Problem(str(error), "numbers", "wrong_type", path.name)]) from error
    if cells.size != columns * rows:
        wanted = f"{columns} x {rows} = {columns * rows} cells"
        raise DataError([Problem(f"{cells.size} cells", wanted, "raster", path.name)])
    cells[cells == head.get("nodata_value", -9999.0)] = np.nan
    west, south = (
        head[f"{a}llcenter"] if f"{a}llcenter" in head else head[f"{a}llcorner"] + size / 2
        for a in ("x", "y")
    )
    lon, lat = west + size * np.arange(columns), south + size * np.arange(rows)[::-1]
    return lon, lat, cells.reshape(rows, columns)


def _npz(path: Path) -> tuple[Array, Array, Array]:
    """Return longitudes, latitudes and minutes of an .npz file."""
    names = ("lon", "lat", "minutes_per_km")
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            lon, lat, minutes = (np.asarray(file[n], dtype=float) for n in names)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        wanted = f"a NumPy file with {', '.join(names)}"
        raise DataError([Problem(str(error), wanted, "raster", path.name)]) from error
    if minutes.shape != (lat.size, lon.size):
        wanted = f"({lat.size}, {lon.size}) from lat and lon"
        raise DataError([Problem(f"shape {minutes.shape}", wanted, "raster", path.name)])
    return lon, lat, minutes


def _coarser(lon: Array, lat: Array, minutes: Array) -> tuple[Array, Array, Array, int]:
    """Return the raster with at most `MOST` cells, and how many old cells make a new one's side.

    Examples
    --------
    >>> lon, lat, cells, by = _coarser(np.arange(400.0), np.arange(400.0), np.ones((400, 400)))
    >>> cells.shape, by, lon[:2].tolist()
    ((200, 200), 2, [0.5, 2.5])
    """
    by = int(np.ceil(np.sqrt(minutes.size / MOST))) if minutes.size > MOST else 1
    if by == 1:
        return lon, lat, minutes, 1
    rows, columns = (n // by for n in minutes.shape)
    cut = minutes[: rows * by, : columns * by].reshape(rows, by, columns, by)
    known = ~np.isnan(cut)
    count = known.sum(axis=(1, 3))
    total = np.where(known, cut, 0.0).sum(axis=(1, 3))
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    x = lon[: columns * by].reshape(columns, by).mean(axis=1)
    y = lat[: rows * by].reshape(rows, by).mean(axis=1)
    return x, y, mean, by


SOURCE = Friction()
