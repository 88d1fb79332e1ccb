"""List scheduling: orders turned into schedules, improved to and fro, and crossed.

The profile of free capacity holds one whole number a time step: the resources lie side by side in
its bits, with a guard bit above each, so that one subtraction tests them all.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = Sequence[int] | NDArray[np.integer[Any]]
Real = Sequence[float] | NDArray[np.floating[Any]]
Grid = Sequence[Sequence[int]] | NDArray[np.integer[Any]]
Order = list[int]
Value = Callable[[Sequence[int]], float]
Member = tuple[float, list[int]]

FAMILY = 40
"""Orders kept from one generation to the next."""
SHAKE = 0.7
"""Places by which an activity of a child moves up or down its order (standard deviation)."""
SHIFTS = 3
"""To-and-fro passes of one schedule, at most; most stop improving after one."""


@dataclass(frozen=True)
class Network:
    """A project made ready for list scheduling.

    Parameters
    ----------
    duration, release : (N,) time steps
    use : (N,) packed use of the resources
    whole, guard : packed capacity with its guard bits, and the guard bits alone
    before, after : (N,) predecessors and successors of each activity
    place : (N,) position in an order that names predecessors first
    """

    duration: list[int]
    release: list[int]
    use: list[int]
    whole: int
    guard: int
    before: list[list[int]]
    after: list[list[int]]
    place: list[int]

    @property
    def latest(self) -> int:
        """A time by which every activity has ended in any list schedule."""
        return sum(self.duration) + max(self.release, default=0)

    def reversed(self) -> Network:
        """Return the network with time running backwards; releases do not hold in it."""
        return replace(
            self,
            release=[0] * len(self.release),
            before=self.after,
            after=self.before,
            place=[-p for p in self.place],
        )


def pack(
    duration: Whole,
    release: Whole,
    use: Grid,
    capacity: Whole,
    pairs: Sequence[tuple[int, int]],
) -> Network:
    """Return the network of activities; `use` is by resource, then activity."""
    count = len(duration)
    widths = [int(c).bit_length() + 1 for c in capacity]
    shifts = [0, *accumulate(widths)][:-1]
    packed = [sum(int(row[i]) << s for row, s in zip(use, shifts, strict=True))
              for i in range(count)]  # fmt: skip
    guard = sum(1 << (s + w - 1) for s, w in zip(shifts, widths, strict=True))
    whole = guard + sum(int(c) << s for c, s in zip(capacity, shifts, strict=True))
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for first, then in pairs:
        before[then].append(first)
        after[first].append(then)
    place = [0] * count
    for at, i in enumerate(topological(before, after)):
        place[i] = at
    return Network([int(d) for d in duration], [int(r) for r in release], packed, whole, guard,
                   before, after, place)  # fmt: skip


def serial(net: Network, order: Sequence[int]) -> list[int]:
    """Return starts: each activity in turn at its earliest feasible time.

    `order` must name predecessors first. The schedule is active: no activity can start earlier
    without another starting later.
    """
    profile = [net.whole] * (net.latest + 1)
    guard, duration, start = net.guard, net.duration, [0] * len(order)
    for i in order:
        at, lasts, use = net.release[i], duration[i], net.use[i]
        for b in net.before[i]:
            ready = start[b] + duration[b]
            if ready > at:
                at = ready
        if use and lasts:
            t, end = at, at + lasts
            while t < end:
                if (profile[t] - use) & guard == guard:
                    t += 1
                else:
                    at = t = t + 1
                    end = at + lasts
            for t in range(at, end):
                profile[t] -= use
        start[i] = at
    return start


def parallel(net: Network, rank: Sequence[float]) -> list[int]:
    """Return starts: as time goes on, whatever is ready and fits starts, lowest `rank` first."""
    count = len(rank)
    waiting = [len(b) for b in net.before]
    ready = [i for i in range(count) if not waiting[i]]
    start, running, now, free = [0] * count, [], 0, net.whole
    left = count
    while left:
        for i in sorted(ready, key=lambda i: (rank[i], i)):
            if net.release[i] <= now and (free - net.use[i]) & net.guard == net.guard:
                free -= net.use[i]
                start[i] = now
                running.append(i)
                ready.remove(i)
        ends = [start[i] + net.duration[i] for i in running]
        later = [net.release[i] for i in ready if net.release[i] > now]
        now = min([*ends, *later], default=now)
        for i in [i for i in running if start[i] + net.duration[i] <= now]:
            running.remove(i)
            free += net.use[i]
            left -= 1
            for a in net.after[i]:
                waiting[a] -= 1
                if not waiting[a]:
                    ready.append(a)
    return start


def tails(net: Network) -> list[int]:
    """Return the longest chain of durations from the start of each activity to the end."""
    tail = [0] * len(net.duration)
    for i in sorted(range(len(tail)), key=net.place.__getitem__, reverse=True):
        tail[i] = net.duration[i] + max((tail[a] for a in net.after[i]), default=0)
    return tail


def heads(net: Network) -> list[int]:
    """Return the earliest start of each activity if resources were plenty."""
    head = list(net.release)
    for i in sorted(range(len(head)), key=net.place.__getitem__):
        for b in net.before[i]:
            head[i] = max(head[i], head[b] + net.duration[b])
    return head


def due_rank(net: Network, due: Whole, weight: Real) -> list[float]:
    """Return the latest start that keeps every due date behind an activity, if resources allow."""
    latest = [float(d) if w > 0 else float(net.latest) for d, w in zip(due, weight, strict=True)]
    for i in sorted(range(len(latest)), key=net.place.__getitem__, reverse=True):
        latest[i] = min([latest[i], *(latest[a] for a in net.after[i])]) - net.duration[i]
    return latest


def topological(before: list[list[int]], after: list[list[int]]) -> Order:
    """Return the activities with predecessors first; fewer than all if there is a cycle."""
    waiting = [len(b) for b in before]
    found = [i for i, w in enumerate(waiting) if not w]
    for i in found:
        for a in after[i]:
            waiting[a] -= 1
            if not waiting[a]:
                found.append(a)
    return found


def to_and_fro(net: Network, back: Network, start: list[int], value: Value) -> list[int]:
    """Return the best of a schedule pushed late, then early again, until that gains nothing.

    Known as forward-backward improvement or double justification [1]_.

    References
    ----------
    .. [1] Valls, Ballestin and Quintanilla (2005), Justification and RCPSP: a technique that
       pays, European Journal of Operational Research 165, 375-386.
    """
    best, least = start, value(start)
    for _ in range(SHIFTS):
        late = serial(back, _by_end(back, start))
        start = serial(net, _by_end(net, late))
        found = value(start)
        if found >= least:
            break
        best, least = start, found
    return best


def improve(
    net: Network,
    value: Value,
    ranks: Sequence[Sequence[float]],
    passes: int,
    rng: np.random.Generator,
    enough: float,
) -> list[int]:
    """Return the best starts of `passes` schedules: rules first, then crossed orders.

    A child takes the part before a cut from one parent and the rest in the order of the other,
    which keeps predecessors first; every schedule goes to and fro [1]_.

    References
    ----------
    .. [1] Valls, Ballestin and Quintanilla (2008), A hybrid genetic algorithm for the
       resource-constrained project scheduling problem, European Journal of Operational Research
       185, 495-508.
    """
    if not net.duration:
        return []
    back = net.reversed()
    family: list[Member] = []

    def add(start: list[int]) -> None:
        start = to_and_fro(net, back, start, value)
        family.append((value(start), start))

    for rank in ranks:
        add(serial(net, ordered(net, rank)))
        add(parallel(net, rank))
    spread = np.asarray(ranks[0], dtype=float)
    wide = float(np.ptp(spread)) / 4.0 or 1.0
    done = len(family)
    while done < passes and min(family)[0] > enough:
        if done < FAMILY:
            add(serial(net, ordered(net, (spread + rng.normal(0.0, wide, len(spread))).tolist())))
        else:
            family.sort(key=lambda one: one[0])
            family = _distinct(family)[:FAMILY]
            add(serial(net, _crossed(net, family, rng)))
        done += 1
    return min(family)[1]


def ordered(net: Network, rank: Sequence[float]) -> Order:
    """Return the activities by `rank`, lowest first, predecessors before all."""
    waiting = [len(b) for b in net.before]
    heap = [(rank[i], i) for i, w in enumerate(waiting) if not w]
    heapq.heapify(heap)
    found = []
    while heap:
        _, i = heapq.heappop(heap)
        found.append(i)
        for a in net.after[i]:
            waiting[a] -= 1
            if not waiting[a]:
                heapq.heappush(heap, (rank[a], a))
    return found


def _crossed(net: Network, family: list[Member], rng: np.random.Generator) -> Order:
    """Return a child of two members, a little shaken; the better ones are taken more often."""
    mother, father = (family[int(len(family) * rng.random() ** 2)][1] for _ in range(2))
    one, other = by_start(net, mother), by_start(net, father)
    low, high = sorted(int(x) for x in rng.integers(0, len(one) + 1, 2))
    head = one[:low]
    taken = set(head)
    middle = [i for i in other if i not in taken][: high - low]
    taken.update(middle)
    child = [*head, *middle, *(i for i in one if i not in taken)]
    rank = [0.0] * len(child)
    for at, (i, shake) in enumerate(zip(child, rng.normal(0.0, SHAKE, len(child)), strict=True)):
        rank[i] = at + float(shake)
    return ordered(net, rank)


def by_start(net: Network, start: Sequence[int]) -> Order:
    """Return the activities as they start, predecessors first."""
    return sorted(range(len(start)), key=lambda i: (start[i], net.place[i]))


def _by_end(net: Network, start: list[int]) -> Order:
    """Return what ends last first: the order of a schedule seen from its other end."""
    return sorted(range(len(start)), key=lambda i: (-start[i] - net.duration[i], net.place[i]))


def _distinct(family: list[Member]) -> list[Member]:
    seen: set[tuple[int, ...]] = set()
    found = []
    for value, start in family:
        if (key := tuple(start)) not in seen:
            seen.add(key)
            found.append((value, start))
    return found
