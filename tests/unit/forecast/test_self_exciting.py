"""The self-exciting model finds the law that made the data, and beats repeating the past on it."""

import numpy as np
import pytest
import xarray as xr

from polgap import score
from polgap.domain import month_range
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.models.self_exciting import SelfExciting, _loss

AREAS, MONTHS = 30, 240


def made(seed: int = 5, own: float = 0.6, beside: float = 0.2, base: float = 0.4):
    """Counts in a ring of areas, each month bred by the last in the same place and next door."""
    rng = np.random.default_rng(seed)
    counts = np.zeros((AREAS, MONTHS))
    counts[:, 0] = rng.poisson(2.0, AREAS)
    for t in range(1, MONTHS):
        past = counts[:, t - 1]
        around = (np.roll(past, 1) + np.roll(past, -1)) / 2.0
        mean = base + own * past + beside * around
        counts[:, t] = rng.poisson(rng.gamma(1.5, mean / 1.5))
    angle = np.arange(AREAS) * 6.0
    coords = {"area": range(AREAS), "month": month_range("2000-01", MONTHS),
              "lon": ("area", angle), "lat": ("area", np.zeros(AREAS))}  # fmt: skip
    return xr.Dataset({"incidents": (("area", "month"), counts)}, coords=coords)


def test_most_of_what_breeds_violence_is_found():
    fitted = SelfExciting(nearest=2).fit(made())
    law = fitted.laws[0]
    assert 0.6 < law.feedback[:-1].sum() < 0.95
    assert law.feedback[0] > 0.3  # the shortest memory carries it
    assert 0.05 < law.feedback[-1] < 0.4


def test_it_beats_the_last_twelve_months_on_data_of_its_own_kind():
    panel = made()
    known, later = panel.isel(month=slice(0, -12)), panel["incidents"].to_numpy()[:, -12:]
    errors = {}
    for model in (SelfExciting(nearest=2), Conflictology(12)):
        drawn = model.fit(known).sample(range(1, 13), 240, np.random.default_rng(1))
        errors[model.name] = float(score.crps(drawn["incidents"].to_numpy(), later).mean())
    assert errors["self_exciting"] < 0.97 * errors["last12"]


def test_without_places_neighbours_play_no_part():
    panel = made().drop_vars(["lon", "lat"])
    assert not SelfExciting().fit(panel).near.any()


def test_violence_next_door_raises_what_is_expected():
    panel = made()
    quiet = panel.copy(deep=True)
    panel["incidents"][9, -3:] = 60.0
    drawn = [
        SelfExciting(nearest=2).fit(p).sample([1, 2, 3], 2000, np.random.default_rng(2))
        for p in (panel, quiet)
    ]
    means = [float(d["incidents"].isel(area=10).mean()) for d in drawn]
    assert means[0] > 1.2 * means[1]


def test_the_gradient_is_that_of_the_loss():
    rng = np.random.default_rng(0)
    x, y = rng.gamma(1.0, 2.0, (40, 3)), rng.poisson(3.0, 40).astype(float)
    centre, loose = np.array([-1.0, -1.5, -1.5, -1.5, -1.0, 0.3]), np.full(6, 1.0)
    theta = np.array([-0.7, -0.4, -0.5, -0.9, -0.2, 0.2])  # beyond the stable: the penalty too
    _, gradient = _loss(x, y, np.ones(40), centre, loose, theta)
    for i in range(6):
        step = np.zeros(6)
        step[i] = 1e-6
        up, down = (_loss(x, y, np.ones(40), centre, loose, theta + s)[0] for s in (step, -step))
        assert gradient[i] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-4)
