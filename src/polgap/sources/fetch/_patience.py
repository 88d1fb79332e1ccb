"""When to ask again, and when to stop asking."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

TRIES = 5
LONGEST = 120.0
"""Seconds that are still waited for."""


@dataclass
class Busy(Exception):
    """The server is busy or the line broke: ask again.

    Parameters
    ----------
    text : str
    seconds : float or None
        How long the server wants us to wait, where it says so.
    code : str
    """

    text: str
    seconds: float | None
    code: str


@dataclass
class Stop(Exception):
    """Asking again would not help."""

    text: str
    wanted: str
    code: str


class Absent(Exception):
    """There is nothing at that address."""


def delay(attempt: int, busy: Busy) -> float:
    """Return seconds to wait after the `attempt`-th try: as the server said, else 1, 2, 4, 8.

    Raises
    ------
    Stop
        If the server wants a longer wait than a person at a terminal has.

    Examples
    --------
    >>> delay(3, Busy("", 7.0, "busy")), 4.0 <= delay(3, Busy("", None, "busy")) <= 5.0
    (7.0, True)
    """
    if busy.seconds is None:
        return 2.0 ** (attempt - 1) * (1.0 + 0.25 * random.random())
    if busy.seconds > LONGEST:
        wanted = f"an answer now; the server asks for {busy.seconds / 60:.0f} minutes of patience"
        raise Stop(busy.text, wanted, "busy")
    return busy.seconds


def said_delay(text: str) -> float | None:
    """Return the seconds of a header ``Retry-After`` (a number or a date); None if it has none.

    Examples
    --------
    >>> said_delay("3"), said_delay("soon"), said_delay("Thu, 01 Jan 1970 00:00:00 GMT")
    (3.0, None, 0.0)
    """
    if text.strip().isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
