"""The command line: parse, call, print. Heavy libraries are imported inside the verbs.

Exit codes: 0 fine, 1 a finding (`check`, `doctor`, a plan with violations), 2 wrong use or input.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from polgap.cli.verbs import decide, deploy, forecast, gap, options, papers, project, run
from polgap.errors import PolGapError

app = typer.Typer(
    name="polgap",
    help="See the policing gap, plan the force, hand over.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

VERBS = (
    project.demo, project.init, project.fetch, project.check, run.run, forecast.forecast, gap.gap,
    options.options, deploy.deploy, options.simulate, forecast.backtest, papers.brief,
    papers.export, papers.paper, decide.approve, decide.decide, run.reproduce, project.doctor,
)  # fmt: skip
"""In the order in which ``--help`` lists them: as a project is worked on."""

for _verb in VERBS:
    app.command()(_verb)

evidence = typer.Typer(help="What past missions tell.", no_args_is_help=True)
evidence.command("arrival")(deploy.arrival_law)
app.add_typer(evidence, name="evidence")


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from polgap import __version__

        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; errors of PolGap are printed plainly and end with exit code 2."""
    try:
        app()
    except PolGapError as error:
        from polgap.cli import _print

        _print.error(error, json="--json" in sys.argv)
        sys.exit(2)
