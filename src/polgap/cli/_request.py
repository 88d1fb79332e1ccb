"""Options on request: read what is asked, answer it, and write the pages of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polgap.study import Request


def read(
    *,
    strike: Sequence[str] | None,
    add: Sequence[str] | None,
    cuts: Sequence[float] | None,
    replan: str,
    front: bool,
    fastest: bool,
    cheapest: float | None,
    prices: bool,
    risk: float | None = None,
    failures: int | None = None,
) -> Request:
    """Return what is asked of the options beside those of every run."""
    from polgap.study import Request

    return Request(
        tuple(strike or ()), tuple(add or ()), tuple(cuts or ()), replan, front, fastest,
        cheapest, prices, risk, failures,
    )  # fmt: skip


def write_model(
    folder: Path, asked: Mapping[str, Any], path: Path, *, workers: int
) -> dict[str, Any]:
    """Write the program of a project as an MPS file; return where, and how large it is."""
    from polgap import study as sentence
    from polgap.cli import _jobs
    from polgap.store import Project
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with _jobs.clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        inputs = _jobs._load(project, study)
        made = sentence.solver_model(study, inputs, each, say, _jobs._stored(project))
        say("write")
        path = path.with_suffix(".mps")
        path.parent.mkdir(parents=True, exist_ok=True)
        made.write_mps(path)
    rows, columns = made.matrix.shape
    return {"model": str(path), "columns": columns, "rows": rows, "whole": len(made.whole),
            "constant": made.constant}  # fmt: skip


def answer(
    folder: Path, asked: Mapping[str, Any], wanted: Request, out: Path | None, *, workers: int
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Return the answer to a request, and the pages written of it."""
    from polgap import study as sentence
    from polgap.brief import LANGUAGES, render_answer_book, render_options
    from polgap.cli import _jobs
    from polgap.store import Project, dump
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with _jobs.clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        inputs = _jobs._load(project, study)
        block = sentence.on_request(wanted, study, inputs, each, say, _jobs._stored(project))
    written: dict[str, Path] = {}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "options.json").write_text(dump(block), encoding="utf-8")
        names = zip(inputs.areas["area"].astype(str), inputs.areas["name"].astype(str), strict=True)
        places = dict(names)
        for language in LANGUAGES:
            written[language] = out / f"options.{language}.html"
            page = render_options(block, places, language)
            written[language].write_text(page, encoding="utf-8")
            book = out / f"options.{language}.xlsx"
            book.write_bytes(render_answer_book(block, places, language))
            written[f"workbook, {language}"] = book
    return block, written
