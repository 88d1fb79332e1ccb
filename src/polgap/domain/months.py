"""Months: the clock of PolGap. A month is its first day, written ``YYYY-MM``."""

from __future__ import annotations

import re

from polgap.errors import StudyError

_PATTERN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_number(month: str) -> int:
    """Return the count of months since year 0, so that months can be subtracted.

    Raises
    ------
    StudyError
        If `month` is not written ``YYYY-MM``.

    Examples
    --------
    >>> month_number("2021-01") - month_number("2020-11")
    2
    """
    found = _PATTERN.fullmatch(month)
    if found is None:
        raise StudyError(f"month: got {month!r}; wanted YYYY-MM")
    return int(found[1]) * 12 + int(found[2]) - 1


def month_label(number: int) -> str:
    """Return the label of a month number (inverse of `month_number`).

    Examples
    --------
    >>> month_label(month_number("2020-12") + 1)
    '2021-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def add_months(month: str, count: int) -> str:
    """Return the label `count` months after `month` (before it when negative).

    Examples
    --------
    >>> add_months("2020-12", -12)
    '2019-12'
    """
    return month_label(month_number(month) + count)


def month_range(first: str, count: int) -> list[str]:
    """Return `count` month labels from `first` on.

    Examples
    --------
    >>> month_range("2020-11", 3)
    ['2020-11', '2020-12', '2021-01']
    """
    start = month_number(first)
    return [month_label(start + k) for k in range(count)]
