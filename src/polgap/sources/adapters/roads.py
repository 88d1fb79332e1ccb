"""Roads: a table of pieces (from, to, km, speed, season), or GeoJSON lines.

Lines are cut into their straight pieces; of their properties ``speed_kmh`` (or ``maxspeed``) and
``season`` are read, everything else is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._files import decode, read_bytes
from polgap.sources._plain import read_plain, typed
from polgap.sources.base import Context, Parsed

_LINES = {"LineString": 1, "MultiLineString": 2}


@dataclass(frozen=True)
class Roads:
    """The source `roads`."""

    name: str = "roads"
    title: str = "Roads: pieces with length and speed (CSV), or lines (GeoJSON)"
    licence: str = "as stated by the origin (OpenStreetMap: ODbL)"
    citation: str = "the planner's own, or OpenStreetMap contributors"
    table: str = "roads"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the pieces of road.

        Raises
        ------
        DataError
            If the file is neither such a table nor GeoJSON lines.
        """
        if not path.name.casefold().endswith((".geojson", ".json")):
            filed = read_plain(path, self.name)
        else:
            rows = list(_pieces(_features(path), path.name))
            frame = pd.DataFrame(rows, columns=_COLUMNS)
            frame.index = pd.Index([r[-1] for r in rows], dtype="int64")
            filed = typed(self.name, frame.drop(columns="feature"), path.name)
        if filed.table.empty:
            raise DataError([Problem("no road", "at least one", "no_rows", path.name)])
        return Parsed(filed.table, (), "", {"file": filed.file, "rows": filed.rows})


_COLUMNS = ("from_lon", "from_lat", "to_lon", "to_lat", "speed_kmh", "season", "feature")


def _features(path: Path) -> list[Any]:
    try:
        block = json.loads(decode(read_bytes(path), path.name))
    except json.JSONDecodeError as error:
        raise DataError([Problem(str(error), "GeoJSON", "geojson", path.name)]) from error
    found = block.get("features") if isinstance(block, dict) else None
    if not isinstance(found, list):
        raise DataError([Problem("no features", "GeoJSON lines", "geojson", path.name)])
    return found


def _pieces(features: list[Any], file: str) -> Iterator[tuple[Any, ...]]:
    """Yield the straight pieces of every line, with speed, season and the number of the line."""
    for number, feature in enumerate(features, start=1):
        shape = feature.get("geometry") or {}
        kind = _LINES.get(str(shape.get("type")))
        if kind is None:
            got = str(shape.get("type"))
            raise DataError([Problem(got, " or ".join(_LINES), "geojson", file, row=number)])
        said = feature.get("properties") or {}
        speed = str(said.get("speed_kmh") or said.get("maxspeed") or "").removesuffix(" km/h")
        season = str(said.get("season") or "")
        lines = [shape["coordinates"]] if kind == 1 else shape["coordinates"]
        for line in lines:
            for (x, y, *_), (to_x, to_y, *_) in pairwise(line):
                yield x, y, to_x, to_y, speed, season, number


SOURCE = Roads()
