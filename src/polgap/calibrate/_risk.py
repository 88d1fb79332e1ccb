"""Risk: the recommended plan improved where the worst futures weigh more than the others.

The rules say how much: `risk_aversion` is the weight of the mean over the worst futures against the
mean over all, `risk_tail` their share of all. Officers are re-tasked each month, as in `_recourse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._polish import Polish
from polgap.calibrate._program import Program
from polgap.calibrate._recourse import TAIL, Judge, cells, envelope, hedged, lower, weighed
from polgap.calibrate._replan import placements
from polgap.calibrate._search import Search
from polgap.calibrate._solve import Made, blocks_of, fixed, possible
from polgap.calibrate._terms import holding
from polgap.domain import Inputs, Requirement, Risk, Study

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

ROUNDS = 4
"""Times that the weights of futures are worked out anew, at most."""
TRIES = 24
"""Plans that are scored in each round, at most."""


def risk_of(study: Study, inputs: Inputs) -> tuple[float, float] | None:
    """Return weight and share of the worst futures; None where the rules give them no weight.

    Of several rules the greatest weight counts, and the smallest share.
    """
    asked = [float(row["value"]) for row in holding(study, inputs, "risk_aversion")]
    if not max(asked, default=0.0) > 0.0:
        return None
    share = [float(row["value"]) for row in holding(study, inputs, "risk_tail")]
    return min(1.0, max(asked)), min((s for s in share if s > 0.0), default=TAIL)


def averse(
    program: Program,
    study: Study,
    requirement: Requirement,
    plain: Made,
    risk: tuple[float, float],
    starts: Sequence[IntArray] = (),
) -> tuple[Made, Risk]:
    """Return the plan improved for the mix of mean and worst futures, and what is proven of it.

    Parameters
    ----------
    program : Program
    study, requirement
        As of `options`.
    plain : Made
        The best plan where the worst futures do not weigh in; it is never made worse.
    risk : (aversion, tail)
    starts : sequence of int arrays (P, A, Q)
        Other plans known already.
    """
    asked, block, future = cells(program, study, requirement)
    judge = Judge(program, asked, block, future)

    def score(count: IntArray) -> float:
        futures = judge(count)
        return float((envelope(futures, *risk) * futures).sum())

    rivals = [hedged(program, asked, block, future, risk), *starts]
    best = min([plain.count, *filter(lambda c: possible(program, c), rivals)], key=score)
    polish = Polish(program, best, score)
    for number in range(ROUNDS):
        weights = envelope(judge(polish.best), *risk)
        search = Search(weighed(program, asked, future, weights), program.limits, block)
        for place in placements(program, polish.best):
            search.put(place)
        if not polish.improve(search, f"risk {number}", TRIES):
            break
    best, least = polish.best, polish.least
    bound = lower(program, asked, block, future, envelope(judge(best), *risk))
    before, after = judge(plain.count), judge(best)
    said = Risk(
        *risk, len(after), float(after.mean()), _worst(after, risk[1]), least, min(bound, least),
        float(before.mean()), _worst(before, risk[1]), score(plain.count),
    )  # fmt: skip
    made = fixed(program, blocks_of(program), best)
    return replace(made, bound=min(plain.bound, made.value)), said


def _worst(futures: Array, tail: float) -> float:
    """Return the mean over the worst futures."""
    return float((envelope(futures, 1.0, tail) * futures).sum())
