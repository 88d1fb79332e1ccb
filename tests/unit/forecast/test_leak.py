"""The leak test: it passes every registered model and catches what sees the future."""

from dataclasses import dataclass
from importlib import import_module

import numpy as np
import pytest

from polgap.errors import ModelError
from polgap.forecast import leak
from polgap.forecast.models.decay import Decay
from polgap.forecast.registry import models

rolling = import_module("polgap.forecast.backtest")
HORIZONS = [1, 2, 3]


@dataclass(frozen=True)
class Peeking:
    """Looks behind the months it was given: a slice is a view of the whole array."""

    @property
    def name(self):
        return "peeking"

    def fit(self, panel):
        counts = panel["events"].to_numpy()
        while counts.base is not None:
            counts = counts.base
        return Decay().fit(panel.assign(events=panel["events"] * 0.0 + counts.mean()))


@pytest.mark.parametrize("model", models().values(), ids=lambda m: m.name)
def test_no_registered_model_sees_the_future(panel, model):
    leak.require_blind(panel(60), model, "2012-12", HORIZONS)


def test_a_model_that_peeks_is_caught(panel):
    with pytest.raises(ModelError, match="leak: the forecast of peeking from 2012-12"):
        leak.require_blind(panel(60), Peeking(), "2012-12", HORIZONS)


def test_a_harness_that_is_off_by_one_month_is_caught(panel, monkeypatch):
    known = rolling.known_at
    monkeypatch.setattr(rolling, "known_at", lambda p, origin: known(p, "2013-01"))

    with pytest.raises(ModelError, match="leak"):
        leak.require_blind(panel(60), Decay(), "2012-12", HORIZONS)


def test_only_what_comes_after_the_origin_is_replaced(panel):
    plain = panel(60)
    plain["events"][1, 40:] = np.nan
    other = leak.scrambled(plain, "2012-12")
    for name in plain:
        assert np.array_equal(plain[name][:, :36], other[name][:, :36], equal_nan=True)
        assert not (plain[name][:, 36:] == other[name][:, 36:]).all()
    assert bool(other["events"].notnull().all())
