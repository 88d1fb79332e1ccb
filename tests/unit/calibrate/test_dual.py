"""The dual of the whole horizon against the linear program that it is the dual of."""

import numpy as np
import pytest

from polgap.calibrate import _solve
from polgap.calibrate._dual import Dual, Prices
from polgap.calibrate._offer import program_of
from polgap.calibrate._reach import Reach
from polgap.calibrate._solve import solve


@pytest.fixture(scope="module")
def program(made):
    rules = [made.rule("budget_year", 30.0, units="million USD"),
             made.rule("ceiling_total", 150, area="a001")]  # fmt: skip
    t = made.theatre(made.mission(6, pledges=10), rules, areas=6, months=9, draws=20)
    return program_of(
        t.study, t.inputs, t.assessment.requirement, t.phases, t.generation, t.hours, t.theta
    )[0]


@pytest.fixture(scope="module")
def dual(program):
    return Dual(program)


def test_any_prices_prove_a_bound_and_the_best_ones_a_close_one(program, dual):
    best = solve(program, "test")
    assert dual.bound(dual.prices) <= best.value * (1 + 1e-9)
    assert dual.value >= 0.9 * best.value
    chance = np.random.default_rng(1)
    for _ in range(20):
        cover = dual.prices.cover * chance.uniform(0.0, 2.0, dual.prices.cover.shape)
        prices = Prices(cover, dual.prices.limits * chance.uniform(0.0, 2.0, len(program.limits)))
        assert dual.bound(prices) <= best.value * (1 + 1e-9)
        assert dual.bound(prices) <= dual.value + 0.02 * best.value


def test_the_slope_is_that_of_the_smooth_value(program, dual):
    soft, prices = 0.3, Prices(dual.prices.cover, 0.05 * program.total / dual.unit)
    value, cover, limits = dual.smooth(prices, soft)
    chance = np.random.default_rng(2)
    way = chance.normal(size=cover.shape)
    step = 0.02
    up = dual.smooth(Prices(prices.cover + step * way, prices.limits), soft)[0]
    down = dual.smooth(Prices(prices.cover - step * way, prices.limits), soft)[0]
    assert (up - down) / (2 * step) == pytest.approx(float((cover * way).sum()), rel=0.05, abs=1.0)
    for r in range(len(prices.limits)):
        more, less = prices.limits.copy(), prices.limits.copy()
        more[r] *= 1.05
        less[r] *= 0.95
        rise = dual.smooth(Prices(prices.cover, more), soft)[0]
        rise -= dual.smooth(Prices(prices.cover, less), soft)[0]
        assert rise / (0.1 * prices.limits[r]) == pytest.approx(
            limits[r], rel=0.05, abs=0.02 * dual.unit[r]
        )
    assert np.isfinite(value)


def test_a_warm_start_is_no_worse(program, dual):
    assert Dual(program, dual.prices).value >= dual.value * (1 - 2e-3)


def test_levels_of_gain_tell_what_a_fill_saves(program):
    reach = Reach(program)
    for kind in range(len(program.cap)):
        for base in range(3):
            for officers in (1.0, 40.0, 400.0):
                cells, part = reach.fill(kind, 1, base, officers)
                work = np.zeros((len(program.width), program.width[0, :, :, 0].size))
                work[1, cells] = part
                other = Reach(program)
                other.settle(work, work.any(axis=0))
                told = reach.gain(kind, np.full(2, officers), np.array([base]))[1, 0]
                assert told == pytest.approx(other.saved, rel=0.1, abs=1e-9)
                assert part.sum() <= officers + 1e-9


def test_a_large_program_is_tasked_from_the_bases_in_use_alone(program, monkeypatch):
    usual = solve(program, "test")
    monkeypatch.setattr(_solve, "LARGE", 0)
    large = solve(program, "test")
    assert _solve.blocks_of(program) == []
    assert large.bound <= usual.value * (1 + 1e-9) and usual.bound <= large.value * (1 + 1e-9)
    blocks = _solve.task(program, [], usual.count)
    assert sum(part.saved for part in blocks) == pytest.approx(program.total - usual.value)
