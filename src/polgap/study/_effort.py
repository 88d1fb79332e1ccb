"""Reporting effort: how much was seen at all. Silence is no data, never zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from polgap.domain import Inputs

WINDOW = 60
"""Months back over which the effort is told."""
RECENT = 12
"""Months back over which the events of an area are counted."""


def by_area(inputs: Inputs) -> dict[str, dict[str, Any]]:
    """Return, for each area, the months that somebody reported on and the recent events.

    ``events`` is None where nothing was observed in the last twelve months.
    """
    events = inputs.panel["events"].isel(month=slice(-WINDOW, None)).transpose("area", "month")
    seen = events.notnull().values.sum(axis=1)
    recent = events.isel(month=slice(-RECENT, None)).values
    known = np.isfinite(recent).any(axis=1)
    counts = np.nansum(recent, axis=1)
    keys = events["area"].values.tolist()
    return {
        str(a): {"observed_months": int(m), "events": float(c) if k else None}
        for a, m, c, k in zip(keys, seen, counts, known, strict=True)
    }


def reporting(inputs: Inputs) -> dict[str, int]:
    """Return how many area-months of the window were reported on, and how many areas never."""
    events = inputs.panel["events"].isel(month=slice(-WINDOW, None)).transpose("area", "month")
    seen = events.notnull().values
    return {
        "months": int(seen.shape[1]),
        "area_months": int(seen.size),
        "observed": int(seen.sum()),
        "areas": int(seen.shape[0]),
        "areas_silent": int((~seen.any(axis=1)).sum()),
    }
