"""Verbs by which a person answers for a run."""

from __future__ import annotations

from typing import Annotated

import typer

from polgap.cli._arguments import HERE, InProject, Json, RunName


def approve(
    name: RunName,
    by: Annotated[str, typer.Option(help="Role of the approver (not the author's).")],
    note: Annotated[str, typer.Option(help="Why.")],
    dissent: Annotated[str, typer.Option(help="Dissent to be kept with the approval.")] = "",
    project: InProject = HERE,
    json: Json = False,
) -> None:
    """Sign a run: bound to its hash, by somebody other than its author."""
    from polgap.cli import _decisions, _print

    row = _decisions.decide(name, project, option="", by=by, note=note, dissent=dissent)
    _print.decided(row, json=json)


def decide(
    name: RunName,
    option: Annotated[str, typer.Option(help="Option decided for.", metavar="NAME")],
    by: Annotated[str, typer.Option(help="Role that decides (not the author's).", metavar="ROLE")],
    note: Annotated[
        str, typer.Option(help="Why; wanted where a precondition is not met.", metavar="TEXT")
    ] = "",
    dissent: Annotated[
        str, typer.Option(help="Dissent to be kept with the decision.", metavar="TEXT")
    ] = "",
    project: InProject = HERE,
    json: Json = False,
) -> None:
    """Decide for an option of a run: bound to result and inputs, append-only, dissent kept."""
    from polgap.cli import _decisions, _print

    row = _decisions.decide(name, project, option=option, by=by, note=note, dissent=dissent)
    _print.decided(row, json=json)
