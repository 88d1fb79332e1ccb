from dataclasses import replace

import numpy as np
import pytest

from polgap import forecast
from polgap.domain import KINDS, Study
from polgap.errors import StudyError
from polgap.forecast import outlook
from polgap.forecast.backtest import total

THEN = Study("toy", "2018-12", draws=200, months=12, forecast_months=24)
NOW = replace(THEN, origin="2019-06")


@pytest.fixture(scope="module")
def steps(panel):
    whole = panel()
    before = whole.copy(deep=True)
    for kind in KINDS:
        before[kind][3:, 96:108] *= 0.0  # reported late: counted only today
    made = {
        "then": forecast.futures(THEN, before, "mixture"),
        "model": forecast.futures(THEN, before, "mixture"),
        "revision": forecast.futures(THEN, whole, "mixture"),
        "data": forecast.futures(NOW, whole, "mixture"),
    }
    return made, outlook.changes(made, NOW.first_month)


def test_changes_add_up_in_all_and_by_area(steps):
    _, found = steps
    parts = [found[p]["change"] for p in outlook.PARTS]
    assert found["then"]["mean"] + sum(parts) == pytest.approx(found["now"]["mean"])
    for row in found["by_area"]:
        assert row["then"] + sum(row[p] for p in outlook.PARTS) == pytest.approx(row["now"])
    assert sum(r["now"] for r in found["by_area"]) == pytest.approx(found["now"]["mean"])


def test_the_same_program_and_model_change_nothing(steps):
    _, found = steps
    assert found["model"] == {"change": 0.0, "error": 0.0}


def test_months_counted_anew_are_revision_and_not_data(steps):
    made, found = steps
    assert found["revision"]["change"] > 2 * found["revision"]["error"] > 0
    late = next(r for r in found["by_area"] if r["area"] == "e")
    assert late["revision"] > 0
    again = {**made, "data": made["revision"]}
    assert outlook.changes(again, NOW.first_month)["data"]["change"] == 0.0


def test_only_months_all_forecasts_have_are_compared(steps):
    made, found = steps
    assert (found["months"][0], len(found["months"])) == ("2019-07", 12)
    deaths = total(made["data"].sel(month=found["months"]), KINDS).sum(axis=(0, 1))
    assert found["now"]["mean"] == pytest.approx(deaths.mean())
    with pytest.raises(StudyError, match="ends before"):
        outlook.changes(made, "2031-01")
    with pytest.raises(StudyError, match="areas"):
        outlook.changes({**made, "then": made["then"].isel(area=slice(3))}, NOW.first_month)


def test_every_area_has_its_past_its_bands_and_what_they_are_made_of(panel, steps):
    made, _ = steps
    rows = outlook.areas(NOW, panel(), made["data"], "mixture")
    assert sorted(r["area"] for r in rows) == list("abcde")
    assert rows[0]["area"] == "e"  # most deaths to come
    for row in rows:
        assert [m["month"] for m in row["history"]][-1] == "2019-06"
        assert len(row["forecast"]) == 12
        for month in row["forecast"]:
            assert month["q05"] <= month["q50"] <= month["q95"]
        assert row["made_of"] and {c["area"] for c in row["made_of"]} == {row["area"]}
    top = rows[0]["made_of"][0]
    seen = sum(float(panel()[k].sel(area="e", month=top["month"])) for k in KINDS)
    assert top["count"] == pytest.approx(seen)


def test_totals_stand_beside_the_last_twelve_months(panel, steps):
    made, _ = steps
    found = outlook.totals(NOW, panel(), made["data"])
    known = panel().sel(month=slice("2018-07", "2019-06"))
    assert found["last12"] == sum(float(known[k].sum()) for k in KINDS)
    assert found["low"] <= found["mid"] <= found["high"]
    holed = panel()
    holed["state_based"][0, 105] = np.nan
    for kind in KINDS[1:]:
        holed[kind][0, 105] = np.nan
    assert outlook.totals(NOW, holed, made["data"])["last12"] is None
