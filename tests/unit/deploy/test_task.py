from importlib.util import find_spec

import numpy as np
import pytest

from polgap.deploy import Project, schedule
from polgap.deploy import _list as listing
from polgap.deploy._task import early, handed_over, neighbour
from polgap.deploy.schedule import _task


def generated(seed, count):
    rng = np.random.default_rng(seed)
    pairs = [
        (i, j) for i in range(count) for j in range(i + 1, count) if rng.random() < 1.5 / count
    ]
    capacity = rng.integers(3, 7, 3)
    use = [rng.integers(0, c, count).tolist() for c in capacity]
    return Project(rng.integers(0, 9, count).tolist(), pairs, use, capacity.tolist())


def fits(project, start):
    ends = np.array(start) + np.asarray(project.duration)
    return all(
        (
            np.asarray(project.use) @ ((np.array(start) <= at) & (at < ends)) <= project.capacity
        ).all()
        for at in range(int(ends.max()))
    )


def listed(project):
    start = listing.serial(project.net, listing.ordered(project.net, [0.0] * len(project.duration)))
    return start, _task(project, start, 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_who_hands_over_to_whom_is_enough_to_keep_capacities(seed):
    project = generated(seed, 30)
    start, task = listed(project)
    links = handed_over(task, start)
    assert all(start[a] + project.duration[a] <= start[b] for a, b in links)
    freed = Project(project.duration, [*project.pairs, *links])
    assert fits(project, listing.heads(freed.net))
    assert not fits(project, listing.heads(Project(project.duration, project.pairs).net))


@pytest.mark.parametrize("around", [0.0, 40.0, 1000.0])
def test_a_neighbour_still_holds_the_schedule_it_is_near_to(around):
    project = generated(9, 40)
    start, task = listed(project)
    near = neighbour(task, start, around, 8)
    assert all(near.first[i] <= start[i] <= near.last[i] for i in range(40))
    assert all(start[a] + project.duration[a] <= start[b] for a, b in near.pairs)
    still = [i for i in range(40) if near.first[i] == near.last[i]]
    assert len(still) + len(near.pairs) - len(task.pairs) >= 10
    assert near.end <= max(s + d for s, d in zip(start, project.duration, strict=True))


def test_pushing_early_is_never_worse():
    project = generated(3, 40)
    start, task = listed(project)
    later = [s + 5 for s in start]
    found = early(task, later)
    assert task.cost(found) <= task.cost(start)
    assert fits(project, found)


def test_large_tasks_are_improved_by_neighbours_and_repeat_themselves():
    if not find_spec("ortools"):
        pytest.skip("the extra schedule is not installed")
    project = generated(2, 50)

    def here(function, *given):
        return function(*given)

    lists = schedule(project, passes=1)
    found = schedule(project, here, passes=1, work=0.15)
    assert fits(project, found.start)
    assert found.bound <= found.makespan < lists.makespan
    again = schedule(project, here, passes=1, work=0.15)
    assert again.start.tolist() == found.start.tolist()
