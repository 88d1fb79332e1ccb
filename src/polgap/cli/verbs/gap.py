"""The verb that measures the gap."""

from __future__ import annotations

from typing import Annotated

import typer

from polgap.cli._arguments import HERE, Draws, Json, Months, Origin, ProjectArgument, Seed, Workers


def gap(
    project: ProjectArgument = HERE,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Also say what the gap rests on: Sobol indices, what to find out first, "
            "what would change the advice, and the register of assumptions.",
        ),
    ] = False,
    compare_need: Annotated[
        bool, typer.Option("--compare-need", help="Also: need under every model of a function.")
    ] = False,
    language: Annotated[
        str, typer.Option(help="Language of the comparison: en or fr.", metavar="LANGUAGE")
    ] = "en",
    origin: Origin = None,
    months: Months = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = 1,
    json: Json = False,
) -> None:
    """Measure the policing gap under the present mission, and why it is there."""
    from polgap.cli import _jobs, _print

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    if sensitivity:
        _print.sensitivity(_jobs.sensitivity(project, asked, workers=workers), json=json)
        return
    verb = "need_models" if compare_need else "gap"
    block = _jobs.part(verb, project, asked, workers=workers)
    _print.part(verb, block, json=json, language=language)
