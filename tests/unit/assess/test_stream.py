"""Part by part is the same as whole: areas, draws, and a few draws alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import assess, catalogue
from polgap.assess._measure import measured
from polgap.draws import Parameters


def rich(made, count=9):
    """Two institutions, a provider, posts, an election, assumed figures and observed protests."""
    people = np.random.default_rng(1).uniform(5e4, 9e5, count)
    ground = made.areas(people, basis="assumed")
    police = [made.host(), made.host(institution="gendarmerie", basis="assumed", authorised=3000)]
    willing = [*made.will(0.6, spread=0.2), *made.will(0.4, area="area1", spread=0.2)]
    other = {"provider": "EU", "area": "area3", "function": "community", "strength": 20,
             "legal_basis": "x", "counts": "full", "basis": "given"}  # fmt: skip
    rules = [made.rule("posts_static", 50), made.rule("election", area="west")]
    seen = made.panel(ground, protests=np.random.default_rng(2).poisson(3.0, (count, 60)))
    return made.inputs(ground, police, willing, others=[other], rules=rules, panel=seen)


@pytest.fixture(scope="module")
def both(made):
    given, what = rich(made), made.study(37)
    violence = made.futures(what, given.areas, draws=37)
    chance = Parameters(catalogue.parameters(), 3, 37, given.overrides)
    asked = (what, given, violence, made.posture(given.areas), made.hours(given.areas), chance)
    return assess.measure(*asked), assess.survey(*asked)


@pytest.mark.parametrize("size", [{}, {"cells": 1, "draws": 5}, {"cells": 4000, "draws": 36}])
def test_all_parts_together_are_the_whole(both, size):
    whole, ground = both
    seen = np.zeros((len(ground.areas), 37), dtype=int)
    alone = np.zeros(37)
    for part in assess.parts(ground, **size):
        seen[part.areas, part.draws] += 1
        alone[part.draws] += part.institutional.sum(axis=0)
        for name in ("need", "shortfall", "requirement"):
            cube = getattr(whole, name).values[part.areas][..., part.draws]
            # One draw alone is summed in another order.
            np.testing.assert_allclose(getattr(part, name), cube, rtol=1e-6, err_msg=name)

    assert (seen == 1).all()
    assert alone == pytest.approx(whole.institutional)


def test_a_few_draws_alone_are_as_they_are_among_all(both):
    whole, ground = both
    positions = np.array([0, 7, 30])
    need, host, short, asked = measured(ground.thinned(positions), slice(2, 6))

    for cube, found in ((whole.need, need), (whole.host, host), (whole.shortfall, short),
                        (whole.requirement, asked)):  # fmt: skip
        assert (cube.values[2:6][..., positions] == found).all()


def test_a_sketch_gives_the_causes_and_the_requirement_of_a_full_measure(both):
    whole, ground = both

    rough = assess.sketch(ground, 12)

    assert rough.causes.shares == whole.why
    assert rough.causes.by_area.equals(whole.why_by_area)
    assert (rough.requirement.values == whole.requirement.values[:, :12]).all()


@pytest.mark.parametrize("model", ["public_order=queue", "investigation=queue", "sgbv=queue"])
def test_books_and_other_models_are_thinned_too(made, model):
    """What is drawn or divided for all draws is taken from all, not drawn anew for a few."""
    given = rich(made, 4)
    offences = ("homicide", "robbery", "sgbv", "property")
    months = [f"2020-{m:02}" for m in range(1, 13)]
    books = pd.DataFrame(
        [{"area": a, "month": m, "offence": o, "reported": 9.0, "effort": 0.8, "basis": "given"}
         for a in given.areas["area"][:2] for m in months for o in offences]
    )  # fmt: skip
    rules = pd.concat([given.rules, pd.DataFrame([made.rule("need_model", units=model)])])
    given = replace(given, crime=books, rules=rules.reset_index(drop=True))
    what = made.study(20)
    violence = made.futures(what, given.areas, draws=20)
    chance = Parameters(catalogue.parameters(), 3, 20, given.overrides)
    ground = assess.survey(what, given, violence, made.posture(given.areas),
                           made.hours(given.areas), chance)  # fmt: skip
    positions = np.array([1, 4, 19])

    for few, whole in zip(measured(ground.thinned(positions), slice(0, 4)),
                          measured(ground, slice(0, 4)), strict=True):  # fmt: skip
        assert (few == whole[..., positions]).all()


def test_thinning_what_is_thinned_keeps_the_place_among_all():
    theta = Parameters(catalogue.parameters(), 1, 10)
    twice = theta.thinned(np.array([1, 4, 7])).thinned(slice(1, 3))

    assert twice.draws == 2
    assert (twice["beat_ratio"] == theta["beat_ratio"][[4, 7]]).all()
    assert theta.used.keys() == twice.used.keys()
