"""The sentence on the toy theatre: blocks, keys, agreement between blocks."""

import json

import pytest

from polgap import examples, study
from polgap.errors import StudyError
from polgap.study._blocks import clean


@pytest.fixture(scope="module")
def toy():
    return examples.toy()


@pytest.fixture(scope="module")
def result(toy):
    return study.run(*toy)


def test_the_same_inputs_give_the_same_answer(toy, result):
    again = study.run(*toy)

    assert json.dumps(result.blocks, sort_keys=True) == json.dumps(again.blocks, sort_keys=True)
    assert json.dumps(result.details, sort_keys=True) == json.dumps(again.details, sort_keys=True)


def test_blocks_and_details_are_plain_json(result):
    for block in (result.blocks, result.details):
        assert json.loads(json.dumps(block, allow_nan=False)) == block


def test_every_assumption_that_entered_is_listed_with_its_step(result):
    names = {row["name"] for row in result.details["assumptions"]}

    assert {"weekly_hours", "beat_ratio", "host_attrition_year"} <= names
    for row in result.details["assumptions"]:
        assert row["enters"], row["name"]
        assert row["mark"] in ("SEEN", "COMPUTED", "RECALLED")


def test_the_headline_movers_come_largest_first(result):
    sizes = [max(abs(r["change_low"]), abs(r["change_high"])) for r in result.details["movers"]]

    assert len(sizes) >= 3
    assert sizes == sorted(sizes, reverse=True)


def test_functions_that_are_switched_off_are_not_shown_as_zero(result):
    shown = {row["function"] for row in result.blocks["gap"]["by_function"]}

    assert "border" not in shown
    assert {"protection", "community"} <= shown


@pytest.mark.parametrize(
    "verb, key", [("gap", "gap"), ("options", "options"), ("deploy", "arrival")]
)
def test_a_verb_prints_the_same_block_under_the_same_key(toy, result, verb, key):
    block = study.part(verb, *toy)

    beside = {"arrival": {"force", "generation", "areas", "notes"}, "options": {"notes"}}
    assert set(block) == {"schema", "edition", "study", key} | beside.get(key, set())
    assert block[key] == result.blocks[key]


def test_need_under_other_models_stands_beside_the_gap(toy, result):
    block = study.part("need_models", *toy)
    found = result.details["need_models"]

    assert block["gap"] == result.blocks["gap"]
    assert block["need_models"] == found
    assert found["totals"]["used"] == pytest.approx(result.blocks["gap"]["need"], rel=1e-4)
    assert found["benchmark_band"] == result.blocks["gap"]["benchmark_band"]
    assert all(row["source"] and row["mark"] for row in found["rows"])


def test_what_only_a_model_compared_with_reads_does_not_enter_the_run(result):
    assert "open_cases_per_investigator" not in {r["name"] for r in result.details["assumptions"]}


def test_women_on_duty_are_a_number_beside_the_target_shares(result):
    women = result.details["women_on_duty"]

    assert women["total"] == result.blocks["gap"]["women_on_duty"]
    assert 0 < women["total"]["low"] <= women["total"]["high"]
    assert women["targets"] == {"individual": 0.3, "formed": 0.2}


def test_the_forecast_verb_gives_skill_and_fan(toy, result):
    block = study.part("forecast", *toy)

    assert block["skill"] == result.blocks["skill"]
    assert {row["measure"] for row in block["fan"]} == {"deaths", "events"}


def test_an_unknown_verb_is_refused(toy):
    with pytest.raises(StudyError, match="wanted one of"):
        study.part("dance", *toy)


def test_clean_keeps_six_digits_and_no_nan():
    assert clean({"x": [1.23456789, float("inf")]}) == {"x": [1.23457, None]}


def test_provision_and_advice_stand_in_the_details_alone(result):
    provision, advice = result.details["provision"], result.details["advice"]

    assert [row["who"] for row in provision["strength"]] == ["host", "mission", "others"]
    assert provision["institutions"][0]["institution"] == "Police"
    assert provision["ledger"][0]["provider"] == "host military"
    assert {row["advice"] for row in advice} <= {"account", "build", "reinforce", "hand_over"}
    for row in advice:
        assert row["sure"] is not None
        assert row["willing"]["low"] <= row["willing"]["mid"] <= row["willing"]["high"]
    assert not {"provision", "advice", "assessors"} & set(result.blocks["gap"])


def test_causes_are_told_by_function_and_cell(result):
    told = {row["function"]: row["why"] for row in result.details["by_function"]}
    cells = result.tables["why"]

    assert told["command_admin"] is None  # no gap of the host State
    assert sum(told["community"].values()) == pytest.approx(1.0)
    assert len(cells) == 3 * 13
    assert cells[["area", "function"]].duplicated().sum() == 0


def test_the_parameters_of_provision_are_in_the_register(result):
    names = {row["name"] for row in result.details["assumptions"]}

    assert {"host_ghost_share", "able_copula_rho",
            "willing_age_widening_year", "host_harm_share", "able_enough"} <= names  # fmt: skip


def test_what_is_left_open_is_told_by_area_and_function(result):
    rows = result.details["area_functions"]
    assert [r["area"] for r in rows] == [r["area"] for r in result.details["by_area"]]
    whole = {r["function"]: r["left_open"] for r in result.details["by_function"]}
    for row in rows:
        ends = row["left_open"]
        assert len(row["functions"]) == len(ends["low"]) == len(ends["mid"]) == len(ends["high"])
        for i, function in enumerate(row["functions"]):
            assert 0 <= ends["low"][i] <= ends["mid"][i] <= ends["high"][i]
            if function in whole:  # an area is a part of the theatre, future by future
                assert ends["high"][i] <= whole[function]["high"] * (1 + 1e-5)
    assert sum(sum(r["left_open"]["mid"]) for r in rows) > 0
