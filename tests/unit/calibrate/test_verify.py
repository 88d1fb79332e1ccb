"""Each planted violation is caught, and nothing else is said."""

from dataclasses import replace

import pandas as pd
import pytest

from polgap.domain import Plan


@pytest.fixture(scope="module")
def theatre(made):
    pledges = [
        made.pledge("present", "FPU", 2, area="a001"),
        made.pledge("pinned", "IPO", 20, area="a001", caveats="no_move"),
        made.pledge("capital", "IPO", 30, "RDL", caveats="capital_only"),
        made.pledge("calm", "FPU", 1, "RDL", caveats="no_fighting_area"),
        made.pledge("only", "FPU", 1, "RDL", caveats="only:a002 only:a003"),
        made.pledge("odd", "FPU", 1, "RDL", caveats="gibberish"),
        made.pledge("there", "FPU", 1, "RDL", area="a002"),
        made.pledge("dated", "FPU", 1, "RDL", until="2024-09", **{"from": "2024-04"}),
        made.pledge("team", "SPT", 1, "RDL"),
    ]  # fmt: skip
    rules = [
        made.rule("budget_year", 25, units="million USD"),
        made.rule("ceiling_total", 700, until="2024-06"),
        made.rule("minimum_presence", 10, area="a001"),
    ]  # fmt: skip
    phases = {"a003": "fighting"}
    return made.theatre(pledges, rules, phases=phases, ceilings=(600, 100))


def rows(theatre, pledge, area, months=range(12), number=1.0):
    types = theatre.inputs.pledges.set_index("pledge")["unit_type"]
    labels = theatre.study.report_months
    return pd.DataFrame({
        "pledge": pledge, "unit_type": types.get(pledge, "FPU"), "area": area,
        "month": [labels[t] for t in months], "number": number,
    })  # fmt: skip


@pytest.fixture
def plan(theatre):
    """Keeps every rule."""
    table = pd.concat([
        rows(theatre, "present", "a001", number=2.0),
        rows(theatre, "pinned", "a001", number=20.0),
        rows(theatre, "capital", "a000", range(6, 12), 30.0),
    ])  # fmt: skip
    tasking = pd.DataFrame(
        [("FPU", "a001", "a001", 0.5), ("FPU", "a001", "a002", 0.5)],
        columns=["unit_type", "area", "serves", "share"],
    )
    return Plan("by hand", table, tasking)


def test_a_plan_that_keeps_the_rules(theatre, plan):
    assert theatre.verify(plan) == []


PLANTED = [
    ("no pledge, no deployment", lambda t: rows(t, "nobody", "a000")),
    ("area", lambda t: rows(t, "team", "atlantis")),
    ("month", lambda t: rows(t, "team", "a000").assign(month="2031-01").iloc[:1]),
    ("unit type", lambda t: rows(t, "team", "a000").assign(unit_type="FPU")),
    ("twice", lambda t: rows(t, "pinned", "a001", number=0.0)),
    ("whole units", lambda t: rows(t, "team", "a000", number=0.5)),
    ("whole units", lambda t: rows(t, "team", "a000", number=-1.0)),
    ("block", lambda t: rows(t, "team", "a000", range(4, 12))),
    ("number", lambda t: rows(t, "team", "a000", number=2.0)),
    ("dates", lambda t: rows(t, "dated", "a000", range(3))),
    ("dates", lambda t: rows(t, "dated", "a000", range(9, 12))),
    ("stay", lambda t: rows(t, "team", "a000", range(3, 9))),
    ("caveat", lambda t: rows(t, "only", "a000")),
    ("caveat", lambda t: rows(t, "calm", "a003")),
    ("caveat", lambda t: rows(t, "odd", "a000")),
    ("caveat", lambda t: rows(t, "there", "a000")),
    ("threat", lambda t: rows(t, "team", "a003")),
    ("budget_year", lambda t: rows(t, "only", "a002", number=1.0).pipe(three)),
]


def three(table):
    """Four more formed units: too dear, and above the ceilings."""
    return pd.concat([table.assign(pledge=p, area=a) for p, a in
                      (("only", "a002"), ("calm", "a000"), ("there", "a002"))])  # fmt: skip


@pytest.mark.parametrize(("rule", "planted"), PLANTED)
def test_planted_rows_are_caught(theatre, plan, rule, planted):
    bad = replace(plan, table=pd.concat([plan.table, planted(theatre)], ignore_index=True))
    assert rule in {v.split(":")[0] for v in theatre.verify(bad)}


def swap(plan, pledge, *parts):
    return replace(plan, table=pd.concat([plan.table[plan.table["pledge"] != pledge], *parts]))


def test_a_capital_only_unit_elsewhere(theatre, plan):
    bad = swap(plan, "capital", rows(theatre, "capital", "a001", range(6, 12), 30.0))
    assert {v.split(" in ")[0] for v in theatre.verify(bad)} == {"caveat: capital (capital_only)"}


def test_a_unit_that_may_not_move(theatre, plan):
    bad = swap(plan, "pinned", rows(theatre, "pinned", "a001", range(6), 20.0),
               rows(theatre, "pinned", "a000", range(6, 12), 20.0))  # fmt: skip
    assert any("no_move" in v for v in theatre.verify(bad))


def test_a_present_unit_that_moves_well(theatre, plan):
    parts = [rows(theatre, "present", "a001", number=1.0),
             rows(theatre, "present", "a001", range(6)).assign(number=2.0),
             rows(theatre, "present", "a002", range(6, 12))]  # fmt: skip
    table = pd.concat([parts[0][parts[0]["month"].isin(parts[2]["month"])], parts[1], parts[2]])
    assert theatre.verify(swap(plan, "present", table)) == []


@pytest.mark.parametrize(
    ("home", "away", "words"),
    [
        (range(0), range(12), "stands in a001, not yet in a002"),
        (range(9), range(9, 12), "less than two blocks"),
        (range(3), range(6, 12), "leave in 2024-04"),
    ],
)
def test_a_present_unit_that_moves_badly(theatre, plan, home, away, words):
    bad = swap(plan, "present", rows(theatre, "present", "a001", home, 2.0),
               rows(theatre, "present", "a002", away, 2.0))  # fmt: skip
    assert any(v.startswith("stay") and words in v for v in theatre.verify(bad))


@pytest.mark.parametrize("rule", ["ceiling_formed", "ceiling_total", "budget_year"])
def test_limits_are_named(theatre, plan, rule):
    planted = three(rows(theatre, "only", "a002"))
    bad = replace(plan, table=pd.concat([plan.table, planted], ignore_index=True))
    if rule == "ceiling_total":
        bad = replace(bad, table=bad.table.assign(number=bad.table["number"] * 3))
    assert rule in {v.split(":")[0] for v in theatre.verify(bad)}


@pytest.mark.parametrize(
    ("rule", "value", "more", "said"),
    [
        ("support_share", 0.5, {}, "support_share: 20 of 300 officers in 2024-01"),
        ("rotation_lift", 0.1, {}, "rotation_lift: 2 formed units in 2024-01, at most 1.2"),
        ("base_opening_cost", 13e6, {"area": "a000"}, "budget_year: "),
        ("women_share", 0.5, {}, "women_share: 0 of 300 officers in 2024-01"),
        ("women_minimum", 5, {}, "women_minimum: 0 women in 2024-01"),
        ("base_size", 100, {"area": "a001"}, "base_size a001: 300 officers in 2024-01"),
        ("self_sustainment", 60, {"area": "a000"}, "self_sustainment a000: capital in a000"),
        (
            "minimum_presence",
            400,
            {"until": "2024-02"},
            "minimum_presence: 300 officers in 2024-01",
        ),
    ],
)
def test_each_rule_planted_alone_is_caught(made, theatre, plan, rule, value, more, said):
    given = [r for r in theatre.inputs.rules.to_dict("records") if r["rule"] == "budget_year"]
    rules = made.rows("rules", [*given, made.rule(rule, value, **more)])
    asked = replace(theatre, inputs=replace(theatre.inputs, rules=rules))
    found = asked.verify(plan)
    assert found[0].startswith(said)
    assert len({v.split(":")[0] for v in found}) == 1


def test_the_ceiling_of_individual_officers(theatre, plan):
    pledges = theatre.inputs.pledges.assign(number=200.0)
    larger = replace(theatre, inputs=replace(theatre.inputs, pledges=pledges))
    bad = swap(plan, "capital", rows(theatre, "capital", "a000", range(6, 12), 81.0))
    assert {v.split(":")[0] for v in larger.verify(bad)} == {"ceiling_individual"}


def test_a_minimum_presence_that_is_not_kept(theatre, plan):
    left = plan.table[plan.table["area"] != "a001"]
    found = theatre.verify(replace(plan, table=left))
    assert len(found) == 12 and all(v.startswith("minimum_presence a001") for v in found)


def test_tasking_gives_nobody_twice(theatre, plan):
    bad = replace(plan, tasking=plan.tasking.assign(share=0.7))
    assert theatre.verify(bad) == ["tasking: FPU in a001 gives 1.4 of itself"]


def test_a_pledge_taken_back_leaves_nobody(theatre, plan):
    pledges = theatre.inputs.pledges[theatre.inputs.pledges["pledge"] != "present"]
    without = replace(theatre, inputs=replace(theatre.inputs, pledges=pledges))
    found = [v for v in without.verify(plan) if v.startswith("no pledge")]
    assert len(found) == 12


def test_a_plan_against_the_will_of_the_host_state(theatre, plan):
    mandate = theatre.inputs.mandate.assign(host_consent="no")
    against = replace(theatre, inputs=replace(theatre.inputs, mandate=mandate))
    assert {v.split(":")[0] for v in against.verify(plan)} == {"consent"}


def test_consent_refused_in_one_area_closes_that_area(theatre, plan):
    taken = plan.table.loc[plan.table["pledge"] == "capital", "area"].iloc[0]
    row = theatre.inputs.mandate.iloc[[0]].assign(area=taken, host_consent="no")
    mandate = pd.concat([theatre.inputs.mandate, row], ignore_index=True)
    against = replace(theatre, inputs=replace(theatre.inputs, mandate=mandate))
    assert any("placements are planned" in v for v in against.verify(plan))
    for made in against.options().values():
        new = made.table[~made.table["pledge"].isin(["present", "pinned"])]
        assert taken not in set(new["area"]), made.name
