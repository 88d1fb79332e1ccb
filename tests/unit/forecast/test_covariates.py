import numpy as np
import pytest
import xarray as xr

from polgap.errors import ModelError
from polgap.forecast import leak
from polgap.forecast._past import Past
from polgap.forecast.covariates import known_series, with_covariates
from polgap.forecast.models.quantile_forest import QuantileForest

SMALL = {"trees": 12, "nearest": 1, "farthest": 3, "covariates": True}
ORIGIN = "2017-05"


def beside(panel, lag, seed=3):
    """A series that says what comes in the month after it, published `lag` months late."""
    counts = panel["state_based"]
    ahead = counts.shift(month=-1, fill_value=0.0)
    noise = np.random.default_rng(seed).normal(0.0, 0.1, counts.shape)
    return with_covariates(panel, {"signal": np.log1p(ahead) + noise}, {"signal": lag})


def test_a_figure_enters_once_it_was_published(world):
    panel = world(areas=4)
    series = xr.zeros_like(panel["state_based"])
    series[0, 10] = 7.0
    known, names = known_series(with_covariates(panel, {"s": series}, {"s": 3}))

    assert names == ["c_s", "c_s_change", "c_s_known"]
    assert known[0, 12, 0] == 0.0
    assert known[0, 13, 0] == 7.0
    assert known[0, :3, 2].sum() == 0.0  # nothing published yet is not a zero that was seen


def test_a_gap_carries_the_last_figure_and_its_year_change():
    labels = {"area": ["a"], "month": [f"{y}-{m:02d}" for y in (2020, 2021) for m in range(1, 13)]}
    counts = xr.Dataset({"events": (("area", "month"), np.ones((1, 24)))}, coords=labels)
    yearly = xr.DataArray(np.full((1, 24), np.nan), coords=labels, dims=("area", "month"))
    yearly[0, 0], yearly[0, 12] = 2.0, 5.0
    known, _ = known_series(with_covariates(counts, {"index": yearly}, {"index": 0}))

    assert known[0, :, 0].tolist() == [2.0] * 12 + [5.0] * 12
    assert known[0, 12:, 1].tolist() == [3.0] * 12


def test_covariates_are_never_forecast(world):
    panel = beside(world(), 1)

    assert Past.of(panel).variables == ("state_based",)
    drawn = QuantileForest(**SMALL).fit(panel).sample(range(1, 4), 24, np.random.default_rng(1))
    assert list(drawn.data_vars) == ["state_based"]


def test_a_series_that_tells_the_future_helps_only_if_published_in_time(world):
    panel = world(areas=24, months=140)
    actual = panel["state_based"].sel(month="2019-06").to_numpy()
    known = panel.isel(month=slice(0, 137))  # to 2019-05

    def error(lag):
        seen = beside(panel, lag).isel(month=slice(0, 137))
        drawn = QuantileForest(**SMALL).fit(seen).sample([1], 240, np.random.default_rng(1))
        return float(np.abs(drawn["state_based"].median("draw").to_numpy()[:, 0] - actual).mean())

    assert str(known["month"].values[-1]) == "2019-05"
    assert error(0) < 0.7 * error(1)


@pytest.mark.parametrize("lag", [0, 4])
def test_the_leak_test_replaces_what_was_not_published_by_the_origin(world, lag):
    panel = beside(world(), lag)
    other = leak.scrambled(panel, ORIGIN)
    first = [str(m) for m in panel["month"].values].index(ORIGIN) + 1 - lag
    same = (other["signal"] == panel["signal"]).to_numpy().all(axis=0)

    assert same[:first].all() and not same[first:].any()
    leak.require_blind(panel, QuantileForest(**SMALL), ORIGIN, [1, 2, 3])


def test_a_model_that_uses_figures_before_they_were_published_is_caught(world, monkeypatch):
    panel = beside(world(), 4)
    monkeypatch.setattr("polgap.forecast.covariates.publication_lag", lambda _: 0)
    with pytest.raises(ModelError, match="leak"):
        leak.require_blind(panel, QuantileForest(**SMALL), ORIGIN, [1, 2, 3])


def test_missing_lags_taken_names_and_panels_without_series_are_refused(world):
    panel = world(areas=4)
    series = xr.zeros_like(panel["state_based"])
    with pytest.raises(ModelError, match="no publication lag"):
        with_covariates(panel, {"s": series}, {})
    with pytest.raises(ModelError, match="names of counts"):
        with_covariates(panel, {"state_based": series}, {"state_based": 1})
    with pytest.raises(ModelError, match="without any"):
        QuantileForest(**SMALL).fit(world())
