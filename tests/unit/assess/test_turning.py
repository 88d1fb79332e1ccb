import numpy as np
import pytest

from polgap import catalogue
from polgap.assess import grade_steps, turning_points
from polgap.draws import Parameters

MARKS = {name: p.mark for name, p in catalogue.parameters().items()}


@pytest.fixture
def chance():
    theta = Parameters(catalogue.parameters(), 7, 800)
    for name in ("beat_ratio", "weekly_hours", "mentor_ratio", "incidents_per_ged_event"):
        theta[name]
    return theta


def noise(scale):
    return np.random.default_rng(2).normal(0.0, scale, 800)


@pytest.mark.parametrize(("turn", "sign", "holds"), [(52.0, -1, "below"), (44.0, 1, "above")])
def test_the_turn_is_found_with_the_side_on_which_the_advice_holds(chance, turn, sign, holds):
    row = turning_points(chance, sign * (chance["weekly_hours"] - turn) + noise(2.0)).iloc[0]

    assert (row["name"], row["holds"]) == ("weekly_hours", holds)
    assert row["at"] == pytest.approx(turn, abs=0.4)
    assert row["at_low"] <= turn + 0.3
    assert row["at_high"] >= turn - 0.3
    assert row["chance"] == 1.0


def test_a_wide_range_is_followed_in_logarithms(chance):
    drawn = chance["incidents_per_ged_event"]
    assert chance.points("incidents_per_ged_event") == (1.0, 5.0, 20.0)

    row = turning_points(chance, np.log(10.0 / drawn)).iloc[0]

    assert row["at"] == pytest.approx(10.0, rel=0.05)


def test_nothing_in_range_is_said(chance):
    found = turning_points(chance, chance["weekly_hours"] + 100.0 + noise(1.0))

    row = found.set_index("name").loc["weekly_hours"]
    assert np.isnan(row["at"])
    assert (row["chance"], row["holds"]) == (0.0, "")


def test_what_moves_nothing_is_left_out(chance):
    assert turning_points(chance, noise(1.0) + 3.0).empty


def test_answers_raise_the_grade_step_by_step(chance):
    parts = [chance[n] / chance[n].std() for n in ("weekly_hours", "mentor_ratio")]
    steps = grade_steps(chance, parts[0] + 0.5 * parts[1] + noise(0.3), MARKS,
                        ["weekly_hours", "mentor_ratio"])  # fmt: skip

    assert [letter for letter, _ in steps] == ["D", "A", "A"]
    shares = [share for _, share in steps]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0.0
