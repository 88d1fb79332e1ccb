"""Schedule: when each activity starts, where activities share what there is too little of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.deploy import _list
from polgap.deploy._cp import Alarm, Answer, search
from polgap.deploy._list import Grid, Real, Whole
from polgap.deploy._task import Task
from polgap.errors import StudyError

IntArray = NDArray[np.integer[Any]]
Call = Callable[..., Any]
"""``call(function, *arguments)``, run in a process of its own (`polgap.workers.child`)."""

PASSES = 200
"""List schedules tried; each goes to and fro."""
WORK = 1.0
"""Deterministic time of the solver: the same answer everywhere, after some 5 to 10 seconds."""


@dataclass(frozen=True)
class Project:
    """Activities, what must come before what, and the resources they share.

    Parameters
    ----------
    duration : (N,) whole time steps, 0 or more
    pairs : sequence of (first, then)
        `then` starts when `first` has ended, or later.
    use : (R, N) units of each renewable resource while the activity lasts
    capacity : (R,) units there are at any time
    release : (N,) earliest start; empty: 0
    due, weight : (N,) time at which the activity should have ended, cost of each step later;
        empty, or no weight at all: the makespan counts
    horizon : int, optional
        Latest end allowed; a schedule that ends later is refused.

    Raises
    ------
    StudyError
        With all that is wrong: lengths, negative numbers, a use above its capacity, a cycle.
    """

    duration: Whole
    pairs: Sequence[tuple[int, int]] = ()
    use: Grid = ()
    capacity: Whole = ()
    release: Whole = ()
    due: Whole = ()
    weight: Real = ()
    horizon: int | None = None
    net: _list.Network = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        wrong = _wrong(self)
        if wrong:
            raise StudyError("project: " + "; ".join(wrong))
        release = self.release if len(self.release) else [0] * len(self.duration)
        net = _list.pack(self.duration, release, self.use, self.capacity, self.pairs)
        if len(_list.topological(net.before, net.after)) < len(self.duration):
            raise StudyError("project: got a cycle of activities; wanted first and then")
        object.__setattr__(self, "net", net)

    def cost(self, start: Sequence[int]) -> float:
        """Return the makespan of starts, or their weighted lateness where weights are given."""
        ends = [s + d for s, d in zip(start, self.net.duration, strict=True)]
        if not self.weighted:
            return float(max(ends, default=0))
        late = [max(0, e - int(d)) for e, d in zip(ends, self.due, strict=True)]
        return float(sum(w * x for w, x in zip(self.weight, late, strict=True)))

    @property
    def weighted(self) -> bool:
        """Whether lateness counts, and not the makespan."""
        return len(self.weight) > 0 and max(self.weight) > 0


@dataclass(frozen=True)
class Schedule:
    """Starts, with what is proved about them.

    Parameters
    ----------
    start : (N,) time steps from 0
    makespan : end of the last activity
    value : what was minimised: the makespan, or the weighted lateness
    bound : no schedule has a lower value
    proved : whether `value` is the least possible
    method : ``list`` or ``cp``
    """

    start: IntArray
    makespan: int
    value: float
    bound: float
    proved: bool
    method: str


def schedule(
    project: Project,
    call: Call | None = None,
    *,
    passes: int = PASSES,
    work: float = WORK,
    alarm: Alarm | None = None,
    seed: int = 1,
) -> Schedule:
    """Return a schedule that keeps every precedence and every capacity.

    List schedules by priority rules are pushed late and early again and crossed; then, where a
    process for the solver is given and the bound is not met, CP-SAT goes on from the best of them.
    Every activity starts as early as the order allows.

    Parameters
    ----------
    project : Project
    call : callable, optional
        Runs a function in a process of its own, since the two solvers cannot share one
        (`polgap.workers.child`). Without it, or without the extra ``schedule``, list schedules
        are the answer.
    passes : int
        List schedules tried, at most.
    work : float
        Deterministic limit of the solver: the same answer on each machine.
    alarm : callable, optional
        Stops the solver instead (`polgap.workers.Alarm`); the answer then depends on the machine.
    seed : int

    Raises
    ------
    StudyError
        If no schedule found ends within the horizon.

    Examples
    --------
    Two visits need the one team; the second unit trains while the first is visited.

    >>> plan = schedule(Project(duration=[3, 2, 4], pairs=[(1, 2)], use=[[1, 1, 0]], capacity=[1]))
    >>> plan.start.tolist(), plan.makespan, plan.proved
    ([2, 0, 2], 6, True)
    """
    net, least = project.net, _bound(project)
    rng = np.random.default_rng(seed)
    start = _list.improve(net, project.cost, _ranks(project), passes, rng, least)
    method = "list"
    if call is not None and project.cost(start) > least:
        found: Answer | None = call(search, _task(project, start, least), work, seed, alarm)
        if found is not None:
            method, least = "cp", max(least, found.bound)
            early = _list.serial(net, _list.by_start(net, found.start))
            start = min(start, early, key=project.cost)
    makespan = max((s + d for s, d in zip(start, net.duration, strict=True)), default=0)
    if project.horizon is not None and makespan > project.horizon:
        raise StudyError(f"horizon: got {project.horizon}; wanted at least {makespan}, the end of "
                         "the shortest schedule found")  # fmt: skip
    value = project.cost(start)
    return Schedule(np.array(start, dtype=int), makespan, value, min(least, value),
                    value <= least + 1e-9, method)  # fmt: skip


def _bound(project: Project) -> float:
    """Return a lower bound of the value: the longest chain, and the busiest resource."""
    net = project.net
    head, tail = _list.heads(net), _list.tails(net)
    if project.weighted:
        return project.cost(head)
    longest = max((h + t for h, t in zip(head, tail, strict=True)), default=0)
    busy = [-(-sum(d * int(u) for d, u in zip(net.duration, row, strict=True)) // int(c))
            for row, c in zip(project.use, project.capacity, strict=True) if c]  # fmt: skip
    return float(max([longest, *busy]))


def _ranks(project: Project) -> list[list[float]]:
    """Return priority rules, lowest first: least slack to the end, most work behind, least due."""
    net = project.net
    tail = _list.tails(net)
    latest = [float(-t) for t in tail]
    finish = [float(d - t) for d, t in zip(net.duration, tail, strict=True)]
    behind = [float(-(t + len(a))) for t, a in zip(tail, net.after, strict=True)]
    if not project.weighted:
        return [finish, latest, behind]
    return [_list.due_rank(net, project.due, project.weight), finish, latest]


def _task(project: Project, start: list[int], least: float) -> Task:
    net = project.net
    head, tail = _list.heads(net), _list.tails(net)
    end = project.horizon or net.latest
    if not project.weighted:
        end = min(end, int(project.cost(start)))
    return Task(
        duration=net.duration,
        pairs=[(int(a), int(b)) for a, b in project.pairs],
        use=[[int(u) for u in row] for row in project.use],
        capacity=[int(c) for c in project.capacity],
        first=head,
        last=[end - t for t in tail],
        due=[int(d) for d in project.due] if project.weighted else [],
        weight=[float(w) for w in project.weight] if project.weighted else [],
        hint=start,
        least=least,
    )


def _wrong(project: Project) -> list[str]:
    count, resources = len(project.duration), len(project.capacity)
    wrong = []
    for name, sequence in (("release", project.release), ("due", project.due),
                           ("weight", project.weight)):  # fmt: skip
        if len(sequence) not in (0, count):
            wrong.append(f"{name}: got {len(sequence)}; wanted {count} or none")
    if len(project.weight) and max(project.weight) > 0 and not len(project.due):
        wrong.append("due: got none; wanted one for each weight")
    if len(project.use) != resources or any(len(row) != count for row in project.use):
        wrong.append(f"use: wanted {resources} resources by {count} activities")
        return wrong
    for name, sequence in (("duration", project.duration), ("release", project.release),
                           ("weight", project.weight), ("capacity", project.capacity)):  # fmt: skip
        if len(sequence) and min(sequence) < 0:
            wrong.append(f"{name}: got {min(sequence)}; wanted 0 or more")
    for row, most in zip(project.use, project.capacity, strict=True):
        if len(row) and (max(row) > most or min(row) < 0):
            wrong.append(f"use: got {min(row)} to {max(row)}; wanted 0 to the capacity {most}")
    if any(not 0 <= i < count for pair in project.pairs for i in pair):
        wrong.append(f"pairs: wanted activities from 0 to {count - 1}")
    return wrong
