import numpy as np
import pytest
from scipy.special import ndtri

from polgap.assess import _able

FIVE = np.array([0.70, 0.75, 0.60, 0.80, 0.90])[:, None]


def test_the_joint_share_is_that_of_a_simulated_copula():
    rho = 0.4
    normal = np.random.default_rng(1).multivariate_normal(
        np.zeros(5), rho + (1 - rho) * np.eye(5), size=200_000
    )

    simulated = (normal < ndtri(FIVE[:, 0])).all(axis=1).mean()

    assert _able.joint_share(FIVE, np.array([rho])) == pytest.approx(simulated, abs=0.004)


def test_the_joint_share_runs_from_the_product_to_the_smallest():
    rho = np.linspace(0.0, 1.0, 30)
    joint = _able.joint_share(np.repeat(FIVE, 30, axis=1), rho)

    assert joint[0] == pytest.approx(FIVE.prod(), abs=1e-6)
    assert (np.diff(joint) > 0).all()
    assert joint[-1] == pytest.approx(0.60)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certain_elements_stay_certain(certain):
    shares = np.array([[0.5], [certain]])

    assert _able.joint_share(shares, np.array([0.5])) == pytest.approx(0.5 * certain)


def test_vetting_is_critical_only_where_powers_exceed_protection():
    assert not _able.critical_elements(1)[0]
    assert _able.critical_elements(2)[0]


def test_a_missing_degrading_element_costs_half():
    ratios = np.array([[1.0], [0.5], [1.0], [1.0], [1.0]])

    assert _able.able_share(ratios, True, _able.critical_elements(3), np.zeros(1)) == 0.75


def test_a_missing_critical_element_costs_all():
    ratios = np.array([[1.0], [1.0], [1.0], [0.5], [1.0]])

    for nested in (True, False):
        share = _able.able_share(ratios, nested, _able.critical_elements(3), np.array([0.5]))
        assert share == pytest.approx(0.5)


def test_nested_counts_are_read_as_steps():
    ratios, nested = _able.read_elements([90, 60, 60, 30, 0], 100)

    assert nested
    assert ratios.prod() == 0.0
    assert ratios[:4].prod() == pytest.approx(0.3)


def test_counts_that_are_not_nested_are_shares_of_the_available():
    ratios, nested = _able.read_elements([60, 90, 50, 40, 30], 100)

    assert not nested
    assert ratios.tolist() == [0.6, 0.9, 0.5, 0.4, 0.3]


def test_nested_counts_stay_between_full_overlap_and_none():
    ratios = np.array([[0.9], [0.7], [0.8], [0.6], [0.9]])
    critical = _able.critical_elements(1)

    shares = [_able.able_share(ratios, True, critical, np.array([r]))[0] for r in (0.0, 0.5, 1.0)]

    assert shares[2] == pytest.approx(ratios.prod())
    assert shares == sorted(shares, reverse=True)
