import numpy as np
import pytest

from polgap import score
from polgap.forecast import challenge
from polgap.forecast.models.decay import Decay

# views-evaluation 2.0.0 on the official bootstrap draws of 2022 (forecasting.md 5).
BOOTSTRAP_2022 = {"crps": 120.24916903795813, "mis": 2380.743564572426}
# forecasting.md 1.5, final vintage.
COUNTRY12 = {2018: 14.48, 2019: 9.15, 2020: 21.34, 2021: 76.85, 2022: 123.99}


def window(scale, seed=0):
    rng = np.random.default_rng(seed)
    actual = rng.poisson(20.0, (30, 12)).astype(float)
    draws = scale * rng.poisson(20.0, (30, 12, 200)).astype(float)
    return challenge.score_cells(draws, actual)


def official(data, name):
    import duckdb

    path = data / "views_challenge_cm" / f"{name}.parquet"
    columns = duckdb.sql(f"describe select * from read_parquet('{path}')").df()["column_name"]
    keys = [k for k in ("country_id", "month_id", "draw") if k in set(columns)]
    query = f"select outcome from read_parquet('{path}') order by {', '.join(keys)}"
    return duckdb.sql(query).fetchnumpy()["outcome"].astype(float)


def test_official_benchmark_scores_equal_the_peer(data):
    draws = official(data, "bm_bootstrap_Y2022").reshape(191, 12, 1000)
    cells = challenge.score_cells(draws, official(data, "cm_actuals_Y2022").reshape(191, 12))

    assert cells["crps"].mean() == pytest.approx(BOOTSTRAP_2022["crps"], abs=1e-9)
    assert cells["mis"].mean() == pytest.approx(BOOTSTRAP_2022["mis"], abs=1e-9)


@pytest.mark.parametrize("year", COUNTRY12)
def test_country12_scores_equal_the_published_table(data, year):
    draws = official(data, f"bm_conflictology_Y{year}").reshape(191, 12, 12)
    cells = challenge.score_cells(draws, official(data, f"cm_actuals_Y{year}").reshape(191, 12))

    assert cells["crps"].mean() == pytest.approx(COUNTRY12[year], abs=0.011)


def test_ratios_are_one_for_the_baseline_and_rows_cover_all_windows():
    cells = {"country12": {"2018": window(1.0), "2019": window(1.0, 1)}}
    rows = challenge.skill_rows(cells)

    assert [r["window"] for r in rows] == ["2018", "2019", "pooled"]
    assert {r["ratio_crps"] for r in rows} == {1.0}
    assert rows[-1]["n"] == 720
    assert rows[-1]["ratio_crps_years"] == {"geometric_mean": 1.0, "worst": 1.0}


def test_a_worse_forecast_has_an_interval_above_one():
    cells = {"country12": {"2018": window(1.0)}, "wide": {"2018": window(3.0)}}
    row = challenge.skill_rows(cells)[-1]

    assert 1.0 < row["ratio_crps_low"] <= row["ratio_crps"] <= row["ratio_crps_high"]
    assert row["ratio_ign_low"] > 1.0


def test_a_baseline_without_error_gives_no_ratio():
    silent = challenge.score_cells(np.zeros((3, 12, 12)), np.zeros((3, 12)))
    row = challenge.skill_rows({"country12": {"2018": silent}})[-1]

    assert row["ratio_crps"] is None
    assert row["ratio_crps_years"]["geometric_mean"] is None


def test_coverage_comes_with_width_and_interval_score():
    cells = {"country12": {"2018": window(1.0)}}
    bins = challenge.skill_rows(cells)[0]["coverage90"]

    assert [b["bin"] for b in bins] == ["5-25"]
    assert bins[0]["n"] == 360
    assert 0.85 < bins[0]["coverage"] < 0.97
    assert bins[0]["width"] > 0 and bins[0]["mis"] >= bins[0]["width"]
    assert bins[0]["pit_distance"] < bins[0]["pit_band99"]


def test_few_draws_are_repeated_for_ignorance():
    twelve = np.arange(12.0).reshape(1, 1, 12)
    thousand = np.repeat(twelve, 84, axis=-1)[..., :1000]
    cells = challenge.score_cells(twelve, np.array([[4.0]]))

    assert cells["ign"] == score.ignorance(thousand, np.array([[4.0]]))


def test_a_forecast_covers_the_calendar_year():
    history = np.random.default_rng(1).poisson(5.0, (4, 130)).astype(float)
    draws = challenge.forecast_window(history, 2017 * 12 + 9, Decay(), draws=50)

    assert draws.shape == (4, 12, 50)
    assert np.issubdtype(draws.dtype, np.integer)


def test_paths_are_scored_by_sum_and_peak():
    actual = np.arange(12.0)[None]
    found = challenge.score_paths(np.repeat(actual[..., None], 9, axis=-1), actual + 1.0)

    assert found["sum6"].tolist() == [[6.0]]
    assert found["peak12"].tolist() == [[1.0]]


def test_benchmark_paths_are_the_last_twelve_months():
    history = np.arange(30.0)[None]
    paths = challenge.country12_paths(history, draws=200)
    rows = challenge.path_rows({"country12": {"2018": challenge.score_paths(paths, paths[..., 0])}})

    assert set(paths.ravel()) == set(range(18, 30))
    assert {r["ratio_crps"] for r in rows} == {1.0}
    assert len(rows) == 4
