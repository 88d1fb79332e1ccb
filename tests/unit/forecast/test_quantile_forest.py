import numpy as np
import pytest

from polgap.errors import ModelError
from polgap.forecast._features import features
from polgap.forecast.models.quantile_forest import QuantileForest

SMALL = {"trees": 12, "nearest": 3, "farthest": 6}


def sample(panel, scale="count", draws=120):
    model = QuantileForest(scale, **SMALL)
    return model.fit(panel).sample(range(3, 7), draws, np.random.default_rng(1))["state_based"]


@pytest.mark.parametrize("scale", ["count", "level", "mean"])
def test_draws_follow_each_areas_level(world, scale):
    drawn = sample(world(), scale)
    mean = drawn.mean(["month", "draw"]).to_numpy().reshape(4, 6).mean(axis=1)

    assert np.issubdtype(drawn.dtype, np.integer)
    assert int(drawn.min()) >= 0
    assert mean[0] < 0.5 < mean[1] + 0.5 < mean[2] < mean[3]
    assert 150 < mean[3] < 600


def test_draws_of_counts_are_past_counts(world):
    panel = world()

    assert set(sample(panel).to_numpy().ravel()) <= set(panel["state_based"].to_numpy().ravel())


def test_features_of_a_month_do_not_see_the_months_after_it(world):
    counts = world()["state_based"].to_numpy()
    changed = counts.copy()
    changed[:, 80:] = 9999.0

    assert np.array_equal(features(counts)[0][:, :80], features(changed)[0][:, :80])


def test_months_not_observed_are_left_out_of_means():
    counts = np.array([[np.nan, np.nan, 4.0, np.nan]])
    known, at = features(counts)

    assert np.expm1(known[0, 3, at["m12"]]) == pytest.approx(4.0)
    assert known[0, 3, at["seen"]] == 1.0


def test_an_area_never_observed_and_holes_give_whole_draws(world):
    panel = world()
    panel["state_based"][5] = np.nan
    panel["state_based"][20, ::4] = np.nan

    assert int(sample(panel).isnull().sum()) == 0


def test_a_small_panel_is_refused_with_its_size(world):
    with pytest.raises(ModelError, match="480 area-months"):
        QuantileForest(**SMALL).fit(world(areas=4))


def test_a_horizon_not_learnt_is_refused(world):
    fitted = QuantileForest(**SMALL).fit(world())
    with pytest.raises(ModelError, match="learnt"):
        fitted.sample([1, 2], 10, np.random.default_rng(1))
