import numpy as np
import pytest
import xarray as xr

from polgap.domain import Study
from polgap.study._hubs import hubs

# Four seats on a road, two hours apart; a formed unit reaches four hours.
AREAS = ["a", "b", "c", "d"]
SEATS = np.array([0.0, 2.0, 6.0, 8.0])
STUDY = Study("T", "2023-12", months=2, draws=3)


def requirement(officers, function="public_order"):
    """Officers by area and draw, the same in each month; community police are never called out."""
    months = STUDY.report_months
    values = np.zeros((4, len(months), 2, 3))
    values[:, :, 0] = np.asarray(officers, dtype=float)[:, None]
    values[:, :, 1] = 1000.0 * np.eye(4)[3][:, None, None]
    coords = {"area": AREAS, "month": months, "function": [function, "community"], "draw": range(3)}
    return xr.DataArray(values, coords, dims=list(coords))


def hours():
    return xr.DataArray(np.abs(SEATS[:, None] - SEATS), {"area": AREAS, "serves": AREAS},
                        dims=["area", "serves"])  # fmt: skip


def test_hubs_stand_nearest_to_what_is_asked_in_the_mean():
    rows = hubs(STUDY, requirement([[30, 30, 30], [10, 10, 10], [10, 10, 10], [0, 0, 0]]), hours())
    assert [row["areas"] for row in rows] == [["a"], ["a", "c"], ["a", "b", "c"], AREAS]
    assert rows[0]["hours"]["mid"] == pytest.approx((0 * 30 + 2 * 10 + 6 * 10) / 50)
    assert rows[0]["within"]["mid"] == pytest.approx(40 / 50)
    assert [row["hours"]["mid"] for row in rows[2:]] == [0.0, 0.0]
    assert all(row["proved"] and row["gap_percent"] == 0.0 for row in rows)


def test_the_interval_is_that_of_the_draws_and_draws_without_need_are_left_out():
    officers = [[30, 0, 0], [0, 0, 0], [0, 30, 0], [0, 0, 0]]
    row = hubs(STUDY, requirement(officers), hours())[0]
    assert row["hours"]["low"] < row["hours"]["high"] == pytest.approx(0.9 * 6)


def test_an_area_without_a_way_is_in_no_mean_and_never_within_reach():
    cut = hours()
    cut.loc[{"area": "d"}] = cut.loc[{"serves": "d"}] = np.inf
    cut.loc[{"area": "d", "serves": "d"}] = 0.0
    row = hubs(STUDY, requirement([[30] * 3, [0] * 3, [0] * 3, [10] * 3]), cut)[0]
    assert row["areas"] == ["a"]
    assert row["hours"]["mid"] == 0.0 and row["within"]["mid"] == pytest.approx(0.75)


def test_nothing_asked_is_no_row():
    assert hubs(STUDY, requirement(np.zeros((4, 3))), hours()) == []
    assert hubs(STUDY, requirement(np.ones((4, 3)), "custody"), hours()) == []
