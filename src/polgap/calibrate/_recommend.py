"""Recommend: the one plan that is best within all rules, begun from a plan known already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from polgap.calibrate._offer import counts_of, plan_of, program_for
from polgap.calibrate._options import RECOMMENDED, out_of_reach, present_units, unmet_floors
from polgap.calibrate._program import Program
from polgap.calibrate._replan import IntArray, placements
from polgap.calibrate._risk import averse, risk_of
from polgap.calibrate._search import Search
from polgap.calibrate._solve import Made, solve
from polgap.domain import Assessment, Generation, Inputs, Note, Plan, Study
from polgap.draws import Parameters


def recommend(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    name: str = RECOMMENDED,
    near: Plan | None = None,
) -> Plan:
    """Return the best plan within all rules, with its bound.

    Where the rules give the worst futures a weight, the plan is improved for that (`Plan.risk`).
    Where `near` keeps these rules too, the plan returned is never worse than it: more money, one
    unit more or a later end of an offer cannot hurt.

    Parameters
    ----------
    study, inputs, assessment, generation, hours, theta
        As of `options`.
    name : str
        Of the plan; it names the stream of chance as well.
    near : Plan, optional
        A plan of a study that differs little; what cannot be had any more is left out.

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    """
    program, said = program_for(study, inputs, assessment, generation, hours, theta)
    if not len(program.force.pledge):
        nobody = Made(np.zeros(program.shape, dtype=int), program.total, program.total, ())
        return plan_of(study, program, name, nobody, (*said, Note("calibrate.no_pledges")))
    starts = [present_units(program)]
    if near is not None:
        starts.append(_again(program, counts_of(program, study, near)))
    made, weighs, risk = solve(program, name, starts), risk_of(study, inputs), None
    if weighs:
        made, risk = averse(program, study, assessment.requirement, made, weighs, starts)
    notes = (*said, *out_of_reach(program), *unmet_floors(study, program, made.count))
    return replace(plan_of(study, program, name, made, notes), risk=risk)


def _again(program: Program, count: IntArray) -> IntArray:
    """Return units in place as this program can have them."""
    search = Search(program, program.limits)
    for place in placements(program, count):
        search.put(place)
    return search.count()
