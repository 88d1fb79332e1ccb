"""Papers of a run beside its brief: written whole, in every language, or not at all."""

from __future__ import annotations

from pathlib import Path

from polgap.store import Project, Run


def paper(kind: str, name: str, folder: Path) -> dict[str, Path]:
    """Write a paper of a stored run, such as its assessment report; return its files."""
    project = Project.open(folder)
    return write(project, Run.find(name, folder), kind)


def write_all(project: Project, stored: Run) -> None:
    """Write every paper there is of a run."""
    from polgap.brief import PAPERS

    for kind in PAPERS:
        write(project, stored, kind)


def write(project: Project, stored: Run, kind: str) -> dict[str, Path]:
    """Write one paper of a run as ``briefs/<run>.<kind>.<language>.html``."""
    from polgap.brief import LANGUAGES, render_paper

    result, details = stored.result(), stored.details()
    approvals = stored.approvals(project.fingerprint())
    texts = {code: render_paper(kind, result, details, code, approvals) for code in LANGUAGES}
    target = project.root / "briefs"
    target.mkdir(exist_ok=True)
    written = {code: target / f"{stored.name}.{kind}.{code}.html" for code in texts}
    for code, text in texts.items():
        written[code].write_text(text, encoding="utf-8")
    return written
