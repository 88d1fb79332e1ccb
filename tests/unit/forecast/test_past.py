import numpy as np
import pytest

from polgap.errors import ModelError
from polgap.forecast._past import CAP_FACTOR, Past, futures, require_horizons


def test_a_panel_becomes_an_array_of_its_counts(panel):
    past = Past.of(panel(12))
    assert past.values.shape == (4, 5, 12)
    assert past.variables == ("state_based", "non_state", "one_sided", "events")


def test_text_beside_the_counts_is_left_alone(panel):
    p = panel(12).assign(phase=("area", list("vwxyz")))
    assert "phase" not in Past.of(p).variables


@pytest.mark.parametrize("bad", [-1.0, np.inf, 1e12])
def test_an_impossible_count_is_refused(panel, bad):
    p = panel(12)
    p["events"][0, 3] = bad
    with pytest.raises(ModelError, match="1 counts outside"):
        Past.of(p)


def test_a_hole_in_the_calendar_is_refused(panel):
    with pytest.raises(ModelError, match="every month once"):
        Past.of(panel(12).isel(month=[0, 1, 3]))


def test_a_variable_never_observed_is_refused(panel):
    with pytest.raises(ModelError, match="non_state"):
        Past.of(panel(12).assign(non_state=panel(12)["non_state"] * np.nan))


def test_the_cap_is_three_times_the_worst_month(panel):
    p = panel(12)
    p["one_sided"][:] = 0.0
    p["one_sided"][4, 2] = 1000.0
    cap = Past.of(p).cap()[2]
    assert cap[4] == CAP_FACTOR * 1000.0
    assert (cap >= CAP_FACTOR).all()


def test_silence_still_leaves_room_for_a_few_deaths(panel):
    assert (Past.of(panel(12) * 0.0).cap() == CAP_FACTOR).all()


def test_draws_are_cut_at_the_cap_and_counted(panel):
    past = Past.of(panel(24))
    draws = np.zeros((4, 5, 2, 3))
    draws[0, 0, 0, 0] = 1e8
    found = futures(past, [1, 2], draws, np.random.default_rng(0), "m")
    assert found.attrs["capped"] == 1
    assert int(found["state_based"].max()) == int(past.cap()[0, 0])


def test_fractions_are_rounded_without_losing_the_sum(panel):
    past = Past.of(panel(24))
    draws = np.full((4, 5, 1, 4000), 0.25)
    found = futures(past, [1], draws, np.random.default_rng(0), "m")
    assert abs(float(found["state_based"].mean()) - 0.25) < 0.01


def test_a_month_with_deaths_gets_an_event(panel):
    draws = np.zeros((4, 5, 1, 2))
    draws[1, 2, 0, 1] = 7.0
    found = futures(Past.of(panel(24)), [1], draws, np.random.default_rng(0), "m")
    assert int(found["events"].sum()) == 1
    assert found["month"].values.tolist() == ["2012-01"]


@pytest.mark.parametrize("asked", [[], [0], [2, 2], [3, 1]])
def test_horizons_rise_from_one(asked):
    with pytest.raises(ModelError, match="horizons"):
        require_horizons(asked, 10)


def test_at_least_one_draw():
    with pytest.raises(ModelError, match="draws"):
        require_horizons([1], 0)
