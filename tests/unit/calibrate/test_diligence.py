"""No support to a host-State institution is ready without its due diligence record."""

from dataclasses import replace

import pandas as pd
import pytest

from polgap import calibrate, examples, study
from polgap.domain import check_table, empty_table
from polgap.errors import SchemaError

RECORD = {
    "recipient": "Police", "area": "*", "support": "mentoring", "risk": "medium",
    "mitigation": "vetting", "monitor": "human rights officer", "stop_rule": "grave violation",
    "sign_off": "head of mission", "date": "2023-07", "basis": "given",
}  # fmt: skip


def cleared(*rows, host=None):
    asked, given = examples.toy()
    records = check_table("hrddp", pd.DataFrame(rows)) if rows else empty_table("hrddp")
    given = replace(given, hrddp=records)
    if host is not None:
        given = replace(given, host_police=host)
    return calibrate.cleared(asked, given)


def test_a_record_clears_its_area_from_its_month_on():
    assert cleared(RECORD) == {"north", "centre", "south"}
    assert cleared({**RECORD, "area": "north"}) == {"north"}
    assert cleared({**RECORD, "date": "2024-01"}) == set()
    assert cleared() == set()


def test_every_institution_that_stands_there_needs_its_own():
    _, given = examples.toy()
    other = given.host_police.iloc[[0]].assign(institution="Gendarmerie")
    host = pd.concat([given.host_police, other], ignore_index=True)
    assert cleared(RECORD, host=host) == {"north", "south"}
    both = (RECORD, {**RECORD, "recipient": "Gendarmerie"})
    assert cleared(*both, host=host) == {"north", "centre", "south"}


@pytest.mark.parametrize("field", [k for k in RECORD if k != "basis"])
def test_a_record_that_lacks_a_field_is_refused(field):
    with pytest.raises(SchemaError) as error:
        check_table("hrddp", pd.DataFrame([{**RECORD, field: ""}]))
    assert {p.column for p in error.value.problems} == {field}


@pytest.fixture(scope="module")
def runs():
    """Return a run with the record, and one where the mandate says yes and no record is there."""
    asked, given = examples.toy(draws=20)
    without = replace(given, hrddp=empty_table("hrddp"))
    assert "yes" in set(without.mandate["hrddp"])
    return study.run(asked, given), study.run(asked, without)


def test_without_a_record_no_option_holds_a_supporting_posture_as_ready(runs):
    there, lacking = runs
    for option in there.blocks["options"]:
        assert {p["posture"] for p in option["posture"]} == {"reinforce"}
        assert all(c["met"] for p in option["posture"] for c in p["preconditions"])
    for option in lacking.blocks["options"]:
        for place in option["posture"]:
            supports = any(c["name"] == "hrddp" for c in place["preconditions"])
            assert not supports or not all(c["met"] for c in place["preconditions"])
            assert place["posture"] == "monitor"
    codes = {n["code"] for n in lacking.blocks["notes"]}
    assert "calibrate.posture_refused" in codes


def test_without_a_record_host_police_do_not_grow(runs):
    ends = []
    for run in runs:
        path = run.tables["handover_path"]
        ends.append(path[path["month"] == path["month"].max()]["roll_mid"].sum())
    assert ends[1] < ends[0]


def test_an_assumed_posture_without_a_record_gives_no_support_and_says_so():
    asked, given = examples.toy(draws=20)
    mandate = given.mandate.assign(posture="", hrddp="yes")
    run = study.run(asked, replace(given, mandate=mandate, hrddp=empty_table("hrddp")))
    codes = {n["code"]: n["values"] for n in run.blocks["notes"]}
    assert codes["rebuild.hrddp_missing"] == {"areas": 3}
    assert "hrddp" in codes["calibrate.not_ready"]["missing"]


def test_refused_consent_sends_nobody_new():
    asked, given = examples.toy(draws=20)
    mandate = given.mandate.assign(host_consent="no")
    run = study.run(asked, replace(given, mandate=mandate))
    old = {"P1", "P2"}
    for option in run.blocks["options"]:
        assert {row["pledge"] for row in option["plan"] if row["number"]} <= old, option["name"]
        assert option["violations"] == []
