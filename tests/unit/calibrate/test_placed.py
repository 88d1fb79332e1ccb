"""Placed: units go where the table says, after the first block, and no unit is made up."""

import numpy as np
import pandas as pd
import pytest

from polgap.calibrate import placed
from polgap.errors import PlanError


@pytest.fixture(scope="module")
def theatre(made):
    units = [
        made.pledge("f0", "FPU", 3, area="a000"), made.pledge("f1", "FPU", 1, area="a001"),
        made.pledge("i0", "IPO", 60, area="a000"), made.pledge("i3", "IPO", 20, area="a003"),
    ]  # fmt: skip
    return made.theatre(units, officers=80.0)


def put(theatre, *rows):
    where = pd.DataFrame(rows, columns=["unit_type", "area", "number"])
    return placed(
        theatre.study, theatre.inputs, theatre.assessment, theatre.generation, theatre.hours,
        theatre.theta, "actual", where,
    )  # fmt: skip


def there(plan, month):
    rows = plan.table[plan.table["month"] == month]
    return rows.groupby(["unit_type", "area"])["number"].sum().to_dict()


HOME = {("FPU", "a000"): 3.0, ("FPU", "a001"): 1.0, ("IPO", "a000"): 60.0, ("IPO", "a003"): 20.0}


def test_units_stand_at_home_for_a_block_and_then_where_the_table_says(theatre):
    months = theatre.study.report_months
    wanted = {("FPU", "a000"): 1, ("FPU", "a002"): 3, ("IPO", "a001"): 45, ("IPO", "a003"): 35}

    plan = put(theatre, *((*key, n) for key, n in wanted.items()))

    assert all(there(plan, m) == HOME for m in months[:3])
    assert all(there(plan, m) == wanted for m in months[3:])


def test_no_pledge_gives_more_units_than_it_has_and_none_is_lost(theatre):
    plan = put(theatre, ("FPU", "a003", 4), ("IPO", "a002", 80))
    by = plan.table.groupby(["pledge", "month"])["number"].sum().unstack("month")
    for name, number in (("f0", 3), ("f1", 1), ("i0", 60), ("i3", 20)):
        assert (by.loc[name] == number).all()


def test_units_that_the_table_does_not_name_stay_at_home(theatre):
    plan = put(theatre, ("FPU", "a002", 1))
    last = there(plan, theatre.study.report_months[-1])
    assert last == {**HOME, ("FPU", "a000"): 2.0, ("FPU", "a002"): 1.0}


def test_units_put_where_they_stand_are_the_status_quo(theatre):
    plan = put(theatre, *((*key, int(n)) for key, n in HOME.items()))
    stay = theatre.options()["status_quo"]
    assert plan.value == pytest.approx(stay.value)
    np.testing.assert_array_equal(
        plan.table["number"].sort_values(), stay.table["number"].sort_values()
    )


def test_the_recommended_plan_is_no_worse_wherever_the_units_are_put(theatre):
    best = theatre.options()["recommended"]
    for area in ("a000", "a001", "a002", "a003"):
        plan = put(theatre, ("FPU", area, 4), ("IPO", area, 80))
        assert best.bound <= plan.value + 1e-6
        assert best.value <= plan.value + 1e-6


def test_more_units_than_there_are_or_an_unknown_area_is_refused(theatre):
    with pytest.raises(PlanError, match=r"not pledged: \{'FPU': 1\}"):
        put(theatre, ("FPU", "a002", 5))
    with pytest.raises(PlanError, match="'nowhere'"):
        put(theatre, ("FPU", "nowhere", 1))
