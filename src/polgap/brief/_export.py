"""An export: every file of one edition, each with its label, and a manifest with hashes.

Nothing here reads a run beyond what `edition` leaves of it, so a file cannot hold more than its
edition may.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from polgap import catalogue

Block = Mapping[str, Any]

SCHEMA = "polgap.export/1"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TABLES = {
    "by_area": "details.by_area",
    "by_function": "details.by_function",
    "by_month": "gap.by_month",
    "options": "options",
    "handover": "handover",
    "outcome": "outcome",
    "history": "details.history",
    "forecast": "details.fan",
    "skill": "skill",
    "assumptions": "details.assumptions",
    "data": "details.data",
}
"""Table of an export -> where its rows stand."""
_TOTALS = ("need", "national_shortfall", "mission_requirement", "left_open")


def label(name: str) -> str:
    """Return the sensitivity label of an edition, in both languages.

    Examples
    --------
    >>> label("host")
    'HOST STATE / ÉTAT HÔTE'
    """
    both = [catalogue.message(f"edition.{name}", language) for language in ("en", "fr")]
    return " / ".join(dict.fromkeys(both))


def files(
    result: Block, details: Block, pages: Mapping[str, str | bytes]
) -> dict[str, str | bytes]:
    """Return the files of an export by name, with ``manifest.json``.

    Parameters
    ----------
    result, details : Mapping
        As `edition` leaves them.
    pages : Mapping
        Pages and workbooks written already, by file name.
    """
    name = str((result.get("edition") or {}).get("name") or "internal")
    mark = label(name)
    out: dict[str, str | bytes] = {
        "result.json": _json({**result, "label": mark}),
        "details.json": _json({**details, "label": mark}),
        "totals.csv": _csv(_totals(result), mark),
        "areas.geojson": _geojson(details, mark),
        **pages,
    }
    for table, path in _TABLES.items():
        rows = _at(result, details, path)
        if rows:
            out[f"{table}.csv"] = _csv([_flat(row) for row in rows], mark)
    return {**out, "manifest.json": _json(_manifest(result, name, mark, out))}


def _manifest(
    result: Block, name: str, mark: str, written: Mapping[str, str | bytes]
) -> dict[str, Any]:
    contents = {f: c if isinstance(c, bytes) else c.encode() for f, c in written.items()}
    return {
        "schema": SCHEMA,
        "edition": dict(result.get("edition") or {"name": name}),
        "label": mark,
        "study": dict(result.get("study") or {}),
        "files": [
            {"name": file, "bytes": len(content), "label": mark,
             "sha256": sha256(content).hexdigest()}
            for file, content in sorted(contents.items())
        ],
    }  # fmt: skip


def _at(result: Block, details: Block, path: str) -> Sequence[Block]:
    here: Any = {**result, "details": details}
    for key in path.split("."):
        here = here.get(key) if isinstance(here, Mapping) else None
    return here or ()


def _totals(result: Block) -> list[dict[str, Any]]:
    gap = result.get("gap") or {}
    return [{"total": k, **gap[k]} for k in _TOTALS if isinstance(gap.get(k), Mapping)]


def _flat(row: Block, before: str = "") -> dict[str, Any]:
    """Return a row without nesting: ``need.low``; lists, which are tables of their own, left out.

    Examples
    --------
    >>> _flat({"area": "a", "need": {"low": 1}, "plan": [1]})
    {'area': 'a', 'need.low': 1}
    """
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            out |= _flat(value, f"{before}{key}.")
        elif not isinstance(value, (list, tuple)):
            out[f"{before}{key}"] = value
    return out


def _csv(rows: Sequence[Block], mark: str) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, "edition"])
    writer.writerows([*(_cell(row.get(c)) for c in columns), mark] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; empty where nothing is known."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _geojson(details: Block, mark: str) -> str:
    rows = {str(row.get("area")): _flat(row) for row in details.get("by_area") or ()}
    features = [
        {
            "type": "Feature",
            "geometry": area.get("geometry"),
            "properties": {
                **{k: v for k, v in area.items() if k != "geometry"},
                **rows.get(str(area.get("area")), {}),
                "edition": mark,
            },
        }
        for area in details.get("areas") or ()
    ]
    return _json({"type": "FeatureCollection", "label": mark, "features": features})


def _json(block: Block) -> str:
    return json.dumps(block, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
