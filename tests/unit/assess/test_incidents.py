import numpy as np
import pytest
from scipy.stats import poisson

from polgap.assess import _incidents
from polgap.assess._incidents import clusters, held, poisson_quantile


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_quantile_is_that_of_the_poisson_law(level):
    mean = np.concatenate([[0.0], np.geomspace(1e-4, 900.0, 400)])

    assert (poisson_quantile(mean, level) == poisson.ppf(level, mean).clip(0)).all()


def test_base_and_shares_of_a_cluster_hold_its_pooled_peak():
    mean = np.random.default_rng(1).gamma(0.5, 2.0, (5, 3, 40))
    group = np.array([0, 0, 1, 1, 1])

    incidents, ratio = held(mean, group)

    for number in (0, 1):
        inside = group == number
        base = poisson_quantile(mean[inside], 0.5).sum(axis=0)
        pooled = poisson_quantile(mean[inside].sum(axis=0), _incidents.PEAK)
        assert incidents[inside].sum(axis=0) == pytest.approx(np.maximum(base, pooled))
    assert ratio > 1.0


def test_an_area_alone_holds_its_own_peak():
    mean = np.full((2, 1, 1), 3.0)

    incidents, ratio = held(mean, np.array([0, 1]))

    assert (incidents == poisson.ppf(0.95, 3.0)).all()
    assert ratio == 1.0


def test_many_small_areas_keep_the_surge_that_none_has_alone():
    incidents, _ = held(np.full((10, 1, 1), 0.04), np.zeros(10, dtype=int))

    assert incidents.sum() == pytest.approx(poisson.ppf(0.95, 0.4))
    assert np.ptp(incidents) < 1e-12


def test_where_nothing_happens_nothing_is_held():
    incidents, ratio = held(np.zeros((2, 1, 3)), np.zeros(2, dtype=int))

    assert not incidents.any()
    assert np.isnan(ratio)


def test_clusters_take_the_slower_way_and_cut_off_what_is_unreachable():
    hours = np.array([[0.0, 1.0, np.inf], [5.0, 0.0, 1.0], [1.0, 1.0, 0.0]])

    found = clusters(hours, 4.0)

    assert found[1] == found[2] != found[0]
    assert clusters(np.zeros((1, 1)), 4.0).tolist() == [0]
