import numpy as np
import pytest

from polgap.catalogue import table
from polgap.errors import StudyError
from polgap.simulate._shocks import KNOWN, draw_shocks

EVERY = np.arange(2000)


def drawn(rows=None, kept=EVERY, months=12):
    rows = table("shocks") if rows is None else rows
    return draw_shocks(rows, 3, 2000, kept, months, np.array([1.0, 1.0, 2.0]))


def test_catalogue_and_kernel_know_the_same_shocks():
    assert set(table("shocks")["shock"]) == set(KNOWN)


def test_shocks_hit_about_as_often_as_the_catalogue_says():
    shares = drawn().table().set_index("shock")["hit_share"]
    rows = table("shocks").set_index("shock")
    for name in KNOWN:
        assert rows.loc[name, "chance_low"] < shares[name] < rows.loc[name, "chance_high"]


def test_shorter_horizon_fewer_yearly_shocks_but_as_many_failed_pledges():
    year, quarter = drawn(), drawn(months=3)
    assert quarter.of["violence_spike"].hit.sum() < 0.5 * year.of["violence_spike"].hit.sum()
    assert (quarter.of["pledge_fails"].hit == year.of["pledge_fails"].hit).all()


def test_thinning_moves_nobodys_luck():
    kept = np.arange(0, 2000, 4)
    assert (drawn(kept=kept).of["budget_cut"].hit == drawn().of["budget_cut"].hit[kept]).all()


def test_budget_cut_lasts_until_the_end_and_consent_comes_back():
    shocks = drawn()
    funded, consent = shocks.funded(), shocks.consent()
    assert (np.diff(funded, axis=0) <= 0).all()
    assert funded.min() == pytest.approx(0.75)
    hit = shocks.of["consent_withdrawn"]
    back = hit.hit & (hit.start + hit.length < 12)
    assert back.any()
    assert (consent[-1][back] == 1.0).all()
    assert (consent.min(axis=0)[hit.hit] < 1.0).all()


def test_spike_raises_violence_around_its_centre_only():
    near = np.array([[True, True, False], [True, True, False], [False, False, True]])
    shocks = drawn()
    factor = shocks.spike(near)
    hit = shocks.of["violence_spike"].hit
    lone = hit & (shocks.centre == 2)
    assert (factor[:, :, ~hit] == 1.0).all()
    assert (factor[:, :2, lone] == 1.0).all()
    assert (factor[:, 2, lone].max(axis=0) > 1.4).all()


def test_a_shock_not_asked_for_never_hits():
    assert not any(s.hit.any() for s in drawn(table("shocks").iloc[:0]).of.values())


def test_a_shock_the_kernel_does_not_know_is_refused():
    with pytest.raises(StudyError, match="locusts"):
        drawn(table("shocks").replace("budget_cut", "locusts"))
