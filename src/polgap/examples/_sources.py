"""The exercise as source files, in the formats that real data come in.

`polgap demo` reads these through the same import as a planner's own files, so what is tried out
in the exercise is what will run in earnest. The hidden truth has a file of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from polgap.domain import schema
from polgap.examples._theatre import Exercise

if TYPE_CHECKING:
    from pathlib import Path

    from polgap.sources import ImportRequest

SHEETS = (
    "host_police", "willingness", "other_providers", "mandate", "pledges", "rules", "programmes",
    "hrddp", "personnel", "bases",
)  # fmt: skip
"""Tables that a planner keeps as sheets, in the columns of ``schema.csv``."""

KINDS = {
    "state_based": "battle",
    "non_state": "communal violence",
    "one_sided": "violence against civilians",
    "protest": "protest",
    "riot": "riot",
}
"""Words for the kinds of event, as an incident desk writes them."""


def sources(exercise: Exercise) -> dict[str, tuple[str, str]]:
    """Return the theatre as source files: name of the source -> (file name, text).

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    dict
        One entry per source of contracts.md 1.0 that the exercise has: events (one row an
        incident, with its day), areas (GeoJSON), towns, population and the planner's sheets.

    Examples
    --------
    >>> from polgap import examples
    >>> files = sources(examples.theatre(1))
    >>> files["events"][1].splitlines()[0]
    'id,date,lat,lon,kind,deaths,where_prec'
    >>> sorted(files)[:4]
    ['areas', 'bases', 'events', 'host_police']
    """
    files = {
        "events": _csv(_incidents(exercise)),
        "areas": _areas(exercise),
        "towns": _csv(exercise.towns.drop(columns="area")),
        "population": _csv(_population(exercise)),
    }
    for name in SHEETS:
        columns = [c.name for c in schema()[name]]
        files[name] = _csv(getattr(exercise, name)[columns])
    ending = {"areas": "geojson"}
    return {name: (f"{name}.{ending.get(name, 'csv')}", text) for name, text in files.items()}


def request(exercise: Exercise, files: Mapping[str, Path]) -> ImportRequest:
    """Return what to ask of `polgap.sources.import_sources` for these files.

    Parameters
    ----------
    files : mapping of source name to path
        Where the texts of `sources` were written.
    """
    from polgap.sources import ImportRequest

    return ImportRequest(
        theatre=exercise.name,
        iso3=exercise.iso3,
        mission=exercise.mission,
        until=exercise.origin,
        sources=dict(files),
        columns={"event": "id", "date": "date", "lat": "lat", "lon": "lon", "kind": "kind",
                 "deaths": "deaths"},
        capital=exercise.capital,
        language=exercise.language,
        seed=exercise.seed,
    )  # fmt: skip


def truth_json(exercise: Exercise) -> str:
    """Return the hidden truth as JSON text, for a file that planners do not open.

    Arrays stand as {dims, coords, values}; numbers are rounded to a tenth.
    """
    hidden = exercise.truth
    content = {
        "schema": "polgap.truth/1",
        "theatre": exercise.name,
        "seed": exercise.seed,
        "origin": exercise.origin,
        "constants": dict(hidden.constants),
        "sizes": hidden.sizes,
        "panel": {str(k): _array(v) for k, v in hidden.panel.items()},
        "need": _array(hidden.need),
        "host": _array(hidden.host),
        "shortfall": _array(hidden.shortfall),
        "institutions": _rows(hidden.institutions),
        "roll": _rows(hidden.roll),
        "arrival": _rows(hidden.arrival),
        "events": _rows(hidden.events),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")) + "\n"


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")


def _incidents(exercise: Exercise) -> pd.DataFrame:
    table = exercise.events.rename(columns={"event": "id"})
    table["kind"] = table["kind"].map(KINDS)
    return table[["id", "date", "lat", "lon", "kind", "deaths", "where_prec"]]


def _population(exercise: Exercise) -> pd.DataFrame:
    columns = {"population_basis": "basis"}
    table = exercise.areas[["area", "population", "population_basis"]].rename(columns=columns)
    return table.assign(year=exercise.origin[:4])


def _areas(exercise: Exercise) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {
                "pcode": row["area"],
                "name": row["name"],
                "parent": row["parent"],
                "parent_name": row["parent_name"],
                "level": "adm2",
                "km2": row["km2"],
                "sensitivity": row["sensitivity"],
            },
            "geometry": shapely.geometry.mapping(row["geometry"]),
        }
        for row in exercise.areas.to_dict("records")
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}) + "\n"


def _array(cube: Any) -> dict[str, Any]:
    return {
        "dims": list(cube.dims),
        "coords": {d: cube[d].values.tolist() for d in cube.dims},
        "values": np.round(cube.values, 1).tolist(),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.replace([np.inf, -np.inf], np.nan).astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]
