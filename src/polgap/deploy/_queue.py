"""The queue: activities that share resources, draw by draw, and what each of them waited for.

A list schedule that never lets a resource idle while something could use it: the activity that
can start first starts, and among equals the one first in the order of the plan at middle
durations. Starts come in the order of time, so a resource is told by when each of its units is
free again. More of a resource may delay single pledges (Graham's anomalies); what holds is that
nothing ends earlier than it would alone. Where there is less of a resource in some months, nothing
new starts then beyond what there is; what has started goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]
Lags = dict[int, Array]

TOUCH = 1e-6
"""Days within which an end meets a start."""


@dataclass(frozen=True)
class Net:
    """Activities of all pledges, each after all its predecessors.

    Parameters
    ----------
    before : for each activity its predecessors
    days : (N, draw)
    release : (N, draw) earliest start, days; inf: never
    kind : (N,) resource used while it lasts, -1 none
    units : (N,) of that resource, at most its capacity
    rank : (N,) place in the order of the plan, first served first
    capacity : (R,) the most there ever is
    steps : for each resource (day, how much from then on), the first at day 0; none: its capacity
    """

    before: Sequence[Sequence[int]]
    days: Array
    release: Array
    kind: IntArray
    units: IntArray
    rank: IntArray
    capacity: IntArray
    steps: Sequence[Sequence[tuple[float, int]]] = field(default=())

    def windows(self, kind: int) -> Sequence[tuple[float, float, int]]:
        """Return begin, end and capacity of each window of a resource, in order of time."""
        steps = self.steps[kind] if self.steps else [(0.0, int(self.capacity[kind]))]
        ends = [*(day for day, _ in steps[1:]), np.inf]
        return [(day, end, most) for (day, most), end in zip(steps, ends, strict=True)]


def queue(net: Net) -> tuple[Array, IntArray]:
    """Return the start of each activity, and which activity it waited for.

    Returns
    -------
    start : (N, draw), days; inf = never
    blocker : (N, draw), the activity whose end freed the resource; -1 = it did not wait

    Examples
    --------
    Two visits of 3 and 2 days need the one team; a unit trains 4 days after the second:

    >>> days = np.array([[3.0], [2.0], [4.0]])
    >>> net = Net([[], [], [1]], days, 0 * days, np.array([0, 0, -1]), np.array([1, 1, 0]),
    ...           np.array([1, 0, 2]), np.array([1]))
    >>> start, blocker = queue(net)
    >>> start.ravel().tolist(), blocker.ravel().tolist()
    ([2.0, 0.0, 2.0], [1, -1, -1])
    """
    shared = np.flatnonzero(net.kind >= 0)
    shared = shared[np.argsort(net.rank[shared], kind="stable")]
    start = np.full(net.days.shape, np.inf)
    blocker = np.full(net.days.shape, -1, dtype=np.int32)
    if len(shared):
        _serve(net, shared, start, blocker)
    using = net.kind >= 0
    for k, names in enumerate(net.before):
        if not using[k]:
            start[k] = _after(net, k, names, start)
    return start, blocker


def _after(net: Net, k: int, names: Sequence[int], start: Array) -> Array:
    ready = net.release[k]
    for m in names:
        ready = np.maximum(ready, start[m] + net.days[m])
    return np.asarray(ready)


def _serve(net: Net, shared: IntArray, start: Array, blocker: IntArray) -> None:
    """Fill in the starts of what shares a resource, one activity of each draw at a time."""
    ready, follows, lags = _links(net, shared)
    kind, units = net.kind[shared], net.units[shared]
    days = net.days[shared]
    ready[net.capacity[kind] == 0] = np.inf
    open_ = np.zeros(ready.shape, dtype=np.int64)
    for row in follows:
        for j in row[row >= 0]:
            open_[j] += 1
    free = [np.zeros((max(1, int(c)), ready.shape[1])) for c in net.capacity]
    holder = [np.full(f.shape, -1, dtype=np.int32) for f in free]
    here = np.arange(ready.shape[1])
    windows = [net.windows(k) for k in range(len(free))]
    for _ in shared:
        first = np.stack([
            _soonest(r, free[k], int(u), windows[k])
            for r, k, u in zip(ready, kind, units, strict=True)
        ])  # fmt: skip
        start_at = np.where(open_ == 0, first, np.nan)
        chosen = _first(start_at)
        begin = start_at[chosen, here]
        start[shared[chosen], here] = begin
        for k in range(len(free)):
            mine = np.flatnonzero((kind[chosen] == k) & np.isfinite(begin))
            if len(mine):
                a = chosen[mine]
                waited = begin[mine] > ready[a, mine] + TOUCH
                which = len(free[k]) - _most(windows[k], begin[mine]) + np.maximum(units[a], 1) - 1
                waited &= free[k][which, mine] >= begin[mine] - TOUCH  # else for a window to open
                blocker[shared[a], mine] = np.where(waited, holder[k][which, mine], -1)
                taken = np.arange(len(free[k]))[:, None] < units[a]
                ends = np.where(taken, begin[mine] + days[a, mine], free[k][:, mine])
                whose = np.where(taken, shared[a], holder[k][:, mine])
                order = np.argsort(ends, axis=0, kind="stable")
                free[k][:, mine] = np.take_along_axis(ends, order, axis=0)
                holder[k][:, mine] = np.take_along_axis(whose, order, axis=0)
        open_[chosen, here] = -1
        for s in range(follows.shape[1]):
            j = follows[chosen, s]
            d = np.flatnonzero(j >= 0)
            then = begin[d] + days[chosen[d], d] + lags[chosen[d], s, d]
            ready[j[d], d] = np.maximum(ready[j[d], d], then)
            open_[j[d], d] -= 1


def _soonest(
    ready: Array, free: Array, units: int, windows: Sequence[tuple[float, float, int]]
) -> Array:
    """Return when so many units are to be had from `ready` on, by draw; inf: never.

    Of all that there ever are, a window lacks some: as many more must be free.
    """
    found = np.full(len(ready), np.inf)
    for begin, end, most in windows:
        if max(units, 1) <= most:
            at = np.maximum(np.maximum(ready, free[len(free) - most + max(units, 1) - 1]), begin)
            found = np.minimum(found, np.where(at < end, at, np.inf))
    return found


def _most(windows: Sequence[tuple[float, float, int]], at: Array) -> IntArray:
    """Return how much of a resource there is at the days `at`."""
    days = [begin for begin, _, _ in windows]
    most = np.array([n for _, _, n in windows])
    return np.asarray(most[np.searchsorted(days, at, side="right") - 1])


def _first(start_at: Array) -> IntArray:
    """Return the row of each draw that starts first; among equals the first row; NaN is no row."""
    known = np.where(np.isnan(start_at), np.inf, start_at)
    chosen = known.argmin(axis=0)
    never = np.isinf(known.min(axis=0))
    if never.any():
        chosen[never] = (~np.isnan(start_at[:, never])).argmax(axis=0)
    return np.asarray(chosen)


def _links(net: Net, shared: IntArray) -> tuple[Array, IntArray, Array]:
    """Return when each is ready but for its like, which it leads to, and how many days later."""
    place = {int(k): i for i, k in enumerate(shared)}
    alone: list[Array | None] = []
    paths: list[Lags] = []
    ready = np.empty((len(shared), net.days.shape[1]))
    leads: list[Lags] = [{} for _ in shared]
    for k, names in enumerate(net.before):
        begin = net.release[k]
        through: Lags = {}
        for m in names:
            if m in place:
                through[place[m]] = np.maximum(through.get(place[m], 0.0), 0.0)
                continue
            begin = np.maximum(begin, alone[m] + net.days[m])
            for i, lag in paths[m].items():
                longer = lag + net.days[m]
                through[i] = np.maximum(through.get(i, longer), longer)
        if k in place:
            ready[place[k]] = begin
            for i, lag in through.items():
                leads[i][place[k]] = np.broadcast_to(lag, begin.shape)
        alone.append(begin)
        paths.append({} if k in place else through)
    most = max(map(len, leads))
    follows = np.full((len(shared), most), -1)
    lags = np.zeros((len(shared), most, net.days.shape[1]))
    for i, found in enumerate(leads):
        for s, (j, lag) in enumerate(found.items()):
            follows[i, s], lags[i, s] = j, lag
    return ready, follows, lags


def on_path(net: Net, start: Array, blocker: IntArray, last: IntArray) -> BoolArray:
    """Return which activities the end of another hangs on, by precedence or by a resource.

    Parameters
    ----------
    last : (draw,) the activity that ends what is asked about; -1: nothing in this draw

    Returns
    -------
    bool array (N, draw)

    Examples
    --------
    >>> days = np.array([[3.0], [2.0], [4.0]])
    >>> net = Net([[], [], [1]], days, 0 * days, np.array([0, 0, -1]), np.array([1, 1, 0]),
    ...           np.array([1, 0, 2]), np.array([1]))
    >>> on_path(net, *queue(net), np.array([0])).ravel().tolist()  # the first waits for the second
    [True, True, False]
    """
    found = np.zeros(start.shape, dtype=bool)
    draws = np.flatnonzero(last >= 0)
    found[last[draws], draws] = True
    end = start + net.days
    waited = blocker >= 0
    for _ in range(len(start)):
        for k in reversed(range(len(start))):
            for m in net.before[k]:
                found[m] |= found[k] & ~waited[k] & (end[m] >= start[k] - TOUCH)
        rows, columns = np.nonzero(found & waited)
        others = blocker[rows, columns]
        if found[others, columns].all():
            break
        found[others, columns] = True
    return found
