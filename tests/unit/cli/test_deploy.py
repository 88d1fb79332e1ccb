"""``polgap deploy``: real steps on the toy theatre, whose tables need no project folder."""

import json

import pytest
from typer.testing import CliRunner

from polgap import examples
from polgap.cli import _deploy, app
from polgap.store import Config, create


@pytest.fixture
def project(tmp_path, monkeypatch):
    _, given = examples.toy(draws=50)
    config = Config.model_validate(
        {"theatre": {"name": "Toy"}, "run": {"origin": "2023-12", "seed": 1, "draws": 50}}
    )
    made = create(
        tmp_path / "toy", config, {}, json.dumps({"type": "FeatureCollection", "features": []})
    )
    monkeypatch.setattr(_deploy, "_load", lambda project, study: given)
    return made.root


def test_it_prints_the_block_and_writes_the_pages(project, tmp_path):
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["deploy", str(project), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    block = json.loads(done.stdout)
    assert {"schema", "study", "arrival", "force"} <= set(block)
    assert block["force"]["method"] == "list"
    assert json.loads((out / "deploy.json").read_text(encoding="utf-8")) == block
    for language in ("en", "fr"):
        page = (out / f"deploy.{language}.html").read_text(encoding="utf-8")
        assert f'lang="{language}"' in page
        assert 'id="gantt-title"' in page
