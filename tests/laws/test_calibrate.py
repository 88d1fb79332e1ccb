"""Laws of calibration: what has to hold whatever the pledges, the rules and the need are."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

_PATH = Path(__file__).parents[1] / "unit" / "calibrate" / "synthetic.py"
_SPEC = importlib.util.spec_from_file_location("calibrate_synthetic_laws", _PATH)
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

AREAS = 4
few = settings(max_examples=20, deadline=None)
areas = st.integers(0, AREAS - 1).map(lambda i: f"a{i:03d}")
caveats = st.sampled_from(
    ["", "", "capital_only", "no_move", "not:a001", "only:a002", "no_crowd_control",
     "no_fighting_area", "only:a001 no_move"]
)  # fmt: skip
kinds = st.sampled_from(["FPU", "IPU", "IPO", "SPT", "SPC"])
months = st.sampled_from(["", "", "2024-02", "2024-07"])


@st.composite
def offers(draw):
    found = []
    for i in range(draw(st.integers(0, 5))):
        kind, present = draw(kinds), draw(st.booleans())
        found.append(made.pledge(
            f"p{i}", kind, draw(st.integers(1, 60 if kind == "IPO" else 3)),
            "in_mission" if present else draw(st.sampled_from(["RDL", "L3", "L2"])),
            draw(areas) if present else "", caveats=draw(caveats),
            chance=1.0 if present else draw(st.floats(0.2, 1.0)),
            until=draw(st.sampled_from(["", "2024-08", "2024-11"])),
            **{"from": "" if present else draw(months)},
        ))  # fmt: skip
    return found


@st.composite
def theatres(draw, budget=True):
    rules = []
    if budget and draw(st.booleans()):
        rules.append(made.rule("budget_year", draw(st.integers(0, 40)), units="million USD"))
    if draw(st.booleans()):
        rules.append(made.rule("ceiling_total", draw(st.integers(0, 900))))
    phase = st.sampled_from(["fighting", "ceasefire", "transition"])
    return made.theatre(
        draw(offers()), rules, areas=AREAS, months=draw(st.sampled_from([6, 9, 12])), draws=20,
        officers=draw(st.sampled_from([5.0, 40.0, 200.0])),
        spacing=draw(st.sampled_from([1.0, 3.0, 9.0])), seed=draw(st.integers(0, 99)),
        phases={f"a{i:03d}": draw(phase) for i in range(AREAS)},
        ceilings=draw(st.sampled_from([(None, None), (400, 80)])),
    )  # fmt: skip


def of_rules(violations):
    return [v for v in violations if not v.startswith(("budget", "ceiling"))]


@few
@given(theatres())
def test_every_option_keeps_the_rules_and_its_bound(theatre):
    for name, plan in theatre.options().items():
        found = theatre.verify(plan)
        # the present mission is a fact: it may stand above a ceiling or a budget, and that is said
        assert (of_rules(found) if name == "status_quo" else found) == []
        assert 0.0 <= plan.bound <= plan.value


@few
@given(theatres())
def test_no_pledge_no_deployment(theatre):
    offered = theatre.inputs.pledges.set_index("pledge")["number"]
    for plan in theatre.options().values():
        used = plan.table.groupby(["pledge", "month"])["number"].sum()
        assert all(number <= offered[pledge] for (pledge, _), number in used.items())


@few
@given(theatres(), st.sampled_from(["budget_year", "ceiling_total"]), st.integers(0, 30))
def test_more_never_hurts(theatre, rule, more):
    def best(least):
        scale = 1.0 if rule == "budget_year" else 20.0
        rules = made.rows(
            "rules", [made.rule(rule, least * scale, units="million USD" if scale == 1.0 else "")]
        )
        inputs = replace(theatre.inputs, rules=rules)
        return replace(theatre, inputs=inputs).options()["recommended"]

    narrow, wide = best(8), best(8 + more)
    assert wide.bound <= narrow.value * (1 + 1e-9)
    assert wide.value <= narrow.value + (wide.value - wide.bound) + 1e-6
    assert wide.value <= narrow.value * 1.01 + 1e-6


@few
@given(theatres())
def test_recommended_is_no_worse_than_what_has_less(theatre):
    plans = theatre.options()
    for name in {"reduced", "recommended_without_gendarmerie"} & set(plans):
        assert plans["recommended"].value <= plans[name].value + 1e-6
    if not theatre.verify(plans["status_quo"]):
        assert plans["recommended"].value <= plans["status_quo"].value + 1e-6


@few
@given(theatres(), st.integers(1, 5))
def test_one_more_pledge_never_hurts(theatre, number):
    plans = theatre.options()
    extra = made.pledge("more", "FPU", number, "RDL")
    pledges = made.rows("pledges", [*theatre.inputs.pledges.to_dict("records"), extra])
    inputs = replace(theatre.inputs, pledges=pledges)
    force = made.generation(theatre.study, pledges, made.np.random.default_rng(0), {})
    known = theatre.generation.arrival
    force.arrival.loc[{"pledge": known["pledge"].values}] = known.values
    wider = replace(theatre, inputs=inputs, generation=force).options()["recommended"]
    assert wider.bound <= plans["recommended"].value * (1 + 1e-9)


@few
@given(theatres())
def test_a_pledge_is_never_used_against_its_caveat(theatre):
    pledges = theatre.inputs.pledges.set_index("pledge")
    for plan in theatre.options().values():
        for row in plan.table.itertuples():
            offer = pledges.loc[row.pledge]
            if offer["readiness"] == "in_mission" and offer["area"] == row.area:
                continue
            words = offer["caveats"].split()
            only = [w.removeprefix("only:") for w in words if w.startswith("only:")]
            assert "capital_only" not in words or row.area == "a000"
            assert "no_fighting_area" not in words or theatre.phases[row.area] != "fighting"
            assert f"not:{row.area}" not in words
            assert not only or row.area in only
            assert not ("no_move" in words and offer["readiness"] == "in_mission")


@few
@given(theatres())
def test_relabelling_in_order_changes_no_number(theatre):
    names = {k: f"z{k}" for k in theatre.inputs.areas["area"]}
    inputs = theatre.inputs
    pledges = inputs.pledges.assign(
        area=inputs.pledges["area"].replace(names),
        caveats=inputs.pledges["caveats"].str.replace(":a", ":za"),
    )
    gap = theatre.assessment
    renamed = replace(
        theatre,
        study=replace(theatre.study, capital=names[theatre.study.capital]),
        inputs=replace(inputs, areas=inputs.areas.replace({"area": names}), pledges=pledges),
        assessment=replace(
            gap,
            requirement=gap.requirement.assign_coords(area=list(names.values())),
            phases={names[k]: v for k, v in gap.phases.items()},
        ),
        hours=theatre.hours.assign_coords(area=list(names.values()), serves=list(names.values())),
    )
    before = theatre.options()
    for name, plan in renamed.options().items():
        same = before[name]
        assert (plan.value, plan.bound) == (same.value, same.bound)
        assert plan.table["number"].tolist() == same.table["number"].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_present_units_are_on_the_table_from_the_first_month(seed):
    pledges = made.mission(AREAS, seed, 6)
    theatre = made.theatre(pledges, areas=AREAS, officers=100.0, seed=seed)
    table = theatre.options()["status_quo"].table
    first = table[table["month"] == theatre.study.first_month]
    assert first["number"].sum() == sum(
        p["number"] for p in pledges if p["readiness"] == "in_mission"
    )
