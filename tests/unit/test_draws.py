import numpy as np
import pytest

from polgap import catalogue
from polgap.draws import Parameters, reduce, stream, three_point


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
