import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from polgap.cli import app

HEAVY = ("numpy", "pandas", "xarray", "scipy", "shapely", "highspy", "pydantic", "jinja2")
VERBS = {
    "demo", "init", "check", "run", "forecast", "gap", "options", "deploy", "simulate", "brief",
    "approve", "decide", "reproduce", "doctor", "backtest", "export", "paper",
}  # fmt: skip


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from polgap.cli import app\n"
        "from typer.testing import CliRunner\n"
        "done = CliRunner().invoke(app, ['--help']); assert done.exit_code == 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


def test_help_lists_every_verb_with_a_sentence():
    done = CliRunner().invoke(app, ["--help"])

    for verb in VERBS:
        assert f" {verb} " in done.stdout, verb
        page = CliRunner().invoke(app, [verb, "--help"])
        assert page.exit_code == 0
        assert len(page.stdout.split("\n")[2].strip()) > 10, verb


@pytest.mark.parametrize("verb", ["check", "run", "gap"])
def test_a_folder_without_a_project_is_wrong_use(verb, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "polgap", verb, str(tmp_path), "--json"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2
    assert json.loads(done.stdout)["errors"][0]["got"]


def test_a_scheduler_that_is_not_there_is_wrong_use(tmp_path):
    done = CliRunner().invoke(app, ["deploy", str(tmp_path), "--schedule", "crystal ball"])

    assert "wanted one of ('list', 'cp')" in str(done.exception)


def test_doctor_looks_at_the_installation():
    done = CliRunner().invoke(app, ["doctor", "--json"])
    found = {row["what"]: row["fine"] for row in json.loads(done.stdout)}

    assert found["python"] and found["libraries"]
    assert done.exit_code == (0 if all(found.values()) else 1)


def test_a_paper_of_no_project_is_wrong_use(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "polgap", "paper", "assessment", "--project", str(tmp_path),
         "--json"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2
    assert "no project.toml" in json.loads(done.stdout)["errors"][0]["got"]


def test_a_decision_is_printed_and_a_changed_log_is_a_finding_of_check(tmp_path):
    from polgap.domain import Result, Study
    from polgap.store import Config, create, save_run

    config = Config.model_validate({"theatre": {"name": "toy"}, "run": {"origin": "2020-12"}})
    project = create(tmp_path / "p", config, {}, '{"features": []}')
    posture = [{"area": "a", "preconditions": [{"name": "hrddp", "met": False}]}]
    blocks = {"manifest": {"versions": {}}, "study": {"theatre": "toy", "first_month": "2021-01"},
              "options": [{"name": "reduced", "posture": posture}]}  # fmt: skip
    save_run(project, Study("toy", "2020-12"), Result(blocks, {}, {}, {}), author="planner",
             seconds={})  # fmt: skip
    asked = ["decide", "last", "--project", str(project.root), "--option", "reduced"]
    done = CliRunner().invoke(app, [*asked, "--by", "Planner "])
    assert done.exit_code != 0 and not list(project.root.rglob("decisions.jsonl"))
    done = CliRunner().invoke(app, [*asked, "--by", "adviser", "--note", "in May",
                                    "--dissent", "legal"])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "decided for reduced by adviser" in done.stdout
    assert "not met: human-rights due diligence" in done.stdout
    page = (project.root / "briefs" / "r0001.options.en.html").read_text("utf-8")
    for words in ("in May", "legal", "human-rights due diligence"):
        assert words in page
    assert (project.root / "briefs" / "r0001.workbook.fr.xlsx").is_file()

    log = project.root / "runs" / "r0001" / "decisions.jsonl"
    log.write_text(log.read_text("utf-8").replace("in May", "in June"), "utf-8")
    done = CliRunner().invoke(app, ["check", str(project.root), "--json"])
    assert done.exit_code == 1
    found = [e for e in json.loads(done.stdout)["errors"] if e["code"] == "decision"]
    assert [(e["row"], e["file"].endswith("decisions.jsonl")) for e in found] == [(1, True)]
