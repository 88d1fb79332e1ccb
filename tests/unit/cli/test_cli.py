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
