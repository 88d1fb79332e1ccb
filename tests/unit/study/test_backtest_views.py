import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from polgap.domain import month_number
from polgap.errors import DataError, ModelError, StudyError
from polgap.sources import views
from polgap.study._backtest import backtest_views

START, COUNTRIES, MONTHS = month_number("2005-01"), 26, 156
TO_ID = 1 - month_number("1980-01")


def world(seed=2):
    rng = np.random.default_rng(seed)
    level = np.resize([0.0, 0.4, 9.0, 250.0], COUNTRIES)[:, None]
    return rng.poisson(level * rng.gamma(1.0, 1.0, (COUNTRIES, MONTHS)))


def write(folder, counts, years=(2015, 2016)):
    """Write the challenge's files and a history made from `counts`."""
    folder.mkdir()
    country, month = np.meshgrid(np.arange(COUNTRIES), np.arange(MONTHS), indexing="ij")
    every = pd.DataFrame({
        "country_id": country.ravel(),
        "month_id": month.ravel() + START + TO_ID,
        "ged_sb": counts.ravel(),
    })  # fmt: skip
    every.to_csv(folder / "history.csv", index=False)
    with duckdb.connect() as base:
        for year in years:
            january = month_number(f"{year}-01") + TO_ID
            base.register("year", every[every["month_id"].between(january, january + 11)])
            base.register("past", every[every["month_id"].between(january - 14, january - 3)])
            base.execute(
                "copy (select month_id, country_id, ged_sb as outcome from year) "
                f"to '{folder}/cm_actuals_Y{year}.parquet' (format parquet)"
            )
            base.execute(
                f"copy (select m.month_id, p.country_id, p.month_id - {january - 14} as draw, "
                "p.ged_sb as outcome from past p cross join "
                "(select distinct month_id from year) m) "
                f"to '{folder}/bm_conflictology_Y{year}.parquet' (format parquet)"
            )
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A finished backtest of two windows: its folder, its output and its record."""
    base = tmp_path_factory.mktemp("views")
    folder = write(base / "data", world())
    record = run(folder, base / "out")
    return folder, base / "out", record


def run(folder, out, windows=(2015, 2016), **options):
    return backtest_views(folder, folder / "history.csv", windows, out, **options)


def draws(out, window):
    with np.load(out / f"forecast_{window}_pooled_mixture.npz") as stored:
        return stored["draws"]


def test_the_record_has_the_rows_of_the_contract(first):
    _, out, record = first
    rows = {(r["model"], r["window"]): r for r in record["rows"]}

    assert json.loads((out / "skill.json").read_text()) == record
    assert (record["schema"], record["baseline"]) == ("polgap.skill/1", "country12")
    assert record["default"] == "pooled_mixture_recalibrated"
    assert {model for model, _ in rows} == {"country12", "pooled_mixture", record["default"]}
    assert {window for _, window in rows} == {"2015", "2016", "pooled"}
    assert rows["country12", "pooled"]["ratio_crps_without_top10"] == 1.0
    pooled = rows[record["default"], "pooled"]
    assert pooled["n"] == 2 * 12 * COUNTRIES
    assert pooled["seconds"] > 0


def test_cells_add_up_to_the_rows(first):
    _, out, record = first
    cells = pd.read_csv(out / "cells_2016.csv.gz")
    means = cells.groupby("model")["crps"].mean()

    for row in record["rows"]:
        if row["window"] == "2016":
            assert means[row["model"]] == pytest.approx(row["crps"], rel=1e-6)


def test_what_comes_after_the_origin_changes_no_forecast(first, tmp_path):
    _, out, _ = first
    counts = world()
    counts[:, month_number("2014-11") - START :] = 4321
    later = write(tmp_path / "data", counts)
    run(later, tmp_path / "out", windows=(2015,))

    assert np.array_equal(draws(out, 2015), draws(tmp_path / "out", 2015))


def test_a_finished_window_is_taken_up_again(first):
    folder, out, record = first
    path = out / "forecast_2015_pooled_mixture.npz"
    stamp = path.stat().st_mtime_ns
    (out / "forecast_2016_pooled_mixture.npz").write_bytes(b"interrupted")
    before = draws(out, 2015)
    again = run(folder, out)

    assert path.stat().st_mtime_ns == stamp
    assert np.array_equal(draws(out, 2015), before)
    own = [{k: v for k, v in r.items() if k != "seconds"} for r in again["rows"]]
    assert own == [{k: v for k, v in r.items() if k != "seconds"} for r in record["rows"]]


def test_the_first_window_is_not_recalibrated_and_actuals_ahead_teach_nothing(first, tmp_path):
    _, out, _ = first
    with np.load(out / "forecast_2015_pooled_mixture_recalibrated.npz") as stored:
        assert np.array_equal(stored["draws"], draws(out, 2015))
    counts = world()
    counts[:, month_number("2015-11") - START :] = 4321
    run(write(tmp_path / "data", counts), tmp_path / "out")
    name = "forecast_2016_pooled_mixture_recalibrated.npz"
    with np.load(out / name) as one, np.load(tmp_path / "out" / name) as other:
        assert np.array_equal(one["draws"], other["draws"])


def test_another_seed_is_another_forecast(first, tmp_path):
    folder, out, _ = first
    run(folder, tmp_path, windows=(2015,), seed=2)

    assert not np.array_equal(draws(out, 2015), draws(tmp_path, 2015))


def test_with_a_lag_of_one_december_is_known_and_the_baseline_moves(first, tmp_path):
    folder, _, _ = first
    record = run(folder, tmp_path, windows=(2016,), lag=1)
    cells = pd.read_csv(tmp_path / "cells_2016.csv.gz")
    base = cells[(cells["model"] == "country12") & (cells["month"] == "2016-01")]
    start = month_number("2015-01") - START
    own = world()[:, start : start + 12].mean(axis=1)

    assert (record["lag"], record["vintage"]) == (1, "final")
    np.testing.assert_allclose(base["mean"], own, rtol=1e-6)


def test_a_lag_of_one_needs_the_actuals_of_the_year_before(first, tmp_path):
    with pytest.raises(DataError, match="cm_actuals_Y2014"):
        run(first[0], tmp_path, windows=(2015,), lag=1)


def test_a_vintage_is_scored_by_its_own_files_and_the_record_says_so(first, tmp_path):
    folder = write(tmp_path / "data", world())
    later = write(tmp_path / "other", world() + 5)
    for year in (2015, 2016):
        target = folder / f"cm_actuals_prelim2023_Y{year}.parquet"
        (later / f"cm_actuals_Y{year}.parquet").rename(target)
    record = run(folder, tmp_path / "out", vintage="prelim2023")
    cells = pd.read_csv(tmp_path / "out" / "cells_2015.csv.gz")
    start = month_number("2015-01") - START
    seen = cells[cells["model"] == "country12"]["actual"].to_numpy()

    assert np.array_equal(seen, (world()[:, start : start + 12] + 5).ravel())
    assert record["vintage"] == "prelim2023"
    assert record["scored"] == "cm_actuals_prelim2023_Y*"
    assert "bm_conflictology_Y*" in record["known"]
    # What was known does not change with what is scored: the official last twelve months.
    assert np.array_equal(draws(first[1], 2015), draws(tmp_path / "out", 2015))


def test_a_vintage_that_is_not_there_is_refused(first, tmp_path):
    with pytest.raises(DataError, match="prelim2023_Y2015"):
        run(first[0], tmp_path, windows=(2015,), vintage="prelim2023")
    with pytest.raises(StudyError, match="vintage: got 'first'; wanted final or prelim2023"):
        run(first[0], tmp_path, windows=(2015,), vintage="first")
    with pytest.raises(StudyError, match="lag: got 4; wanted one of 1, 2, 3"):
        run(first[0], tmp_path, windows=(2015,), lag=4)


def test_the_leak_test_reads_files_with_another_future(first, tmp_path):
    record = run(first[0], tmp_path, windows=(2016,), leak_test=True)

    assert record["leak_test"] == {"forecasts": 1, "changed": 0}


def test_a_reader_that_looks_one_month_too_far_is_caught(first, tmp_path, monkeypatch):
    plain = views.known

    def known(folder, history, window, **options):
        past = plain(folder, history, window, **options)
        past.counts[:, -1] = views.actuals(folder, window, past.countries)[:, 0]
        return past

    monkeypatch.setattr(views, "known", known)
    with pytest.raises(ModelError, match="leak: the forecast of pooled_mixture"):
        run(first[0], tmp_path, windows=(2016,), leak_test=True)
    assert not list(tmp_path.glob("forecast_*"))


def test_no_window_is_refused(first, tmp_path):
    with pytest.raises(StudyError, match="windows"):
        run(first[0], tmp_path, windows=())
