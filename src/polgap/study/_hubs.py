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


def hubs(study: Study, requirement: xr.DataArray, hours: xr.DataArray) -> list[Block]:
    """Return one row a number of hubs: where they are, and how far from what is asked.

    Hubs are the areas from whose seats the expected requirement of protection and public order
    over the reported months is nearest, hour for officer. `hours` is the mean travel time to an
    officer asked for and `within` the share of them inside a formed unit's reach, each with its
    interval over the draws; `proved` whether no other hubs are nearer in the mean, and `nearest`
    what no hubs can get below. Draws in which nothing is asked are left out; none: no rows.
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
    mean = weight.mean(axis=1)
    rows = []
    for count in range(1, min(MOST, len(areas)) + 1):
        found = calibrate.sites(travel * mean, count)
        near = travel[found.chosen].min(axis=0)
        every = weight.sum(axis=0)
        rows.append(
            {
                "hubs": count,
                "areas": sorted(areas[found.chosen].tolist()),
                "hours": interval(near @ weight / every),
                "within": interval((near <= reach + 1e-9) @ weight / every),
                "reach_hours": reach,
                "nearest": found.bound / float(mean.sum()),
                "proved": found.proved,
            }
        )
    return rows
