"""CP-SAT, run in a process of its own: ortools and highspy bring libraries that clash."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from polgap.deploy._task import Task, early, neighbour

Alarm = Callable[[Callable[[], None]], AbstractContextManager[object]]
"""Given what stops the solver, a context in which that will be called (`polgap.workers.Alarm`)."""
SMALL = 45
"""Activities up to which all the work goes into the whole task."""
FIRST, FIRST_SHARE = 0.15, 0.3
"""Work for the whole of a larger task, at most, and as a share of all work."""
LOOK = 0.03
"""Work for a neighbour; each counts as that much, as the solver does not count its preparation."""
FREE, FEWEST = 30, 10
"""Activities that may change their order at first, and at least; more once that is easy."""
WHOLE = 1000
"""Weights are rounded to thousandths of the greatest: the solver knows whole numbers only."""


@dataclass(frozen=True)
class Answer:
    """Starts found, and a lower bound of the value."""

    start: list[int]
    bound: float


def search(task: Task, work: float, seed: int, alarm: Alarm | None = None) -> Answer | None:
    """Return the best schedule found, or None without ortools or without any schedule.

    One worker, with its strategies in turn, on the whole task first: small ones are proved. Then
    on neighbours of the best schedule, in which some activities near a time, drawn at random, may
    change their order. The same answer for the same work; with an alarm it goes on until then.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return None
    run = _Run(cp_model, seed)
    small = len(task.duration) <= SMALL
    limit = float("inf") if alarm else work
    with alarm(run.stop) if alarm else nullcontext():
        start, bound, done = run.solve(task, limit if small else min(FIRST, FIRST_SHARE * limit))
        if start is not None and not done and not small:
            start = _neighbours(run, task, start, limit)
    return None if start is None else Answer(start, bound)


def _neighbours(run: _Run, task: Task, start: list[int], limit: float) -> list[int]:
    """Return the best schedule after looking at neighbours until the work is spent."""
    draws = random.Random(run.seed)
    start, free = early(task, start), FREE
    while run.work < limit and not run.stopped and task.cost(start) > task.least:
        around = draws.uniform(0.0, max(s + d for s, d in zip(start, task.duration, strict=True)))
        near = neighbour(task, start, around, free)
        found, _, done = run.solve(near, LOOK, draws.randrange(2**31))
        free = min(len(start), free + 1) if done else max(FEWEST, free - 1)
        if found is not None:
            found = early(task, found)
            if task.cost(found) <= task.cost(start):
                start = found
    return start


class _Run:
    """Solves tasks one after the other, counts the work, and can be stopped from outside."""

    def __init__(self, cp_model: Any, seed: int) -> None:
        self._cp_model, self.seed = cp_model, seed
        self.work, self.stopped = 0.0, False
        self._solver: Any = None

    def stop(self) -> None:
        """End what runs, and what would follow."""
        self.stopped = True
        if self._solver is not None:
            self._solver.stop_search()

    def solve(
        self, task: Task, work: float, shaken: int | None = None
    ) -> tuple[list[int] | None, float, bool]:
        """Return starts or None, the bound, and whether nothing is left to find.

        With `shaken` the search is short and takes other ways than before.
        """
        model, starts, units = _model(self._cp_model, task)
        self._solver = solver = self._cp_model.CpSolver()
        parameters: Any = solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = self.seed if shaken is None else shaken
        if shaken is None:
            parameters.interleave_search = True
        else:
            parameters.randomize_search = True
            parameters.linearization_level = 0
            parameters.cp_model_probing_level = 0
            parameters.symmetry_level = 0
        if work < float("inf"):
            parameters.max_deterministic_time = work
        status = solver.solve(model)
        least = 0.0 if shaken is None else LOOK
        self.work += max(least, float(solver.response_proto.deterministic_time))
        none = status not in (self._cp_model.OPTIMAL, self._cp_model.FEASIBLE)
        found = None if none else [int(solver.value(x)) for x in starts]
        ended = status in (self._cp_model.OPTIMAL, self._cp_model.INFEASIBLE)
        return found, -float("inf") if none else solver.best_objective_bound / units, ended


def _model(cp_model: Any, task: Task) -> tuple[Any, list[Any], float]:
    """Return the model, the variables of the starts, and the units of its objective."""
    model = cp_model.CpModel()
    count = range(len(task.duration))
    starts = [model.new_int_var(task.first[i], task.last[i], f"start{i}") for i in count]
    spans = [
        model.new_fixed_size_interval_var(starts[i], task.duration[i], f"span{i}") for i in count
    ]
    for first, then in task.pairs:
        model.add(starts[then] >= starts[first] + task.duration[first])
    for row, most in zip(task.use, task.capacity, strict=True):
        users = [i for i in count if row[i] and task.duration[i]]
        if sum(row[i] for i in users) > most:
            model.add_cumulative([spans[i] for i in users], [row[i] for i in users], most)
    for i in range(len(task.hint)):
        model.add_hint(starts[i], task.hint[i])
    latest = task.end
    if not task.weight:
        end = model.new_int_var(int(task.least), latest, "end")
        for i in count:
            model.add(end >= starts[i] + task.duration[i])
        model.minimize(end)
        return model, starts, 1.0
    units = WHOLE / max(task.weight)
    terms = []
    for i in count:
        if whole := round(task.weight[i] * units):
            late = model.new_int_var(0, max(0, latest - task.due[i]), f"late{i}")
            model.add(late >= starts[i] + task.duration[i] - task.due[i])
            terms.append(whole * late)
    model.minimize(sum(terms))
    return model, starts, units
