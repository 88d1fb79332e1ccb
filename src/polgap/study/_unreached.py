"""Unreached: the areas that nobody can serve, what stays open there, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from polgap import calibrate
from polgap.domain import Assessment, Inputs, LeftOpen, Note
from polgap.study._blocks import Block, interval


def unreached(
    notes: Sequence[Note], inputs: Inputs, gap: Assessment, hours: xr.DataArray, left: LeftOpen
) -> list[Block]:
    """Return {area, name, reason, hours, open} of areas that no pledge may serve.

    ``hours`` is the travel from the nearest other area (None: no way in), ``open`` the officers
    left open there, mean over the reported months.
    """
    names = inputs.areas.set_index("area")["name"].astype(str).to_dict()
    rows = []
    for found in calibrate.unserved(notes, inputs, gap.phases, hours):
        unmet = left.unmet.sel(area=found.area).sum("function", dtype=np.float64)
        mean = np.asarray(unmet.transpose("month", "draw").values.mean(axis=0))
        rows.append(
            {
                "area": found.area,
                "name": names.get(found.area, found.area),
                "reason": found.reason,
                "hours": found.hours,
                "open": interval(mean),
            }
        )
    return rows
