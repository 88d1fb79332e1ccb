"""Verbs on arrival: the force of this plan, and that of past missions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polgap.cli._arguments import HERE, Draws, Json, Months, Origin, ProjectArgument, Seed, Workers


def deploy(
    project: ProjectArgument = HERE,
    out: Annotated[
        Path | None, typer.Option(help="Also write the pages, and deploy.json.", metavar="DIR")
    ] = None,
    schedule: Annotated[
        str,
        typer.Option(
            help="What orders the plan: list, or cp (extra schedule; not what a run does).",
            metavar="list|cp",
        ),
    ] = "list",
    origin: Origin = None,
    months: Months = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = 1,
    json: Json = False,
) -> None:
    """Say who can be there by when, what decides it, who stands in, and whom to call."""
    from polgap.cli import _deploy, _print

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    block, written = _deploy.deploy(project, asked, out=out, schedule=schedule, workers=workers)
    _print.deploy(block, written, json=json)


def arrival_law(
    data: Annotated[Path, typer.Option(help="Folder of the mission data.", metavar="DIR")],
    json: Json = False,
) -> None:
    """Fit how authorised police arrive, and test it on each mission left out."""
    from polgap.cli import _jobs, _print

    _print.arrival(_jobs.arrival(data), json=json)
