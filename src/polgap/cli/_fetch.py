"""What ``polgap fetch`` does: check what is asked, get it, say what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from polgap.cli._jobs import clock
from polgap.domain import month_number
from polgap.errors import StudyError

_LEVELS = range(5)


def listed() -> list[dict[str, Any]]:
    """Return what can be got and what a person must download."""
    from polgap.sources.fetch import BY_HAND, REMOTES

    rows = [
        {
            "name": r.name,
            "source": r.source,
            "token": r.terms.token.variable if r.terms.token else "",
            "title": r.title,
            "licence": r.licence,
            "citation": r.citation,
            "by_hand": r.by_hand,
            "fetch": True,
        }
        for r in REMOTES.values()
    ]
    rows += [
        {
            "name": h.name,
            "source": h.source,
            "token": "",
            "title": h.title,
            "licence": h.licence,
            "citation": "",
            "by_hand": h.road,
            "fetch": False,
        }
        for h in BY_HAND.values()
    ]
    return rows


def fetch(
    name: str, asked: Mapping[str, Any], out: Path, *, offline: bool, refresh: bool
) -> dict[str, Any]:
    """Get a file and return where it lies and what is known of it."""
    from polgap.sources.fetch import Wish
    from polgap.sources.fetch import fetch as get

    if asked["until"]:
        month_number(asked["until"])
    if asked["level"] is not None and asked["level"] not in _LEVELS:
        raise StudyError(f"--level: got {asked['level']}; wanted 0 to {_LEVELS[-1]}")
    wish = Wish(**{**asked, "iso3": asked["iso3"].upper()})
    with clock() as say:
        path, about = get(name, wish, out, offline=offline, refresh=refresh, show=say)
    return {"file": str(path), "about": asdict(about)}
