"""Outlines of areas: read from GeoJSON text or a GeoPackage, checked, never repaired.

GeoJSON is parsed here, with `json` and shapely: a text handed to GDAL may be a recipe that opens
other files. A GeoPackage goes to GDAL only if it begins with the magic bytes of SQLite and bears
the application id of a GeoPackage, with the recipe driver switched off before GDAL is loaded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from polgap.errors import DataError, Problem
from polgap.sources._files import decode, read_bytes

_SQLITE = b"SQLite format 3\x00"
_PACKAGE = (b"GPKG", b"GP10", b"GP11")
"""Application ids of a GeoPackage, at byte 68 of the file."""
_DEGREES = ("crs84", "4326", "ogc:1.3:crs84")
_MOST = 20_000
_OVERLAP = 0.1


@dataclass(frozen=True)
class Outline:
    """One area of a file: its properties as written and its geometry; `row` counts from 1.

    `fault` says why there is no geometry, where it could not be read.
    """

    row: int
    properties: Mapping[str, Any]
    polygon: BaseGeometry
    fault: str = ""


def read_outlines(path: Path) -> list[Outline]:
    """Return the outlines in a file, as they stand there; `faults` says what is wrong with them.

    Raises
    ------
    DataError
        If the file is neither GeoJSON nor a GeoPackage, or not in longitude and latitude.
    """
    with path.open("rb") as handle:
        magic = handle.read(72)
    if magic.startswith(_SQLITE) and magic[68:] in _PACKAGE:
        return _geopackage(path)
    if magic.startswith(_SQLITE) or path.suffix.lower() == ".gpkg":
        wanted = "a GeoPackage (the file is none)"
        raise DataError([Problem(repr(magic[:12]), wanted, "not_geopackage", path.name)])
    return outlines_from(decode(read_bytes(path), path.name), path.name)


def outlines_from(text: str, file: str) -> list[Outline]:
    """Return the outlines in a GeoJSON text (see `read_outlines`).

    Raises
    ------
    DataError
        If the text is no FeatureCollection in longitude and latitude.
    """
    try:
        block = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError([Problem(str(error), "GeoJSON", "json", file)]) from error
    features = block.get("features") if isinstance(block, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise DataError([Problem("another JSON", "a FeatureCollection", "json", file)])
    system = json.dumps(block.get("crs") or "crs84").lower()
    if not any(word in system for word in _DEGREES):
        raise _wrong_system(block["crs"], file)
    return [_outline(row, feature) for row, feature in enumerate(features, start=1)]


def _outline(row: int, feature: Mapping[str, Any]) -> Outline:
    properties = feature.get("properties") or {}
    nothing = shapely.Polygon()
    if not feature.get("geometry"):
        return Outline(row, properties, nothing, "no outline")
    try:
        return Outline(row, properties, shapely.force_2d(shape(feature["geometry"])))
    except Exception as error:  # shapely raises many kinds for broken coordinates
        return Outline(row, properties, nothing, str(error) or type(error).__name__)


def _geopackage(path: Path) -> list[Outline]:
    # Before pyogrio is imported: the virtual-file driver reads any other file it names.
    skip = os.environ.get("GDAL_SKIP", "").split(",")
    os.environ["GDAL_SKIP"] = ",".join([*(s for s in skip if s and s != "OGR_VRT"), "OGR_VRT"])
    import pyogrio
    from pyogrio.raw import read

    try:
        info = pyogrio.read_info(path)
        if info["driver"] != "GPKG":
            raise DataError(
                [Problem(f"driver {info['driver']}", "a GeoPackage", "not_geopackage", path.name)]
            )
        if info["crs"] is not None and "4326" not in str(info["crs"]):
            raise _wrong_system(info["crs"], path.name)
        meta, _, geometry, fields = read(path, datetime_as_string=True)
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            [Problem(str(error), "a GeoPackage", "not_geopackage", path.name)]
        ) from error
    names = [str(n) for n in meta["fields"]]
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*fields, strict=True)]
    rows = [{k: v.item() if isinstance(v, np.generic) else v for k, v in r.items()} for r in rows]
    shapes = shapely.force_2d(shapely.from_wkb(geometry))
    return [
        Outline(row, props, polygon or shapely.Polygon())
        for row, (props, polygon) in enumerate(
            zip(rows or [{}] * len(shapes), shapes, strict=True), start=1
        )
    ]


def _wrong_system(system: object, file: str) -> DataError:
    wanted = "longitude and latitude (EPSG:4326)"
    return DataError([Problem(repr(system)[:80], wanted, "not_degrees", file)])


def faults(outlines: Sequence[Outline], file: str) -> list[Problem]:
    """Return a problem for each outline that is no valid polygon on the globe.

    Self-crossing outlines are not repaired: what the planner meant is not ours to guess.
    """
    if not 1 <= len(outlines) <= _MOST:
        return [Problem(f"{len(outlines)} areas", f"1 to {_MOST} areas", "areas", file)]
    found = [(o.row, _fault(o)) for o in outlines]
    return [Problem(*fault, file, row=row, column="geometry") for row, fault in found if fault]


def _fault(outline: Outline) -> tuple[str, str, str] | None:
    """Return got, wanted and code of what is wrong with an outline."""
    polygon = outline.polygon
    if outline.fault or polygon.is_empty:
        return outline.fault or "no outline", "a polygon", "geometry"
    if polygon.geom_type not in ("Polygon", "MultiPolygon"):
        return polygon.geom_type, "a polygon", "geometry"
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        wanted = "longitude and latitude in degrees"
        return f"from {west:g} {south:g} to {east:g} {north:g}", wanted, "not_degrees"
    if not polygon.is_valid:
        reason = shapely.is_valid_reason(polygon)
        return reason, "a polygon that does not cross itself", "self_crossing"
    return None


def overlaps(outlines: Sequence[Outline], file: str) -> list[Problem]:
    """Return a problem for each pair of areas of which one covers over a tenth of the other."""
    polygons = np.array([o.polygon for o in outlines], dtype=object)
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    first = left < right
    left, right = left[first], right[first]
    common = shapely.area(shapely.intersection(polygons[left], polygons[right]))
    smaller = np.minimum(shapely.area(polygons[left]), shapely.area(polygons[right]))
    return [
        Problem(f"an overlap with feature {outlines[a].row}", "areas side by side", "overlap",
                file, row=outlines[b].row, column="geometry")
        for a, b in zip(left[common > _OVERLAP * smaller], right[common > _OVERLAP * smaller],
                        strict=True)
    ]  # fmt: skip
