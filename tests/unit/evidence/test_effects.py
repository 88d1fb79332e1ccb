import numpy as np
import pytest

from polgap import catalogue
from polgap.evidence import effects

DRAWS = 20_000


@pytest.fixture(scope="module")
def found():
    return effects(seed=3, draws=DRAWS)


def test_parts_have_the_mean_and_spread_of_the_record(found):
    assert found.log_rate["panel"].mean() == pytest.approx(-0.3, abs=0.02)
    assert found.log_rate["panel"].std() == pytest.approx(0.7, abs=0.02)
    assert found.log_rate["sceptical"].mean() == pytest.approx(0.0, abs=0.01)
    assert found.log_rate["sceptical"].std() == pytest.approx(0.2, abs=0.01)


def test_the_published_part_is_cut_not_clipped(found):
    published = found.log_rate["published"]
    assert published.min() >= -3.0
    assert published.max() <= 0.0
    # Clipping would pile 45 % of the draws on -3.
    assert (published < -2.999).mean() < 0.01
    # Mean of N(-2.9, .82) between -3 and 0, by its closed form.
    assert published.mean() == pytest.approx(-2.31, abs=0.02)


def test_the_mixture_takes_one_part_in_each_draw_by_weight(found):
    share = {
        part: (found.log_rate["all"] == values).mean()
        for part, values in found.log_rate.items()
        if part != "all"
    }
    assert share == pytest.approx({"published": 0.15, "panel": 0.55, "sceptical": 0.30}, abs=0.01)


def test_harmful_draws_are_kept_and_said(found):
    harmful = (found.log_rate["all"] > 0).mean()
    assert 0.2 < harmful < 0.4
    note = next(n for n in found.notes if n.code == "evidence.effect_unsure")
    assert note.values["share"] == harmful
    for language in ("en", "fr"):
        assert f"{harmful:.0%}" in catalogue.message(note.code, language, **note.values)


def test_the_cap_is_the_largest_strength_on_record(found):
    assert found.cap == 1132.0


def test_weights_sum_to_one_and_every_row_is_marked():
    rows = catalogue.table("effects")
    assert rows["weight"].sum() == pytest.approx(1.0)
    assert set(rows["mark"]) <= set(catalogue.MARKS)


def test_same_seed_same_effects():
    one, two, other = effects(1, 50), effects(1, 50), effects(2, 50)
    assert one.log_rate["all"].tolist() == two.log_rate["all"].tolist()
    assert not np.array_equal(one.log_rate["all"], other.log_rate["all"])
