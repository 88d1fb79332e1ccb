"""Hubs: where units that answer calls from other areas would stand nearest to what is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import calibrate, catalogue
from polgap.domain import Study
from polgap.study._blocks import Block, interval

Array = NDArray[np.floating[Any]]

MOST = 5
"""Hubs, at most; a theatre of fewer areas has fewer."""
FUNCTIONS = ("protection", "public_order")
"""What a unit is called out for."""
UNIT = "FPU"
"""Whose reach counts: the unit that is called out."""
FAR = 10.0
"""An area without a way counts as this many times as far as the farthest that has one."""


def hubs(study: Study, requirement: xr.DataArray, hours: xr.DataArray) -> list[Block]:
    """Return one row a number of hubs: where they are, and how far from what is asked.

    Hubs are the areas from whose seats the expected requirement of protection and public order
    over the reported months is nearest, hour for officer. `hours` is the mean travel time to an
    officer asked for and `within` the share of them inside a formed unit's reach, each with its
    interval over the draws; `proved` whether no other hubs are nearer in the mean, else
    `gap_percent` how much nearer at most. An area without a way to it is served last: it is in
    no mean of hours and never within reach. Draws in which nothing is asked are left out.
    """
    functions = [f for f in FUNCTIONS if f in requirement["function"].values]
    asked = requirement.sel(month=study.report_months, function=functions)
    weight = asked.sum(["month", "function"]).transpose("area", "draw").values.astype(float)
    weight = weight[:, weight.sum(axis=0) > 0]
    if not weight.size:
        return []
    areas = requirement["area"].values.astype(str)
    travel = hours.sel(area=areas, serves=areas).transpose("area", "serves").values.astype(float)
    units = catalogue.table("unit_types").set_index("unit_type")
    reach = float(units["reach_hours"][UNIT])
    known = np.isfinite(travel)
    far = FAR * float(travel[known].max()) + 1.0
    mean = weight.mean(axis=1)
    rows = []
    for count in range(1, min(MOST, len(areas)) + 1):
        found = calibrate.sites(np.where(known, travel, far) * mean, count)
        near = travel[found.chosen].min(axis=0)
        reached = np.isfinite(near)
        some = weight[reached].sum(axis=0) > 0
        asked_for = weight[reached][:, some]
        rows.append(
            {
                "hubs": count,
                "areas": sorted(areas[found.chosen].tolist()),
                "hours": interval(near[reached] @ asked_for / asked_for.sum(axis=0)),
                "within": interval((near <= reach + 1e-9) @ weight / weight.sum(axis=0)),
                "reach_hours": reach,
                "gap_percent": 100.0 * (found.value - found.bound) / max(found.value, 1e-9),
                "proved": found.proved,
            }
        )
    return rows
