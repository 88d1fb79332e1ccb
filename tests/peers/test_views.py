"""Against other programs: views-evaluation and scoringrules score as we do; views-baseline.

The values of the VIEWS packages were stored by ``make peers`` (they need another numpy).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from polgap import score
from polgap.forecast import challenge

HERE = Path(__file__).parent
FOUND = {n: json.loads((HERE / f"views_{n}.json").read_text()) for n in ("evaluation", "baseline")}
COUNTRIES = 191


def outcomes(data, name):
    import duckdb

    path = data / "views_challenge_cm" / f"{name}.parquet"
    columns = duckdb.sql(f"describe select * from read_parquet('{path}')").df()["column_name"]
    keys = [k for k in ("country_id", "month_id", "draw") if k in set(columns)]
    query = f"select outcome from read_parquet('{path}') order by {', '.join(keys)}"
    return duckdb.sql(query).fetchnumpy()["outcome"].astype(float)


@pytest.mark.parametrize(
    "row", FOUND["evaluation"]["rows"], ids=lambda r: f"{r['benchmark']}-{r['window']}"
)
def test_scores_of_the_official_draws_equal_those_of_views_evaluation(data, row):
    draws = outcomes(data, f"bm_{row['benchmark']}_Y{row['window']}")
    actual = outcomes(data, f"cm_actuals_Y{row['window']}").reshape(COUNTRIES, 12)
    cells = challenge.score_cells(draws.reshape(COUNTRIES, 12, -1), actual)

    assert actual.size == row["n"]
    for name in ("crps", "mis", "ign"):
        assert cells[name].mean() == pytest.approx(row[name], abs=1e-9), name


def test_the_fixture_says_what_it_was_made_with():
    assert FOUND["evaluation"]["versions"]["views-evaluation"] == "2.0.0"
    assert FOUND["baseline"]["versions"]["views-baseline"] == "1.0.2"
    assert {f["command"] for f in FOUND.values()} == {"make peers"}


def test_conflictology_of_views_baseline_is_country12_but_for_chance():
    """Its 1,000 draws with replacement come near the twelve values they are drawn from."""
    official = {
        r["window"]: r for r in FOUND["evaluation"]["rows"] if r["benchmark"] == "conflictology"
    }
    own = [
        r for r in FOUND["baseline"]["rows"] if r.get("window") and "conflictology" in r["model"]
    ]
    assert len(own) == 5
    for row in own:
        # The history before November 2016 is not asked: twelve months are enough.
        assert row["crps"] == pytest.approx(official[row["window"]]["crps"], rel=5e-3)
        assert row["ign"] == pytest.approx(official[row["window"]]["ign"], rel=5e-3)


def test_crps_and_interval_score_equal_scoringrules():
    scoringrules = pytest.importorskip("scoringrules")
    rng = np.random.default_rng(3)
    x = rng.negative_binomial(0.4, 0.01, size=(60, 120)).astype(float)
    y = rng.negative_binomial(0.4, 0.01, size=60).astype(float)
    for estimator in ("nrg", "qd"):
        peer = scoringrules.crps_ensemble(y, x, estimator=estimator, backend="numpy")
        np.testing.assert_allclose(score.crps(x, y), peer, rtol=1e-12)
    for level in (0.5, 0.9):
        ends = np.quantile(x, [(1 - level) / 2, (1 + level) / 2], axis=1)
        peer = scoringrules.interval_score(y, ends[0], ends[1], 1 - level, backend="numpy")
        np.testing.assert_allclose(score.interval_score(x, y, level), peer, rtol=1e-12)
