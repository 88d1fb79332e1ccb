"""Editions: closed by default, one list each, hidden areas merged, small cells withheld."""

import json
from itertools import pairwise

import pytest

from polgap import catalogue
from polgap.brief import EDITIONS, edition, listed
from polgap.errors import StudyError

KEY = b"a secret of the project"
SHARED = ("host", "public")


def leaves(value, path=""):
    if isinstance(value, dict):
        return {p for k, v in value.items() for p in leaves(v, f"{path}.{k}")}
    if isinstance(value, list):
        return {p for v in value for p in leaves(v, f"{path}[]")}
    return {path}


@pytest.mark.parametrize("name", EDITIONS[1:])
def test_what_no_list_names_stays_internal(sample, name):
    result, details = sample.full()
    result["made_up"] = {"low": 1}
    result["gap"]["made_up"] = 7
    details["by_area"][0]["made_up"] = 7
    details["made_up"] = [{"area": "x"}]

    shown = edition(result, details, name, key=KEY)

    assert "made_up" not in json.dumps(shown)


def test_each_edition_holds_what_the_wider_one_holds(sample):
    result, details = sample.full()
    for a in details["areas"]:
        a["population"] = 5e4
    found = []
    for name in EDITIONS:
        kept, shown = edition(result, details, name, key=KEY)
        kept.pop("edition", None)
        found.append(leaves(kept) | leaves(shown, "details"))
    for narrow, wide in pairwise(found):
        lost = {p for p in wide - narrow if "geometry" not in p and "merged" not in p}
        assert not lost
        assert len(wide) < len(narrow)


def test_internal_is_the_run_itself(sample):
    result, details = sample.full()
    assert edition(result, details, "internal") == (result, details)


def test_an_edition_that_is_none_is_refused(sample):
    with pytest.raises(StudyError, match="internal"):
        edition(*sample.full(), "friends")


def test_the_list_is_in_order():
    rows = catalogue.table("editions")
    assert set(rows["edition"]) <= set(EDITIONS[1:])
    assert not rows.duplicated(["kind", "name"]).any()
    codes = {c.removeprefix("note.") for c in catalogue.message_codes()}
    assert set(rows[rows["kind"] == "message"]["name"]) <= codes
    assert set(rows[rows["kind"] == "shock"]["name"]) < set(catalogue.table("shocks")["shock"])
    known = [*catalogue.parameters(), *(f"table:{t}" for t in ("pledges", "rules"))]
    for pattern in rows[rows["kind"] == "parameter"]["name"]:
        assert any(listed("parameter", k, "partners") for k in known), pattern


@pytest.mark.parametrize("name", EDITIONS[1:])
def test_nobody_outside_sees_consent_capture_or_an_institution(name):
    for kind, keys in {
        "message": ("assess.no_equipment", "assess.able_bounds", "harm.capture",
                    "rebuild.unwilling", "calibrate.no_consent", "calibrate.no_consent_in",
                    "rebuild.hrddp_missing"),
        "shock": ("consent_withdrawn",),
        "parameter": ("host_willing", "host_harm_share", "capture_growth_loss_share",
                      "capture_penalty_on_capacity_gain", "willing_gain_year", "unwilling_below",
                      "handover_min_willingness", "table:willingness", "table:host_police"),
        "input": ("data/willingness.csv", "data/hrddp.csv", "data/host_police.csv"),
        "term": ("hrddp",),
    }.items():  # fmt: skip
        for key in keys:
            assert not listed(kind, key, name), (kind, key)


@pytest.mark.parametrize("name", EDITIONS[1:])
def test_a_sensitive_area_is_merged_with_its_parent_and_named_nowhere(sample, name):
    result, details = sample.full()
    for i, a in enumerate(details["areas"]):
        a |= {"parent": f"P{i // 10}", "sensitivity": "public", "population": 5e4}
    details["areas"][3] |= {"sensitivity": "internal", "name": "Canaryville"}
    for row in (*details["by_area"], *result["gap"]["by_area"]):
        row["name"] = "Canaryville" if row["area"] == "XQ03" else row["name"]
    alone = details["areas"][-1]
    alone |= {"parent": "", "sensitivity": "internal"}

    kept, shown = edition(result, details, name, key=KEY)
    text = json.dumps([kept, shown])

    assert "XQ03" not in text and "Canaryville" not in text and alone["area"] not in text
    assert kept["edition"]["merged"] == 12, "ten under one parent, one alone with one beside"
    merged = [a for a in shown["areas"] if a.get("merged")]
    assert sorted(a["merged"] for a in merged) == [2, 10]
    whole = sum(a["population"] for a in details["areas"])
    assert sum(a["population"] for a in shown["areas"]) == whole
    rows = {r["area"]: r for r in shown["by_area"]}
    apart = [r["need"]["mid"] for r in details["by_area"][:10]]
    if name == "partners":
        assert rows["P0"]["need"]["mid"] == pytest.approx(sum(apart))


@pytest.mark.parametrize("name", SHARED)
def test_an_area_of_few_people_or_few_events_is_no_cell_of_its_own(sample, name):
    result, details = sample.full()
    for i, a in enumerate(details["areas"]):
        a |= {"parent": f"P{i // 10}", "sensitivity": "public", "population": 5e4}
    details["areas"][0]["population"] = 900
    for row in details["by_area"]:
        row["events"] = 40.0
    details["by_area"][20]["events"] = 2.0
    details["by_area"][30]["events"] = 0.0

    _, shown = edition(result, details, name, key=KEY)
    rows = {r["area"]: r for r in shown["by_area"]}

    assert "XQ00" not in rows and "P0" in rows
    assert rows["XQ20"]["need"] == {"low": None, "mid": None, "high": None}
    assert rows["XQ30"]["need"]["mid"] is not None
    assert all("events" not in r for r in rows.values())


def test_the_same_number_is_printed_the_same_everywhere(sample):
    result, details = sample.full()
    details["waterfall"] = [{"code": "need", **result["gap"]["need"]}]
    host, shown = edition(result, details, "host", key=KEY)
    public, _ = edition(result, details, "public", key=KEY)

    assert host["gap"]["need"] == public["gap"]["need"]
    for code, ends in {r["code"]: r for r in shown["waterfall"]}.items():
        assert {k: ends[k] for k in ("low", "mid", "high")} == host["gap"][code]
    months = {r["month"]: r["mid"] for r in host["gap"]["by_month"]}
    assert host["gap"]["peak"]["mid"] == months[host["gap"]["peak"]["month"]]
    again, _ = edition(
        {**result, "study": {**result["study"], "seed": 99}}, details, "host", key=KEY
    )
    assert again["gap"] == host["gap"]


def test_one_institution_alone_has_no_published_reasons(sample):
    result, details = sample.full()
    assert "why" not in edition(result, {**details, "institutions": 1}, "partners")[0]["gap"]
    assert "why" in edition(result, {**details, "institutions": 2}, "partners")[0]["gap"]
    assert "why" not in edition(result, {**details, "institutions": 2}, "host")[0]["gap"]
