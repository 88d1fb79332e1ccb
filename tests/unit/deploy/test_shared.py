"""Shared resources, failed offers, organisations: what makes a pledge late or lets it come."""

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.deploy import bars, criticality, generate, place
from polgap.deploy._chain import law, longest_path, network
from polgap.deploy._resources import resources
from polgap.domain import check_table
from polgap.draws import Parameters
from polgap.errors import DataError
from polgap.workers import child

SURE = {"retender_chance": (0.0, 0.0, 0.0)}


def rules(**capacity):
    rows = [{"rule": k, "value": v, "reason": "test", "basis": "given"}
            for k, v in capacity.items()]  # fmt: skip
    return check_table("rules", pd.DataFrame(rows))


def test_capacities_are_the_planners_own_where_given():
    found = resources(rules(lift_slots=1)).set_index("resource")
    assert found.loc["lift", ["capacity", "basis"]].tolist() == [1, "given"]
    assert found.loc["camp_crews", "basis"] == "recalled"


def test_one_lift_slot_delays_only_those_who_queue(study, pledges, theta):
    table = pledges(*({"readiness": "RDL"} for _ in range(6)), {"unit_type": "IPO"})
    many = generate(study, table, theta, rules(lift_slots=9, airport_slots=9, camp_crews=9))
    one = generate(study, table, theta, rules(lift_slots=1, airport_slots=9, camp_crews=9))
    assert (one.arrival >= many.arrival).all()
    assert one.arrival[:6].mean() > many.arrival[:6].mean() + 0.3
    assert one.arrival[6].equals(many.arrival[6])  # officers travel singly


def test_more_units_than_slots_take_turns(study, pledges, theta):
    single, several = pledges({"readiness": "RDL"}), pledges({"readiness": "RDL", "number": 6})
    one, six = (generate(study, t, theta, rules(lift_slots=2)) for t in (single, several))
    assert (six.arrival >= one.arrival).all()
    assert six.arrival.mean() > one.arrival.mean()


def test_no_slot_at_all_is_said_and_nothing_that_needs_it_comes(study, pledges, theta):
    table = pledges({}, {"unit_type": "IPO"})
    found = generate(study, table, theta, rules(lift_slots=0))
    assert np.isinf(found.arrival.values[0]).all()
    assert np.isfinite(found.arrival.values[1]).all()
    assert "deploy.no_resource" in [note.code for note in found.notes]


def test_activities_add_up_to_the_lead_time_law(study, pledges, theta):
    found = generate(study, pledges({"readiness": "L1"}), theta).timetable
    _, activities, after = network("L1")
    days = found.days.copy()
    days[activities.index("decision")] = 0.0
    whole = longest_path(activities, after, days)[0].max(axis=0)
    low, mid, high = np.quantile(whole, [0.1, 0.5, 0.9])
    points = theta.points("lead_time_pcrs_l1_unit")
    assert np.allclose([low, mid, high], points, rtol=0.12)


def test_a_failed_offer_is_called_for_again(study, pledges):
    always = {"retender_chance": (1.0, 1.0, 1.0), "retender_days": (60.0, 60.0, 60.0)}
    with_, without = (
        generate(study, pledges({"chance": 0.5}), Parameters(catalogue.parameters(), 7, 400, o))
        for o in (always, SURE)
    )
    first, again = without.arrival.values[0], with_.arrival.values[0]
    assert np.isinf(first).mean() == 0.5
    # The second offer is as sure as the first: half of half.
    assert 0.19 < np.isinf(again).mean() < 0.31
    came = np.isfinite(first)
    assert (again[came] == first[came]).all()
    second = np.isfinite(again) & ~came
    assert np.median(again[second]) >= np.median(first[came]) + 1


def test_what_failed_takes_no_slot(study, pledges):
    theta = Parameters(catalogue.parameters(), 7, 400, SURE)
    table = pledges({"readiness": "RDL", "chance": 0.0}, {"readiness": "RDL"})
    beside, alone = (generate(study, t, theta, rules(lift_slots=1)) for t in (
        table, table.assign(chance=[0.0, 1.0], number=[9, 1])))  # fmt: skip
    assert beside.arrival[1].equals(alone.arrival[1])


@pytest.mark.parametrize(
    ("profile", "unit_type", "activity"),
    [
        ("eu", "IPU", "conference"), ("eu", "IPO", "contributions"), ("nato", "IPU", "authority"),
        ("au", "FPU", "support"), ("osce", "IPO", "contributions"), ("un", "FPU", "note_verbale"),
    ],
)  # fmt: skip
def test_each_organisation_has_its_own_chain(study, pledges, theta, profile, unit_type, activity):
    found = generate(study, pledges({"unit_type": unit_type, "profile": profile}), theta)
    assert activity in set(found.timetable.steps["activity"])
    assert np.isfinite(found.arrival.values).all()


def test_an_organisation_without_such_units_is_refused():
    with pytest.raises(DataError, match="FPU at readiness L2, profile osce"):
        law("FPU", "L2", "osce")


def test_every_law_has_a_chain_that_ends_on_induction_and_a_written_name():
    for row in catalogue.table("lead_times").itertuples():
        _, activities, _ = network(row.law)
        assert activities[0] == "decision"
        assert activities[-1] == "induction"
        assert catalogue.message(f"readiness.{row.law}", "fr")


def test_criticality_goes_through_the_queue(study, areas, theta, pledges, plan):
    table = pledges(*({"readiness": "RDL"} for _ in range(6)))
    force = generate(study, table, theta, rules(lift_slots=1, camp_crews=9, airport_slots=9))
    found = criticality(force, place(study, plan(table), table, force, theta, areas))
    lift = found.set_index("activity").loc["lift"]
    assert lift["share"] == 1.0
    assert lift["waited"] > 0.5
    assert found["share"].is_monotonic_decreasing
    assert ((found["share"] > 0) & (found["share"] <= 1)).all()


def test_criticality_names_failed_and_waited_for_offers(study, areas, pledges, plan):
    theta = Parameters(catalogue.parameters(), 7, 400, {"retender_chance": (1.0, 1.0, 1.0)})
    for row, name in (({"chance": 0.6}, "failed_offer"), ({"from": "2025-06"}, "awaiting_offer")):
        table = pledges(row)
        force = generate(study, table, theta)
        found = criticality(force, place(study, plan(table), table, force, theta, areas))
        assert name in set(found["activity"])


def test_bars_show_the_plan_at_middle_durations(study, areas, theta, pledges, plan):
    table = pledges({"readiness": "L2"}, {"readiness": "in_mission", "contributor": "PRESENT"})
    force = generate(study, table, theta)
    (bar,) = bars(force, place(study, plan(table), table, force, theta, areas))
    assert bar["pledge"] == "p0"
    last = bar["activities"][-1]
    assert last["activity"] == "induction"
    assert last["critical"]
    assert abs(last["end"] - (30 + 240)) <= 4  # decision and lead time, rounded by activity
    slack = {a["activity"]: a["critical"] for a in bar["activities"]}
    assert not slack["training"]
    assert slack["procurement"]


def test_the_solver_orders_the_plan_where_it_is_asked_to(study, pledges, theta):
    pytest.importorskip("ortools")
    table = pledges(*({"readiness": r, "number": 2} for r in ("L1", "L2", "L3", "RDL") * 2))
    with child() as call:
        found = generate(study, table, theta, rules(lift_slots=2, camp_crews=2), call)
    listed = generate(study, table, theta, rules(lift_slots=2, camp_crews=2))
    assert found.timetable.method in ("cp", "list")
    assert np.isfinite(found.arrival.values).all()

    def worth(table):
        last = table.steps.groupby("pledge", sort=False).tail(1)
        return last["end"].sum()

    assert worth(found.timetable) <= worth(listed.timetable)


def test_nothing_offered_nothing_drawn(study, areas, theta, pledges, plan):
    table = pledges({"readiness": "in_mission", "contributor": "PRESENT"})
    force = generate(study, table, theta)
    deployed = place(study, plan(table), table, force, theta, areas)
    assert bars(force, deployed) == []
    assert criticality(force, deployed).empty


def window(rule, value, first, last):
    row = {"rule": rule, "value": value, "from": first, "until": last, "reason": "test",
           "basis": "given"}  # fmt: skip
    return check_table("rules", pd.DataFrame([row]))


def test_a_closed_airport_holds_units_up_until_it_opens_again(study, pledges, theta):
    table = pledges({"readiness": "RDL"}, {"unit_type": "IPO"})
    open_ = generate(study, table, theta)
    shut = generate(study, table, theta, window("airport_slots", 0, "2024-01", "2024-12"))
    came = np.isfinite(shut.arrival.values[0])
    assert (shut.arrival >= open_.arrival).all()
    assert shut.arrival.values[0][came].min() > 12  # nobody is received before January 2025
    assert shut.arrival[1].equals(open_.arrival[1])  # officers travel singly
    steps = shut.timetable.steps
    begin = steps.loc[(steps["pledge"] == steps["pledge"][0]) & (steps["activity"] == "induction"),
                      "begin"]  # fmt: skip
    assert begin.item() >= 365  # the plan drawn in the Gantt chart keeps the window as well
    assert not [n for n in shut.notes if n.code == "deploy.no_resource"]


def test_a_window_after_everything_has_come_changes_no_number(study, pledges, theta):
    table = pledges(*({"readiness": "RDL"} for _ in range(5)))
    usual = generate(study, table, theta)
    late = generate(study, table, theta, window("lift_slots", 0, "2034-01", ""))
    assert late.arrival.equals(usual.arrival)
    found = resources(window("lift_slots", 0, "2034-01", "")).set_index("resource")
    assert found.loc["lift", "capacity"] == 3
    assert found.loc["lift", "windows"] == [{"from": "2034-01", "until": "", "capacity": 0}]
