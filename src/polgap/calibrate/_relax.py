"""Relax: where the rules contradict each other, the smallest set of them that has to give way.

Every rule gets a slack that a binary switches on; a mixed integer program first finds the fewest
rules whose slack makes room for a plan, then the least slack for them. Where units may be placed
is no rule here: caveats, threat ceilings, dates and the host State's consent stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.sparse import coo_array

from polgap.calibrate._offer import program_for
from polgap.calibrate._program import Program
from polgap.calibrate._search import STAY
from polgap.domain import Assessment, Generation, Inputs, Study
from polgap.draws import Parameters
from polgap.errors import PlanError

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]
_Part = tuple[IntArray, Array, float, float]
"""Columns, values, at least, at most."""

NODES = 20_000
"""Branch-and-bound nodes, at most; a set found until then is small, if not proven the smallest."""
WHOLE = 20_000
"""Columns up to which units are whole; beyond, only the choice of rules is."""
TINY = 1e-3
"""Weight of all slack against one rule, in the first program."""


@dataclass(frozen=True)
class Relaxed:
    """A rule that has to give way.

    Parameters
    ----------
    rule : its name, with its area or year
    asked : what it asks for: at most (a limit) or at least (a floor)
    by : by how much it has to give way
    kind : ``at_most`` or ``at_least``
    proven : whether no smaller set of rules would do
    """

    rule: str
    asked: float
    by: float
    kind: str
    proven: bool


@dataclass(frozen=True)
class _Row:
    """A limit or a floor over the columns: sum of value x column, at most or at least `side`."""

    rule: str
    kind: str
    side: float
    column: IntArray
    value: Array


def relax(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
) -> tuple[Relaxed, ...]:
    """Return the smallest set of rules to relax; empty where a plan keeps them all.

    Parameters
    ----------
    study, inputs, assessment, generation, hours, theta
        As of `options`.

    Raises
    ------
    LabelError
        As of `options`.
    PlanError
        If the solver finds no answer.
    """
    program, _ = program_for(study, inputs, assessment, generation, hours, theta)
    column, place = _columns(program)
    rows = _rules(program, column, place)
    if not rows:
        return ()
    used, proven = _least(program, column, rows)
    worst: dict[str, tuple[float, _Row]] = {}
    for row, by in zip(rows, used, strict=True):
        if by > 1e-5 * max(1.0, abs(row.side)) and by > worst.get(row.rule, (0.0, row))[0]:
            worst[row.rule] = (float(by), row)
    return tuple(Relaxed(rule, row.side, by, row.kind, proven) for rule, (by, row) in worst.items())


def _columns(program: Program) -> tuple[IntArray, IntArray]:
    """Return the column of units of a pledge at a base in a block (P, A, Q; -1: none), and both."""
    force, blocks = program.force, np.arange(len(program.months))
    there = (blocks >= force.first[:, None]) & (blocks < force.last[:, None])
    there &= (force.number > 0)[:, None]
    may = force.allowed[:, :, None] & there[:, None, :]
    for p in np.flatnonzero(force.present):
        moves = (blocks > force.first[p]) & bool(force.movable[p])
        moves &= np.full(len(blocks), force.last[p] - force.first[p] > STAY)
        may[p] &= moves
        may[p, force.home[p]] = there[p]
    column = np.full(program.shape, -1)
    place = np.argwhere(may)
    column[may] = np.arange(len(place))
    return column, place


def _rules(program: Program, column: IntArray, place: IntArray) -> list[_Row]:
    """Return limits and floors as rows."""
    pledge, area, block = place.T
    force, found = program.force, []
    for limit in program.limits:
        value = limit.coef[pledge] * limit.areas[area] * limit.blocks[block]
        some = np.flatnonzero(value)
        found.append(_Row(limit.rule, "at_most", limit.most, some, value[some]))
    for floor in program.floors:
        each = floor.coef[pledge] * floor.bases[force.kind[pledge], area]
        for q in np.flatnonzero(floor.blocks):
            some = np.flatnonzero((block == q) & (each > 0))
            label = f"{floor.rule} {floor.area}".strip()
            found.append(_Row(label, "at_least", floor.least, some, each[some]))
    return found


def _least(program: Program, column: IntArray, rows: list[_Row]) -> tuple[Array, bool]:
    """Return the slack of each row in the smallest set of rules, and whether that is proven."""
    force, units = program.force, int(column.max(initial=-1)) + 1
    labels = list(dict.fromkeys(row.rule for row in rows))
    most = _greatest(force.number[np.argwhere(column >= 0)[:, 0]], rows)
    slack = units + np.arange(len(rows))
    switch = units + len(rows) + np.arange(len(labels))
    width = units + len(rows) + len(labels)
    parts: list[_Part] = []
    inf = highspy.kHighsInf
    for k, row in enumerate(rows):
        at_most = row.kind == "at_most"
        index = np.append(row.column, slack[k])
        value = np.append(row.value, -1.0 if at_most else 1.0)
        parts.append((index, value, -inf, row.side) if at_most else (index, value, row.side, inf))
        bind = np.array([slack[k], switch[labels.index(row.rule)]])
        parts.append((bind, np.array([1.0, -most[k]]), -inf, 0.0))
    parts += _stays(program, column)
    cost = np.zeros(width)
    cost[slack] = TINY / len(rows) / np.maximum(most, 1e-9)
    cost[switch] = 1.0
    upper = np.full(width, 1.0)
    upper[:units] = force.number[np.argwhere(column >= 0)[:, 0]]
    upper[slack] = most
    whole = np.zeros(width, dtype=bool)
    whole[switch] = True
    whole[:units] = units <= WHOLE
    found, proven = _solve(parts, cost, upper, whole)
    return found[slack], proven


def _greatest(number: IntArray, rows: list[_Row]) -> Array:
    """Return the slack with which a row holds whatever is placed."""
    found = []
    for row in rows:
        if row.kind == "at_least":
            found.append(row.side)
        else:
            use = float((np.maximum(row.value, 0.0) * number[row.column]).sum())
            found.append(max(0.0, use - row.side, -row.side))
    return np.array(found)


def _stays(program: Program, column: IntArray) -> list[_Part]:
    """Return the rows that keep units in place: offered numbers, and nobody leaves early."""
    force, inf = program.force, highspy.kHighsInf
    parts: list[_Part] = []
    for p in np.flatnonzero((column >= 0).any(axis=(1, 2))):
        before: IntArray | None = None
        for q in range(int(force.first[p]), int(force.last[p])):
            here = column[p, :, q]
            index = here[here >= 0]
            parts.append((index, np.ones(len(index)), 0.0, float(force.number[p])))
            if before is not None:
                parts += _kept(force.home[p], before, here, int(q) > int(force.latest[p]))
                if force.home[p] >= 0:
                    was = before[before >= 0]
                    both = np.concatenate([index, was])
                    sign = np.concatenate([np.ones(len(index)), -np.ones(len(was))])
                    parts.append((both, sign, 0.0, 0.0))
            elif force.home[p] < 0 and q > force.latest[p]:
                parts.append((index, np.ones(len(index)), 0.0, 0.0))
            before = here
    return [part for part in parts if len(part[0]) or part[2] > 0 or part[3] < inf]


def _kept(home: int, before: IntArray, here: IntArray, late: bool) -> list[_Part]:
    """Return rows from one block to the next: only a present unit leaves, and only its home."""
    inf = highspy.kHighsInf
    parts: list[_Part] = []
    for a in np.flatnonzero((before >= 0) & (here >= 0)):
        if a == home:
            continue
        most = 0.0 if late else inf
        parts.append((np.array([here[a], before[a]]), np.array([1.0, -1.0]), 0.0, most))
    return parts


def _solve(parts: list[_Part], cost: Array, upper: Array, whole: BoolArray) -> tuple[Array, bool]:
    highs = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1), ("mip_max_nodes", NODES),
                        ("mip_rel_gap", 0.0), ("random_seed", 1)):  # fmt: skip
        highs.setOptionValue(name, setting)
    of = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    at = np.concatenate([part[0] for part in parts]).astype(int)
    value = np.concatenate([part[1] for part in parts])
    matrix = coo_array((value, (of, at)), shape=(len(parts), len(cost))).tocsr()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(parts)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(len(cost)), upper
    model.row_lower_ = np.array([part[2] for part in parts])
    model.row_upper_ = np.array([part[3] for part in parts])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(flag)] for flag in whole]
    highs.passModel(model)
    highs.run()
    status = highs.getModelStatus()
    found = np.array(highs.getSolution().col_value)
    if not len(found):
        raise PlanError(f"the rules cannot be relaxed: {highs.modelStatusToString(status)}")
    return found, status == highspy.HighsModelStatus.kOptimal
