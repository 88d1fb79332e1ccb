"""Front and replan: what more money buys, and a plan near the old one after an event."""

from dataclasses import replace

import numpy as np
import pytest

from polgap import calibrate
from polgap.domain import Note


@pytest.fixture(scope="module")
def theatre(made):
    rules = [made.rule("budget_year", 30.0, units="million USD")]
    return made.theatre(made.mission(6, pledges=10), rules, areas=6, months=9, draws=20)


def inputs_of(theatre):
    return {
        "study": theatre.study, "inputs": theatre.inputs, "assessment": theatre.assessment,
        "generation": theatre.generation, "hours": theatre.hours, "theta": theatre.theta,
    }  # fmt: skip


@pytest.fixture(scope="module")
def old(theatre):
    return theatre.options()["recommended"]


@pytest.fixture(scope="module")
def points(theatre):
    return calibrate.front(**inputs_of(theatre), points=5)


def test_more_money_buys_more_and_sooner(points):
    assert 3 <= len(points) <= 5
    cost, unmet = [p.cost for p in points], [p.unmet for p in points]
    assert cost == sorted(cost) and unmet == sorted(unmet, reverse=True)
    assert len(set(unmet)) == len(unmet)
    months = [99 if p.months is None else p.months for p in points]
    assert months[-1] <= months[0]


def test_every_point_keeps_the_rules_its_share_and_its_bound(theatre, points):
    for point in points:
        assert theatre.verify(point.plan) == []
        assert point.cost <= point.share * points[-1].cost * (1 + 1e-9)
        assert 0.0 <= point.bound <= point.unmet


@pytest.mark.parametrize("asked", [{"points": 0}, {"threshold": 1.5}, {"threshold": -0.1}])
def test_a_front_that_makes_no_sense_is_refused(theatre, asked):
    with pytest.raises(ValueError, match="front: got"):
        calibrate.front(**inputs_of(theatre), **asked)


def test_nothing_happened_nothing_moves_but_for_what_is_worth_it(theatre, old):
    again = calibrate.replan(old, **inputs_of(theatre), moved=1e9)
    assert again.left == pytest.approx(old.value, rel=1e-9)
    assert all(change.units > 0 for change in again.changes)
    assert again.plan.value <= old.value * (1 + 1e-9)


def test_a_pledge_withdrawn_is_gone_and_the_rest_stays(theatre, old):
    lost = old.table["pledge"].iloc[-1]
    kept = theatre.inputs.pledges[theatre.inputs.pledges["pledge"] != lost]
    after = replace(theatre, inputs=replace(theatre.inputs, pledges=kept.reset_index(drop=True)))
    found = calibrate.replan(old, **inputs_of(after), moved=1e9)
    assert after.verify(found.plan) == []
    assert found.left >= found.plan.value >= found.plan.bound
    gone = [c for c in found.changes if c.pledge == lost]
    assert gone and all(c.units < 0 and c.why == "gone" for c in gone)
    assert all(c.why in ("gone", "fills") for c in found.changes)


def test_a_budget_cut_takes_out_what_helps_least(made, theatre, old):
    rules = made.rows("rules", [made.rule("budget_year", 12.0, units="million USD")])
    after = replace(theatre, inputs=replace(theatre.inputs, rules=rules))
    found = calibrate.replan(old, **inputs_of(after))
    assert after.verify(found.plan) == []
    assert found.plan.value > old.value
    assert "limit" in {change.why for change in found.changes}


def test_nobody_is_based_where_the_base_is_lost(theatre, old):
    area = old.table["area"].mode().iloc[0]
    found = calibrate.replan(old, **inputs_of(theatre), closed=[area])
    assert area not in set(found.plan.table["area"])
    assert {c.why for c in found.changes if c.area == area} == {"closed"}


def test_replanning_twice_gives_the_same_plan(theatre, old):
    one, two = (calibrate.replan(old, **inputs_of(theatre)) for _ in range(2))
    assert one.plan.table.equals(two.plan.table) and one.plan.value == two.plan.value
    assert np.isfinite(one.plan.bound)


def test_a_base_lost_frees_who_stood_there_for_other_bases(theatre, old):
    rich = replace(theatre, inputs=replace(theatre.inputs, rules=theatre.inputs.rules.iloc[:0]))
    present = theatre.inputs.pledges.query("readiness == 'in_mission'")
    first, seen = theatre.study.report_months[0], 0
    for area in present["area"].unique():
        found = calibrate.replan(old, **inputs_of(rich), closed=[area])
        freed = present.loc[present["area"] == area, "pledge"]
        back = found.plan.table[found.plan.table["pledge"].isin(freed)]
        seen += len(back)
        assert first not in set(back["month"])  # re-based, but not in the first block
        assert rich.verify(found.plan) == []
    assert seen > 0


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_cheapest_plan_meets_the_floor_and_beats_every_point_of_the_front(
    theatre, old, points, share
):
    found = calibrate.cheapest(**inputs_of(theatre), near=old, share=share)
    assert theatre.verify(found.plan) == []
    assert found.plan.value <= found.allowed * (1 + 1e-6)
    assert 0 <= found.least <= found.cost
    enough = [p.cost for p in points if p.unmet <= found.allowed]
    assert found.cost <= min(enough) * (1 + 1e-9)
    assert all(p.cost >= found.least * (1 - 1e-9) for p in points if p.unmet <= found.allowed)
    assert np.isnan(found.plan.bound)


def test_a_floor_that_is_no_share_is_refused(theatre, old):
    with pytest.raises(ValueError, match="wanted a share above 0"):
        calibrate.cheapest(**inputs_of(theatre), near=old, share=0.0)


@pytest.mark.parametrize(
    ("consent", "phase", "reason"),
    [("no", "post_conflict", "consent"), ("yes", "fighting", "threat"),
     ("yes", "post_conflict", "caveats")],
)  # fmt: skip
def test_an_area_that_nobody_may_serve_has_its_reason(theatre, consent, phase, reason):
    area = theatre.inputs.areas["area"].iloc[-1]
    far = theatre.hours.where(theatre.hours["serves"] != area, np.inf)
    pledges = theatre.inputs.pledges.assign(unit_type="IPO")
    mandate = theatre.inputs.mandate.copy()
    mandate.loc[mandate.index[0], "host_consent"] = consent
    mandate.loc[mandate.index[0], "area"] = area
    inputs = replace(theatre.inputs, pledges=pledges, mandate=mandate.iloc[:1])
    note = Note("calibrate.out_of_reach", {"areas": area})
    (found,) = calibrate.unserved([note], inputs, {area: phase}, far)
    assert (found.area, found.reason, found.hours) == (area, reason, None)
    assert calibrate.unserved([], inputs, {area: phase}, far) == ()
