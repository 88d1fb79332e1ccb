"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ProjectArgument = Annotated[Path, typer.Argument(help="Project folder.", metavar="PROJECT")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Origin = Annotated[str | None, typer.Option(help="Last month seen, YYYY-MM.", metavar="MONTH")]
Months = Annotated[int | None, typer.Option(help="Months reported and planned (1 to 36).")]
Draws = Annotated[int | None, typer.Option(help="Joint futures drawn.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the random streams.")]
Workers = Annotated[int, typer.Option(help="Processes; the numbers do not depend on it.")]
Scheduler = Annotated[
    str, typer.Option(help="Dask cluster that does the work (extra scale).", metavar="ADDRESS")
]
By = Annotated[str, typer.Option(help="Role that makes the run (never a name).", metavar="ROLE")]
RunName = Annotated[str, typer.Argument(help="Run id, path, or last.", metavar="RUN")]
Edition = Annotated[
    str, typer.Option(help="Whom it is for: internal, partners, host or public.", metavar="NAME")
]
InProject = Annotated[Path, typer.Option("--project", help="Project folder.", metavar="PROJECT")]

HERE = Path()
