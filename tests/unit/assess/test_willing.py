import numpy as np
import pytest

from polgap.assess._willing import ABUSE, function_weights, indicator_names, willing
from polgap.errors import SchemaError


def pooled(made, rows, chance=None, institutions=("police",), draws=400):
    chance = chance or made.theta(draws)
    study, table = made.study(), made.table("willingness", rows)
    return willing(study, table, list(institutions), made.areas(), chance)


def test_weights_sum_to_one_for_what_host_police_give():
    sums = function_weights(["protection", "custody", "mission_self", "development"]).sum(axis=1)

    assert sums == pytest.approx([1, 1, 0, 0])


def test_assessors_are_a_mixture_not_a_mean(made):
    found = pooled(made, [*made.will(0.1), *made.will(0.9)]).indicators[0, 0, 0]

    assert set(found.round(6).tolist()) == {np.float32(0.1).round(6), np.float32(0.9).round(6)}
    assert 0.4 < found.mean() < 0.6


def test_the_finest_row_wins(made):
    rows = [*made.will(0.3, area="area0"), *made.will(0.9), *made.will(0.5, area="east")]

    assert pooled(made, rows).indicators[0, 0, :, 0] == pytest.approx([0.3, 0.5, 0.9])


def test_what_nobody_assessed_takes_the_general_range(made):
    chance = made.theta(400)
    found = pooled(made, made.will(0.9, names=indicator_names()[1:]), chance)

    assert found.indicators[0, 0, 0] == pytest.approx(chance["host_willing"], abs=1e-6)
    assert [n.code for n in found.notes] == ["assess.willing_missing"]


def test_the_general_range_is_not_used_where_all_is_assessed(made):
    chance = made.theta(400)
    pooled(made, made.will(0.9), chance)

    assert "host_willing" not in chance.used


def test_assumed_rows_can_be_traced_to_their_parameter(made):
    chance = made.theta(400)
    rows = made.will(0.6, basis="assumed", spread=0.3)

    found = pooled(made, rows, chance).indicators[0]

    assert found == pytest.approx(np.broadcast_to(chance["host_willing"], found.shape), abs=1e-6)


def test_abuse_scales_the_share_that_preys(made):
    rows = [*made.will(0.9, names=[n for n in indicator_names() if n != ABUSE])]
    chance = made.theta(400)
    usual = chance["host_harm_share"]

    harm = {x: pooled(made, rows + made.will(x, names=[ABUSE])).harm[0, 0] for x in (0, 0.5, 1)}

    assert not harm[1].any()
    assert harm[0.5] == pytest.approx(usual)
    assert harm[0] == pytest.approx(np.minimum(1.0, 2 * usual))


def test_rows_out_of_order_are_refused_with_their_place(made):
    rows = made.will(0.5)
    rows[1]["low"] = 0.8

    with pytest.raises(SchemaError, match="row 3"):
        pooled(made, rows)


def test_an_unknown_indicator_is_refused(made):
    with pytest.raises(SchemaError, match="kindness"):
        pooled(made, made.will(0.5, names=["kindness"]))
