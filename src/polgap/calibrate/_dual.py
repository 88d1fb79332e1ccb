"""Dual: what an officer is worth in each area, group and block, and a bound that this proves.

The cover of each (block, area, group) and the limits are priced. At given prices every pledge goes
by itself to where its officers are worth most, and stays there; so the sum is what no plan can
save. Unlike windows of blocks, one price list covers the whole horizon and knows that a unit
stays where it is placed. The best prices are found on a smooth version, in which each choice is
spread over its alternatives; the bound is then worked out exactly, in double precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._descent import descend
from polgap.calibrate._program import Program
from polgap.calibrate._search import STAY

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]
Stages = tuple[tuple[float, int], ...]

STAGES = ((0.05, 60), (0.01, 60), (0.003, 80), (0.001, 60))
"""Officer-months by which a choice may lag the best and still be made, and steps at that."""
WARM = ((0.02, 40), (0.005, 50), (0.0015, 40))
"""The same from prices that are nearly right."""
CLOSE = 1e-7
"""Relative fall of the smooth value in one step that ends a stage."""
FIRST_PRICE = 0.009
"""All of a limit costs this share of the requirement at first."""
SLOW = 30.0
"""Scale of limit prices against cover prices: a limit touches all areas at once."""
NEVER = -1e30


@dataclass(frozen=True)
class Prices:
    """Worth of cover (Q, A, G), officer-months an officer, and of each limit (R,)."""

    cover: Array
    limits: Array


class Dual:
    """The dual of a program; `value` is the bound and `prices` what proves it.

    Parameters
    ----------
    program : Program
        Its requirement may be by cell instead of by block, such as a month in one future.
    start : Prices, optional
        Prices that are nearly right.
    block : int array (cells,), optional
        Block of each cell, rising; else each block is one cell.
    stages : sequence of (float, int), optional
        How soft choices are, and steps at that.
    """

    def __init__(
        self,
        program: Program,
        start: Prices | None = None,
        block: IntArray | None = None,
        stages: Stages | None = None,
    ) -> None:
        self.program = program
        self.block = np.arange(len(program.months)) if block is None else block
        self._begin = np.searchsorted(self.block, np.arange(len(program.months)))
        self._served()
        self._placed()
        self._limited()
        usual = STAGES if start is None else WARM
        self.prices = self._ascend(start or self._first(), stages or usual)
        self.value = max(0.0, self.bound(self.prices))

    def _served(self) -> None:
        """Lay out the areas within reach of each base, and the groups of each kind."""
        p = self.program
        kinds, areas = p.reach.shape[:2]
        cells = len(self.block)
        wide = max(1, int(p.reach.sum(axis=2).max(initial=1)))
        far = np.where(p.reach, p.hours, np.inf)
        near = np.argsort(far, axis=2, kind="stable")[:, :, :wide]
        self.near = np.take_along_axis(p.reach, near, axis=2)
        at = np.arange(kinds)[:, None, None, None] * cells + np.arange(cells)[:, None, None]
        self.cell = np.ascontiguousarray(at * areas + near[:, None])
        self.cap = np.concatenate([p.cap, np.ones((kinds, 1))], axis=1)
        self.width, self.gain = p.width.astype(float), p.gain.astype(float)

    def _placed(self) -> None:
        """Lay out where and when the units of each pledge may be placed."""
        force, blocks = self.program.force, np.arange(len(self.program.months))
        self.there = (blocks >= force.first[:, None]) & (blocks < force.last[:, None])
        self.effect = self.program.effects(self.block) * self.there[:, self.block]
        used = force.number > 0
        self.stays = force.present & used & (force.last > force.first)
        self.home = np.where(force.present, force.home, 0)
        moves = (blocks > force.first[:, None]) & (blocks <= force.last[:, None] - STAY)
        moves &= force.movable[:, None]
        moves = np.where(force.present[:, None], moves, True) & self.there & used[:, None]
        self.may = force.allowed[:, None, :] & moves[:, :, None]
        known = np.flatnonzero(force.present)
        self.may[known, :, force.home[known]] = False
        self._barred = ~self.may
        self.capacity = np.maximum(self.effect.sum(axis=1), 1e-9)
        self.alike = self.program.by_cell is None
        """Whether a unit brings the same in all cells of a block, which are then summed first."""

    def _limited(self) -> None:
        rows, shape = self.program.limits, self.program.shape
        self.coef = np.array([row.coef for row in rows]).reshape(-1, shape[0])
        self.when = np.array([row.blocks for row in rows], dtype=float).reshape(-1, shape[2])
        self.where = np.array([row.areas for row in rows], dtype=float).reshape(-1, shape[1])
        self.areal = ~np.all(self.where > 0, axis=1)
        self.most = np.array([row.most for row in rows], dtype=float)
        one = (self.coef.max(axis=1, initial=0.0)) * self.when.sum(axis=1)
        self.unit = np.maximum(np.maximum(self.most, one), 1e-9)

    def _first(self) -> Prices:
        blocks, areas, groups, _ = self.program.width.shape
        half = self.program.gain.max(axis=(1, 2, 3), initial=0.0)[:, None, None] / 2.0
        cover = np.broadcast_to(half, (blocks, areas, groups)).copy()
        return Prices(cover, FIRST_PRICE * self.program.total / self.unit)

    def _ascend(self, start: Prices, stages: Stages) -> Prices:
        """Return the best prices that the stages find, from `start`."""
        if self.program.total <= 0:
            return start
        wide = self.program.width.sum(axis=3)
        scale = 1.0 / np.sqrt(wide + 0.05 * max(float(wide.mean()), 1e-9))
        scale, size = scale / scale.mean(), wide.size
        limit = np.sqrt(self.program.total / self.unit) / SLOW
        total = self.program.total

        def split(x: Array) -> Prices:
            return Prices(x[:size].reshape(scale.shape) * scale, (limit * x[size:]) ** 2)

        x = np.concatenate([(start.cover / scale).ravel(), np.sqrt(start.limits) / limit])
        best, least = start, np.inf
        for soft, steps in stages:

            def function(x: Array, soft: float = soft) -> tuple[float, Array]:
                value, cover, rest = self.smooth(split(x), soft)
                rest = rest * 2.0 * limit**2 * x[size:]
                return value / total, np.concatenate([(cover * scale).ravel(), rest]) / total

            x = descend(function, x, steps, CLOSE)
            found = split(x)
            saved = self._exact(found)
            if saved < least:
                best, least = found, saved
        return best

    def filled(self, prices: Prices, soft: float) -> Array:
        """Return officers of the requirement that are met at prices, by cell, (cells,)."""
        used = _smooth_open(self.gain, prices.cover, self.width, soft)[1]
        return np.asarray(used.sum(axis=(1, 2)))

    def bound(self, prices: Prices) -> float:
        """Return the unmet officer-months below which no plan can get, as `prices` prove it."""
        return self.program.total - self._exact(prices)

    def _exact(self, prices: Prices) -> float:
        p, force = self.program, self.program.force
        cover = np.maximum(prices.cover, 0.0)
        saved = float((p.width * np.maximum(p.gain - cover[..., None], 0.0)).sum())
        worth = np.zeros((len(self.cap), *cover.shape[:2]))
        for j, cap in enumerate(self.cap):
            able = np.flatnonzero(cap[:-1] > 0)
            order = np.argsort(-cover[:, :, able], axis=2, kind="stable")
            size = cap[able][order]
            share = np.clip(1.0 - (np.cumsum(size, axis=2) - size), 0.0, size)
            worth[j] = (share * np.take_along_axis(cover[:, :, able], order, axis=2)).sum(axis=2)
        officer = np.where(self.near[:, None], worth.ravel()[self.cell], 0.0).max(axis=3)
        come, stay = self._values(officer, prices.limits)
        best = np.where(self.may, come, -np.inf).max(axis=(1, 2), initial=0.0)
        best = np.maximum(best, np.where(self.stays, stay, 0.0))
        return saved + float((force.number * best).sum()) + float((prices.limits * self.most).sum())

    def _by_block(self, officer: Array) -> Array:
        """Return worth of an officer summed over the cells of each block, (J, Q, A)."""
        if len(self._begin) == officer.shape[1]:
            return officer
        return np.add.reduceat(officer, self._begin, axis=1)

    def _units(self, officer: Array) -> Array:
        """Return what one unit saves in each block, (P, Q, A), from the worth of an officer."""
        kind = self.program.force.kind
        if self.alike:
            return self.effect[:, self._begin, None] * self._by_block(officer)[kind]
        return self._by_block(self.effect[:, :, None] * officer[kind])

    def _values(self, officer: Array, limits: Array) -> tuple[Array, Array]:
        """Return what one unit saves net of prices: placed (P, Q, A), or staying home (P,)."""
        force = self.program.force
        everywhere = np.einsum("r,rp,rq->pq", limits * ~self.areal, self.coef, self.when)
        net = self._units(officer)
        net -= (everywhere * self.there)[:, :, None]
        for r in np.flatnonzero(self.areal):
            use = limits[r] * np.outer(self.coef[r], self.when[r]) * self.there
            net -= use[:, :, None] * self.where[r]
        home = net[np.arange(len(net)), :, self.home] * force.present[:, None]
        before = np.cumsum(home, axis=1) - home
        for q in range(net.shape[1] - 1, 0, -1):
            net[:, q - 1] += net[:, q]
        net += before[:, :, None]
        return net, home.sum(axis=1)

    def smooth(self, prices: Prices, soft: float) -> tuple[float, Array, Array]:
        """Return the smooth value and its slope in cover (Q, A, G) and limit prices (R,)."""
        cover = prices.cover
        open_, used = _smooth_open(self.gain, cover, self.width, soft)
        worth, share = self._smooth_share(cover, soft)
        officer, path = self._smooth_reach(worth, soft)
        placed, units = self._smooth_place(officer, prices.limits, soft)
        value = open_ + placed + float((prices.limits * self.most).sum())
        force = self.program.force
        at = self._begin if self.alike else np.arange(len(self.block))
        there = units if self.alike else units[:, self.block]
        supply = np.zeros((len(officer), len(at), officer.shape[2]))
        for j in range(len(supply)):
            mine = np.flatnonzero(force.kind == j)
            supply[j] = np.einsum("pq,pqa->qa", self.effect[np.ix_(mine, at)], there[mine])
        path *= (supply[:, self.block] if self.alike else supply)[..., None]
        arrive = np.bincount(self.cell.ravel(), weights=path.ravel(), minlength=worth.size)
        work = (arrive.reshape(*worth.shape, 1) * share[..., :-1]).sum(axis=0)
        use = np.einsum("rp,rq,pq->r", self.coef, self.when, units.sum(axis=2))
        for r in np.flatnonzero(self.areal):
            where = (units * self.where[r]).sum(axis=2)
            use[r] = float((np.outer(self.coef[r], self.when[r]) * where).sum())
        return value, work - used, self.most - use

    def _smooth_share(self, cover: Array, soft: float) -> tuple[Array, Array]:
        """Return worth of an officer (J, Q, A), and shares of groups, idle last (J, Q, A, G+1)."""
        able, cap = self.cap > 0, self.cap[:, None, None]
        value = np.zeros((len(self.cap), *cover.shape[:2], cap.shape[-1]))
        value[..., :-1] = cover
        prior = np.where(able, -np.log(able.sum(axis=1, keepdims=True)), NEVER)
        prior = prior[:, None, None]
        each, best = _soften(value / soft + prior)
        total = _sum(each)
        share = each / total
        worth = soft * (best + np.log(total))[..., 0]
        over = np.nonzero((share > cap).any(axis=3))  # one in twenty
        cap, prior = (np.broadcast_to(x, share.shape)[over] for x in (cap, prior))
        share[over] = capped = _capped(each[over], share[over], cap)
        lag = np.log(np.maximum(capped, 1e-30)) - np.maximum(prior, -60.0)
        worth[over] = (capped * (value[over] - soft * lag)).sum(axis=1)
        return worth, share

    def _smooth_reach(self, worth: Array, soft: float) -> tuple[Array, Array]:
        """Return worth of an officer by base (J, Q, A), and shares of served areas."""
        count = np.maximum(self.near.sum(axis=2, keepdims=True), 1)
        prior = np.where(self.near, -np.log(count), NEVER)[:, None]
        each, best = _soften(worth.ravel()[self.cell] / soft + prior)
        total = _sum(each)
        value = soft * (best + np.log(total))[..., 0]
        each /= total
        return np.where(value > NEVER / 2, value, 0.0), each

    def _smooth_place(self, officer: Array, limits: Array, soft: float) -> tuple[float, Array]:
        """Return the value of all pledges, and units in place (P, Q, A)."""
        force = self.program.force
        come, stay = self._values(officer, limits)
        prior, scale = -np.log(self.may.sum(axis=(1, 2)) + self.stays + 1), soft * self.capacity
        # In place: the array of pledge x block x area is the largest here.
        np.copyto(come, -np.inf, where=self._barred)
        stay = np.where(self.stays, stay, -np.inf)
        best = np.maximum(np.maximum(come.max(axis=(1, 2)), stay), 0.0)
        come -= best[:, None, None]
        come /= scale[:, None, None]
        each = np.exp(come, out=come)
        home, idle = np.exp((stay - best) / scale), np.exp(-best / scale)
        total = each.sum(axis=(1, 2)) + home + idle
        value = float((force.number * (best + scale * (prior + np.log(total)))).sum())
        part = force.number / total
        each *= part[:, None, None]
        for q in range(1, each.shape[1]):
            each[:, q] += each[:, q - 1]
        units = each
        gone = units.sum(axis=2)
        known = np.flatnonzero(self.stays)
        left = (home * part)[:, None] + gone[:, -1:] - gone
        units[known, :, self.home[known]] += left[known]
        units *= self.there[:, :, None]
        return value, units


def _soften(value: Array) -> tuple[Array, Array]:
    """Return exp(value - best) over the last axis, a short one, and best; `value` is used up."""
    best = value[..., 0].copy()
    for k in range(1, value.shape[-1]):  # three times as fast as a reduction
        np.maximum(best, value[..., k], out=best)
    value -= best[..., None]
    return np.exp(value, out=value), best[..., None]


def _capped(each: Array, share: Array, cap: Array) -> Array:
    """Return shares as `each`, (row, group), none above `cap`: what is over is passed on."""
    full = share > cap
    for _ in range(cap.shape[1]):
        left = 1.0 - _sum(np.where(full, cap, 0.0))
        rest = np.where(full, 0.0, each)
        rest *= left / np.maximum(_sum(rest), 1e-30)
        share = np.where(full, cap, rest)
        more = (rest > cap * (1 + 1e-6)) & ~full
        if not more.any():
            break
        full |= more
    return share


def _sum(value: Array) -> Array:
    """Return the sum over the last axis, kept as an axis of length one."""
    return np.asarray(np.einsum("...k->...", value)[..., None])


def _smooth_open(gain: Array, cover: Array, width: Array, soft: float) -> tuple[float, Array]:
    """Return worth of segments above the price of cover, and how much of them is filled."""
    over = (gain - cover[..., None]) / soft
    small = np.exp(-np.abs(over))
    filled = np.where(over > 0, 1.0, small) / (1.0 + small)
    value = np.maximum(over, 0.0) + np.log1p(small) - np.log(2.0)
    total = soft * float((width * value).sum())
    return total, (width * filled).sum(axis=3)
