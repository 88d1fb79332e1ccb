import numpy as np
import pytest

from polgap import score
from polgap.errors import ModelError
from polgap.forecast.backtest import backtest, rolling_origins, total
from polgap.forecast.registry import model, models

ALL = tuple(models().values())


def test_origins_leave_room_before_and_after(panel):
    looks = rolling_origins(panel(60), every=6, most=10, ahead=12, first=24)
    assert looks == ["2011-12", "2012-06", "2012-12", "2013-06", "2013-12"]


def test_a_short_panel_has_no_origin(panel):
    assert rolling_origins(panel(30)) == []


def test_only_the_latest_origins_are_kept(panel):
    assert rolling_origins(panel(120), most=2) == ["2018-06", "2018-12"]


def test_the_score_is_that_of_the_forecast_made_then(panel):
    p = panel(48)
    one = backtest(p, [model("last12")], ["2012-12"], ahead=[1], draws=12)
    past, actual = total(p, ["events"])[:, 24:36], total(p, ["events"])[:, 36]
    expected = score.crps(past, actual)
    np.testing.assert_allclose(one["crps"].sel(target="events").squeeze().values, expected)


def test_the_theatre_is_scored_on_sums_of_whole_futures(panel):
    p = panel(48)
    p["non_state"][1, 37] = np.nan
    one = backtest(p, [model("last12")], ["2012-12"], ahead=[1, 2], draws=12)[
        "crps_theatre"
    ].squeeze()
    past, actual = total(p, ["events"])[:, 24:36].sum(0), total(p, ["events"])[:, 36].sum()
    assert float(one.sel(target="events", horizon=1)) == pytest.approx(score.crps(past, actual))
    assert bool(one.sel(target="deaths", horizon=2).isnull())


def test_permuting_the_future_changes_no_forecast(panel):
    """The leak test: scores of what stayed in place are the same to the last digit."""
    p, order = panel(60), np.arange(60)
    order[40:] = np.random.default_rng(0).permutation(order[40:])
    q = p.copy(deep=True)
    for name in p:
        q[name][:] = p[name].values[:, order]
    # Months 37 to 40 are untouched; everything after them is scrambled.
    a, b = (backtest(x, ALL, ["2012-12"], ahead=[1, 2, 3, 4], draws=24) for x in (p, q))
    assert a.equals(b)
    far = [backtest(x, ALL, ["2012-12"], ahead=[10, 20], draws=24) for x in (p, q)]
    assert not far[0].equals(far[1])


def test_a_reporting_lag_moves_the_months_that_are_scored(panel):
    s = backtest(panel(60), [model("last12")], ["2012-12"], ahead=range(1, 13), lag=3, draws=12)
    assert s["horizon"].values.tolist() == list(range(3, 15))
    assert s["ahead"].values.tolist() == list(range(1, 13))


def test_months_not_observed_or_not_there_have_no_score(panel):
    p = panel(40)
    p["one_sided"][2, 36] = np.nan
    s = backtest(p, [model("decay")], ["2012-12"], ahead=range(1, 7), draws=12)["crps"]
    deaths = s.sel(target="deaths").squeeze()
    assert bool(deaths.isel(horizon=0).isnull()[2])
    assert deaths.isel(horizon=0).notnull().sum() == 4
    assert bool(s.isel(horizon=slice(4, None)).isnull().all())


def test_a_kind_not_yet_counted_is_not_scored(panel):
    p = panel(60)
    p["events"][:, :40] = np.nan
    s = backtest(p, [model("mixture")], ["2012-12", "2013-12"], draws=12)["crps"]
    assert bool(s.sel(target="events", origin="2012-12").isnull().all())
    assert bool(s.sel(target="events", origin="2013-12").notnull().all())


def test_a_mapper_that_runs_backwards_changes_nothing(panel):
    def backwards(function, items):
        return list(reversed([function(i) for i in reversed(list(items))]))

    looks = ["2012-06", "2012-12"]
    a = backtest(panel(60), ALL, looks, draws=12)
    assert a.equals(backtest(panel(60), ALL, looks, draws=12, mapper=backwards))


@pytest.mark.parametrize(
    "wrong",
    [{"origins": ["1999-01"]}, {"origins": []}, {"targets": {"looting": ("looting",)}}],
)
def test_what_is_not_in_the_panel_is_refused(panel, wrong):
    asked = {"origins": ["2012-12"], **wrong}
    with pytest.raises(ModelError, match="wanted"):
        backtest(panel(48), ALL, asked.pop("origins"), **asked)
