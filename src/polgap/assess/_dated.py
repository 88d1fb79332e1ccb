"""Dated events: returns of displaced persons, markets and sites held, by area and month.

The calendar is the planner's (rules with area, from and until); elections stand in `_need`.
Returns and markets are known days ahead, so they ask for hours, not for a peak: only the disputes
that returns bring arrive by chance and join the incidents of the area.
"""

from __future__ import annotations

import numpy as np

from polgap.assess._convert import OnDuty, OnStrength, on_strength
from polgap.assess._incidents import HOURS_PER_MONTH
from polgap.assess._posts import Place, posts
from polgap.domain.cubes import FloatArray


def returning(place: Place, block: slice) -> FloatArray | None:
    """Return persons who return in each month, shape (area, month, draw or 1); None if nobody.

    The rule ``returns`` says how many persons return in each month from `from` to `until`.
    """
    number, named = posts(place, "returns", block)
    return number if named.any() else None


def return_disputes(place: Place, block: slice) -> FloatArray | float:
    """Return mean disputes going on at once that call police out, shape (area, month, draw)."""
    coming = returning(place, block)
    if coming is None:
        return 0.0
    rate = place.theta["returns_incidents_per_1000"] / 1000.0
    hours = place.theta["incident_duration_hours"] / HOURS_PER_MONTH
    return np.asarray(coming * rate * hours)


def reception(place: Place, block: slice) -> FloatArray | float:
    """Return officers on strength at reception points and escorts, shape (area, month, draw)."""
    coming = returning(place, block)
    if coming is None:
        return 0.0
    crew = coming / 1000.0 * place.theta["reception_officers_per_1000"]
    return on_strength(OnDuty(np.asarray(crew)), place.relief)


def settled(place: Place, block: slice) -> FloatArray | float:
    """Return persons who have returned so far, shape (area, month, draw or 1): they stay."""
    coming = returning(place, block)
    return 0.0 if coming is None else np.asarray(coming.cumsum(axis=1))


def markets(place: Place, block: slice) -> FloatArray | float:
    """Return officers on strength at markets, shape (area, month, draw).

    The rule ``markets`` gives market days a month. Mean officer-hours: a market is on the
    calendar, so an area plans for it and keeps no reserve.

    Examples
    --------
    Eight market days of nine hours take a tenth of a month; with four officers there, 0.39
    officers on duty around the clock.

    >>> round(8 * 9 / HOURS_PER_MONTH * 4, 2)
    0.39
    """
    days, named = posts(place, "markets", block)
    if not named.any():
        return 0.0
    share = days * place.theta["market_duration_hours"] / HOURS_PER_MONTH
    return on_strength(OnDuty(share * place.theta["officers_per_market"]), place.relief)


def sites_held(place: Place, block: slice) -> OnStrength | float:
    """Return officers at sites held for protection (rule ``posts_protection``, 24/7 posts)."""
    number, named = posts(place, "posts_protection", block)
    return on_strength(OnDuty(number), place.relief) if named.any() else 0.0
