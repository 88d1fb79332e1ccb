"""Decisions on a run: who decided what, on which result, on which inputs, with which dissent.

``decisions.jsonl`` of a run is append-only: one JSON object a line, each with the SHA-256 of the
line before and of itself. A line is never deleted; one that no longer holds is void, with the
reason. Whoever rewrites the whole file leaves no trace in it, so a page prints the hash of the
line it rests on: keep a printed copy.
"""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from polgap.errors import StudyError
from polgap.store._project import sha256

FILE = "decisions.jsonl"
ONLY_COMPARED = ("population_spread",)
"""Options that are there for comparison; nobody can decide for them."""

Row = dict[str, Any]


def same_role(one: str, other: str) -> bool:
    """Return whether two roles are the same, whatever their capitals, spaces and hyphens.

    Examples
    --------
    >>> same_role("Police  Planner", "police_planner"), same_role("planner", "adviser")
    (True, False)
    """
    return _plain(one) == _plain(other)


def _plain(role: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", role).casefold() if c.isalnum())


def unmet(result: Mapping[str, Any], option: str) -> list[str]:
    """Return the preconditions of an option that are not met somewhere, in the order of the ladder.

    Examples
    --------
    >>> posture = [{"area": "a", "preconditions": [{"name": "consent", "met": False}]}]
    >>> unmet({"options": [{"name": "reduced", "posture": posture}]}, "reduced")
    ['consent']
    """
    found: dict[str, None] = {}
    for row in result.get("options") or ():
        for place in (row.get("posture") or ()) if row["name"] == option else ():
            for p in place.get("preconditions") or ():
                if not p.get("met"):
                    found[str(p["name"])] = None
    return list(found)


def checked_option(result: Mapping[str, Any], option: str) -> None:
    """Refuse an option that the result does not have, or has for comparison only.

    Raises
    ------
    StudyError
        Naming the options that may be decided for.
    """
    names = [str(o["name"]) for o in result.get("options") or ()]
    wanted = [n for n in names if n not in ONLY_COMPARED]
    if option not in wanted:
        raise StudyError(f"option: got {option!r}; wanted one of {', '.join(wanted) or 'none'}")


def read(path: Path, result_hash: str, inputs_now: str) -> list[Row]:
    """Return every decision with ``void``: empty while it holds, else the reason as a code.

    Parameters
    ----------
    path : Path
        The log; none is no decision.
    result_hash, inputs_now : str
        SHA-256 of the result and fingerprint of the inputs, as they stand now.

    Returns
    -------
    list of dict
        As written, and ``void``: ``log_changed`` from the first line that was tampered with on,
        ``result_changed``, ``inputs_changed``, ``superseded`` by a later decision for another
        option, or ``""``; and ``line``, the number from 1.
    """
    rows: list[Row] = []
    broken = False
    before = ""
    for i, text in enumerate(_lines(path), start=1):
        row = _parsed(text)
        broken = broken or not _sound(row, before)
        before = sha256(text.encode())
        if broken:
            reason = "log_changed"
        elif row.get("result_sha256") != result_hash:
            reason = "result_changed"
        else:
            reason = "" if row.get("inputs_sha256") == inputs_now else "inputs_changed"
        rows.append({**row, "line": i, "void": reason})
    return _superseded(rows)


def _superseded(rows: list[Row]) -> list[Row]:
    """Return the rows with those void that a later decision for another option replaces."""
    last = next((r["option"] for r in reversed(rows) if not r["void"] and r.get("option")), "")
    return [
        {**r, "void": "superseded"} if not r["void"] and (r.get("option") or last) != last else r
        for r in rows
    ]


def append(path: Path, row: Row) -> Row:
    """Append a decision, chained to the line before, and return it as written.

    Raises
    ------
    StudyError
        If a line of the log was changed: nothing is added to it then.
    """
    lines = _lines(path)
    rows = read(path, "", "")
    wrong = next((r["line"] for r in rows if r["void"] == "log_changed"), None)
    if wrong is not None:
        raise StudyError(f"{path}: line {wrong} was changed; wanted the log as it was written")
    kept = {
        **row,
        "before": sha256(lines[-1].encode()) if lines else "",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    kept["sha256"] = _hash(kept)
    with path.open("a", encoding="utf-8", newline="\n") as handle:
        handle.write(_text(kept) + "\n")
    return kept


def tampered(path: Path) -> Sequence[int]:
    """Return the numbers of the lines that no longer fit the chain."""
    return [r["line"] for r in read(path, "", "") if r["void"] == "log_changed"]


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    text = path.read_bytes().decode("utf-8", "replace")
    return [line for line in text.split("\n") if line]


def _parsed(text: str) -> Row:
    try:
        row = json.loads(text)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _sound(row: Row, before: str) -> bool:
    own = {k: v for k, v in row.items() if k != "sha256"}
    return bool(row) and row.get("before") == before and row.get("sha256") == _hash(own)


def _hash(row: Row) -> str:
    return sha256(_text(row).encode())


def _text(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)
