"""Laws of rebuilding."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap import catalogue
from polgap.draws import Parameters
from polgap.rebuild._able import able
from polgap.rebuild._criteria import provided, run_share
from polgap.rebuild._posts import Lines, Posts
from polgap.rebuild._stock import Support, stock
from polgap.rebuild._will import Will

DRAWS, MONTHS = 20, 24


def one_institution(level, given, shares, seed):
    """One institution in one area: its path with or without support."""
    theta = Parameters(catalogue.parameters(), seed, DRAWS)
    ones = np.ones((1, DRAWS))
    five = np.repeat(np.array(shares)[None, :, None], DRAWS, axis=2)
    table = Lines(1000 * ones, 900 * ones, 800 * ones, five, np.array([False]), np.array([np.inf]))
    zero = np.zeros(1, dtype=int)
    everyone = level * np.ones((1, 1, DRAWS))
    willing = Will(everyone, everyone, np.array([[level]]), np.array([[False]]))
    helped = Support(np.array([given]), np.array([True]), 2, np.ones(1))
    return stock(table, Posts(["p"], zero, zero, zero, ones), willing, helped, MONTHS, theta)


five_shares = st.lists(st.floats(0.05, 0.95), min_size=5, max_size=5)


@given(st.floats(0.0, 0.34), five_shares, st.integers(0, 100))
@settings(max_examples=25, deadline=None)
def test_able_but_unwilling_never_grows(level, shares, seed):
    found = one_institution(level, True, shares, seed)
    assert (np.diff(found.roll, axis=2) <= 0).all()
    assert np.allclose(found.equipped, found.equipped[:, :1])


@given(st.floats(0.36, 1.0), five_shares, st.integers(0, 100))
@settings(max_examples=25, deadline=None)
def test_support_never_leaves_fewer_officers_than_none(level, shares, seed):
    helped, alone = (one_institution(level, given, shares, seed) for given in (True, False))
    assert (helped.roll >= alone.roll - 1e-9).all()
    assert (helped.vetted >= alone.vetted - 1e-9).all()


@given(five_shares, st.integers(0, 100))
@settings(max_examples=25, deadline=None)
def test_counts_are_nested_and_shares_stay_shares(shares, seed):
    found = one_institution(0.7, True, shares, seed)
    assert (found.roll >= found.operational).all()
    assert (found.operational >= found.effective).all()
    for share in (found.vetted, found.equipped, found.lowest):
        assert ((share >= 0) & (share <= 1)).all()


@given(five_shares, st.integers(0, 100), st.sampled_from([0, 1, 3]))
@settings(max_examples=25, deadline=None)
def test_the_able_share_keeps_the_frechet_bounds(shares, seed, powers):
    theta = Parameters(catalogue.parameters(), seed, DRAWS)
    drawn = np.repeat(np.array(shares)[None, :, None], DRAWS, axis=2)
    found = able(drawn, np.array([False]), np.zeros((1, 3), dtype=bool), 3, powers, theta).joint
    assert (found >= max(0.0, sum(shares) - 4) - 1e-3).all()
    # Half of those who miss something that only degrades still count.
    assert (found <= (min(shares) + min(shares[3:])) / 2 + 1e-3).all()


@given(
    st.floats(0, 1000), st.floats(0, 1), st.floats(0, 2000), st.floats(1, 2000), st.floats(0, 500)
)
@settings(max_examples=50, deadline=None)
def test_more_officers_never_provide_less(need, covered, now, origin, more):
    args = np.array([need]), np.array([need * covered])
    less = provided(*args, np.array([now]), np.array([origin]))
    assert provided(*args, np.array([now + more]), np.array([origin])) >= less - 1e-9


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(1, 6))
def test_a_longer_run_is_never_likelier(months, run):
    held = np.array(months)[:, None]
    longer = run_share(held, run + 1)
    assert longer.max() <= run_share(held, run).max()
