import numpy as np
import pytest

from polgap import catalogue
from polgap.assess._requirement import ladder
from polgap.errors import StudyError

FUNCTIONS = catalogue.table("functions")["function"].tolist()


def asked(made, rung, powers=5, off=(), **values):
    ground = made.areas()
    chance = made.theta(4, **made.points(mission_self_share=0.2, command_admin_share=0.1))
    on = {f: f not in off for f in FUNCTIONS}
    steps = ladder(made.posture(ground, rung, powers), ground["area"].tolist(), on, chance)
    short = np.zeros((3, 2, len(FUNCTIONS), 4))
    for name, officers in values.items():
        short[:, :, FUNCTIONS.index(name)] = officers
    return dict(zip(FUNCTIONS, steps.requirement(slice(0, 3), short)[0, 0, :, 0], strict=True))


def test_the_ladder_asks_for_a_share_of_the_shortfall(made):
    found = asked(made, "operational_support", protection=100, community=100)

    assert found["protection"] == 25.0
    assert found["community"] == 10.0


def test_a_monitor_is_asked_for_nothing(made):
    assert not any(asked(made, "monitor", protection=100, development=30).values())


def test_a_mentor_is_asked_for_mentors_and_their_office(made):
    found = asked(made, "mentor", protection=100, development=90)

    assert found["development"] == 90.0
    assert found["command_admin"] == pytest.approx(10.0)
    assert sum(found.values()) == pytest.approx(100.0)


def test_powers_below_the_least_ask_for_nothing(made):
    assert asked(made, "reinforce", powers=0, protection=100, static=100)["protection"] == 0.0
    assert asked(made, "reinforce", powers=0, protection=100, static=100)["static"] == 50.0
    assert asked(made, "reinforce", powers=1, investigation=100)["investigation"] == 0.0
    assert asked(made, "reinforce", powers=2, investigation=100)["investigation"] == 25.0


def test_formed_capacity_also_protects_the_mission(made):
    found = asked(made, "full_replace", protection=50, public_order=20, static=10, community=999)

    assert found["mission_self"] == pytest.approx(0.25 * 80)
    assert found["command_admin"] == pytest.approx((80 + 20 + 999) / 9)


def test_a_function_switched_off_is_asked_of_nobody(made):
    found = asked(made, "full_replace", off=("protection", "mission_self"), protection=100)

    assert found["protection"] == found["mission_self"] == 0.0


def test_an_area_without_a_rung_is_refused(made):
    with pytest.raises(StudyError, match=r"area0.*'rule'"):
        asked(made, "rule")
