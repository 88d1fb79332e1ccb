"""Relaxed: where the rules contradict each other, the smallest set of them that has to give way."""

from __future__ import annotations

from collections.abc import Sequence

from polgap.calibrate import Relaxed
from polgap.domain import Plan
from polgap.study._blocks import Block


def lacks(plan: Plan) -> bool:
    """Return whether a plan misses a floor that the rules ask for."""
    return any(note.code.endswith("_unmet") for note in plan.notes)


def relaxed(option: str, found: Sequence[Relaxed]) -> Block:
    """Return the rules that have to give way as a row of the block ``relax``."""
    rules = [
        {"rule": r.rule, "kind": r.kind, "asked": r.asked, "by": r.by, "proven": r.proven}
        for r in found
    ]
    return {"option": option, "rules": rules}
