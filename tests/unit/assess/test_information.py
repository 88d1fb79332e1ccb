import numpy as np
import pytest
from scipy import stats

from polgap.assess import choice_worth, planning_worth

N = 3000


def two(seed=1, count=N):
    return np.random.default_rng(seed).normal(size=(2, count))


@pytest.mark.parametrize(("signal", "noise"), [(1.0, 1.0), (2.0, 0.5), (0.5, 2.0)])
def test_the_worth_of_knowing_a_normal_part_is_the_closed_form(signal, noise):
    a, b = two()
    found = planning_worth(500 + 10 * (signal * a + noise * b), a, short=4.0, idle=1.0)

    # Expected cost at the best quantile of a normal is (short + idle) sd pdf(z).
    cost = 5.0 * stats.norm.pdf(stats.norm.ppf(0.8)) * 10
    now, then = np.hypot(signal, noise) * cost, noise * cost
    assert found.expected_loss == pytest.approx(now, rel=0.05)
    assert found.value == pytest.approx(now - then, abs=0.05 * now)
    assert found.low < found.value < found.high
    width = 2 * stats.norm.ppf(0.9) * 10
    assert found.width_now == pytest.approx(np.hypot(signal, noise) * width, rel=0.05)
    assert found.width_then == pytest.approx(noise * width, rel=0.07)


def test_more_scatter_where_more_is_needed_is_allowed_for():
    a, b = two()
    known = np.exp(0.8 * a)
    found = planning_worth(100 * known * np.exp(0.5 * b), known)
    spread = planning_worth(100 * known * np.exp(0.5 * b), np.stack([known, b], axis=1))

    assert 0.4 < found.share < 0.75
    assert spread.share > 0.75


def test_knowing_chance_is_worth_nothing():
    worth = [planning_worth(two(s, 400)[0], two(s + 100, 400)[1]).value for s in range(30)]
    assert np.mean(worth) < 0.01


def test_the_ratio_of_costs_moves_the_figure_and_its_loss():
    a, _ = two()
    even, dear = (planning_worth(a, two(9)[1], short=s, idle=1.0) for s in (1.0, 9.0))
    assert dear.expected_loss > even.expected_loss


def test_knowing_what_decides_is_worth_all_of_it_and_knowing_the_rest_nothing():
    a, b = two()
    losses = np.stack([a + b, b])  # the first is the cheaper where a < 0

    decides = choice_worth(losses, a)

    assert decides.expected_loss == pytest.approx(np.maximum(-a, 0).mean(), rel=0.1)
    assert decides.share == pytest.approx(1.0, abs=0.02)


def test_knowing_what_decides_nothing_saves_nothing_on_average():
    saved = []
    for seed in range(30):
        a, b = two(seed, 400)
        saved.append(choice_worth(np.stack([a + 0.2 + b, b]), b).value)

    assert np.mean(saved) < 0.01


def test_a_choice_that_no_answer_can_turn_is_worth_no_question():
    a, b = two()
    found = choice_worth(np.stack([b, b + 10 + a]), a)
    assert (found.value, found.expected_loss) == (0.0, 0.0)


def test_together_is_worth_at_least_about_as_much_as_alone():
    a, b = two()
    values = a + b + 0.3 * np.random.default_rng(8).normal(size=N)
    alone = planning_worth(values, a).value
    both = planning_worth(values, np.stack([a, b], axis=1)).value
    assert both > 1.5 * alone


def test_few_draws_say_nothing():
    few = np.arange(20.0)
    assert planning_worth(few, few).value == 0.0
    assert choice_worth(np.stack([few, -few]), few).value == 0.0
