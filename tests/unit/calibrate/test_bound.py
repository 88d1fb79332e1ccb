"""The program against brute force, and the bound in its several shapes."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from polgap.calibrate import _bound
from polgap.calibrate._block import Block
from polgap.calibrate._bound import Bound
from polgap.calibrate._floors import floors
from polgap.calibrate._force import capital_of, muster, read_caveats
from polgap.calibrate._limits import limits
from polgap.calibrate._program import build
from polgap.domain import Plan, Study, cube


def program(theatre):
    force, _ = muster(
        theatre.study, theatre.inputs, theatre.phases, theatre.generation, theatre.theta
    )
    return build(
        theatre.study, theatre.assessment.requirement, theatre.hours,
        theatre.inputs.areas["population"].to_numpy(float), force,
        limits(theatre.study, theatre.inputs, force),
        floors(theatre.study, theatre.inputs, force, theatre.hours),
    )  # fmt: skip


def blocks(made_program):
    return [Block(made_program, q) for q in range(len(made_program.months))]


def saved(p, q, officers):
    """Officer-months saved in a block: the tasking program written once more, for scipy."""
    kinds, areas, groups = p.cap.shape[0], len(p.areas), p.cap.shape[1]
    v = [(j, a, s) for j in range(kinds) for a in range(areas) for s in range(areas)
         if p.reach[j, a, s]]  # fmt: skip
    z = list(product(range(kinds), range(areas), range(groups)))
    w = list(product(range(areas), range(groups), range(p.width.shape[3])))
    at = {key: i for i, key in enumerate([("v", *k) for k in v] + [("z", *k) for k in z]
                                         + [("w", *k) for k in w])}  # fmt: skip
    rows, right = [], []

    def row(most, *terms):
        line = np.zeros(len(at))
        for key, value in terms:
            line[at[key]] += value
        rows.append(line)
        right.append(most)

    for j, a in product(range(kinds), range(areas)):
        row(officers[j, a], *((("v", *k), 1.0) for k in v if k[:2] == (j, a)))
        into = [(("v", *k), -1.0) for k in v if (k[0], k[2]) == (j, a)]
        row(0.0, *((("z", j, a, g), 1.0) for g in range(groups)), *into)
        for g in range(groups):
            cap = p.cap[j, g]
            row(0.0, (("z", j, a, g), 1.0), *((key, cap * value) for key, value in into))
    for a, g in product(range(areas), range(groups)):
        row(0.0, *((("w", a, g, k), 1.0) for k in range(p.width.shape[3])),
            *((("z", j, a, g), -1.0) for j in range(kinds)))  # fmt: skip
    cost, upper = np.zeros(len(at)), np.full(len(at), np.inf)
    for key in w:
        cost[at["w", *key]] = -p.gain[q][key]
        upper[at["w", *key]] = p.width[q][key]
    done = linprog(cost, np.array(rows), right, bounds=list(zip(np.zeros(len(at)), upper,
                                                                strict=True)))  # fmt: skip
    return -done.fun


def every_plan(theatre, p):
    """Every table of whole units that keeps the rules: pledges of one unit each."""
    months, sizes = theatre.study.report_months, p.months
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ways = []
    for k, name in enumerate(p.force.pledge):
        mine = [[]]
        for a, first in product(range(len(p.areas)), range(p.force.first[k], len(sizes))):
            mine.append([(name, p.force.unit_type[k], p.areas[a], m, 1.0)
                         for m in months[starts[first] :]])  # fmt: skip
        ways.append(mine)
    for choice in product(*ways):
        rows = [row for part in choice for row in part]
        table = pd.DataFrame(rows, columns=["pledge", "unit_type", "area", "month", "number"])
        plan = Plan("any", table, pd.DataFrame(columns=["unit_type", "area", "serves", "share"]))
        if theatre.verify(plan) == []:
            yield table


def value(p, theatre, table):
    total = p.total
    starts = np.concatenate([[0], np.cumsum(p.months)])
    for q in range(len(p.months)):
        month = theatre.study.report_months[starts[q]]
        officers = np.zeros((p.cap.shape[0], len(p.areas)))
        for row in table[table["month"] == month].itertuples():
            k = p.force.pledge.index(row.pledge)
            officers[p.force.kind[k], p.areas.index(row.area)] += p.force.effect[k, q]
        total -= saved(p, q, officers)
    return total


@pytest.mark.parametrize("seed", range(6))
def test_brute_force_on_a_toy(made, seed):
    chance = np.random.default_rng(seed)
    kinds = chance.choice(["FPU", "IPU", "SPT", "SPC"], 3)
    pledges = [made.pledge("here", "FPU", 1, area="a000")] + [
        made.pledge(f"p{i}", str(kind), 1, "RDL", chance=0.9) for i, kind in enumerate(kinds)
    ]
    rules = [made.rule("budget_year", float(chance.integers(6, 20)), units="million USD")]
    theatre = made.theatre(
        pledges, rules, areas=2, months=6, spacing=float(chance.choice([2.0, 9.0])),
        officers=float(chance.choice([60, 150])), seed=seed, ceilings=(400, None),
    )  # fmt: skip
    p = program(theatre)
    best = min(value(p, theatre, table) for table in every_plan(theatre, p))
    plan = theatre.options()["recommended"]
    assert plan.bound <= best * (1 + 1e-9)
    assert best * (1 - 1e-9) <= plan.value
    assert plan.value == pytest.approx(value(p, theatre, plan.table), rel=1e-6)
    assert (plan.value - best) / plan.value <= 0.01 + plan.gap_percent / 100.0


def test_segments_are_exact_at_their_ends_and_never_below_the_shortfall(made):
    theatre = made.theatre([made.pledge("p", "IPO", 10, area="a000")], areas=2, months=5)
    p = program(theatre)
    asked = theatre.assessment.requirement.sel(month=theatre.study.report_months, area="a001")
    only = asked.sel(function="command_admin").values
    g = int(np.flatnonzero(p.cap[0] == 1.0)[0])
    for q, part in enumerate((only[:3], only[3:])):
        width, gain = p.width[q, 1, g], p.gain[q, 1, g]
        assert np.all(np.diff(gain) <= 1e-9)
        for officers in np.linspace(0, part.max(), 40):
            short = np.maximum(part - officers, 0).mean() * len(part)
            chord = (
                part.mean() * len(part)
                - np.clip(officers - (np.cumsum(width) - width), 0, width) @ gain
            )
            assert chord >= short - 1e-6
        ends = np.cumsum(width)
        exact = [np.maximum(part - e, 0).mean() * len(part) for e in ends]
        left = part.mean() * len(part) - np.cumsum(width * gain)
        assert np.allclose(left, exact, atol=1e-6)


def test_windows_apart_with_a_priced_budget_bound_no_higher(made, monkeypatch):
    rules = [made.rule("budget_year", 25, units="million USD")]
    theatre = made.theatre(made.mission(6, pledges=9), rules, areas=6, officers=60.0)
    p = program(theatre)
    whole = Bound(p, blocks(p))
    monkeypatch.setattr(_bound, "COLUMNS", 1)
    apart = Bound(p, blocks(p))
    assert apart.value <= whole.value + 1e-6
    assert apart.value >= 0.9 * whole.value
    budget = [i for i, row in enumerate(p.limits) if row.rule.startswith("budget")]
    assert apart.prices[budget].min() > 0


def test_tightening_only_raises_the_bound(made):
    pledges = [made.pledge("p", "FPU", 2, "RDL")]
    theatre = made.theatre(pledges, areas=9, officers=15.0, spacing=9.0)
    p = program(theatre)
    found = Bound(p, blocks(p))
    values = [found.value]
    for _ in range(4):
        found.tighten()
        values.append(found.value)
    assert values == sorted(values)
    assert values[-1] > 1.05 * values[0]
    assert theatre.options()["recommended"].value >= values[-1]


def test_a_solver_used_with_more_threads_elsewhere_does_not_matter(made):
    import highspy

    theatre = made.theatre([made.pledge("p", "FPU", 2, "RDL")], officers=90.0)
    before = theatre.options()["recommended"].value
    highspy.Highs.resetGlobalScheduler(True)
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 2)
    other.addVariable(0.0, 1.0, -1.0)
    other.run()
    assert theatre.options()["recommended"].value == before


def test_caveats_are_read_word_by_word():
    found = read_caveats("capital_only no_move no_night only:a not:b not: no_such")
    assert found.capital_only and not found.may_move and not found.calm_only
    assert found.forbids == {"mission_self", "static", "custody"}
    assert (found.only, found.never, found.unknown) == (("a",), ("b",), ("not:", "no_such"))


def test_the_capital_is_that_of_the_study_or_of_the_largest_town():
    towns = pd.DataFrame({"area": ["a", "b", "x"], "population": [1.0, 2.0, 9.0]})
    assert capital_of(Study("T", "2023-12", capital="a"), ["a", "b"], towns) == "a"
    assert capital_of(Study("T", "2023-12"), ["a", "b"], towns) == "b"
    assert capital_of(Study("T", "2023-12"), ["c"], towns) == "c"


def test_hours_that_are_not_known_reach_nobody(made):
    theatre = made.theatre([made.pledge("p", "FPU", 1, area="a000")], officers=200.0)
    hours = theatre.hours.values.copy()
    hours[0, 1:] = np.nan
    keys = theatre.hours["area"].values.tolist()
    cut = replace(theatre, hours=cube(hours, units="hours", area=keys, serves=keys))
    assert set(cut.options()["status_quo"].tasking["serves"]) == {"a000"}
