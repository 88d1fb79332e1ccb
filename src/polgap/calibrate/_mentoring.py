"""Mentoring: what an officer who mentors brings beyond the month in which it is done.

Host-State police who are mentored grow, and every officer they gain lowers what a mission is asked
for until the horizon ends. The gain follows the mentors: a month with half of those asked for
brings half of that month's growth. So an officer who mentors counts more than once, most of all
early.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from polgap.calibrate._terms import holding
from polgap.domain import MENTORING, Assessment, Inputs, Study
from polgap.domain.cubes import FloatArray

RULE = "mentoring_worth"


def worth(study: Study, inputs: Inputs, assessment: Assessment) -> xr.DataArray | None:
    """Return officer-months of later requirement that a month of an officer's mentoring averts.

    With g officers gained in a month by all mentors asked for (M), and rho of the requirement
    that an officer more of the host State takes away, ``g / M x sum of rho over the months that
    follow``, times the rule's share. Growth at the margin: what mentors gain together is not cut
    off where a later requirement ends.

    Returns
    -------
    xr.DataArray, dims (area, month), or None where no rule asks for it
    """
    asked = [float(row["value"]) for row in holding(study, inputs, RULE)]
    if not asked or assessment.mentoring is None:
        return None
    months = study.report_months
    gained = assessment.mentoring.sel(month=months).transpose("area", "month")
    grown = np.maximum(np.diff(gained.values, axis=1, prepend=0.0), 0.0)
    mentors = _mean(assessment.requirement, months, only=True)
    wanted = _mean(assessment.requirement, months, only=False)
    short = _mean(assessment.shortfall, months, only=False)
    share = np.divide(wanted, short, out=np.zeros_like(wanted), where=short > 0)
    after = np.flip(np.cumsum(np.flip(np.minimum(share, 1.0), 1), axis=1), 1)
    each = np.divide(grown, mentors, out=np.zeros_like(grown), where=mentors > 0)
    return gained.copy(data=max(asked) * each * after)


def _mean(cube: xr.DataArray, months: list[str], *, only: bool) -> FloatArray:
    """Return the mean over draws of mentoring alone, or of all else, (area, month)."""
    part = cube.sel(month=months).transpose("area", "month", "function", "draw")
    mine = part["function"].values == MENTORING
    return np.asarray(part.values[:, :, mine == only].sum(axis=2, dtype=float).mean(axis=-1))
