import numpy as np
import pytest

from polgap.errors import DataError
from polgap.rebuild._posts import lines, posts
from polgap.rebuild._will import will


@pytest.fixture
def people(inputs, theta):
    return inputs.areas["population"].to_numpy()[:, None] * np.ones(theta.draws)


def test_a_whole_theatre_row_leans_to_the_capital(study, inputs, people, theta):
    found = posts(study, inputs, people, theta)
    assert found.share.sum(axis=0) == pytest.approx(1.0)
    assert found.share[0] == pytest.approx(np.maximum(theta["capital_concentration_share"], 0.5))
    assert found.share[1] / found.share[2] == pytest.approx(1.5)


def test_a_finer_row_takes_its_area_out_of_the_coarser(study, inputs, people, host, change, theta):
    table = host({"area": "*"}, {"area": "rest", "roll": 80}, {"area": "east", "roll": 50})
    found = posts(study, change(inputs, host_police=table), people, theta)
    assert list(zip(found.line.tolist(), found.area.tolist(), strict=True)) == [
        (0, 0), (1, 2), (2, 1)
    ]  # fmt: skip
    assert (found.share == 1.0).all()


def test_an_unknown_area_is_refused(study, inputs, people, host, change, theta):
    with pytest.raises(DataError, match="nowhere"):
        posts(study, change(inputs, host_police=host({"area": "nowhere"})), people, theta)


def test_given_figures_vary_with_age_assumed_ones_more(study, host, theta):
    table = host({}, {"as_of": "2018-12"}, {"basis": "assumed"})
    spread = np.std(np.log(lines(study, table, theta).roll), axis=1)
    assert spread[0] < spread[1] < spread[2]


def test_the_finest_willingness_wins(study, inputs, willing, change, theta):
    rows = willing(("police", "east", 0.1, 0.1, 0.1), ("police", "*", 0.8, 0.8, 0.8))
    found = will(study, change(inputs, willingness=rows), ["police"], theta)
    assert found.held_off(theta)[0].tolist() == [False, True, False]
    assert found.mean[0, 1] == pytest.approx(0.1)
    assert not found.assumed.any()


def test_unassessed_willingness_is_neither_none_nor_full(study, inputs, change, willing, theta):
    found = will(study, change(inputs, willingness=willing()), ["police"], theta)
    assert found.assumed.all()
    assert found.mean[0, 0] == pytest.approx(theta["host_willing"], abs=1e-6)


def test_who_preys_is_held_off_however_willing(study, inputs, willing, change, theta):
    """The rule of the advice in assess: a predatory institution gets no equipment either."""
    rows = willing(("police", "*", 0.9, 0.9, 0.9))
    rows.loc[rows["indicator"] == "abuse_allegations", ["low", "mid", "high"]] = 0.0
    found = will(study, change(inputs, willingness=rows), ["police"], theta)
    assert (found.mean.mean(axis=-1) > theta.mid("unwilling_below")).all()
    assert (found.harm >= theta.mid("predatory_from")).all()
    assert found.held_off(theta).all()
