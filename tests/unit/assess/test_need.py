import numpy as np
import pandas as pd
import pytest

from polgap.assess import _need
from polgap.assess._cases import case_shares, cases
from polgap.assess._posts import Place
from polgap.assess._violence import protection, public_order, reach_groups
from polgap.domain import Panel, check_table

ALL = slice(0, 3)
FIXED = {
    "stations_per_100k": 2, "station_minimum_crew": 5, "beat_ratio": 1000,
    "static_posts_per_100k": 0.5, "custody_officers_per_100k": 5, "cases_per_100k_month": 10,
    "serious_crime_share": 0.2, "sgbv_case_share": 0.3, "case_officer_months": 1.5,
    "sgbv_posts_per_100k": 0.25, "mentor_ratio": 20, "election_officers_per_station": 2,
    "polling_stations_per_100k": 100, "incidents_per_ged_event": 5,
    "incident_duration_hours": 73.05, "officers_per_incident": 30,
    "subunit_strength": 28, "protests_per_million_month": 10,
    "protest_duration_hours": 73.05, "officers_per_protest": 56,
}  # fmt: skip
RELIEF = 5.0


@pytest.fixture
def place(made):
    def build(rules=(), **changes):
        ground = made.areas()
        people = np.repeat(ground["population"].to_numpy()[:, None], 4, axis=1)
        chance = made.theta(4, **made.points(**{**FIXED, **changes}))
        return Place(ground, made.table("rules", list(rules)), made.study().all_months, people,
                     np.full(4, RELIEF), chance)  # fmt: skip

    return build


def first(value):
    return np.broadcast_to(value, (3, 14, 4))[0, 0, 0]


def test_community_is_stations_and_beats(place):
    assert first(_need.community(place(), ALL)) == 4 * 2 * 5 * RELIEF + 400


def test_posts_take_the_relief_factor(place):
    assert first(_need.static(place(), ALL)) == 4 * 0.5 * RELIEF


def test_a_site_list_replaces_the_rate_where_and_when_it_speaks(place, made):
    listed = made.rule("posts_static", 7, "area0", **{"from": "2021-02", "until": "2021-03"})

    need = np.broadcast_to(_need.static(place([listed]), ALL), (3, 14, 4))

    assert need[0, :4, 0].tolist() == [10.0, 35.0, 35.0, 10.0]
    assert (need[1] == 5.0).all()  # silence does not lower the need


def test_a_list_for_the_theatre_is_spread_by_inhabitants(place, made):
    need = _need.static(place([made.rule("posts_static", 70)]), ALL)

    assert need[:, 0, 0] == pytest.approx(np.array([40, 20, 10]) * RELIEF)


def test_a_list_without_a_number_names_nothing(place, made):
    need = _need.static(place([made.rule("posts_static", area="area0")]), ALL)

    assert first(need) == 4 * 0.5 * RELIEF


def test_border_needs_posts_that_somebody_names(place, made):
    assert not _need.border(place(), ALL).any()
    assert first(_need.border(place([made.rule("posts_border", 3, "area0")]), ALL)) == 15.0


def test_custody_by_inhabitants_or_by_listed_cells(place, made):
    assert first(_need.custody(place(), ALL)) == 20.0
    assert first(_need.custody(place([made.rule("sites_custody", 2, "area0")]), ALL)) == 10.0


def test_elections_are_dated(place, made):
    vote = made.rule("election", 40, "area0", **{"from": "2021-02", "until": "2021-02"})

    need = np.broadcast_to(_need.elections(place([vote]), ALL), (3, 14, 4))

    assert need[0, :3, 0].tolist() == [0.0, 40 * 2 * RELIEF, 0.0]
    assert not need[1:].any()


def test_an_election_without_a_number_counts_stations_by_inhabitants(place, made):
    need = np.broadcast_to(_need.elections(place([made.rule("election")]), ALL), (3, 14, 4))

    assert need[:, 0, 0] == pytest.approx(np.array([400, 200, 100]) * 2 * RELIEF)


def test_every_case_is_counted_once(place):
    here = place()
    known = cases(here, ALL, np.full((3, 14, 4), 6.0))

    posts = _need.women_posts(here, ALL)
    total = (
        _need.serious_crime(here, known)
        + _need.investigation(here, known)
        + _need.sgbv(here, ALL, known)
        - posts
    )

    assert first(total) == pytest.approx((4 * 10 + 6) * 1.5)


def test_shares_of_cases_above_one_are_scaled_not_added(made):
    chance = made.theta(4, **made.points(serious_crime_share=0.8, sgbv_case_share=0.8))

    serious, gendered = case_shares(chance)

    assert serious == pytest.approx(np.full(4, 0.5))
    assert gendered == pytest.approx(np.full(4, 0.5))


def test_two_women_at_every_post(place):
    assert first(_need.women_posts(place(), ALL)) == 2 * 1.0 * RELIEF


def test_mentors_follow_the_officers_who_are_there(place):
    need = _need.development(np.array([[200.0] * 4, [0.0] * 4]), place().theta)

    assert need[:, 0, 0].tolist() == [10.0, 0.0]


def test_protection_follows_the_month_of_the_draw(place):
    # 2 events x 5 x a tenth of a month: one incident at a time in the mean, peak 3.
    events = np.zeros((3, 14, 4))
    events[0, 5] = 2.0

    need, _ = protection(place(), events, np.arange(3))

    assert need[0, 5, 0] == 3 * 56 * RELIEF  # 30 officers are two sub-units of 28
    assert np.count_nonzero(need) == 4


def test_lethal_events_alone_make_no_public_order(place, made):
    quiet, _ = public_order(place(), made.panel(made.areas(), 0.0), np.arange(3))
    war, _ = public_order(place(), made.panel(made.areas(), 500.0), np.arange(3))

    assert (quiet == war).all()


def test_unobserved_assemblies_take_the_rate_and_a_note(place, made):
    need, notes = public_order(place(), made.panel(made.areas()), np.arange(3))

    assert need[:, 0, 0].tolist() == [2 * 56 * RELIEF, 56 * RELIEF, 56 * RELIEF]
    assert notes[0].code == "assess.protests_not_observed"
    assert notes[0].values == {"areas": 3, "all": 3}


def test_observed_assemblies_count_and_riots_with_them(place, made):
    seen = np.full((3, 60), np.nan)
    seen[0], seen[1] = 20.0, 0.0
    panel = made.panel(made.areas(), protests=seen, riots=np.where(seen > 0, 10.0, seen))

    need, notes = public_order(place(), Panel(panel), np.arange(3))

    assert (need[0] == 6 * 56 * RELIEF).all()  # thirty a month, a tenth of a month each: peak 6
    assert not need[1].any()
    assert need[2].all()
    assert notes[0].values["areas"] == 1
    assert notes[1].code == "assess.assembly_kinds"
    assert notes[1].values["peaceful"] == pytest.approx(200 / 3)


def test_how_many_were_peaceful_is_said_only_where_both_are_known(place, made):
    seen = np.full((3, 60), 4.0)
    for kind in ("protests", "riots"):
        panel = Panel(made.panel(made.areas(), **{kind: seen}))
        _, notes = public_order(place(), panel, np.arange(3))
        assert "assess.assembly_kinds" not in [n.code for n in notes], kind

    own = pd.DataFrame([{"area": "area1", "month": "2020-06", "assemblies": 8.0, "violent": 2.0,
                         "basis": "given"}])  # fmt: skip
    _, notes = public_order(place(), Panel(made.panel(made.areas())), np.arange(3),
                            check_table("protests", own))  # fmt: skip
    (told,) = [n for n in notes if n.code == "assess.assembly_kinds"]
    assert told.values["peaceful"] == 75.0
    silent = check_table("protests", own.drop(columns="violent"))
    _, notes = public_order(place(), Panel(made.panel(made.areas())), np.arange(3), silent)
    assert "assess.assembly_kinds" not in [n.code for n in notes]


def test_areas_within_reach_are_one_cluster(made):
    assert reach_groups(made.hours(made.areas(), 3.0).values).max() > 0
    assert reach_groups(made.hours(made.areas(), 1.0).values).max() == 0


@pytest.mark.parametrize(("hours", "held"), [(0.0512 * 730.5, 0.0), (0.0514 * 730.5, 1.0)])
def test_a_month_has_730_hours_and_a_half(place, hours, held):
    # One incident is to be expected one time in twenty from a mean of 0.0513 on.
    here = place(incidents_per_ged_event=1, incident_duration_hours=hours)

    need, _ = protection(here, np.ones((3, 14, 4)), np.arange(3))

    assert (need == held * 56 * RELIEF).all()
