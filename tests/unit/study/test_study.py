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

    assert set(block) == {"schema", "study", key}
    assert block[key] == result.blocks[key]


def test_the_forecast_verb_gives_skill_and_fan(toy, result):
    block = study.part("forecast", *toy)

    assert block["skill"] == result.blocks["skill"]
    assert {row["measure"] for row in block["fan"]} == {"deaths", "events"}


def test_an_unknown_verb_is_refused(toy):
    with pytest.raises(StudyError, match="wanted one of"):
        study.part("dance", *toy)


def test_clean_keeps_six_digits_and_no_nan():
    assert clean({"x": [1.23456789, float("inf")]}) == {"x": [1.23457, None]}
