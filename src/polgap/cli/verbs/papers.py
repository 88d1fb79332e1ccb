"""Verbs that write what people read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polgap.cli._arguments import HERE, Edition, InProject, Json, RunName


def brief(
    name: RunName = "last",
    project: InProject = HERE,
    edition: Edition = "internal",
    json: Json = False,
) -> None:
    """Write the brief of a run again, in English and in French."""
    from polgap.cli import _jobs, _print

    _print.paths(_jobs.brief(name, project, edition), json=json)


def export(
    out: Annotated[Path, typer.Option(help="Folder of the export; new or empty.", metavar="DIR")],
    name: RunName = "last",
    project: InProject = HERE,
    edition: Edition = "public",
    json: Json = False,
) -> None:
    """Write what an edition may hold of a run: CSV, GeoJSON, JSON, brief, workbook, hashes."""
    from polgap.cli import _export, _print

    _print.exported(_export.export(name, project, edition, out), json=json)


def paper(
    kind: Annotated[
        str,
        typer.Argument(
            help="assessment, options, workbook, sur, staffing, pledges, generation, benchmarks "
            "or assumptions.",
            metavar="KIND",
        ),
    ],
    name: RunName = "last",
    project: InProject = HERE,
    edition: Edition = "internal",
    json: Json = False,
) -> None:
    """Write a paper of a run in both languages: report, options, workbook, or one product."""
    from polgap.cli import _papers, _print

    _print.paths(_papers.paper(kind, name, project, edition), json=json, what=kind)
