import numpy as np
import pytest

from polgap.assess._phase import phases


def deaths(*parts):
    """Sixty months from (months, deaths a month), the last part first in time to come."""
    return np.concatenate([np.full(n, d, dtype=float) for n, d in parts])


@pytest.mark.parametrize(
    ("series", "phase"),
    [
        (deaths((48, 0), (12, 1)), "fighting"),  # three kinds: 36 a year
        (deaths((48, 0), (9, 1), (3, 0)), "ceasefire"),
        (deaths((24, 0), (12, 1), (24, 0)), "post_conflict"),
        (
            deaths(
                (60, 0.5),
            ),
            "transition",
        ),
    ],
)
def test_the_rule(made, series, phase):
    panel = made.panel(made.areas(), np.tile(series, (3, 1)))

    found, notes = phases(panel, "2020-12")

    assert set(found.values()) == {phase}
    assert not notes


def test_months_after_the_origin_do_not_count(made):
    panel = made.panel(made.areas(), np.tile(deaths((57, 0), (3, 50)), (3, 1)))

    assert phases(panel, "2020-12")[0]["area0"] == "fighting"
    assert phases(panel, "2020-09")[0]["area0"] == "transition"


def test_not_observed_is_not_peace(made):
    series = np.tile(deaths((48, 0), (12, 5)), (3, 1))
    series[2] = np.nan

    found, notes = phases(made.panel(made.areas(), series), "2020-12")

    assert found["area2"] == "fighting"
    assert notes[0].values == {"areas": 1}


def test_the_planners_own_phase_wins(made):
    ground = made.areas()
    panel = made.panel(ground, 0.0)
    own = np.full((3, 60), "", dtype=object)
    own[1, -1] = "ceasefire"
    panel["phase"] = (("area", "month"), own)

    found, _ = phases(panel, "2020-12")

    assert found == {"area0": "transition", "area1": "ceasefire", "area2": "transition"}
