"""The block ``force`` of a run: schedule, bridges, calls, shortfalls, what falls due."""

from dataclasses import replace

import numpy as np
import pytest

from polgap import examples, study
from polgap.brief import render_deploy
from polgap.domain import empty_table
from polgap.study import _report as report
from polgap.study._calls import _asked, calls
from polgap.study._force import force_block

DRAWS = 60


@pytest.fixture(scope="module")
def made():
    asked, given = examples.toy(draws=DRAWS)
    return asked, given, study.steps(asked, given)


@pytest.fixture(scope="module")
def block(made):
    return force_block(*made)


def test_every_pledge_placed_has_its_bars_and_dates(made, block):
    _, given, s = made
    placed = set(s.deployed[s.chosen].plan.table.query("number > 0")["pledge"])
    coming = placed - set(given.pledges.query("readiness == 'in_mission'")["pledge"])
    assert {row["pledge"] for row in block["gantt"]} == coming
    for row in block["gantt"]:
        assert row["p50"] is None or row["p80"] is None or row["p50"] <= row["p80"]


def test_a_month_earlier_and_certainty_are_each_worth_what_a_full_rerun_says(made):
    """The gain from one pledge alone equals that of placing the whole plan anew."""
    from polgap import assess, deploy
    from polgap.domain import Arrival

    asked, given, s = made
    row = calls(asked, given, s)[0]
    plan = s.deployed[s.chosen].plan
    before = s.left[s.chosen].total().sum("month")
    for name, months in _asked(s.force, row["pledge"]).items():
        arrival = s.force.arrival.copy()
        arrival.loc[{"pledge": row["pledge"]}] = months
        force = replace(s.force, arrival=Arrival(arrival))
        whole = deploy.place(asked, plan, given.pledges, force, s.theta, given.areas)
        after = assess.left_open(s.gap.requirement, whole.mission).total().sum("month")
        assert row[name]["mean"] == pytest.approx(float((before - after).mean()), abs=0.05)


def test_calls_are_ranked_by_their_gain(block):
    gains = [row["gain"] for row in block["calls"]]
    assert gains == sorted(gains, reverse=True)
    assert sum(row["gain"] for row in block["asks"]) == pytest.approx(sum(gains))
    assert all("contributor" not in row for row in block["asks"])


def test_the_shortfall_at_80_per_cent_is_no_less_than_at_50(made, block):
    assert block["shortfall"]
    for row in block["shortfall"]:
        assert row["at80"] >= row["at50"]
        assert row["units80"] >= row["units50"]
    _, _, s = made
    month = block["shortfall"][0]["month"]
    worst = s.left[s.chosen].unmet.sel(month=month).sum(["area", "function"])
    listed = sum(row["at50"] for row in block["shortfall"] if row["month"] == month)
    assert listed <= float(worst.max())


def test_past_missions_are_held_against_the_ceiling(block):
    outside = block["outside"]
    assert outside["present"] < outside["ceiling"]
    assert outside["rows"][-1]["mid"] > outside["rows"][3]["mid"] > outside["present"]
    assert outside["rows"][0]["low"] == outside["present"]
    assert all(row["high"] <= outside["ceiling"] + 1e-6 for row in outside["rows"])


def test_asking_for_bridges_enters_no_assumption(made, block):
    assert block
    assert not {"rehatting_days", "military_bridge_days"} & set(made[2].theta.used)


def test_no_pledge_at_all_is_a_plain_answer():
    asked, given = examples.toy(draws=20)
    found = study.part("deploy", asked, replace(given, pledges=empty_table("pledges")))
    assert found["force"]["gantt"] == found["force"]["calls"] == found["force"]["turnover"] == []
    assert found["force"]["retendered"] is None
    assert "deploy.no_offers" in [note["code"] for note in found["notes"]]
    for language, words in (("en", "No pledge beyond"), ("fr", "Aucune contribution autre")):
        assert words in render_deploy(found, language)


def test_a_pledge_without_dates_is_on_offer_for_all_months(made, block):
    _, given, _ = made
    assert (given.pledges["from"] == "").any()
    assert np.isfinite(made[2].force.arrival.values).any()
    assert block["gantt"]


def test_the_page_draws_the_plan_in_both_languages(made):
    found = report.block("deploy", *made)
    for language in ("en", "fr"):
        page = render_deploy(found, language)
        assert 'id="gantt-title"' in page
        assert "url(#gantt-hatch)" in page
        assert page.count("<svg") >= 3
