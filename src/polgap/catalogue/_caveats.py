"""Caveats: which functions a word of a contributor bars."""

from __future__ import annotations

from polgap.catalogue._load import table

AS = "as"
"""Begins a word that names the job profile for which officers are offered."""


def barred(word: str) -> frozenset[str] | None:
    """Return the functions that a caveat word bars; None for a word that nobody knows.

    Examples
    --------
    >>> sorted(barred("no_night"))
    ['custody', 'mission_self', 'static']
    >>> bars = barred("as:investigator")
    >>> "investigation" in bars, "community" in bars, barred("as:nobody")
    (False, True, None)
    """
    head, mark, key = word.partition(":")
    rows = table("caveats").set_index("caveat")["forbids"].astype(str).to_dict()
    if head + mark not in rows or bool(mark) != bool(key):
        return None
    if head != AS:
        return frozenset(rows[head + mark].split())
    profiles = table("job_profiles")
    own = set(profiles.loc[profiles["profile"] == key, "function"].astype(str))
    return frozenset(table("functions")["function"].astype(str)) - own if own else None
