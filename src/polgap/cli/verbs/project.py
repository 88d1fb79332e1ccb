"""Verbs on a project and its inputs: make it, fill it, check it, look at the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polgap.cli._arguments import HERE, Json, ProjectArgument


def demo(
    folder: Annotated[Path, typer.Option(help="Where the project goes.")] = Path("demo"),
    seed: Annotated[int, typer.Option(help="Seed of the theatre and of the run.")] = 1,
    draws: Annotated[int, typer.Option(help="Joint futures drawn.")] = 500,
    json: Json = False,
) -> None:
    """Run the built-in exercise theatre end to end; a second call adds a run."""
    from polgap.cli import _jobs, _print

    job = _jobs.demo(folder, seed=seed, draws=draws)
    _print.run(job, json=json)


def init(
    name: Annotated[Path, typer.Argument(help="Folder to make.", metavar="NAME")],
    country: Annotated[str, typer.Option(help="ISO3 code.", metavar="ISO3")],
    source: Annotated[
        list[str], typer.Option(help="name=FILE; may be given again.", metavar="NAME=FILE")
    ],
    until: Annotated[
        str, typer.Option(help="Last month of the sources' stated coverage.", metavar="MONTH")
    ],
    mission: Annotated[str, typer.Option(help="Mission, as the sources write it.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="Columns of --source events: date=..,lat=..,lon=..,kind=..,deaths=.."
        ),
    ] = None,
    area_id: Annotated[str, typer.Option(help="Column that holds the area key.")] = "",
    capital: Annotated[str, typer.Option(help="Area of the capital (key or name).")] = "",
    language: Annotated[str, typer.Option(help="Working language of the mission.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of the project.")] = 1,
    force: Annotated[bool, typer.Option(help="Replace the project; runs are kept.")] = False,
    json: Json = False,
) -> None:
    """Make a project from source files; what is not given is written as an editable assumption."""
    from polgap.cli import _jobs, _print

    job = _jobs.init(
        name,
        country=country,
        sources=source,
        until=until,
        mission=mission,
        columns=column or [],
        area_id=area_id,
        capital=capital,
        language=language,
        seed=seed,
        force=force,
    )
    _print.init(job, json=json)


def fetch(
    source: Annotated[
        str | None, typer.Argument(help="Where from; --list names all.", metavar="[SOURCE]")
    ] = None,
    country: Annotated[str, typer.Option(help="ISO3 code.", metavar="ISO3")] = "",
    until: Annotated[str, typer.Option(help="Last month wanted.", metavar="MONTH")] = "",
    level: Annotated[
        int | None, typer.Option(help="Administrative level of areas and figures (0 to 4).")
    ] = None,
    version: Annotated[
        str, typer.Option(help="Version of the data set; the newest when not given.")
    ] = "",
    mission: Annotated[str, typer.Option(help="Mission, as the source writes it.")] = "",
    out: Annotated[Path, typer.Option(help="Where the file goes.", metavar="DIR")] = HERE,
    offline: Annotated[
        bool, typer.Option("--offline", help="Answer from the cache only; say what is missing.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask even where the cache is less than a day old.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List what can be got, its licence and its token.")
    ] = False,
    json: Json = False,
) -> None:
    """Get public data as a file for --source, with licence, vintage and SHA-256 beside it."""
    from polgap.cli import _fetch, _print

    if list_ or source is None:
        _print.remotes(_fetch.listed(), json=json)
        return
    asked = {
        "iso3": country, "until": until, "level": level, "version": version, "mission": mission,
    }  # fmt: skip
    got = _fetch.fetch(source, asked, out, offline=offline, refresh=refresh)
    _print.fetched(got, json=json)


def check(project: ProjectArgument = HERE, json: Json = False) -> None:
    """Check every input and the logs of decisions; list all problems; exit 1 on any."""
    from polgap.cli import _decisions, _jobs, _print

    problems, notes = _jobs.check(project)
    problems += _decisions.problems(project)
    _print.check(problems, notes, json=json)
    raise typer.Exit(1 if problems else 0)


def doctor(json: Json = False) -> None:
    """Say whether this machine and installation are fit; exit 1 when something is not."""
    from polgap.cli import _doctor, _print

    findings = _doctor.examine()
    _print.doctor(findings, json=json)
    raise typer.Exit(0 if all(f.fine for f in findings) else 1)
