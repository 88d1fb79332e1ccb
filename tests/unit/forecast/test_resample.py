import numpy as np
import pytest

from polgap.forecast._half_life import KNOTS, half_life, weigh
from polgap.forecast._past import Past
from polgap.forecast._resample import gather, walk, weigh_all
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.models.decay import Decay


def rng(seed=0):
    return np.random.default_rng(seed)


def test_the_half_life_halves_the_weight():
    row = weigh(KNOTS, 120, 1, np.arange(13.0))
    assert row[[0, 6, 12]].tolist() == [1.0, 0.5, 0.25]


def test_far_horizons_look_further_back():
    assert half_life(6) < half_life(18) < half_life(36) == half_life(48)


def test_nothing_older_than_the_memory_counts():
    assert weigh(KNOTS, 24, 1, np.array([23.0, 24.0]))[1] == 0.0


def test_every_horizon_holds_the_weights_exactly():
    weights = weigh_all(lambda h, a: 2.0 ** (-a / (3.0 + h)), range(1, 20), 30)
    ages = walk(weights, 300, rng())
    counts = np.array([np.bincount(row, minlength=30) for row in ages])
    assert np.abs(counts - 300 * weights).max() <= 1.0


def test_a_path_dwells():
    ages = walk(np.full((12, 12), 1 / 12), 1200, rng())
    step = np.abs(np.diff(ages, axis=0))
    assert (step == 0).mean() > 0.5
    assert (step <= 1).mean() > 0.85
    assert (step > 1).any()


def test_one_month_of_past_is_repeated(panel):
    p = panel(1)
    drawn = Conflictology(12).fit(p).sample([1, 2], 6, rng())
    same = p["state_based"].isel(month=0).values[:, None, None]
    assert (drawn["state_based"].values == same).all()


def test_last12_holds_each_of_the_last_twelve_months_equally_often(panel):
    p = panel(40)
    drawn = Conflictology(12).fit(p).sample(range(1, 37), 24, rng())
    months = np.sort(np.repeat(p["events"].values[:, -12:], 2, axis=1), axis=1)
    assert (np.sort(drawn["events"].values, axis=2) == months[:, None, :]).all()


@pytest.mark.parametrize("model", [Conflictology(12), Decay()])
def test_areas_and_kinds_of_one_draw_come_from_one_month(panel, model):
    p = panel(60)
    drawn = model.fit(p).sample([1, 7, 20], 40, rng())
    past = np.concatenate([p[n].values for n in p]).T
    ahead = np.concatenate([drawn[n].values for n in p]).transpose(1, 2, 0).reshape(-1, 20)
    known = {row.tobytes() for row in past}
    assert all(row.astype(float).tobytes() in known for row in ahead)


def test_a_hole_is_filled_from_the_same_area_never_with_zero(panel):
    p = panel(30) * 0.0 + 5.0
    p["state_based"][2, -12:] = np.nan
    drawn = Conflictology(12).fit(p).sample([1, 2, 3], 50, rng())
    assert (drawn["state_based"].values == 5).all()


def test_series_with_the_same_holes_get_the_same_month():
    values = np.tile(np.arange(1.0, 11.0), (2, 3, 1))
    values[:, :2, 4:] = np.nan
    past = Past(values, ("state_based", "events"), ("a", "b", "c"), 24000)
    weights = np.full((1, 10), 0.1)
    found = gather(past, walk(weights, 60, rng()), weights, rng(1))
    assert (found[0, 0] == found[1, 1]).all()
    assert set(found[0, 0].ravel()) == {1.0, 2.0, 3.0, 4.0}


def test_an_area_never_observed_borrows_another_ones_path(panel):
    p = panel(30)
    for name in p:
        p[name][:] = np.arange(1.0, 6.0)[:, None]
        p[name][1] = np.nan
    drawn = Conflictology(12).fit(p).sample(range(1, 7), 200, rng())
    borrowed = drawn["state_based"].sel(area="b").values
    assert (borrowed == borrowed[0]).all()
    assert set(borrowed[0]) == {1, 3, 4, 5}
    assert (borrowed == drawn["events"].sel(area="b").values).all()
