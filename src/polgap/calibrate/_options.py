"""Options: the plans offered for decision, each with its value, its bound and its tasking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._limits import Limit, broken, peak, scaled, spent
from polgap.calibrate._offer import plan_of, program_for, program_of, tasking_of
from polgap.calibrate._program import Program, without
from polgap.calibrate._risk import averse, risk_of
from polgap.calibrate._solve import Made, blocks_of, fixed, possible, solve
from polgap.calibrate._spread import spread
from polgap.domain import (
    Assessment,
    Generation,
    Inputs,
    Note,
    Plan,
    Posture,
    Requirement,
    Study,
    empty_table,
)
from polgap.draws import Parameters

IntArray = NDArray[np.integer[Any]]
Mapper = Callable[..., Iterable[Any]]

REDUCED = 0.75
"""Share of ceiling and budget in the option `reduced` (contracts.md 17)."""
STATUS_QUO, RECOMMENDED, SPREAD = "status_quo", "recommended", "population_spread"
LESS, NO_GENDARMERIE = "reduced", "recommended_without_gendarmerie"


def options(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    posture: Posture,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    mapper: Mapper = map,
) -> list[Plan]:
    """Return the plans offered for decision, the comparison spread by population last.

    ``status_quo`` (present units stay), ``reduced`` (ceilings and budget x 0.75),
    ``recommended``, ``recommended_without_gendarmerie`` where such units are pledged, and
    ``population_spread`` (the units of the recommended plan, spread by population).

    The program minimises the expected requirement left unmet (officer-months over the reported
    months) with officers tied to a served area and a group of functions for each block of three
    months. `Plan.bound` is proven for that same program. Where the rules give the worst futures a
    weight (`risk_aversion`), ``recommended`` is improved for it and `Plan.risk` says how far.

    Parameters
    ----------
    study : Study
    inputs : Inputs
        Areas, towns, mandate, pledges and rules are read.
    assessment : Assessment
        Requirement (area, month, function, draw) and phases.
    posture : Posture
    generation : Generation
        Arrival of each pledge by draw.
    hours : DataArray, dims (area, serves), hours
        Travel time between area seats.
    theta : Parameters
    mapper : callable
        ``map`` or a parallel one; the plans do not depend on it.

    Raises
    ------
    LabelError
        If hours and requirement do not cover the same areas.
    PlanError
        If the solver cannot task a plan.

    References
    ----------
    ``planning.md`` 2 and 5: simple recourse, blocks, priced budget, destroy-and-repair.
    """
    program, said = program_for(study, inputs, assessment, generation, hours, theta)
    if not len(program.force.pledge):
        return _nobody(program, (*said, Note("calibrate.no_pledges")))
    made, weighs, said_of = _solve_all(program, mapper), risk_of(study, inputs), None
    if weighs:
        rivals = [m.count for name, m in made.items() if name != SPREAD]
        best, said_of = averse(
            program, study, assessment.requirement, made[RECOMMENDED], weighs, rivals
        )
        made[RECOMMENDED] = best
        made[SPREAD] = fixed(program, blocks_of(program), spread(program, best.count))
    notes = _notes(study, inputs, posture, program, made)
    notes[""] = (*said, *out_of_reach(program))
    of = dict.fromkeys(made, program)
    if program.apart:  # nothing is searched for, so what is there is tasked as in `status_quo`
        of[STATUS_QUO], _ = program_of(
            study, inputs, assessment.requirement, assessment.phases, generation, hours, theta
        )
        made[STATUS_QUO] = _stay(of[STATUS_QUO])
    plans = [_plan(study, of[name], name, part, notes) for name, part in made.items()]
    return [replace(p, risk=said_of) if p.name == RECOMMENDED else p for p in plans]


def status_quo(
    study: Study,
    inputs: Inputs,
    requirement: Requirement,
    phases: Mapping[str, str],
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
) -> Plan:
    """Return the plan ``status_quo`` alone, with the tasking it has among all `options`.

    Present units stay where they stand until their offer ends; nothing is searched for.

    Parameters
    ----------
    requirement : Requirement, dims (area, month, function, draw)
        Of the reported months at least; of all draws, or of those that a program keeps.
    phases : mapping
        Area -> phase at the origin.

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    """
    program, said = program_of(study, inputs, requirement, phases, generation, hours, theta)
    if not len(program.force.pledge):
        return _nobody(program, said)[0]
    made = _stay(program)
    return _plan(study, program, STATUS_QUO, made, {"": said, STATUS_QUO: ()})


def _solve_all(program: Program, mapper: Mapper) -> dict[str, Made]:
    """Return the made plans by name, in the order in which they are offered."""
    force = program.force
    present = present_units(program)
    names = [RECOMMENDED, LESS]
    jobs = [program, replace(program, limits=scaled(program.limits, REDUCED))]
    if force.gendarmerie.any():
        names.append(NO_GENDARMERIE)
        jobs.append(without(program, force.gendarmerie))
    starts = [(present,)] * len(jobs)
    if not program.limits:
        names, jobs, starts = names[:1] + names[2:], jobs[:1] + jobs[2:], starts[1:]
    found = dict(zip(names, mapper(solve, jobs, names, starts), strict=True))
    if not program.limits:
        found[LESS] = solve(_lean(program, found[RECOMMENDED].count), LESS, (present,))
    found[RECOMMENDED] = _least(found, program)
    blocks = blocks_of(program)
    made = {STATUS_QUO: _stay(program), LESS: found[LESS]}
    made |= {name: found[name] for name in (RECOMMENDED, NO_GENDARMERIE) if name in found}
    made[SPREAD] = fixed(program, blocks, spread(program, found[RECOMMENDED].count))
    return made


def _least(found: dict[str, Made], program: Program) -> Made:
    """Return the recommended plan, or a narrower option's where the search did better there."""
    own = found[RECOMMENDED]
    rivals = [m for m in found.values() if m.value < own.value and possible(program, m.count)]
    if not rivals:
        return own
    best = min(rivals, key=lambda m: m.value)
    return replace(best, bound=min(own.bound, best.value))


def _lean(program: Program, count: IntArray) -> Program:
    """Return the program with 0.75 of what the recommended plan uses, where no limit is given."""
    force, blocks = program.force, len(program.months)
    everywhere = np.ones(len(program.areas), dtype=bool)
    one = np.eye(blocks)
    strength, cost = peak(force, count), spent(force, count, program.months)
    rows = [Limit("strength", force.strength, everywhere, one[q], strength) for q in range(blocks)]
    months = program.months.astype(float)
    rows.append(Limit("cost", force.cost, everywhere, months, cost, force.opening))
    return replace(program, limits=scaled(rows, REDUCED))


def _stay(program: Program) -> Made:
    """Return the present units where they stand: a program of their own, without other bases."""
    force = program.force
    number = np.where(force.present, force.number, 0)
    settled = replace(force, number=number, movable=np.zeros_like(force.movable))
    own = replace(program, force=settled)
    return fixed(own, blocks_of(own), present_units(own))


def present_units(program: Program) -> IntArray:
    """Return the present units where they stand, until their offer ends."""
    count = np.zeros(program.shape, dtype=int)
    force = program.force
    for p in np.flatnonzero(force.present):
        count[p, force.home[p], force.first[p] : force.last[p]] = force.number[p]
    return count


def _notes(
    study: Study, inputs: Inputs, posture: Posture, program: Program, made: dict[str, Made]
) -> dict[str, tuple[Note, ...]]:
    """Return what has to be said about each option."""
    force = program.force
    found: dict[str, list[Note]] = {name: [] for name in made}
    for rule in dict.fromkeys(broken(program.limits, made[STATUS_QUO].count)):
        found[STATUS_QUO].append(Note("calibrate.status_quo_breaks", {"rule": rule}))
    if not program.limits:
        found[LESS].append(Note("calibrate.no_limits"))
    found[SPREAD].append(Note("calibrate.spread"))
    for name, part in made.items():
        found[name] += unmet_floors(study, program, part.count)
        if name not in (STATUS_QUO, SPREAD):
            placed = part.count.sum(axis=1).max(axis=1, initial=0)
            able = (force.number > 0) & (force.last > force.first)
            idle = able & (placed < force.number)
            if name == NO_GENDARMERIE:
                idle &= ~force.gendarmerie
            if idle.any():
                named = ", ".join(force.pledge[p] for p in np.flatnonzero(idle))
                found[name].append(Note("calibrate.unused", {"pledges": named}))
            missing = [name for name, met in posture.preconditions if not met]
            if missing:
                values = {"missing": ", ".join(missing)}
                found[name].append(Note("calibrate.option_not_ready", values))
    return {name: tuple(notes) for name, notes in found.items()}


def unmet_floors(study: Study, program: Program, count: IntArray) -> list[Note]:
    """Return the floors that units in place do not reach, and from which months on."""
    months = study.report_months
    starts = np.concatenate([[0], np.cumsum(program.months)[:-1]])
    notes = []
    for floor in program.floors:
        short = np.flatnonzero(floor.short(program.force, count))
        if len(short):
            values = {
                "area": floor.area or "*",
                "officers": floor.least,
                "months": ", ".join(months[starts[q]] for q in short),
            }
            notes.append(Note(f"calibrate.{floor.rule}_unmet", values))
    return notes


def out_of_reach(program: Program) -> list[Note]:
    """Return a note that names areas which ask for police that no pledge could serve."""
    force = program.force
    served = np.zeros(len(program.areas), dtype=bool)
    for p in np.flatnonzero((force.number > 0) & (force.last > force.first)):
        bases = force.allowed[p].copy()
        if force.home[p] >= 0:
            bases &= bool(force.movable[p])
            bases[force.home[p]] = True
        served |= program.reach[force.kind[p]][bases].any(axis=0)
    asked = program.width.sum(axis=(0, 2, 3)) > 0
    lone = [a for a, x in zip(program.areas, asked & ~served, strict=True) if x]
    return [Note("calibrate.out_of_reach", {"areas": ", ".join(lone)})] if lone else []


def _plan(
    study: Study, program: Program, name: str, made: Made, notes: dict[str, tuple[Note, ...]]
) -> Plan:
    said = notes[""] if name == RECOMMENDED else ()
    return plan_of(study, program, name, made, (*said, *notes[name]))


def _nobody(program: Program, notes: tuple[Note, ...]) -> list[Plan]:
    """Return the plans without any pledge: no pledge, no deployment."""
    tasking, _ = tasking_of(program, ())
    return [
        Plan(name, empty_table("plan"), tasking, program.total, program.total, notes)
        for name in (STATUS_QUO, LESS, RECOMMENDED, SPREAD)
    ]
