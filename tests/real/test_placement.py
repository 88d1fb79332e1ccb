"""Where would police be placed: the rules of the test, and that nothing of the year is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap.errors import DataError, StudyError
from polgap.forecast.registry import SITING, subnational_models
from polgap.sources.placement import cell_of, ground
from polgap.study import _backtest_placement as placement


@pytest.fixture(scope="module")
def record(data):
    return placement.backtest_placement(data, ["CAF", "SSD"])


def share(record, country: str, method: str) -> float:
    rows = [r for r in record["pooled"] if r["country"] == country and r["method"] == method]
    return rows[0]["share_50km"]


@pytest.mark.parametrize(
    ("country", "actual", "last_year", "oracle"),
    [("CAF", 0.446, 0.575, 0.731), ("SSD", 0.562, 0.589, 0.674)],
)
def test_the_trial_under_these_rules_comes_out_again(record, country, actual, last_year, oracle):
    assert share(record, country, "actual") == pytest.approx(actual, abs=5e-4)
    assert share(record, country, "last_year") == pytest.approx(last_year, abs=5e-4)
    assert share(record, country, "oracle") == pytest.approx(oracle, abs=5e-4)


def test_the_forecast_covers_more_than_last_years_events(record):
    gains = [share(record, c, "polgap") - share(record, c, "last_year") for c in ("CAF", "SSD")]
    assert np.mean(gains) > 0 and min(gains) > -0.03
    assert share(record, "CAF", "polgap") > share(record, "CAF", "actual")


def test_every_method_has_as_many_sites_as_the_mission_had(record):
    table = pd.DataFrame(record["rows"])
    assert (table.groupby(["country", "year"])["sites"].nunique() == 1).all()
    assert set(table["method"]) == set(placement.METHODS)
    assert table["share_50km"].between(0, 1).all()


def test_no_event_of_the_year_moves_a_site(data):
    here = ground(data, "CAF")
    choice = placement._Choice.of(here, 2017)
    later = here.events["year"] >= 2017
    moved = here.events.assign(lon=here.events["lon"].where(~later, 16.0))
    sites = []
    for events in (here.events, moved, here.events[~later]):
        past = events[events["year"] < 2017]
        told = replace(here, events=events)
        points = placement.expected_events(
            told, past, subnational_models(tried=True)[SITING], 1, 2017
        )
        sites.append(choice.greedy(*points))
    np.testing.assert_array_equal(sites[0], sites[1])
    np.testing.assert_array_equal(sites[0], sites[2])


def test_sudan_is_darfur_and_unamid(data):
    here = ground(data, "SDN")
    assert here.mission == "UNAMID" and here.years == tuple(range(2008, 2020))
    assert here.events["lon"].max() < 28.5
    assert (cell_of(here.events["lon"], here.events["lat"]) == here.events["cell"]).all()


def test_a_country_without_police_bases_is_refused(data):
    with pytest.raises(DataError, match="police"):
        ground(data, "SYR")
    with pytest.raises(StudyError, match="each once"):
        placement.backtest_placement(data, ["CAF", "caf"])
