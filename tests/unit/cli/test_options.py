"""``polgap options``: what is asked for is read, answered, printed and written."""

import json

import highspy
import pytest
from typer.testing import CliRunner

from polgap import examples
from polgap.cli import _answer, _request, app
from polgap.study import Request, on_request, solver_model


@pytest.fixture(scope="module")
def answer():
    request = Request(
        strike=("2",), add=("ceiling_fpu=+1",), cuts=(40.0,), replan="withdraw=N1"
    )  # fmt: skip
    return on_request(request, *examples.toy(draws=8))


def test_what_is_asked_for_is_printed(answer, capsys):
    rules = [{"rule": "budget_year", "kind": "at_most", "asked": 1.0, "by": 2.0, "proven": True}]
    more = {"relax": [{"option": "recommended", "rules": rules},
                      {"option": "cut_40", "rules": []}]}  # fmt: skip
    _answer.show(answer | more, {}, json=False)
    said = capsys.readouterr().out
    for words in ("recommended_as_changed", "struck: 2; changed: ceiling_fpu=+1", "precedent: ",
                  "cut of 40 %: gives up", "after withdraw=N1", "its pledge is gone",
                  "of the old plan stays where it was", "four fifths of the most",
                  "budget_year: at most 1; raise it by 2", "was not found"):  # fmt: skip
        assert words in said


def test_json_is_the_answer_itself(answer, capsys):
    _answer.show(answer, {}, json=True)
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(answer))


def test_no_request_is_no_request():
    nothing = {"strike": None, "add": None, "cuts": None, "replan": "", "front": False,
               "fastest": False, "cheapest": None, "prices": False}  # fmt: skip
    assert not _request.read(**nothing)
    assert _request.read(**nothing | {"cuts": [25.0]})
    assert _request.read(**nothing | {"cheapest": 0.9})


def test_the_help_names_every_event():
    done = CliRunner().invoke(app, ["options", "--help"], env={"COLUMNS": "200"})
    for words in ("--strike", "--add", "--cut", "--replan", "violence=AREA:x2", "--prices"):
        assert words in done.stdout


def test_the_program_is_written_for_other_solvers(tmp_path):
    study, inputs = examples.toy(draws=4)
    made = solver_model(study, inputs)
    path = tmp_path / "toy.mps"
    made.write_mps(path)
    found = highspy.Highs()
    found.setOptionValue("output_flag", False)
    found.readModel(str(path))
    assert (found.getNumRow(), found.getNumCol()) == made.matrix.shape
    found.run()
    assert found.getModelStatus() == highspy.HighsModelStatus.kOptimal
    nobody = made.constant  # all columns 0: nobody comes, everything asked for stays open
    assert 0 <= found.getInfo().objective_function_value < nobody
