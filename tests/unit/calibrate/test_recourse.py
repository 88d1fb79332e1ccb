"""Re-tasking in each future, the worst futures, and the model for other solvers."""

from dataclasses import replace

import highspy
import linopy
import numpy as np
import pytest

from polgap import calibrate
from polgap.calibrate._limits import broken
from polgap.calibrate._model import Layout
from polgap.calibrate._offer import counts_of, program_of
from polgap.calibrate._recourse import cells, envelope, lower, unmet
from polgap.calibrate._solve import solve

RISK = (0.5, 0.4)


@pytest.fixture(scope="module")
def theatre(made):
    offers = [
        made.pledge("old", "FPU", 1, area="a000"),
        made.pledge("new", "IPU", 1, "RDL", caveats="not:a001"),
        made.pledge("few", "IPO", 12, "RDL"),
    ]
    rules = [made.rule("budget_year", 9.0, units="million USD")]
    return made.theatre(
        offers, rules, areas=3, months=6, draws=5, officers=70.0, arrival={"new": 2, "few": 0}
    )


def inputs_of(theatre):
    return {
        "study": theatre.study, "inputs": theatre.inputs, "assessment": theatre.assessment,
        "generation": theatre.generation, "hours": theatre.hours, "theta": theatre.theta,
    }  # fmt: skip


@pytest.fixture(scope="module")
def program(theatre):
    return program_of(
        theatre.study, theatre.inputs, theatre.assessment.requirement, theatre.phases,
        theatre.generation, theatre.hours, theatre.theta,
    )[0]  # fmt: skip


@pytest.fixture(scope="module")
def asked(theatre, program):
    return cells(program, theatre.study, theatre.assessment.requirement)


def exact(model):
    """The optimum of the whole model, by branch and bound."""
    highs = model.highs()
    highs.setOptionValue("solver", "choose")
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs.getInfo().objective_function_value


def test_the_bound_is_below_the_optimum_and_every_plan_above(theatre, program, asked):
    best = exact(Layout(program, *asked, RISK).model())
    found = calibrate.retasked(None, **inputs_of(theatre), aversion=RISK[0], tail=RISK[1])
    assert found.bound <= best * (1 + 1e-6)
    assert found.value >= best * (1 - 1e-6)
    assert found.value <= 1.1 * best
    assert found.bound >= 0.8 * best


def test_the_model_with_the_units_fixed_is_what_the_plan_leaves(theatre, program, asked):
    count = solve(program, "test").count
    futures = unmet(program, *asked, count)
    want = float((envelope(futures, *RISK) * futures).sum())
    layout = Layout(program, *asked, RISK)
    model = layout.model()
    highs = model.highs()
    columns = layout.x[layout.x >= 0].astype(np.int32)
    units = count[layout.x >= 0].astype(float)
    highs.changeColsBounds(len(columns), columns, units, units)
    highs.setOptionValue("solver", "choose")
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(want, rel=1e-6)


def test_retasking_never_leaves_more_than_tying(theatre):
    plan = theatre.options()["recommended"]
    found = calibrate.retasked(plan, **inputs_of(theatre), aversion=0.0)
    assert found.tied == plan.value
    assert found.mean <= plan.value * (1 + 1e-6)
    assert found.value == found.mean == pytest.approx(found.futures.mean())
    assert found.bound <= found.value and 0.0 <= found.gap_percent <= 100.0


def test_more_aversion_never_lowers_the_value(theatre):
    plan = theatre.options()["recommended"]
    low, high = (
        calibrate.retasked(plan, **inputs_of(theatre), aversion=a, tail=0.4) for a in (0.2, 0.8)
    )
    assert low.mean == high.mean and low.value <= high.value and low.worst == high.worst


def test_the_bound_holds_for_any_weights_in_the_envelope(program, asked):
    count = solve(program, "test").count
    futures = unmet(program, *asked, count)
    value = float((envelope(futures, *RISK) * futures).sum())
    equal = np.full(len(futures), 1.0 / len(futures))
    assert lower(program, *asked, equal) <= value * (1 + 1e-6)


@pytest.mark.parametrize("asked_for", [{"aversion": 1.5}, {"tail": 0.0}, {"aversion": -0.1}])
def test_shares_that_make_no_sense_are_refused(theatre, asked_for):
    with pytest.raises(ValueError, match="retasked: got"):
        calibrate.retasked(None, **inputs_of(theatre), **asked_for)


def test_a_hedged_plan_keeps_the_rules(theatre, program):
    found = calibrate.retasked(None, **inputs_of(theatre))
    assert theatre.verify(found.plan) == []
    assert not broken(program.limits, counts_of(program, theatre.study, found.plan))


def test_without_its_limits_the_model_does_better(program, asked):
    free = replace(program, limits=())
    own, other = (exact(Layout(p, *asked, RISK).model()) for p in (program, free))
    assert other < own * (1 - 1e-3)


def test_the_mps_file_is_the_model(tmp_path, program, asked):
    model = Layout(program, *asked, RISK).model()
    path = tmp_path / "model.mps"
    model.write_mps(path)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(path))
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(exact(model), rel=1e-6)


def test_the_view_in_linopy_is_the_model(program, asked):
    model = Layout(program, *asked, RISK).model()
    view = model.to_linopy()
    assert isinstance(view, linopy.Model)
    view.solve("highs", mip_rel_gap=1e-7)
    assert view.objective.value + model.constant == pytest.approx(exact(model), rel=1e-5)
