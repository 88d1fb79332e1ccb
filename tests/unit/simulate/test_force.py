from dataclasses import replace

import numpy as np
import pytest

from polgap.catalogue import table


def sure(*names):
    """The named shocks, certain in every future."""
    rows = table("shocks")
    rows = rows[rows["shock"].isin(names)].copy()
    rows[["chance_low", "chance_mid", "chance_high"]] = 1.0
    return rows


@pytest.fixture
def play_one(made):
    """Play with no dynamics but the shock, so that unmet officers can be counted by hand."""
    names = ["trust_loss_misconduct", "trust_loss_withdrawal", "trust_loss_violence_month"]
    names += ["host_violence_loss_month", "mentoring_gain_month", "trust_gain_month"]
    still = dict.fromkeys(names, (0.0, 0.0, 0.0))

    def run(theatre, shocks=made.CALM):
        return theatre.played(0.0, shocks, overrides=still).outcome

    return run


def scarce(theatre):
    """Ask for far more protection than there are officers: every officer lost is one more open."""
    asked = theatre.assessment.requirement.copy()
    asked[:] = 0.0
    asked.loc[{"function": "protection"}] = 1e4
    return replace(theatre, assessment=replace(theatre.assessment, requirement=asked))


def test_failed_pledge_takes_its_own_units_and_no_others(made, play_one):
    theatre = scarce(made.theatre()).with_options(
        status_quo={("here", "a"): 1},
        recommended={("here", "a"): 1, ("new", "a"): 2},
    )
    calm, hurt = play_one(theatre), play_one(theatre, sure("pledge_fails"))
    more = (hurt["unmet_need"] - calm["unmet_need"]).transpose("option", "area", "month", "draw")
    assert np.abs(more.sel(option="status_quo")).max() == 0.0
    assert more.sel(option="recommended", area="a").values == pytest.approx(2 * 84.0, abs=0.01)
    assert np.abs(more.sel(option="recommended", area="b")).max() == 0.0
    assert (hurt["cost"].sel(option="recommended") == hurt["cost"].sel(option="status_quo")).all()


def test_pledge_that_had_not_arrived_takes_nobody_away(made, play_one):
    theatre = scarce(made.theatre()).with_options(
        status_quo={("here", "a"): 1},
        recommended={("here", "a"): 1, ("new", "a"): 2},
    )
    late = theatre.deployed["recommended"]
    present = theatre.deployed["status_quo"]
    late = replace(late, mission=present.mission, strength=present.strength)
    theatre = replace(theatre, deployed={**theatre.deployed, "recommended": late})
    calm, hurt = play_one(theatre), play_one(theatre, sure("pledge_fails"))
    assert np.allclose(calm["unmet_need"], hurt["unmet_need"])


def test_budget_cut_sends_a_quarter_home_and_saves_their_cost(made, play_one):
    theatre = scarce(made.theatre())
    calm, hurt = play_one(theatre), play_one(theatre, sure("budget_cut"))
    last = {"month": theatre.study.report_months[-1], "option": "status_quo", "area": "a"}
    more = (hurt["unmet_need"] - calm["unmet_need"]).sel(last)
    assert more.values == pytest.approx(84.0 * 0.25, abs=0.01)
    saved = hurt["cost"] / calm["cost"]
    assert float(saved.min()) == pytest.approx(0.75)
    assert float(saved.max()) < 1.0


def test_consent_withdrawn_costs_effect_not_money(made, play_one):
    theatre = scarce(made.theatre())
    calm, hurt = play_one(theatre), play_one(theatre, sure("consent_withdrawn"))
    assert float((hurt["unmet_need"] - calm["unmet_need"]).min()) >= 0.0
    assert float((hurt["unmet_need"] - calm["unmet_need"]).max()) > 84.0 * 0.3
    assert (hurt["cost"] == calm["cost"]).all()


def test_attrition_crisis_takes_the_share_of_the_roll(made, play_one):
    theatre = made.theatre(months=24)
    calm, hurt = play_one(theatre), play_one(theatre, sure("attrition_crisis"))
    last = {"month": theatre.study.report_months[-1], "option": "status_quo"}
    left = (hurt["host_effective"].sel(last) / calm["host_effective"].sel(last)).min("area")
    assert 0.78 < float(left.min()) < 0.93
    assert float(left.max()) <= 1.0
