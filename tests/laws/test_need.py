"""Laws of need: split and merge, more people, and silence."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from polgap.assess import _books, _dated
from polgap.assess._cases import cases
from polgap.assess._incidents import PEAK, held, poisson_quantile
from polgap.assess._models import MODELS, Facts
from polgap.assess._posts import Place
from polgap.assess._violence import assemblies_at_once
from polgap.domain import Panel, check_table, empty_table, month_range

HERE = Path(__file__).parents[1] / "unit" / "assess" / "synthetic.py"
SPEC = importlib.util.spec_from_file_location("need_laws_synthetic", HERE)
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)

DRAWS = 4
THETA = made.theta(DRAWS)
MONTHS = month_range("2020-01", 12)
fast = settings(max_examples=30, deadline=None)
slow = settings(max_examples=10, deadline=None)
people = st.floats(1e3, 5e6)
means = arrays(float, (5, 1, 3), elements=st.floats(0.0, 40.0))


def place_of(counts, rules=(), crime=None):
    ground = made.areas(counts)
    inhabitants = np.repeat(np.array(counts)[:, None], DRAWS, axis=1)
    books = {}
    if crime is not None and len(crime):
        books = _books.offences(crime, ground["area"].tolist(), "2020-12", THETA)
    return Place(ground, made.table("rules", list(rules)), made.study().all_months, inhabitants,
                 np.full(DRAWS, 5.0), THETA, books)  # fmt: skip


def facts_of(place, lethal):
    areas = len(place.areas)
    nothing = np.zeros((areas, 1, DRAWS))
    return Facts(place, slice(0, areas), lethal,
                 {"protection": nothing, "public_order": nothing}, nothing, nothing[:, 0],
                 Panel(made.panel(place.areas)), empty_table("protests"))  # fmt: skip


ADDITIVE = [("community", "workload"), ("community", "posts"), ("community", "bottom_up"),
            ("protection", "workload"), ("protection", "posts"), ("public_order", "workload"),
            ("public_order", "posts"), ("investigation", "posts"), ("custody", "posts"),
            ("sgbv", "posts"), ("sgbv", "bottom_up")]  # fmt: skip


@slow
@given(people, people, st.floats(0, 9000), st.floats(0, 30), st.integers(0, 50))
def test_additive_models_split_and_merge_alike(one, two, persons, days, events):
    apart, merged = (
        facts_of(
            place_of(counts, [made.rule("returns", persons, "area0"),
                              made.rule("markets", days, "area0")]),
            np.full((len(counts), 14, DRAWS), float(events) / len(counts)),
        )
        for counts in ([one, two], [one + two])
    )  # fmt: skip
    for function, model in ADDITIVE:
        left, right = (
            np.broadcast_to(MODELS[function][model](f), (len(f.place.areas), 14, DRAWS)).sum(axis=0)
            for f in (apart, merged)
        )
        assert left == pytest.approx(right, rel=1e-9), (function, model)
    for dated in (_dated.markets, _dated.reception, _dated.return_disputes):
        left, right = (np.asarray(dated(f.place, f.part)).sum() for f in (apart, merged))
        assert left == pytest.approx(right)


@fast
@given(means)
def test_queues_merge_without_rising_by_more_than_one_crew_a_merger(mean):
    apart = poisson_quantile(mean, PEAK).sum(axis=0)
    merged = poisson_quantile(mean.sum(axis=0), PEAK)

    assert (merged <= apart + len(mean) - 1).all()


@fast
@given(means, st.integers(0, 3))
def test_merging_two_areas_of_a_cluster_moves_its_pooled_need_by_one_crew_at_most(mean, first):
    together = np.concatenate([mean[:first], mean[first : first + 2].sum(axis=0, keepdims=True),
                               mean[first + 2 :]])  # fmt: skip
    before, after = (held(m, np.zeros(len(m), dtype=int))[0].sum(axis=0) for m in (mean, together))

    assert (np.abs(after - before) <= 1.0 + 1e-9).all()


@slow
@given(st.lists(people, min_size=2, max_size=2), st.integers(0, 1), st.integers(0, 30))
def test_doubling_the_people_lowers_no_model(counts, which, events):
    lethal = np.full((2, 14, DRAWS), float(events))
    more = [c * (2.0 if k == which else 1.0) for k, c in enumerate(counts)]
    before, after = (facts_of(place_of(c), lethal) for c in (counts, more))

    for function, models in MODELS.items():
        for name, model in models.items():
            low, high = (np.asarray(model(f)) for f in (before, after))
            assert (high >= low * (1.0 - 1e-9)).all(), (function, name)


@st.composite
def counted(draw):
    """Return a table of crime, and which of its rows fall silent."""
    areas = draw(st.sampled_from([["area0"], ["area0", "area1"]]))
    kinds = draw(st.lists(st.sampled_from(_books.OFFENCES), min_size=1, max_size=3, unique=True))
    months = MONTHS[: draw(st.integers(1, len(MONTHS)))]
    rows = [(a, m, k) for a in areas for k in kinds for m in months]
    reported = draw(arrays(float, len(rows), elements=st.integers(0, 60).map(float)))
    silent = draw(arrays(bool, len(rows)))
    frame = pd.DataFrame(rows, columns=["area", "month", "offence"])
    return frame.assign(reported=reported, effort=1.0, basis="given"), silent


def work(crime, lethal=2.0):
    place = place_of([4e5, 1e5], crime=check_table("crime", crime) if len(crime) else None)
    found = cases(place, slice(0, 2), np.full((2, 14, DRAWS), lethal))
    return [found.sgbv, found.serious, found.ordinary, found.minor]


@fast
@given(counted())
def test_silence_never_lowers_need_below_that_of_nothing_happened(table):
    crime, silent = table
    zero = crime.assign(reported=crime["reported"].where(~silent, 0.0))

    for quiet, nothing in zip(work(crime[~silent]), work(zero), strict=True):
        assert (quiet >= nothing * (1.0 - 1e-9)).all()


@fast
@given(counted(), st.floats(0.05, 1.0))
def test_less_effort_for_the_same_count_never_lowers_need(table, effort):
    crime, partly = table
    less = crime.assign(effort=np.where(partly, effort, 1.0))

    for more, plain in zip(work(less), work(crime), strict=True):
        assert (more >= plain * (1.0 - 1e-9)).all()


@fast
@given(arrays(float, (2, 60), elements=st.integers(0, 20).map(float)), arrays(bool, (2, 60)))
def test_assemblies_not_observed_never_need_less_than_none(counts, silent):
    place = place_of([4e5, 1e5])
    zero, missing = (np.where(silent, value, counts) for value in (0.0, np.nan))
    nothing, quiet = (
        assemblies_at_once(place, Panel(made.panel(place.areas, protests=c)))[0]
        for c in (zero, missing)
    )

    assert (np.broadcast_to(quiet, (2, 14, DRAWS)) >= nothing * (1.0 - 1e-9)).all()
