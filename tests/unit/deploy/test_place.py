import numpy as np
import pytest

from polgap import catalogue
from polgap.deploy import assignable, generate, place
from polgap.errors import PlanError

PRESENT = {"readiness": "in_mission", "contributor": "PRESENT"}


@pytest.fixture
def put(study, areas, theta, plan):
    def build(table, **how):
        return place(study, plan(table, **how), table, generate(study, table, theta), theta, areas)

    return build


def unit(name):
    return next(
        r for r in catalogue.table("unit_types").to_dict("records") if r["unit_type"] == name
    )


def test_a_formed_unit_of_140_gives_84():
    assert assignable(unit("FPU"), 28.0) == 84.0
    assert assignable(unit("SPT"), 28.0) == 8.0


def test_sub_units_are_never_more_than_the_unit():
    assert assignable(unit("IPU"), np.array([28.0, 40.0])).tolist() == [84.0, 90.0]


def test_deployed_and_effective_are_two_things(put, pledges, theta):
    found = put(pledges(PRESENT))
    assert (found.strength.sel(area="north") == 140.0).all()
    effective = found.mission.sel(unit_type="FPU", area="north").isel(month=0)
    assert np.allclose(effective, 3 * theta["subunit_strength"])
    assert found.mission.dims == ("unit_type", "area", "month", "draw")


def test_units_serve_where_they_are_tasked(put, pledges):
    table = pledges(PRESENT)
    tasking = [("FPU", "north", "north", 0.5), ("FPU", "north", "south", 0.25)]
    at_base = put(table).mission.sel(unit_type="FPU", area="north")
    shared = put(table, tasking=tasking).mission.sel(unit_type="FPU")
    assert np.allclose(shared.sel(area="north"), 0.5 * at_base)
    assert np.allclose(shared.sel(area="south"), 0.25 * at_base)
    assert (put(table, tasking=tasking).strength.sel(area="south") == 0).all()


def test_an_individual_officer_without_the_language_gives_less(put, pledges, theta):
    ipo = PRESENT | {"unit_type": "IPO", "number": 10}
    known, unknown, other = (
        put(pledges(ipo | {"language": spoken})).mission.sel(unit_type="IPO", area="north")
        for spoken in ("fr en", "", "es")
    )
    induction = 1.0 - theta["ipo_induction_months"] / theta["ipo_tour_months"]
    assert np.allclose(known, 10 * induction)
    assert np.array_equal(known, unknown)
    assert np.allclose(other, known * theta["language_mismatch_share"])


def test_present_units_cost_from_the_first_month(put, pledges):
    cost = put(pledges(PRESENT)).cost
    row = unit("FPU")
    assert row["cost_year_low"] * 0.9 < np.quantile(cost, 0.1) < row["cost_year_mid"]
    assert np.median(cost) == pytest.approx(row["cost_year_mid"], rel=0.05)


def test_a_unit_costs_nothing_before_it_comes(put, pledges):
    found = put(pledges({"readiness": "L1"}))
    months = (found.strength.sel(area="north") > 0).sum("month").values
    assert ((found.cost > 0) == (months > 0)).all()
    assert (months == 0).any()


def test_a_unit_leaves_when_its_offer_ends(put, pledges):
    strength = put(pledges(PRESENT | {"until": "2024-03"})).strength.sel(area="north")
    assert strength.isel(draw=0).values.tolist() == [140.0] * 3 + [0.0] * 9


def test_two_plans_share_their_luck(put, pledges):
    table = pledges({}, {"readiness": "L3"})
    one, two = put(table), put(table, area="south")
    assert one.cost.tolist() == two.cost.tolist()


def test_a_plan_that_names_what_is_not_there_is_refused(put, pledges):
    with pytest.raises(PlanError, match="area: nowhere"):
        put(pledges(PRESENT), area="nowhere")
    with pytest.raises(PlanError, match="tasking: nowhere"):
        put(pledges(PRESENT), tasking=[("FPU", "north", "nowhere", 1.0)])
