"""Search: whole units in place, what each saves at the margin, and the best place for the next.

The search keeps the officers at work in each (block, area, group) and the segments they leave
open. For each kind and base it knows how many officers are still wanted within reach at each level
of gain, so what a unit adds is one sum over a few levels (`_reach`). Taking a unit out frees what
is worth least, whoever came first. The value that is reported never comes from here, but from the
linear program with units fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._block import Tasked
from polgap.calibrate._limits import Limit, opening_use
from polgap.calibrate._program import Program
from polgap.calibrate._reach import Reach

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

CHUNKS = 32
"""Parts in which a pledge of individual officers is placed, at most."""
LEAST_USE = 0.05
"""A new unit is placed only if this share of its officer-months meets expected need."""
MOVE_WORTH = 0.05
"""A present unit is moved only if this share of its officer-months is saved by it."""
STAY = 2
"""Least blocks that a moved unit stays at its new base."""


@dataclass(frozen=True)
class Placement:
    """Units of a pledge: at home in blocks first .. move - 1, at `base` in move .. last - 1.

    A new unit has no home: it is placed in block `move`. A present one that stays has
    `move` = `last`. A pinned one answers a minimum presence and is not taken out again.
    """

    pledge: int
    units: int
    base: int
    move: int
    pinned: bool = False


@dataclass(frozen=True)
class _Way:
    """Where and when units of a pledge can be placed.

    Parameters
    ----------
    base : (B,) areas; moves : (M,) blocks in which it comes there
    use : (R, M, B) what one unit uses of each limit
    capacity : (M,) officer-months of one unit from then on
    """

    base: IntArray
    moves: IntArray
    use: Array
    capacity: Array


@dataclass(frozen=True)
class Filled:
    """A placement and where its officers work: cells of (Q x A x G), and officers in each."""

    placement: Placement
    cells: IntArray
    officers: Array


@dataclass(frozen=True)
class Offer:
    """The best place for some units at the moment."""

    score: float
    gain: float
    placement: Placement


@dataclass(frozen=True)
class Snapshot:
    """What `Search.restore` needs."""

    work: Array
    free: Array
    left: IntArray
    placed: tuple[Filled, ...]
    opened: IntArray


class Search:
    """Units in place, the segments that are left, and the limits that are left.

    With `block` the requirement is by cell (a month in one future), as in `Dual`.
    """

    def __init__(
        self, program: Program, limits: tuple[Limit, ...], block: IntArray | None = None
    ) -> None:
        self.program, self.limits = program, limits
        count, areas, groups, segments = program.width.shape
        blocks = len(program.months)
        self.block = np.arange(blocks) if block is None else block
        self._effect = program.effects(self.block)
        self._in_block = [np.flatnonzero(self.block == q) for q in range(blocks)]
        self.cells, self.segments = areas * groups, segments
        self.reach = Reach(program)
        self.work: Array = np.zeros((count, self.cells))
        pledges = len(program.force.pledge)
        self.coef = np.array([row.coef for row in limits]).reshape(-1, pledges)
        self.where = np.array([row.areas for row in limits], dtype=float).reshape(-1, areas)
        self.when = np.array([row.blocks for row in limits], dtype=float).reshape(-1, blocks)
        self.free: Array = np.array([row.most for row in limits], dtype=float)
        self.prices: Array = np.zeros(len(limits))
        self._bases(limits, blocks)
        self.left: IntArray = program.force.number.copy()
        self.placed: list[Filled] = []
        self._ways = [self._way(p) for p in range(pledges)]

    def _bases(self, limits: tuple[Limit, ...], blocks: int) -> None:
        """Lay out what opening a base in a block uses of each limit, (R, Q + 1, A)."""
        areas = len(self.program.areas)
        self._opens = np.zeros((len(limits), blocks + 1, areas))
        for r, row in enumerate(limits):
            if row.opening is not None:
                for q in range(blocks):
                    self._opens[r, q] = opening_use(row, np.full(areas, q))
        self._costly = bool(self._opens.any())
        self._opened: IntArray = np.full(areas, blocks)

    def _open(self) -> None:
        """Work out anew which bases are open, and take what that uses of the limits."""
        if not self._costly:
            return
        every, blocks = np.arange(len(self._opened)), self._opens.shape[1] - 1
        before = self._opens[:, self._opened, every].sum(axis=1)
        self._opened = np.full(len(every), blocks)
        for filled in self.placed:
            for q, base in self.stations(filled.placement):
                self._opened[base] = min(self._opened[base], q)
        self.free = self.free + before - self._opens[:, self._opened, every].sum(axis=1)

    @property
    def gain(self) -> float:
        """Officer-months saved by the units in place."""
        return self.reach.saved

    def best(
        self, pledge: int, units: int, within: BoolArray | None = None, noise: float = 1.0
    ) -> Offer | None:
        """Return the best place for `units` of a pledge that keeps the limits, or None.

        With `within` (A,) they must stand there, as early as can be, whatever their use.
        """
        way = self._ways[pledge]
        if not len(way.moves) or not len(way.base):
            return None
        home = int(self.program.force.home[pledge])
        gain, use, fits = self._worth(pledge, units)
        score = gain - np.einsum("r,rmb->mb", self.prices, use)
        if within is not None:
            fits[:, ~within[way.base]] = False
            score = score - 1e9 * way.moves[:, None] * (way.base[None, :] != home)
        elif home < 0:
            fits &= gain >= LEAST_USE * units * way.capacity[:, None]
        else:
            least = gain[:, :1] + MOVE_WORTH * units * way.capacity[:, None]
            fits[:, 1:] &= gain[:, 1:] >= least
        score = np.where(fits, score, -np.inf)
        m, b = np.unravel_index(int(np.argmax(score)), score.shape)
        if not np.isfinite(score[m, b]):
            return None
        place = self._placed_at(pledge, units, int(m), int(b), within is not None)
        return Offer(float(score[m, b]) * noise, float(gain[m, b]), place)

    def around(self, pledge: int, units: int, most: int) -> list[Placement]:
        """Return the places for `units` of a pledge that keep the limits, the best `most`."""
        way = self._ways[pledge]
        if not len(way.moves) or not len(way.base):
            return []
        gain, _, fits = self._worth(pledge, units)
        gain = np.where(fits, gain, -np.inf)
        order = np.argsort(-gain, axis=None, kind="stable")[:most]
        m, b = np.unravel_index(order, gain.shape)
        some = [(int(i), int(j)) for i, j in zip(m, b, strict=True) if np.isfinite(gain[i, j])]
        places = [self._placed_at(pledge, units, i, j, False) for i, j in some]
        return list(dict.fromkeys(places))

    def _worth(self, pledge: int, units: int) -> tuple[Array, Array, BoolArray]:
        """Return what units save by block and base, what they use, and whether the limits bear."""
        force, way = self.program.force, self._ways[pledge]
        saved = self._gains(pledge, units)
        gain = saved[way.moves]
        if force.home[pledge] >= 0:
            gain = gain + saved[force.first[pledge], 0] - saved[way.moves, :1]
        use = units * way.use
        if self._costly:
            now = self._opened[way.base]
            then = np.minimum(way.moves[:, None], now[None, :])
            use = use + self._opens[:, then, way.base] - self._opens[:, now, way.base][:, None]
        return gain, use, np.all(use <= self.free[:, None, None] + 1e-6, axis=0)

    def _placed_at(self, pledge: int, units: int, m: int, b: int, pinned: bool) -> Placement:
        way = self._ways[pledge]
        base, force = int(way.base[b]), self.program.force
        move = int(force.last[pledge]) if base == force.home[pledge] else int(way.moves[m])
        return Placement(pledge, units, base, move, pinned=pinned)

    def _way(self, pledge: int) -> _Way:
        """Return where and when units of a pledge can be placed; its home, if any, leads."""
        force = self.program.force
        first, last, home = int(force.first[pledge]), int(force.last[pledge]), force.home[pledge]
        bases, moves = force.allowed[pledge].copy(), np.arange(first, last)
        if home >= 0:
            moves = moves[(moves > first) & (moves <= last - STAY)]
            bases[:] &= bool(force.movable[pledge] and len(moves))
            bases[home] = False
            moves = moves if len(moves) else np.arange(first, last)[:1]
        else:
            moves = moves[moves <= int(force.latest[pledge])]
        base = np.concatenate([[home] if home >= 0 else [], np.flatnonzero(bases)]).astype(int)
        months = self.program.months * (np.arange(len(self.program.months)) < last)
        use = np.einsum(
            "r,rq,rb->rqb", self.coef[:, pledge], self.when * (months > 0), self.where[:, base]
        )
        use = _to_end(use, 1)
        if home >= 0 and len(base):
            use = use[:, moves] + use[:, first, :1, None] - use[:, moves, :1]
        else:
            use = use[:, moves]
        return _Way(base, moves, use, _to_end(force.effect[pledge] * months, 0)[moves])

    def _gains(self, pledge: int, units: int) -> Array:
        """Return officer-months saved from each block to the end of the offer, (Q, base)."""
        force, last = self.program.force, int(self.program.force.last[pledge])
        bases = self._ways[pledge].base
        cells = self.block[: int(np.searchsorted(self.block, last))]
        officers = units * self._effect[pledge, : len(cells)]
        gain = self.reach.gain(int(force.kind[pledge]), officers, bases)
        if len(cells) > last:
            gain = np.add.reduceat(gain, [c[0] for c in self._in_block[:last]], axis=0)
        return _to_end(gain, 0)

    def put(self, placement: Placement) -> None:
        """Place units: give their officers work and take what they use of the limits."""
        force, p = self.program.force, placement.pledge
        parts = []
        for q, base in self.stations(placement):
            for n in self._in_block[q]:
                officers = placement.units * float(self._effect[p, n])
                cells, part = self.reach.fill(int(force.kind[p]), int(n), base, officers)
                parts.append((n * self.cells + cells, part))
        filled = Filled(placement, *_joined(parts))
        self._change(filled, 1)
        self.placed.append(filled)
        self._open()

    def take(self, position: int) -> Placement:
        """Take out a placement and give back what it used."""
        filled = self.placed.pop(position)
        self._change(filled, -1)
        self._open()
        return filled.placement

    def _change(self, filled: Filled, sign: int) -> None:
        placement, p = filled.placement, filled.placement.pledge
        work = self.work.ravel()
        work[filled.cells] = np.maximum(work[filled.cells] + sign * filled.officers, 0.0)
        self.left[p] -= sign * placement.units
        for q, base in self.stations(placement):
            use = self.coef[:, p] * self.when[:, q] * self.where[:, base]
            self.free = self.free - sign * placement.units * use
        changed = np.zeros(self.cells, dtype=bool)
        changed[filled.cells % self.cells] = True
        self.reach.settle(self.work, changed)

    def retask(self, tasked: Sequence[Tasked]) -> None:
        """Give every officer the work that the linear program gives; the units stay in place."""
        force, before = self.program.force, self.work
        each = []
        for part in tasked:
            there = np.zeros(part.officers.shape)  # officers of a kind in each served area
            np.add.at(there, (part.arcs[0], part.arcs[2]), part.flow)
            there = there[:, :, None]
            each.append(np.divide(
                part.working, there, out=np.zeros_like(part.working), where=there > 1e-9
            ))  # fmt: skip
        self.work = np.zeros_like(before)
        filled = []
        for old in self.placed:
            place, parts = old.placement, []
            j = int(force.kind[place.pledge])
            for q, base in self.stations(place):
                mine = np.flatnonzero((tasked[q].arcs[0] == j) & (tasked[q].arcs[1] == base))
                areas, based = tasked[q].arcs[2][mine], tasked[q].officers[j, base]
                if based <= 1e-9 or not len(areas):
                    continue
                share = place.units * force.effect[place.pledge, q] / based * tasked[q].flow[mine]
                work = np.zeros((len(self.program.areas), each[q].shape[2]))
                work[areas] = share[:, None] * each[q][j, areas]
                cells = np.flatnonzero(work)
                parts.append((q * self.cells + cells, work.ravel()[cells]))
            filled.append(Filled(place, *_joined(parts)))
            self.work.ravel()[filled[-1].cells] += filled[-1].officers
        self.placed = filled
        self.reach.settle(self.work, np.any(self.work != before, axis=0))

    def stations(self, placement: Placement) -> list[tuple[int, int]]:
        """Return block and base, in order, of a placement."""
        force, p = self.program.force, placement.pledge
        home = int(force.home[p])
        first = int(force.first[p]) if home >= 0 else placement.move
        return [
            (q, placement.base if q >= placement.move else home)
            for q in range(first, int(force.last[p]))
        ]

    def fill(self, pledges: list[int], noise: Array | None = None) -> None:
        """Place what is left of the pledges, the best first, while it is worth its price.

        Lazy greedy: what a unit saves only falls while others are placed, so an offer that is
        still the best after a fresh look is the best of all.
        """
        heap = [(-np.inf, k, self._chunk(p)) for k, p in enumerate(pledges) if self.left[p] > 0]
        heapify(heap)
        while heap:
            _, k, units = heappop(heap)
            p = pledges[k]
            units = min(units, int(self.left[p]))
            offer = self.best(p, units, noise=1.0 if noise is None else float(noise[k]))
            if offer is None:
                if units > 1:
                    heappush(heap, (-np.inf, k, units // 2))
                continue
            if offer.score < 0 or (offer.score == 0 and self.program.force.home[p] < 0):
                continue
            if heap and -offer.score > heap[0][0]:
                heappush(heap, (-offer.score, k, units))
                continue
            self.put(offer.placement)
            if self.left[p] > 0:
                heappush(heap, (-offer.score, k, units))

    def _chunk(self, pledge: int) -> int:
        """Return how many units of a pledge are placed at once."""
        force = self.program.force
        if force.lumpy[pledge]:
            return 1
        return max(1, int(np.ceil(force.number[pledge] / CHUNKS)))

    def count(self) -> IntArray:
        """Return units in place, shape (P, A, Q)."""
        count = np.zeros(self.program.shape, dtype=int)
        for filled in self.placed:
            for q, base in self.stations(filled.placement):
                count[filled.placement.pledge, base, q] += filled.placement.units
        return count

    def snapshot(self) -> Snapshot:
        """Return the state, to come back to."""
        return Snapshot(
            self.work.copy(), self.free, self.left.copy(), tuple(self.placed), self._opened
        )

    def restore(self, state: Snapshot) -> None:
        """Go back to a state."""
        other = np.any(self.work != state.work, axis=0)
        self.work, self.free, self.left = state.work.copy(), state.free, state.left.copy()
        self.placed, self._opened = list(state.placed), state.opened
        self.reach.settle(self.work, other)


def _joined(parts: Sequence[tuple[IntArray, Array]]) -> tuple[IntArray, Array]:
    """Return cells and officers of all blocks one after the other."""
    none: tuple[IntArray, Array] = np.zeros(0, dtype=int), np.zeros(0)
    cells, officers = zip(none, *parts, strict=True)
    return np.concatenate(cells), np.concatenate(officers)


def _to_end(values: Array, axis: int) -> Array:
    """Return sums from each position to the end along an axis."""
    return np.flip(np.cumsum(np.flip(values, axis), axis), axis)
