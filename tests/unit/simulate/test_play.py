from dataclasses import replace

import numpy as np
import pytest

from polgap.catalogue import message, table
from polgap.errors import LabelError, StudyError
from polgap.simulate._measures import UNITS


@pytest.fixture(scope="module")
def theatre(made):
    return made.theatre()


@pytest.fixture(scope="module")
def played(theatre):
    return theatre.played(-0.5, table("shocks"))


def test_without_dynamics_or_shocks_unmet_is_what_the_officers_leave(made):
    made_up = made.theatre()
    month = {"month": made_up.study.first_month, "option": "status_quo"}
    unmet = made_up.played().outcome["unmet_need"].sel(month)
    asked = made_up.assessment.requirement.sel(month=made_up.study.first_month)
    formed = asked.sel(function=["mission_self", "protection", "public_order"]).sum("function")
    there = (formed["area"] == "a") * 84.0
    expected = asked.sum("function") - np.minimum(formed, there)
    assert np.allclose(unmet.transpose("area", "draw"), expected.transpose("area", "draw"))


def test_outcome_has_every_label(theatre, played):
    outcome = played.outcome
    assert outcome["option"].values.tolist() == list(theatre.deployed)
    assert outcome["area"].values.tolist() == ["a", "b", "c"]
    assert outcome["month"].values.tolist() == theatre.study.report_months
    assert outcome["draw"].values.tolist() == list(range(theatre.study.draws))
    for name in set(outcome.data_vars) - {"cost"}:
        assert outcome[name].dims == ("option", "area", "month", "draw")
        assert np.isfinite(outcome[name]).all()
        assert outcome[name].attrs["units"]


def test_rows_cover_every_option_measure_and_part_in_order(theatre, played):
    keys = [(r["option"], r["part"], r["measure"]) for r in played.rows]
    assert len(keys) == len(set(keys)) == 2 * 4 * len(UNITS)
    for row in played.rows:
        assert row["low"] <= row["mid"] <= row["high"], row
        assert row["units"] == UNITS[row["measure"]]
        if "share" in row["units"]:
            assert 0.0 <= row["low"] <= row["high"] <= 1.0


def test_rows_sum_up_the_outcome(played):
    deaths = played.outcome["civilian_deaths"].sel(option="recommended").sum(["area", "month"])
    row = next(
        r for r in played.rows
        if (r["option"], r["part"], r["measure"]) == ("recommended", "all", "civilian_deaths")
    )  # fmt: skip
    expected = np.quantile(deaths.values, [0.1, 0.5, 0.9])
    assert [row["low"], row["mid"], row["high"]] == pytest.approx(expected, rel=1e-5)


def test_harmful_share_counts_drawn_effects_above_zero(theatre):
    beta = np.where(np.arange(theatre.study.draws) < 10, 0.3, -0.3)
    rows = [r for r in theatre.played(beta).rows if r["measure"] == "harmful_share"]
    assert {r["mid"] for r in rows} == {0.25}
    assert all(0.1 < r["low"] < 0.25 < r["high"] < 0.4 for r in rows)


def test_battle_and_non_state_deaths_do_not_answer_to_police(theatre):
    outcome = theatre.played(-2.0).outcome
    other = outcome["all_deaths"] - outcome["civilian_deaths"]
    assert np.allclose(other.sel(option="recommended"), other.sel(option="status_quo"), atol=1e-4)


def test_effect_is_flat_beyond_the_cap_and_said(theatre):
    huge = theatre.with_options(
        status_quo={("here", "a"): 1},
        many={("here", "a"): 1, ("new", "a"): 9},
        more={("here", "a"): 1, ("new", "a"): 19},
    )
    played = huge.played(-1.0)
    deaths = played.outcome["civilian_deaths"]
    assert (deaths.sel(option="many") == deaths.sel(option="more")).all()
    noted = [n.values["option"] for n in played.notes if n.code == "note.simulate_outside_record"]
    assert noted == ["many", "more"]


def test_storyline_tells_its_own_future(theatre, played):
    story = played.storyline
    here = played.outcome.sel(option=story["option"], draw=story["draw"])
    assert story["option"] == "recommended"
    for line in story["lines"]:
        if line["code"] == "story.month":
            hole = here["unmet_need"].sel(month=line["month"])
            assert line["values"]["officers"] == round(float(hole.max()))
            assert (
                line["values"]["name"]
                == f"Area {theatre.futures['area'].values[np.argmax(hole.values)]}"
            )
    told = [line["month"] for line in story["lines"]]
    assert told == sorted(told)
    unmet = played.outcome["unmet_need"].sel(option="recommended").sum(["area", "month"])
    assert 0.88 < float((unmet < unmet.sel(draw=story["draw"])).mean()) < 0.96


def test_storyline_names_the_shocks_that_hit(theatre):
    rows = table("shocks")
    rows[["chance_low", "chance_mid", "chance_high"]] = 1.0
    codes = {line["code"] for line in theatre.played(0.0, rows).storyline["lines"]}
    assert {f"story.{shock}" for shock in rows["shock"]} <= codes


def test_every_sentence_can_be_said_in_both_languages(theatre, played):
    said = [(line["code"], line["values"]) for line in played.storyline["lines"]]
    said += [(note.code, note.values) for note in played.notes]
    said += [(f"measure.{row['measure']}", {}) for row in played.rows]
    said += [(f"part.{row['part']}", {}) for row in played.rows]
    said += [(f"shock.{shock}", {}) for shock in played.shocks["shock"]]
    for code, values in said:
        assert message(code, "en", **values) != message(code, "fr", **values)


def test_more_than_five_hundred_futures_are_thinned_and_said(made):
    played = made.theatre(areas=("a", "b"), draws=700, months=1).played()
    assert played.outcome.sizes["draw"] == 500
    values = {n.code: n.values for n in played.notes}["note.simulate_futures"]
    assert values == {"used": 500, "drawn": 700}


def test_area_without_anybody_may_be_left_out_of_a_mission(theatre):
    full = theatre.deployed["status_quo"]
    short = replace(
        full, mission=full.mission.sel(area=["a"]), strength=full.strength.sel(area=["a"])
    )
    less = replace(theatre, deployed={**theatre.deployed, "status_quo": short})
    assert less.played().rows == theatre.played().rows


def test_inputs_that_do_not_fit_are_refused(theatre):
    with pytest.raises(StudyError, match="status_quo"):
        theatre.with_options(recommended={("new", "a"): 1}).played()
    other = theatre.futures.assign_coords(area=["a", "b", "z"])
    with pytest.raises(LabelError, match="z"):
        replace(theatre, futures=other).played()
    with pytest.raises(LabelError, match="2021"):
        replace(theatre, study=replace(theatre.study, months=40)).played()


def test_violence_that_feeds_itself_without_end_is_refused(theatre):
    with pytest.raises(StudyError, match="less than 1"):
        theatre.played(overrides={"violence_self_excitation": (0.8, 0.9, 1.1)})
