import numpy as np
import pytest
import xarray as xr

from polgap.forecast import skill


def scores(ratio, origins=("2010-12", "2011-12", "2012-12"), ahead=12):
    """Scores of a model whose error is `ratio` times the baseline's in every cell."""
    rng = np.random.default_rng(0)
    base = rng.gamma(0.3, 5.0, (1, len(origins), ahead, 4))
    crps = np.stack([base, np.asarray(ratio) * base])
    dims = ("model", "target", "origin", "horizon", "area")
    coords = {
        "model": ["last12", "new"], "target": ["deaths"], "origin": list(origins),
        "horizon": list(range(1, ahead + 1)), "area": list("abcd"),
        "ahead": ("horizon", list(range(1, ahead + 1))),
    }  # fmt: skip
    return xr.Dataset(
        {"crps": (dims, crps), "inside90": (dims, np.full(crps.shape, 0.75))}, coords=coords
    )


def test_half_the_error_everywhere_is_a_ratio_of_one_half():
    (row,) = skill.table(scores(0.5))
    assert row.pop("low") == row.pop("high") == row.pop("ratio_crps") == pytest.approx(0.5)
    assert row == {
        "target": "deaths", "model": "new", "baseline": "last12", "origins": 3, "coverage90": 0.75,
    }  # fmt: skip


def test_the_interval_widens_when_months_disagree():
    uneven = np.linspace(0.2, 1.8, 36).reshape(1, 3, 12, 1)
    (row,) = skill.table(scores(uneven))
    assert row["low"] < row["ratio_crps"] < row["high"]
    assert row["high"] - row["low"] > 0.1


def test_cells_without_a_score_count_for_neither():
    gappy = scores(0.5)
    gappy["crps"][:, :, 0, :6] = np.nan
    assert skill.table(gappy)[0]["ratio_crps"] == pytest.approx(0.5)


def test_months_are_chosen_from_the_first_one_wanted():
    ratio = np.where(np.arange(1, 13) <= 6, 0.5, 2.0).reshape(1, 1, 12, 1)
    (near,) = skill.table(scores(ratio), last=6)
    (far,) = skill.table(scores(ratio), first=7, last=12, suffix="_far")
    assert (near["ratio_crps"], far["ratio_crps"]) == (pytest.approx(0.5), pytest.approx(2.0))
    assert far["target"] == "deaths_far"


def test_the_theatre_has_a_row_of_its_own():
    both = scores(0.5)
    whole = both.isel(area=0, drop=True) * 2.0
    both = both.assign(
        crps_theatre=whole["crps"] * [[[[1]]], [[[3]]]], inside90_theatre=whole["crps"]
    )
    (row,) = skill.table(both, theatre=True, suffix="_theatre")
    assert (row["target"], row["ratio_crps"]) == ("deaths_theatre", pytest.approx(1.5))


def test_nothing_ever_happened_has_no_ratio():
    assert skill.table(scores(0.5) * 0.0) == []


@pytest.mark.parametrize(
    ("years", "loses"),
    [([1.1, 1.1, 1.1], True), ([1.1, 0.9, 1.1], False), ([1.01, 1.01, 1.01], False)],
)
def test_a_model_is_off_only_when_it_lost_three_years_running(years, loses):
    ratio = np.array(years).reshape(1, 3, 1, 1)
    assert skill.keeps_losing(scores(ratio), "new") is loses


def test_two_years_are_too_few_to_switch_off():
    assert not skill.keeps_losing(scores(2.0, origins=("2010-12", "2011-12")), "new")
