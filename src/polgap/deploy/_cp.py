"""CP-SAT, run in a process of its own: ortools and highspy bring libraries that clash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

Alarm = Callable[[Callable[[], None]], AbstractContextManager[object]]
"""Given what stops the solver, a context in which that will be called (`polgap.workers.Alarm`)."""
WHOLE = 1000
"""Weights are rounded to thousandths of the greatest: the solver knows whole numbers only."""


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


@dataclass(frozen=True)
class Answer:
    """Starts found, and a lower bound of the value."""

    start: list[int]
    bound: float


def search(task: Task, work: float, seed: int, alarm: Alarm | None = None) -> Answer | None:
    """Return the best schedule found, or None without ortools or without any schedule.

    One worker, with its strategies in turn: the same answer for the same work. With an alarm
    the work has no limit of its own.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return None
    model, starts, units = _model(cp_model, task)
    solver = cp_model.CpSolver()
    parameters: Any = solver.parameters
    parameters.num_workers = 1
    parameters.interleave_search = True
    parameters.random_seed = seed
    if alarm is None:
        parameters.max_deterministic_time = work
    with alarm(solver.stop_search) if alarm else nullcontext():
        status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return Answer([int(solver.value(x)) for x in starts], solver.best_objective_bound / units)


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
    for i in count:
        model.add_hint(starts[i], task.hint[i])
    latest = max((x + d for x, d in zip(task.last, task.duration, strict=True)), default=0)
    if not task.weight:
        end = model.new_int_var(int(task.least), latest, "end")
        for i in count:
            model.add(end >= starts[i] + task.duration[i])
        hinted = max(s + d for s, d in zip(task.hint, task.duration, strict=True))
        model.add_hint(end, hinted)
        model.minimize(end)
        return model, starts, 1.0
    units = WHOLE / max(task.weight)
    terms = []
    for i in count:
        if whole := round(task.weight[i] * units):
            late = model.new_int_var(0, max(0, latest - task.due[i]), f"late{i}")
            model.add(late >= starts[i] + task.duration[i] - task.due[i])
            model.add_hint(late, max(0, task.hint[i] + task.duration[i] - task.due[i]))
            terms.append(whole * late)
    model.minimize(sum(terms))
    return model, starts, units
