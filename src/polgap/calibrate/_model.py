"""Model: the monthly program with re-tasking in each future, as arrays for any solver.

Columns: x units of a pledge at a base in a block; then, for each month of each future (a cell),
the tasking of `Block`; last eta and one excess for each future, for the worst of them. All cells
of a block share one pattern, which is laid out once and repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from polgap.calibrate._block import Block, load, places
from polgap.calibrate._offer import program_for
from polgap.calibrate._program import Program
from polgap.calibrate._recourse import TAIL, cells
from polgap.domain import Assessment, Generation, Inputs, Study
from polgap.draws import Parameters

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Model:
    """Least cost @ x, 0 <= x <= upper, below <= matrix @ x <= above, some x whole numbers.

    Parameters
    ----------
    constant : added to the cost; whole : columns that are whole numbers
    """

    cost: Array
    upper: Array
    matrix: csr_array
    below: Array
    above: Array
    whole: IntArray
    constant: float

    def highs(self, seed: int = 1) -> highspy.Highs:
        """Return HiGHS holding the model."""
        highs = load(seed, self.cost, self.upper, self.below, self.above, self.matrix)
        highs.changeObjectiveOffset(self.constant)
        marks = np.full(len(self.whole), highspy.HighsVarType.kInteger.value, dtype=np.uint8)
        highs.changeColsIntegrality(len(self.whole), self.whole.astype(np.int32), marks)
        return highs

    def write_mps(self, path: Path) -> None:
        """Write the model as an MPS file (``.mps``), which every solver reads."""
        self.highs().writeModel(str(path))

    def to_linopy(self) -> Any:
        """Return the model as a `linopy.Model`, to add a constraint by name.

        Variables ``units`` (whole) and ``rest``; rows of the same length form one constraint.

        Raises
        ------
        ImportError
            If linopy is not installed: wanted the extra `model`.
        """
        import linopy
        import pandas as pd

        model = linopy.Model()
        columns = pd.RangeIndex(len(self.cost), name="column")
        upper = xr.DataArray(self.upper, dims="column", coords={"column": columns})
        whole = np.zeros(len(self.cost), dtype=bool)
        whole[self.whole] = True
        label: IntArray = np.empty(len(self.cost), dtype=int)
        for name, mask in (("units", whole), ("rest", ~whole)):
            at = np.flatnonzero(mask)
            part = model.add_variables(
                lower=0, upper=upper.isel(column=at), name=name, integer=name == "units"
            )
            label[at] = part.labels.values
        length: IntArray = np.asarray(np.diff(self.matrix.indptr))
        for size in np.unique(length[length > 0]).tolist():
            rows: IntArray = np.flatnonzero(length == size)
            entry = self.matrix.indptr[rows][:, None] + np.arange(size)
            data = xr.Dataset(
                {
                    "coeffs": (("row", "_term"), self.matrix.data[entry]),
                    "vars": (("row", "_term"), label[self.matrix.indices[entry]]),
                },
                coords={"row": rows},
            )
            left = linopy.LinearExpression(data, model)
            for sign, side in (("<=", self.above), (">=", self.below)):
                real = np.abs(side[rows]) < highspy.kHighsInf
                if real.any():
                    model.add_constraints(
                        left.sel(row=rows[real]), sign,
                        xr.DataArray(side[rows[real]], dims="row", coords={"row": rows[real]}),
                        name=f"rows of {size} {'most' if sign == '<=' else 'least'}",
                    )  # fmt: skip
        some = np.flatnonzero(self.cost)
        model.add_objective(
            linopy.LinearExpression(
                xr.Dataset({
                    "coeffs": ("_term", self.cost[some]), "vars": ("_term", label[some]),
                }),
                model,
            )
        )  # fmt: skip
        return model


def model(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    generation: Generation,
    hours: xr.DataArray,
    theta: Parameters,
    aversion: float = 0.0,
    tail: float = TAIL,
) -> Model:
    """Return the program of a study month by month, with re-tasking, for any solver.

    Parameters
    ----------
    aversion, tail : float
        Weight of the worst futures, and their share of all, as of `retasked`.

    Raises
    ------
    LabelError
        If hours and requirement do not cover the same areas.
    """
    program, _ = program_for(study, inputs, assessment, generation, hours, theta)
    asked, block, future = cells(program, study, assessment.requirement)
    return Layout(program, asked, block, future, (aversion, tail)).model()


class Layout:
    """Builds a `Model` from a program and its requirement by cell (`_recourse.cells`)."""

    def __init__(
        self,
        program: Program,
        asked: Array,
        block: IntArray,
        future: IntArray,
        risk: tuple[float, float],
    ) -> None:
        self.program, self.asked, self.block, self.future = program, asked, block, future
        self.risk, self.futures = risk, int(future.max()) + 1
        place = np.stack([places(program, q) for q in range(len(program.months))], axis=2)
        self.x = np.full(place.shape, -1)
        self.x[place] = np.arange(int(place.sum()))
        self.width = int(place.sum())

    def model(self) -> Model:
        """Return the whole model."""
        cost: list[Array] = [np.zeros(self.width)]
        upper: list[Array] = [self._units()]
        parts: list[_Part] = []
        starts = self.width
        tasked: list[tuple[IntArray, IntArray]] = []
        for q in range(len(self.program.months)):
            mine = np.flatnonzero(self.block == q)
            if not len(mine):
                continue
            part, limit, w = self._cells(q, mine, starts)
            parts.append(part)
            upper.append(limit)
            cost.append(np.zeros(len(limit)))
            tasked.append((w.ravel(), np.repeat(self.future[mine], w.shape[1])))
            starts += len(limit)
        parts += [self._number(), self._stay(), self._limits(), self._worst(starts, tasked)]
        cost.append(self._risk())
        total = self.asked.sum(axis=(1, 2))
        upper.append(np.full(1 + self.futures, float(total.sum())))
        money = np.concatenate(cost)
        for w, _ in tasked:
            money[w] = -(1.0 - self.risk[0]) / self.futures
        return Model(
            money, np.concatenate(upper), _stacked(parts, len(money)),
            np.concatenate([p.below for p in parts]), np.concatenate([p.above for p in parts]),
            self._whole(), (1.0 - self.risk[0]) / self.futures * float(total.sum()),
        )  # fmt: skip

    def _units(self) -> Array:
        number = np.broadcast_to(self.program.force.number[:, None, None], self.x.shape)
        return np.asarray(number[self.x >= 0], dtype=float)

    def _whole(self) -> IntArray:
        lumpy = self.x[self.program.force.lumpy]
        return lumpy[lumpy >= 0]

    def _cells(self, q: int, mine: IntArray, start: int) -> tuple[_Part, Array, IntArray]:
        """Return rows of all cells of a block, upper limits of their columns, and its w."""
        force, asked = self.program.force, self.asked[mine][:, :, :-1]
        most = np.broadcast_to(
            asked.max(axis=0)[None, :, :, None], (len(self.program.months), *asked.shape[1:], 1)
        )
        one = Block(replace(self.program, width=most, gain=np.ones_like(most)), q)
        p, a = np.nonzero(self.x[:, :, q] >= 0)
        supply = one.supply[force.kind[p], a]
        task = one.matrix.tocoo()
        size = len(one.cost)
        own = csr_array(coo_array(
            (np.concatenate([-force.effect[p, q], task.data]),
             (np.concatenate([supply, task.row]), np.concatenate([self.x[p, a, q], task.col
                                                                  + self.width]))),
            shape=(one.matrix.shape[0], self.width + size),
        ))  # fmt: skip
        own.sort_indices()
        count, rows = len(mine), own.shape[0]
        shift = np.repeat(np.arange(count) * size + start - self.width, own.nnz)
        index = np.tile(own.indices.astype(np.int64), count)
        index += np.where(index >= self.width, shift, 0)
        part = _Part(
            np.tile(np.diff(own.indptr), count), index, np.tile(own.data, count),
            np.full(rows * count, -highspy.kHighsInf), np.zeros(rows * count),
        )  # fmt: skip
        upper = np.tile(one.upper, (count, 1))
        upper[:, one.z] = asked[:, one.z_area, one.z_group]
        upper[:, one.w] = asked[:, one.w_area, one.w_group]
        w = start + np.arange(count)[:, None] * size + one.w
        return part, upper.ravel(), w

    def _number(self) -> _Part:
        """Return rows: no more units of a pledge in a block than it has."""
        p, a, q = np.nonzero(self.x >= 0)
        row = p * len(self.program.months) + q
        one = np.ones(len(row))
        most = np.repeat(self.program.force.number.astype(float), len(self.program.months))
        return _part(row, self.x[p, a, q], one, None, most)

    def _stay(self) -> _Part:
        """Return rows: units stay where they are placed; those at home only leave it."""
        force, before, after = self.program.force, self.x[:, :, :-1], self.x[:, :, 1:]
        p, a, q = np.nonzero((before >= 0) & (after >= 0))
        sign = np.where(a == force.home[p], -1.0, 1.0)
        row = np.arange(len(p))
        return _part(
            np.concatenate([row, row]),
            np.concatenate([before[p, a, q], after[p, a, q]]),
            np.concatenate([sign, -sign]), None, np.zeros(len(p)),
        )  # fmt: skip

    def _limits(self) -> _Part:
        """Return rows: ceilings and budgets."""
        p, a, q = np.nonzero(self.x >= 0)
        rows, columns, values = [np.zeros(0, int)], [np.zeros(0, int)], [np.zeros(0)]
        for i, limit in enumerate(self.program.limits):
            use = limit.coef[p] * limit.areas[a] * limit.blocks[q]
            some = np.flatnonzero(use)
            rows.append(np.full(len(some), i))
            columns.append(self.x[p[some], a[some], q[some]])
            values.append(use[some])
        most = np.array([limit.most for limit in self.program.limits], dtype=float)
        return _part(
            np.concatenate(rows), np.concatenate(columns), np.concatenate(values), None, most
        )

    def _worst(self, start: int, tasked: list[tuple[IntArray, IntArray]]) -> _Part:
        """Return rows: what a future leaves unmet is at most eta and its excess."""
        every = np.arange(self.futures)
        total = np.zeros(self.futures)
        np.add.at(total, self.future, self.asked.sum(axis=(1, 2)))
        row = np.concatenate([every, every, *(s for _, s in tasked)])
        column = np.concatenate(
            [np.full(self.futures, start), start + 1 + every, *(w for w, _ in tasked)]
        )
        none = np.full(self.futures, highspy.kHighsInf)
        return _part(row, column, np.ones(len(row)), total, none)

    def _risk(self) -> Array:
        """Return the cost of eta and of the excess of each future."""
        aversion, tail = self.risk
        each = np.full(self.futures, aversion / (tail * self.futures))
        return np.concatenate([[aversion], each])


@dataclass(frozen=True)
class _Part:
    """Rows one after the other: entries in each, their columns and values, and both sides."""

    length: IntArray
    column: IntArray
    value: Array
    below: Array
    above: Array


def _part(
    row: IntArray, column: IntArray, value: Array, below: Array | None, above: Array
) -> _Part:
    order = np.argsort(row, kind="stable")
    length = np.bincount(row, minlength=len(above))
    least = np.full(len(above), -highspy.kHighsInf) if below is None else below
    return _Part(length, column[order], value[order], least, above)


def _stacked(parts: list[_Part], width: int) -> csr_array:
    """Return the rows of all parts as one matrix."""
    start = np.concatenate([[0], np.cumsum(np.concatenate([p.length for p in parts]))])
    column = np.concatenate([p.column for p in parts]).astype(np.int32)
    value = np.concatenate([p.value for p in parts])
    return csr_array((value, column, start.astype(np.int32)), shape=(len(start) - 1, width))
