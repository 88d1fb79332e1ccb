import numpy as np
import pytest

PLAYERS = ["numbers", "presence", "capability", "will", "structural"]


def causes(made, police, willing=None, overrides=None, **options):
    given = made.inputs(made.areas(), police, willing, overrides={**made.CALM, **(overrides or {})})
    return made.measure(given, **options)


def test_causes_sum_to_one_and_none_is_missing(made):
    found = causes(made, [made.host(authorised=5000)])

    assert list(found.why) == PLAYERS
    assert sum(found.why.values()) == pytest.approx(1.0)
    assert all(found.why[name] > 0 for name in PLAYERS)


def test_without_an_authorised_strength_numbers_are_nil_and_said(made):
    found = causes(made, [made.host()])

    assert found.why["numbers"] == 0.0
    assert "assess.no_authorised" in [n.code for n in found.notes]


def test_only_the_unwilling_lack_will(made):
    willing = causes(made, [made.host(roll=3000)], made.will(1.0))
    refusing = causes(made, [made.host(roll=3000)], made.will(0.05))

    assert willing.why["will"] == pytest.approx(0.0, abs=1e-9)
    assert refusing.why["will"] > 0.1


def test_predation_is_want_of_will_too(made):
    preys = made.points(host_harm_share=0.3)

    tame = causes(made, [made.host()], made.will(1.0, names=made.INDICATORS[:2]))
    wild = causes(made, [made.host()], made.will(1.0, names=made.INDICATORS[:2]), preys)

    assert wild.why["will"] > tame.why["will"]


def test_who_is_all_there_and_able_lacks_numbers_only(made):
    perfect = made.host(shares=1.0, operational=1000, available=1000, authorised=2000)
    people = made.areas((1e6,))
    given = made.inputs(people, [perfect], made.will(1.0), overrides=made.CALM)

    found = made.measure(given)

    assert found.why["numbers"] > 0.1
    for name in ("presence", "capability", "will"):
        assert found.why[name] == pytest.approx(0.0, abs=1e-9)


def test_a_capital_may_lose_when_police_go_to_the_provinces(made):
    crowded = made.points(capital_concentration_share=0.95)

    found = causes(made, [made.host(roll=800)], made.will(0.9), crowded)

    presence = found.why_by_area.set_index("area")["presence"]
    assert presence["area0"] < 0 < presence["area1"]
    assert found.why_by_area[PLAYERS].sum(axis=1).to_numpy() == pytest.approx(np.ones(3))


def test_where_nothing_is_short_there_is_no_cause(made):
    off = [made.rule("function_off", units="development")]
    many = made.host(roll=1e6, shares=1.0)
    calm = {**made.CALM, **made.points(able_copula_rho=1.0)}
    given = made.inputs(made.areas(), [many], made.will(1.0), rules=off, overrides=calm)

    found = made.measure(given)

    assert not found.shortfall.any()
    assert found.why is None
    assert found.why_by_area[PLAYERS].isna().all(axis=None)
    assert "assess.why_none" in [n.code for n in found.notes]
