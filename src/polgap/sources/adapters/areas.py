"""Areas: outlines with a key, a name and a surface, from GeoJSON or a GeoPackage; or grid cells.

Row numbers in messages count features from 1. The key of an area is the first of its p-code,
`shapeID` or `gid` that is unique and complete, else the column named by ``--area-id``, else
``ISO3.name`` (contracts.md 1.4).

A CSV with gid, xcoord and ycoord is read as PRIO-GRID: half-degree squares around these centres,
those whose centre lies in the country (`iso_n3`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from shapely import Point

from polgap.domain import Note
from polgap.errors import DataError, Problem
from polgap.sources._cells import CELL_COLUMNS, cells, holds_cells
from polgap.sources._countries import country
from polgap.sources._geometry import slug, square_km
from polgap.sources._outline import Outline, faults, overlaps, read_outlines
from polgap.sources._plain import typed
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

CODES = {"iso3": "iso3", "iso_a3": "iso3", "shapegroup": "iso3", "adm0_a3": "iso3", "gid_0": "iso3",
         "adm0_pcode": "iso2", "iso2": "iso2", "iso_n3": "iso_n3"}  # fmt: skip
NAMES = ("name", "adm4_en", "adm4_name", "adm3_en", "adm3_name", "adm2_en", "adm2_fr", "adm2_name",
         "name_2", "adm1_en", "adm1_fr", "adm1_name", "name_1", "shapename", "adm0_en",
         "adm0_name", "name_0", "name_en")  # fmt: skip
SURFACES = ("km2", "area_km2", "area_sqkm", "area_sq_km")
PEOPLE = ("population", "pop")


@dataclass(frozen=True)
class Areas:
    """The source `areas`."""

    name: str = "areas"
    title: str = "Outlines of the areas (Natural Earth, geoBoundaries, COD-AB or own)"
    licence: str = "as stated by the origin; Natural Earth is public domain"
    citation: str = "origin of the outlines"
    table: str = "areas"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the areas of the country, sorted by key, with a column `geometry`.

        Population is filled only where the file has it (basis given); km2 is computed on the
        ellipsoid where the file has none.

        Raises
        ------
        DataError
            If outlines are invalid, overlap or have no name, or none is of the country.
        """
        file = path.name
        outlines = cells(path) if holds_cells(path) else read_outlines(path)
        headers = sorted({str(k) for o in outlines for k in o.properties})
        refuse(check_headers(headers, file, places=True) + check_cells(_strange(outlines), file))
        mine = _of_country(outlines, context, file)
        refuse(faults(mine, file))
        refuse(overlaps(mine, file))
        rows = [{k.casefold(): v for k, v in o.properties.items()} for o in mine]
        names = _names(rows, mine, file)
        lons = [o.polygon.representative_point().x for o in mine]
        keys, notes = _keys(rows, names, lons, context, file)
        frame = pd.DataFrame(
            {
                "area": keys,
                "name": names,
                "parent": _parents(rows, context),
                "parent_name": _parent_names(rows),
                "km2": [_surface(r, o) for r, o in zip(rows, mine, strict=True)],
                **_points(rows, mine),
                "sensitivity": [str(r.get("sensitivity") or "public") for r in rows],
                "level": _levels(rows, headers),
                **_people(rows),
            },
            index=[o.row for o in mine],
        )
        return _parsed(frame, mine, file, tuple(notes))


def _parsed(
    frame: pd.DataFrame, mine: Sequence[Outline], file: str, notes: tuple[Note, ...]
) -> Parsed:
    later: dict[str, str | float] = {}
    if "population" not in frame:
        later = {"population": 0.0, "population_basis": "given"}
    filed = typed("areas", frame, file, later=later)
    table = filed.table.assign(level=frame["level"].to_numpy())
    table = table.assign(geometry=pd.Series([o.polygon for o in mine], dtype=object))
    table = table.sort_values("area", kind="stable").reset_index(drop=True)
    return Parsed(table, notes, "", {"file": file, "rows": filed.rows})


def _strange(outlines: Sequence[Outline]) -> pd.DataFrame:
    """Return the properties that no known layout has, as text, for the safeguards."""
    known = {
        *NAMES,
        *CODES,
        *SURFACES,
        *PEOPLE,
        "area",
        "parent",
        "parent_name",
        "pcode",
        "shapeid",
        "gid",
        *CELL_COLUMNS,
    }
    rows = [
        {k: _text(v) for k, v in o.properties.items() if k.casefold() not in known}
        for o in outlines
    ]
    return pd.DataFrame(rows, index=[o.row for o in outlines]).fillna("")


def _of_country(outlines: Sequence[Outline], context: Context, file: str) -> list[Outline]:
    """Return the outlines of the country; a file without codes is taken whole."""
    keys = {k.casefold(): k for o in outlines for k in o.properties}
    column = next((c for c in CODES if c in keys), None)
    if column is None or not context.iso3:
        return list(outlines)
    land = country(context.iso3)
    codes = [_text(o.properties.get(keys[column])) for o in outlines]
    if not any(codes):
        return list(outlines)
    mine = [o for o, c in zip(outlines, codes, strict=True) if land.matches(CODES[column], c)]
    if not mine:
        got = f"only {sorted(set(codes))[:8]}"
        wanted = f"areas of {land.iso3}"
        raise DataError([Problem(got, wanted, "no_rows_of_country", file, column=keys[column])])
    return mine


def _names(rows: Sequence[Mapping[str, Any]], mine: Sequence[Outline], file: str) -> list[str]:
    """Return the name of each area: that of the deepest level that is complete."""
    for column in NAMES:
        names = [_text(r.get(column)) for r in rows]
        if all(names):
            return names
    if all(_text(r.get("gid")) for r in rows):
        return [f"cell {_text(r['gid'])}" for r in rows]
    wanted = f"one of {', '.join(NAMES)} in every feature"
    bad = [o.row for o, r in zip(mine, rows, strict=True) if not any(r.get(c) for c in NAMES)]
    row = bad[0] if bad else mine[0].row
    raise DataError([Problem("no name", wanted, "missing_column", file, row=row, column="name")])


def _keys(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], lons: Sequence[float],
    context: Context, file: str,
) -> tuple[list[str], list[Note]]:  # fmt: skip
    """Return the key of each area by the rule of contracts.md 1.4."""
    columns = sorted({k for r in rows for k in r})
    pcodes = sorted((c for c in columns if re.fullmatch(r"adm\d_pcode", c)), reverse=True)
    for column in ("pcode", *pcodes, "shapeid", "gid"):
        if keys := _unique(rows, column):
            notes = []
            if context.area_id and context.area_id.casefold() != column:
                values = {"file": file, "asked": context.area_id, "column": column}
                notes.append(Note("sources.area_id_unused", values))
            return keys, notes
    if context.area_id:
        if keys := _unique(rows, context.area_id.casefold()):
            return keys, []
        got = f"--area-id {context.area_id}"
        wanted = f"a column that is complete and different for each area; columns: {columns}"
        raise DataError([Problem(got, wanted, "area_id", file, column=context.area_id)])
    own = _unique(rows, "area")
    if own and all(not re.fullmatch(r"[\d.]+", k) for k in own):
        return own, []
    return _slugs(names, lons, context.iso3), []


def _unique(rows: Sequence[Mapping[str, Any]], column: str) -> list[str]:
    keys = [_text(r.get(column)) for r in rows]
    return keys if all(keys) and len(set(keys)) == len(keys) else []


def _slugs(names: Sequence[str], lons: Sequence[float], iso3: str) -> list[str]:
    """Return ``ISO3.name`` keys; a name that stands twice is numbered from west to east."""
    bare = [slug(n) or "area" for n in names]
    order = sorted(range(len(bare)), key=lambda i: lons[i])
    keys = list(bare)
    for name in {b for b in bare if bare.count(b) > 1}:
        taken = set(bare)
        number = 0
        for i in (i for i in order if bare[i] == name):
            number += 1
            while f"{name}-{number}" in taken:
                number += 1
            keys[i] = f"{name}-{number}"
    return [f"{iso3}.{k}" if iso3 else k for k in keys]


def _parents(rows: Sequence[Mapping[str, Any]], context: Context) -> list[str]:
    """Return the key of the area above, where the file names one."""
    for deep, code, name in ((3, "adm2_pcode", "adm2_name"), (2, "adm1_pcode", "adm1_name")):
        if not any(r.get(f"adm{deep}_pcode") or r.get(f"adm{deep}_name") for r in rows):
            continue
        if any(r.get(code) for r in rows):
            return [_text(r.get(code)) for r in rows]
        # A district may bear the name of its province: the level keeps the keys apart.
        return [
            f"{context.iso3}.adm{deep - 1}.{slug(_text(r.get(name)))}" if r.get(name) else ""
            for r in rows
        ]
    return [_text(r.get("parent")) for r in rows]


def _parent_names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the name of the area above, where the file holds one."""
    for deep, names in (
        (3, ("adm2_en", "adm2_name", "name_2")),
        (2, ("adm1_en", "adm1_name", "name_1")),
    ):
        if any(r.get(f"adm{deep}_pcode") or r.get(f"adm{deep}_name") for r in rows):
            return [next((_text(r[n]) for n in names if r.get(n)), "") for r in rows]
    return [_text(r.get("parent_name")) for r in rows]


def _levels(rows: Sequence[Mapping[str, Any]], headers: Sequence[str]) -> list[str]:
    """Return adm0, adm1, adm2 or cell for each area: how vague a place may be to lie in it."""
    known = {h.casefold() for h in headers}
    if "level" in known:
        return [_text(r.get("level")) or "adm1" for r in rows]
    if "shapetype" in known:
        deep = max(_text(r.get("shapetype")).casefold() for r in rows)
        return [("adm2" if deep > "adm2" else deep or "adm1")] * len(rows)
    if "gid" in known and not known & {"adm1_name", "name_1", "adm1_pcode"}:
        return ["cell"] * len(rows)
    deeper = any(re.match(r"(adm[234]_|name_[234]$)", h) for h in known)
    return ["adm2" if deeper else "adm1"] * len(rows)


def _surface(row: Mapping[str, Any], outline: Outline) -> float:
    for column in SURFACES:
        try:
            value = float(row.get(column) or 0.0)
        except (TypeError, ValueError):
            continue
        if value > 0:
            return value
    return round(square_km(outline.polygon), 1)


def _points(rows: Sequence[Mapping[str, Any]], mine: Sequence[Outline]) -> dict[str, list[Any]]:
    """Return a point inside each area: the one in the file if it lies inside, else computed."""
    lon, lat = [], []
    for row, outline in zip(rows, mine, strict=True):
        point = outline.polygon.representative_point()
        x, y = row.get("lon"), row.get("lat")
        if isinstance(x, (int, float)) and isinstance(y, (int, float)):
            given = Point(x, y)
            point = given if outline.polygon.intersects(given) else point
        lon.append(round(point.x, 5))
        lat.append(round(point.y, 5))
    return {"lon": lon, "lat": lat}


def _people(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    for column in PEOPLE:
        values = [r.get(column) for r in rows]
        if all(isinstance(v, (int, float)) and v >= 0 for v in values) and any(values):
            basis = [_text(r.get("population_basis")) or "given" for r in rows]
            return {"population": values, "population_basis": basis}
    return {}


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


SOURCE = Areas()
