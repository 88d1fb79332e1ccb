"""The worst futures in the rules: off means off, and toy plans are next to the best of all."""

import itertools

import numpy as np
import pytest

from polgap import calibrate
from polgap.calibrate._offer import counts_of, program_of
from polgap.calibrate._recourse import Judge, cells, envelope
from polgap.calibrate._risk import risk_of
from polgap.calibrate._solve import possible

TAIL = 0.4


def theatre(made, aversion=None, seed=7):
    offers = [
        made.pledge("old", "FPU", 1, area="a000"), made.pledge("new", "FPU", 1, "RDL"),
        made.pledge("gendarmes", "IPU", 1, "RDL"), made.pledge("team", "SPT", 1, "RDL"),
    ]  # fmt: skip
    rules = [made.rule("budget_year", 11.0, units="million USD")]
    if aversion is not None:
        rules += [made.rule("risk_aversion", aversion), made.rule("risk_tail", TAIL)]
    return made.theatre(
        offers, rules, areas=3, months=6, draws=5, officers=70.0, spread=1.1, spacing=6.0,
        seed=seed, arrival={"new": 1, "gendarmes": 1, "team": 1},
    )  # fmt: skip


def recommended(case):
    return calibrate.recommend(
        case.study, case.inputs, case.assessment, case.generation, case.hours, case.theta
    )


def program(case):
    return program_of(
        case.study, case.inputs, case.assessment.requirement, case.phases, case.generation,
        case.hours, case.theta,
    )[0]  # fmt: skip


def every_plan(found):
    """All plans of whole units that keep the rules: each pledge nowhere, or from a block on."""
    force, ways = found.force, []
    for p in range(len(force.pledge)):
        mine = [np.zeros(found.shape[1:], dtype=int)]
        home = int(force.home[p])
        bases = [home] if home >= 0 else np.flatnonzero(force.allowed[p])
        starts = [force.first[p]] if home >= 0 else range(force.first[p], force.last[p])
        for base, start in itertools.product(bases, starts):
            one = np.zeros(found.shape[1:], dtype=int)
            one[base, start : force.last[p]] = 1
            mine.append(one)
        ways.append(mine)
    every = (np.stack(parts) for parts in itertools.product(*ways))
    return [count for count in every if possible(found, count)]


@pytest.fixture(scope="module")
def futures(made):
    """Unmet need by future of each plan there is."""
    case = theatre(made)
    found = program(case)
    judge = Judge(found, *cells(found, case.study, case.assessment.requirement))
    return [judge(count) for count in every_plan(found)]


def mix(futures, aversion):
    return float((envelope(futures, aversion, TAIL) * futures).sum())


@pytest.fixture(scope="module")
def averse(made):
    """The options where the worst futures weigh 0.6."""
    return theatre(made, 0.6).options()


@pytest.mark.parametrize("aversion", [0.6, 1.0])
def test_the_plan_is_next_to_the_best_of_all(made, futures, averse, aversion):
    plan = averse["recommended"] if aversion == 0.6 else recommended(theatre(made, aversion))
    best = min(mix(one, aversion) for one in futures)
    assert best * (1 - 1e-6) <= plan.risk.value <= 1.01 * best  # a search: 0.4 % off at worst
    assert plan.risk.bound <= best * (1 + 1e-6)
    assert plan.risk.bound >= 0.85 * best
    assert plan.risk.value < plan.risk.plain_value * (1 - 1e-3)
    assert theatre(made, aversion).verify(plan) == []


def test_more_weight_never_makes_the_worst_futures_worse(futures):
    worst = []
    for aversion in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        best = min(futures, key=lambda one: mix(one, aversion))
        worst.append(mix(best, 1.0))
    assert all(b <= a * (1 + 1e-9) for a, b in itertools.pairwise(worst))


def test_no_weight_is_the_plain_plan(made):
    plain, off = recommended(theatre(made)), recommended(theatre(made, 0.0))
    assert plain.risk is None and off.risk is None
    assert off.value == plain.value and off.bound == plain.bound
    assert off.table.equals(plain.table)


def test_what_is_said_is_what_the_plan_leaves(made, averse):
    case, plan = theatre(made, 0.6), averse["recommended"]
    found = calibrate.retasked(
        plan, case.study, case.inputs, case.assessment, case.generation, case.hours, case.theta,
        0.6, TAIL,
    )  # fmt: skip
    assert (plan.risk.mean, plan.risk.worst, plan.risk.value) == pytest.approx(
        (found.mean, found.worst, found.value)
    )
    assert plan.risk.worst >= plan.risk.mean and plan.risk.futures == 5
    assert plan.value >= plan.bound


def test_the_rule_is_for_the_recommended_option_alone(made, averse):
    case, plans = theatre(made, 0.6), averse
    assert [name for name, plan in plans.items() if plan.risk] == ["recommended"]
    assert plans["recommended"].risk.value <= plans["recommended"].risk.plain_value
    units = {
        name: counts_of(program(case), case.study, plans[name]).sum(axis=1)
        for name in ("recommended", "population_spread")
    }
    assert (units["recommended"] == units["population_spread"]).all()


def test_of_several_rules_the_greatest_weight_counts(made):
    def asked(*rules):
        return risk_of(*(lambda t: (t.study, t.inputs))(made.theatre([], rules, draws=5)))

    assert asked() is None
    assert asked(made.rule("risk_aversion", 0.0)) is None
    assert asked(made.rule("risk_aversion", 0.2), made.rule("risk_aversion", 0.4)) == (0.4, 0.2)
    assert asked(made.rule("risk_aversion", 0.2, until="2020-01")) is None
    assert asked(made.rule("risk_aversion", 0.2), made.rule("risk_tail", 0.1)) == (0.2, 0.1)
