"""Verbs that answer the whole question, or make sure of an answer."""

from __future__ import annotations

import typer

from polgap.cli._arguments import (
    HERE,
    By,
    Draws,
    InProject,
    Json,
    Months,
    Origin,
    ProjectArgument,
    RunName,
    Scheduler,
    Seed,
    Workers,
)


def run(
    project: ProjectArgument = HERE,
    origin: Origin = None,
    months: Months = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = 1,
    scheduler: Scheduler = "",
    by: By = "planner",
    json: Json = False,
) -> None:
    """Answer the whole question: gap, options, arrival, hand-over, outcome, brief."""
    from polgap.cli import _jobs, _print

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    job = _jobs.run(project, asked, workers=workers, scheduler=scheduler, author=by)
    _print.run(job, json=json)
    if job.violations:
        raise typer.Exit(1)


def reproduce(
    name: RunName,
    project: InProject = HERE,
    workers: Workers = 1,
    json: Json = False,
) -> None:
    """Run again from the stored inputs and compare the bytes of result.json."""
    from polgap.cli import _jobs, _print

    stored, again = _jobs.reproduce(name, project, workers=workers)
    _print.reproduce(stored, again, json=json)
    raise typer.Exit(0 if stored == again else 1)
