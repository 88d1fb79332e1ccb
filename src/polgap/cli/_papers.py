"""Papers of a run beside its brief: written whole, in every language, or not at all."""

from __future__ import annotations

from pathlib import Path

from polgap.cli._export import cut
from polgap.store import Project, Run


def paper(kind: str, name: str, folder: Path, edition: str = "internal") -> dict[str, Path]:
    """Write a paper of a stored run, such as its assessment report; return its files."""
    project = Project.open(folder)
    return write(project, Run.find(name, folder), kind, edition)


def write_all(project: Project, stored: Run) -> None:
    """Write every paper there is of a run."""
    from polgap.brief import PAPERS

    for kind in PAPERS:
        write(project, stored, kind)


def write(project: Project, stored: Run, kind: str, edition: str = "internal") -> dict[str, Path]:
    """Write one paper of a run as ``briefs/<run>.<kind>[.<edition>].<language>.html``."""
    from polgap.brief import LANGUAGES, render_paper

    result, details = cut(project, stored, edition)
    decisions = stored.decisions(project.fingerprint())
    texts = {code: render_paper(kind, result, details, code, decisions) for code in LANGUAGES}
    target = project.root / "briefs"
    target.mkdir(exist_ok=True)
    mark = "" if edition == "internal" else f".{edition}"
    written = {code: target / f"{stored.name}.{kind}{mark}.{code}.html" for code in texts}
    for code, text in texts.items():
        written[code].write_text(text, encoding="utf-8")
    return written
