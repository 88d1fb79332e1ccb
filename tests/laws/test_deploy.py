"""Laws of deployment."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap import catalogue
from polgap.deploy import curve, dates, generate, place, travel_hours
from polgap.domain import Plan, Study, check_table, empty_table
from polgap.draws import Parameters

STUDY = Study("T", "2023-12", months=12, draws=200)
AREAS = pd.DataFrame({"area": ["a", "b", "c"]})
TYPES = catalogue.table("unit_types")["unit_type"].tolist()
LEVELS = ["RDL", "L3", "L2", "L1"]
NOWHERE = pd.DataFrame(columns=["unit_type", "area", "serves", "share"])

offers = st.lists(
    st.fixed_dictionaries(
        {
            "unit_type": st.sampled_from(TYPES),
            "number": st.integers(0, 5),
            "readiness": st.sampled_from([*LEVELS, "in_mission"]),
            "chance": st.floats(0.0, 1.0),
            "from": st.sampled_from(["", "2024-03", "2024-12"]),
            "until": st.sampled_from(["", "2024-06"]),
        }
    ),
    min_size=1,
    max_size=5,
)


def parameters(seed):
    return Parameters(catalogue.parameters(), seed, STUDY.draws)


def table(rows):
    fixed = {"contributor": "NOTIONAL", "basis": "assumed"}
    full = [fixed | {"pledge": f"p{i}"} | row for i, row in enumerate(rows)]
    return check_table("pledges", pd.DataFrame(full))


def everywhere(pledges, number=None):
    rows = [
        (p.pledge, p.unit_type, AREAS["area"][i % 3], m, p.number if number is None else number)
        for i, p in enumerate(pledges.itertuples())
        for m in STUDY.report_months
    ]
    columns = ["pledge", "unit_type", "area", "month", "number"]
    return Plan("recommended", pd.DataFrame(rows, columns=columns), NOWHERE)


def deployed(pledges, plan, seed):
    theta = parameters(seed)
    return place(STUDY, plan, pledges, generate(STUDY, pledges, theta), theta, AREAS)


@given(offers, st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_no_units_placed_nothing_deployed(rows, seed):
    found = deployed(table(rows), everywhere(table(rows), number=0), seed)
    assert not found.mission.any()
    assert not found.strength.any()
    assert not found.cost.any()


def test_no_pledge_no_deployment():
    plan = Plan("recommended", empty_table("plan"), NOWHERE)
    found = deployed(empty_table("pledges"), plan, 1)
    assert found.mission.sizes["area"] == 3
    assert not found.mission.any()


@given(offers, st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_chance_zero_never_arrives(rows, seed):
    never = table([row | {"chance": 0.0} for row in rows])
    theta = parameters(seed)
    assert np.isinf(generate(STUDY, never, theta).arrival.values).all()
    assert not deployed(never, everywhere(never), seed).strength.any()


@given(st.sampled_from(TYPES), st.integers(0, 200))
@settings(max_examples=25, deadline=None)
def test_less_ready_is_never_earlier_in_the_middle(unit_type, seed):
    pledges = table(
        [{"unit_type": unit_type, "number": 1, "readiness": r, "chance": 1.0} for r in LEVELS]
    )
    middle = np.median(generate(STUDY, pledges, parameters(seed)).arrival.values, axis=1)
    formed = catalogue.table("unit_types").set_index("unit_type").loc[unit_type, "subunits"] > 0
    if formed:
        assert (np.diff(middle) > 0).all()
    else:
        # Readiness levels are of formed units: for others only luck differs.
        assert np.abs(np.diff(middle)).max() <= 1.0


@given(offers, st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_dates_come_in_order_and_never_before_the_first_month(rows, seed):
    pledges = table(rows)
    found = dates(generate(STUDY, pledges, parameters(seed)), pledges)
    for row in found[["p50", "p80", "p95"]].to_numpy().tolist():
        known = [month for month in row if month is not None]
        assert known == sorted(known)
        assert row[: len(known)] == known
        assert all(month >= STUDY.first_month for month in known)


@given(offers, st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_effective_never_exceeds_deployed(rows, seed):
    found = deployed(table(rows), everywhere(table(rows)), seed)
    effective = found.mission.sum("unit_type")
    assert (effective.values <= found.strength.values + 1e-3).all()
    assert (found.cost >= 0).all()
    assert np.isfinite(curve(found)[["low", "mid", "high"]].to_numpy()).all()


@given(offers, st.integers(1, 4), st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_cost_and_strength_are_linear_in_units(rows, factor, seed):
    """Of the same arrival: more units queue for lift, so they may well come later."""
    once = table(rows)
    more = once.assign(number=once["number"] * factor)
    theta = parameters(seed)
    force = generate(STUDY, once, theta)
    one, many = (place(STUDY, everywhere(t), t, force, theta, AREAS) for t in (once, more))
    assert np.allclose(many.strength, factor * one.strength)
    assert np.allclose(many.cost, factor * one.cost)


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-80, 80)), min_size=2, max_size=6, unique=True
    )
)
@settings(max_examples=25, deadline=None)
def test_travel_is_symmetric_and_obeys_the_triangle(points):
    keys = [str(i) for i in range(len(points))]
    areas = pd.DataFrame(
        {"area": keys, "lon": [p[0] for p in points], "lat": [p[1] for p in points]}
    )
    towns = pd.DataFrame({"area": [], "lon": [], "lat": [], "population": []})
    hours = travel_hours(areas, towns, parameters(1)).values
    assert np.allclose(hours, hours.T)
    detour = (hours[:, :, None] + hours[None, :, :]).min(axis=1)
    assert (hours <= detour + 1e-6).all()


KINDS = ("assessment_teams", "lift_slots", "airport_slots", "camp_crews")
CAPACITY = st.fixed_dictionaries({name: st.integers(1, 3) for name in KINDS})


def shared(capacity):
    rows = [{"rule": k, "value": v, "reason": "law", "basis": "given"} for k, v in capacity.items()]
    return check_table("rules", pd.DataFrame(rows))


@given(offers, CAPACITY, st.integers(0, 50))
@settings(max_examples=12, deadline=None)
def test_sharing_never_makes_a_pledge_earlier_than_alone(rows, capacity, seed):
    """More of a resource may delay somebody (Graham); no schedule beats having it to oneself."""
    given_ = table(rows)
    plenty = shared(dict.fromkeys(capacity, 1000))
    alone = generate(STUDY, given_, parameters(seed), plenty).arrival.values
    found = generate(STUDY, given_, parameters(seed), shared(capacity))
    assert (found.arrival.values >= alone).all()
    timetable = found.timetable
    end = timetable.start + timetable.days
    for k, names in enumerate(timetable.before):
        for m in names:
            assert (timetable.start[k] >= end[m] - 1e-6).all()
    for name, most in zip(timetable.resources["resource"], timetable.resources["capacity"],
                          strict=True):  # fmt: skip
        mine = np.flatnonzero(timetable.steps["resource"] == name)
        units = timetable.steps["units"].to_numpy()[mine, None]
        for k in mine:
            begun = timetable.start[mine] <= timetable.start[k] + 1e-6
            running = begun & (end[mine] > timetable.start[k] + 1e-6)
            finite = np.isfinite(timetable.start[k])
            assert ((units * running).sum(axis=0)[finite] <= most).all()


@given(offers, st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_an_offer_called_for_again_only_adds_arrivals(rows, seed):
    given_ = table([row | {"until": ""} for row in rows])
    plenty = shared(dict.fromkeys(KINDS, 1000))
    never, always = (
        generate(STUDY, given_,
                 Parameters(catalogue.parameters(), seed, STUDY.draws,
                            {"retender_chance": (chance, chance, chance)}), plenty).arrival.values
        for chance in (0.0, 1.0)
    )  # fmt: skip
    came = np.isfinite(never)
    assert (always[came] == never[came]).all()
    assert np.isfinite(always).sum() >= came.sum()
