"""The truth: it adds up, and it follows from the play that is documented."""

import numpy as np
import pytest

from polgap.domain import KINDS, add_months, month_range
from polgap.examples import _need, _truth, _violence


def test_what_happens_after_the_origin(country):
    hidden = country.truth
    assert hidden.panel["month"].values.tolist() == month_range("2026-01", 36)
    lethal = hidden.events[hidden.events["kind"].isin(KINDS)]
    assert float(hidden.panel["events"].sum()) == len(lethal)
    deaths = sum(float(hidden.panel[k].sum()) for k in KINDS)
    assert deaths == lethal["deaths"].sum()
    assert hidden.history["month"].values[-1] == country.origin
    assert float(hidden.history["events"].sum()) == country.events["kind"].isin(KINDS).sum()


def test_rate_is_the_mean_of_what_happens(country):
    events = float(country.truth.history["events"].sum() + country.truth.panel["events"].sum())
    assert float(country.truth.rate.sum()) == pytest.approx(events, rel=0.25)


def test_the_process_cannot_explode():
    c = _violence.CONSTANTS
    assert c["own"] + 2 * c["kin"] + c["spill"] < 1


def test_shortfall_is_what_the_host_leaves(country):
    hidden = country.truth
    assert float(hidden.need.min()) >= 0
    assert float((hidden.need - hidden.host).min()) > -1e-9
    assert float(abs(hidden.need - hidden.host - hidden.shortfall).max()) < 1e-9
    functions = set(hidden.need["function"].values)
    assert {"elections", "border"} <= functions
    assert float(hidden.host.sel(function="border").max()) == 0


def test_no_officer_serves_twice(country):
    hidden = country.truth
    true = hidden.institutions.set_index(["institution", "area"])
    share = true["available"] / true["roll"] * true["able"]
    month = add_months(country.origin, 1)
    roll = hidden.roll[hidden.roll["month"] == month].set_index(["institution", "area"])["roll"]
    able = (roll * share).groupby("area").sum()
    served = hidden.host.sel(month=month).sum("function").to_series()
    assert (served - able.reindex(served.index, fill_value=0.0)).max() < 1e-6


def test_elections_need_police_in_their_month_only(country):
    need = country.truth.need.sel(function="elections").sum("area").to_series()
    assert need[need > 0].index.tolist() == ["2026-10"]


def test_the_smallest_cut_serves_functions_in_order():
    need = np.array([[10.0, 10.0]])
    one = _truth._served(need, np.array([[12.0]]), np.array([[1.0, 1.0]]))
    assert one.tolist() == [[10.0, 2.0]]
    capped = _truth._served(need, np.array([[12.0]]), np.array([[0.5, 1.0]]))
    assert capped.tolist() == [[6.0, 6.0]]
    two = _truth._served(need, np.array([[12.0], [4.0]]), np.array([[0.5, 0.0], [1.0, 1.0]]))
    assert two.tolist() == [[10.0, 0.0]]


def test_rolls_start_at_the_origin_and_stay_positive(country):
    hidden = country.truth
    start = hidden.roll[hidden.roll["month"] == country.origin]
    assert start["roll"].sum() == hidden.institutions["roll"].sum()
    assert hidden.roll["roll"].min() >= 0
    assert hidden.roll["month"].nunique() == 37


def test_arrivals_keep_the_dates_of_the_offer(country):
    table = country.truth.arrival.merge(country.pledges, on="pledge")
    present = table["readiness"] == "in_mission"
    assert set(table.loc[present, "month"]) == {0.0}
    offered = table[~present & np.isfinite(table["month"])]
    assert (offered["month"] >= 2).all()
    limited = offered[offered["until"] != ""]
    last = limited["until"].map(lambda m: month_range("2026-01", 36).index(m) + 1)
    assert (limited["month"] <= last).all()


def test_sizes_lie_in_the_ranges_of_the_catalogue(country):
    assert set(country.truth.sizes) == set(_need.SIZES)
    values = [_need.true_size(seed, "beat_ratio") for seed in range(200)]
    low, high = np.quantile(values, [0.1, 0.9])
    assert low == pytest.approx(500, rel=0.25)
    assert high == pytest.approx(2500, rel=0.25)


def test_hours_of_incidents_hold_police_for_their_length():
    rng = np.random.default_rng(0)
    busy = _need._clock(rng, np.full(200, 50), 12.0)
    assert busy.sum(axis=1).mean() == pytest.approx(50 * 12.0, rel=0.08)
    assert _need._clock(rng, np.zeros(3, dtype=int), 12.0).sum() == 0
