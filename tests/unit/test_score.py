import numpy as np
import pytest

from polgap.score import coverage, crps, ignorance, interval_score, quantile


def test_quantile_equals_numpy():
    x = np.random.default_rng(1).gamma(2.0, size=(3, 4, 101))
    levels = [0.0, 0.05, 0.1, 0.5, 0.9, 0.95, 1.0]

    assert np.allclose(quantile(x, levels), np.moveaxis(np.quantile(x, levels, axis=-1), 0, -1))


def test_crps_equals_the_double_sum():
    rng = np.random.default_rng(2)
    x, y = rng.poisson(3.0, size=(5, 40)).astype(float), rng.poisson(3.0, size=5)
    spread = np.abs(x[:, :, None] - x[:, None, :]).mean(axis=(1, 2)) / 2
    expected = np.abs(x - y[:, None]).mean(axis=1) - spread

    assert np.allclose(expected, crps(x, y))


@pytest.mark.filterwarnings("ignore")
def test_crps_equals_a_peer():
    scoringrules = pytest.importorskip("scoringrules")
    rng = np.random.default_rng(3)
    x, y = rng.gamma(1.0, 20.0, size=(50, 200)), rng.gamma(1.0, 20.0, size=50)

    assert np.allclose(scoringrules.crps_ensemble(y, x, estimator="nrg"), crps(x, y))


def test_coverage_counts_both_ends():
    x = np.tile(np.arange(101.0), (3, 1))

    assert coverage(x, [5.0, 95.0, 96.0], 0.9) == pytest.approx(2 / 3)


def test_ignorance_counts_the_actuals_bin():
    draws = np.repeat([[0.0, 0.0, 1.0, 30.0, 2000.0]], 4, axis=0)
    bits = ignorance(draws, [0.0, 2.4999, 2.5, 5000.0])

    assert bits.tolist() == (-np.log2(np.array([3, 2, 1, 2]) / 16)).tolist()


def test_interval_score_is_width_plus_penalty():
    draws = np.tile(np.arange(101.0), (3, 1))

    assert np.allclose(interval_score(draws, [50.0, 0.0, 97.0]), [90.0, 190.0, 130.0])
