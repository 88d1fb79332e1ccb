"""Rotation of formed units and the cost of opening a base, draw by draw."""

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue, deploy
from polgap.domain import (
    Arrival,
    Generation,
    Plan,
    Study,
    cube,
    empty_table,
    opening_costs,
    rotation,
)
from polgap.draws import Parameters

STUDY = Study("T", "2023-12", months=8, draws=2, capital="a")


def rules(*rows):
    blank = {"area": "", "units": "", "from": "", "until": "", "reason": "test", "basis": "given"}
    given = [blank | {"rule": rule, "value": value, **more} for rule, value, more in rows]
    return pd.DataFrame(given) if given else empty_table("rules")


def placed(given, unit_type="FPU", readiness="RDL", area="a", arrival=(2.0, np.inf)):
    row = {"pledge": "p", "unit_type": unit_type, "number": 1, "readiness": readiness,
           "chance": 1.0, "area": area if readiness == "in_mission" else ""}  # fmt: skip
    pledges = pd.concat([empty_table("pledges"), pd.DataFrame([row])])
    table = pd.DataFrame({"pledge": "p", "unit_type": unit_type, "area": area,
                          "month": STUDY.report_months, "number": 1})  # fmt: skip
    plan = Plan("recommended", table, empty_tasking())
    when = cube([list(arrival)], units="months from the origin", pledge=["p"], draw=[0, 1])
    theta = Parameters(catalogue.parameters(), 1, 2)
    areas = pd.DataFrame({"area": ["a", "b"]})
    return deploy.place(
        STUDY, plan, pledges, Generation(Arrival(when), pd.DataFrame()), theta, areas, given
    )


def empty_tasking():
    return pd.DataFrame(columns=["unit_type", "area", "serves", "share"])


def months(found):
    return found.mission.sum(["unit_type", "area"]).transpose("draw", "month").values


TURNS = (("rotation_months", 3.0, {}), ("rotation_loss", 0.5, {}))


def test_a_formed_unit_gives_less_in_the_months_in_which_it_rotates():
    free, turning = months(placed(rules())), months(placed(rules(*TURNS)))
    share = np.divide(turning, free, out=np.ones_like(free), where=free > 0)
    assert share[0].tolist() == pytest.approx([1, 1, 1, 1, 0.5, 1, 1, 0.5])
    assert not turning[1].any()  # it never came


def test_others_do_not_rotate_as_units():
    given = months(placed(rules(*TURNS), "IPO")), months(placed(rules(), "IPO"))
    assert np.array_equal(*given)


def test_a_unit_in_the_mission_rotates_evenly_as_nobody_knows_its_date():
    present = {"readiness": "in_mission", "arrival": (0.0, 0.0)}
    free, turning = months(placed(rules(), **present)), months(placed(rules(*TURNS), **present))
    assert turning / free == pytest.approx(np.full(free.shape, 1 - 0.5 / 3))


def test_one_of_the_rules_is_enough_and_the_catalogue_gives_the_other():
    loss = np.array([0.3, 0.4])
    assert rotation(rules(), STUDY.report_months, len(loss), lambda: 12.0, lambda: loss) is None
    tour = rotation(rules(TURNS[0]), STUDY.report_months, len(loss), lambda: 12.0, lambda: loss)
    assert tour.every == 3 and tour.loss.tolist() == [0.3, 0.4]
    lost = rotation(rules(TURNS[1]), STUDY.report_months, len(loss), lambda: 12.0, lambda: loss)
    assert lost.every == 12 and lost.loss.tolist() == [0.5, 0.5]
    past = rules(("rotation_months", 3.0, {"until": "2020-01"}))
    assert rotation(past, STUDY.report_months, len(loss), lambda: 12.0, lambda: loss) is None


def test_opening_a_base_costs_where_a_unit_comes_and_none_stood():
    dear = rules(("base_opening_cost", 2.0, {"units": "million USD"}))
    extra = placed(dear, area="b").cost - placed(rules(), area="b").cost
    assert extra.tolist() == pytest.approx([2e6, 0.0])  # in the second draw nobody comes
    stands = {"readiness": "in_mission", "arrival": (0.0, 0.0)}
    assert placed(dear, **stands).cost.tolist() == placed(rules(), **stands).cost.tolist()


def test_a_rule_for_an_area_counts_before_one_for_all():
    both = rules(("base_opening_cost", 5.0, {}), ("base_opening_cost", 2.0, {"area": "b"}))
    assert opening_costs(both, ["a", "b"], STUDY.report_months) == {"a": 5.0, "b": 2.0}
    none = rules(("base_opening_cost", 5.0, {"from": "2030-01"}))
    assert opening_costs(none, ["a", "b"], STUDY.report_months) == {}


def test_without_rules_nothing_is_counted():
    assert months(placed(None)).tolist() == months(placed(rules())).tolist()
