import numpy as np

from polgap.forecast._past import Past
from polgap.forecast._resample import weigh_all
from polgap.forecast.models.gamma_poisson import GammaPoisson, posterior

FLAT = weigh_all(lambda h, a: np.ones_like(a), [1], 60)


def rates(values):
    shape, rate, size = posterior(Past(values, ("events",), tuple(range(values.shape[1])), 1), FLAT)
    return (shape / rate)[0, :, 0], size[0, :, 0]


def test_a_long_record_is_believed():
    rng = np.random.default_rng(0)
    values = rng.poisson(np.array([1.0, 8.0, 40.0])[:, None], (3, 60)).astype(float)[None]
    mean, _ = rates(values)
    np.testing.assert_allclose(mean, values[0].mean(axis=1), rtol=0.15)


def test_a_silent_area_is_drawn_up_and_the_busiest_down():
    values = np.zeros((1, 4, 60))
    values[0, 1:] = np.random.default_rng(0).poisson([[2.0], [6.0], [30.0]], (3, 60))
    mean, _ = rates(values)
    assert 0.0 < mean[0] < 0.2
    assert mean[3] < values[0, 3].mean()


def test_an_area_without_a_month_gets_the_level_of_the_others():
    values = np.full((1, 5, 60), 3.0)
    values[0, 4] = np.nan
    mean, _ = rates(values)
    assert abs(mean[4] - 3.0) < 0.5


def test_bursts_make_a_smaller_size_than_steady_months():
    steady, bursts = np.full(60, 20.0), np.zeros(60)
    steady[::2] = 26.0
    bursts[::6] = 138.0
    _, size = rates(np.stack([steady, bursts])[None])
    assert size[0] > 3 * size[1]


def test_violence_in_two_areas_that_rose_together_rises_together(panel):
    rng = np.random.default_rng(0)
    wave = rng.poisson(rng.gamma(0.5, 40.0, 120)).astype(float)
    p = panel(120)
    for name in p:
        p[name][3], p[name][4] = wave, wave + 1.0
    drawn = GammaPoisson().fit(p).sample([1, 6], 400, np.random.default_rng(1))
    together = drawn["state_based"].isel(month=1).values
    assert np.corrcoef(np.argsort(np.argsort(together[3:])))[0, 1] > 0.8


def test_a_panel_of_zeros_gives_few_deaths_but_not_none_for_ever(panel):
    drawn = GammaPoisson().fit(panel(60) * 0.0).sample(range(1, 37), 1000, np.random.default_rng(0))
    assert int(drawn["state_based"].sum()) > 0
    assert float(drawn["state_based"].mean()) < 0.01
