"""Laws of choosing sites: more sites never cover less, and greedy is near the best there is."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from polgap import calibrate
from polgap.draws import stream


def case(seed: int, candidates: int = 7, places: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(seed, "cover")
    return rng.gamma(0.5, size=places), rng.random((candidates, places)) < 0.3


def covered(weights: np.ndarray, within: np.ndarray, chosen: list[int]) -> float:
    return float(weights[within[chosen].any(axis=0)].sum()) if chosen else 0.0


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_greedy_reaches_its_share_of_the_best(seed: int, sites: int) -> None:
    weights, within = case(seed)
    got = covered(weights, within, calibrate.cover(weights, within, sites))
    best = max(covered(weights, within, list(c)) for c in combinations(range(7), sites))
    assert (1 - 1 / np.e) * best - 1e-9 <= got <= best + 1e-9


@given(st.integers(0, 10_000))
def test_one_more_site_never_covers_less(seed: int) -> None:
    weights, within = case(seed)
    found = [covered(weights, within, calibrate.cover(weights, within, k)) for k in range(6)]
    assert found == sorted(found)
    assert calibrate.cover(weights, within, 3) == calibrate.cover(weights, within, 5)[:3]


def test_what_adds_nothing_is_not_chosen_but_what_was_named_instead() -> None:
    within = np.array([[True, False], [True, False], [False, False], [False, False]])
    assert calibrate.cover(np.array([1.0, 0.0]), within, 3) == [0]
    assert calibrate.cover(np.array([1.0, 0.0]), within, 3, [0, 3, 2]) == [0, 3, 2]
    assert calibrate.cover(np.zeros(0), np.zeros((0, 0), dtype=bool), 2) == []
