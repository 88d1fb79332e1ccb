"""Options on request: what a change does on the same futures, and plain answers to bad ones."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import examples, study
from polgap.errors import StudyError
from polgap.study import Request, on_request
from polgap.study._edits import add, cut, strike
from polgap.study._event import more_violence, read_event
from polgap.study._tasks import lost_tasks, without_tasks


@pytest.fixture(scope="module")
def toy():
    return examples.toy(draws=16)


@pytest.fixture(scope="module")
def asked(toy):
    request = Request(strike=("2",), add=("ceiling_fpu=-2",), cuts=(40.0,), replan="lose=north")
    return on_request(request, *toy)


def test_every_option_asked_for_is_a_row_that_keeps_the_rules(asked):
    names = [row["name"] for row in asked["options"]]
    assert names == ["recommended", "recommended_as_changed", "cut_40", "replanned"]
    for row in asked["options"]:
        assert row["violations"] == []
        assert row["bound"] <= row["unmet_need"]["high"]
    json.dumps(asked, allow_nan=False)


def test_the_same_request_gives_the_same_answer(toy, asked):
    request = Request(strike=("2",), add=("ceiling_fpu=-2",), cuts=(40.0,), replan="lose=north")
    assert on_request(request, *toy) == asked


def test_a_struck_task_is_not_asked_of_the_mission_any_more(asked):
    pricing = asked["pricing"]
    assert pricing["requirement"]["high"] < 0
    assert pricing["strike"] == ["2"] and pricing["add"] == ["ceiling_fpu=-2"]
    areas = {row["area"] for row in pricing["by_area"]}
    assert areas == {"north", "centre", "south"}
    first = pricing["precedents"][0]
    assert first["document"].startswith("S/") and first["mark"] in ("SEEN", "RECALLED")


def test_a_cut_says_what_it_gives_up_and_opens(asked):
    (found,) = asked["cuts"]
    assert found["percent"] == 40
    assert sum(u["units"] for u in found["gives_up"]) >= 1
    assert found["opens"]["cost"]["mid"] < 0
    assert found["opens"]["unmet_need"]["mid"] > 0
    assert found["opens"]["requirement"] == {"low": 0, "mid": 0, "high": 0}


def test_a_lost_base_is_empty_in_the_new_plan(asked):
    found = asked["replan"]
    (row,) = [o for o in asked["options"] if o["name"] == "replanned"]
    assert all(r["area"] != "north" for r in row["plan"])
    assert {"closed", "fills", "moves"} >= {c["why"] for c in found["changes"]} >= {"closed"}
    assert found["unmet_replanned"] <= found["unmet_if_left_alone"]
    assert 0.0 < found["kept"] < 1.0
    built = found["against_old_plan"]["built"]
    assert built["before"]["mid"] is not None  # the old plan serves four fifths of its own most


@pytest.mark.parametrize(
    ("event", "sign"),
    [("withdraw=N1", 1), ("budget=-40%", 1), ("surge=north:6w:+200", 1), ("violence=north:x3", 1)],
)
def test_an_event_leaves_no_less_open(toy, event, sign):
    found = on_request(Request(replan=event), *toy)["replan"]
    assert found["against_old_plan"]["unmet_need"]["high"] * sign >= 0
    assert found["unmet_replanned"] <= found["unmet_if_left_alone"] + 1e-6
    if event.startswith("surge"):
        asked_for = found["against_old_plan"]["requirement"]
        assert asked_for == {"low": 400, "mid": 400, "high": 400}
        assert found["against_old_plan"]["gap"]["high"] > -200  # asked for, so it is a gap too
    if event.startswith("withdraw"):
        assert [c["why"] for c in found["changes"] if c["pledge"] == "N1"] == ["gone"]


def test_wider_options_and_prices(toy):
    given = toy[1].pledges
    given = given.assign(caveats=given["caveats"].where(given["pledge"] != "N1", "only:south"))
    inputs = replace(toy[1], pledges=given)
    request = Request(front=True, fastest=True, cheapest=0.8, prices=True)
    found = on_request(request, toy[0], inputs)
    rows = {row["name"]: row for row in found["options"]}
    assert list(rows) == ["recommended", "fastest", "cheapest"]
    assert rows["fastest"]["bound"] is None
    assert rows["cheapest"]["cost"]["mid"] <= rows["recommended"]["cost"]["mid"]
    least = found["cheapest"]
    assert least["least_cost"] <= least["cost"] and least["unmet_need"] <= least["allowed"] + 1e-3
    costs = [p["cost"] for p in found["front"]]
    unmet = [p["unmet_need"] for p in found["front"]]
    assert costs == sorted(costs) and unmet == sorted(unmet, reverse=True)
    prices = {(p["what"], p["name"]): p for p in found["prices"]}
    assert {w for w, _ in prices} == {"pledge", "month", "caveat", "million"}
    for (what, _), row in prices.items():
        assert row["mean"] * (1 if what == "pledge" else -1) >= -1e-6
        assert row["expected"] * (1 if what == "pledge" else -1) >= -1e-6
    assert ("caveat", "N1 only:south") in prices


def test_a_plan_for_the_worst_futures_stands_beside_the_recommended(toy):
    found = on_request(Request(risk=0.5), *toy)
    rows = {row["name"]: row for row in found["options"]}
    assert list(rows) == ["recommended", "risk_averse"]
    assert "risk" not in rows["recommended"] and rows["risk_averse"]["violations"] == []
    risk = rows["risk_averse"]["risk"]
    assert {key: found["risk"][key] for key in risk} == risk
    assert risk["bound"] <= risk["value"] <= risk["plain"]["value"]
    assert risk["mean"] <= risk["worst"] and (risk["aversion"], risk["tail"]) == (0.5, 0.2)


def test_a_plan_for_pledges_that_fail_stands_beside_the_recommended(toy):
    found = on_request(Request(failures=1), *toy)
    rows = {row["name"]: row for row in found["options"]}
    assert list(rows) == ["recommended", "robust"] and rows["robust"]["violations"] == []
    failures = found["failures"]
    assert failures["bound"] <= failures["worst"] <= failures["plain"]["worst"] + 1e-6
    assert failures["none"] <= failures["worst"] and failures["all_tried"]
    assert len(failures["failing"]) <= 1 and set(failures["failing"]) <= {"N1", "N2"}


def test_rules_that_contradict_each_other_are_named(toy):
    rules = toy[1].rules
    floor = rules["rule"] == "minimum_presence"
    inputs = replace(toy[1], rules=rules.assign(value=rules["value"].where(~floor, 1000.0)))
    found = on_request(Request(add=("ceiling_fpu=+1",)), toy[0], inputs)
    (first, _) = found["relax"]
    assert first["option"] == "recommended"
    assert [r["rule"] for r in first["rules"]] == ["minimum_presence centre"]
    assert first["rules"][0]["kind"] == "at_least" and first["rules"][0]["by"] > 0


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request(strike=("12b",)), "wanted a paragraph of the mandate: 1, 2"),
        (Request(strike=("1", "2")), "is all of the mandate"),
        (Request(add=("ceiling_fpu",)), "KEY one of ceiling_formed"),
        (Request(add=("ceiling_fpu=1",)), "wanted a signed number"),
        (Request(add=("ceiling_fpu=+5m",)), "wanted a plain number"),
        (Request(add=("ceiling_fpu=-9",)), "wanted 0 or more"),
        (Request(add=("budget=-200%",)), "wanted 0 or more"),
        (Request(add=("ceiling_total=+1",)), "no ceiling_total to change"),
        (Request(add=("powers=all",)), "wanted one of none, protect"),
        (Request(add=("pledge_fpu=+0.5",)), "whole number of units"),
        (Request(cuts=(0.0,)), "above 0 and below 100"),
        (Request(cheapest=1.5), "a share above 0"),
        (Request(failures=-1), "--failures: got -1; wanted 0 pledges or more"),
        (Request(risk=0.0), "--risk: got 0; wanted a share above 0"),
        (Request(replan="flood=north"), "wanted 'withdraw=PLEDGE'"),
        (Request(replan="withdraw=X"), "wanted a pledge of the project: P1, P2, N1, N2"),
        (Request(replan="lose=nowhere"), "wanted an area of the project"),
        (Request(replan="surge=north:200"), "wanted surge=AREA:6w:+200"),
        (Request(replan="violence=north:x99"), "at most x20"),
    ],
)  # fmt: skip
def test_a_bad_request_says_what_is_wanted(toy, request_, said):
    with pytest.raises(StudyError, match=re.escape(said)):
        on_request(request_, *toy)


def test_striking_keeps_ceilings_and_what_is_on_record(toy):
    left = strike(toy[1], "1").mandate
    assert left["paragraph"].tolist() == ["2"]
    assert left["ceiling_formed"].iloc[0] == 560 and left["host_consent"].iloc[0] == "yes"
    assert left["powers"].iloc[0] == ""


def test_additions_change_one_thing_each(toy):
    inputs = toy[1]
    assert add(inputs, "ceiling_fpu=+1").mandate["ceiling_formed"].iloc[0] == 560 + 140
    budget = inputs.rules["rule"] == "budget_year"
    assert add(inputs, "budget=+5m").rules.loc[budget, "value"].iloc[0] == 27e6
    assert add(inputs, "budget=-20%").rules.loc[budget, "value"].iloc[0] == pytest.approx(17.6e6)
    more = add(inputs, "pledge_spt=+2").pledges.iloc[-1]
    assert (more["unit_type"], more["number"], more["basis"]) == ("SPT", 2, "assumed")
    assert add(inputs, "detention=yes").mandate["detention"].iloc[0] == "yes"
    assert add(inputs, "powers=protect").mandate["powers"].tolist() == ["protect", ""]


def test_a_cut_without_any_limit_cuts_what_is_used(toy):
    inputs = toy[1]
    bare = replace(
        inputs, rules=inputs.rules[inputs.rules["rule"] == "none"],
        mandate=inputs.mandate.assign(ceiling_formed=np.nan, ceiling_individual=np.nan),
    )  # fmt: skip
    found = on_request(Request(cuts=(50.0,)), toy[0], bare)
    assert found["cuts"][0]["gives_up"]
    plan = study.part("options", toy[0], bare)["options"]
    table = pd.DataFrame(next(o["plan"] for o in plan if o["name"] == "recommended"))
    made = cut(toy[0], bare, 0.5, type("P", (), {"table": table})())
    assert made.rules["rule"].tolist() == ["ceiling_total"]


def test_a_mandate_that_lacks_preconditions_is_refused_and_said(toy):
    found = on_request(Request(add=("posture=full_replace", "powers=executive")), *toy)
    assert "posture_refused" in {n["code"].removeprefix("calibrate.") for n in found["notes"]}
    assert found["pricing"]["posture"] == []


def test_nobody_pledged_is_answered(toy):
    none = replace(toy[1], pledges=toy[1].pledges.iloc[:0])
    found = on_request(Request(cuts=(25.0,), replan="lose=north", prices=True), toy[0], none)
    assert all(row["plan"] == [] for row in found["options"])
    assert "no_pledges" in {n["code"].removeprefix("calibrate.") for n in found["notes"]}


def test_a_function_that_another_paragraph_names_is_not_lost(toy):
    mandate, areas = toy[1].mandate, toy[1].areas
    twice = pd.concat([mandate, mandate.iloc[[1]].assign(paragraph="3")], ignore_index=True)
    kept = lost_tasks(twice, twice[twice["paragraph"] != "2"], areas)
    assert kept == dict.fromkeys(areas["area"], frozenset())
    lost = lost_tasks(mandate, mandate[mandate["paragraph"] != "2"], areas)
    assert lost["north"] == {"development"}


def test_command_and_own_protection_fall_with_what_is_struck(toy):
    asked = study.steps(*toy).gap.requirement
    left = without_tasks(asked, {"north": frozenset({"protection", "public_order", "static"})})
    here = left.sel(area="north")
    assert float(here.sel(function=["protection", "mission_self"]).sum()) == 0
    command = float(here.sel(function="command_admin").sum())
    assert command < float(asked.sel(area="north", function="command_admin").sum())
    assert left.sel(area="south").equals(asked.sel(area="south"))


def test_more_violence_is_in_one_area_alone(toy):
    futures = study.steps(*toy).forecast.futures
    more = more_violence(read_event("violence=north:x2", toy[1]), futures)
    assert (more["events"].sel(area="north") == 2 * futures["events"].sel(area="north")).all()
    assert more["events"].sel(area="south").equals(futures["events"].sel(area="south"))


def test_a_pledge_withdrawn_leaves_the_luck_of_the_others_as_it_was(toy):
    from polgap import forecast
    from polgap.study._case import ground

    study_, inputs = toy
    futures = forecast.predict(study_, inputs.panel, map).futures
    on = ground(study_, inputs, futures)
    first = inputs.pledges.query("readiness != 'in_mission'")["pledge"].iloc[0]
    left = inputs.pledges[inputs.pledges["pledge"] != first].reset_index(drop=True)
    less = ground(study_, replace(inputs, pledges=left), futures, on)
    assert less.offers["pledge"].tolist() == inputs.pledges["pledge"].tolist()
    assert first not in less.force.arrival["pledge"].values
    others = on.force.arrival.sel(pledge=left["pledge"].tolist())
    assert (less.force.arrival <= others).all()  # who is gone holds nobody up
