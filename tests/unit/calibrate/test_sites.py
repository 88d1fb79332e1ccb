from itertools import combinations

import numpy as np
import pytest

from polgap.calibrate import Sites, sites
from polgap.calibrate._interchange import greedy, interchange, total
from polgap.calibrate._lagrange import Prices, ascend, settled
from polgap.calibrate._settle import settle
from polgap.errors import StudyError


def roads(seed, candidates, places, whole=True):
    rng = np.random.default_rng(seed)
    here, there = rng.random((candidates, 2)), rng.random((places, 2))
    cost = 100.0 * np.hypot(*(here[:, None] - there[None]).T).T * rng.integers(1, 6, places)
    return np.rint(cost) if whole else cost


def brute(cost, count):
    return min(total(cost, c) for c in combinations(range(len(cost)), count))


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("seed", "count"), [(0, 1), (1, 2), (2, 3), (3, 5), (4, 11)])
def test_the_answer_is_that_of_trying_all(seed, count, whole):
    cost = roads(seed, 12, 30, whole)
    found, best = sites(cost, count), brute(cost, count)
    assert found.value == pytest.approx(best)
    assert found.bound <= best * (1 + 1e-9)
    assert found.value == pytest.approx(total(cost, found.chosen))
    assert len(set(found.chosen.tolist())) == count


@pytest.mark.parametrize("near", [4, 15])
def test_any_prices_prove_a_bound_and_settle_only_what_is_settled(near):
    cost = roads(7, 15, 40)
    best = brute(cost, 4)
    start = Prices(cost.min(axis=0), -np.inf, np.zeros(15))
    for steps in (1, 5, 200):
        prices, opened = ascend(cost, 4, start, best, steps, near)
        assert prices.bound <= best + 1e-9
        assert all(len(set(s.tolist())) == 4 for s in opened)
        closed = settled(prices, 4, best + 1.0)
        optimal = [c for c in combinations(range(15), 4) if total(cost, c) <= best]
        assert not any(closed[list(c)].any() for c in optimal)
    assert prices.bound > 0.9 * best


@pytest.mark.parametrize("count", [2, 4])
def test_what_prices_leave_open_is_searched(count):
    cost = roads(8, 14, 25)
    best = brute(cost, count)
    start = Prices(cost.min(axis=0), -np.inf, np.zeros(14))
    prices, _ = ascend(cost, count, start, best, 3, 14)
    assert prices.bound < best
    found, bound = settle(cost, count, prices, best + 20.0)
    assert total(cost, found) == bound == pytest.approx(best)
    assert settle(cost, count, prices, best - 1.0)[1] > best - 1.0 - 1e-6


def test_interchange_leaves_no_swap_that_helps():
    cost = roads(3, 40, 120)
    first = greedy(cost, 6)
    found = interchange(cost, first)
    value = total(cost, found)
    assert value <= total(cost, first)
    for position in range(6):
        for other in set(range(40)) - set(found.tolist()):
            swapped = found.copy()
            swapped[position] = other
            assert total(cost, swapped) >= value - 1e-6


def test_a_larger_case_is_proved_and_repeats_itself():
    cost = roads(5, 150, 150)
    found = sites(cost, 20)
    assert found.proved and found.bound == found.value
    assert sites(cost, 20).chosen.tolist() == found.chosen.tolist()
    assert found.value <= total(cost, interchange(cost, greedy(cost, 20)))


def test_all_candidates_open_is_no_question():
    cost = roads(1, 4, 9)
    assert sites(cost, 4).proved and sites(cost, 4).chosen.tolist() == [0, 1, 2, 3]
    assert isinstance(sites(np.zeros((3, 2)), 1), Sites)


@pytest.mark.parametrize("count", [0, 5])
def test_a_number_out_of_range_is_refused(count):
    with pytest.raises(StudyError, match=f"got {count} of 4"):
        sites(roads(1, 4, 9), count)


@pytest.mark.parametrize("wrong", [-1.0, np.inf, np.nan])
def test_a_cost_that_makes_no_sense_is_refused(wrong):
    cost = roads(1, 4, 9)
    cost[1, 1] = wrong
    with pytest.raises(StudyError, match="negative or not finite"):
        sites(cost, 2)
