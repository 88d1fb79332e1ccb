from importlib.util import find_spec
from itertools import product

import numpy as np
import pytest

from polgap.deploy import Project, schedule
from polgap.deploy import _list as listing
from polgap.errors import StudyError
from polgap.workers import Alarm, child

# Two teams of two; every answer below is found by trying all starts.
VISITS = {
    "duration": [2, 3, 1, 2, 2],
    "pairs": [(0, 2), (1, 3)],
    "use": [[1, 1, 2, 1, 2], [0, 2, 0, 1, 1]],
    "capacity": [2, 2],
}


def broken(project, start):
    """Return what a schedule breaks, stated again from the inputs alone."""
    found = [p for p in project.pairs if start[p[1]] < start[p[0]] + project.duration[p[0]]]
    if found:
        return found
    end = max(s + d for s, d in zip(start, project.duration, strict=True))
    for at in range(end):
        running = [s <= at < s + d for s, d in zip(start, project.duration, strict=True)]
        used = np.asarray(project.use) @ np.asarray(running, dtype=int)
        found += [at for u, c in zip(used, project.capacity, strict=True) if u > c]
    found += [i for i, r in enumerate(project.release) if start[i] < r]
    return found


def brute(project, latest):
    every = sorted(product(range(latest), repeat=len(project.duration)), key=project.cost)
    return next(project.cost(start) for start in every if not broken(project, start))


def generated(rng, count, resources=2):
    pairs = [
        (i, j) for i in range(count) for j in range(i + 1, count) if rng.random() < 1.5 / count
    ]
    capacity = rng.integers(2, 5, resources)
    use = [rng.integers(0, c + 1, count).tolist() for c in capacity]
    return Project(rng.integers(0, 6, count).tolist(), pairs, use, capacity.tolist(),
                   rng.integers(0, 4, count).tolist())  # fmt: skip


def test_the_least_makespan_and_the_least_lateness_are_those_of_trying_all():
    project = Project(**VISITS)
    assert schedule(project).makespan == brute(project, 9) == 8
    due = Project(**VISITS, due=[2, 3, 3, 5, 4], weight=[1.0, 0.0, 2.0, 1.0, 5.0])
    assert schedule(due).value == brute(due, 9)


@pytest.mark.parametrize("seed", range(6))
def test_list_schedules_keep_every_rule(seed):
    project = generated(np.random.default_rng(seed), 25)
    found = schedule(project, passes=20)
    assert broken(project, found.start) == []
    assert found.bound <= found.value == found.makespan
    rank = [float(i) for i in range(25)]
    assert broken(project, listing.parallel(project.net, rank)) == []


def test_passes_improve_on_the_first_rule_and_repeat_themselves():
    project = generated(np.random.default_rng(11), 60, resources=3)
    few, many = schedule(project, passes=1), schedule(project, passes=150)
    assert many.makespan < few.makespan
    assert many.start.tolist() == schedule(project, passes=150).start.tolist()


def test_the_solver_in_its_own_process_proves_what_lists_cannot():
    if not find_spec("ortools"):
        pytest.skip("the extra schedule is not installed")
    project = generated(np.random.default_rng(5), 20)
    due = [6] * 20
    late = Project(project.duration, project.pairs, project.use, project.capacity, due=due,
                   weight=[1.0 + i % 3 for i in range(20)])  # fmt: skip
    with child() as call:
        for one in (project, late):
            listed, solved = schedule(one, passes=5), schedule(one, call, passes=5)
            assert broken(one, solved.start) == []
            assert solved.value <= listed.value
            assert solved.bound >= listed.bound
            assert solved.proved and solved.method == "cp"
            assert schedule(one, call, passes=5).start.tolist() == solved.start.tolist()


def test_without_ortools_lists_are_the_answer(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ortools.sat.python", None)
    project = generated(np.random.default_rng(5), 20)
    listed = schedule(project, passes=5)
    here = schedule(project, lambda function, *given: function(*given), passes=5)
    assert here.method == "list" and here.start.tolist() == listed.start.tolist()


def test_nothing_to_do_takes_no_time():
    assert schedule(Project([])).makespan == 0
    assert schedule(Project([0, 0], [(1, 0)])).start.tolist() == [0, 0]


@pytest.mark.parametrize(
    "given, said",
    [
        ({"duration": [1, -1]}, "duration: got -1"),
        ({"duration": [1, 1], "pairs": [(0, 1), (1, 0)]}, "cycle"),
        ({"duration": [1], "pairs": [(0, 3)]}, "pairs"),
        ({"duration": [1], "use": [[3]], "capacity": [2]}, "the capacity 2"),
        ({"duration": [1], "use": [[1, 1]], "capacity": [2]}, "1 resources by 1 activities"),
        ({"duration": [1], "weight": [1.0]}, "due: got none"),
        ({"duration": [1, 2], "release": [0]}, "release: got 1"),
    ],
)
def test_a_project_that_makes_no_sense_is_refused(given, said):
    with pytest.raises(StudyError, match=said):
        Project(**given)


def test_a_horizon_that_is_too_short_is_refused():
    with pytest.raises(StudyError, match="wanted at least 8"):
        schedule(Project(**VISITS, horizon=7))


def test_an_alarm_stops_after_processor_seconds():
    stopped = []
    with Alarm(0.05)(lambda: stopped.append(True)):
        while not stopped:
            sum(range(1000))
    assert stopped
