"""Each rule binds: without it the plan breaks it, with it the plan keeps it; verify sees both."""

from dataclasses import replace

import pandas as pd
import pytest

from polgap import calibrate, catalogue, deploy
from polgap.calibrate._offer import program_of
from polgap.domain import Plan
from polgap.sources._checks import RULES

FOUND = {
    "budget_year": [(12, {"units": "million USD"})],
    "ceiling_total": [(300, {})],
    "base_size": [(150, {})],
    "minimum_presence": [(320, {"area": "a003", "from": "2024-07"})],
    "women_share": [(0.2, {})],
    "women_minimum": [(30, {"area": "a002", "from": "2024-07"})],
    "self_sustainment": [(60, {"area": "a001"}), (60, {"area": "a002"})],
    "minimum_stay": [(10, {})],
    "support_share": [(0.2, {})],
    "rotation_lift": [(0.25, {})],
    "response_time": [(0.5, {"area": "a000", "from": "2024-07"})],
}
"""Rule -> values and where or when; the plan that no rule limits breaks each of them."""
ALONE = {"equity_floor", "base_opening_cost", "rotation_months", "rotation_loss"}
"""Rules of the plan that have a test of their own here."""
AIMS = {"risk_aversion", "risk_tail", "mentoring_worth"}
"""What a plan is made for (`test_risk`, `test_mentoring`): nothing that it could break."""
ELSEWHERE = {
    "posts_static", "posts_border", "posts_protection", "sites_custody", "election", "returns",
    "markets", "function_on", "function_off", "need_model", "wet_season", "terrain",
    "assessment_teams", "lift_slots", "airport_slots", "camp_crews",
}  # fmt: skip
"""Rules of need, travel and force generation: none of the program."""


def test_every_rule_of_the_plan_is_switched_off_in_a_test():
    assert set(RULES) == set(FOUND) | ALONE | AIMS | ELSEWHERE


def pledges(made):
    return [
        made.pledge("here", "FPU", 1, area="a001", women=0.1),
        made.pledge("alone", "IPO", 40, area="a000", women=0.4),
        made.pledge("soon", "FPU", 2, "RDL", women=0.1),
        made.pledge("team", "SPT", 2, "RDL", women=0.6),
        made.pledge("gendarmes", "IPU", 1, "RDL", women=0.1),
        made.pledge("short", "FPU", 1, "RDL", women=0.1, until="2024-12"),
        made.pledge("officers", "IPO", 60, "RDL", women=0.35),
    ]  # fmt: skip


def theatre(made, rules, **more):
    return made.theatre(
        pledges(made), rules, draws=20, spacing=3.0, officers=120.0, seed=3,
        arrival={"gendarmes": 2}, **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def free(made):
    """The plan that no rule limits."""
    return recommended(theatre(made, []))


def recommended(case, near=None):
    return calibrate.recommend(
        case.study, case.inputs, case.assessment, case.generation, case.hours, case.theta,
        near=near,
    )  # fmt: skip


def verify(case, plan):
    return calibrate.verify.verify(
        plan, case.study, case.inputs, case.posture, case.phases, case.hours
    )


def broken(case, plan):
    found = verify(case, plan)
    return {v.split(":")[0].split()[0] for v in found}


@pytest.mark.parametrize("rule", FOUND)
def test_a_rule_binds(made, free, rule):
    case = theatre(made, [made.rule(rule, value, **more) for value, more in FOUND[rule]])
    assert broken(case, free) == {rule}
    plan = recommended(case)
    assert verify(case, plan) == []
    assert plan.value >= free.value * (1 - 1e-3)
    assert plan.value >= plan.bound - 1e-6


@pytest.mark.parametrize(
    ("ceilings", "rule"), [((350, None), "ceiling_formed"), ((None, 50), "ceiling_individual")]
)
def test_a_ceiling_of_the_mandate_binds(made, free, ceilings, rule):
    case = theatre(made, [], ceilings=ceilings)
    assert broken(case, free) == {rule}
    plan = recommended(case)
    assert verify(case, plan) == []
    assert not plan.table.equals(free.table)
    assert plan.value >= free.value * (1 - 1e-3) and plan.value >= plan.bound - 1e-6


def spent(case, plan):
    """USD a year of a plan by hand, without bases."""
    cost = catalogue.table("unit_types").set_index("unit_type")["cost_year_mid"]
    return float((plan.table["number"] * plan.table["unit_type"].map(cost)).sum() / 12.0)


def test_opening_a_base_costs_what_the_budget_then_lacks(made, free):
    """The budget is what the free plan spends on units: with dear bases it does not do any more."""
    budget = made.rule("budget_year", spent(theatre(made, []), free) / 1e6, units="million USD")
    assert broken(theatre(made, [budget]), free) == set()
    dear = made.rule("base_opening_cost", 15.0, units="million USD")
    case = theatre(made, [budget, dear])
    assert broken(case, free) == {"budget_year"}
    plan = recommended(case)
    assert verify(case, plan) == []
    assert plan.value > free.value * (1 + 1e-3) and plan.value >= plan.bound - 1e-6
    bases = set(plan.table["area"]) - {"a000", "a001"}
    assert len(bases) < len(set(free.table["area"]) - {"a000", "a001"})
    budgeted = spent(case, plan) + 15e6 * len(bases)
    assert budgeted <= spent(case, free) * (1 + 1e-6)


def test_a_base_that_stands_already_is_not_opened(made, free):
    budget = made.rule("budget_year", spent(theatre(made, []), free) / 1e6, units="million USD")
    here = [made.rule("base_opening_cost", 50e6, area=a) for a in ("a000", "a001")]
    assert broken(theatre(made, [budget, *here]), free) == set()


def test_a_unit_that_is_mostly_away_is_not_called(made):
    """Money for one formed unit: if it turns over all the time, individual officers do more."""
    turns = [made.rule("rotation_months", 1), made.rule("rotation_loss", 0.9)]
    case, turning = (
        made.theatre(
            [made.pledge("formed", "FPU", 1, "RDL"), made.pledge("officers", "IPO", 50, "RDL")],
            [made.rule("budget_year", 5.25, units="million USD"), *rules], areas=1, months=12,
            draws=10, officers=300.0, arrival={"formed": 0, "officers": 0},
        )
        for rules in ([], turns)
    )  # fmt: skip
    free, plan = recommended(case), recommended(turning)
    assert set(free.table["pledge"]) == {"formed"} and "officers" in set(plan.table["pledge"])
    assert plan.value > free.value * (1 + 1e-3) and plan.bound <= plan.value + 1e-6


def test_what_a_rotating_unit_gives_in_the_program_is_what_it_gives_when_it_is_there(made):
    turns = [made.rule("rotation_months", 4), made.rule("rotation_loss", 0.8)]
    offers = [made.pledge("here", "FPU", 1, area="a001"), made.pledge("new", "IPU", 1, "RDL")]
    case, free = (made.theatre(offers, rules, draws=200) for rules in (turns, []))
    months = case.study.report_months
    table = pd.concat([
        pd.DataFrame({"pledge": p, "unit_type": u, "area": a, "month": months, "number": 1.0})
        for p, u, a in (("here", "FPU", "a001"), ("new", "IPU", "a000"))
    ])  # fmt: skip
    plan = Plan("by hand", table, pd.DataFrame(columns=["unit_type", "area", "serves", "share"]))
    given = case.inputs
    placed = deploy.place(
        case.study, plan, given.pledges, case.generation, case.theta, given.areas, given.rules
    )
    officers = placed.mission.sum("unit_type").mean("draw").sel(area=["a001", "a000"])
    by_block = officers.transpose("area", "month").values.reshape(2, 4, 3).mean(axis=2)
    effect, more = (
        program_of(
            c.study, c.inputs, c.assessment.requirement, c.phases, c.generation, c.hours, c.theta
        )[0].force.effect
        for c in (case, free)
    )  # fmt: skip
    assert by_block == pytest.approx(effect, rel=0.02, abs=0.5)
    assert effect[0] == pytest.approx(more[0] * (1 - 0.8 / 4))
    assert (effect[1, 2:] < more[1, 2:]).all()


def test_the_equity_floor_binds(made):
    """Areas six hours apart: whoever is not based there is out of reach."""
    offers = [
        made.pledge("here", "FPU", 4, area="a001", caveats="no_move"),
        made.pledge("soon", "FPU", 1, "RDL"),
    ]  # fmt: skip
    free = made.theatre(offers, draws=20, spacing=12.0)
    plan = recommended(free)
    empty = next(a for a in free.inputs.areas["area"] if a not in set(plan.table["area"]))
    rule = made.rule("equity_floor", 0.5, area=empty, **{"from": "2024-07"})
    case = made.theatre(offers, [rule], draws=20, spacing=12.0)
    assert broken(case, plan) == {"equity_floor"}
    kept = recommended(case)
    assert verify(case, kept) == []
    assert set(kept.table.loc[kept.table["pledge"] == "soon", "area"]) == {empty}


def test_a_floor_that_cannot_be_met_is_said(made):
    rules = [
        made.rule("women_minimum", 500), made.rule("equity_floor", 1.0),
        made.rule("response_time", 0.0, area="a002", until="2024-03"),
        made.rule("response_time", 0.0, area="a003", until="2024-03"),
    ]  # fmt: skip
    codes = {n.code for n in recommended(theatre(made, rules)).notes}
    assert {
        "calibrate.women_minimum_unmet", "calibrate.response_time_unmet",
        "calibrate.equity_floor_unmet",
    } <= codes  # fmt: skip


def test_a_pledge_too_short_to_stay_is_said(made):
    short = [made.pledge("short", "FPU", 1, "RDL", until="2024-09")]
    case = made.theatre(short, [made.rule("minimum_stay", 24)], draws=10)
    plan = recommended(case)
    assert not len(plan.table)
    assert "calibrate.stays_too_short" in {n.code for n in plan.notes}


def test_a_unit_serves_only_within_its_reach(made):
    case = theatre(made, [])
    labels = case.study.report_months
    table = pd.DataFrame({
        "pledge": "here", "unit_type": "FPU", "area": "a001", "month": labels, "number": 1.0,
    })  # fmt: skip
    tasking = pd.DataFrame({
        "unit_type": ["FPU"], "area": ["a001"], "serves": ["a002"], "share": [1.0],
    })  # fmt: skip
    plan = Plan("by hand", table, tasking)
    assert float(case.hours.sel(area="a001", serves="a002")) > 4.0
    assert [v.split(":")[0] for v in verify(case, plan)] == ["reach"]
    near = replace(plan, tasking=tasking.assign(serves="a001"))
    assert verify(case, near) == []


def test_unknown_women_count_as_none(made):
    unknown = [made.pledge("alone", "IPO", 40, area="a000")]
    case = made.theatre(unknown, [made.rule("women_minimum", 1)], draws=10)
    plan = recommended(case)
    assert [n.code for n in plan.notes if n.code.endswith("_unmet")] == [
        "calibrate.women_minimum_unmet"
    ]
    assert broken(case, plan) == {"women_minimum"}


@pytest.mark.parametrize("usd", [6.0, 14.0])
def test_more_budget_never_hurts(made, usd):
    poor = recommended(theatre(made, [made.rule("budget_year", usd, units="million USD")]))
    rich = theatre(made, [made.rule("budget_year", usd + 1.0, units="million USD")])
    assert recommended(rich, poor).value <= poor.value + 1e-6


def test_what_was_possible_and_is_not_any_more_is_left_out(made, free):
    """A plan known already is a start, never a way round a rule."""
    case = theatre(made, [made.rule("ceiling_total", 300)])
    assert verify(case, recommended(case, free)) == []


def test_an_area_that_nobody_may_reach_is_named(made):
    only = [made.pledge("soon", "FPU", 1, "RDL", caveats="only:a000")]
    case = made.theatre(only, draws=10, spacing=12.0)
    (note,) = [n for n in recommended(case).notes if n.code == "calibrate.out_of_reach"]
    assert note.values["areas"] == "a001, a002, a003"


def test_a_pledge_without_dates_is_on_offer_throughout(made):
    offers = [made.pledge("open", "FPU", 1, "RDL"), made.pledge("alone", "FPU", 1, area="a000")]
    plan = recommended(made.theatre(offers, draws=10))
    months = set(plan.table.loc[plan.table["pledge"] == "open", "month"])
    assert max(months) == "2024-12" and len(months) == 9
