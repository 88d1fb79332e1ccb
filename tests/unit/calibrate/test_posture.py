import pandas as pd
import pytest

from polgap.calibrate import posture
from polgap.catalogue import message
from polgap.domain import Study, check_table
from polgap.errors import SchemaError

STUDY = Study("Made up", "2023-12")
AREAS = pd.DataFrame({"area": ["north", "south"]})
BASE = {"paragraph": "1", "task": "x", "host_consent": "yes", "hrddp": "yes", "basis": "given"}
COURTS = {"detention": "yes", "prosecutors": "yes", "applicable_law": "yes"}


def of(*rows):
    mandate = check_table("mandate", pd.DataFrame([BASE | row for row in rows]).fillna(""))
    return posture(STUDY, mandate, AREAS)


@pytest.mark.parametrize(
    ("row", "rung"),
    [
        ({"posture": "monitor"}, "monitor"),
        ({"posture": "mentor"}, "mentor"),
        ({"posture": "mentor", "hrddp": "no"}, "monitor"),
        ({"posture": "reinforce"}, "operational_support"),
        ({"posture": "reinforce", "powers": "protect"}, "reinforce"),
        ({"posture": "partial_replace", "powers": "urgent_temporary", **COURTS}, "partial_replace"),
        ({"posture": "partial_replace", "powers": "urgent_temporary"}, "reinforce"),
        ({"posture": "partial_replace", "powers": "protect", **COURTS}, "reinforce"),
        ({"posture": "full_replace", "powers": "executive", **COURTS}, "full_replace"),
        ({"posture": "full_replace", "powers": "urgent_temporary", **COURTS}, "partial_replace"),
        ({"posture": "full_replace", "powers": "executive", "host_consent": "no"}, "monitor"),
    ],
)
def test_the_ladder(row, rung):
    found = of(row)
    assert set(found.rung.values()) == {rung}
    assert found.basis == "given"
    assert (found.notes == ()) == (rung == row["posture"])


def test_a_refused_rung_says_why():
    (note,) = of({"posture": "partial_replace", "powers": "urgent_temporary"}).notes
    assert note.values["missing"] == "detention, prosecutors, applicable_law"
    for language in ("en", "fr"):
        assert "detention" in message(note.code, language, **note.values)


def test_the_highest_rung_named_that_holds_comes_before_one_not_named():
    rows = {"posture": "partial_replace", "powers": "protect"}, {"posture": "mentor"}
    assert of(*rows).rung["north"] == "mentor"


def test_none_named_is_assumed_and_lists_what_is_missing():
    found = of({"hrddp": "", "host_consent": ""})
    assert found.rung["south"] == "operational_support"
    assert found.basis == "assumed"
    assert found.preconditions == (("consent", False), ("hrddp", False))
    codes = [n.code for n in found.notes]
    assert codes == ["calibrate.posture_assumed", "calibrate.consent_open", "calibrate.not_ready"]


def test_consent_refused_and_consent_not_recorded_are_told_apart():
    refused, silent, given = (of({"host_consent": said}) for said in ("no", "", "yes"))
    codes = [{n.code for n in found.notes} for found in (refused, silent, given)]
    assert [("calibrate.no_consent" in c, "calibrate.consent_open" in c) for c in codes] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip
    met = [dict(found.preconditions)["consent"] for found in (refused, silent, given)]
    assert met == [False, False, True]


def test_without_consent_monitor_at_most_even_where_none_is_named():
    found = of({"host_consent": "no"})
    assert found.rung["north"] == "monitor"
    assert found.preconditions == (("consent", False),)


def test_one_no_outweighs_a_yes():
    assert of({"posture": "mentor"}, {"hrddp": "no"}).rung["north"] == "monitor"


def test_powers_are_the_highest_grade_in_any_row():
    assert of({"powers": "search_hold"}, {"powers": "protect"}).powers == 2


def test_an_unknown_rung_is_refused_with_its_row():
    with pytest.raises(SchemaError, match="row 3, column posture"):
        of({}, {"posture": "occupy"})


def test_a_paragraph_about_an_area_binds_there_alone():
    found = of(
        {"posture": "mentor"}, {"area": "north", "posture": "reinforce", "powers": "protect"}
    )
    assert found.rung == {"north": "reinforce", "south": "mentor"}
    assert found.required["south"] == (("consent", True), ("hrddp", True))
    assert dict(found.required["north"])["powers_protect"]
    assert found.notes == ()


def test_a_paragraph_about_a_parent_binds_in_its_areas():
    areas = pd.DataFrame({"area": ["n1", "n2", "s1"], "parent": ["north", "north", "south"]})
    rows = [BASE | {"posture": "mentor"}, BASE | {"area": "north", "posture": "monitor"}]
    mandate = check_table("mandate", pd.DataFrame(rows).fillna(""))
    # The highest rung named holds: a lower one for a part must stand without one for the whole.
    assert set(posture(STUDY, mandate, areas).rung.values()) == {"mentor"}
    rows = [BASE | {"area": "north", "posture": "reinforce", "powers": "protect"}]
    found = posture(STUDY, check_table("mandate", pd.DataFrame(rows).fillna("")), areas)
    assert found.rung == {"n1": "reinforce", "n2": "reinforce", "s1": "operational_support"}
    assert dict(found.preconditions)["consent"] is False  # nothing is on record for s1
    named = {n.code: n.values.get("areas") for n in found.notes}
    assert named["calibrate.posture_assumed_in"] == "s1"
    for note in found.notes:
        for language in ("en", "fr"):
            assert message(note.code, language, **note.values)


def test_consent_refused_in_one_area_leaves_the_others():
    found = of({"posture": "mentor"}, {"area": "south", "host_consent": "no"})
    assert found.rung == {"north": "mentor", "south": "monitor"}
    codes = [n.code for n in found.notes]
    assert codes == ["calibrate.no_consent_in", "calibrate.not_ready_in"]
    assert {n.values["areas"] for n in found.notes} == {"south"}
