"""Editions: what each circle of readers may see, by one field list, closed by default.

``catalogue/editions.csv`` names every field, message, parameter, input, measure, shock, section
and term that may leave the planning team, with the lowest edition that may hold it. What is not
named there is internal, so a key added to a run tomorrow stays inside until somebody lists it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from hashlib import sha256
from itertools import product
from typing import Any

from polgap import catalogue
from polgap.brief._coarsen import coarsen, scrub
from polgap.brief._disclosure import Rounding
from polgap.errors import StudyError

EDITIONS = ("internal", "partners", "host", "public")
"""From the narrowest circle of readers to the widest."""
SHARED = ("host", "public")
"""Editions whose small cells are withheld and whose numbers are rounded."""

Block = dict[str, Any]
Node = dict[str, Any]

_QUANTITY = "?"
_BELOW = "**"
_LISTED = {
    "notes": ("message", "code"),
    "details.against": ("message", "code"),
    "details.harm": ("message", "code"),
    "details.import_report": ("message", "code"),
    "details.movers": ("parameter", "name"),
    "details.assumptions": ("parameter", "name"),
    "details.register": ("parameter", "name"),
    "details.checklist.rows": ("parameter", "name"),
    "details.sensitivity.headlines.rows": ("parameter", "name"),
    "details.shocks": ("shock", "shock"),
    "details.data": ("input", "source"),
    "manifest.inputs": ("input", "name"),
    "outcome": ("measure", "measure"),
    "details.generation": ("activity", "activity"),
    "arrival.critical_path": ("activity", "activity"),
}
"""Lists whose rows are listed one by one: the kind of the list and the key that names a row."""


def edition(
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    name: str,
    *,
    key: bytes = b"",
    minimum: float | None = None,
) -> tuple[Block, Block]:
    """Return result and details as the readers of an edition may see them.

    Parameters
    ----------
    result, details : Mapping
        ``result.json`` and ``details.json`` of a run.
    name : str
        One of `EDITIONS`; internal returns both as they are.
    key : bytes
        Secret of the project, the same for all its exports: it fixes which way a number is
        rounded, so that two exports of the same number never differ. Without one, the hidden part
        of the run stands in: safe for a single export, not for a series.
    minimum : float, optional
        Least size of a cell, in events, deaths or officers; the catalogue's by default.

    Returns
    -------
    tuple of dict
        New mappings; `result` gains ``edition``: name, areas merged, cells withheld, minimum.

    Raises
    ------
    StudyError
        For a name that is no edition.

    Examples
    --------
    >>> run = {"gap": {"units": "officers on strength", "secret": 1}, "unheard_of": 2}
    >>> edition(run, {}, "public")[0]["gap"]
    {'units': 'officers on strength'}
    """
    if name not in EDITIONS:
        raise StudyError(f"edition: got {name!r}; wanted one of {EDITIONS}")
    if name == "internal":
        return dict(result), dict(details)
    least = catalogue.parameters()["min_cell_count"].mid if minimum is None else minimum
    people = catalogue.parameters()["min_cell_size_population"].mid if name in SHARED else 0.0
    whole, merged, hidden = coarsen({**result, "details": dict(details)}, name, people)
    if int(details.get("institutions") or 0) < 2:
        whole = {**whole, "gap": {k: v for k, v in (whole.get("gap") or {}).items() if k != "why"}}
    secret = key or sha256(repr((result, details)).encode()).digest()
    thin = frozenset(
        str(row["area"])
        for row in whole["details"]["by_area"]
        if 0 < float(row.get("events") or 0) < least
    )
    rounding = Rounding(secret, least if name in SHARED else 0.0, thin)
    kept = _pruned(whole, _tree(name), "", name, rounding, {})
    kept = scrub(kept if isinstance(kept, dict) else {}, hidden)
    _summed_plans(kept)
    _retold(kept)
    shown = kept.pop("details", {})
    kept["edition"] = {
        "name": name,
        "merged": merged,
        "withheld": rounding.withheld,
        "minimum": least if name in SHARED else None,
    }
    return kept, shown


def listed(kind: str, key: str, name: str) -> bool:
    """Return whether an edition may hold a message, parameter, input, section, term, ...

    Examples
    --------
    >>> listed("section", "gap", "public"), listed("section", "unheard-of", "partners")
    (True, False)
    """
    if name == "internal":
        return True
    return any(fnmatchcase(key, pattern) and _may(lowest, name) for pattern, lowest in _rows(kind))


def _may(lowest: str, name: str) -> bool:
    return EDITIONS.index(name) <= EDITIONS.index(lowest)


@cache
def _rows(kind: str) -> tuple[tuple[str, str], ...]:
    rows = catalogue.table("editions")
    rows = rows[rows["kind"] == kind]
    return tuple(zip(rows["name"].astype(str), rows["edition"].astype(str), strict=True))


@cache
def _tree(name: str) -> Node:
    """Return the fields of an edition as nested keys; ``[]`` stands for the rows of a list."""
    rows = catalogue.table("editions")
    rows = rows[rows["kind"] == "field"]
    tree: Node = {}
    for pattern, lowest, quantity in zip(
        rows["name"].astype(str), rows["edition"], rows["quantity"].astype(str), strict=True
    ):
        for path in _spelt(pattern) if _may(str(lowest), name) else ():
            node = tree
            for step in path.replace("[]", ".[]").split("."):
                node = node.setdefault(step, {})
            if quantity:
                node[_QUANTITY] = quantity
    return tree


def _spelt(pattern: str) -> list[str]:
    """Return the paths that a pattern stands for.

    Examples
    --------
    >>> _spelt("gap.{need,peak}.{low,high}")
    ['gap.need.low', 'gap.need.high', 'gap.peak.low', 'gap.peak.high']
    """
    parts = re.split(r"\{([^}]*)\}", pattern)
    choices = [p.split(",") if i % 2 else [p] for i, p in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


class _Nothing:
    """Stands for what an edition may not hold; None is a value of its own."""


_NOTHING = _Nothing()


def _pruned(
    value: Any, node: Node, path: str, name: str, rounding: Rounding, labels: dict[str, str]
) -> Any:
    """Return what the fields below `node` leave of a value, its cells rounded."""
    if _BELOW in node:
        return value
    if isinstance(value, Mapping):
        return _block(value, node, path, name, rounding, labels)
    if isinstance(value, (list, tuple)):
        below = node.get("[]")
        if below is None:
            return _NOTHING
        rows = [
            _pruned(row, below, path, name, rounding, labels)
            for row in value
            if _row_listed(row, path, name)
        ]
        return [row for row in rows if row is not _NOTHING and row != {}]
    return value if not set(node) - {_QUANTITY} else _NOTHING


def _block(
    block: Mapping[str, Any], node: Node, path: str, name: str, rounding: Rounding,
    labels: dict[str, str],
) -> Any:  # fmt: skip
    here = {**labels, **rounding.labels_of(block)}
    kept: Block = {}
    cells: dict[str, str] = {}
    for key, value in block.items():
        below = node.get(str(key), node.get("*"))
        if below is None:
            continue
        found = _pruned(value, below, f"{path}.{key}".lstrip("."), name, rounding, here)
        if found is not _NOTHING:
            kept[str(key)] = found
            if _QUANTITY in below:
                cells[str(key)] = below[_QUANTITY]
    if not kept:
        return _NOTHING
    return rounding.block(kept, cells, block, path.rsplit(".", 1)[-1], here) if cells else kept


def _row_listed(row: Any, path: str, name: str) -> bool:
    if path not in _LISTED or not isinstance(row, Mapping):
        return True
    kind, key = _LISTED[path]
    return listed(kind, str(row.get(key)).removeprefix("note."), name)


def _summed_plans(kept: Block) -> None:
    """Add up the rows of a plan that differed by a pledge which this edition does not name."""
    for option in kept.get("options") or ():
        if "plan" not in option:
            continue
        sums: dict[tuple[str, ...], Block] = {}
        for row in option["plan"]:
            label = tuple(str(row.get(k)) for k in ("unit_type", "area", "month"))
            first = sums.setdefault(label, {**row, "number": 0.0})
            first["number"] += float(row.get("number") or 0.0)
        option["plan"] = [sums[label] for label in sorted(sums)]


def _retold(kept: Block) -> None:
    """Give notes only the values that their sentence prints."""
    for note in kept.get("notes") or ():
        code = str(note.get("code"))
        code = code if code in catalogue.message_codes() else f"note.{code}"
        if code not in catalogue.message_codes():
            continue
        text = catalogue.message_text(code)
        asked = {p[1] for p in string.Formatter().parse(text) if p[1]}
        note["values"] = {k: v for k, v in (note.get("values") or {}).items() if k in asked}
