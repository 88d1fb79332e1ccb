from dataclasses import replace

import numpy as np
import pytest

from polgap.deploy._queue import Net, on_path, queue


def net(days, before, kind, units, rank, capacity, release=None):
    days = np.array(days, dtype=float)
    days = days if days.ndim == 2 else days[:, None]
    held = np.zeros_like(days) if release is None else np.array(release, dtype=float)[:, None]
    whole = [np.array(x) for x in (kind, units, rank, capacity)]
    return Net(before, days, held, *whole)


def test_without_a_resource_it_is_the_longest_path():
    one = net([1, 5, 2, 1], [[], [0], [0], [1, 2]], [-1] * 4, [0] * 4, range(4), [])
    start, blocker = queue(one)
    assert start.ravel().tolist() == [0, 1, 1, 6]
    assert (blocker == -1).all()


def test_who_can_start_first_starts_and_equals_go_by_rank():
    one = net([4, 4, 4], [[], [], []], [0] * 3, [1] * 3, [2, 0, 1], [1], [0, 0, 3])
    start, blocker = queue(one)
    assert start.ravel().tolist() == [8, 0, 4]
    assert blocker.ravel().tolist() == [2, -1, 1]


def test_two_places_serve_two_at_once_and_a_large_one_waits_for_both():
    one = net([3, 5, 2], [[], [], []], [0] * 3, [1, 1, 2], [0, 1, 2], [2])
    start, blocker = queue(one)
    assert start.ravel().tolist() == [0, 0, 5]
    assert blocker[2, 0] == 1


def test_draws_do_not_see_each_other():
    days = [[3.0, 1.0], [2.0, 4.0], [4.0, 1.0]]
    both = net(days, [[], [], [1]], [0, 0, -1], [1, 1, 0], [1, 0, 2], [1])
    whole = queue(both)[0]
    for d in range(2):
        alone = net([row[d] for row in days], [[], [], [1]], [0, 0, -1], [1, 1, 0], [1, 0, 2], [1])
        assert queue(alone)[0].ravel().tolist() == whole[:, d].tolist()


def test_nobody_waits_for_what_never_comes():
    one = net([3, 5], [[], []], [0, 0], [1, 1], [0, 1], [1], [np.inf, 2])
    start, _ = queue(one)
    assert start.ravel().tolist() == [np.inf, 2]


def test_nothing_to_share_stops_only_those_who_need_it():
    one = net([3, 5, 1], [[], [], [0]], [0, -1, -1], [0, 0, 0], range(3), [0])
    assert queue(one)[0].ravel().tolist() == [np.inf, 0, np.inf]


def test_a_path_runs_through_the_resource_to_another_pledge():
    # a -> b (team), c (team) -> d: the team goes to c first, so b, and all after it, wait for c.
    one = net([1, 2, 6, 1], [[], [0], [], [2]], [-1, 0, 0, -1], [0, 1, 1, 0], [0, 2, 1, 3], [1])
    start, blocker = queue(one)
    assert start.ravel().tolist() == [0, 6, 0, 6]
    on = on_path(one, start, blocker, np.array([1]))
    assert on.ravel().tolist() == [False, True, True, False]


def test_nothing_asked_nothing_on_the_path():
    one = net([1, 2], [[], [0]], [-1, -1], [0, 0], [0, 1], [])
    assert not on_path(one, *queue(one), np.array([-1])).any()


@pytest.mark.parametrize("seed", range(5))
def test_the_kernel_keeps_capacity_and_order(seed):
    rng = np.random.default_rng(seed)
    count, draws = 24, 6
    before = [[] if k % 4 == 0 else [k - 1] for k in range(count)]
    kind = rng.integers(-1, 2, count)
    capacity = np.array([2, 3])
    units = np.where(kind >= 0, rng.integers(1, 3, count), 0)
    days = rng.uniform(1, 9, (count, draws))
    one = Net(before, days, np.zeros((count, draws)), kind, units, rng.permutation(count), capacity)
    start, blocker = queue(one)
    alone = queue(Net(before, days, one.release, -np.ones(count, int), units, one.rank, capacity))
    end = start + days
    assert (start >= alone[0] - 1e-9).all()
    for k, names in enumerate(before):
        assert all((start[k] >= end[m] - 1e-9).all() for m in names)
    for r, most in enumerate(capacity):
        mine = np.flatnonzero(kind == r)
        for d in range(draws):
            for k in mine:
                now = (start[mine, d] <= start[k, d] + 1e-9) & (end[mine, d] > start[k, d] + 1e-9)
                assert units[mine][now].sum() <= most
    waiting, columns = np.nonzero(blocker >= 0)
    freed = end[blocker[waiting, columns], columns]
    assert np.allclose(freed, start[waiting, columns])


def test_a_window_without_the_resource_holds_up_what_has_not_started():
    # The one team is away from day 2 to 10: what began before goes on, the second waits for it.
    one = net([4, 3], [[], []], [0, 0], [1, 1], [0, 1], [1])
    one = replace(one, steps=[[(0.0, 1), (2.0, 0), (10.0, 1)]])
    start, blocker = queue(one)
    assert start.ravel().tolist() == [0, 10]
    assert blocker.ravel().tolist() == [-1, -1]  # nobody held it up: the team was away


def test_fewer_at_once_in_a_window_and_more_after_it():
    one = net([5] * 4, [[]] * 4, [0] * 4, [1] * 4, range(4), [2])
    one = replace(one, steps=[[(0.0, 1), (7.0, 2)]])
    start, blocker = queue(one)
    assert start.ravel().tolist() == [0, 5, 7, 10]
    assert blocker.ravel().tolist() == [-1, 0, -1, 1]


def test_windows_that_change_nothing_change_nothing():
    days = np.random.default_rng(3).uniform(1, 9, (12, 40))
    one = net(days, [[]] * 12, [0, 1] * 6, [1, 2, 1] * 4, range(12), [3, 2])
    same = replace(one, steps=[[(0.0, 3), (5.0, 3)], [(0.0, 2)]])
    for a, b in zip(queue(one), queue(same), strict=True):
        assert np.array_equal(a, b)
