"""Mentoring counts what it brings later, early most; who mentors does nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from polgap import assess, deploy
from polgap.calibrate._mentoring import worth
from polgap.calibrate._offer import counts_of, program_for
from polgap.calibrate._solve import blocks_of, fixed
from polgap.domain import cube


@pytest.fixture(scope="module")
def case(made):
    """Individual officers whom community policing and mentoring both want; hosts grow evenly."""
    offers = [
        made.pledge("here", "IPO", 30, area="a000"), made.pledge("soon", "IPO", 40, "RDL"),
        made.pledge("team", "SPC", 2, "RDL"), made.pledge("formed", "FPU", 1, "RDL"),
    ]  # fmt: skip
    found = made.theatre(
        offers, [made.rule("mentoring_worth", 1.0)], areas=3, months=12, draws=20, officers=90.0,
        arrival={"soon": 1, "team": 1, "formed": 1},
    )  # fmt: skip
    asked = found.assessment.requirement.copy(deep=True)
    asked.loc[{"function": "development"}] = 20.0
    months = found.study.all_months
    grown = np.linspace(1.0, len(months), len(months))[None] * np.array([[2.0], [2.0], [0.0]])
    gap = replace(
        found.assessment, requirement=asked, shortfall=asked,
        mentoring=cube(grown, units="officers", area=["a000", "a001", "a002"], month=months),
    )  # fmt: skip
    return replace(found, assessment=gap)


@pytest.fixture(scope="module")
def plain(case):
    return without(case).options()["recommended"]


@pytest.fixture(scope="module")
def plan(case):
    return case.options()["recommended"]


def without(case):
    rules = case.inputs.rules[case.inputs.rules["rule"] != "mentoring_worth"]
    return replace(case, inputs=replace(case.inputs, rules=rules))


def left(case, plan):
    luck = case.theta
    there = deploy.place(case.study, plan, case.inputs.pledges, case.generation, luck,
                         case.inputs.areas, case.inputs.rules)  # fmt: skip
    return there, assess.left_open(case.assessment.requirement, there.mission)


def test_two_officers_a_month_that_stay_are_worth_the_months_that_follow(case):
    found = worth(case.study, case.inputs, case.assessment)
    # 2 officers gained by 20 mentors; each takes one off the requirement in 12, 11, ... 1 months
    assert found.sel(area="a000").values == pytest.approx(0.1 * np.arange(12.0, 0.0, -1.0))
    assert not found.sel(area="a002").values.any()


def test_half_the_share_counts_half(case):
    rules = case.inputs.rules.assign(value=0.5)
    half = worth(case.study, replace(case.inputs, rules=rules), case.assessment)
    assert half.values == pytest.approx(
        worth(case.study, case.inputs, case.assessment).values / 2.0
    )


def test_without_the_rule_nothing_of_it_counts(case, plain):
    gap = replace(case.assessment, mentoring=None)
    assert plain.mentors is None
    assert replace(without(case), assessment=gap).options()["recommended"].value == plain.value


def test_more_mentors_are_there_where_they_bring_something(case, plain, plan):
    _, more = left(case, plan)
    _, few = left(case, plain)
    missing = [x.unmet.sel(function="development").sum(["month", "draw"]) for x in (more, few)]
    assert float(missing[0].sum()) < 0.8 * float(missing[1].sum())
    assert float(missing[0].sel(area="a000")) < float(missing[1].sel(area="a000"))
    assert case.verify(plan) == []


def test_who_mentors_does_nothing_else(case, plan):
    """Heads are those of the same plan without mentors; those tied meet no other need."""
    tied, found = left(case, plan)
    loose, _ = left(case, replace(plan, mentors=None))
    heads = [x.mission.sum("unit_type") for x in (tied, loose)]
    assert heads[0].values == pytest.approx(heads[1].values, rel=1e-5)
    mentors = [k for k in tied.mission["unit_type"].values.tolist() if " less " in k]
    assert mentors and (plan.mentors["share"] <= 1.0).all()
    only = tied.mission.where(tied.mission["unit_type"].isin(mentors), 0.0)
    alone = assess.left_open(case.assessment.requirement, only)
    others = [f for f in alone.unmet["function"].values.tolist() if f != "development"]
    wanted = case.assessment.requirement.sel(month=alone.unmet["month"], function=others)
    assert alone.unmet.sel(function=others).values == pytest.approx(wanted.values, rel=1e-5)
    assert float(found.unmet.sum()) < float(wanted.sum()) + 20.0 * 3 * 12 * 20


def test_the_bound_holds_and_the_plan_is_the_better_by_what_it_aims_at(case, plan, plain):
    program, _ = program_for(
        case.study, case.inputs, case.assessment, case.generation, case.hours, case.theta
    )
    assert plan.bound <= plan.value * (1 + 1e-9)
    assert plan.gap_percent < 5.0
    judged = fixed(program, blocks_of(program), counts_of(program, case.study, plain))
    assert plan.value <= judged.value * (1 + 1e-6)


def test_the_present_mission_stays_tasked_as_it_was(case):
    one, two = case.options()["status_quo"], without(case).options()["status_quo"]
    assert one.mentors is None
    assert one.tasking.equals(two.tasking) and one.value == two.value


def test_a_plan_may_name_mentors_in_areas_that_are_not_looked_at(case, plan):
    some = plan.table[plan.table["area"] == "a000"]
    there = deploy.place(case.study, replace(plan, table=some, tasking=plan.tasking.iloc[:0]),
                         case.inputs.pledges, case.generation, case.theta)  # fmt: skip
    assert set(there.mission["area"].values.tolist()) == {"a000"}
