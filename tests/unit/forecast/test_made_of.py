import numpy as np
import pytest

from polgap.forecast._made_of import Explained
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.models.decay import Decay
from polgap.forecast.models.gamma_poisson import GammaPoisson
from polgap.forecast.models.mixture import Mixture
from polgap.forecast.models.observed_markov import ObservedMarkov
from polgap.forecast.models.quantile_forest import QuantileForest


def test_the_last_twelve_months_weigh_the_same(world):
    panel = world()
    found = Conflictology(12).fit(panel).made_of(20, 5)
    assert found["weight"].tolist() == pytest.approx([1 / 12] * 12)
    assert set(found["month"]) == set(panel["month"].values[-12:].tolist())
    own = panel["state_based"].sel(area=20).to_series()
    assert own[found["month"]].tolist() == pytest.approx(found["count"].tolist())


def test_what_fades_weighs_most_what_is_near(world):
    found = Decay().fit(world()).made_of(20, 1)
    assert found["month"][0] == "2017-12"
    assert found["weight"].sum() == pytest.approx(1.0)
    assert found["weight"].is_monotonic_decreasing


@pytest.mark.parametrize("scale", ["count", "mean"])
def test_the_cases_of_a_forest_are_its_draws(world, scale):
    panel = world()
    fitted = QuantileForest(scale, trees=12, nearest=3, farthest=6).fit(panel)
    found = fitted.made_of(22, 4)
    assert found["weight"].sum() == pytest.approx(1.0)
    drawn = fitted.sample([4], 4000, np.random.default_rng(0))["state_based"].sel(area=22)
    # The cases' mean is that of the draws, up to chance and the rounding of counts.
    error = 4.0 * float(drawn.std()) / np.sqrt(drawn.size) + 0.5
    assert (found["weight"] * found["count"]).sum() == pytest.approx(float(drawn.mean()), abs=error)


def test_a_mixture_is_made_of_its_parts_that_know_cases(world):
    panel = world()
    mixture = Mixture((Conflictology(12), GammaPoisson())).fit(panel)
    assert isinstance(mixture, Explained)
    assert mixture.made_of(20, 5).equals(Conflictology(12).fit(panel).made_of(20, 5))
    assert not isinstance(GammaPoisson().fit(panel), Explained)
    both = Mixture((Conflictology(12), Decay()), (3, 1)).fit(panel).made_of(20, 5)
    assert both["weight"].sum() == pytest.approx(1.0)


def test_states_walk_from_silence_to_war_and_high_stays_high(world):
    rng = np.random.default_rng(2)
    panel = world(areas=28)
    shape = panel["state_based"].shape
    drift = np.zeros(shape)
    for month in range(1, shape[1]):
        drift[:, month] = 0.9 * drift[:, month - 1] + 0.4 * rng.normal(size=shape[0])
    level = np.repeat([0.0, 0.5, 8.0, 300.0], 7)[:, None]
    panel["state_based"][:] = rng.poisson(level * np.exp(drift))
    fitted = ObservedMarkov(trees=10, farthest=8).fit(panel)
    drawn = fitted.sample(range(1, 7), 200, rng)["state_based"]
    mean = drawn.mean(["month", "draw"]).to_numpy().reshape(4, 7).mean(axis=1)
    assert mean[0] < 0.2 < mean[1] + 0.2 < mean[2] < mean[3]
    assert 100 < mean[3] < 900
    ranks = drawn.isel(area=slice(21, 28)).to_numpy().argsort(axis=2).argsort(axis=2)
    together = [np.corrcoef(ranks[i, 2], ranks[i, 3])[0, 1] for i in range(7)]
    assert np.mean(together) > 0.2
