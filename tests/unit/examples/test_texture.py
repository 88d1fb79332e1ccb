"""Texture: known answers, and the exercise within the bands of two real wars."""

import numpy as np
import pytest
import xarray as xr

from polgap import examples
from polgap.domain import KINDS, Panel
from polgap.errors import LabelError

BANDS = {
    # South Sudan and the CAR on cells of one degree, widened by half on either side
    "events_month": (4.5, 14.4),
    "deaths_event": (5.7, 21.0),
    "variance_mean_area": (2.7, 9.8),
    "variance_mean_theatre": (5.9, 27.0),
    "zero_share": (0.88, 0.96),
    "lag1_area": (0.14, 0.80),
    "lag1_theatre": (0.26, 0.90),
    "neighbour_correlation": (0.10, 0.48),
    "distant_correlation": (0.0, 0.13),
    "top1_deaths": (0.44, 0.95),
    "top_quarter_areas": (0.46, 0.95),
    "state_based": (0.06, 0.64),
    "non_state": (0.20, 0.53),
    "one_sided": (0.14, 0.90),
}


def panel(events, deaths=None):
    """Return a panel with these events, and deaths (as many as events) that are one-sided."""
    events = np.asarray(events, dtype=float)
    killed = events if deaths is None else np.asarray(deaths, dtype=float)
    values = {"state_based": 0 * events, "non_state": 0 * events, "one_sided": killed}
    labels = {"area": [f"a{i}" for i in range(len(events))], "month": range(events.shape[1])}
    found = {k: (("area", "month"), v) for k, v in {**values, "events": events}.items()}
    return Panel(xr.Dataset(found, coords=labels))


def test_neighbours_that_move_together():
    found = examples.texture(panel([[0, 2, 0, 2], [0, 2, 0, 2], [2, 0, 2, 0]]), {"a0": ["a1"]})
    assert found["neighbour_correlation"] == pytest.approx(1.0)
    assert found["distant_correlation"] == pytest.approx(-1.0)
    assert found["lag1_area"] == pytest.approx(-1.0)
    assert found["zero_share"] == 0.5


def test_spread_and_concentration():
    found = examples.texture(panel([[4, 0, 0, 0], [1, 1, 1, 1]]), {})
    assert found["variance_mean_area"] == pytest.approx((3.0 * 4 + 0.0 * 4) / 8)
    assert found["variance_mean_theatre"] == pytest.approx(3.0 / 2.0)
    assert found["top10_events"] == pytest.approx(0.5)
    assert found["events_month"] == 2.0
    assert np.isnan(found["neighbour_correlation"])


def test_kinds_and_deaths():
    found = examples.texture(panel([[1, 1]], [[3, 5]]), {})
    assert found["deaths_event"] == 4.0
    assert [found[k] for k in KINDS] == [0.0, 0.0, 1.0]


def test_months_not_observed_are_left_out():
    found = examples.texture(panel([[1, np.nan, 2], [0, 1, 0]]), {})
    assert found["months"] == 2.0


def test_nothing_happened_has_no_shares():
    found = examples.texture(panel([[0, 0]]), {})
    assert found["zero_share"] == 1.0
    assert np.isnan(found["one_sided"])
    assert np.isnan(found["lag1_theatre"])


def test_an_unknown_neighbour_is_refused():
    with pytest.raises(LabelError, match="unknown_area"):
        examples.texture(panel([[1, 2]]), {"a0": ["elsewhere"]})


@pytest.mark.parametrize("name", BANDS)
def test_the_exercise_is_like_real_violence(country, name):
    found = examples.texture(country.truth.history, country.neighbours)
    low, high = BANDS[name]
    assert low <= found[name] <= high
