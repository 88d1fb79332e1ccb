"""Law: what an edition withholds cannot be worked out from what it prints.

The attacker knows how rounding works, the base, every label, that true tables add up (areas to
parents, functions to areas, both to totals), two runs in a row and a split of an area between
them: everything but the secret. Linear programs then ask how far each withheld cell may lie.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from polgap.brief._disclosure import Rounding

K = 5.0
WIDTH = 4.999
"""Width that every withheld cell must keep, of the K that its mark alone tells."""


def published(cells, key):
    """Return the printed number of each cell (None = withheld); `cells` maps labels to numbers."""
    rounding = Rounding(key, K)
    names = ("area", "function", "month")
    return {
        label: rounding.value("need", dict(zip(names, label, strict=True)), value)
        for label, value in cells.items()
    }


def tables(inner):
    """Return every margin of an area x function table, with a parent over the first areas."""
    areas, functions = inner.shape
    cells, sums = {}, []
    cube = {(f"a{i}", f"f{j}"): inner[i, j] for i in range(areas) for j in range(functions)}
    groups = {"P": range(min(2, areas)), "": range(areas)}
    groups |= {f"a{i}": [i] for i in range(areas)}
    for place, rows in groups.items():
        for j in range(functions):
            if len(rows) > 1 or place in ("", "P"):
                cells[place, f"f{j}"] = float(sum(inner[i, j] for i in rows))
                sums.append(((place, f"f{j}"), [(f"a{i}", f"f{j}") for i in rows]))
        cells[place, ""] = float(sum(inner[i].sum() for i in rows))
        sums.append(((place, ""), [(f"a{i}", f"f{j}") for i in rows for j in range(functions)]))
    return {**cube, **cells}, sums


def attack(printed, sums, target, fixed=(), slack=K):
    """Return the interval that linear programs leave of a cell; `printed` label -> number."""
    labels = list(printed)
    at = {label: i for i, label in enumerate(labels)}
    bounds = [
        (0.0, K) if shown is None else (max(K, shown - slack), shown + slack)
        for shown in printed.values()
    ]
    rows = np.zeros((len(sums) + len(fixed), len(labels)))
    for r, (total, parts) in enumerate([*sums, *fixed]):
        rows[r, at[total]] += 1
        for part in parts:
            rows[r, at[part]] -= 1
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(labels))
        cost[at[target]] = sign
        found = linprog(cost, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=bounds)
        assert found.status == 0, "the truth itself is feasible"
        ends.append(sign * found.fun)
    return ends


def with_month(cells, month):
    return {(*label, month): value for label, value in cells.items()}


def sums_at(sums, month):
    return [((*t, month), [(*p, month) for p in parts]) for t, parts in sums]


tables_st = st.tuples(
    st.integers(2, 4),
    st.integers(1, 3),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=8, max_size=8),
)


def drawn(areas, functions, luck):
    rng = np.random.default_rng(luck)
    small = rng.random((areas, functions)) < 0.4
    return np.where(small, rng.uniform(0, K, small.shape), rng.gamma(1.5, 30.0, small.shape))


@settings(max_examples=25, deadline=None)
@given(tables_st)
def test_margins_do_not_give_a_withheld_cell_away(case):
    areas, functions, luck, key = case
    cells, sums = tables(drawn(areas, functions, luck))
    cells, sums = with_month(cells, "m"), sums_at(sums, "m")
    printed = published(cells, key)
    for label in [x for x, shown in printed.items() if shown is None][:4]:
        low, high = attack(printed, sums, label)
        assert high - low >= WIDTH, (label, low, high)


@settings(max_examples=15, deadline=None)
@given(tables_st)
def test_two_runs_and_a_split_area_do_not_give_it_away(case):
    """Run two prints the same truth with area a0 split in two: every other cell is unchanged."""
    areas, functions, luck, key = case
    inner = drawn(areas, functions, luck)
    part = np.random.default_rng(luck + 1).uniform(0.05, 0.95, functions)
    cells, sums = tables(inner)
    one, sums_one = with_month(cells, "1"), sums_at(sums, "1")
    split = {}
    for j in range(functions):
        split["s0", f"f{j}", "2"] = float(inner[0, j] * part[j])
        split["s1", f"f{j}", "2"] = float(inner[0, j] * (1 - part[j]))
    printed = published(one, key) | published(split, key)
    joins = [(("a0", f"f{j}", "1"), [("s0", f"f{j}", "2"), ("s1", f"f{j}", "2")])
             for j in range(functions)]  # fmt: skip
    for label in [x for x, shown in printed.items() if shown is None][:4]:
        low, high = attack(printed, sums_one, label, joins)
        assert high - low >= WIDTH, (label, low, high)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.binary(min_size=1))
def test_rounding_keeps_order_and_stays_within_one_base(x, y, key):
    rounding = Rounding(key, K)
    a, b = (rounding.value("need", {"area": "a"}, v) for v in sorted((x, y)))
    if a is not None:
        assert b is not None and a <= b
    for value, shown in zip(sorted((x, y)), (a, b), strict=True):
        assert (shown is None) == (value < K)
        assert shown is None or (abs(shown - value) < K and shown % K == 0)


@given(st.binary(min_size=4), st.floats(K, 1e4))
def test_the_same_cell_is_printed_the_same_in_every_run_and_edition(key, value):
    labels = {"area": "a", "month": "2024-01"}
    shown = {Rounding(key, K, thin).value("need", labels, value)
             for thin in (frozenset(), frozenset({"b"}))}  # fmt: skip
    assert len(shown) == 1


def test_rounding_has_no_bias_over_cells():
    rounding, value = Rounding(b"secret", K), 12.3
    shown = [rounding.value("need", {"area": str(i)}, value) for i in range(4000)]
    assert np.mean(shown) == pytest.approx(value, abs=0.15)


def test_without_rounding_the_same_attack_finds_the_cell():
    """The attack bites: with exact totals a withheld cell is the total less the others."""
    cells, sums = tables(np.array([[3.0, 40.0], [60.0, 70.0], [2.0, 90.0]]))
    exact = {label: None if value < K else value for label, value in cells.items()}
    low, high = attack(exact, sums, ("a0", "f0"), slack=0.0)
    assert high - low < 1e-6 and low == pytest.approx(3.0)
