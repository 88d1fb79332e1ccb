"""Mentors: how far a plan brings those that the growth of host-State police rests on."""

from __future__ import annotations

from polgap.domain import Assessment, LeftOpen, Note

MENTORING = "development"


def mentors(gap: Assessment, left: LeftOpen) -> tuple[Note, ...]:
    """Return which share of the mentors asked for a plan brings; nothing where none are asked for.

    The path of host-State police counts on all of them. What a plan leaves open is worked out in
    priority order, and mentoring comes last.
    """
    wanted = gap.requirement.sel(month=left.unmet["month"].values, function=MENTORING)
    total = float(wanted.sum(dtype=float))
    if total <= 0:
        return ()
    missing = float(left.unmet.sel(function=MENTORING).sum(dtype=float))
    return (Note("rebuild.mentors", {"share": max(0.0, 1.0 - missing / total)}),)
