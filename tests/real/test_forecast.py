"""The forecast on real data: the official VIEWS challenge, state-based deaths by country."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from polgap import score
from polgap.draws import stream
from polgap.errors import DataError
from polgap.forecast import backtest, challenge, registry
from polgap.sources import views as source

OFFICIAL = {"2017-10": 14.48, "2018-10": 9.15, "2019-10": 21.34, "2020-10": 76.85}
"""Mean CRPS of the benchmark conflictology_country12, 2018 to 2021 (forecasting.md 1.5)."""

PRELIMINARY = {2018: 14.46, 2019: 9.27, 2020: 12.12, 2021: 26.32}
"""The same benchmark on the actuals as first published in 2023 (forecasting.md 1.5)."""


@pytest.fixture(scope="module")
def views(data):
    frames = [
        pd.read_csv(data / "ucdp_country_month" / f"{name}.csv.gz")
        for name in ("views_ged_sb_country_month_1990_2022", "views_ged_sb_exact_2016_11_2022_12")
    ]
    long, exact = (f.assign(month=f["month"].str[:7]) for f in frames)
    both = pd.concat([long[long["month"] < "2016-11"], exact])
    wide = both.pivot_table(index="country_id", columns="month", values="ged_sb")
    wide = wide.loc[sorted(exact["country_id"].unique())]
    return xr.Dataset(
        {"state_based": (("area", "month"), wide.to_numpy())},
        coords={"area": wide.index.astype(str), "month": list(wide.columns)},
    )


@pytest.fixture(scope="module")
def scores(views):
    return backtest(
        views,
        list(registry.models().values()),
        list(OFFICIAL),
        lag=3,
        draws=240,
        targets={"state_based": ("state_based",)},
    )


def test_last12_is_the_official_benchmark(scores):
    ours = scores["crps"].sel(model="last12").mean(["target", "horizon", "area"]).to_series()
    assert ours.round(2).to_dict() == pytest.approx(OFFICIAL, abs=0.02)


def test_the_mixture_is_better_in_every_window(scores):
    mean = scores["crps"].mean(["target", "horizon", "area"])
    assert bool((mean.sel(model="mixture") < mean.sel(model="last12")).all())


def test_paths_that_dwell_forecast_sums_better_than_months_drawn_afresh(views):
    """What `_resample.py` says of its chances to stay: sums and peaks, at equal margins."""
    panel = np.minimum(views.isel(month=slice(180, None)).fillna(0.0), 3000.0)
    fitted = {o: registry.model("last12").fit(panel.sel(month=slice(None, o))) for o in OFFICIAL}
    dwelling, afresh = [], []
    for origin, one in fitted.items():
        start = panel["month"].values.tolist().index(origin) + 1
        actual = panel["state_based"].values[:, start : start + 12].sum(axis=1)
        drawn = one.sample(range(1, 13), 240, stream(1, "dwell", origin))["state_based"].values
        shuffled = stream(1, "afresh", origin).permuted(drawn, axis=2)
        dwelling.append(score.crps(drawn.sum(axis=1), actual).mean())
        afresh.append(score.crps(shuffled.sum(axis=1), actual).mean())
    assert np.mean(dwelling) < 0.95 * np.mean(afresh)


def country12(data, window, **options):
    """Return the mean CRPS of the own last twelve months up to what is known."""
    folder = data / "views_challenge_cm"
    history = data / "ucdp_country_month" / "views_ged_sb_country_month_1990_2022.csv.gz"
    past = source.known(folder, history, window, **options)
    vintage = options.get("vintage", "final")
    actual = source.actuals(folder, window, past.countries, vintage=vintage)
    return score.crps(challenge.country12(past.counts), actual).mean()


@pytest.mark.parametrize(("window", "published"), PRELIMINARY.items())
def test_the_first_edition_of_the_actuals_gives_the_figures_of_2023(data, window, published):
    found = country12(data, window, vintage="prelim2023")
    assert found == pytest.approx(published, abs=0.005)


def test_knowing_december_helps_the_baseline(data):
    for window in (2019, 2022):
        assert country12(data, window, lag=1) < country12(data, window, lag=3)


def test_windows_without_that_edition_or_the_year_before_are_refused(data):
    with pytest.raises(DataError, match="cm_actuals_prelim2023_Y2022"):
        country12(data, 2022, vintage="prelim2023")
    with pytest.raises(DataError, match="cm_actuals_Y2017"):
        country12(data, 2018, lag=1)
