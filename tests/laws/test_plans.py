"""Laws of plans, on the toy theatre: rules kept, bounds valid, nobody out of nowhere."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import assess, calibrate, catalogue, deploy, examples, forecast
from polgap.calibrate.verify import verify
from polgap.domain import empty_table
from polgap.draws import Parameters


@pytest.fixture(scope="module")
def toy():
    return examples.toy()


def plans_of(study, inputs):
    theta = Parameters(catalogue.parameters(), study.seed, study.draws)
    futures = forecast.predict(study, inputs.panel).futures
    posture = calibrate.posture(study, inputs.mandate, inputs.areas)
    hours = deploy.travel_hours(inputs.areas, inputs.towns, theta)
    gap = assess.measure(study, inputs, futures, posture, hours, theta)
    force = deploy.generate(study, inputs.pledges, theta)
    made = calibrate.options(study, inputs, gap, posture, force, hours, theta, map)
    left = {
        p.name: assess.left_open(
            gap.requirement,
            deploy.place(study, p, inputs.pledges, force, theta, inputs.areas).mission,
        )
        for p in made
    }
    return {p.name: p for p in made}, left, gap, posture


@pytest.fixture(scope="module")
def solved(toy):
    return plans_of(*toy)


def test_every_option_keeps_every_rule(toy, solved):
    plans, _, gap, posture = solved
    study, inputs = toy

    for name, plan in plans.items():
        assert verify(plan, study, inputs, posture, gap.phases) == [], name


def test_the_bound_is_never_above_the_value(solved):
    plans, *_ = solved

    for name, plan in plans.items():
        assert plan.bound <= plan.value * (1 + 1e-6), name


def test_recommended_is_at_least_as_good_for_the_program_as_its_rivals(solved):
    plans, *_ = solved
    best = plans["recommended"].value

    for name in ("status_quo", "reduced", "population_spread"):
        assert best <= plans[name].value * (1 + 1e-6), name


def test_no_pledge_no_deployment(toy):
    study, inputs = toy
    plans, left, gap, _ = plans_of(study, replace(inputs, pledges=empty_table("pledges")))
    asked = gap.requirement.sel(month=study.report_months).sum(["area", "function"])

    for name, plan in plans.items():
        assert (plan.table["number"].sum() if len(plan.table) else 0) == 0, name
        assert np.allclose(left[name].total(), asked, rtol=1e-4), name


def test_more_budget_never_hurts(toy):
    study, inputs = toy
    values = []
    for million in (8.0, 16.0, 32.0):
        rules = inputs.rules.copy()
        rules.loc[rules["rule"] == "budget_year", "value"] = million * 1e6
        plans, *_ = plans_of(study, replace(inputs, rules=rules))
        values.append(plans["recommended"].value)

    assert values[0] >= values[1] * (1 - 0.005)
    assert values[1] >= values[2] * (1 - 0.005)


def test_a_plan_does_not_change_inside_a_block(solved):
    plans, *_ = solved
    table = plans["recommended"].table
    months = sorted(table["month"].unique())
    first = table[table["month"] == months[0]].drop(columns="month").reset_index(drop=True)
    third = table[table["month"] == months[2]].drop(columns="month").reset_index(drop=True)

    pd.testing.assert_frame_equal(first, third)


def planted(plan, **changes):
    return replace(plan, table=plan.table.assign(**changes))


def row(plan, **values):
    return replace(plan, table=pd.concat([plan.table, pd.DataFrame([values])], ignore_index=True))


@pytest.fixture
def case(toy, solved):
    plans, _, gap, posture = solved
    study, inputs = toy
    plan = plans["recommended"]

    def found(changed, given=inputs):
        return " | ".join(verify(changed, study, given, posture, gap.phases))

    return plan, study, inputs, found


def test_verify_catches_what_the_table_alone_shows(case):
    plan, study, _, found = case
    month = study.report_months[0]
    some = plan.table.iloc[0]

    assert "is not offered" in found(
        row(plan, pledge="ghost", unit_type="FPU", area=some["area"], month=month, number=1)
    )
    assert "not in the theatre" in found(planted(plan, area="nowhere"))
    assert "is not planned for" in found(planted(plan, month="1999-01"))
    assert "whole units" in found(planted(plan, number=plan.table["number"] + 0.5))
    assert "twice" in found(replace(plan, table=pd.concat([plan.table, plan.table])))
    assert "offers no" in found(planted(plan, unit_type="SPC"))
    assert "offered" in found(planted(plan, number=plan.table["number"] * 1000))
    late = plan.table["number"].where(plan.table["month"] != study.report_months[1], 0)
    assert "block" in found(planted(plan, number=late))


def test_verify_catches_broken_rules_of_the_inputs(case):
    plan, _, inputs, found = case
    pledges, rules, mandate = inputs.pledges, inputs.rules, inputs.mandate
    poor = rules.assign(value=np.where(rules["rule"] == "budget_year", 1000.0, rules["value"]))
    floor = rules.assign(value=np.where(rules["rule"] == "minimum_presence", 1e6, rules["value"]))
    small = mandate.assign(ceiling_formed=1.0, ceiling_individual=1.0)
    refused = mandate.assign(host_consent="no")
    away = pledges.assign(**{"from": "2099-01"})
    caught = {
        "budget_year": replace(inputs, rules=poor),
        "minimum_presence": replace(inputs, rules=floor),
        "ceiling_formed": replace(inputs, mandate=small),
        "consent": replace(inputs, mandate=refused),
        "dates": replace(inputs, pledges=away),
    }

    for rule, given in caught.items():
        assert rule in found(plan, given), rule


def test_verify_catches_caveats_threat_and_tasking(case, solved, toy):
    plan, study, inputs, found = case
    _, _, gap, posture = solved
    table = plan.table
    new = inputs.pledges[inputs.pledges["readiness"] != "in_mission"]["pledge"]
    placed = table[table["pledge"].isin(new) & (table["number"] > 0)]
    assert len(placed)
    where = str(placed["area"].iloc[0])
    for caveat in (f"not:{where}", "only:elsewhere"):
        pledges = inputs.pledges.assign(caveats=caveat)
        assert "caveat" in found(plan, replace(inputs, pledges=pledges)), caveat

    fighting = dict.fromkeys(gap.phases, "fighting")
    lone = placed.assign(unit_type="SPT", pledge=placed["pledge"].iloc[0])
    pledges = inputs.pledges.copy()
    pledges.loc[pledges["pledge"] == placed["pledge"].iloc[0], "unit_type"] = "SPT"
    others = [a for a in inputs.areas["area"] if a != study.capital]
    moved = replace(plan, table=lone.assign(area=others[0]))
    text = verify(moved, study, replace(inputs, pledges=pledges), posture, fighting)
    assert any(v.startswith("threat") for v in text)

    twice = replace(plan, tasking=pd.concat([plan.tasking, plan.tasking.assign(share=1.0)]))
    assert "tasking" in found(twice)
