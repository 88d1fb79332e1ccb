"""Mentors: what they bring to host-State police, and how far a plan brings them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from polgap import calibrate, rebuild
from polgap.domain import Assessment, Inputs, LeftOpen, Posture, Study
from polgap.draws import Parameters


def asked(inputs: Inputs) -> bool:
    """Return whether a rule asks plans to count what mentoring brings later."""
    return bool((inputs.rules["rule"] == calibrate.MENTORING_WORTH).any())


def with_growth(
    study: Study, inputs: Inputs, gap: Assessment, posture: Posture, theta: Parameters
) -> Assessment:
    """Return the assessment with the growth that mentoring brings, where a rule asks for it."""
    if not asked(inputs):
        return gap
    return replace(gap, mentoring=rebuild.growth(study, inputs, gap, posture, theta.of("rebuild")))


def mentored(inputs: Inputs, gap: Assessment, left: LeftOpen) -> Mapping[str, float] | None:
    """Return which share of the mentors asked for a plan brings, by area; None without the rule.

    Over the months of the plan and all draws. An area where none is asked for has all of them.
    """
    if not asked(inputs):
        return None
    months = left.unmet["month"].values
    wanted = gap.requirement.sel(month=months, function=calibrate.MENTORING)
    total = wanted.sum(["month", "draw"], dtype=float)
    missing = left.unmet.sel(function=calibrate.MENTORING).sum(["month", "draw"], dtype=float)
    share = (1.0 - missing / total.where(total > 0)).fillna(1.0).clip(0.0, 1.0)
    return dict(zip(share["area"].values.tolist(), share.values.tolist(), strict=True))
