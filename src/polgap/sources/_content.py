"""What cells give away when the header does not: dates of birth, identity numbers, affiliations.

Each looks at a whole column, so that a single odd cell refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import pandas as pd

from polgap.sources._geometry import slug

_DAY = re.compile(r"(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))(?:[T ].*)?")
_IDENTITY = re.compile(r"[A-Z]{0,2}\d(?:[\d -]{8,19})\d[A-Z]?")
_STAMP = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d*|1\d{12}|1\d{9}")
_BEFORE_EVENTS = 1985
"""No source of events begins before; adults of today were born before."""
_ENOUGH = 5


def dates_of_birth(cells: Sequence[str]) -> bool:
    """Return whether different cells are full dates of which a fifth are older than any event.

    Examples
    --------
    >>> dates_of_birth(["1961-02-03", "1979-05-30", "12/11/1983", "1990-01-01", "1998-07-04"])
    True
    >>> dates_of_birth(["1989-02-03", "2001-05-30", "2014-11-12", "2019-01-01", "2020-07-04"])
    False
    """
    years = [int(m[1] or m[2]) for m in map(_DAY.fullmatch, cells) if m]
    old = [y for y in years if 1900 < y < _BEFORE_EVENTS]
    return len(years) >= max(_ENOUGH, 0.8 * len(cells)) and len(old) >= 0.2 * len(years)


def identity_numbers(cells: Sequence[str]) -> bool:
    """Return whether different cells are numbers of one length, long as identity numbers are.

    Times written as digits, whole numbers of various lengths and decimals pass.

    Examples
    --------
    >>> identity_numbers([f"1199{n}80012345{n}" for n in range(10, 15)])
    True
    >>> identity_numbers([f"2020010{n}" for n in range(1, 9)])
    False
    """
    bare = [re.sub(r"[ -]", "", c) for c in cells if _IDENTITY.fullmatch(c)]
    if len(bare) < max(_ENOUGH, 0.8 * len(cells)) or len(set(map(len, bare))) != 1:
        return False
    digits = [re.sub(r"\D", "", c) for c in bare]
    stamps = sum(bool(_STAMP.fullmatch(d)) for d in digits)
    constant = all(d.strip("0") == "" or d.endswith("000") for d in digits)
    return len(digits[0]) >= 10 and not constant and stamps < 0.8 * len(digits)


def affiliations(cells: pd.Series, vocabulary: Collection[str]) -> bool:
    """Return whether most cells are words for a belief or belonging, two of them at least.

    Examples
    --------
    >>> affiliations(pd.Series(["Catholic", "Sunni", "catholic"]), {"catholic", "sunni"})
    True
    >>> affiliations(pd.Series(["Catholic", "school", "clinic"]), {"catholic", "sunni"})
    False
    """
    words = set(vocabulary)
    told = {c: c[:1].isalpha() and slug(c).replace("-", " ") in words for c in cells.unique()}
    known = cells.map(told)
    return bool(known.mean() >= 0.6 and cells[known].str.casefold().nunique() >= 2)
