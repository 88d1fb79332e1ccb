"""What ``polgap deploy`` does: schedule force generation and write its pages."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from polgap.cli._jobs import _load, _stored, clock
from polgap.errors import StudyError
from polgap.store import Project

SCHEDULERS = ("list", "cp")


def deploy(
    folder: Path, asked: Mapping[str, Any], *, out: Path | None, schedule: str, workers: int
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Return the deployment of a project, and the pages written of it; nothing is stored.

    Raises
    ------
    StudyError
        For a scheduler that is not known or not installed.
    """
    from polgap import study as sentence
    from polgap.brief import LANGUAGES, render_deploy
    from polgap.store import dump
    from polgap.workers import child, mapper

    if schedule not in SCHEDULERS:
        raise StudyError(f"--schedule: got {schedule!r}; wanted one of {SCHEDULERS}")
    if schedule == "cp" and find_spec("ortools") is None:
        raise StudyError(
            "--schedule: got cp, but ortools is not installed; "
            "wanted the extra schedule: pip install 'polgap[schedule]'"
        )
    project = Project.open(folder)
    study = project.study(**asked)
    solver = child() if schedule == "cp" else nullcontext(None)
    with clock() as say, mapper(workers, told=say.progress) as each, solver as call:
        say("read")
        inputs = _load(project, study)
        block = sentence.part("deploy", study, inputs, each, say, _stored(project), call)
    written: dict[str, Path] = {}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "deploy.json").write_text(dump(block), encoding="utf-8")
        for language in LANGUAGES:
            written[language] = out / f"deploy.{language}.html"
            written[language].write_text(render_deploy(block, language), encoding="utf-8")
    return block, written
