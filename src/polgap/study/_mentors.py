"""Mentors: what they bring to host-State police, and how far a plan brings them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import xarray as xr

from polgap import calibrate, rebuild
from polgap.domain import MENTORING, Assessment, Inputs, LeftOpen, Note, Posture, Study
from polgap.draws import Parameters


def counted(inputs: Inputs) -> bool:
    """Return whether a rule asks plans to count what mentoring brings later."""
    return bool((inputs.rules["rule"] == calibrate.MENTORING_WORTH).any())


def with_growth(
    study: Study, inputs: Inputs, gap: Assessment, posture: Posture, theta: Parameters
) -> Assessment:
    """Return the assessment with the growth that mentoring brings, where a rule asks for it."""
    if not counted(inputs):
        return gap
    return replace(gap, mentoring=rebuild.growth(study, inputs, gap, posture, theta.of("rebuild")))


def mentored(gap: Assessment, left: LeftOpen) -> Mapping[str, float]:
    """Return which share of the mentors asked for a plan brings, by area.

    Over the months of the plan and all draws; 1 where none is asked for.
    """
    wanted, missing = (part.sum(["month", "draw"], dtype=float) for part in _mentors(gap, left))
    share = (1.0 - missing / wanted.where(wanted > 0)).fillna(1.0).clip(0.0, 1.0)
    return dict(zip(share["area"].values.tolist(), share.values.tolist(), strict=True))


def mentors(gap: Assessment, left: LeftOpen) -> tuple[Note, ...]:
    """Return which share of the mentors asked for a plan brings; nothing where none are asked for.

    For a path of host-State police that counts on all of them. What a plan leaves open is worked
    out in priority order, and mentoring comes last.
    """
    total, missing = (float(part.sum(dtype=float)) for part in _mentors(gap, left))
    if total <= 0:
        return ()
    return (Note("rebuild.mentors", {"share": max(0.0, 1.0 - missing / total)}),)


def _mentors(gap: Assessment, left: LeftOpen) -> tuple[xr.DataArray, xr.DataArray]:
    """Return mentors asked for and missing, (area, month, draw)."""
    months = left.unmet["month"].values
    wanted = gap.requirement.sel(month=months, function=MENTORING)
    return wanted, left.unmet.sel(function=MENTORING)
