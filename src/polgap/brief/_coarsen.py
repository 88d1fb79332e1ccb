"""Areas too sensitive or too small for a reader are merged, rows and outlines alike.

An area that may not be shown is merged with all areas of its parent; where it has none, or
stands alone under it, with the other such areas, and if that leaves one alone, with the smallest
area beside: a merged row always holds at least two areas, so what is left of a total is never
one hidden area.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from polgap.domain import PHASES, POSTURES

Block = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

_ORDER = ("internal", "partners", "host", "public")
_REST = "*"
_DEGREES = {"partners": 0.01, "host": 0.02, "public": 0.05}
_KINDS = ("need", "national_shortfall", "requirement", "left_open")


def coarsen(
    whole: Mapping[str, Any], name: str, people: float
) -> tuple[Block, int, frozenset[str]]:
    """Return a run with its hidden areas merged, how many, and their keys and names.

    Parameters
    ----------
    whole : Mapping
        ``result.json`` with ``details``.
    name : str
        The edition.
    people : float
        Least inhabitants of an area of its own.
    """
    details = dict(whole.get("details") or {})
    areas: Rows = details.get("areas") or ()
    pools = _pools(areas, name, people)
    moved = {str(a["area"]): pools[str(a["area"])] for a in areas if str(a["area"]) in pools}
    hidden = frozenset(
        text for a in areas if str(a["area"]) in moved for text in (str(a["area"]), str(a["name"]))
    )
    out = dict(whole)
    details["areas"] = [_simple(a, name) for a in _merged(areas, moved, _area)]
    details["by_area"] = _merged(details.get("by_area") or (), moved, _by_area)
    theatre = dict(details.get("theatre") or {})
    if str(theatre.get("capital")) in moved:
        theatre["capital"] = moved[str(theatre["capital"])]
    details["theatre"] = theatre
    gap = dict(whole.get("gap") or {})
    gap["by_area"] = _merged(gap.get("by_area") or (), moved, _ends)
    out |= {"gap": gap, "details": details}
    out["handover"] = _merged(whole.get("handover") or (), moved, _handover)
    out["options"] = [_option(o, moved) for o in whole.get("options") or ()]
    return out, len(moved), hidden


def _pools(areas: Rows, name: str, people: float) -> dict[str, str]:
    """Return area -> key of the merged row, for every area that is merged."""
    hidden = [a for a in areas if not _may(a, name) or float(a.get("population") or 0) < people]
    families: dict[str, list[str]] = {}
    for a in areas:
        families.setdefault(str(a.get("parent") or ""), []).append(str(a["area"]))
    pools: dict[str, str] = {}
    rest: list[str] = []
    for a in hidden:
        parent = str(a.get("parent") or "")
        if parent and len(families[parent]) > 1:
            pools |= dict.fromkeys(families[parent], parent)
        else:
            rest.append(str(a["area"]))
    if len(rest) == 1:
        free = [a for a in areas if str(a["area"]) not in {*pools, *rest}]
        free.sort(key=lambda a: (float(a.get("population") or 0), str(a["area"])))
        rest += [str(a["area"]) for a in free[:1]]
    if len(rest) == 1 and pools:
        return pools | dict.fromkeys(rest, min(pools.values()))
    return pools | dict.fromkeys(rest, _REST)


def _may(area: Mapping[str, Any], name: str) -> bool:
    label = str(area.get("sensitivity") or "internal")
    return label in _ORDER and _ORDER.index(name) <= _ORDER.index(label)


def _merged(
    rows: Rows, moved: Mapping[str, str], merge: Callable[[Rows], Mapping[str, Any]]
) -> list[Block]:
    """Return rows with those of merged areas in one, in the place of the first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        area = str(row.get("area"))
        groups.setdefault(moved.get(area, area), []).append(row)
    pooled = set(moved.values())
    return [
        {**members[0], "name": key, **merge(members), "area": key}
        if key in pooled
        else dict(members[0])
        for key, members in groups.items()
    ]


def _area(rows: Rows) -> Block:
    from shapely.geometry import mapping, shape
    from shapely.ops import unary_union

    shapes = [shape(row["geometry"]) for row in rows if row.get("geometry")]
    union = unary_union([s if s.is_valid else s.buffer(0) for s in shapes]) if shapes else None
    point = union.representative_point() if union is not None else None
    return {
        "sensitivity": None,
        "parent": None,
        "parent_name": None,
        "population": sum(float(row.get("population") or 0) for row in rows),
        "population_basis": _one(rows, "population_basis", "assumed"),
        "km2": sum(float(row.get("km2") or 0) for row in rows),
        "lon": point.x if point is not None else None,
        "lat": point.y if point is not None else None,
        "phase": _phase(rows),
        "merged": len(rows),
        "geometry": mapping(union) if union is not None else None,
    }


def _simple(area: Mapping[str, Any], name: str) -> Block:
    """Return an area with its outline and its point drawn as coarsely as the edition asks."""
    from shapely.geometry import mapping, shape

    out = dict(area)
    degrees = _DEGREES[name]
    if out.get("geometry") and name != "partners":
        out["geometry"] = mapping(shape(out["geometry"]).simplify(degrees, preserve_topology=True))
    return out


def _ends(rows: Rows) -> Block:
    """Return intervals added up end by end: as if all moved together, so never too narrow."""
    return {
        **{k: _sum(row.get(k) for row in rows) for k in ("low", "mid", "high")},
        "basis": _one(rows, "basis", "assumed"),
        "phase": _phase(rows),
    }


def _by_area(rows: Rows) -> Block:
    found: Block = {
        kind: {
            k: _sum((row.get(kind) or {}).get(k) for row in rows) for k in ("low", "mid", "high")
        }
        for kind in _KINDS
    }
    return found | {
        "why": None,
        "data": "observed" if any(r.get("data") == "observed" for r in rows) else "none",
        "host_basis": _one(rows, "host_basis", "assumed"),
        "observed_months": min((int(r.get("observed_months") or 0) for r in rows), default=0),
        "events": _sum(r.get("events") for r in rows),
    }


def _handover(rows: Rows) -> Block:
    """Return the criteria of the area that is furthest from them."""
    dates = [row.get("earliest") for row in rows]
    criteria = [row.get("criteria") or {} for row in rows]
    return {
        "earliest": None if None in dates else max(map(str, dates)),
        "confidence": _least(row.get("confidence") for row in rows),
        "criteria": {k: _least(c.get(k) for c in criteria) for k in criteria[0]},
        "reversal": None,
    }


def _option(option: Mapping[str, Any], moved: Mapping[str, str]) -> Block:
    def rung(rows: Rows) -> Block:
        known = [str(r.get("posture")) for r in rows if r.get("posture") in POSTURES]
        lowest = min(known, key=POSTURES.index, default=None)
        return {"posture": lowest, "preconditions": [], "responders": []}

    plan = [{**row, "area": moved.get(str(row.get("area")), row.get("area"))}
            for row in option.get("plan") or ()]  # fmt: skip
    return {**option, "plan": plan, "posture": _merged(option.get("posture") or (), moved, rung)}


def scrub(value: Any, hidden: frozenset[str]) -> Any:
    """Return a value without the rows that name a hidden area."""
    if isinstance(value, Mapping):
        return {k: scrub(v, hidden) for k, v in value.items()}
    if isinstance(value, list):
        return [scrub(row, hidden) for row in value if not _names(row, hidden)]
    return value


def _names(row: Any, hidden: frozenset[str]) -> bool:
    if isinstance(row, str):
        return row in hidden or any(part in hidden for part in row.split(", "))
    if isinstance(row, Mapping):
        return any(_names(v, hidden) for v in row.values() if not isinstance(v, list))
    return False


def _one(rows: Rows, key: str, mixed: str) -> Any:
    found = {row.get(key) for row in rows}
    return found.pop() if len(found) == 1 else mixed


def _phase(rows: Rows) -> str | None:
    """Return the most violent phase of the areas merged."""
    found = [str(row.get("phase")) for row in rows if row.get("phase") in PHASES]
    return min(found, key=PHASES.index, default=None)


def _sum(values: Any) -> float | None:
    known = [float(v) for v in values if v is not None]
    return sum(known) if known else None


def _least(values: Any) -> Any:
    known = [v for v in values if v is not None and not isinstance(v, str)]
    return min(known) if known else None
