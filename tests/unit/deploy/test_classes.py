"""A task caveat binds in what is left open: those officers serve nothing that it bars."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import assess, calibrate, catalogue, deploy, examples
from polgap import study as sentence
from polgap.domain import Plan, Requirement, cube, unit_class
from polgap.draws import Parameters


@pytest.fixture(scope="module")
def toy():
    return examples.toy(draws=8)


def left(toy, caveats, function):
    """Return what one present unit leaves open of 50 officers asked for in one function."""
    study, inputs = toy
    pledges = inputs.pledges.iloc[[0]].assign(caveats=caveats)
    theta = Parameters(catalogue.parameters(), study.seed, study.draws)
    force = deploy.generate(study, pledges, theta.of("deploy"))
    table = pd.DataFrame({
        "pledge": "P1", "unit_type": "FPU", "area": "centre", "month": study.report_months,
        "number": 1.0,
    })  # fmt: skip
    tasking = pd.DataFrame(columns=["unit_type", "area", "serves", "share"])
    plan = Plan("by hand", table, tasking)
    placed = deploy.place(study, plan, pledges, force, theta.of("deploy"), inputs.areas)
    functions = catalogue.table("functions")["function"].astype(str).tolist()
    areas = inputs.areas["area"].tolist()
    asked = np.zeros((3, study.months, len(functions), study.draws), dtype=np.float32)
    asked[areas.index("centre"), :, functions.index(function)] = 50.0
    wanted = Requirement(cube(asked, units="officers on strength", area=areas,
                              month=study.report_months, function=functions,
                              draw=range(study.draws)))  # fmt: skip
    return placed, assess.left_open(wanted, placed.mission)


@pytest.mark.parametrize(
    ("caveats", "function", "expected"),
    [
        ("", "public_order", 0.0), ("no_crowd_control", "public_order", 50.0),
        ("no_crowd_control", "protection", 0.0), ("no_night", "static", 50.0),
        ("no_night no_crowd_control", "public_order", 50.0),
    ],
)  # fmt: skip
def test_a_task_caveat_binds(toy, caveats, function, expected):
    _, found = left(toy, caveats, function)
    per_month = found.unmet.sel(area="centre").sum("function").values
    assert per_month == pytest.approx(np.full_like(per_month, expected))


def test_the_officers_are_counted_once(toy):
    plain, _ = left(toy, "", "public_order")
    barred, _ = left(toy, "no_crowd_control", "public_order")
    assert unit_class("FPU", ["public_order"]) in barred.mission["unit_type"].values.tolist()
    assert float(plain.mission.sum()) == pytest.approx(float(barred.mission.sum()))
    assert float(barred.mission.sel(unit_type="FPU").sum()) == 0.0


def test_what_the_program_plans_is_what_is_left_open(toy):
    """A caveat makes the recommended plan leave no less open than without it."""
    study, inputs = toy
    barred = replace(inputs, pledges=inputs.pledges.assign(caveats="no_crowd_control"))
    found = {}
    for name, given in (("free", inputs), ("barred", barred)):
        steps = sentence.steps(study, given)
        found[name] = steps
    free, bound = (found[k].left["recommended"].unmet.sel(function="public_order").sum()
                   for k in ("free", "barred"))  # fmt: skip
    asked = found["free"].gap.requirement.sel(function="public_order")
    asked = asked.sel(month=study.report_months).sum()
    assert float(free) < float(bound) == pytest.approx(float(asked))
    assert calibrate.verify.verify(
        found["barred"].deployed["recommended"].plan, study, barred, found["barred"].posture,
        found["barred"].gap.phases, found["barred"].hours,
    ) == []  # fmt: skip
