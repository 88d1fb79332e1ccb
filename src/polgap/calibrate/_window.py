"""A window of blocks as one linear program: units in place, and their tasking, relaxed.

Columns of a block: x units of a class of pledges at a base, then the columns of its tasking;
last n, units of each pledge in place in each block. Between blocks n only grows (present units:
stays the same), because a unit that is placed stays until its offer ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack

from polgap.calibrate._block import Block, load, places, solve
from polgap.calibrate._limits import Limit

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
_Rows = tuple[csr_array, Array, Array]

OVER = 0.05
"""Share of a segment by which such a row must be broken to be added."""


@dataclass(frozen=True)
class Priced:
    """A window at given prices.

    Parameters
    ----------
    bound : lower bound of minus officer-months saved plus the price of what is used
    used : (R,) use of the limits that reach beyond the window
    worth : (R,) price of each limit inside the window, >= 0
    """

    bound: float
    used: Array
    worth: Array


class Window:
    """The linear program of some blocks in a row."""

    def __init__(self, blocks: Sequence[Block], limits: Sequence[Limit]) -> None:
        self.blocks = list(blocks)
        self.program = self.blocks[0].program
        inside = {block.q for block in self.blocks}
        touched = [set(np.flatnonzero(row.blocks).tolist()) for row in limits]
        self.inner = [i for i, t in enumerate(touched) if t and t <= inside]
        self.outer = [i for i, t in enumerate(touched) if t & inside and not t <= inside]
        self.limits = limits
        self._classes()
        self._rows()
        self._load()

    def _classes(self) -> None:
        """Merge pledges that are alike in a block, and number the columns."""
        force = self.program.force
        coef = np.array([row.coef for row in self.limits]).reshape(-1, len(force.pledge))
        x: list[tuple[IntArray, ...]] = []
        self.offset, width = [], 0
        self.pledges: list[list[IntArray]] = []
        for block in self.blocks:
            place = places(self.program, block.q)
            members: dict[tuple[object, ...], list[int]] = {}
            for p in np.flatnonzero(place.any(axis=1)):
                effect = force.effect[p, block.q]
                key = (force.unit_type[p], force.kind[p], effect, place[p].tobytes(),
                       coef[:, p].tobytes())  # fmt: skip
                members.setdefault(key, []).append(int(p))
            classes = [np.array(m) for m in members.values()]
            self.pledges.append(classes)
            shown = place[[m[0] for m in classes]] if classes else place[:0]
            of, at = np.nonzero(shown)
            x.append((of, at, width + np.arange(len(of))))
            self.offset.append(width + len(of))
            width += len(of) + len(block.cost)
        self.x_class = [part[0] for part in x]
        self.x_area = [part[1] for part in x]
        self.x = [part[2] for part in x]
        self.n = np.full((len(force.pledge), len(self.blocks)), -1)
        for k, classes in enumerate(self.pledges):
            for member in classes:
                self.n[member, k] = width + np.arange(len(member))
                width += len(member)
        self.width = width

    def _first(self, k: int) -> IntArray:
        """Return a pledge of the class of each x column of block `k`."""
        first = np.array([m[0] for m in self.pledges[k]], dtype=int)
        return np.asarray(first[self.x_class[k]])

    def _rows(self) -> None:
        use = [csr_array(self._use(i).reshape(1, -1)) for i in self.inner]
        none = np.full(len(use), -highspy.kHighsInf)
        most = np.array([self.limits[i].most for i in self.inner])
        parts = [part for k in range(len(self.blocks)) for part in self._block_rows(k)]
        parts.append(self._stay_rows())
        parts += [(row, none[[i]], most[[i]]) for i, row in enumerate(use)]
        self.matrix = csr_array(vstack([part[0] for part in parts], format="csr"))
        self.below = np.concatenate([part[1] for part in parts])
        self.above = np.concatenate([part[2] for part in parts])
        self.limit_rows, self.own_rows = len(self.above) - len(use), len(self.above)

    def _block_rows(self, k: int) -> list[_Rows]:
        """Return the tasking rows of a block, fed by units, and units by class from pledges."""
        block, force, first = self.blocks[k], self.program.force, self._first(k)
        task, rows = block.matrix.tocoo(), block.matrix.shape[0]
        supply = block.supply[force.kind[first], self.x_area[k]]
        tasks = self._matrix(
            np.concatenate([task.row, supply]),
            np.concatenate([task.col + self.offset[k], self.x[k]]),
            np.concatenate([task.data, -force.effect[first, block.q]]),
            rows,
        )
        member = self.pledges[k]
        of = np.repeat(np.arange(len(member)), [len(m) for m in member])
        cells = self.n[np.concatenate([np.zeros(0, int), *member]), k]
        classes = self._matrix(
            np.concatenate([self.x_class[k], of]),
            np.concatenate([self.x[k], cells]),
            np.concatenate([np.ones(len(self.x[k])), -np.ones(len(cells))]),
            len(member),
        )
        none = np.zeros(len(member))
        return [
            (tasks, np.full(rows, -highspy.kHighsInf), np.zeros(rows)),
            (classes, none, none),
        ]

    def _stay_rows(self) -> _Rows:
        """Return rows by which units of a pledge only grow; those of a present one stay."""
        before, after = self.n[:, :-1], self.n[:, 1:]
        p, q = np.nonzero((before >= 0) & (after >= 0))
        each, one = np.arange(len(p)), np.ones(len(p))
        rows = self._matrix(
            np.concatenate([each, each]),
            np.concatenate([before[p, q], after[p, q]]),
            np.concatenate([one, -one]),
            len(p),
        )
        below = np.where(self.program.force.present[p], 0.0, -highspy.kHighsInf)
        return rows, below, np.zeros(len(p))

    def _matrix(self, row: IntArray, column: IntArray, value: Array, rows: int) -> csr_array:
        return csr_array(coo_array((value, (row, column)), shape=(rows, self.width)))

    def _use(self, limit: int) -> Array:
        """Return what one unit in each column uses of a limit."""
        row = self.limits[limit]
        use = np.zeros(self.width)
        for k, block in enumerate(self.blocks):
            use[self.x[k]] = (
                row.coef[self._first(k)] * row.areas[self.x_area[k]] * row.blocks[block.q]
            )
        return use

    def _load(self) -> None:
        force = self.program.force
        self.cost, self.upper = np.zeros(self.width), np.zeros(self.width)
        for k, block in enumerate(self.blocks):
            part = self.offset[k] + np.arange(len(block.cost))
            self.cost[part], self.upper[part] = block.cost, block.upper
            number = np.array([force.number[m].sum() for m in self.pledges[k]], dtype=float)
            self.upper[self.x[k]] = number[self.x_class[k]]
            known = self.n[:, k] >= 0
            self.upper[self.n[known, k]] = force.number[known]
        self.matrix.sort_indices()
        self._highs = load(
            self.program.seed, self.cost, self.upper, self.below, self.above, self.matrix
        )
        self._whole = [self._whole_rows(k) for k in range(len(self.blocks))]

    def _whole_rows(self, k: int) -> csr_array:
        """Return the rows that only whole units make true, which tighten the bound.

        A segment is filled by units in reach, and one whole unit can fill it or give all it has,
        so officers in it are at most the sum over those units of the smaller of the two.
        """
        block, program, first = self.blocks[k], self.program, self._first(k)
        kind, effect = program.force.kind[first], program.force.effect[first, block.q]
        row = [np.arange(len(block.w))]
        column = [self.offset[k] + block.w]
        value = [np.ones(len(block.w))]
        for j in np.unique(kind):
            mine = np.flatnonzero(kind == j)
            able = np.flatnonzero(program.cap[j, block.w_group] > 0)
            r, c = np.nonzero(program.reach[j][self.x_area[k][mine]][:, block.w_area[able]].T)
            row.append(able[r])
            column.append(self.x[k][mine[c]])
            value.append(-np.minimum(block.wide[able[r]], effect[mine[c]]))
        return self._matrix(
            np.concatenate(row), np.concatenate(column), np.concatenate(value), len(block.w)
        )

    def price(self, prices: Array) -> Priced:
        """Return the window when limits that reach beyond it cost `prices` (R,).

        The bound is by weak duality from the duals at hand: it holds wherever the solver stopped.
        """
        cost = self.cost + sum((prices[i] * self._use(i) for i in self.outer), np.zeros(1))
        self._highs.changeColsCost(self.width, np.arange(self.width, dtype=np.int32), cost)
        self._value, dual = solve(self._highs, self.width, len(self.above))
        used, worth = np.zeros(len(self.limits)), np.zeros(len(self.limits))
        for i in self.outer:
            used[i] = float((self._use(i) * self._value).sum())
        worth[self.inner] = -np.minimum(dual[self.limit_rows : self.own_rows], 0.0)
        return Priced(self._weak(cost, dual), used, worth)

    def cut(self) -> bool:
        """Add the rows for whole units that the last answer breaks; False if it breaks none."""
        broken = []
        for rows in self._whole:
            wide = -rows.min(axis=1).toarray().ravel()
            broken.append(rows[np.flatnonzero(rows @ self._value > 1e-6 + OVER * wide)])
        new = csr_array(vstack(broken, format="csr"))
        if not new.shape[0]:
            return False
        new.sort_indices()
        count = new.shape[0]
        above, below = np.zeros(count), np.full(count, -highspy.kHighsInf)
        self._highs.addRows(
            count, below, above, new.nnz, new.indptr[:-1].astype(np.int32),
            new.indices.astype(np.int32), new.data,
        )  # fmt: skip
        self.matrix = csr_array(vstack([self.matrix, new], format="csr"))
        self.below = np.concatenate([self.below, below])
        self.above = np.concatenate([self.above, above])
        return True

    def _weak(self, cost: Array, dual: Array) -> float:
        """Return the bound that row duals prove for columns within 0 .. upper."""
        side = np.where(dual > 0, self.below, self.above)
        dual = np.where(np.isfinite(side) & (np.abs(side) < highspy.kHighsInf), dual, 0.0)
        side = np.where(dual == 0, 0.0, side)
        reduced = cost - self.matrix.T @ dual
        return float((dual * side).sum() + np.minimum(reduced * self.upper, 0.0).sum())
