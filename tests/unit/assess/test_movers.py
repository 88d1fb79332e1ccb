import numpy as np
import pytest

from polgap import catalogue
from polgap.assess import grade, movers
from polgap.draws import Parameters

MARKS = {name: p.mark for name, p in catalogue.parameters().items()}
USED = ("beat_ratio", "mentor_ratio", "weekly_hours", "case_officer_months", "snap_km",
        "subunit_strength", "harm_multiplier")  # fmt: skip


@pytest.fixture
def chance():
    theta = Parameters(catalogue.parameters(), 7, 600)
    for name in USED:
        theta[name]
    return theta


def noise(size, scale=1.0):
    return np.random.default_rng(2).normal(0.0, scale, size)


def test_a_known_slope_is_found_in_officers(chance):
    headline = 1000 + 10 * chance["weekly_hours"] + noise(600, 5)

    found = movers(chance, headline).set_index("name")

    assert list(found.index) == ["weekly_hours"]
    assert found.loc["weekly_hours", "change_low"] == pytest.approx(-80, abs=3)
    assert found.loc["weekly_hours", "change_high"] == pytest.approx(80, abs=3)
    assert found.loc["weekly_hours", "share"] == pytest.approx(1.0, abs=0.03)


def test_a_bend_is_found(chance):
    headline = np.maximum(chance["weekly_hours"] - 48.0, 0.0)

    row = movers(chance, headline).iloc[0]

    assert row["change_low"] == pytest.approx(0.0, abs=1e-6)
    assert row["change_high"] == pytest.approx(8.0)


def test_the_largest_comes_first_and_shares_follow(chance):
    headline = 100 * chance["weekly_hours"] - 5 * chance["mentor_ratio"] + noise(600)

    found = movers(chance, headline)

    assert found["name"].tolist() == ["weekly_hours", "mentor_ratio"]
    assert found["share"].is_monotonic_decreasing
    assert found["share"].sum() <= 1.05


def test_noise_moves_nothing(chance):
    assert movers(chance, noise(600)).empty
    assert movers(chance, np.ones(600)).empty


def test_few_draws_claim_little():
    theta = Parameters(catalogue.parameters(), 7, 12)
    for name in USED:
        theta[name]

    assert len(movers(theta, noise(12))) <= 3


@pytest.mark.parametrize(
    ("recalled", "seen", "letter"),
    [(0.0, 1.0, "A"), (0.55, 0.8, "B"), (0.8, 0.55, "C"), (1.0, 0.0, "D")],
)
def test_the_grade_falls_with_the_share_that_is_recalled(chance, recalled, seen, letter):
    parts = [chance[n] / chance[n].std() for n in ("weekly_hours", "subunit_strength")]
    assert [MARKS[n] for n in ("weekly_hours", "subunit_strength")] == ["RECALLED", "COMPUTED"]

    found, share = grade(chance, recalled * parts[0] + seen * parts[1], MARKS)

    assert found == letter
    assert share == pytest.approx(recalled**2 / (recalled**2 + seen**2), abs=0.06)


def test_interplay_with_an_assumption_is_assumed(chance):
    centred = {n: chance[n] - chance[n].mean() for n in ("weekly_hours", "subunit_strength")}
    product = centred["weekly_hours"] * centred["subunit_strength"]
    scale = [c / c.std() for c in (*centred.values(), product)]
    headline = scale[0] + scale[1] + 3 * scale[2]

    _, share = grade(chance, headline, MARKS)

    assert share == pytest.approx(10 / 11, abs=0.06)


def test_what_the_planner_gave_is_known():
    theta = Parameters(catalogue.parameters(), 7, 300, {"weekly_hours": (40.0, 48.0, 60.0)})

    assert grade(theta, theta["weekly_hours"], MARKS) == ("A", 0.0)


def test_futures_are_no_assumption(chance):
    headline = chance["weekly_hours"] / chance["weekly_hours"].std() + noise(600, 3.0)

    letter, share = grade(chance, headline, MARKS)

    assert (letter, share) == ("A", pytest.approx(0.1, abs=0.05))
