"""Text that the store writes: outlines, and empty sheets for the planner."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pandas as pd
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from polgap.domain import schema
from polgap.sources._plain import units_of

SHEETS = ("areas", "towns", "population", "events", "coverage", "personnel", "bases",
          "host_police", "willingness", "other_providers", "mandate", "pledges", "rules",
           "programmes", "hrddp", "crime", "protests", "roads")  # fmt: skip


_ELSEWHERE = ("geometry", "population", "population_basis")


def areas_geojson(areas: pd.DataFrame) -> str:
    r"""Return the areas as GeoJSON text, the same text for the same areas.

    One feature a line, in the order of the table, for a GIS and for `load_inputs`. Inhabitants are
    left out: they are the planner's to edit, in ``data/population.csv`` and nowhere else.

    Parameters
    ----------
    areas : pd.DataFrame
        With a column `geometry` (shapely polygons, degrees).

    Examples
    --------
    >>> land = pd.DataFrame({"area": ["a"], "km2": [2.0], "geometry": [shapely.box(0, 0, 1, 1)]})
    >>> areas_geojson(land).count("Feature"), areas_geojson(land)[-3:]
    (2, ']}\n')
    """
    columns = [c for c in areas.columns if c not in _ELSEWHERE]
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {c: _json(row[c]) for c in columns},
                "geometry": _rounded(row["geometry"]),
            },
            ensure_ascii=False,
        )
        for row in areas.to_dict("records")
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def _json(value: Any) -> Any:
    if isinstance(value, str) or value is None:
        return value
    number = float(value)
    if number != number:
        return None
    return int(number) if number.is_integer() else round(number, 6)


def _rounded(geometry: BaseGeometry) -> dict[str, Any]:
    """Return the geometry to a tenth of a metre (1e-6 degrees), if that keeps it valid."""
    moved = shapely.transform(geometry, lambda points: points.round(6))
    return dict(mapping(moved if moved.is_valid else geometry))


def templates(separator: str = ",") -> dict[str, str]:
    """Return an empty sheet for each table a planner may write: a header and a line of units.

    Units stand in the second line, each behind a ``#``: such a line is left out on reading.

    Parameters
    ----------
    separator : str
        ``,`` or ``;`` (what Excel expects where the comma is the decimal mark).

    Examples
    --------
    >>> print(templates()["towns"], end="")
    town,name,lon,lat,population,area
    #text,#text,#degrees,#degrees,#persons,#text
    """
    out = {}
    for name in SHEETS:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
        writer.writerow([c.name for c in schema()[name]])
        writer.writerow([units_of(c) for c in schema()[name]])
        out[name] = text.getvalue()
    return out
