import json
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from polgap import score
from polgap.domain import month_range
from polgap.errors import ModelError, StudyError
from polgap.study import Asked, backtest_panel, history_panel

rolling = import_module("polgap.forecast.backtest")


def theatre(months=84, seed=4):
    rng = np.random.default_rng(seed)
    level = np.array([0.3, 4.0, 40.0])[:, None]
    made = {
        name: rng.poisson(share * level * rng.gamma(0.5, 2.0, (3, months))).astype(float)
        for name, share in {"state_based": 1.0, "one_sided": 0.3, "attacks_on_police": 0.5}.items()
    }
    coords = {"area": list("abc"), "month": month_range("2012-01", months)}
    return xr.Dataset({n: (("area", "month"), v) for n, v in made.items()}, coords=coords)


ASKED = Asked(origins="3", ahead=14, models=("decay",))


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return out, backtest_panel(theatre(), ASKED, out, said={"vintage": "test"})


def test_the_record_says_what_was_done(first):
    out, record = first
    assert json.loads((out / "skill.json").read_text()) == record
    assert (record["schema"], record["baseline"]) == ("polgap.skill/1", "last12")
    assert record["origins"] == ["2015-12", "2016-12", "2017-12"]
    assert record["models"] == ["decay", "last12"]
    assert record["targets"]["deaths"] == ["state_based", "one_sided"]
    assert {"attacks_on_police", "state_based"} <= set(record["targets"])
    assert (record["lag"], record["ahead"], record["vintage"]) == (1, 14, "test")
    assert {r["window"] for r in record["rows"]} == {"pooled", "2015", "2016", "2017"}


def test_the_baseline_is_the_own_last_twelve_months(first):
    out, _ = first
    cells = pd.read_csv(out / "cells.csv.gz").set_index(
        ["model", "target", "origin", "ahead", "area"]
    )
    panel = theatre()["attacks_on_police"].sel(area="c")
    past = panel.sel(month=slice("2016-01", "2016-12")).values
    expected = score.crps(past, float(panel.sel(month="2017-02")))
    got = cells.loc[("last12", "attacks_on_police", "2016-12", 2, "c"), "crps"]
    assert got == pytest.approx(float(expected), rel=1e-6)


def test_a_finished_origin_is_taken_up_again_and_another_is_made(first, tmp_path):
    out, record = first
    broken, kept = (out / f"scores_{o}_decay.npz" for o in ("2016-12", "2017-12"))
    broken.write_bytes(b"interrupted")
    stamp = kept.stat().st_mtime_ns
    asked = []

    def counting(function, *arguments):
        jobs = list(zip(*arguments, strict=True))
        asked.extend(jobs)
        return [function(*job) for job in jobs]

    assert (
        backtest_panel(theatre(), ASKED, out, said={"vintage": "test"}, mapper=counting) == record
    )
    assert [(origin, model.name) for origin, model in asked] == [("2016-12", "decay")]
    assert kept.stat().st_mtime_ns == stamp
    changed = theatre()
    changed["one_sided"][0, 60] += 1
    backtest_panel(changed, ASKED, out, mapper=counting)
    assert len(asked) == 1 + 6


def test_a_lag_of_three_leaves_two_months_out(first, tmp_path):
    record = backtest_panel(
        theatre(), Asked(origins="1", ahead=3, lag=3, models=("decay",)), tmp_path
    )
    cells = pd.read_csv(tmp_path / "cells.csv.gz")
    assert record["lag"] == 3
    # Room for twelve months and the two that are not known yet, or what is asked if less.
    assert record["origins"] == ["2018-07"]
    assert set(cells["ahead"]) == {1, 2, 3}


def test_the_leak_test_is_in_the_record_and_catches_a_leak(first, tmp_path, monkeypatch):
    asked = Asked(origins="2", ahead=3, models=("decay",), leak_test=True)
    record = backtest_panel(theatre(), asked, tmp_path / "fine")
    assert record["leak_test"] == {"forecasts": 4, "changed": 0}

    known = rolling.known_at
    monkeypatch.setattr(rolling, "known_at", lambda p, o: known(p, str(p["month"].values[-1])))
    with pytest.raises(ModelError, match="leak"):
        backtest_panel(theatre(), asked, tmp_path / "leaking")
    assert not (tmp_path / "leaking").exists()


def test_silence_has_no_ratio(tmp_path):
    record = backtest_panel(
        theatre() * 0.0, Asked(origins="1", ahead=2, targets=("deaths",)), tmp_path
    )
    assert {r["ratio_crps"] for r in record["rows"]} == {None}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (Asked(models=("oracle",)), "models"),
        (Asked(targets=("looting",)), "target"),
        (Asked(origins="many"), "origins"),
        (Asked(origins="0"), "origins"),
        (Asked(origins="1999-01..1999-12"), "origins"),
        (Asked(ahead=37), "ahead"),
        (Asked(ahead=0), "ahead"),
        (Asked(every=0), "every"),
        (Asked(lag=0), "lag"),
    ],
)
def test_wrong_options_are_named(asked, named, tmp_path):
    with pytest.raises(StudyError, match=f"^{named}: got .*wanted"):
        backtest_panel(theatre(), asked, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_short_panel_is_refused(tmp_path):
    with pytest.raises(StudyError, match="panel of 30 months; wanted at least 36"):
        backtest_panel(theatre(30), Asked(), tmp_path)


def test_a_panel_without_counts_enough_is_refused(tmp_path):
    with pytest.raises(StudyError, match="--target"):
        backtest_panel(theatre() * 0.0, Asked(), tmp_path)


def test_a_history_becomes_a_panel_with_holes():
    panel = history_panel({(7, 24000): 3.0, (2, 24002): 1.0})
    assert panel["area"].values.tolist() == [2, 7]
    assert panel["month"].values.tolist() == ["2000-01", "2000-02", "2000-03"]
    assert panel["state_based"].isnull().sum() == 4
