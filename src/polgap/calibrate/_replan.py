"""Replan: a plan near the old one after something happened, with what changed and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap.calibrate._dual import Dual
from polgap.calibrate._limits import broken
from polgap.calibrate._offer import counts_of, plan_of, program_for
from polgap.calibrate._program import Program
from polgap.calibrate._repair import fill, hold
from polgap.calibrate._search import STAY, Placement, Search
from polgap.calibrate._solve import Made, blocks_of, fixed, task
from polgap.domain import Assessment, Generation, Inputs, Plan, Study
from polgap.draws import Parameters

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

MOVED = 0.25
"""Officer-months that moving one officer of the old plan must save (judgement, not measured)."""
TRIED = 12
"""Placements of the old plan that are tried elsewhere: those that save least per officer."""


@dataclass(frozen=True)
class Change:
    """Units of a pledge that stand elsewhere, or not at all, in the new plan.

    Parameters
    ----------
    units : more (+) or fewer (-) of them in `area` than in the old plan
    since : first month in which that is so
    why : ``gone`` (the pledge is not there any more, or smaller), ``closed`` (nobody may be based
        there any more), ``limit`` (a ceiling or a budget), ``better`` (what it saves is worth
        the move), ``moves`` (comes from another base of the plan), ``fills`` (uses what others
        left)
    """

    pledge: str
    unit_type: str
    area: str
    since: str
    units: int
    why: str


@dataclass(frozen=True)
class Replanned:
    """The new plan, the old one as it can still be carried out, and the changes between them.

    Parameters
    ----------
    left : expected unmet officer-months if nothing but the unavoidable is changed
    """

    plan: Plan
    left: float
    changes: tuple[Change, ...]


def replan(
    old: Plan,
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    closed: Sequence[str] = (),
    moved: float = MOVED,
) -> Replanned:
    """Return a plan near `old` for inputs as they are after an event.

    What happened is told by the inputs: a pledge withdrawn is not in the table, a smaller budget
    stands in the rules, new violence in the requirement. What can stay stays. Placements go
    where their pledge is gone, where the base is closed, and the least useful ones first where a
    limit is broken; then the rest is filled by price, and an old placement moves only where that
    saves at least `moved` officer-months for each of its officers.

    Parameters
    ----------
    old : Plan
        Its table is read.
    study, inputs, assessment, generation, hours, theta
        As of `options`, after the event.
    closed : sequence of str
        Areas in which nobody may be based any more (a base lost); who stood there serves nobody
        in the first block, and is not counted in its cost.
    moved : float
        Officer-months per officer; 0 plans anew from the old plan.

    Raises
    ------
    LabelError, PlanError
        As of `options`.
    """
    program, notes = program_for(study, inputs, assessment, generation, hours, theta)
    program = _close(program, closed)
    before = counts_of(program, study, old)
    if not len(program.force.pledge):
        none = Made(before, program.total, program.total, ())
        plan = plan_of(study, program, "replanned", none, notes)
        return Replanned(plan, program.total, _changes(program, study, old, before, closed, []))
    search = Search(program, program.limits)
    cut = keep(search, placements(program, before))
    blocks, dual = blocks_of(program), Dual(program)
    left = search.count()
    search.retask(task(program, blocks, left))
    _regain(search)
    fill(search, dual.prices.limits)
    _improve(search, dual.prices.limits, moved)
    found = [fixed(program, blocks, count) for count in (search.count(), left)]
    best = min(found, key=lambda made: (_lack(program, made.count), made.value))
    made = replace(best, bound=min(best.value, dual.value))
    plan = plan_of(study, program, "replanned", made, notes)
    changes = _changes(program, study, old, made.count, closed, cut)
    return Replanned(plan, found[1].value, changes)


def _close(program: Program, closed: Sequence[str]) -> Program:
    """Return the program without bases in some areas.

    Units that stand there are free to be based elsewhere from the next block on, as a moved unit
    may; those that may not move are lost to the plan.
    """
    shut = np.isin(program.areas, list(closed))
    force = program.force
    out = force.present & shut[np.maximum(force.home, 0)]
    free = out & force.movable
    force = replace(
        force,
        allowed=force.allowed & ~shut,
        number=np.where(out & ~free, 0, force.number),
        home=np.where(free, -1, force.home),
        first=np.where(free, np.minimum(force.first + 1, force.last), force.first),
        latest=np.where(free, np.minimum(force.latest, force.last - STAY), force.latest),
    )
    return replace(program, force=force)


def placements(program: Program, count: IntArray) -> list[Placement]:
    """Return units in place as placements; what the program can't have is left out."""
    force, found = program.force, []
    for p in np.flatnonzero(force.number > 0):
        first, last, home = int(force.first[p]), int(force.last[p]), int(force.home[p])
        if last <= first:
            continue
        left = int(force.number[p])
        for base in np.flatnonzero(count[p].any(axis=1)):
            if base == home or not force.allowed[p, base]:
                continue
            risen = np.diff(np.maximum.accumulate(count[p, base, first:last]), prepend=0)
            for q in np.flatnonzero(risen > 0):
                units = min(int(risen[q]), left)
                if units:
                    found.append(Placement(int(p), units, int(base), first + int(q)))
                    left -= units
        stay = min(left, int(count[p, home, first:last].min())) if home >= 0 else 0
        if stay:
            found.append(Placement(int(p), stay, home, last))
    return found


def keep(search: Search, old: Sequence[Placement]) -> list[int]:
    """Put old placements back as far as limits allow; return the pledges that lose some.

    What a floor needs goes last.
    """
    program = search.program
    for place in old:
        search.put(place)
    cut = []
    while search.placed and broken(program.limits, search.count()):
        over = search.free < -1e-6
        use = [_use(search, filled.placement)[over].sum() for filled in search.placed]
        loss = [_loss(search, k) if u > 0 else np.inf for k, u in enumerate(use)]
        each = np.array(loss) / np.maximum(np.array(use), 1e-12)
        each = np.where(np.array(use) > 0, each, np.inf)
        spare = np.where(_needed(search), np.inf, each)
        worst = int(np.argmin(spare if np.isfinite(spare).any() else each))
        cut.append(search.take(worst).pledge)
    return cut


def _needed(search: Search) -> BoolArray:
    """Return which placements a floor would miss."""
    program, count = search.program, search.count()
    lack, found = _lack(program, count), []
    for filled in search.placed:
        without = count.copy()
        for q, base in search.stations(filled.placement):
            without[filled.placement.pledge, base, q] -= filled.placement.units
        found.append(_lack(program, without) > lack)
    return np.array(found, dtype=bool)


def _use(search: Search, place: Placement) -> Array:
    """Return what a placement uses of each limit, (R,)."""
    used = np.zeros(len(search.free))
    for q, base in search.stations(place):
        used += search.coef[:, place.pledge] * search.when[:, q] * search.where[:, base]
    return used * place.units


def _loss(search: Search, position: int) -> float:
    """Return officer-months that a placement saves, its officers' work given to nobody."""
    filled = search.placed[position]
    gain = search.program.gain.max(axis=3).reshape(-1)
    return float((filled.officers * gain[filled.cells]).sum())


def _regain(search: Search) -> None:
    """Hold the floors again: from what is left, else by who is missed least elsewhere."""
    program = search.program

    def held() -> float:
        for floor in program.floors:
            hold(search, floor)
        return _lack(program, search.count())

    lack = held()
    while lack > 0:
        loss = [_loss(search, k) for k in range(len(search.placed))]
        spare = np.flatnonzero(~_needed(search))
        for k in sorted(spare.tolist(), key=lambda k: loss[k]):
            before = search.snapshot()
            search.take(k)
            now = held()
            if now < lack:
                lack = now
                break
            search.restore(before)
        else:
            return


def _lack(program: Program, count: IntArray) -> float:
    """Return by how much units in place miss the floors, officers summed over blocks."""
    missing = sum(float(floor.short(program.force, count).sum()) for floor in program.floors)
    return round(missing, 6)


def _improve(search: Search, prices: Array, moved: float) -> None:
    """Try the least useful old placements elsewhere; keep a move that is worth it.

    None is kept that takes anybody from a floor.
    """
    strength = search.program.force.strength
    keep = [f.placement for f in search.placed]
    officers = np.array([strength[p.pledge] * p.units for p in keep])
    loss = np.array([_loss(search, k) for k in range(len(keep))])
    order = np.argsort(loss / np.maximum(officers, 1e-9), kind="stable")[:TRIED]
    for k in order:
        place = keep[k]
        where = [i for i, f in enumerate(search.placed) if f.placement == place]
        if not where:
            continue
        before, gain = search.snapshot(), search.gain
        lack = _lack(search.program, search.count())
        search.take(where[0])
        fill(search, prices)
        worse = _lack(search.program, search.count()) > lack
        if worse or search.gain < gain + moved * officers[k]:
            search.restore(before)


def _changes(
    program: Program,
    study: Study,
    old: Plan,
    count: IntArray,
    closed: Sequence[str],
    cut: Sequence[int],
) -> tuple[Change, ...]:
    """Return where units of each pledge are more or fewer than in the old plan, and why."""
    starts = np.concatenate([[0], np.cumsum(program.months)[:-1]]).tolist()
    months = [study.report_months[start] for start in starts]
    force = program.force
    was: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in old.table.to_dict("records"):
        key = (str(row["pledge"]), str(row["unit_type"]), str(row["area"]))
        was.setdefault(key, {})[str(row["month"])] = round(float(row["number"]))
    now: dict[tuple[str, str, str], dict[str, int]] = {}
    for p, a, q in zip(*np.nonzero(count), strict=True):
        key = (force.pledge[p], force.unit_type[p], program.areas[a])
        now.setdefault(key, {})[months[q]] = int(count[p, a, q])
    offered = {name: int(number) for name, number in zip(force.pledge, force.number, strict=True)}
    trimmed = {force.pledge[p] for p in cut}
    found = []
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key, {}), now.get(key, {})
        steps = [(m, after.get(m, 0) - before.get(m, 0)) for m in months]
        change = next(((m, d) for m, d in steps if d), None)
        if change is None:
            continue
        why = _why(key, change[1], offered, closed, trimmed, max(before.values(), default=0))
        found.append(Change(key[0], key[1], key[2], change[0], change[1], why))
    freed = {c.pledge for c in found if c.why in ("closed", "better")}
    return tuple(
        replace(c, why="moves") if c.why == "fills" and c.pledge in freed else c for c in found
    )


def _why(
    key: tuple[str, str, str],
    units: int,
    offered: dict[str, int],
    closed: Sequence[str],
    trimmed: set[str],
    before: int,
) -> str:
    if units < 0 and key[2] in closed:
        return "closed"
    if units < 0 and offered.get(key[0], 0) < before:
        return "gone"
    if units < 0:
        return "limit" if key[0] in trimmed else "better"
    return "fills"
