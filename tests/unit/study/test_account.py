"""An account of the run: what the assessment report reads is what the steps and the inputs say."""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from polgap import examples
from polgap.study import _account, steps
from polgap.study._blocks import clean


@cache
def _run():
    study, inputs = examples.toy()
    s = steps(study, inputs)
    return study, inputs, s, clean(_account.account(study, inputs, s))


@pytest.fixture
def run():
    return _run()


def test_areas_by_month_are_quantiles_of_what_is_left_open(run):
    study, inputs, s, found = run
    assert found["report_months"] == study.report_months
    unmet = s.left["status_quo"].unmet.sum("function", dtype=float)
    for row in found["area_months"]:
        mine = unmet.sel(area=row["area"], month=study.report_months).transpose("month", "draw")
        for name, level in (("low", 0.1), ("mid", 0.5), ("high", 0.9)):
            wanted = np.quantile(mine.values, level, axis=-1)
            assert row[name] == pytest.approx(wanted.tolist(), rel=1e-5, abs=1e-6)
    assert [row["area"] for row in found["area_months"]] == inputs.areas["area"].tolist()


def test_functions_by_month_hold_the_functions_that_are_on(run):
    _, _, s, found = run
    names = [row["function"] for row in found["function_months"]]
    assert "community" in names and len(names) == len(set(names))
    row = next(x for x in found["function_months"] if x["function"] == "community")
    need = s.gap.need.sel(function="community").sum("area", dtype=float).transpose("month", "draw")
    wanted = np.median(need.values, axis=-1)[: len(row["need"]["mid"])]
    assert row["need"]["mid"] == pytest.approx(wanted.tolist(), rel=1e-5)


def test_years_add_up_to_the_panel(run):
    _, inputs, _, found = run
    total = sum(row["state_based"] or 0 for row in found["violence_years"])
    assert total == pytest.approx(float(inputs.panel["state_based"].sum()), rel=1e-5)


def test_what_was_not_observed_is_none_and_never_zero(run):
    study, inputs, s, _ = run
    area = inputs.areas["area"].iloc[0]
    silent = inputs.panel.copy(deep=True)
    for name in silent.data_vars:
        silent[name].loc[{"area": area}] = np.nan
    found = _account._violence(study, type(inputs)(**{**vars(inputs), "panel": silent}), s)
    row = next(x for x in found["violence_areas"] if x["area"] == area)
    assert row["last12"]["state_based"] is None
    assert clean(row)["past"] == [None] * len(row["past"])
    assert all(x["areas_silent"] >= 1 and x["observed"] < 1 for x in found["coverage"])


def _table(**columns):
    base = {"institution": ["p", "p"], "authorised": [100.0, 50.0], "roll": [80.0, 40.0],
            "operational": [70.0, 30.0], "available": [60.0, 20.0], "vetted": [30.0, 0.5],
            "trained": [0.5, 0.5], "equipped": [0.5, 0.5], "paid": [0.5, 0.5],
            "in_reach": [0.5, 0.5], "women": [0.1, 4.0], "as_of": ["2020-03", "2019-01"],
            "basis": ["given", "assumed"]}  # fmt: skip
    return pd.DataFrame(base | columns)


def test_an_institution_is_the_sum_of_its_rows_counts_and_shares_alike():
    (row,) = _account._institutions(_table())
    assert (row["authorised"], row["roll"], row["available"]) == (150.0, 120.0, 80.0)
    assert row["vetted"] == pytest.approx((30 + 0.5 * 20) / 80)
    assert row["women"] == pytest.approx(0.1 * 80 + 4)
    assert (row["as_of"], row["basis"]) == ("2019-01", "assumed/given")


def test_a_sum_with_an_unknown_row_is_unknown():
    (row,) = _account._institutions(_table(authorised=[100.0, np.nan], women=[np.nan, 1.0]))
    assert row["authorised"] is None and row["women"] is None
    assert row["roll"] == 120.0


def test_facts_are_json_with_six_digits(run):
    *_, found = run
    text = json.dumps(found, allow_nan=False)
    assert len(text) < 200_000
