import numpy as np
import pytest

from polgap import assess, catalogue
from polgap.domain import DIMS
from polgap.errors import LabelError, StudyError


@pytest.fixture(scope="module")
def gap(made):
    return made.measure(made.inputs(made.areas()))


def rich(made, count=34):
    """Many areas, two institutions, a provider, posts and assumed figures: all that can vary."""
    people = np.random.default_rng(1).uniform(5e4, 9e5, count)
    ground = made.areas(people, basis="assumed")
    police = [made.host(), made.host(institution="gendarmerie", basis="assumed", authorised=3000)]
    willing = [*made.will(0.6, spread=0.2), *made.will(0.4, area="area1", spread=0.2)]
    other = {"provider": "EU", "area": "area3", "function": "community", "strength": 20,
             "legal_basis": "x", "counts": "full", "basis": "given"}  # fmt: skip
    rules = [made.rule("posts_static", 50), made.rule("election", area="west")]
    return made.inputs(ground, police, willing, others=[other], rules=rules)


def test_the_cubes_have_all_functions_in_priority_order(made, gap):
    functions = catalogue.table("functions")["function"].tolist()

    for cube in (gap.need, gap.host, gap.shortfall, gap.requirement):
        assert cube.dims == DIMS
        assert cube["function"].values.tolist() == functions
        assert cube["month"].values.tolist() == made.study().all_months
        assert cube.attrs["units"] == "officers on strength"
        assert np.isfinite(cube.values).all()
        assert (cube.values >= 0).all()


def test_the_waterfall_holds_in_every_cell(gap):
    assert (gap.host <= gap.need).all()
    assert gap.shortfall.values == pytest.approx((gap.need - gap.host).values, abs=1e-2)
    own = ["mission_self", "command_admin"]
    rest = gap.requirement.drop_sel(function=own)
    assert (rest <= gap.shortfall.drop_sel(function=own) + 1e-2).all()
    assert not gap.need.sel(function=own).any()


@pytest.mark.parametrize("block", [1, 7, 32])
def test_blocks_change_nothing(made, block):
    given = rich(made)
    whole, parts = made.measure(given), made.measure(given, block=block)

    for name in ("need", "host", "shortfall", "requirement"):
        assert (getattr(whole, name) == getattr(parts, name)).all()
    assert whole.why == parts.why
    assert (whole.institutional == parts.institutional).all()


def test_labels_change_nothing(made):
    plain = made.measure(made.inputs(made.areas(basis="assumed")))
    named = made.measure(made.inputs(made.areas(basis="assumed", names=["z", "y", "x"])))

    assert (plain.requirement.values == named.requirement.values).all()
    assert plain.why == named.why


def test_a_surplus_in_the_capital_hides_no_hole_elsewhere(made):
    crowd = [made.host("area0", roll=1e6, shares=1.0)]
    given = made.inputs(made.areas(), crowd, made.will(1.0), overrides=made.CALM)

    found = made.measure(given)

    short = found.shortfall.drop_sel(function="development").sum("function")
    assert (short.sel(area="area0") == 0).all()
    assert (short.sel(area="area1") == found.need.sel(area="area1").sum("function")).all()


def test_other_providers_lower_the_requirement_not_the_shortfall(made):
    other = {"provider": "EU", "area": "area0", "function": "community", "strength": 1e6,
             "legal_basis": "x", "counts": "full", "basis": "given"}  # fmt: skip
    alone = made.measure(made.inputs(made.areas()))
    helped = made.measure(made.inputs(made.areas(), others=[other]))

    here = {"area": "area0", "function": "community"}
    assert (helped.requirement.sel(here) == 0).all()
    assert (alone.requirement.sel(here) > 0).all()
    assert (helped.shortfall == alone.shortfall).all()


def test_more_powers_and_a_higher_rung_ask_for_more(made):
    given = made.inputs(made.areas())

    totals = [
        float(made.measure(given, rung=rung, powers=powers).requirement.sum())
        for rung, powers in (("mentor", 3), ("reinforce", 1), ("reinforce", 3), ("full_replace", 5))
    ]

    assert totals == sorted(totals)
    assert len(set(totals)) == 4


def test_rules_switch_functions(made):
    off = made.rule("function_off", units="custody")
    post = made.rule("posts_border", 5, "area0")

    plain = made.measure(made.inputs(made.areas()))
    ruled = made.measure(made.inputs(made.areas(), rules=[off, post]))

    assert plain.need.sel(function="custody").all()
    assert not plain.need.sel(function="border").any()
    assert not ruled.need.sel(function="custody").any()
    assert ruled.need.sel(function="border", area="area0").all()
    told = {n.code: n.values for n in ruled.notes}
    assert told["assess.functions_off"] == {"functions": "custody, elections"}


def test_a_rule_for_no_function_is_refused(made):
    rule = made.rule("function_on", units="magic")

    with pytest.raises(StudyError, match="magic"):
        made.measure(made.inputs(made.areas(), rules=[rule]))


def test_predation_is_said_apart(made):
    preys = made.points(host_harm_share=0.2, harm_multiplier=0.5)
    calm = made.points(host_harm_share=0.0)
    police = [made.host(available=500, operational=600)]
    quiet, wild = (
        made.measure(
            made.inputs(made.areas(), police, made.will(0.5), overrides={**made.CALM, **harm})
        )
        for harm in (calm, preys)
    )

    more = (wild.need - quiet.need).sum("area")
    assert more.sel(function="protection").values == pytest.approx(50.0, abs=0.1)
    told = {n.code: n.values for n in wild.notes}["assess.not_closable"]
    assert told["mid"] == pytest.approx(50.0)
    assert "assess.not_closable" not in [n.code for n in quiet.notes]


def test_every_note_can_be_read_in_both_languages(made):
    for found in (made.measure(rich(made)), made.measure(made.inputs(made.areas(), [], []))):
        for note in found.notes:
            for language in ("en", "fr"):
                assert "{" not in catalogue.message(note.code, language, **note.values)


def test_the_phase_rule_is_printed():
    assert "25" in catalogue.message("assess.phase_rule", "fr")


def test_the_institutional_gap_is_the_shortfall_of_month_12_without_losses(made):
    stay = {**made.CALM, **made.points(host_attrition_year=0.0)}
    leave = {**made.CALM, **made.points(host_attrition_year=0.5)}

    kept, lost = (made.measure(made.inputs(made.areas(), overrides=o)) for o in (stay, leave))

    month = kept.shortfall.isel(month=11).sum(["area", "function"])
    assert kept.institutional == pytest.approx(month.values, rel=1e-4)
    assert (lost.institutional > kept.institutional).all()


def test_wider_inputs_make_wider_answers(made):
    given = made.measure(made.inputs(made.areas(), [made.host()]), draws=200)
    assumed = made.measure(made.inputs(made.areas(), [made.host(basis="assumed")]), draws=200)

    spread = [float(g.host.isel(month=0).sum(["area", "function"]).std()) for g in (given, assumed)]
    assert spread[1] > 1.2 * spread[0]


@pytest.mark.parametrize("what", ["area", "draw", "month"])
def test_labels_that_differ_are_refused(made, what):
    ground = made.areas()
    violence = made.futures(made.study(), ground)
    broken = {
        "area": violence.isel(area=[1, 0, 2]),
        "draw": violence.isel(draw=slice(0, 9)),
        "month": violence.isel(month=slice(0, 5)),
    }[what]

    with pytest.raises(LabelError, match=what):
        made.measure(made.inputs(ground), violence=broken)


def test_women_on_duty_are_part_of_the_need(made, gap):
    given = made.inputs(made.areas())

    women = assess.women_on_duty(made.study(), given, made.theta(20))

    assert women.dims == ("area", "draw")
    assert (women > 0).all()
    assert (women <= gap.need.sel(function="sgbv").isel(month=0) + 1e-3).all()


def test_predators_who_leave_lower_the_institutional_gap(made):
    useless = [made.host(shares=0.0, operational=900, available=500)]
    values = {"host_harm_share": 0.2, "harm_multiplier": 0.5}
    stay, leave = (
        made.measure(
            made.inputs(
                made.areas(),
                useless,
                made.will(0.5),
                overrides={**made.CALM, **made.points(host_attrition_year=lost, **values)},
            )
        )
        for lost in (0.0, 0.5)
    )

    assert (stay.institutional - leave.institutional) == pytest.approx(25.0, abs=0.1)
