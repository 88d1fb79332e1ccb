import pandas as pd
import pytest

from polgap.domain import empty_table
from polgap.errors import StudyError
from polgap.store import Config, Project, create

CONFIG = Config.model_validate({"theatre": {"name": "toy"}, "run": {"origin": "2020-12"}})
PLAN = pd.DataFrame({"institution": ["Police"], "area": ["*"], "type": ["reform"],
                     "from": ["2020-01"], "until": ["2020-12"], "cost": [1.5]})  # fmt: skip


def make(folder, **more):
    tables = {"programmes": PLAN, "towns": empty_table("towns")}
    return create(folder, CONFIG, tables, '{"features": []}', **more)


def test_a_planners_sheet_says_its_units_in_the_second_line(tmp_path):
    make(tmp_path / "p")
    lines = (tmp_path / "p" / "data" / "programmes.csv").read_text("utf-8").splitlines()

    assert lines[0].startswith("institution,area,type,from")
    assert lines[1] == "#text,#text,#text,#YYYY-MM,#YYYY-MM,#USD"
    assert (tmp_path / "p" / "data" / "towns.csv").read_text("utf-8").count("\n") == 1


def test_rows_are_counted_without_head_and_units(tmp_path):
    rows = {e["name"]: e["rows"] for e in make(tmp_path / "p").manifest()}

    assert rows["data/programmes.csv"] == 1
    assert rows["data/towns.csv"] == 0


def test_an_existing_project_is_refused_and_forced_with_its_runs_kept(tmp_path):
    project = make(tmp_path / "p")
    (project.root / "runs" / "r0001").mkdir()
    (project.root / "runs" / "r0001" / "result.json").write_text("{}")

    with pytest.raises(StudyError, match="--force"):
        make(tmp_path / "p")
    make(tmp_path / "p", force=True)

    assert (tmp_path / "p" / "runs" / "r0001" / "result.json").is_file()
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_a_failure_leaves_nothing(tmp_path):
    with pytest.raises(AttributeError):
        create(tmp_path / "p", CONFIG, {"towns": None}, "{}")

    assert list(tmp_path.iterdir()) == []


def test_the_fingerprint_changes_with_any_input(tmp_path):
    project = make(tmp_path / "p")
    before = project.fingerprint()
    (project.root / "data" / "towns.csv").write_text("town\n")

    assert Project.open(tmp_path / "p").fingerprint() != before
