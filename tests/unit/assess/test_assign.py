import numpy as np
import pytest

from polgap.assess._assign import MOST_CLASSES, assign
from polgap.errors import StudyError


def one(need, strength, share):
    need = np.array(need, dtype=float)[None, :, None]
    strength = np.array(strength, dtype=float)[:, None, None]
    return assign(need, strength, np.array(share, dtype=float)[..., None]).ravel().tolist()


def test_priority_goes_first():
    assert one([10, 10, 10], [25], [[1, 1, 1]]) == [10, 10, 5]


def test_an_officer_serves_one_function_only():
    assert sum(one([10, 10], [12], [[1, 1]])) == 12


def test_a_share_caps_the_arc_and_leaves_officers_for_the_next():
    assert one([100, 100], [50], [[0.4, 1]]) == [20, 30]


def test_who_can_do_little_is_kept_for_what_he_can():
    # The second can only do the second function; the first is free for the first.
    assert one([10, 10], [10, 10], [[1, 1], [0, 1]]) == [10, 10]


def test_nobody_here_gives_nothing():
    assert one([5], [0], [[1]]) == [0]
    assert one([5], [7], [[0]]) == [0]


def test_the_answer_keeps_the_kind_of_number_of_the_need():
    need = np.ones((1, 1, 1), dtype=np.float32)

    assert assign(need, np.ones((1, 1, 1)), np.ones((1, 1, 1))).dtype == np.float32


def test_too_many_institutions_are_refused():
    many = MOST_CLASSES + 1
    with pytest.raises(StudyError, match=f"{many} institutions"):
        one([1], [1] * many, [[1]] * many)
