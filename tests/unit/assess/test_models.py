"""Need under other models, dated events, and the planner's own books."""

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.assess import _books, _dated, _need
from polgap.assess._cases import cases
from polgap.assess._compare import need_models, peaks
from polgap.assess._incidents import HOURS_PER_MONTH, poisson_quantile
from polgap.assess._models import DEFAULT, MODELS, chosen
from polgap.assess._posts import Place
from polgap.assess._violence import observed_assemblies
from polgap.domain import Panel, check_table, month_range
from polgap.errors import StudyError

ALL = slice(0, 3)
ORIGIN = "2020-12"
RELIEF = 5.0
FIXED = {
    "returns_incidents_per_1000": 2, "reception_officers_per_1000": 5,
    "market_duration_hours": 7.305, "officers_per_market": 4, "stations_per_100k": 2,
    "station_minimum_crew": 5, "beat_ratio": 1000, "incident_duration_hours": 73.05,
    "report_share_sgbv": 0.1, "report_share_homicide": 1.0, "report_share_robbery": 0.5,
    "report_share_property": 0.5, "report_share_other": 1.0, "cases_per_100k_month": 10,
    "serious_crime_share": 0.2, "sgbv_case_share": 0.2, "case_officer_months": 1.5,
    "minor_case_officer_months": 0.1,
}  # fmt: skip


@pytest.fixture
def place(made):
    def build(rules=(), crime=None):
        ground = made.areas()
        people = np.repeat(ground["population"].to_numpy()[:, None], 4, axis=1)
        chance = made.theta(4, **made.points(**FIXED))
        books = {}
        if crime is not None:
            books = _books.offences(crime, ground["area"].tolist(), ORIGIN, chance)
        return Place(ground, made.table("rules", list(rules)), made.study().all_months, people,
                     np.full(4, RELIEF), chance, books)  # fmt: skip

    return build


def books(offence="sgbv", reported=3.0, months=24, area="area0", **more):
    rows = [
        {"area": area, "month": m, "offence": offence, "reported": reported, "basis": "given",
         **more}
        for m in month_range("2019-01", 24)[:months]
    ]  # fmt: skip
    return check_table("crime", pd.DataFrame(rows))


def test_the_catalogue_lists_the_models_there_are_each_with_source_and_mark():
    table = catalogue.table("need_models")
    listed = list(zip(table["function"], table["model"], strict=True))
    known = catalogue.parameters()

    assert set(listed) == {(f, m) for f, models in MODELS.items() for m in models}
    assert len(set(listed)) == len(listed)
    assert (table[["source", "name_en", "name_fr"]] != "").all(axis=None)
    assert set(table["mark"]) <= {"SEEN", "COMPUTED", "RECALLED"}
    assert all(known[name].is_default for text in table["parameters"] for name in text.split())
    assert all(next(iter(models)) == DEFAULT for models in MODELS.values())


def test_a_rule_takes_another_model(made):
    plain = made.measure(made.inputs(made.areas()))
    rule = made.rule("need_model", units="community=posts")
    other = made.measure(made.inputs(made.areas(), rules=[rule]))

    before, after = (m.need.sel(function="community") for m in (plain, other))
    assert (after < before).all()
    rest = [f for f in plain.need["function"].values if f != "community"]
    assert plain.need.sel(function=rest).equals(other.need.sel(function=rest))


@pytest.mark.parametrize("units", ["community", "community=guess", "prisons=posts", ""])
def test_a_rule_that_names_no_model_is_refused(made, units):
    with pytest.raises(StudyError, match="community=queue"):
        chosen(made.table("rules", [made.rule("need_model", units=units)]))


def test_the_models_compared_include_the_one_of_the_run(made):
    ground, what = made.areas(), made.study(20)
    given = made.inputs(ground)
    violence = made.futures(what, ground)
    gap = made.measure(given, what, violence)
    found = need_models(what, given, violence, made.posture(ground), made.hours(ground),
                        made.theta(20))  # fmt: skip

    year = gap.need.isel(month=slice(0, 12)).sum("area", dtype=np.float64).mean("month")
    used = {row["function"]: row for row in found.rows if row["used"]}
    for name in ("community", "protection", "sgbv", "public_order"):
        assert used[name]["mid"] == pytest.approx(float(year.sel(function=name).median()), rel=1e-5)
    total = float(year.sum("function").median())
    assert found.totals["used"]["mid"] == pytest.approx(total, rel=1e-5)
    assert found.totals["least"]["mid"] <= total <= found.totals["most"]["mid"]
    assert "elections" not in used  # switched off


def test_peaks_alone_and_pooled_stand_side_by_side(made):
    ground, what = made.areas(), made.study(20)
    violence = made.futures(what, ground, events=30)
    found = need_models(what, made.inputs(ground), violence, made.posture(ground),
                        made.hours(ground, 1.0), made.theta(20)).pooling["protection"]  # fmt: skip

    assert found["ratio"] > 1.0
    assert found["sum_of_peaks"]["mid"] > found["pooled_peak"]["mid"]


def test_peaks_of_areas_out_of_reach_are_not_pooled():
    mean = np.random.default_rng(2).gamma(1.0, 2.0, (4, 3, 5))

    apart, pooled = peaks(mean, np.arange(4))

    assert (apart == pooled).all()
    assert (apart == poisson_quantile(mean, 0.95).sum(axis=0)).all()


def test_returns_ask_for_reception_disputes_and_then_for_community_police(place, made):
    back = made.rule("returns", 2000, "area0", **{"from": "2021-02", "until": "2021-03"})
    here = place([back])

    reception = np.broadcast_to(_dated.reception(here, ALL), (3, 14, 4))
    disputes = np.broadcast_to(_dated.return_disputes(here, ALL), (3, 14, 4))
    more = np.broadcast_to(_need.community(here, ALL) - _need.community(place(), ALL), (3, 14, 4))

    assert reception[0, :4, 0].tolist() == [0.0, 50.0, 50.0, 0.0]
    assert disputes[0, :4, 0] == pytest.approx([0.0, 0.4, 0.4, 0.0])  # 4 a month, a tenth each
    assert more[0, :5, 0] == pytest.approx([0.0, 3.0, 6.0, 6.0, 6.0])  # beats 1/1000 and stations
    assert not reception[1:].any() and not more[1:].any()


def test_markets_are_on_the_calendar_and_keep_no_reserve(place, made):
    days = made.rule("markets", 8, "area1", **{"from": "2021-05"})

    need = np.broadcast_to(_dated.markets(place([days]), ALL), (3, 14, 4))

    busy = 8 * 7.305 / HOURS_PER_MONTH * 4 * RELIEF  # 1.6
    assert need[1, 3:6, 0] == pytest.approx([0.0, busy, busy])
    assert not need[[0, 2]].any()


def test_sites_held_are_posts(place, made):
    assert _dated.sites_held(place(), ALL) == 0.0
    held = _dated.sites_held(place([made.rule("posts_protection", 6, "area2")]), ALL)
    assert held[2, 0, 0] == 30.0


def test_dated_events_reach_the_gap(made):
    rules = [made.rule("returns", 5000, "area0"), made.rule("markets", 20, "area1"),
             made.rule("posts_protection", 4, "area2")]  # fmt: skip
    quiet, busy = (made.measure(made.inputs(made.areas(), rules=r)).need for r in ([], rules))

    more = (busy - quiet).mean(["month", "draw"])
    assert float(more.sel(area="area1", function="public_order")) > 0
    assert float(more.sel(area="area0", function="community")) > 0
    assert float(more.sel(area="area2", function="protection")) > 0


def test_offences_are_those_that_happened_not_those_reported(place):
    found = cases(place(crime=books()), ALL, np.zeros((3, 14, 4)))

    assert found.sgbv[0, 0, 0] == 30.0  # three a month in the books, one in ten reported
    assert found.sgbv[1, 0, 0] == 2 * 10 * 0.2  # no books: the general rate


def test_few_months_never_lower_the_general_rate(place):
    nothing = np.zeros((3, 14, 4))
    few = cases(place(crime=books(reported=0.0, months=5)), ALL, nothing)
    many = cases(place(crime=books(reported=0.0, months=6)), ALL, nothing)

    assert few.sgbv[0, 0, 0] == 4 * 10 * 0.2
    assert many.sgbv[0, 0, 0] == 0.0


def test_half_the_stations_counted_is_half_the_offences(place):
    whole = cases(place(crime=books(effort=1.0)), ALL, np.zeros((3, 14, 4)))
    half = cases(place(crime=books(effort=0.5)), ALL, np.zeros((3, 14, 4)))
    none = cases(place(crime=books(effort=0.0)), ALL, np.zeros((3, 14, 4)))

    assert half.sgbv[0, 0, 0] == 2 * whole.sgbv[0, 0, 0]
    assert none.sgbv[0, 0, 0] == 4 * 10 * 0.2  # effort 0 is silence


def test_homicides_and_lethal_events_are_not_counted_twice(place):
    here = place(crime=books("homicide", 8.0))
    usual = cases(place(), ALL, np.zeros((3, 14, 4)))
    few, many = (cases(here, ALL, np.full((3, 14, 4), n)) for n in (5.0, 20.0))

    def total(found):
        return found.serious[0, 0, 0] + found.ordinary[0, 0, 0]

    assert total(few) - total(usual) == pytest.approx(8.0)
    assert total(many) - total(usual) == pytest.approx(20.0)


def test_minor_offences_take_little_work(place):
    here = place(crime=books("property", 50.0))
    some, none = (
        _need.investigation(p, cases(p, ALL, np.zeros((3, 14, 4)))) for p in (here, place())
    )
    more = some - none

    assert more[0, 0, 0] == pytest.approx(50 / 0.5 * 0.1)


def test_months_outside_the_window_are_not_read():
    crime = books(months=24)
    grid = _books.grid(crime, crime["reported"], ["area0"], "2020-06")

    assert grid.shape == (1, 24)
    assert np.isnan(grid[0, :6]).all() and (grid[0, 6:] == 3.0).all()
    assert _books.window("2020-06")[0] == "2018-07"


def test_own_assemblies_win_where_they_speak(place, made):
    seen = np.full((3, 60), 2.0)
    panel = Panel(made.panel(made.areas(), protests=seen, riots=np.zeros((3, 60))))
    rows = [{"area": "area0", "month": m, "assemblies": 9, "violent": 1, "basis": "given"}
            for m in month_range("2019-01", 24)]  # fmt: skip
    own = check_table("protests", pd.DataFrame(rows))

    counts, known = observed_assemblies(place(), panel, own)

    assert known.all()
    assert (counts[0] == 9.0).all() and (counts[1] == 2.0).all()


def test_the_note_on_books_says_where_they_speak(made):
    given = made.inputs(made.areas(), crime=books())
    notes = {n.code: n.values for n in made.measure(given).notes}

    assert notes["assess.crime_books"] == {"areas": 1, "all": 3}
