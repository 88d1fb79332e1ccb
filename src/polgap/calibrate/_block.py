"""One block of three months: tasking as a linear program, handed to HiGHS as arrays.

Columns: v officers of a kind from base to served area; z officers of a kind there in a group of
functions; w officers in a segment of the requirement. Rows, all of the form sum <= limit:
``supply`` (kind, base), ``served`` (kind, area), skill caps, ``cover`` (area, group).

Dense products are written as sums of elements in this room: the threads of a BLAS may change the
last digit, and a run has to give the same bytes on one thread and on two.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from polgap.calibrate._program import Program
from polgap.errors import PlanError

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

ITERATIONS = 2_000_000
"""Simplex iterations after which HiGHS stops; a bound holds wherever it stops."""
NEAR = 1e-5
"""Officer-months given up to save one officer an hour's drive: settles ties in tasking."""


@dataclass(frozen=True)
class Tasked:
    """The best tasking of given officers in one block.

    Parameters
    ----------
    saved, most : officer-months saved by this tasking, and what no tasking can exceed
    arcs : (3, n) kind, base and served area of officers who work, and `flow` : (n,) how many
    working : (J, A, G) officers of a kind in the served area by group of functions
    officers : (J, A) officers of a kind that are based there
    """

    saved: float
    most: float
    arcs: IntArray
    flow: Array
    working: Array
    officers: Array


class Block:
    """Tasking in block `q`: its columns and rows, and the solver warm from the last answer.

    Only from `bases` (J, A), where given: else from wherever a kind may be based.
    """

    def __init__(self, program: Program, q: int, bases: BoolArray | None = None) -> None:
        self.program, self.q = program, q
        self.bases = _bases(program, q) if bases is None else bases
        self._columns()
        self._rows()
        self._highs: highspy.Highs | None = None

    def _columns(self) -> None:
        program, q = self.program, self.q
        useful = program.width[q].sum(axis=2) > 0
        wanted = (program.cap[:, None, :] > 0) & useful[None]
        arcs = program.reach & self.bases[:, :, None] & wanted.any(axis=2)[:, None, :]
        self.v_kind, self.v_from, self.v_to = np.nonzero(arcs)
        goes = arcs.any(axis=1)
        self.z_kind, self.z_area, self.z_group = np.nonzero(wanted & goes[:, :, None])
        covered = np.zeros(useful.shape, dtype=bool)
        covered[self.z_area, self.z_group] = True
        self.w_area, self.w_group, self.w_segment = np.nonzero(
            (program.width[q] > 0) & covered[:, :, None]
        )
        ends = np.cumsum([0, len(self.v_to), len(self.z_area), len(self.w_area)])
        self.v, self.z, self.w = (np.arange(a, b) for a, b in pairwise(ends.tolist()))
        self.wide = program.width[q][self.w_area, self.w_group, self.w_segment]
        self.cost = np.zeros(int(ends[-1]))
        self.cost[self.w] = -program.gain[q][self.w_area, self.w_group, self.w_segment]
        self.upper = np.zeros(len(self.cost))
        self.upper[self.v] = _most(program, q)[self.v_kind, self.v_from]
        self.upper[self.z] = program.width[q].sum(axis=2)[self.z_area, self.z_group]
        self.upper[self.w] = self.wide
        self.supply, self.served, self.cover = _index(self.bases), _index(goes), _index(covered)

    def _rows(self) -> None:
        cap = self.program.cap[self.z_kind, self.z_group]
        capped = np.flatnonzero(cap < 1.0)
        row, arc = _match(
            self.served[self.z_kind[capped], self.z_area[capped]],
            self.served[self.v_kind, self.v_to],
        )
        one = np.ones(len(self.cost))
        parts: list[tuple[int, list[tuple[IntArray, IntArray, Array]]]] = [
            (_size(self.supply), [(self.supply[self.v_kind, self.v_from], self.v, one[self.v])]),
            (
                _size(self.served),
                [
                    (self.served[self.z_kind, self.z_area], self.z, one[self.z]),
                    (self.served[self.v_kind, self.v_to], self.v, -one[self.v]),
                ],
            ),
            (
                len(capped),
                [
                    (np.arange(len(capped)), self.z[capped], one[capped]),
                    (row, self.v[arc], -cap[capped][row]),
                ],
            ),
            (
                _size(self.cover),
                [
                    (self.cover[self.w_area, self.w_group], self.w, one[self.w]),
                    (self.cover[self.z_area, self.z_group], self.z, -one[self.z]),
                ],
            ),
        ]
        starts = np.cumsum([0, *(size for size, _ in parts)])
        triples = [
            (start + i, j, x)
            for start, (_, part) in zip(starts[:-1].tolist(), parts, strict=True)
            for i, j, x in part
        ]
        i, j, x = (np.concatenate([t[k] for t in triples]) for k in range(3))
        self.matrix = csr_array(coo_array((x, (i, j)), shape=(int(starts[-1]), len(self.cost))))

    def task(self, officers: Array) -> Tasked:
        """Return the best tasking of `officers` (J, A) based in each area.

        Raises
        ------
        PlanError
            If the solver finds none (it always exists: everybody may stay idle).
        """
        program = self.program
        right = np.zeros(self.matrix.shape[0])
        right[self.supply[self.bases]] = officers[self.bases]
        value, dual = self._solve(right)
        some = np.flatnonzero(value[self.v] > 0)
        arcs = np.stack([self.v_kind[some], self.v_from[some], self.v_to[some]])
        flow = value[self.v][some]
        working = np.zeros((*officers.shape, program.cap.shape[1]))
        working[self.z_kind, self.z_area, self.z_group] = np.maximum(value[self.z], 0.0)
        saved = -float((self.cost[self.w] * np.clip(value[self.w], 0.0, self.wide)).sum())
        reduced = self.cost - self.matrix.T @ dual
        least = float((dual * right).sum() + np.minimum(reduced * self.upper, 0.0).sum())
        return Tasked(saved, max(saved, -least), arcs, flow, working, officers)

    def met(self, officers: Array, asked: Array) -> float:
        """Return officers of a requirement `asked` (A, G) that `officers` (J, A) can meet.

        The segments give way to one requirement: officers are re-tasked to it once it shows.
        """
        right = np.zeros(self.matrix.shape[0])
        right[self.supply[self.bases]] = officers[self.bases]
        self.wide = asked[self.w_area, self.w_group]
        self.upper[self.w] = self.wide
        self.upper[self.z] = asked[self.z_area, self.z_group]
        if self._highs is not None:
            at = np.concatenate([self.z, self.w]).astype(np.int32)
            self._highs.changeColsBounds(len(at), at, np.zeros(len(at)), self.upper[at])
        value, _ = self._solve(right)
        return float(np.clip(value[self.w], 0.0, self.wide).sum())

    def _solve(self, right: Array) -> tuple[Array, Array]:
        """Return column values and row duals (<= 0)."""
        if not len(self.cost):
            return np.zeros(0), np.zeros(len(right))
        if self._highs is None:
            cost = self.cost.copy()
            cost[self.v] = NEAR * self.program.hours[self.v_from, self.v_to]
            below = np.full(len(right), -highspy.kHighsInf)
            self._highs = load(self.program.seed, cost, self.upper, below, right, self.matrix)
        count = _size(self.supply)
        self._highs.changeRowsBounds(
            count, np.arange(count, dtype=np.int32), np.full(count, -highspy.kHighsInf),
            right[:count],
        )  # fmt: skip
        value, dual = solve(self._highs, len(self.cost), len(right))
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            # after many answers the last basis may be of no use: begin without it
            self._highs.clearSolver()
            value, dual = solve(self._highs, len(self.cost), len(right))
            status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise PlanError(f"tasking of block {self.q + 1}: the solver stopped with {status}")
        return value, np.minimum(dual, 0.0)


def officers(program: Program, count: IntArray, q: int) -> Array:
    """Return expected effective officers (J, A) of units in place `count` (P, A) in block `q`."""
    found = np.zeros(program.reach.shape[:2])
    np.add.at(found, program.force.kind, count * program.force.effect[:, q, None])
    return found


def places(program: Program, q: int) -> BoolArray:
    """Return where units of each pledge can be in block `q`, shape (P, A)."""
    force = program.force
    here = (force.first <= q) & (q < force.last) & (force.number > 0)
    place = force.allowed & here[:, None]
    settled = force.present & here
    place[settled & ((force.first == q) | ~force.movable)] = False
    place[settled, force.home[settled]] = True
    return np.asarray(place)


def load(
    seed: int, cost: Array, upper: Array, below: Array, above: Array, matrix: csr_array
) -> highspy.Highs:
    """Return HiGHS holding: least cost @ x, 0 <= x <= upper, below <= matrix @ x <= above.

    One thread, a set seed and no clock: the same answer every time.
    """
    highs = highspy.Highs()
    for name, setting in (
        ("output_flag", False), ("threads", 1), ("random_seed", seed % 2**31),
        ("parallel", "off"), ("solver", "simplex"), ("simplex_iteration_limit", ITERATIONS),
    ):  # fmt: skip
        highs.setOptionValue(name, setting)
    # whole arrays: attribute by attribute each would be copied once more
    highs.passModel(
        len(cost), len(above), matrix.nnz, highspy.MatrixFormat.kRowwise.value, 1, 0.0, cost,
        np.zeros(len(cost)), upper, below, above, matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32), matrix.data, np.zeros(len(cost), dtype=np.int32),
    )  # fmt: skip
    return highs


def solve(highs: highspy.Highs, columns: int, rows: int) -> tuple[Array, Array]:
    """Return column values and row duals; zeros where the solver has none."""
    if highs.run() == highspy.HighsStatus.kError:
        # somebody in this process has run HiGHS with another number of threads
        highspy.Highs.resetGlobalScheduler(True)
        highs.run()
    solution = highs.getSolution()
    value = np.asarray(solution.col_value, dtype=float)
    dual = np.asarray(solution.row_dual, dtype=float)
    if len(value) != columns or not np.isfinite(value).all():
        value = np.zeros(columns)
    if len(dual) != rows or not np.isfinite(dual).all():
        dual = np.zeros(rows)
    return value, dual


def _bases(program: Program, q: int) -> BoolArray:
    """Return where each kind can be based, shape (J, A)."""
    found = np.zeros(program.reach.shape[:2], dtype=bool)
    np.logical_or.at(found, program.force.kind, places(program, q))
    return found


def _most(program: Program, q: int) -> Array:
    """Return the most officers of each kind that can be at a base, shape (J, A)."""
    return officers(program, places(program, q) * program.force.number[:, None], q)


def _index(marked: BoolArray) -> IntArray:
    """Return the running number of each marked cell, -1 elsewhere."""
    number = np.full(marked.shape, -1)
    number[marked] = np.arange(int(marked.sum()))
    return number


def _size(index: IntArray) -> int:
    return int(index.max(initial=-1)) + 1


def _match(left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of positions (in left, in right) that hold the same number."""
    order = np.argsort(right, kind="stable")
    begin = np.searchsorted(right[order], left, side="left")
    count = np.searchsorted(right[order], left, side="right") - begin
    mine = np.repeat(np.arange(len(left)), count)
    offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return mine, order[np.repeat(begin, count) + offset]
