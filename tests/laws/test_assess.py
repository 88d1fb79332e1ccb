"""Laws of the gap: what must hold whatever the theatre."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from polgap.assess import _need, left_open
from polgap.assess._able import able_share, critical_elements, frechet, joint_share
from polgap.assess._advice import ACCOUNT, Limits, verdict
from polgap.assess._assign import assign
from polgap.assess._cases import cases
from polgap.assess._convert import relief_factor
from polgap.assess._incidents import PEAK, held, poisson_quantile
from polgap.assess._police import Players, Police
from polgap.assess._posts import Place
from polgap.assess._why import PLAYERS, _shares, coalitions
from polgap.assess._willing import function_weights, willing
from polgap.domain import add_months, cube
from polgap.draws import linear_pool

HERE = Path(__file__).parents[1] / "unit" / "assess" / "synthetic.py"
SPEC = importlib.util.spec_from_file_location("assess_laws_synthetic", HERE)
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)

officers = st.floats(0.0, 500.0)
share = st.floats(0.0, 1.0)
people = st.floats(1e3, 5e6)
runs = settings(max_examples=12, deadline=None)
fast = settings(max_examples=80, deadline=None)
few = settings(max_examples=20, deadline=None)


@st.composite
def cells(draw, most=3, officers=officers, share=share):
    """Need of a few functions, officers of a few institutions, and who can do what."""
    functions, institutions = draw(st.integers(1, 5)), draw(st.integers(1, most))
    need = draw(arrays(float, functions, elements=officers))
    strength = draw(arrays(float, institutions, elements=officers))
    reach = draw(arrays(float, (institutions, functions), elements=share))
    return need, strength, reach


def served(need, strength, reach):
    return assign(need[None, :, None], strength[:, None, None], reach[..., None])[0, :, 0]


def lexicographic(need, strength, reach):
    """The same by linear programs: each function in turn takes all it can."""
    institutions, functions = reach.shape
    arcs = institutions * functions
    bounds = np.minimum(reach * strength[:, None], need[None]).ravel()
    by_function = np.tile(np.eye(functions), institutions)
    by_institution = np.repeat(np.eye(institutions), functions, axis=1)
    rows, limits = [by_institution, by_function], [strength, need]
    found = np.zeros(functions)
    for j in range(functions):
        done = linprog(
            -by_function[j],
            A_ub=np.vstack(rows),
            b_ub=np.concatenate(limits),
            bounds=list(zip(np.zeros(arcs), bounds, strict=True)),
        )
        assert done.status == 0
        found[j] = -done.fun
        rows.append(-by_function[j : j + 1])
        limits.append([-(found[j] - 1e-6)])
    return found


# Round figures: the solver works to a tolerance, and calls a remainder of 1e-9 infeasible.
quarters = st.integers(0, 2000).map(lambda n: n / 4)
twentieths = st.integers(0, 20).map(lambda n: n / 20)


@settings(max_examples=60, deadline=None)
@given(cells(officers=quarters, share=twentieths))
def test_the_closed_form_is_the_lexicographic_program(cell):
    assert served(*cell) == pytest.approx(lexicographic(*cell), abs=1e-4)


@fast
@given(cells(most=4))
def test_nobody_serves_twice_and_nothing_is_served_beyond_need(cell):
    need, strength, _ = cell
    given_ = served(*cell)

    assert (given_ >= 0).all()
    assert (given_ <= need).all()
    assert given_.sum() <= strength.sum() + 1e-6


@fast
@given(cells(), st.integers(0, 2), officers)
def test_more_provision_never_enlarges_a_shortfall(cell, which, more):
    need, strength, reach = cell
    larger = strength.copy()
    larger[which % len(strength)] += more

    # In total, and for every head of the priority list.
    before, after = (np.cumsum(need - served(need, s, reach)) for s in (strength, larger))
    assert (after <= before + 1e-6).all()


@fast
@given(cells(), share)
def test_more_will_never_enlarges_a_shortfall(cell, step):
    need, strength, reach = cell
    keener = reach + step * (1.0 - reach)

    before, after = (np.cumsum(need - served(need, strength, w)) for w in (reach, keener))
    assert (after <= before + 1e-6).all()


@fast
@given(cells())
def test_an_institution_that_gives_nothing_changes_nothing(cell):
    need, strength, reach = cell
    idle = np.vstack([reach, np.zeros(len(need))])

    assert (served(need, np.append(strength, 99.0), idle) == served(*cell)).all()


@fast
@given(arrays(float, (5, 1), elements=share), share, st.booleans(), st.integers(0, 4), share)
def test_ability_rises_with_each_element_within_the_bounds(ratios, rho, nested, which, step):
    critical, common = critical_elements(3), np.array([rho])
    better = ratios.copy()
    better[which] += step * (1.0 - better[which])

    low, high = frechet(ratios[:, 0])
    assert low - 2e-3 <= joint_share(ratios, common)[0] <= high + 1e-9
    able, abler = (able_share(r, nested, critical, common)[0] for r in (ratios, better))
    assert 0.0 <= able <= abler + 1e-9 <= 1.0 + 2e-9


@fast
@given(
    arrays(float, (4, 1, 3), elements=st.floats(0.0, 30.0)),
    arrays(int, 4, elements=st.integers(0, 2)),
)
def test_pooling_never_holds_less_than_the_bases_nor_loses_the_pooled_peak(mean, group):
    _, group = np.unique(group, return_inverse=True)
    incidents, _ = held(mean, group)

    assert (incidents >= poisson_quantile(mean, 0.5)).all()
    for number in set(group.tolist()):
        inside = group == number
        pooled = poisson_quantile(mean[inside].sum(axis=0), PEAK)
        assert (incidents[inside].sum(axis=0) >= pooled - 1e-4).all()  # float32


def ground_of(counts, posts):
    ground = made.areas(counts)
    keys = ground["area"].tolist()
    named = [
        made.rule(rule, n, area)
        for rule in ("posts_border", "sites_custody", "posts_static")
        for area, n in zip(keys, posts, strict=True)
    ]
    theta = made.theta(5)
    inhabitants = np.repeat(np.array(counts)[:, None], 5, axis=1)
    relief = relief_factor(theta["weekly_hours"], theta["absence_share"])

    def place(rules):
        table = made.table("rules", rules)
        return Place(ground, table, made.study().all_months, inhabitants, relief, theta)

    return place([]), place(named)


@fast
@given(people, people, st.integers(0, 40), st.integers(0, 40), st.floats(0, 50), st.floats(0, 50))
def test_splitting_an_area_keeps_its_additive_need(one, two, posts1, posts2, deaths1, deaths2):
    apart, merged = (
        ground_of([one, two], [posts1, posts2]),
        ground_of([one + two], [posts1 + posts2]),
    )
    lethal = np.array([deaths1, deaths2])[:, None, None], np.array([[[deaths1 + deaths2]]])

    def totals(grounds, events):
        (plain, named), part = grounds, slice(0, len(events))
        known = cases(plain, part, events)
        needs = [
            *(f(plain, part) for f in (_need.community, _need.static, _need.custody)),
            _need.sgbv(plain, part, known),
            *(f(named, part) for f in (_need.border, _need.custody, _need.static)),
            *(f(plain, known) for f in (_need.investigation, _need.serious_crime)),
            _need.development(events[:, 0] * 100.0, plain.theta),
        ]
        return [np.broadcast_to(n, (len(events), 14, 5)).sum(axis=0) for n in needs]

    for left, right in zip(totals(apart, lethal[0]), totals(merged, lethal[1]), strict=True):
        assert left == pytest.approx(right, rel=1e-9)


@st.composite
def theatres(draw):
    """A theatre of three areas with some police and no predation."""
    counts = draw(st.lists(people, min_size=3, max_size=3))
    police = draw(
        st.lists(
            st.builds(
                made.host,
                st.sampled_from(["*", "area0", "east"]),
                roll=st.floats(0.0, 9000.0),
                shares=st.floats(0.0, 1.0),
            ),
            max_size=2,
            unique_by=lambda row: row["area"],
        )
    )
    willing = made.will(draw(share))
    seed = draw(st.integers(0, 9))
    return counts, police, willing, seed


def answer(counts, police, willing, seed, names=None, overrides=made.CALM, rung="reinforce"):
    ground = made.areas(counts, names=names)
    known = made.inputs(ground, police, willing, overrides=overrides)
    what = made.study(6)
    violence = made.futures(what, ground, draws=6, seed=seed)
    return made.measure(known, what, violence, rung=rung, draws=6)


@runs
@given(theatres())
def test_without_host_police_the_whole_need_is_short(theatre):
    counts, _, willing, seed = theatre
    found = answer(counts, [], willing, seed)

    assert (found.shortfall == found.need).all()
    assert not found.host.any()


@runs
@given(theatres())
def test_the_waterfall_and_the_causes_hold(theatre):
    found = answer(*theatre)

    assert (found.host <= found.need).all()
    assert float(found.requirement.sum()) >= 0
    if found.why is None:
        assert not found.shortfall.isel(month=slice(0, 12)).any()
    else:
        assert sum(found.why.values()) == pytest.approx(1.0)
        rows = found.why_by_area.dropna()
        assert rows[[*PLAYERS, "structural"]].sum(axis=1).to_numpy() == pytest.approx(1.0)


@runs
@given(theatres())
def test_names_of_areas_change_no_number(theatre):
    counts, police, willing, seed = theatre
    # Parents stay; rows that name an area are renamed with it.
    renamed = [{**p, "area": p["area"].replace("area0", "zulu")} for p in police]

    plain = answer(counts, police, willing, seed)
    other = answer(counts, renamed, willing, seed, names=["zulu", "yankee", "xray"])

    assert (plain.requirement.values == other.requirement.values).all()
    assert plain.why == other.why


@runs
@given(theatres(), st.integers(0, 2))
def test_more_people_never_need_less(theatre, which):
    counts, police, willing, seed = theatre
    more = [p * (2.0 if k == which else 1.0) for k, p in enumerate(counts)]

    before, after = (answer(c, police, willing, seed).need for c in (counts, more))

    # An area's part of a pooled surge may shrink when a neighbour's grows; the whole never does.
    # Mentors are counted by officers, who move with the people.
    pooled, mentors = ["public_order", "protection"], ["development"]
    alone = [n.drop_sel(function=pooled + mentors).values for n in (before, after)]
    whole = [n.sel(function=pooled).sum("area", dtype=np.float64).values for n in (before, after)]
    for less, greater in (alone, whole):
        assert (greater >= less * (1.0 - 1e-5)).all()


@runs
@given(theatres(), st.floats(0.0, 9000.0))
def test_a_surplus_in_one_area_hides_no_hole_in_another(theatre, extra):
    counts, _, willing, seed = theatre
    few, many = (
        [made.host("area0", roll=n, shares=1.0), made.host("area1", roll=50.0)]
        for n in (extra, extra + 5000.0)
    )

    before, after = (answer(counts, p, willing, seed).shortfall[1:] for p in (few, many))

    assert (before == after).all()


@st.composite
def missions(draw):
    asked = draw(arrays(float, (2, 3, 13, 4), elements=officers))
    there = draw(arrays(float, (3, 2, 3, 4), elements=st.floats(0.0, 900.0)))
    return asked, there


@settings(max_examples=40, deadline=None)
@given(missions())
def test_heads_and_powers_add_to_the_mission_gap(pair):
    asked, there = pair
    functions = made.catalogue.table("functions")["function"].tolist()
    labels = {"area": ["a", "b"], "month": ["2021-01", "2021-02", "2021-03"]}
    requirement = cube(asked, units="officers", **labels, function=functions, draw=range(4))
    mission = cube(there, units="officers", unit_type=["FPU", "IPO", "IPU"], **labels,
                   draw=range(4))  # fmt: skip

    left = left_open(requirement, mission)

    unmet = left.unmet.sum("function", dtype=np.float64)
    assert (left.deployment + left.enforcement).values == pytest.approx(unmet.values, rel=1e-12)
    assert (left.deployment >= 0).all()
    assert (left.enforcement >= 0).all()
    heads = requirement.sum("function") - mission.sum("unit_type")
    assert left.deployment.values == pytest.approx(np.maximum(0, heads.values), abs=1e-2)


@fast
@given(arrays(float, 16, elements=st.floats(0.0, 1e5)))
def test_shares_of_causes_sum_to_one(worth):
    assume(worth[0] > 1e-3)
    value = dict(zip(coalitions(), worth.tolist(), strict=True))

    assert sum(_shares(value)) == pytest.approx(1.0, abs=1e-6 * max(1.0, worth.max() / worth[0]))


@fast
@given(arrays(float, 4, elements=st.floats(0.0, 100.0)), st.floats(0.0, 100.0))
def test_causes_that_do_not_interact_keep_their_own_worth(own, base):
    assume(own.sum() + base > 1e-6)
    value = {c: base + sum(w for w, cured in zip(own, c, strict=True) if not cured)
             for c in coalitions()}  # fmt: skip

    assert _shares(value) == pytest.approx(
        [*(own / value[(False,) * 4]), base / (own.sum() + base)]
    )


def test_players_stand_in_the_order_of_their_names():
    assert tuple(Players.__dataclass_fields__) == PLAYERS


@fast
@given(
    arrays(float, (16, 3, 4), elements=st.floats(0.0, 1e5)),
)
def test_shares_of_parts_sum_to_one_and_weigh_up_to_those_of_the_whole(worth):
    value = dict(zip(coalitions(), worth, strict=True))
    none = worth[0]
    assume(none.min() > 1e-3)

    cells, whole = _shares(value), _shares({c: v.sum() for c, v in value.items()})
    largest = max(1.0, float((worth / none).max()))
    assert cells.sum(axis=0) == pytest.approx(np.ones(none.shape), abs=1e-6 * largest)
    weighed = (cells * none).sum(axis=(1, 2)) / none.sum()
    assert weighed == pytest.approx(whole, abs=1e-6 * largest)


def provided(police, opinions_, seed):
    """Officers served by area, month and draw, of a need that does not move with the police."""
    host = made.host_of(police, draws=6, **made.CALM)
    chance, rows = made.theta(6, **made.CALM), made.table("willingness", opinions_)
    will = willing(made.study(6), rows, host.institutions, made.areas(), chance)
    functions = made.catalogue.table("functions")["function"].tolist()
    weights, one = function_weights(functions), np.ones(6)
    ready = Police(host, will, functions, weights, one, one)
    need = np.random.default_rng(seed).gamma(0.5, 300.0, (3, 2, len(functions), 6))
    return np.stack([ready.serve(a, need[a]).sum(axis=1) for a in range(3)])


@few
@given(theatres(), st.integers(0, 4), st.floats(0.0, 1.0))
def test_more_of_any_able_share_never_gives_less(theatre, which, step):
    _, police, willing_, seed = theatre
    element = ("vetted", "trained", "equipped", "paid", "in_reach")[which]
    better = [{**row, element: row[element] + step * (1.0 - row[element])} for row in police]

    before, after = (provided(p, willing_, seed) for p in (police, better))
    assert (after >= before * (1.0 - 1e-6) - 1e-6).all()


@few
@given(theatres(), st.integers(0, 4), st.floats(0.0, 1.0))
def test_more_of_any_willingness_never_gives_less(theatre, which, step):
    _, police, willing_, seed = theatre
    points = ("low", "mid", "high")
    keener = [
        {**row, **{k: row[k] + step * (1.0 - row[k]) for k in points}}
        if row["indicator"] == made.INDICATORS[which]
        else row
        for row in willing_
    ]

    before, after = (provided(police, w, seed) for w in (willing_, keener))
    assert (after >= before * (1.0 - 1e-6) - 1e-6).all()


@st.composite
def opinions(draw):
    points = draw(st.lists(st.lists(share, min_size=3, max_size=3), min_size=1, max_size=3))
    return [
        {**dict(zip(("low", "mid", "high"), sorted(p), strict=True)), "assessor_role": f"role {k}",
         "basis": "given", "as_of": "2020-12"}
        for k, p in enumerate(points)
    ]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(opinions(), st.integers(0, 60), st.integers(0, 60))
def test_an_older_assessment_is_never_narrower(rows, age, more):
    origin = "2020-12"

    def width(months):
        aged = [{**r, "as_of": add_months(origin, -months)} for r in rows]
        drawn = linear_pool(made.pd.DataFrame(aged), 0, origin, made.theta(200))
        return np.quantile(drawn, 0.9) - np.quantile(drawn, 0.1)

    assert width(age + more) >= width(age) - 1e-9


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.floats(50.0, 1e4))
def test_an_older_host_figure_is_never_narrower(age, more, roll):
    def width(months):
        row = made.host(roll=roll, as_of=add_months("2020-12", -months))
        given_ = made.host_of([row], draws=60)
        return np.ptp(np.log(given_.roll.sum(axis=(0, 1))))

    assert width(age + more) >= width(age) - 1e-9


@fast
@given(share, share, share, share, st.floats(0.0, 1.0))
def test_more_harm_or_less_will_never_brings_back_equipment(able, willing, harm, short, step):
    at = Limits(0.35, 0.5, 0.5, 0.05, 0.1)
    now = int(verdict(at, *(np.array(x) for x in (able, willing, harm, short))))
    worse = [(able, willing * (1.0 - step), harm, short),
             (able, willing, harm + step * (1.0 - harm), short)]  # fmt: skip

    for point in worse:
        later = int(verdict(at, *(np.array(x) for x in point)))
        assert now != ACCOUNT or later == ACCOUNT
