"""Phase of an area, from events by a printed rule (message ``assess.phase_rule``)."""

from __future__ import annotations

import numpy as np

from polgap.domain import KINDS, PHASES, Note, Panel
from polgap.domain.cubes import FloatArray

DEATHS = 25.0
"""Deaths in twelve months from which an area counts as in armed conflict (UCDP's threshold)."""
YEAR, RECENT, MEMORY = 12, 3, 60
"""Months looked back: for the threshold, for a lull, and for what is over."""


def phases(panel: Panel, origin: str) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return the phase of each area at `origin`, one of `PHASES`.

    Fighting: 25 or more deaths in the last twelve months, some in the last three. Ceasefire: 25 or
    more, none in the last three. Post-conflict: fewer, but 25 or more in some twelve months of the
    last sixty. Transition: none of these. A ``phase`` in the panel (the planner's own) wins; an
    area never observed takes the phase of the theatre, and a note says so.

    Parameters
    ----------
    panel : Panel, dims (area, month)
    origin : str
        Last month that counts.
    """
    months = [m for m in panel["month"].values.tolist() if m <= origin]
    past = panel.sel(month=months)
    deaths = np.stack([past[k].transpose("area", "month").values for k in KINDS])
    seen = ~np.isnan(deaths).all(axis=0)
    total = np.where(seen, np.nansum(deaths, axis=0), np.nan)
    theatre = phase(np.nansum(total, axis=0)) if seen.any() else PHASES[2]
    found = {}
    unseen = 0
    for i, area in enumerate(past["area"].values.tolist()):
        known = bool(seen[i, -MEMORY:].any())
        unseen += not known
        found[area] = phase(np.nan_to_num(total[i])) if known else theatre
    found.update(_own(past))
    notes = (Note("assess.phase_unobserved", {"areas": unseen}),) if unseen else ()
    return found, notes


def phase(deaths: FloatArray) -> str:
    """Return the phase of one series of monthly deaths, its last month the origin.

    Examples
    --------
    >>> phase(np.array([0.0] * 9 + [30.0, 0.0, 2.0]))
    'fighting'
    >>> phase(np.array([0.0] * 6 + [30.0] + [0.0] * 5))
    'ceasefire'
    >>> phase(np.array([30.0] + [0.0] * 23)), phase(np.zeros(60))
    ('post_conflict', 'transition')
    """
    last = deaths[-MEMORY:]
    if last[-YEAR:].sum() >= DEATHS:
        return "fighting" if last[-RECENT:].sum() > 0 else "ceasefire"
    years = [last[k : k + YEAR].sum() for k in range(max(1, len(last) - YEAR + 1))]
    return "post_conflict" if max(years) >= DEATHS else "transition"


def _own(past: Panel) -> dict[str, str]:
    """Return the phases that the planner set for the last month, by area."""
    if "phase" not in past or not past.sizes["month"]:
        return {}
    last = past["phase"].isel(month=-1)
    named = zip(last["area"].values.tolist(), last.values.tolist(), strict=True)
    return {str(a): str(p) for a, p in named if p in PHASES}
