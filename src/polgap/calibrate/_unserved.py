"""Unserved: why no pledge whatever may serve an area, in the words of the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from polgap import catalogue
from polgap.calibrate._force import LEVELS, refused
from polgap.domain import Inputs, Note

CODE = "calibrate.out_of_reach"
"""Note of a plan that names areas which no pledge may serve."""


@dataclass(frozen=True)
class Unserved:
    """An area that asks for police and that no pledge may serve, whatever is decided.

    Parameters
    ----------
    reason : ``consent`` (the host State refuses it), ``threat`` (above the threat ceiling of every
        unit pledged), ``none`` (nothing is pledged), ``caveats`` (all other: what contributors and
        rules allow)
    hours : travel from the nearest other area; None: there is no way in
    """

    area: str
    reason: str
    hours: float | None


def unserved(
    notes: Sequence[Note], inputs: Inputs, phases: Mapping[str, str], hours: xr.DataArray
) -> tuple[Unserved, ...]:
    """Return the areas that the notes of a plan name as out of reach, each with its reason.

    Nobody may be based in such an area, and no base elsewhere is within reach of it; the reason is
    why nobody may be based there.

    Parameters
    ----------
    notes : sequence of Note
        Of a plan of `options` or `recommend`.
    inputs : Inputs
    phases : mapping
        Area -> phase at the origin.
    hours : DataArray, dims (area, serves), hours
    """
    named = [str(n.values["areas"]).split(", ") for n in notes if n.code == CODE]
    closed = refused(inputs.mandate, inputs.areas)
    types = catalogue.table("unit_types").set_index("unit_type")["threat_ceiling"]
    ceilings = [int(types[k]) for k in inputs.pledges["unit_type"].astype(str)]
    found = []
    for area in dict.fromkeys(a for areas in named for a in areas):
        level = LEVELS.get(phases.get(area, ""), 0)
        reason = "caveats"
        if area in closed:
            reason = "consent"
        elif not ceilings:
            reason = "none"
        elif max(ceilings) < level:
            reason = "threat"
        others = hours.sel(serves=area).drop_sel(area=area).values
        nearest = float(np.min(others, initial=np.inf))
        found.append(Unserved(area, reason, nearest if np.isfinite(nearest) else None))
    return tuple(found)
