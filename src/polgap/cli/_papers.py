"""Papers of a run beside its brief: written whole, in every language, or not at all."""

from __future__ import annotations

from pathlib import Path

from polgap.cli._export import cut
from polgap.errors import StudyError
from polgap.store import Project, Run

WORKBOOK = "workbook"
"""The paper that is no page: every product as a sheet."""


def paper(kind: str, name: str, folder: Path, edition: str = "internal") -> dict[str, Path]:
    """Write a paper of a stored run, such as its workbook; return its files by language."""
    project = Project.open(folder)
    stored = Run.find(name, folder)
    if kind == WORKBOOK:
        return workbook(project, stored, edition)
    return write(project, stored, kind, edition)


def write_all(project: Project, stored: Run) -> None:
    """Write the papers and the workbook that every run has; products are pages on demand."""
    from polgap.brief import PAPERS

    for kind in PAPERS:
        write(project, stored, kind)
    workbook(project, stored)


def write(project: Project, stored: Run, kind: str, edition: str = "internal") -> dict[str, Path]:
    """Write one paper of a run as ``briefs/<run>.<kind>[.<edition>].<language>.html``."""
    from polgap.brief import LANGUAGES, PAPERS, PRODUCTS, render_paper

    if kind not in (*PAPERS, *PRODUCTS):
        raise StudyError(f"paper: got {kind!r}; wanted one of {(*PAPERS, WORKBOOK, *PRODUCTS)}")
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


def workbook(project: Project, stored: Run, edition: str = "internal") -> dict[str, Path]:
    """Write the workbook of a run as ``briefs/<run>.workbook[.<edition>].<language>.xlsx``."""
    from polgap.brief import LANGUAGES, render_workbook

    result, details = cut(project, stored, edition)
    decisions = stored.decisions(project.fingerprint())
    digest = stored.result_hash() if edition == "internal" else ""
    target = project.root / "briefs"
    target.mkdir(exist_ok=True)
    mark = "" if edition == "internal" else f".{edition}"
    written = {code: target / f"{stored.name}.{WORKBOOK}{mark}.{code}.xlsx" for code in LANGUAGES}
    for code, path in written.items():
        path.write_bytes(
            render_workbook(result, details, code, decisions, run=stored.name, digest=digest)
        )
    return written
