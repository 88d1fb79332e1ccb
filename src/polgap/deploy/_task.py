"""Task: a project as plain lists for a solver, and what is left of it when most keeps its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from polgap.deploy import _list


@dataclass(frozen=True)
class Task:
    """A project as plain lists; `first` and `last` are windows of starts, `hint` a schedule."""

    duration: list[int]
    pairs: list[tuple[int, int]]
    use: list[list[int]]
    capacity: list[int]
    first: list[int]
    last: list[int]
    due: list[int]
    weight: list[float]
    hint: list[int]
    least: float

    @property
    def end(self) -> int:
        """Latest end that the windows allow."""
        return max((x + d for x, d in zip(self.last, self.duration, strict=True)), default=0)

    def cost(self, start: Sequence[int]) -> float:
        """Return the weighted lateness of starts, or their makespan without weights."""
        ends = [s + d for s, d in zip(start, self.duration, strict=True)]
        if not self.weight:
            return float(max(ends, default=0))
        late = zip(self.weight, ends, self.due, strict=True)
        return float(sum(w * max(0, e - d) for w, e, d in late))


def neighbour(task: Task, start: list[int], around: float, free: int) -> Task:
    """Return the task in which only the activities nearest to a time may change their order.

    The others keep the order in which they hand over resources to each other; those that end
    before any free one starts stay where they are [1]_.

    References
    ----------
    .. [1] Godard, Laborie and Nuijten (2005), Randomized large neighborhood search for cumulative
       scheduling, ICAPS 2005, 81-89.
    """
    count = range(len(start))
    middle = [abs(start[i] + task.duration[i] / 2.0 - around) for i in count]
    loose = set(sorted(count, key=middle.__getitem__)[:free])
    begin = min(start[i] for i in loose)
    still = {i for i in count if i not in loose and start[i] + task.duration[i] <= begin}
    kept = {(a, b) for a, b in handed_over(task, start)
            if not {a, b} & loose and not {a, b} <= still}  # fmt: skip
    spare = 0 if task.weight else task.end - int(task.cost(start))
    first = [start[i] if i in still else task.first[i] for i in count]
    last = [start[i] if i in still else task.last[i] - spare for i in count]
    return replace(task, pairs=[*task.pairs, *sorted(kept)], first=first, last=last, hint=[])


def handed_over(task: Task, start: list[int]) -> set[tuple[int, int]]:
    """Return who passes a unit of a resource to whom: with these pairs capacities hold.

    Each unit goes to the next activity from the one that let go of it last.
    """
    order = sorted(range(len(start)), key=lambda i: (start[i], start[i] + task.duration[i]))
    found = set()
    for row, most in zip(task.use, task.capacity, strict=True):
        units = [(-1, -1)] * most
        for i in order:
            if row[i] and task.duration[i]:
                units.sort(key=lambda unit: (unit[0] > start[i], -unit[0]))
                found |= {(holder, i) for _, holder in units[: row[i]] if holder >= 0}
                units[: row[i]] = [(start[i] + task.duration[i], i)] * row[i]
    return found


def early(task: Task, start: list[int]) -> list[int]:
    """Return the schedule pushed late and early again, at least as good."""
    net = _list.pack(task.duration, task.first, task.use, task.capacity, task.pairs)
    pushed = _list.serial(net, _list.by_start(net, start))
    return _list.to_and_fro(net, net.reversed(), pushed, task.cost)
