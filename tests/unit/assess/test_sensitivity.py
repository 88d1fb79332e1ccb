import numpy as np
import pytest
from scipy import stats

from polgap.assess import given_data, pick_freeze

ISHIGAMI = {"a": (0.3139, 0.5576), "b": (0.4424, 0.4424), "c": (0.0, 0.2437)}
"""First-order and total indices at 7 and 0.1, in closed form (Ishigami and Homma 1990)."""

WEIGHTS = {"a": 0.0, "b": 1.0, "c": 4.5, "d": 9.0, "e": 99.0}


def ishigami(x):
    a, b, c = 2 * np.pi * x - np.pi
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def sobol_g(x):
    weights = np.array(list(WEIGHTS.values()))[:, None]
    return np.prod((np.abs(4 * x - 2) + weights) / (1 + weights), axis=0)


def indices_of_g():
    part = {k: 1 / (3 * (1 + w) ** 2) for k, w in WEIGHTS.items()}
    whole = np.prod([1 + v for v in part.values()])
    first = {k: v / (whole - 1) for k, v in part.items()}
    return {k: (first[k], v * whole / (1 + v) / (whole - 1)) for k, v in part.items()}


def design(function, names, count, seed=1):
    one, two = np.random.default_rng(seed).random((2, len(names), count))
    mixed = {}
    for i, name in enumerate(names):
        sample = one.copy()
        sample[i] = two[i]
        mixed[name] = function(sample)
    return one, function(one), function(two), mixed


@pytest.mark.parametrize(
    ("function", "truth"), [(ishigami, ISHIGAMI), (sobol_g, indices_of_g())], ids=["ishigami", "g"]
)
def test_known_indices_come_out(function, truth):
    one, base, other, mixed = design(function, list(truth), 4000)

    found = given_data(dict(zip(truth, one, strict=True)), base).set_index("name")
    both = pick_freeze(base, other, mixed).set_index("name")

    for name, (first, total) in truth.items():
        assert found.loc[name, "first"] == pytest.approx(first, abs=0.04)
        assert both.loc[name, "first"] == pytest.approx(first, abs=0.06)
        assert both.loc[name, "total"] == pytest.approx(total, abs=0.06)


def test_the_mixed_runs_agree_with_scipy():
    _, base, other, mixed = design(ishigami, "abc", 1024)

    ours = pick_freeze(base, other, mixed)
    func = {"f_A": base[None], "f_B": other[None],
            "f_AB": np.stack([mixed[k] for k in "abc"])[:, None]}  # fmt: skip
    theirs = stats.sobol_indices(func=func, n=1024)

    assert ours["first"].to_numpy() == pytest.approx(theirs.first_order, abs=0.002)
    assert ours["total"].to_numpy() == pytest.approx(theirs.total_order, abs=0.002)


def test_an_additive_model_has_no_interplay_and_its_shares_sum_to_one():
    one, base, other, mixed = design(lambda x: 3 * x[0] + 2 * x[1] ** 2 + x[2], "abc", 4000)

    found = given_data(dict(zip("abc", one, strict=True)), base)
    both = pick_freeze(base, other, mixed)

    assert found["first"].sum() == pytest.approx(1.0, abs=0.05)
    assert both["total"].sum() == pytest.approx(1.0, abs=0.05)
    assert both["total"].to_numpy() == pytest.approx(both["first"].to_numpy(), abs=0.05)


def test_what_has_no_influence_has_none_on_average():
    rng = np.random.default_rng(5)
    found = [given_data({"x": rng.random(300)}, rng.normal(size=300))["first"][0]
             for _ in range(100)]  # fmt: skip

    assert np.mean(found) == pytest.approx(0.0, abs=0.004)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(100):
        a, b = rng.random((2, 400))
        row = given_data({"a": a}, a + b).iloc[0]
        held += row["first_low"] <= 0.5 <= row["first_high"]

    assert 0.75 <= held / 100 <= 1.0


def test_the_interval_of_the_mixed_runs_holds_the_truth_as_often_as_it_says():
    held = []
    for seed in range(40):
        _, base, other, mixed = design(ishigami, "abc", 300, seed)
        rows = pick_freeze(base, other, mixed, seed=seed).set_index("name")
        held += [rows.loc[k, "total_low"] <= total <= rows.loc[k, "total_high"]
                 for k, (_, total) in ISHIGAMI.items()]  # fmt: skip

    assert 0.7 <= np.mean(held) <= 0.9


def test_a_headline_that_does_not_vary_has_no_shares():
    found = given_data({"a": np.random.default_rng(1).random(300)}, np.ones(300))
    both = pick_freeze(np.ones(50), np.ones(50), {"a": np.ones(50)})

    assert found["first"].tolist() == [0.0]
    assert both[["first", "total"]].to_numpy().tolist() == [[0.0, 0.0]]


def test_few_draws_claim_nothing():
    few = np.random.default_rng(1).random(12)
    assert given_data({"a": few}, few)["first"].tolist() == [0.0]
