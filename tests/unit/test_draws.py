import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import GOVERNANCE
from polgap.draws import Parameters, linear_pool, reduce, stream, three_point


def test_three_point_hits_its_quantiles():
    u = np.random.default_rng(1).random(200_000)
    for low, mid, high in ((1.0, 5.0, 20.0), (0.18, 0.25, 0.33), (30.0, 30.0, 60.0)):
        got = np.quantile(three_point(u, low, mid, high), [0.1, 0.5, 0.9])

        assert got == pytest.approx([low, mid, high], rel=0.02)


def test_a_share_stays_a_share():
    u = np.linspace(0, 1, 1001)

    assert three_point(u, 0.0, 0.05, 0.2, share=True).min() == 0.0
    assert three_point(u, 0.3, 0.8, 1.0, share=True).max() == 1.0


def test_parameters_do_not_depend_on_order_of_use():
    one = Parameters(catalogue.parameters(), 7, 50)
    two = Parameters(catalogue.parameters(), 7, 50)
    _ = two["beat_ratio"]

    assert one["weekly_hours"].tolist() == two["weekly_hours"].tolist()


def test_parameters_record_what_entered_and_where():
    theta = Parameters(catalogue.parameters(), 7, 50)
    _ = theta.of("assess")["beat_ratio"], theta.of("deploy").mid("beat_ratio")

    assert list(theta.used) == ["beat_ratio"]
    assert theta.enters == {"beat_ratio": ("assess", "deploy")}


def test_a_case_value_never_enters_a_run():
    theta = Parameters(catalogue.parameters(), 7, 50)

    with pytest.raises(KeyError, match="case_value"):
        theta["effect_police_on_civ_killings_log"]
    with pytest.raises(KeyError, match="cross_check_only"):
        theta["police_ratio_benchmark"]


def test_the_planners_own_value_counts():
    theta = Parameters(catalogue.parameters(), 7, 500, {"beat_ratio": (10.0, 10.0, 10.0)})

    assert set(theta["beat_ratio"]) == {10.0}
    assert theta.given == {"beat_ratio"}


def test_streams_are_named():
    assert stream(1, "a", 0).random() != stream(1, "a", 1).random()
    assert stream(1, "a", 0).random() != stream(2, "a", 0).random()


def test_reduce_keeps_draws_whole():
    positions, weights = reduce(1000, 200)

    assert len(set(positions.tolist())) == 200
    assert weights.sum() == pytest.approx(1.0)
    assert reduce(50, 200)[0].tolist() == list(range(50))


def opinion(low, mid, high, role="adviser", basis="given", as_of="2020-12"):
    return {"low": low, "mid": mid, "high": high, "assessor_role": role, "basis": basis,
            "as_of": as_of}  # fmt: skip


def pool(*rows, position=0, draws=4000):
    theta = Parameters(catalogue.parameters(), 1, draws)
    return linear_pool(pd.DataFrame(rows), position, "2020-12", theta), theta


def test_the_pool_is_the_mixture_of_its_assessors():
    one, other = opinion(0.1, 0.2, 0.3), opinion(0.5, 0.7, 0.9, "monitor")
    both, _ = pool(one, other)
    alone = [pool(row)[0] for row in (one, other)]

    # Its distribution function is the mean of theirs at every point: that is a linear pool.
    for point in (0.15, 0.25, 0.4, 0.6, 0.8):
        wanted = np.mean([(drawn <= point).mean() for drawn in alone])
        assert (both <= point).mean() == pytest.approx(wanted, abs=0.02)


def test_one_assessor_keeps_the_points_that_were_given():
    drawn, theta = pool(opinion(0.2, 0.5, 0.6))

    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([0.2, 0.5, 0.6], abs=0.02)
    assert "willing_age_widening_year" not in theta.used


def test_an_old_opinion_widens_by_its_parameter_and_says_so():
    drawn, theta = pool(opinion(0.4, 0.5, 0.6, as_of="2018-12"))
    moved = np.quantile(drawn, [0.1, 0.9]) - [0.4, 0.6]

    assert moved == pytest.approx([-0.1, 0.1], abs=0.03)
    assert "willing_age_widening_year" in theta.used


def test_an_assumed_opinion_does_not_age_it_was_never_fresh():
    drawn, theta = pool(opinion(0.3, 0.6, 0.9, basis="assumed", as_of="2010-12"))

    assert drawn == pytest.approx(theta["host_willing"])


def test_series_of_a_country_err_together():
    row = opinion(0.2, 0.5, 0.8, GOVERNANCE, "computed")
    (one, _), (two, _) = (pool(row, position=p) for p in (0, 1))
    (here, _), (there, _) = (pool(opinion(0.2, 0.5, 0.8), position=p) for p in (0, 1))

    assert (one == two).all()
    assert abs(np.corrcoef(here, there)[0, 1]) < 0.1


def test_one_parameter_can_be_taken_from_another_sample_and_the_rest_stays():
    one = Parameters(catalogue.parameters(), 7, 50, {"mentor_ratio": (5.0, 10.0, 20.0)})
    two = one.again(8, 50)

    mixed = one.taking(two, "beat_ratio", "host")

    assert (mixed["beat_ratio"] == two["beat_ratio"]).all()
    assert (mixed["weekly_hours"] == one["weekly_hours"]).all()
    assert (two["weekly_hours"] != one["weekly_hours"]).all()
    assert set(mixed.used) == {"beat_ratio", "weekly_hours"}
    assert two.given == one.given == {"mentor_ratio"}
    assert (mixed.seed_of("host"), mixed.seed_of("willing")) == (8, 7)
    assert mixed.luck == {"host", "willing"}


def test_the_shared_luck_of_a_parameter_goes_with_the_parameter():
    one = Parameters(catalogue.parameters(), 7, 50)
    mixed = one.taking(one.again(8, 50), "host_willing")

    assert (one.seed_of("host_willing"), mixed.seed_of("host_willing")) == (7, 8)
    assert not one.luck


def test_a_parameter_of_which_only_the_middle_entered_is_known():
    theta = Parameters(catalogue.parameters(), 7, 50)
    theta.of("deploy").mid("road_detour_factor")
    theta.mid("beat_ratio")
    theta["beat_ratio"]

    assert theta.at_middle == {"road_detour_factor"}
    assert set(theta.used) == {"road_detour_factor", "beat_ratio"}
