"""Law: silence never lowers need. Taking observations away leaves middle and upper end standing."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from polgap import assess, calibrate, catalogue, deploy, examples, forecast
from polgap.draws import Parameters

DRAWS = 120
NOISE = 0.05
"""Part by which a quantile of so few draws may differ, and the months hidden from those before."""
AREAS = ("north", "centre", "south")


def ends(change):
    """Return middle and upper end of the need of each area, mean of twelve months."""
    study, given = examples.toy(draws=DRAWS)
    panel = given.panel.copy(deep=True)
    for name in panel.data_vars:
        values = panel[name].transpose("area", "month").values.astype(float).copy()
        change(values)
        panel[name] = (("area", "month"), values)
    given = replace(given, panel=panel)
    theta = Parameters(catalogue.parameters(), study.seed, study.draws)
    futures, _ = assess.unsilenced(study, given, forecast.predict(study, panel).futures)
    hours = deploy.travel_hours(given.areas, given.towns, theta.of("deploy"))
    posture = calibrate.posture(study, given.mandate, given.areas)
    gap = assess.measure(study, given, futures, posture, hours, theta.of("assess"))
    need = gap.need.sum("function").isel(month=slice(0, 12)).mean("month")
    return np.quantile(need.transpose("area", "draw").values, [0.5, 0.9], axis=1)


@cache
def whole():
    return ends(lambda values: None)


@pytest.mark.parametrize("months", [6, 12])
@pytest.mark.parametrize("area", range(3), ids=AREAS)
def test_an_area_that_fell_silent_keeps_its_need(area, months):
    def silence(values):
        values[area, -months:] = np.nan

    assert (ends(silence)[:, area] >= (1 - NOISE) * whole()[:, area]).all()


@pytest.mark.parametrize("area", range(3), ids=AREAS)
def test_an_area_never_reported_on_needs_no_less_than_one_seen_to_be_calm(area):
    def silence(values):
        values[area] = np.nan

    def calm(values):
        values[area] = 0.0

    assert (ends(silence)[:, area] >= (1 - NOISE) * ends(calm)[:, area]).all()


def test_where_all_is_reported_nothing_is_touched():
    study, given = examples.toy(draws=20)
    futures = forecast.predict(study, given.panel).futures
    same, notes = assess.unsilenced(study, given, futures)
    assert same is futures and notes == ()


def test_a_month_without_any_source_is_unknown_and_never_zero():
    """The panel of an area-month outside coverage is NaN, so nothing reads it as calm."""
    study, given = examples.toy(draws=20)
    values = given.panel["events"].transpose("area", "month").values.copy()
    values[0, -3:] = np.nan
    gone = given.panel.assign(events=(("area", "month"), values))
    futures = forecast.predict(study, gone).futures
    raised, notes = assess.unsilenced(study, replace(given, panel=gone), futures)
    assert (raised["events"] >= futures["events"]).all()
    assert [n.values for n in notes] == [{"areas": 1, "all": 3}]
