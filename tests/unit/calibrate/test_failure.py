"""Pledges that fail: the worst case is the worst of all sets, the plan next to the best of all."""

from itertools import combinations, product

import numpy as np
import pytest

from polgap import calibrate
from polgap.calibrate import _failure
from polgap.calibrate._failure import Adversary
from polgap.calibrate._offer import counts_of, program_of
from polgap.calibrate._solve import blocks_of, fixed, possible


@pytest.fixture(scope="module")
def theatre(made):
    offers = [
        made.pledge("old", "FPU", 1, area="a000"), made.pledge("A", "FPU", 1, "RDL"),
        made.pledge("B", "IPU", 1, "RDL"), made.pledge("C", "SPT", 1, "RDL"),
        made.pledge("D", "FPU", 1, "RDL", caveats="only:a001"),
    ]  # fmt: skip
    return made.theatre(
        offers, [made.rule("budget_year", 9.5, units="million USD")], areas=3, months=6, draws=8,
        officers=70.0, spread=0.8, spacing=6.0, seed=2, arrival=dict.fromkeys("ABCD", 1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def program(theatre):
    return program_of(
        theatre.study, theatre.inputs, theatre.assessment.requirement, theatre.phases,
        theatre.generation, theatre.hours, theatre.theta,
    )[0]  # fmt: skip


@pytest.fixture(scope="module")
def plain(theatre):
    return calibrate.recommend(
        theatre.study, theatre.inputs, theatre.assessment, theatre.generation, theatre.hours,
        theatre.theta,
    )  # fmt: skip


def robust(theatre, plain, failures):
    return calibrate.robust(
        theatre.study, theatre.inputs, theatre.assessment, theatre.generation, theatre.hours,
        theatre.theta, plain, failures,
    )  # fmt: skip


@pytest.fixture(scope="module")
def one(theatre, plain):
    return robust(theatre, plain, 1)


def every_plan(program):
    force, ways = program.force, []
    for p in range(len(force.pledge)):
        home = int(force.home[p])
        bases = [home] if home >= 0 else np.flatnonzero(force.allowed[p])
        starts = [force.first[p]] if home >= 0 else range(force.first[p], force.last[p])
        mine = [np.zeros(program.shape[1:], dtype=int)]
        for base, start in product(bases, starts):
            here = np.zeros(program.shape[1:], dtype=int)
            here[base, start : force.last[p]] = 1
            mine.append(here)
        ways.append(mine)
    every = (np.stack(parts) for parts in product(*ways))
    return [count for count in every if possible(program, count)]


def test_the_plan_is_next_to_the_best_of_all(program, one):
    enemy = Adversary(program, 1)
    best = min(enemy.worst(count)[0] for count in every_plan(program))
    assert best * (1 - 1e-6) <= one.worst <= 1.01 * best  # a search, not a proof
    assert one.bound <= best * (1 + 1e-6)
    assert one.bound >= 0.75 * best
    assert one.worst < one.plain_worst * (1 - 0.02)


def test_a_plan_against_failures_keeps_the_rules(theatre, one):
    assert theatre.verify(one.plan) == []
    assert one.plan.value == pytest.approx(one.none)


def test_the_worst_case_is_that_of_the_program_without_those_pledges(theatre, program, plain):
    """Told apart from the memory of the adversary: units taken out of the plan by hand."""
    count = counts_of(program, theatre.study, plain)
    come = [p for p in range(1, 5) if count[p].any()]
    values = {}
    for failed in combinations(come, min(2, len(come))):
        left = count.copy()
        left[list(failed)] = 0
        values[failed] = fixed(program, blocks_of(program), left).value
    value, failed, all_of_it = Adversary(program, 2).worst(count)
    assert all_of_it and value == pytest.approx(max(values.values()))
    assert values[failed] == pytest.approx(value)


def test_nobody_fails_is_the_plain_plan(theatre, plain):
    none = robust(theatre, plain, 0)
    assert none.worst == none.none == none.plain_worst == pytest.approx(plain.value)
    assert none.failing == () and none.plan.table.equals(plain.table)
    assert none.bound == pytest.approx(plain.bound)


def test_the_worst_case_is_no_worse_than_that_of_the_plain_plan(theatre, plain, one):
    two = robust(theatre, plain, 2)
    for found in (one, two):
        assert found.worst <= found.plain_worst
        assert found.bound <= found.worst and found.none <= found.worst
    assert two.plain_worst >= one.plain_worst and len(two.plain_failing) <= 2


def test_too_many_sets_are_looked_for_one_pledge_at_a_time(monkeypatch, program, theatre, plain):
    count = counts_of(program, theatre.study, plain)
    known = Adversary(program, 1).worst(count)
    monkeypatch.setattr(_failure, "SETS", 1)
    value, failed, all_of_it = Adversary(program, 1).worst(count)
    assert not all_of_it and (value, failed) == known[:2]


def test_present_units_do_not_fail(program):
    count = np.zeros(program.shape, dtype=int)
    count[0, program.force.home[0]] = 1
    assert Adversary(program, 3).worst(count)[1] == ()


def test_less_than_no_failure_is_refused(theatre, plain):
    with pytest.raises(ValueError, match="robust: got -1 failures"):
        robust(theatre, plain, -1)
