"""Write the export of a run: one edition, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from polgap.errors import StudyError
from polgap.store import Project, Run


def cut(project: Project, stored: Run, edition: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what an edition holds of a run, rounded by the secret of the project."""
    from polgap import brief

    given = project.config.parameters.get("min_cell_count")
    key = b"" if edition == "internal" else project.secret()
    minimum = None if given is None else given[1]
    return brief.edition(stored.result(), stored.details(), edition, key=key, minimum=minimum)


def export(name: str, folder: Path, edition: str, out: Path) -> list[Path]:
    """Write the files of an edition into a new or empty folder and return their paths.

    Raises
    ------
    StudyError
        If the folder holds something, or there is no such run or edition.
    """
    from polgap import brief

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StudyError(f"--out: got {out}, which holds something; wanted a new folder")
    project = Project.open(folder)
    stored = Run.find(name, folder)
    kept, shown = cut(project, stored, edition)
    made = brief.export(kept, shown, stored.decisions(project.fingerprint()))
    out.mkdir(parents=True, exist_ok=True)
    for file, content in made.items():
        (out / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [out / file for file in sorted(made)]
