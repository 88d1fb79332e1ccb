import numpy as np
import pytest

from polgap.assess._host import host_police
from polgap.errors import DataError, SchemaError

HAITI = {"roll": 14861, "operational": 13500, "available": 9700}


def police(made, rows, chance=None, powers=3, ground=None, draws=20):
    ground = made.areas() if ground is None else ground
    people = np.repeat(ground["population"].to_numpy()[:, None], draws, axis=1)
    chance = chance or made.theta(draws, **made.CALM)
    what = made.study(draws)
    return host_police(what, made.table("host_police", rows), ground, 0, people, powers, chance)


def test_the_chain_from_roll_to_available(made):
    found = police(made, [made.host(authorised=16000, **HAITI)])

    assert found.officers(False, False).sum(axis=1) == pytest.approx(np.full((1, 20), 9700))
    assert found.officers(False, True).sum(axis=1) == pytest.approx(np.full((1, 20), 14861))
    assert found.officers(True, True).sum(axis=1) == pytest.approx(np.full((1, 20), 16000))
    filled = 9700 * 16000 / 14861
    assert found.officers(True, False).sum(axis=1) == pytest.approx(np.full((1, 20), filled))


def test_a_theatre_row_crowds_into_the_capital(made):
    fixed = made.points(capital_concentration_share=0.67)
    found = police(made, [made.host()], made.theta(20, **{**made.CALM, **fixed}))

    assert found.available[0, :, 0] / 700 == pytest.approx([0.67, 0.22, 0.11])
    assert found.roll[0, :, 0] / 1000 == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_finer_rows_leave_the_coarse_one_the_rest(made):
    found = police(made, [made.host(roll=1000), made.host("area0", roll=100)])

    assert found.roll[0, 0, 0] == 100
    assert found.roll[0, 1:].sum(axis=0) == pytest.approx(np.full(20, 1000))


def test_a_parent_row_stays_with_its_areas(made):
    found = police(made, [made.host("west")])

    assert not found.roll[0, :2].any()
    assert (found.roll[0, 2] == 1000).all()


def test_given_figures_spread_wider_with_age(made):
    widths = [
        np.log(police(made, [made.host(as_of=when)], made.theta(400), draws=400).roll.sum(axis=1))
        for when in ("2020-12", "2015-12")
    ]

    assert widths[1].std() > 3 * widths[0].std() > 0


def test_assumed_figures_move_with_the_general_parameters(made):
    chance = made.theta(400)
    found = police(made, [made.host(basis="assumed")], chance, draws=400)

    relative = chance["host_roll_per_100k"] / chance.mid("host_roll_per_100k")
    assert found.roll[0].sum(axis=0) == pytest.approx(1000 * relative)
    assert "mission_data_spread_share" not in chance.used
    assert {"host_vetted", "host_available_share"} <= set(chance.used)
    assert "note.host_assumed" in [n.code for n in found.notes]


def test_vetting_matters_more_where_powers_are_wide(made):
    rows = [made.host(shares=1.0, vetted=0.4)]

    assert police(made, rows, powers=3).able.max() == pytest.approx(0.4)
    assert police(made, rows, powers=1).able.max() == pytest.approx(0.7)


def test_single_shares_print_their_bounds_and_nested_counts_do_not(made):
    single = police(made, [made.host(shares=0.8)])
    counts = {"vetted": 600, "trained": 500, "equipped": 400, "paid": 300, "in_reach": 200}
    nested = police(made, [made.host(**counts)])

    bounds = next(n for n in single.notes if n.code == "assess.able_bounds").values
    assert bounds["low"] == pytest.approx(0.0)
    assert bounds["high"] == pytest.approx(80.0)
    assert 0.33 * 100 < bounds["used"] < 80.0
    assert "assess.able_bounds" not in [n.code for n in nested.notes]
    assert nested.able.max() <= 0.5 * (200 / 700 + 200 / 400)


def test_no_rows_and_no_authorised_strength_are_said(made):
    assert [n.code for n in police(made, []).notes] == ["assess.host_none"]
    assert "assess.no_authorised" in [n.code for n in police(made, [made.host()]).notes]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{}, {}], "duplicate_key"),
        ([{"area": "west"}, {"area": "area2"}], "row_without_area"),
        ([{"operational": 2000}], "out_of_order"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(made, rows, code):
    with pytest.raises(SchemaError) as caught:
        police(made, [made.host(**row) for row in rows])

    assert [p.code for p in caught.value.problems] == [code]


def test_an_area_that_does_not_exist_is_refused(made):
    with pytest.raises(DataError, match="nowhere"):
        police(made, [made.host("nowhere")])
