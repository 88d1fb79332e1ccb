import numpy as np
import pandas as pd
import pytest

from polgap import score
from polgap.forecast import backtest, record
from polgap.forecast.models.quantile_forest import QuantileForest
from polgap.forecast.reach import reaching
from polgap.forecast.registry import country_models, model

LOOKS = ["2014-12", "2015-06", "2015-12"]


@pytest.fixture(scope="module")
def found(panel):
    p = panel(96)
    p["events"][0, 80:] = np.nan
    asked = [model(n) for n in ("decay", "last12")]
    return backtest(
        p, asked, LOOKS, ahead=range(1, 15), draws=24,
        targets={"deaths": ("state_based", "one_sided"), "events": ("events",)},
        scores=record.scores(1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows(found):
    made = record.rows(found, baselines=("last12", "decay"))
    return {(r["model"], r["target"], r["horizons"], r["window"]): r for r in made}


def test_there_is_a_row_for_every_model_target_band_and_year(rows):
    assert {k[0] for k in rows} == {"decay", "last12"}
    assert {k[1] for k in rows} == {"deaths", "events"}
    assert {k[2] for k in rows} == {"1-12", "13-14"}
    assert {k[3] for k in rows} == {"pooled", "2014", "2015"}
    assert len(rows) == 24


def test_cells_add_up_to_the_rows(found, rows):
    cells = pd.DataFrame(record.frame_of(found))
    near = cells[cells["ahead"] <= 12]
    means = near.groupby(["model", "target"])[["crps", "mis"]].mean()
    for (name, target), mean in means.iterrows():
        row = rows[name, target, "1-12", "pooled"]
        assert (row["crps"], row["mis"]) == pytest.approx((mean["crps"], mean["mis"]))
        assert row["n"] == len(near[(near["model"] == name) & (near["target"] == target)])


def test_what_was_not_observed_counts_nowhere(rows):
    full, gappy = (rows["decay", t, "1-12", "pooled"]["n"] for t in ("deaths", "events"))
    assert full == 3 * 12 * 5
    # The first area was not observed from September 2016 on: four months of the last origin.
    assert gappy == full - 4


def test_ratios_are_one_for_the_baseline_and_the_other_way_round(rows):
    base, own = (rows[m, "deaths", "1-12", "pooled"] for m in ("last12", "decay"))
    ends = ("", "_low", "_high", "_months_low", "_months_high")
    assert {base[f"ratio_crps{e}"] for e in ends} == {1.0}
    assert own["ratio_crps"] * base["ratio_crps_decay"] == pytest.approx(1.0)
    assert own["ratio_crps_low"] <= own["ratio_crps"] <= own["ratio_crps_high"]
    assert own["ratio_crps_months_low"] < own["ratio_crps"] < own["ratio_crps_months_high"]


def test_coverage_comes_by_bin_with_width_and_interval_score(rows):
    for row in rows.values():
        bins = row["coverage90"]
        assert sum(b["n"] for b in bins) == row["n"]
        assert all({"coverage", "width", "mis"} <= set(b) for b in bins)


def test_one_area_has_no_interval_over_areas(found):
    (row, *_) = record.rows(found.isel(area=[3]))
    assert row["ratio_crps"] > 0
    assert row["ratio_crps_low"] is None and row["ratio_crps_months_low"] > 0


def test_the_scores_are_those_of_the_score_room():
    rng = np.random.default_rng(0)
    draws, actual = rng.poisson(9.0, (3, 4, 50)).astype(float), rng.poisson(9.0, (3, 4)) * 1.0
    made = {name: function(draws, actual) for name, function in record.scores(1).items()}
    ends = score.quantile(draws, [0.05, 0.95])
    np.testing.assert_allclose(made["mis"], score.interval_score(draws, actual, 0.9))
    np.testing.assert_allclose(made["width"], ends[..., 1] - ends[..., 0])
    assert ((made["pit"] >= 0) & (made["pit"] <= 1)).all()


def test_a_forest_is_made_to_learn_what_is_asked():
    near = QuantileForest(nearest=3, farthest=14)
    assert reaching(near, 3, 14) is near
    default = next(iter(country_models().values()))
    wide = reaching(default, 1, 36)
    ends = [(p.nearest, p.farthest) for p in wide.parts if hasattr(p, "nearest")]
    assert ends and set(ends) == {(1, 36)}
    assert wide.name == default.name
