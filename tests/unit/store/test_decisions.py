"""Decisions: bound, chained, never deleted, and found out when a line is changed."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap.domain import Result, Study
from polgap.errors import StudyError
from polgap.store import Config, create, save_run
from polgap.store._decisions import append, read, same_role

CONFIG = Config.model_validate({"theatre": {"name": "toy"}, "run": {"origin": "2020-12"}})
STUDY = Study("toy", origin="2020-12")
POSTURE = [{"area": "a", "preconditions": [{"name": "consent", "met": True},
                                           {"name": "hrddp", "met": False}]}]  # fmt: skip
BLOCKS = {
    "manifest": {"versions": {}},
    "options": [{"name": "status_quo", "posture": []}, {"name": "reduced", "posture": POSTURE},
                {"name": "population_spread", "posture": []}],
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    return create(tmp_path / "p", CONFIG, {"programmes": pd.DataFrame()}, '{"features": []}')


@pytest.fixture
def run(project):
    return save_run(project, STUDY, Result(BLOCKS, {}, {}, {}), author="Police planner", seconds={})


def voids(run, now):
    return [row["void"] for row in run.decisions(now)]


def test_a_decision_is_bound_to_result_and_inputs_and_keeps_the_dissent(project, run):
    now = project.fingerprint()
    row = run.decide("status_quo", "adviser", "", now, "too few women")

    assert row["result_sha256"] == run.result_hash()
    assert row["inputs_sha256"] == now
    (kept,) = run.decisions(now)
    assert (kept["option"], kept["dissent"], kept["void"]) == ("status_quo", "too few women", "")
    assert run.tampered() == []


@pytest.mark.parametrize("role", ["police planner", " POLICE  PLANNER ", "police-planner", "", " "])
def test_the_author_does_not_decide_however_the_role_is_written(project, run, role):
    with pytest.raises(StudyError, match="wanted a role other than 'Police planner'"):
        run.decide("status_quo", role, "why", project.fingerprint())
    assert not run.log.exists()


@pytest.mark.parametrize("option", ["best", "population_spread", "Reduced"])
def test_an_option_that_is_not_there_or_only_compared_is_refused(project, run, option):
    with pytest.raises(StudyError, match="wanted one of status_quo, reduced"):
        run.decide(option, "adviser", "why", project.fingerprint())


def test_unmet_preconditions_are_named_and_want_a_note(project, run):
    now = project.fingerprint()
    with pytest.raises(StudyError, match="not met for 'reduced': hrddp"):
        run.decide("reduced", "adviser", "  ", now)
    assert run.decide("reduced", "adviser", "record due in May", now)["unmet"] == ["hrddp"]
    assert run.decide("status_quo", "adviser", "", now)["unmet"] == []


def test_approve_is_a_decision_that_names_no_option(project, run):
    now = project.fingerprint()
    with pytest.raises(StudyError, match="note: got none"):
        run.approve("adviser", "", now)
    assert run.approve("adviser", "agreed", now)["option"] == ""
    assert voids(run, now) == [""]


def test_a_changed_input_or_result_voids_and_deletes_nothing(project, run):
    now = project.fingerprint()
    run.decide("status_quo", "adviser", "one", now)
    (project.root / "data" / "programmes.csv").write_text("institution\nPolice\n")
    later = project.fingerprint()
    assert voids(run, later) == ["inputs_changed"]
    with pytest.raises(StudyError, match="run again first"):
        run.decide("status_quo", "adviser", "two", later)
    assert voids(run, now) == [""]
    result = run.folder / "result.json"
    result.write_text(result.read_text().replace("status_quo", "status_que"))
    assert voids(run, now) == ["result_changed"]
    assert [row["note"] for row in run.decisions(now)] == ["one"]


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_line_is_found_and_nothing_is_added_to_it(project, run, line):
    now = project.fingerprint()
    for note in ("one", "two", "three"):
        run.decide("status_quo", "adviser", note, now)
    lines = run.log.read_text("utf-8").splitlines()
    lines[line] = lines[line].replace('"by": "adviser"', '"by": "minister"')
    run.log.write_text("\n".join(lines) + "\n", "utf-8")

    assert run.tampered() == list(range(line + 1, 4))
    assert voids(run, now) == [""] * line + ["log_changed"] * (3 - line)
    with pytest.raises(StudyError, match=f"line {line + 1} was changed"):
        run.decide("status_quo", "adviser", "four", now)


def test_a_line_taken_out_or_that_is_no_json_is_found(project, run):
    now = project.fingerprint()
    for note in ("one", "two", "three"):
        run.decide("status_quo", "adviser", note, now)
    lines = run.log.read_text("utf-8").splitlines()
    run.log.write_text("\n".join([lines[0], lines[2]]) + "\n", "utf-8")
    assert run.tampered() == [2]
    run.log.write_text("\n".join([*lines, "{", "[]"]) + "\n", "utf-8")
    assert run.tampered() == [4, 5]


@settings(max_examples=60, deadline=None)
@given(notes=st.lists(st.text(max_size=12), min_size=1, max_size=5), data=st.data())
def test_any_change_of_any_field_of_any_line_is_found(tmp_path_factory, notes, data):
    path = tmp_path_factory.mktemp("log") / "decisions.jsonl"
    for note in notes:
        append(path, {"note": note, "by": "adviser", "result_sha256": "r", "inputs_sha256": "i"})
    assert [row["void"] for row in read(path, "r", "i")] == [""] * len(notes)
    lines = path.read_bytes().decode().split("\n")[:-1]
    at = data.draw(st.integers(0, len(notes) - 1))
    row = json.loads(lines[at])
    key = data.draw(st.sampled_from(sorted(row)))
    row[key] = data.draw(st.text(max_size=12).filter(lambda t: t != row[key]))
    lines[at] = json.dumps(row, ensure_ascii=False, sort_keys=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert [r["line"] for r in read(path, "r", "i") if r["void"]] == list(
        range(at + 1, len(notes) + 1)
    )


def test_a_later_decision_for_another_option_supersedes_and_a_second_signature_does_not(
    project, run
):
    now = project.fingerprint()
    run.approve("legal adviser", "read", now)
    run.decide("reduced", "adviser", "one", now)
    run.decide("status_quo", "adviser", "two", now)
    run.decide("status_quo", "head of mission", "three", now)
    assert voids(run, now) == ["", "superseded", "", ""]


def test_roles_are_compared_by_their_letters():
    assert same_role("Chef\u00a0de  police", "chef_de-police")
    assert not same_role("adviser", "adviser 2")
