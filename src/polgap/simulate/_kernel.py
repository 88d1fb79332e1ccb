"""The kernel: month by month, violence, policing, host-State police and trust.

Plain numpy over (area, draw), in the order of planning.md 4.1. It is written to be read; a
compiled kernel has to give the same numbers.

Violence. The futures are violence under the present mission. With police ``P`` within reach of
an area under an option, ``P0`` under the present mission (both at most the cap) and the drawn
effect ``beta``, civilian deaths are::

    N_t = max(0, exp(beta (P_t - P0_t) / 1000) B_t + alpha D_(t-1) + gamma W D_(t-1)),
    D_t = N_t - B_t

``B`` is the future's own count (times the spike where one hits), ``W`` the mean over areas within
reach. This is expected-value thinning: deaths become real numbers. The excess ``D`` is not
multiplied again, so ``alpha + gamma < 1`` keeps it finite whatever ``beta``, and deaths rise with
every month's multiplier. ``beta = 0`` leaves every count as it is, to the last bit.
Battle deaths and non-state deaths do not answer to police.

Requirement. Protection scales with ``((deaths + 1) / (deaths of the future + 1)) ** elasticity``;
host-State officers won or lost change a function's requirement by what the posture takes over.
Cover of an area is the policing given, host and mission, over the need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.simulate._assign import Route, serve
from polgap.simulate._force import Force

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]

LASTING = (
    "unmet_need",
    "civilian_deaths",
    "all_deaths",
    "cover",
    "host_effective",
    "trust",
    "misconduct",
)
"""What the kernel keeps for each month, area and draw."""

ABRUPT = 1.0 / 3.0
"""A loss of more than this share of an area's officers within a month is abrupt withdrawal."""


@dataclass(frozen=True)
class World:
    """What all options and all parts of the evidence share.

    Parameters
    ----------
    civilian, other : array, shape (month, area, draw), deaths of the futures
        One-sided; state-based and non-state together.
    spike : array, shape (month, area, draw), factor on violence
    consent, host_loss : array, shape (month, draw)
    need, host, required : array, shape (month, function, area, draw), officers on strength
    need_total, host_total : array, shape (month, area, draw), officers on strength
        Over functions.
    host_carries : array, shape (month, function, area, draw), officers on strength
        Mission requirement that would come on top if the host gave nobody at all.
    protection, development : int
        Positions of the two functions; -1 when switched off.
    population : array, shape (area, draw or 1)
    reach, near : array, shape (area, area)
        Base within reach of an area (0 or 1); mean over the other areas within reach.
    present : array, shape (month, area, draw)
        Police within reach under the present mission, at most the cap.
    cap : float
    luck : array, shape (month, area, draw), uniform numbers for misconduct
    habits : Mapping
        Drawn parameters of the kernel, shape (draw,).
    ways : tuple
        From `routes`.
    """

    civilian: Array
    other: Array
    spike: Array
    consent: Array
    host_loss: Array
    need: Array
    host: Array
    required: Array
    need_total: Array
    host_total: Array
    host_carries: Array
    protection: int
    development: int
    population: Array
    reach: Array
    near: Array
    present: Array
    cap: float
    luck: Array
    habits: Mapping[str, Array]
    ways: tuple[Route, ...]


@dataclass(frozen=True)
class Path:
    """What happens under one option: arrays of shape (month, area, draw) by name in `LASTING`.

    `outside` is the share of area-months and futures with more police within reach than the
    record of the evidence holds.
    """

    of: Mapping[str, Array]
    outside: float


def within_reach(police: Array, reach: Array) -> Array:
    """Return heads within reach of each area, shape (month, area, draw).

    Examples
    --------
    >>> heads = np.array([[[5.0], [7.0]]])
    >>> within_reach(heads, np.array([[1.0, 1.0], [0.0, 1.0]])).ravel().tolist()
    [5.0, 12.0]
    """
    return np.asarray(np.matmul(reach.T, police))


def civilian_deaths(world: World, near_police: Array, beta: Array) -> Array:
    """Return one-sided deaths under an option, shape (month, area, draw).

    Parameters
    ----------
    world : World
    near_police : array, shape (month, area, draw), police within reach
    beta : array, shape (draw,), change of the log rate per 1,000 police

    Notes
    -----
    See the module docstring for the equation.
    """
    alpha, gamma = world.habits["violence_self_excitation"], world.habits["violence_spill_over"]
    change = np.minimum(near_police, world.cap) - world.present
    multiplier = np.exp(beta * change / 1000.0)
    base = world.civilian * world.spike
    deaths = np.empty_like(base)
    excess = np.zeros(base.shape[1:])
    for t in range(len(base)):
        carried = alpha * excess + gamma * (world.near @ excess)
        deaths[t] = np.maximum(multiplier[t] * base[t] + carried, 0.0)
        excess = deaths[t] - base[t]
    return deaths


def live(world: World, force: Force, beta: Array) -> Path:
    """Return what happens under a force in every future.

    Parameters
    ----------
    world : World
    force : Force
        After the shocks; consent is applied here.
    beta : array, shape (draw,), change of the log rate per 1,000 police
    """
    heads = force.police * world.consent[:, None, :]
    near_police = within_reach(heads, world.reach)
    civilian = civilian_deaths(world, near_police, beta)
    deaths = civilian + world.other * world.spike
    found = {name: np.empty(civilian.shape, np.float32) for name in LASTING}
    found["civilian_deaths"][:], found["all_deaths"][:] = civilian, deaths
    found["misconduct"][:] = _misconduct(world, force.police)
    usual = world.civilian + world.other
    pressure = ((deaths + 1.0) / (usual + 1.0)) ** world.habits["need_violence_elasticity"]
    rate = 1e5 * deaths / np.maximum(world.population, 1.0)
    harm = rate / (rate + world.habits["violence_half_harm"])
    host: Array = np.ones(civilian.shape[1:])
    trust: Array = np.broadcast_to(world.habits["trust_start"], host.shape)
    before: Array | None = None
    for t in range(len(civilian)):
        there = force.officers[t] * world.consent[t].astype(np.float32)
        lost = _withdrawn(before, there)
        before = there.sum(axis=0)
        unmet, cover, mentored = _policing(world, t, there, pressure[t], host, trust)
        found["unmet_need"][t], found["cover"][t], found["trust"][t] = unmet, cover, trust
        found["host_effective"][t] = world.host_total[t] * host
        host = _host_next(world, t, host, trust, mentored, harm[t])
        trust = _trust_next(world, trust, cover, harm[t], found["misconduct"][t], lost)
    return Path(found, float((near_police > world.cap).mean()))


def _policing(
    world: World, t: int, officers: Array, pressure: Array, host: Array, trust: Array
) -> tuple[Array, Array, Array]:
    """Return unmet requirement, cover of need and the share of mentoring done, (area, draw)."""
    small = np.float32
    p, d = world.protection, world.development
    required = world.required[t] + world.host_carries[t] * (1.0 - host).astype(small)
    if p >= 0:
        required[p] += world.required[t, p] * (pressure - 1.0)
    np.maximum(required, 0.0, out=required)
    # trust lifts or lowers what an officer achieves; at the start it is what `assess` counted
    worth = (1.0 + trust) / (1.0 + world.habits["trust_start"])
    served = serve(required, officers * worth.astype(small), world.ways)
    unmet = (required - served).sum(axis=0)
    given = served + world.host[t] * host.astype(small)
    plain, total = world.need[t], world.need_total[t]
    done = np.minimum(given, plain).sum(axis=0)
    if p >= 0:
        raised = plain[p] * pressure
        done += np.minimum(given[p], raised) - np.minimum(given[p], plain[p])
        total = total + raised - plain[p]
    cover = np.divide(done, total, out=np.ones_like(total), where=total > 0)
    np.minimum(cover, 1.0, out=cover)
    if d < 0:
        return unmet, cover, np.zeros_like(cover)
    asked = required[d]
    mentored = np.divide(served[d], asked, out=np.zeros_like(asked), where=asked > 0)
    return unmet, cover, mentored


def _host_next(
    world: World, t: int, host: Array, trust: Array, mentored: Array, harm: Array
) -> Array:
    """Return next month's host-State effective officers over those of the assessment."""
    room = np.maximum(world.habits["mentoring_ceiling"] - host, 0.0)
    won = world.habits["mentoring_gain_month"] * mentored * trust * world.consent[t] * room
    worn = world.habits["host_violence_loss_month"] * host * harm
    return np.asarray(np.maximum(host + won - worn - world.host_loss[t], 0.0))


def _trust_next(
    world: World, trust: Array, cover: Array, harm: Array, incidents: Array, lost: BoolArray
) -> Array:
    """Return next month's trust in policing, 0 to 1."""
    h = world.habits
    change = (
        h["trust_gain_month"] * (1.0 - trust) * cover
        - h["trust_loss_violence_month"] * trust * harm
        - h["trust_loss_misconduct"] * trust * incidents
        - h["trust_loss_withdrawal"] * trust * lost
    )
    return np.asarray(np.clip(trust + change, 0.0, 1.0))


def _misconduct(world: World, police: Array) -> Array:
    """Return whether serious misconduct by the mission becomes known, 0 or 1.

    The luck is common: with more police the same futures are hit, and some more.
    """
    rate = world.habits["misconduct_rate_year"] / 1000.0 / 12.0
    return np.asarray(world.luck < 1.0 - np.exp(-rate * police), dtype=np.float32)


def _withdrawn(before: Array | None, there: Array) -> BoolArray:
    """Return whether an area lost its officers abruptly since last month."""
    now = there.sum(axis=0)
    if before is None:
        return np.zeros(now.shape, dtype=np.bool_)
    return np.asarray(now < (1.0 - ABRUPT) * before)
