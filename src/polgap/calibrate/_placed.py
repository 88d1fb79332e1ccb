"""Placed: the units that are there, put where a table says; nothing is searched for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._offer import plan_of, program_for
from polgap.calibrate._program import Program
from polgap.calibrate._solve import blocks_of, fixed
from polgap.domain import Assessment, Generation, Inputs, Plan, Study
from polgap.draws import Parameters
from polgap.errors import PlanError

IntArray = NDArray[np.integer[Any]]


def placed(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    name: str,
    where: pd.DataFrame,
) -> Plan:
    """Return the plan that puts units where `where` says, tasked as well as they can be.

    Present units stay at home for the first block, as they do in every option, and move at its
    end; those that `where` does not name stay. No rule is asked: caveats, threat and ceilings bind
    what is recommended, not what somebody did.

    Parameters
    ----------
    study, inputs, assessment, generation, hours, theta
        As of `options`.
    name : str
    where : pd.DataFrame
        unit_type, area, number (whole units); each type and area once.

    Raises
    ------
    PlanError
        If an area is not there, or more units of a type are placed than are pledged.
    LabelError
        As of `options`.
    """
    program, said = program_for(study, inputs, assessment, generation, hours, theta)
    made = fixed(program, blocks_of(program), counted(program, where))
    return plan_of(study, program, name, made, said)


def counted(program: Program, where: pd.DataFrame) -> IntArray:
    """Return units in place (P, A, Q): first those that are there already, then those moved."""
    force = program.force
    place = {area: a for a, area in enumerate(program.areas)}
    wanted: dict[str, IntArray] = {}
    for row in where.to_dict("records"):
        if row["area"] not in place:
            raise PlanError(f"area: got {row['area']!r}; wanted one of {program.areas[:5]}")
        kind = str(row["unit_type"])
        wanted.setdefault(kind, np.zeros(len(program.areas), dtype=int))
        wanted[kind][place[str(row["area"])]] += int(row["number"])
    count = np.zeros(program.shape, dtype=int)
    spare = np.zeros(len(force.pledge), dtype=int)
    for p, kind in enumerate(force.unit_type):
        home, number = int(force.home[p]), int(force.number[p])
        asked = wanted.get(kind, np.zeros(len(program.areas), dtype=int))
        stays = min(number, int(asked[home])) if home >= 0 else 0
        if home >= 0:
            asked[home] -= stays
            count[p, home, force.first[p] : force.first[p] + 1] = number
            count[p, home, force.first[p] + 1 : force.last[p]] = stays
        spare[p] = number - stays
    for p, kind in enumerate(force.unit_type):
        spare[p] -= _moved(program, count, p, spare[p], wanted.get(kind))
        if force.home[p] >= 0:
            count[p, force.home[p], force.first[p] + 1 : force.last[p]] += spare[p]
    short = {kind: int(left.sum()) for kind, left in wanted.items() if left.sum() > 0}
    if short:
        raise PlanError(f"units placed but not pledged: {short}; wanted no more than are pledged")
    return count


def _moved(program: Program, count: IntArray, p: int, units: int, asked: IntArray | None) -> int:
    """Put up to `units` of a pledge where they are still asked for; return how many were put."""
    if asked is None:
        return 0
    force = program.force
    begin = int(force.first[p]) + int(force.home[p] >= 0)
    left = int(units)
    for a in np.flatnonzero(asked > 0):
        put = min(left, int(asked[a]))
        count[p, a, begin : force.last[p]] += put
        asked[a] -= put
        left -= put
    return int(units) - left
