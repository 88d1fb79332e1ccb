"""A new plan after an event keeps the floors that the old one kept."""

from dataclasses import replace

import pytest

from polgap import calibrate


def theatre(made, seed):
    offers = [
        made.pledge("here", "FPU", 1, area="a001"), made.pledge("soon", "FPU", 2, "RDL"),
        made.pledge("gendarmes", "IPU", 1, "RDL"), made.pledge("officers", "IPO", 40, "RDL"),
    ]  # fmt: skip
    floors = ("a002", "a003")
    rules = [made.rule("minimum_presence", 110, area=a, **{"from": "2024-07"}) for a in floors]
    rules.append(made.rule("budget_year", 24.0, units="million USD"))
    return made.theatre(offers, rules, spacing=9.0, officers=120.0, draws=20, seed=seed)


@pytest.fixture(scope="module")
def case(made):
    return theatre(made, 4)


def recommended(case):
    return calibrate.recommend(
        case.study, case.inputs, case.assessment, case.generation, case.hours, case.theta
    )


@pytest.fixture(scope="module")
def old(case):
    return recommended(case)


def anew(case, old, pledges=None, budget=None):
    rules = case.inputs.rules.copy()
    if budget is not None:
        rules.loc[rules["rule"] == "budget_year", "value"] = budget
    kept = case.inputs.pledges
    kept = kept if pledges is None else kept[kept["pledge"].isin(pledges)].reset_index(drop=True)
    after = replace(case, inputs=replace(case.inputs, rules=rules, pledges=kept))
    found = calibrate.replan(
        old, after.study, after.inputs, after.assessment, after.generation, after.hours,
        after.theta, moved=0.0,
    )  # fmt: skip
    return after, found


@pytest.mark.parametrize("budget", [20.0, 15.0, 12.0])
def test_less_money_takes_nobody_from_a_floor(case, old, budget):
    assert case.verify(old) == []
    after, found = anew(case, old, budget=budget)
    assert after.verify(found.plan) == []


def test_nobody_who_holds_a_floor_is_moved_to_where_he_saves_more(case, old):
    after, found = anew(case, old, pledges=["here", "soon", "officers"])
    assert after.verify(found.plan) == []


@pytest.mark.parametrize("seed", [5, 8])
def test_a_floor_whose_pledge_is_gone_is_held_by_others(made, seed):
    case = theatre(made, seed)
    after, found = anew(case, recommended(case), pledges=["here", "soon", "officers"])
    assert after.verify(found.plan) == []
