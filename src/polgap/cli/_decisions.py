"""Decisions on stored runs, and logs of them that were changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from polgap.errors import Problem
from polgap.store import Project, Run


def decide(
    name: str, folder: Path, *, option: str, by: str, note: str, dissent: str
) -> dict[str, Any]:
    """Decide on a run and write its briefs and papers again, no longer as drafts.

    Parameters
    ----------
    option : str
        Option decided for; empty approves the run without naming one.
    """
    from polgap.cli import _jobs, _papers

    project = Project.open(folder)
    stored = Run.find(name, folder)
    row = stored.decide(option, by, note, project.fingerprint(), dissent)
    _jobs.brief(str(stored.folder), folder)
    _papers.write_all(project, stored)
    return row


def problems(folder: Path) -> list[Problem]:
    """Return the lines of every log of decisions that were changed after they were written."""
    return [
        Problem("a changed line", "the line as it was written", "decision", str(run.log), row=line)
        for run in Run.every(folder)
        for line in run.tampered()
    ]
