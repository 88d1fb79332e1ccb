import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.deploy import bridging, generate, place, turnover
from polgap.domain import check_table, cube, empty_table

FUNCTIONS = ["protection", "public_order", "development"]


def unmet(study, officers):
    block = np.broadcast_to(
        np.array(officers, dtype=float)[None, None, :, None], (2, 12, len(officers), study.draws)
    )
    return cube(block, units="officers", area=["north", "south"], month=study.report_months,
                function=FUNCTIONS, draw=range(study.draws))  # fmt: skip


def others(*rows):
    usual = {"area": "north", "strength": 50, "legal_basis": "x", "counts": "bridging",
             "basis": "given"}  # fmt: skip
    return check_table("other_providers", pd.DataFrame([usual | row for row in rows]))


def asked(study, areas, theta, table, plan, officers, there=None):
    force = generate(study, table, theta)
    deployed = place(study, plan(table), table, force, theta, areas)
    there = empty_table("other_providers") if there is None else there
    return bridging(study, deployed, unmet(study, officers), table, there, theta)


def test_military_never_stands_in_for_public_order():
    rows = catalogue.table("bridging").set_index("bridge")
    assert "public_order" not in rows.loc["military", "functions"].split()
    assert set(rows.loc["military", "functions"].split()) == {"protection", "static"}


def test_bridges_come_quickest_first_and_count_each_officer_once(
    study, areas, theta, pledges, plan
):
    soldiers = others({"provider": "host military", "function": "protection"})
    table = pledges({"readiness": "L1"})
    (row,) = asked(study, areas, theta, table, plan, [100, 200, 30], soldiers)
    assert row["area"] == "north"
    assert row["until"] is None  # a year does not make an L1 unit sure
    ready = [b["ready"] for b in row["bridges"]]
    assert ready == sorted(ready)
    found = {b["bridge"]: b for b in row["bridges"]}
    assert found["spc"]["officers"] == 30
    assert found["military"]["officers"] == 50
    assert found["military"]["functions"] == ["protection"]
    covered = sum(b["officers"] or 0 for b in row["bridges"])
    assert np.isclose(row["left"], max(0.0, 330 - covered))


def test_what_is_not_recorded_is_not_zero(study, areas, theta, pledges, plan):
    (row,) = asked(study, areas, theta, pledges({"readiness": "L1"}), plan, [2000, 0, 0])
    found = {b["bridge"]: b for b in row["bridges"]}
    assert found["military"]["officers"] is None
    assert found["military"]["cap"] is None
    assert "rdl" not in found  # none is on offer beyond the plan


def test_a_covered_area_needs_no_bridge(study, areas, theta, pledges, plan):
    present = pledges({"readiness": "in_mission", "contributor": "PRESENT"})
    assert asked(study, areas, theta, present, plan, [100, 0, 0]) == []


def test_vacancies_come_before_rotations_and_calls(study, theta, pledges, plan):
    table = pledges(
        {"readiness": "in_mission", "contributor": "PRESENT", "until": "2024-02"},
        {"readiness": "in_mission", "contributor": "PRESENT", "unit_type": "IPO", "number": 40},
        {"readiness": "RDL"},
    )
    found = turnover(study, table, plan(table), generate(study, table, theta), theta)
    assert [row["kind"] for row in found] == ["vacancy", "rotation", "call"]
    vacancy, rotation, call = found
    assert (vacancy["month"], vacancy["number"]) == ("2024-03", 1)
    assert 6 <= rotation["low"] <= rotation["number"] <= rotation["high"] == 10
    assert rotation["basis"] == "assumed"
    assert call["month"] == "2024-01"  # wanted at once, so it is late already


def test_a_call_that_can_wait_is_not_due(study, theta, pledges, plan):
    table = pledges({"readiness": "RDL"})
    late = plan(table)
    late = type(late)(late.name, late.table[late.table["month"] >= "2024-12"], late.tasking)
    assert turnover(study, table, late, generate(study, table, theta), theta) == []
