"""Dates as people write them, read as months ``YYYY-MM``."""

from __future__ import annotations

import re
from datetime import date

WANTED = "a date as YYYY-MM, YYYY-MM-DD or DD/MM/YYYY"

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ].*)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ].*)?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")


def month_of(text: str) -> str | None:
    """Return the month of a date, or None if it is none.

    Read are ``YYYY-MM``, ``YYYY-MM-DD`` (with or without a time), ``DD/MM/YYYY`` and
    ``MM/YYYY``. Day before month, never the other way: ``03/25/2020`` is no date.

    Examples
    --------
    >>> month_of("2020-03-25 00:00:00.000"), month_of("25/03/2020"), month_of("03/2020")
    ('2020-03', '2020-03', '2020-03')
    >>> month_of("03/25/2020") is None, month_of("2020") is None
    (True, True)
    """
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found[1], found[2], found[3] or "1"
    elif found := _DAY_FIRST.fullmatch(text):
        year, month, day = found[3], found[2], found[1]
    elif found := _MONTH_FIRST.fullmatch(text):
        year, month, day = found[2], found[1], "1"
    else:
        return None
    try:
        checked = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return f"{checked.year:04d}-{checked.month:02d}"
