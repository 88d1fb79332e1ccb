from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import assess, deploy
from polgap.calibrate import status_quo
from polgap.catalogue import message
from polgap.errors import LabelError, SchemaError

OFFERED = ["status_quo", "reduced", "recommended"]


@pytest.fixture(scope="module")
def theatre(made):
    rules = [made.rule("budget_year", 60, units="million USD")]
    return made.theatre(
        made.mission(9, pledges=12), rules, areas=9, officers=40.0, ceilings=(1200, 400)
    )


@pytest.fixture(scope="module")
def plans(theatre):
    return theatre.options()


def units(plan, *by):
    return plan.table.groupby(list(by))["number"].sum()


def test_names_in_the_order_of_the_contract(plans):
    assert list(plans) == [*OFFERED, "recommended_without_gendarmerie", "population_spread"]


def test_no_gendarmerie_option_without_such_units(made):
    names = list(made.theatre([made.pledge("p", "FPU", 1, area="a000")]).options())
    assert names == [*OFFERED, "population_spread"]


def test_every_plan_keeps_the_rules(theatre, plans):
    for plan in plans.values():
        assert theatre.verify(plan) == []


def test_every_plan_stands_within_its_bound(plans):
    for plan in plans.values():
        assert 0 <= plan.bound <= plan.value
        assert plan.gap_percent <= 5.0


def test_wider_limits_and_more_pledges_never_hurt(plans):
    best = plans["recommended"].value
    assert all(best <= plan.value for plan in plans.values())


def test_the_value_is_the_requirement_less_what_is_met(theatre, plans):
    asked = theatre.assessment.requirement.sel(month=theatre.study.report_months)
    total = float(asked.sum(["area", "month", "function"]).mean())
    assert all(plan.value < total for plan in plans.values())


def test_present_units_stay_in_the_status_quo(theatre, plans):
    present = theatre.inputs.pledges.query("readiness == 'in_mission'")
    table = plans["status_quo"].table
    assert set(table["pledge"]) == set(present["pledge"])
    found = table.groupby(["pledge", "area", "month"])["number"].sum().unstack()
    assert found.shape == (len(present), theatre.study.months)
    expected = present.set_index(["pledge", "area"])["number"].sort_index()
    assert (found.sort_index().eq(expected, axis=0)).all(axis=None)


def test_without_gendarmerie_means_none(plans):
    assert "IPU" in set(plans["recommended"].table["unit_type"])
    assert "IPU" not in set(plans["recommended_without_gendarmerie"].table["unit_type"])


def test_the_spread_plan_has_the_same_units(plans):
    same = [units(plans[n], "pledge", "month") for n in ("recommended", "population_spread")]
    pd.testing.assert_series_equal(*same)


def test_reduced_keeps_three_quarters_of_the_limits(theatre, plans):
    kinds = {"FPU": 140, "IPU": 120}
    table = plans["reduced"].table
    formed = table[table["unit_type"].isin(list(kinds))]
    officers = formed["number"] * formed["unit_type"].map(kinds)
    assert officers.groupby(formed["month"]).sum().max() <= 0.75 * 1200


def test_reduced_without_limits_is_three_quarters_of_the_recommended_strength(made):
    pledges = [made.pledge(f"p{i}", "FPU", 1, area="a000") for i in range(4)]
    plans = made.theatre(pledges, officers=300.0).options()
    most = {name: units(plan, "month").max() for name, plan in plans.items()}
    assert (most["recommended"], most["reduced"]) == (4, 3)
    assert "calibrate.no_limits" in [n.code for n in plans["reduced"].notes]


def test_tasking_shares_of_a_base_sum_to_one(theatre, plans):
    for plan in plans.values():
        shares = plan.tasking.groupby(["unit_type", "area"])["share"].sum()
        assert np.allclose(shares, 1.0)
        based = set(map(tuple, plan.table[["unit_type", "area"]].drop_duplicates().to_numpy()))
        assert set(shares.index) == based


def test_nobody_serves_beyond_reach(theatre, plans):
    reach = {"FPU": 4, "IPU": 4, "IPO": 1.5, "SPT": 3, "SPC": 6}
    for plan in plans.values():
        for row in plan.tasking.itertuples():
            hours = float(theatre.hours.sel(area=row.area, serves=row.serves))
            assert hours <= reach[row.unit_type] + 1e-9


def test_again_and_on_another_mapper_the_plans_are_the_same(theatre, plans):
    def backwards(function, *arguments):
        jobs = list(zip(*arguments, strict=True))
        return [function(*job) for job in jobs[::-1]][::-1]

    for mapper in (map, backwards):
        again = theatre.options(mapper)
        for name, plan in plans.items():
            pd.testing.assert_frame_equal(again[name].table, plan.table)
            pd.testing.assert_frame_equal(again[name].tasking, plan.tasking)
            assert (again[name].value, again[name].bound) == (plan.value, plan.bound)


def test_no_pledge_no_deployment(made):
    theatre = made.theatre([])
    plans = theatre.options()
    asked = theatre.assessment.requirement.sel(month=theatre.study.report_months)
    total = float(asked.sum(["area", "month", "function"]).mean())
    assert list(plans) == [*OFFERED, "population_spread"]
    for plan in plans.values():
        assert plan.table.empty and plan.tasking.empty
        assert plan.value == plan.bound == pytest.approx(total)
        assert theatre.verify(plan) == []


def test_presence_starts_when_the_unit_is_rather_there_than_not(made):
    pledges = [made.pledge("p", "FPU", 1, "L3", chance=1.0)]
    for month, first in ((1, 0), (5, 3), (6, 6), (12, None)):
        theatre = made.theatre(pledges, arrival={"p": month})
        months = theatre.options()["recommended"].table["month"].unique().tolist()
        assert months == ([] if first is None else theatre.study.report_months[first:])


def test_a_pledge_too_late_is_said(made):
    plans = made.theatre([made.pledge("p", "FPU", 1, "L1")], arrival={"p": 20}).options()
    (note,) = [n for n in plans["recommended"].notes if n.code == "calibrate.too_late"]
    assert note.values["pledges"] == "p"


def test_dates_of_an_offer_bind_whole_blocks(made):
    offer = made.pledge("p", "FPU", 1, "RDL", until="2024-08", **{"from": "2024-02"})
    plan = made.theatre([offer], arrival={"p": 1}).options()["recommended"]
    assert plan.table["month"].tolist() == ["2024-04", "2024-05", "2024-06"]


def test_one_area_one_unit_by_hand(made):
    pledges = [made.pledge("p", "FPU", 1, area="a000")]
    theatre = made.theatre(pledges, areas=1, months=3, officers=1000.0, spread=0.0)
    saved = {n: p.value for n, p in theatre.options().items()}
    asked = theatre.assessment.requirement.sel(month=theatre.study.report_months)
    total = float(asked.sum(["area", "month", "function"]).mean())
    officers = 3 * np.minimum(theatre.theta["subunit_strength"], 35.0).mean()
    assert saved["status_quo"] == pytest.approx(total - 3 * officers)


def test_another_language_brings_less(made):
    def value(spoken):
        pledges = [made.pledge("p", "IPO", 40, area="a000", language=spoken)]
        return made.theatre(pledges, officers=300.0).options()["status_quo"].value

    assert value("fr") == value("") == value("en fr") < value("en")


def test_the_chance_that_a_pledge_fails_counts(made):
    def value(chance):
        pledges = [made.pledge("p", "FPU", 1, "RDL", chance=chance)]
        theatre = made.theatre(pledges, officers=200.0, draws=200)
        return theatre.options()["recommended"].value

    assert value(1.0) < value(0.5) < value(0.1)


@pytest.mark.parametrize(
    ("caveats", "allowed"),
    [
        ("capital_only", {"a000"}),
        ("only:a001 only:a002", {"a001", "a002"}),
        ("not:a000 not:a001", {"a002", "a003"}),
        ("no_fighting_area", {"a001", "a002"}),
        ("none", {"a000", "a001", "a002", "a003"}),
        ("no_such_word", set()),
        ("only:nowhere", set()),
        ("as:nobody", set()),
    ],
)
def test_caveats_on_the_place(made, caveats, allowed):
    pledges = [made.pledge(f"p{i}", "IPU", 1, "RDL", caveats=caveats) for i in range(4)]
    phases = {"a000": "fighting", "a003": "fighting"}
    theatre = made.theatre(pledges, officers=200.0, spacing=9.0, phases=phases)
    plan = theatre.options()["recommended"]
    assert set(plan.table["area"]) <= allowed
    assert plan.table.empty == (not allowed)
    assert theatre.verify(plan) == []


def test_individual_officers_are_offered_by_job_profile(made):
    """Community officers serve nothing else: what they leave open is what the others were for."""

    def left(caveats):
        offers = [made.pledge("p", "IPO", 60, "RDL", caveats=caveats)]
        case = made.theatre(offers, officers=200.0, spacing=9.0, arrival={"p": 1})
        plan = case.options()["recommended"]
        assert case.verify(plan) == []
        there = deploy.place(case.study, plan, case.inputs.pledges, case.generation, case.theta,
                             case.inputs.areas)  # fmt: skip
        found = assess.left_open(case.assessment.requirement, there.mission)
        wanted = case.assessment.requirement.sel(month=found.unmet["month"])
        return (wanted - found.unmet).sum(["area", "month", "draw"]), plan.value

    any_, free = left("")
    tied, bound = left("as:community_officer")
    assert float(tied.sel(function="community")) > 0
    assert not tied.drop_sel(function="community").round(3).any()
    assert float(any_.drop_sel(function="community").sum()) > 0
    assert bound > free


def test_a_caveat_on_tasks_leaves_the_others(made):
    def value(caveats):
        pledges = [made.pledge("p", "FPU", 2, "RDL", caveats=caveats)]
        return made.theatre(pledges, officers=30.0).options()["recommended"].value

    assert value("") < value("no_crowd_control") < value("no_crowd_control no_night")


def test_units_below_the_threat_stay_out_but_officers_may_be_in_the_capital(made):
    phases = {"a000": "fighting", "a001": "fighting", "a002": "ceasefire"}
    offers = {"FPU": 2, "IPO": 80, "SPC": 2, "IPU": 1}
    pledges = [made.pledge(k, k, n, "RDL") for k, n in offers.items()]
    theatre = made.theatre(pledges, officers=300.0, spacing=9.0, phases=phases)
    table = theatre.options()["recommended"].table
    assert "a001" not in set(table.query("unit_type == 'IPO'")["area"])
    assert "a000" in set(table.query("unit_type == 'IPO'")["area"])
    assert "a001" in set(table.query("unit_type == 'FPU'")["area"])


def test_present_units_move_once_and_stay_two_blocks(made):
    pledges = [made.pledge("p", "FPU", 6, area="a000"), made.pledge("q", "IPO", 50, area="a000")]
    theatre = made.theatre(pledges, areas=6, officers=60.0, spacing=9.0)
    plan = theatre.options()["recommended"]
    first = plan.table[plan.table["month"] == theatre.study.first_month]
    assert set(first["area"]) == {"a000"}
    assert plan.table["area"].nunique() > 2
    assert theatre.verify(plan) == []
    pinned = [replace_caveat(p, "no_move") for p in pledges]
    still = made.theatre(pinned, areas=6, officers=60.0, spacing=9.0).options()["recommended"]
    assert set(still.table["area"]) == {"a000"}


def replace_caveat(pledge, caveats):
    return pledge | {"caveats": caveats}


def test_minimum_presence_is_met_where_it_can_be(made):
    rules = [made.rule("minimum_presence", 140, area="a003")]
    pledges = [made.pledge("p", "FPU", 1, "RDL"), made.pledge("q", "FPU", 1, "RDL")]
    arrival = {"p": 1, "q": 1}
    theatre = made.theatre(pledges, rules, spacing=9.0, arrival=arrival)
    plan = theatre.options()["recommended"]
    assert "a003" in set(plan.table["area"])
    assert theatre.verify(plan) == []


def test_minimum_presence_that_cannot_be_met_is_said(made):
    rules = [made.rule("minimum_presence", 500, area="a003")]
    theatre = made.theatre([made.pledge("p", "FPU", 1, "RDL")], rules, arrival={"p": 4})
    plan = theatre.options()["recommended"]
    (note,) = [n for n in plan.notes if n.code == "calibrate.minimum_presence_unmet"]
    assert note.values["area"] == "a003"
    assert "2024-01, 2024-04" in note.values["months"]
    assert {v.split(":")[0] for v in theatre.verify(plan)} == {"minimum_presence a003"}


def test_a_budget_of_nothing_buys_nothing(made):
    rules = [made.rule("budget_year", 0)]
    theatre = made.theatre([made.pledge("p", "FPU", 1, "RDL")], rules)
    assert theatre.options()["recommended"].table.empty


def test_a_status_quo_above_its_ceiling_says_so(made):
    theatre = made.theatre([made.pledge("p", "FPU", 3, area="a000")], ceilings=(300, None))
    plans = theatre.options()
    (note,) = plans["status_quo"].notes
    assert note.values["rule"] == "ceiling_formed"
    assert theatre.verify(plans["recommended"]) == []
    assert units(plans["recommended"], "month").max() == 2


def test_ceilings_by_area_and_date(made):
    rules = [
        made.rule("ceiling_total", 0, area="a001"),
        made.rule("ceiling_total", 140, until="2024-06"),
    ]
    pledges = [made.pledge("p", "FPU", 3, "RDL")]
    theatre = made.theatre(pledges, rules, officers=200.0, spacing=9.0, arrival={"p": 1})
    plan = theatre.options()["recommended"]
    assert "a001" not in set(plan.table["area"])
    assert units(plan, "month").tolist() == [1] * 6 + [3] * 6


def test_two_years_have_a_budget_each(made):
    rules = [made.rule("budget_year", 10.6, units="million USD")]
    pledges = [made.pledge("p", "FPU", 4, "RDL")]
    theatre = made.theatre(pledges, rules, months=24, officers=200.0, arrival={"p": 7})
    plan = theatre.options()["recommended"]
    assert units(plan, "month").iloc[-12:].tolist() == [2] * 12
    assert theatre.verify(plan) == []


def test_a_mandate_that_is_not_ready_is_said(made):
    theatre = made.theatre([made.pledge("p", "FPU", 1, area="a000")])
    missing = (("consent", True), ("hrddp", False))
    unready = replace(theatre.posture, required=dict.fromkeys(theatre.posture.rung, missing))
    plan = replace(theatre, posture=unready).options()["recommended"]
    assert ("calibrate.option_not_ready", {"missing": "hrddp"}) in [
        (n.code, n.values) for n in plan.notes
    ]


def test_every_note_has_a_sentence_in_both_languages(made):
    rules = [
        made.rule("minimum_presence", 9000, area="a003"), made.rule("equity_floor", 0.2),
        made.rule("ceiling_total", 200),
    ]  # fmt: skip
    pledges = [
        made.pledge("present", "FPU", 3), made.pledge("odd", "FPU", 1, "RDL", caveats="what"),
        made.pledge("late", "FPU", 1, "L1"), made.pledge("out", "FPU", 1, "RDL", caveats="only:x"),
        made.pledge("against", "IPO", 9, area="a001", caveats="capital_only"),
    ]  # fmt: skip
    plans = made.theatre(pledges, rules, arrival={"late": 99}).options()
    notes = [n for plan in plans.values() for n in plan.notes]
    assert len({n.code for n in notes}) >= 9
    for note in notes:
        assert message(note.code, "en", **note.values) != message(note.code, "fr", **note.values)


def test_nothing_asked_nobody_new(made):
    pledges = [made.pledge("p", "FPU", 1, area="a000"), made.pledge("q", "FPU", 2, "RDL")]
    theatre = made.theatre(pledges, officers=0.0)
    plans = theatre.options()
    assert set(plans["recommended"].table["pledge"]) == {"p"}
    assert plans["recommended"].value == plans["recommended"].bound == 0.0
    assert all(theatre.verify(plan) == [] for plan in plans.values())


@pytest.mark.parametrize("months", [1, 4, 7])
def test_short_and_uneven_horizons(made, months):
    theatre = made.theatre(made.mission(4, pledges=8), areas=4, months=months)
    for plan in theatre.options().values():
        assert theatre.verify(plan) == []
        assert plan.bound <= plan.value


def test_labels_that_do_not_fit_are_refused(made):
    theatre = made.theatre([made.pledge("p", "FPU", 1, area="a000")])
    with pytest.raises(LabelError):
        replace(theatre, hours=theatre.hours.isel(area=[1, 0, 2, 3])).options()
    with pytest.raises(LabelError):
        replace(theatre, study=replace(theatre.study, months=40)).options()
    odd = theatre.inputs.pledges.assign(unit_type="TANK")
    with pytest.raises(SchemaError, match="TANK"):
        replace(theatre, inputs=replace(theatre.inputs, pledges=odd)).options()


def test_status_quo_alone_is_that_among_all_options(theatre, plans):
    t = theatre
    alone = status_quo(
        t.study, t.inputs, t.assessment.requirement, t.phases, t.generation, t.hours, t.theta
    )

    assert alone.table.equals(plans["status_quo"].table)
    assert alone.tasking.equals(plans["status_quo"].tasking)
    assert (alone.value, alone.bound) == (plans["status_quo"].value, plans["status_quo"].bound)
