"""Rules that contradict each other: the smallest set that has to give way."""

import pytest

from polgap import calibrate


def asked(theatre):
    return (
        theatre.study, theatre.inputs, theatre.assessment, theatre.generation, theatre.hours,
        theatre.theta,
    )  # fmt: skip


def pledges(made):
    return [
        made.pledge("here", "FPU", 1, area="a001"),
        made.pledge("more", "FPU", 2, "RDL", women=0.1),
        made.pledge("alone", "IPO", 30, area="a000", women=0.4),
    ]


def relaxed(made, rules, **more):
    theatre = made.theatre(pledges(made), rules, draws=20, **more)
    return {found.rule: found for found in calibrate.relax(*asked(theatre))}


def test_rules_that_can_be_kept_need_not_give_way(made):
    assert relaxed(made, [made.rule("ceiling_total", 700)]) == {}


def test_no_rule_no_answer(made):
    assert relaxed(made, []) == {}


def test_a_floor_above_the_ceiling_names_one_of_them(made):
    rules = [
        made.rule("ceiling_total", 100),
        made.rule("minimum_presence", 140, area="a001"),
        made.rule("minimum_presence", 20, area="a000"),
    ]
    found = relaxed(made, rules)
    assert list(found) in (["ceiling_total"], ["minimum_presence a001"])
    (one,) = found.values()
    assert one.proven
    assert one.by == pytest.approx(60 if one.kind == "at_most" else 140, abs=20)


def test_what_no_pledge_can_give_has_to_give_way(made):
    found = relaxed(made, [made.rule("minimum_presence", 900, area="a003")])
    (one,) = found.values()
    assert (one.rule, one.kind) == ("minimum_presence a003", "at_least")
    assert one.by >= 900 - (140 * 2 + 140 + 30)


def test_the_fewest_rules_give_way(made):
    """One ceiling against two floors: the ceiling alone."""
    rules = [
        made.rule("ceiling_total", 60),
        made.rule("minimum_presence", 140, area="a001"),
        made.rule("women_minimum", 10),
        made.rule("response_time", 0.1, area="a001"),
    ]
    assert list(relaxed(made, rules)) == ["ceiling_total"]
