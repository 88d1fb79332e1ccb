"""Options: the plans offered for decision, each with its value, its bound and its tasking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._block import Block, Tasked, officers
from polgap.calibrate._bound import Bound
from polgap.calibrate._force import Force, months_of_blocks, muster
from polgap.calibrate._limits import Limit, broken, floors, limits, peak, scaled, spent
from polgap.calibrate._program import Program, build, without
from polgap.calibrate._repair import repair
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
    require_same,
)
from polgap.draws import Parameters
from polgap.errors import LabelError, Problem

IntArray = NDArray[np.integer[Any]]
Mapper = Callable[..., Iterable[Any]]

REDUCED = 0.75
"""Share of ceiling and budget in the option `reduced` (contracts.md 17)."""
GOOD = 0.02
"""Relative gap at which the bound is tight enough."""
CUTS = 4
"""Rounds of tightening the bound, at most."""
STATUS_QUO, RECOMMENDED, SPREAD = "status_quo", "recommended", "population_spread"
LESS, NO_GENDARMERIE = "reduced", "recommended_without_gendarmerie"
SMALL = 1e-3
"""Shares of a base below this are left at the base."""


@dataclass(frozen=True)
class _Made:
    """Units in place (P, A, Q) and what the program says of them."""

    count: IntArray
    value: float
    bound: float
    tasked: tuple[Tasked, ...]


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
    months. `Plan.bound` is proven for that same program.

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
    program, said = _program(
        study, inputs, assessment.requirement, assessment.phases, generation, hours, theta
    )
    if not len(program.force.pledge):
        return _nobody(program, (*said, Note("calibrate.no_pledges")))
    made = _solve_all(program, mapper)
    notes = _notes(study, inputs, posture, program, made) | {"": said}
    return [_plan(study, program, name, part, notes) for name, part in made.items()]


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
    program, said = _program(study, inputs, requirement, phases, generation, hours, theta)
    if not len(program.force.pledge):
        return _nobody(program, said)[0]
    made = _stay(program)
    return _plan(study, program, STATUS_QUO, made, {"": said, STATUS_QUO: ()})


def _program(
    study: Study,
    inputs: Inputs,
    requirement: Requirement,
    phases: Mapping[str, str],
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
) -> tuple[Program, tuple[Note, ...]]:
    """Return the program of a study, and what has to be said about its pledges."""
    require_same(requirement, hours, "area")
    _check(study, inputs, requirement)
    force, said = muster(study, inputs, phases, generation, theta)
    rows = limits(study, inputs, force)
    population = inputs.areas["population"].to_numpy(float)
    fixed = floors(study, inputs)
    return build(study, requirement, hours, population, force, rows, fixed), said


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


def _solve_all(program: Program, mapper: Mapper) -> dict[str, _Made]:
    """Return the made plans by name, in the order in which they are offered."""
    force = program.force
    present = _status_quo(program)
    names = [RECOMMENDED, LESS]
    jobs = [program, replace(program, limits=scaled(program.limits, REDUCED))]
    if force.gendarmerie.any():
        names.append(NO_GENDARMERIE)
        jobs.append(without(program, force.gendarmerie))
    starts = [(present,)] * len(jobs)
    if not program.limits:
        names, jobs, starts = names[:1] + names[2:], jobs[:1] + jobs[2:], starts[1:]
    found = dict(zip(names, mapper(_solve, jobs, names, starts), strict=True))
    if not program.limits:
        found[LESS] = _solve(_lean(program, found[RECOMMENDED].count), LESS, (present,))
    found[RECOMMENDED] = _least(found, program)
    blocks = _blocks(program)
    made = {STATUS_QUO: _stay(program), LESS: found[LESS]}
    made |= {name: found[name] for name in (RECOMMENDED, NO_GENDARMERIE) if name in found}
    made[SPREAD] = _fixed(program, blocks, spread(program, found[RECOMMENDED].count))
    return made


def _solve(program: Program, name: str, starts: Sequence[IntArray]) -> _Made:
    """Return the best of the plan found and of the given ones that keep the limits."""
    blocks = _blocks(program)
    proven = Bound(program, blocks)
    found = repair(program, proven, lambda count: _task(program, blocks, count), name)
    counts = [found, *(c for c in starts if _possible(program, c))]
    best = min((_fixed(program, blocks, count) for count in counts), key=lambda m: m.value)
    for _ in range(CUTS):
        if best.value - proven.value <= GOOD * best.value or not proven.tighten():
            break
    return replace(best, bound=min(proven.value, best.value))


def _possible(program: Program, count: IntArray) -> bool:
    held = all(
        np.einsum("paq,p,a->q", count, program.force.strength, floor.areas * 1.0)[q]
        >= floor.officers
        for floor in program.floors
        for q in np.flatnonzero(floor.blocks)
    )
    number = count.sum(axis=1).max(axis=1, initial=0)
    return held and bool((number <= program.force.number).all()) and not broken(
        program.limits, count
    )  # fmt: skip


def _least(found: dict[str, _Made], program: Program) -> _Made:
    """Return the recommended plan, or a narrower option's where the search did better there."""
    own = found[RECOMMENDED]
    rivals = [m for m in found.values() if m.value < own.value and _possible(program, m.count)]
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
    rows.append(Limit("cost", force.cost, everywhere, program.months.astype(float), cost))
    return replace(program, limits=scaled(rows, REDUCED))


def _blocks(program: Program) -> list[Block]:
    return [Block(program, q) for q in range(len(program.months))]


def _fixed(program: Program, blocks: list[Block], count: IntArray) -> _Made:
    """Return the value of units in place, with the best tasking of them."""
    tasked = _task(program, blocks, count)
    value = max(0.0, program.total - sum(part.saved for part in tasked))
    least = max(0.0, program.total - sum(part.most for part in tasked))
    return _Made(count, value, min(value, least), tasked)


def _task(program: Program, blocks: list[Block], count: IntArray) -> tuple[Tasked, ...]:
    """Return the best tasking of units in place, block by block."""
    return tuple(block.task(officers(program, count[:, :, q], q)) for q, block in enumerate(blocks))


def _stay(program: Program) -> _Made:
    """Return the present units where they stand: a program of their own, without other bases."""
    force = program.force
    number = np.where(force.present, force.number, 0)
    settled = replace(force, number=number, movable=np.zeros_like(force.movable))
    own = replace(program, force=settled)
    return _fixed(own, _blocks(own), _status_quo(own))


def _status_quo(program: Program) -> IntArray:
    """Return the present units where they stand, until their offer ends."""
    count = np.zeros(program.shape, dtype=int)
    force = program.force
    for p in np.flatnonzero(force.present):
        count[p, force.home[p], force.first[p] : force.last[p]] = force.number[p]
    return count


def _notes(
    study: Study, inputs: Inputs, posture: Posture, program: Program, made: dict[str, _Made]
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
        found[name] += _unmet_floors(study, program, part.count)
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
    if (inputs.rules["rule"] == "equity_floor").any():
        found[RECOMMENDED].append(Note("calibrate.no_equity_floor"))
    return {name: tuple(notes) for name, notes in found.items()}


def _unmet_floors(study: Study, program: Program, count: IntArray) -> list[Note]:
    months = study.report_months
    starts = np.concatenate([[0], np.cumsum(program.months)[:-1]])
    notes = []
    for floor in program.floors:
        here = np.einsum("paq,p,a->q", count, program.force.strength, floor.areas * 1.0)
        short = np.flatnonzero(floor.blocks & (here < floor.officers))
        if len(short):
            values = {
                "area": floor.area or "*",
                "officers": floor.officers,
                "months": ", ".join(months[starts[q]] for q in short),
            }
            notes.append(Note("calibrate.minimum_presence_unmet", values))
    return notes


def _plan(
    study: Study, program: Program, name: str, made: _Made, notes: dict[str, tuple[Note, ...]]
) -> Plan:
    said = notes[""] if name == RECOMMENDED else ()
    return Plan(
        name=name,
        table=_table(study, program.force, program.areas, made.count),
        tasking=_tasking(program, made.tasked),
        value=made.value,
        bound=made.bound,
        notes=(*said, *notes[name]),
    )


def _table(study: Study, force: Force, areas: Sequence[str], count: IntArray) -> pd.DataFrame:
    """Return units in place by pledge, area and month (table ``plan``)."""
    sizes = months_of_blocks(study.months)
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


def _tasking(program: Program, tasked: Sequence[Tasked]) -> pd.DataFrame:
    """Return shares of officers by unit type, base and served area, over all blocks.

    Officers whom no task binds stay at their base: shares of a base sum to 1.
    """
    kinds = program.force.kinds
    types = list(dict.fromkeys(kind.unit_type for kind in kinds))
    size = len(program.areas)
    flow, there = np.zeros((len(types), size, size)), np.zeros((len(types), size))
    for part, months in zip(tasked, program.months, strict=False):  # no pledge, no part
        for j, kind in enumerate(kinds):
            flow[types.index(kind.unit_type)] += part.flow[j] * months
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
    return pd.DataFrame({
        "unit_type": pd.Series([types[i] for i in k], dtype="str"),
        "area": pd.Series([program.areas[a] for a in base], dtype="str"),
        "serves": pd.Series([program.areas[a] for a in serves], dtype="str"),
        "share": share[k, base, serves],
    })  # fmt: skip


def _nobody(program: Program, notes: tuple[Note, ...]) -> list[Plan]:
    """Return the plans without any pledge: no pledge, no deployment."""
    tasking = _tasking(program, ())
    return [
        Plan(name, empty_table("plan"), tasking, program.total, program.total, notes)
        for name in (STATUS_QUO, LESS, RECOMMENDED, SPREAD)
    ]
