import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from polgap import catalogue
from polgap.draws import Parameters
from polgap.rebuild._able import MARGINS, able, margins

FIVE = np.array([0.70, 0.75, 0.60, 0.80, 0.90])


def at(rho, shares=FIVE, nested=False, helped=(False,) * 3, months=24, powers=2):
    theta = Parameters(catalogue.parameters(), 1, 4, {"able_copula_rho": (rho, rho, rho)})
    drawn = np.repeat(shares[None, :, None], 4, axis=2)
    flags = np.array([helped])
    return able(drawn, np.array([nested]), flags, months, powers, theta)


@pytest.mark.parametrize("rho", [0.2, 0.55, 0.9])
def test_able_is_the_copula_share(rho):
    same = np.full((5, 5), rho) + (1 - rho) * np.eye(5)
    limits = norm.ppf(FIVE)
    everything = multivariate_normal(cov=same, abseps=1e-6).cdf(limits)
    critical = multivariate_normal(cov=same[:3, :3], abseps=1e-6).cdf(limits[[0, 3, 4]])
    joint = at(rho).joint[0, 0, 0]
    assert joint == pytest.approx((everything + critical) / 2, abs=2e-3)


def test_without_powers_vetting_only_degrades():
    assert at(0.5, powers=1).joint[0, 0, 0] > at(0.5, powers=2).joint[0, 0, 0]


def test_nothing_moves_without_support():
    found = at(0.5)
    assert np.ptp(found.joint) == pytest.approx(0.0, abs=1e-12)
    assert np.ptp(found.vetted) == pytest.approx(0.0, abs=1e-12)


def test_support_closes_a_yearly_share_of_what_is_missing():
    theta = Parameters(catalogue.parameters(), 1, 4, {"vetting_gain_year": (0.2, 0.2, 0.2)})
    drawn = np.repeat(FIVE[None, :, None], 4, axis=2)
    found = able(drawn, np.array([False]), np.array([[True, True, False]]), 24, 1, theta)
    assert found.vetted[0, 12] == pytest.approx(1 - 0.3 * 0.8)
    assert found.vetted[0, 24] == pytest.approx(1 - 0.3 * 0.64)
    # Between every third month the path is a straight line: an error below a thousandth.
    assert found.vetted[0, 1] == pytest.approx(1 - 0.3 * 0.8 ** (1 / 12), abs=1e-3)
    assert np.ptp(found.equipped) == 0.0
    assert (np.diff(found.joint[0], axis=0) > 0).all()


def test_nested_counts_say_how_many_have_everything():
    row = {"available": 200, "vetted": 100, "trained": 80, "equipped": 40, "paid": 40,
           "in_reach": 20}  # fmt: skip
    shares, nested = margins(row)
    assert nested
    found = at(0.999, shares=shares, nested=True)
    assert found.joint[0, 0, 0] == pytest.approx(20 / 200, abs=1e-3)
    assert found.vetted[0, 0, 0] == 0.5
    assert found.equipped[0, 0, 0] == pytest.approx(40 / 200)


@pytest.mark.parametrize("values", [(0.5, 0.9, 0.2, 1.0, 0.7), (100, 180, 40, 200, 140)])
def test_counts_that_are_not_nested_are_shares_of_the_available(values):
    shares, nested = margins(dict(zip(MARGINS, values, strict=True)) | {"available": 200})
    assert not nested
    assert shares.tolist() == [0.5, 0.9, 0.2, 1.0, 0.7]
