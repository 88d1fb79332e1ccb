import numpy as np
import pytest

from polgap.assess._convert import OnDuty, on_strength, relief_factor


@pytest.mark.parametrize(
    ("hours", "absence", "officers"), [(48, 0.18, 4.27), (48, 0.33, 5.22), (40, 0.25, 5.6)]
)
def test_one_post_around_the_clock(hours, absence, officers):
    relief = relief_factor(np.array([hours]), np.array([absence]))

    assert on_strength(OnDuty(np.array([1.0])), relief) == pytest.approx(officers, abs=0.01)


def test_shorter_weeks_and_more_leave_take_more_officers():
    hours = np.array([56.0, 48.0, 40.0])

    assert (np.diff(relief_factor(hours, np.full(3, 0.25))) > 0).all()
    assert (np.diff(relief_factor(np.full(3, 48.0), np.array([0.1, 0.2, 0.3]))) > 0).all()
