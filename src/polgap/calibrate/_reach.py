"""Reach: how many officers are still wanted around each base, by what each of them saves.

What e officers save at best, where C(g) officers are wanted that save at least g each, is the
integral of min(e, C(g)) over g. With the gains of all segments sorted into a few levels this is a
short sum for every base at once, without sorting segments anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from polgap.calibrate._program import Program

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

GRADES = 24
"""Levels of gain that are told apart when places are compared."""


class Reach:
    """Segments that are left open, and what officers at each base could still fill of them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        areas = len(program.areas)
        self._before = np.cumsum(program.width, axis=3) - program.width
        self._rest = program.width.copy()
        self._grades()
        self._able = [np.flatnonzero(cap > 0) for cap in program.cap]
        self._serves = [[np.flatnonzero(reach[:, a]) for a in range(areas)]
                        for reach in program.reach]  # fmt: skip
        self._near = [[np.flatnonzero(reach[b]) for b in range(areas)] for reach in program.reach]
        self._wanted = [self._want(j, np.arange(areas)) for j in range(len(program.cap))]
        self._open = [
            (csr_array(reach * 1.0) @ wanted.reshape(areas, -1)).reshape(wanted.shape)
            for reach, wanted in zip(program.reach, self._wanted, strict=True)
        ]
        self._saved = np.zeros(areas)

    def _grades(self) -> None:
        """Sort each segment into the nearest level of gain of its block."""
        gain = self.program.gain
        self._levels = GRADES if gain.shape[3] > 1 else 1
        self._grade = np.zeros(gain.shape, dtype=np.int16)
        self._step = np.zeros((len(gain), self._levels))
        for q, part in enumerate(gain):
            some = part[part > 0]
            if not len(some):
                continue
            levels = np.unique(np.quantile(some, np.linspace(0.0, 1.0, GRADES)))[: self._levels]
            middle = (levels[1:] + levels[:-1]) / 2.0
            self._grade[q] = np.searchsorted(middle, part)
            self._step[q, : len(levels)] = np.diff(levels, prepend=0.0)

    def _want(self, kind: int, areas: IntArray) -> Array:
        """Return officers of a kind still wanted in each area at a level or above, (a, Q, H)."""
        able = self._able[kind]
        rest = self._rest[:, areas][:, :, able]
        blocks, size = len(rest), len(areas)
        if self._levels == 1:
            whole: Array = rest.sum(axis=(2, 3))
            return whole.T[:, :, None]
        cell = np.arange(size)[:, None, None] * blocks + np.arange(blocks)[:, None, None, None]
        grade = self._grade[:, areas][:, :, able]
        found = np.bincount(
            (cell * GRADES + grade).ravel(), weights=rest.ravel(), minlength=size * blocks * GRADES
        ).reshape(size, blocks, GRADES)
        return np.flip(np.cumsum(np.flip(found, 2), axis=2), 2)

    @property
    def saved(self) -> float:
        """Officer-months saved by the officers at work."""
        return float(self._saved.sum())

    def gain(self, kind: int, officers: Array, bases: IntArray) -> Array:
        """Return what `officers` (q,) of a kind in the first q blocks would save, (q, base)."""
        blocks = len(officers)
        some = np.minimum(self._open[kind][bases, :blocks], officers[:, None])
        return np.asarray(np.einsum("bqh,qh->qb", some, self._step[:blocks]))

    def fill(self, kind: int, q: int, base: int, officers: float) -> tuple[IntArray, Array]:
        """Return in which cells (A x G) `officers` at a base work best, and how many in each."""
        areas, able = self._near[kind][base], self._able[kind]
        corner = np.ix_(areas, able)
        rest, gain = self._rest[q][corner].ravel(), self.program.gain[q][corner].ravel()
        order = np.argsort(-gain, kind="stable")
        part = rest[order]
        part = np.clip(officers - (np.cumsum(part) - part), 0.0, part)
        filled = np.empty_like(part)
        filled[order] = part
        work = filled.reshape(len(areas) * len(able), -1).sum(axis=1)
        cells = (areas[:, None] * self._rest.shape[2] + able).ravel()
        return cells[work > 0], work[work > 0]

    def settle(self, work: Array, cells: BoolArray) -> None:
        """Work out again what is left open where the officers at `work` (Q, A x G) changed."""
        blocks, size, groups, _ = self._rest.shape
        areas = np.flatnonzero(cells.reshape(size, groups).any(axis=1))
        if not len(areas):
            return
        there = work.reshape(blocks, size, groups)[:, areas, :, None]
        width = self.program.width[:, areas]
        done = np.clip(there - self._before[:, areas], 0.0, width)
        self._rest[:, areas] = width - done
        self._saved[areas] = np.einsum("qags,qags->a", done, self.program.gain[:, areas])
        for j, wanted in enumerate(self._wanted):
            new = self._want(j, areas)
            for a, more in zip(areas, new - wanted[areas], strict=True):
                if more.any():
                    self._open[j][self._serves[j][a]] += more
            wanted[areas] = new
