import numpy as np

from polgap.deploy import critical_path, curve, dates, generate, place

PRESENT = {"readiness": "in_mission", "contributor": "PRESENT"}


def test_the_curve_adds_areas_and_rises_with_arrivals(study, areas, theta, pledges, plan):
    table = pledges(PRESENT, {"readiness": "RDL", "number": 2})
    force = generate(study, table, theta)
    found = curve(place(study, plan(table), table, force, theta, areas))
    assert found["month"].tolist() == study.report_months
    assert found.iloc[0][["low", "mid", "high"]].tolist() == [140.0] * 3
    assert found.iloc[-1]["mid"] == 420.0
    assert (found["low"] <= found["mid"]).all()
    assert (found["mid"] <= found["high"]).all()


def test_dates_count_failure(study, pledges, theta):
    table = pledges({"chance": 0.9}, {"chance": 0.4}, PRESENT)
    found = dates(generate(study, table, theta), table).set_index("pledge")
    assert found.loc["p0", "p50"] < found.loc["p0", "p80"]
    assert found.loc["p0", "p95"] is None
    assert found.loc["p1", "p50"] is None
    assert found.loc["p2", ["p50", "p80", "p95"]].tolist() == ["2024-01"] * 3


def test_the_path_is_that_of_the_pledge_that_fills_four_fifths(study, areas, theta, pledges, plan):
    table = pledges(
        PRESENT | {"number": 9},
        {"readiness": "RDL", "number": 7},
        {"readiness": "L3", "number": 2},
        {"readiness": "L1", "number": 1},
    )
    force = generate(study, table, theta)
    path = critical_path(force, table, place(study, plan(table), table, force, theta, areas))
    assert "training" not in [step["activity"] for step in path]
    assert path[0]["activity"] == "decision"
    assert path[-1]["activity"] == "induction"
    assert np.isclose(sum(step["days"] for step in path), 30 + 150, atol=0.5)


def test_waiting_for_an_offer_leads_the_path(study, areas, theta, pledges, plan):
    table = pledges({"readiness": "RDL", "from": "2024-09"})
    force = generate(study, table, theta)
    path = critical_path(force, table, place(study, plan(table), table, force, theta, areas))
    assert path[0]["activity"] == "awaiting_offer"
    assert np.isclose(sum(step["days"] for step in path), 8 * 365.25 / 12, atol=0.5)


def test_a_plan_with_nothing_new_has_no_path(study, areas, theta, pledges, plan):
    table = pledges(PRESENT)
    force = generate(study, table, theta)
    assert critical_path(force, table, place(study, plan(table), table, force, theta, areas)) == []
