import numpy as np
import pytest

from polgap import catalogue
from polgap.domain import Study
from polgap.errors import StudyError
from polgap.forecast import predict
from polgap.forecast import registry as registered


def study(origin, **more):
    return Study("test", origin, **{"draws": 48, "forecast_months": 36, **more})


def codes(found):
    return {note.code for note in found.notes}


@pytest.fixture(scope="module")
def ahead(panel):
    return predict(study("2019-12"), panel(120))


def test_futures_have_the_months_and_draws_of_the_study(ahead, panel):
    s = study("2019-12")
    assert ahead.futures["month"].values.tolist() == s.all_months
    assert ahead.futures["draw"].values.tolist() == list(range(48))
    assert ahead.futures["area"].values.tolist() == list("abcde")
    assert list(ahead.futures) == ["state_based", "non_state", "one_sided", "events"]


def test_skill_rows_have_the_keys_of_the_contract_the_model_in_use_first(ahead):
    keys = {"target", "model", "baseline", "origins", "ratio_crps", "low", "high", "coverage90"}
    assert all(set(row) == keys for row in ahead.skill)
    assert ahead.skill[0]["model"] == ahead.model == registered.DEFAULT
    targets = {row["target"] for row in ahead.skill}
    assert {"deaths", "state_based", "events", "deaths_13_36", "deaths_theatre"} <= targets
    assert all(r["low"] <= r["ratio_crps"] <= r["high"] for r in ahead.skill)


def test_the_fan_sums_areas_in_each_draw(ahead):
    deaths = sum(ahead.futures[k] for k in ("state_based", "non_state", "one_sided")).sum("area")
    row = ahead.fan[(ahead.fan["measure"] == "deaths") & (ahead.fan["month"] == "2020-05")]
    want = np.quantile(deaths.sel(month="2020-05").values, [0.05, 0.5, 0.95])
    np.testing.assert_allclose(row[["q05", "q50", "q95"]].to_numpy()[0], want)
    assert len(ahead.fan) == 2 * 36


def test_every_note_has_its_sentence_in_both_languages(panel):
    p = panel(120)
    p["events"][:, 60:70] = np.nan
    p["one_sided"][:] = np.nan
    p["state_based"][0, :110] = np.nan
    p["non_state"][0, :115] = np.nan
    p["non_state"][2] = np.nan
    p["state_based"][3, 4] = 0.5
    for name in p:
        p[name][1] = np.nan
    found = predict(study("2020-03"), p, lag=2)
    assert {
        "forecast.stale", "forecast.lag", "forecast.holes", "forecast.fractions",
        "forecast.area_unobserved", "forecast.unobserved_one_sided",
    } <= codes(found)  # fmt: skip
    for note in found.notes:
        for language in ("en", "fr"):
            assert "{" not in catalogue.message(note.code, language, **note.values)


def test_months_after_the_origin_are_not_looked_at(panel):
    early = predict(study("2018-12"), panel(120).isel(month=slice(0, 108)))
    late = predict(study("2018-12"), panel(120))
    assert early.futures.equals(late.futures)
    assert early.skill == late.skill


def test_a_lag_hides_the_last_months(panel):
    p = panel(120)
    q = p.copy(deep=True)
    q["state_based"][:, -2:] = 9999.0
    assert predict(study("2019-12"), p, lag=3).futures.equals(
        predict(study("2019-12"), q, lag=3).futures
    )


def test_old_data_are_forecast_across_the_silence_and_said(panel):
    found = predict(study("2020-06"), panel(120))
    assert found.futures["month"].values[0] == "2020-07"
    (note,) = [n for n in found.notes if n.code == "forecast.stale"]
    assert note.values == {"month": "2019-12", "months": 6}


def test_a_short_record_gives_a_forecast_without_skill(panel):
    found = predict(study("2010-05"), panel(5))
    assert found.skill == []
    assert {"forecast.short_history", "forecast.skill_none"} <= codes(found)


def test_silence_is_said_and_not_scored(panel):
    found = predict(study("2019-12"), panel(120) * 0.0)
    assert found.skill == []
    assert "forecast.all_zero" in codes(found)


def test_a_new_area_is_named(panel):
    p = panel(120)
    for name in p:
        p[name][4, :114], p[name][4, 114:] = np.nan, 50.0
    found = predict(study("2019-12"), p)
    (note,) = [n for n in found.notes if n.code == "forecast.area_new"]
    assert note.values == {"count": 1, "areas": "e"}
    # Its own six months, not the past of others, set its level.
    assert float(found.futures["state_based"].sel(area="e").median()) == 50.0


def test_events_not_counted_are_the_fewest_that_fit(panel):
    found = predict(study("2019-12"), panel(120).drop_vars("events"))
    lethal = (
        found.futures["state_based"] + found.futures["non_state"] + found.futures["one_sided"]
    ) > 0
    assert (found.futures["events"] == lethal).all()
    assert "forecast.unobserved_events" in codes(found)


def test_a_model_that_keeps_losing_is_switched_off(panel):
    """Half of each year is war, half silence: the last twelve months say exactly that."""
    p = panel(120)
    for name in p:
        p[name][:] = np.where(np.arange(120) % 12 < 6, 100.0, 0.0)
    found = predict(study("2019-12"), p)
    assert found.model == registered.BASELINE
    assert found.futures.attrs["model"] == registered.BASELINE
    assert {"forecast.switched_off", "forecast.skill_open"} <= codes(found)


def test_nothing_observed_is_refused(panel):
    with pytest.raises(StudyError, match="nothing observed"):
        predict(study("2005-12"), panel(120))


def test_a_month_that_stands_twice_is_refused(panel):
    p = panel(24)
    twice = p.isel(month=[*range(24), 5])
    with pytest.raises(StudyError, match="stands twice"):
        predict(study("2011-12"), twice)


def test_months_in_disorder_are_put_in_order(panel):
    p = panel(60)
    mixed = p.isel(month=np.random.default_rng(0).permutation(60))
    assert predict(study("2014-12"), p).futures.equals(predict(study("2014-12"), mixed).futures)


def test_many_areas_are_looked_back_on_once_a_year_and_it_is_said(panel, monkeypatch):
    few = predict(study("2019-12"), panel(120))
    monkeypatch.setattr("polgap.forecast._predict.MANY", few.futures.sizes["area"])
    found = predict(study("2019-12"), panel(120))
    (note,) = [n for n in found.notes if n.code == "forecast.record_sparse"]

    assert "forecast.record_sparse" not in codes(few)
    assert note.values == {"areas": few.futures.sizes["area"], "origins": 5}
    assert {row["origins"] for row in few.skill if row["target"] == "deaths"} == {10}
    assert {row["origins"] for row in found.skill if row["target"] == "deaths"} == {5}
    assert found.futures.equals(few.futures)  # the record is thinner, the forecast the same
