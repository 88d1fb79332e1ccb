import numpy as np
import pytest

from polgap import catalogue
from polgap.deploy import generate
from polgap.domain import Study, empty_table
from polgap.draws import Parameters


def test_units_in_the_mission_are_there_at_once(study, pledges, theta):
    found = generate(study, pledges({"readiness": "in_mission", "contributor": "PRESENT"}), theta)
    assert (found.arrival == 0).all()
    assert len(found.chain) == 0


def test_arrival_is_a_whole_month_of_effect(study, pledges, theta):
    found = generate(study, pledges({"readiness": "RDL"}), theta)
    months = found.arrival.values
    assert (months == np.round(months)).all()
    # 60 days after a decision of 30: ready at the end of the third month.
    assert np.median(months) == 5.0
    assert months.min() >= 3.0


def test_a_failed_pledge_that_nobody_replaces_never_comes(study, pledges):
    nobody = {"retender_chance": (0.0, 0.0, 0.0)}
    theta = Parameters(catalogue.parameters(), 7, study.draws, nobody)
    found = generate(study, pledges({"chance": 0.75}), theta)
    assert np.isinf(found.arrival.values).mean() == 0.25


def test_nothing_comes_before_the_offer_begins(study, pledges, theta):
    found = generate(study, pledges({"readiness": "RDL", "from": "2024-10"}), theta)
    # October is month 10; after induction the unit is in effect from November.
    assert found.arrival.values.min() == 11.0


def test_what_comes_after_the_offer_ends_never_comes(study, pledges, theta):
    found = generate(study, pledges({"readiness": "L1", "until": "2024-03"}), theta)
    assert np.isinf(found.arrival.values).all()
    assert [note.code for note in found.notes] == ["deploy.lapsed"]
    assert catalogue.message(found.notes[0].code, "fr", **found.notes[0].values)


def test_no_offer_is_said(study, theta):
    found = generate(study, empty_table("pledges"), theta)
    assert found.arrival.sizes == {"pledge": 0, "draw": theta.draws}
    assert [note.code for note in found.notes] == ["deploy.no_offers"]


def test_individual_officers_pass_nomination_and_clearance(study, pledges, theta):
    generate(study, pledges({"unit_type": "IPO", "number": 20}), theta)
    assert {"lead_time_ipo_nomination", "lead_time_ipo_clearance"} <= set(theta.used)


def test_pledges_of_one_readiness_are_late_together(study, pledges, theta):
    found = generate(study, pledges({}, {}, {"readiness": "L3"}), theta).arrival.values
    assert np.corrcoef(found[0], found[1])[0, 1] > 0.2
    assert np.corrcoef(found[0], found[1])[0, 1] < 0.95


def test_the_shown_lead_time_is_the_one_that_delays(study, pledges, theta):
    found = generate(study, pledges({}), theta).arrival.values
    assert np.corrcoef(theta["lead_time_pcrs_l2_unit"], found[0])[0, 1] > 0.3


def test_a_planner_can_set_a_lead_time(study, pledges):
    fixed = {"lead_time_rdl_unit": (30.0, 30.0, 30.0), "decision_days": (10.0, 10.0, 10.0)}
    theta = Parameters(catalogue.parameters(), 1, 50, fixed)
    found = generate(study, pledges({"readiness": "RDL"}), theta)
    # 40 days: ready in February, in effect from the start of March.
    assert set(found.arrival.values.ravel()) == {3.0}


def test_luck_goes_by_position_not_by_label(study, pledges, theta):
    one = generate(study, pledges({}, {"readiness": "L1"}), theta)
    other = generate(study, pledges({"pledge": "x"}, {"pledge": "y", "readiness": "L1"}), theta)
    assert one.arrival.values.tolist() == other.arrival.values.tolist()


@pytest.mark.parametrize("seed", [1, 2])
def test_same_seed_same_arrival(seed, pledges):
    study = Study("T", "2023-12")
    twice = [
        generate(study, pledges({}), Parameters(catalogue.parameters(), seed, 20)).arrival.values
        for _ in range(2)
    ]
    assert twice[0].tolist() == twice[1].tolist()
