"""Offer: the program of a study, and the tables of a plan that is made with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._block import Tasked
from polgap.calibrate._floors import floors
from polgap.calibrate._force import muster
from polgap.calibrate._limits import limits
from polgap.calibrate._mentoring import worth
from polgap.calibrate._program import Program, build
from polgap.calibrate._solve import Made
from polgap.domain import (
    Assessment,
    Generation,
    Inputs,
    Note,
    Plan,
    Requirement,
    Study,
    empty_table,
    require_same,
)
from polgap.draws import Parameters
from polgap.errors import LabelError, Problem

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

SMALL = 1e-3
"""Shares of a base below this are left at the base."""


def program_of(
    study: Study,
    inputs: Inputs,
    requirement: Requirement,
    phases: Mapping[str, str],
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    later: xr.DataArray | None = None,
) -> tuple[Program, tuple[Note, ...]]:
    """Return the program of a study, and what has to be said about its pledges.

    Parameters
    ----------
    later : xr.DataArray, dims (area, month), optional
        What mentoring averts later (`_mentoring.worth`).

    Raises
    ------
    LabelError
        If hours and requirement do not cover the same areas.
    """
    require_same(requirement, hours, "area")
    _check(study, inputs, requirement)
    force, said = muster(study, inputs, phases, generation, theta)
    rows = limits(study, inputs, force)
    population = inputs.areas["population"].to_numpy(float)
    fixed = floors(study, inputs, force, hours)
    return build(study, requirement, hours, population, force, rows, fixed, later), said


def program_for(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
) -> tuple[Program, tuple[Note, ...]]:
    """Return `program_of` an assessment, with what mentoring averts later if a rule asks for it."""
    return program_of(
        study, inputs, assessment.requirement, assessment.phases, generation, hours, theta,
        worth(study, inputs, assessment),
    )  # fmt: skip


def _check(study: Study, inputs: Inputs, requirement: Requirement) -> None:
    """Refuse a requirement that does not cover the areas and the months planned for."""
    for dim, wanted, covers in (
        ("area", inputs.areas["area"].tolist(), list.__eq__),
        ("month", study.report_months, lambda got, asked: set(asked) <= set(got)),
    ):
        got = requirement[dim].values.tolist()
        if not covers(got, wanted):
            problem = Problem(f"{got[:3]} ...", f"{wanted[:3]} ...", "labels_differ", column=dim)
            raise LabelError([problem])


def table_of(study: Study, program: Program, count: IntArray) -> pd.DataFrame:
    """Return units in place by pledge, area and month (table ``plan``)."""
    force, areas, sizes = program.force, program.areas, program.months
    block = np.repeat(np.arange(len(sizes)), sizes)
    pledge, area, month = np.nonzero(count[:, :, block])
    months = study.report_months
    table = pd.DataFrame({
        "pledge": [force.pledge[p] for p in pledge.tolist()],
        "unit_type": [force.unit_type[p] for p in pledge.tolist()],
        "area": [areas[a] for a in area.tolist()],
        "month": [months[t] for t in month.tolist()],
        "number": count[pledge, area, block[month]].astype(float),
    })  # fmt: skip
    return table if len(table) else empty_table("plan")


def tasking_of(
    program: Program, tasked: Sequence[Tasked]
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return shares of officers by unit type, base and served area, over all blocks.

    Officers whom no task binds stay at their base: shares of a base sum to 1.

    Returns
    -------
    tasking, mentors : tables of `Plan`
    """
    kinds = program.force.kinds
    types = list(dict.fromkeys(kind.unit_type for kind in kinds))
    size = len(program.areas)
    flow, there = np.zeros((len(types), size, size)), np.zeros((len(types), size))
    row = np.array([types.index(kind.unit_type) for kind in kinds], dtype=int)
    for part, months in zip(tasked, program.months, strict=False):  # no pledge, no part
        kind_of, base, serves = part.arcs
        np.add.at(flow, (row[kind_of], base, serves), part.flow * months)
        for j, kind in enumerate(kinds):
            there[types.index(kind.unit_type)] += part.officers[j] * months
    sent = flow.sum(axis=2)
    over = np.maximum(1.0, np.divide(sent, there, out=np.ones_like(sent), where=there > 0))
    share = np.divide(
        flow, (there * over)[:, :, None], out=np.zeros_like(flow), where=there[:, :, None] > 0
    )
    share[share < SMALL] = 0.0
    rest = np.where(there > 0, 1.0 - share.sum(axis=2), 0.0)
    share[:, np.arange(size), np.arange(size)] += np.maximum(rest, 0.0)
    k, base, serves = np.nonzero(share)
    table = pd.DataFrame({
        "unit_type": pd.Series([types[i] for i in k], dtype="str"),
        "area": pd.Series([program.areas[a] for a in base], dtype="str"),
        "serves": pd.Series([program.areas[a] for a in serves], dtype="str"),
        "share": share[k, base, serves],
    })  # fmt: skip
    return table, _mentors(program, tasked, types, (share * there[:, :, None]).sum(axis=1))


def _mentors(
    program: Program, tasked: Sequence[Tasked], types: list[str], serving: Array
) -> pd.DataFrame | None:
    """Return which share of those `serving` an area (type, area), in officer-months, mentor."""
    if program.mentoring < 0:
        return None
    tied = np.zeros(serving.shape)
    for part, months in zip(tasked, program.months, strict=False):
        for j, kind in enumerate(program.force.kinds):
            tied[types.index(kind.unit_type)] += part.working[j, :, program.mentoring] * months
    share = np.divide(tied, serving, out=np.zeros_like(tied), where=serving > 0)
    share[share < SMALL] = 0.0
    k, area = np.nonzero(share)
    return pd.DataFrame({
        "unit_type": pd.Series([types[i] for i in k], dtype="str"),
        "serves": pd.Series([program.areas[a] for a in area], dtype="str"),
        "share": np.minimum(share[k, area], 1.0),
    })  # fmt: skip


def plan_of(
    study: Study, program: Program, name: str, made: Made, notes: tuple[Note, ...] = ()
) -> Plan:
    """Return a made plan as a record, with its table and tasking."""
    tasking, mentors = tasking_of(program, made.tasked)
    return Plan(
        name=name,
        table=table_of(study, program, made.count),
        tasking=tasking,
        mentors=mentors,
        value=made.value,
        bound=made.bound,
        notes=notes,
    )


def counts_of(program: Program, study: Study, plan: Plan) -> IntArray:
    """Return units in place (P, A, Q) of the pledges that are still there."""
    count = np.zeros(program.shape, dtype=int)
    pledge = {name: p for p, name in enumerate(program.force.pledge)}
    area = {name: a for a, name in enumerate(program.areas)}
    starts = np.concatenate([[0], np.cumsum(program.months)[:-1]]).tolist()
    block = {study.report_months[start]: q for q, start in enumerate(starts)}
    for row in plan.table.to_dict("records"):
        if row["pledge"] in pledge and row["area"] in area and row["month"] in block:
            cell = pledge[row["pledge"]], area[row["area"]], block[row["month"]]
            count[cell] = round(float(row["number"]))
    return count
