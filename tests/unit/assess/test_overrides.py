import pytest

from polgap import catalogue
from polgap.assess import check_override
from polgap.assess._overrides import benchmark_band
from polgap.errors import StudyError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("police_ratio_benchmark", 222),
        ("host_roll_per_100k", (200.0, 222.0, 300.0)),
        ("beat_ratio", 450),
    ],
)
def test_222_warns_with_the_reason(name, value):
    (note,) = check_override(name, value)

    for language, word in (("en", "no United Nations standard"), ("fr", "pas une norme")):
        assert word in catalogue.message(note.code, language, **note.values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("police_ratio_benchmark", 303),
        ("police_ratio_haiti_2023", (100.0, 120.0, 140.0)),
        ("static_posts_per_100k", 303.0),
        ("custody_officers_per_100k", (200.0, 303.3, 400.0)),
        ("custody_officers_per_100k", 222),
        ("custody_officers_per_100k", 150),
        ("sgbv_posts_per_100k", 60),
        ("beat_ratio", 330),
    ],
)
def test_the_benchmark_is_never_an_addend(name, value):
    with pytest.raises(StudyError, match="never an addend"):
        check_override(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host_roll_per_100k", 303),
        ("cases_per_100k_month", 222),
        ("weekly_hours", 222),
        ("custody_officers_per_100k", 20),
        ("static_posts_per_100k", 4),
        ("beat_ratio", 500),
        ("made_up", 303),
    ],
)
def test_other_figures_are_the_planners_own(name, value):
    assert check_override(name, value) == []


def test_the_band_stands_beside_the_sum(made):
    ground = made.areas()
    assert made.measure(made.inputs(ground)).benchmark_band == benchmark_band(7e5)


def test_a_run_refuses_and_warns(made):
    refused = made.inputs(made.areas(), overrides=made.points(police_ratio_benchmark=303))
    warned = made.inputs(made.areas(), overrides=made.points(host_roll_per_100k=222))

    with pytest.raises(StudyError, match="never an addend"):
        made.measure(refused)
    assert "assess.norm_222" in [n.code for n in made.measure(warned).notes]
