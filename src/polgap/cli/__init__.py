"""The command line: parse, call, print. Heavy libraries are imported inside the commands.

Exit codes: 0 fine, 1 a finding (`check`, `doctor`, a plan with violations), 2 wrong use or input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from polgap.errors import PolGapError

app = typer.Typer(
    name="polgap",
    help="See the policing gap, plan the force, hand over.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

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


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from polgap import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
def check(project: ProjectArgument = HERE, json: Json = False) -> None:
    """Check every input and the logs of decisions; list all problems; exit 1 on any."""
    from polgap.cli import _decisions, _jobs, _print

    problems, notes = _jobs.check(project)
    problems += _decisions.problems(project)
    _print.check(problems, notes, json=json)
    raise typer.Exit(1 if problems else 0)


@app.command()
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


def _part(verb: str, help_: str) -> None:
    """Add a verb that prints one block of the result."""

    def command(
        project: ProjectArgument = HERE,
        origin: Origin = None,
        months: Months = None,
        draws: Draws = None,
        seed: Seed = None,
        workers: Workers = 1,
        json: Json = False,
    ) -> None:
        from polgap.cli import _jobs, _print

        asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
        block = _jobs.part(verb, project, asked, workers=workers)
        _print.part(verb, block, json=json)

    command.__doc__ = help_
    app.command(verb)(command)


@app.command()
def forecast(
    project: ProjectArgument = HERE,
    since: Annotated[
        str | None, typer.Option(help="Run to compare with: id, path, or last.", metavar="RUN")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the pages, and forecast.json.", metavar="DIR")
    ] = None,
    origin: Origin = None,
    months: Months = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = 1,
    json: Json = False,
) -> None:
    """Forecast violence 1 to 36 months ahead, with its record of skill, and what changed."""
    from polgap.cli import _jobs, _print

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    block, written = _jobs.forecast(project, asked, since=since, out=out, workers=workers)
    _print.forecast(block, written, json=json)


@app.command()
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


@app.command()
def options(
    project: ProjectArgument = HERE,
    strike: Annotated[
        list[str] | None,
        typer.Option(help="Paragraph of the mandate to strike; may be given again.", metavar="N"),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            help="Change, such as ceiling_fpu=+1, budget=+5m, powers=protect; may be given again.",
            metavar="KEY=VALUE",
        ),
    ] = None,
    cut: Annotated[
        list[float] | None,
        typer.Option(help="Cut every ceiling and budget by so many per cent; may be given again."),
    ] = None,
    replan: Annotated[
        str,
        typer.Option(
            help="Plan anew near the old plan after withdraw=PLEDGE, lose=AREA, budget=-20%, "
            "surge=AREA:6w:+200 or violence=AREA:x2.",
            metavar="EVENT",
        ),
    ] = "",
    front: Annotated[bool, typer.Option("--front", help="What more money buys: 20 plans.")] = False,
    fastest: Annotated[
        bool, typer.Option("--fastest", help="Also the plan made for the first six months.")
    ] = False,
    cheapest: Annotated[
        float | None,
        typer.Option(
            help="Also the cheapest plan that serves this share of what the recommended serves.",
            metavar="SHARE",
        ),
    ] = None,
    prices: Annotated[
        bool, typer.Option("--prices", help="Worth of a month, each pledge, caveat, a million.")
    ] = False,
    risk: Annotated[
        float | None,
        typer.Option(
            help="Also the plan in which the worst futures weigh so much against the mean of all.",
            metavar="SHARE",
        ),
    ] = None,
    failures: Annotated[
        int | None,
        typer.Option(
            help="Also the plan that stands best where so many pledges fail, whichever they are.",
            metavar="N",
        ),
    ] = None,
    sceptical: Annotated[
        bool,
        typer.Option("--sceptical", help="Also what each option does under sceptical effects."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Also write what was asked for as pages and options.json.", metavar="DIR"
        ),
    ] = None,
    origin: Origin = None,
    months: Months = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = 1,
    json: Json = False,
) -> None:
    """Compare the options: what each costs and leaves open; or price a change, a cut, an event."""
    from polgap.cli import _jobs, _request

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    wanted = _request.read(
        strike=strike, add=add, cuts=cut, replan=replan, front=front, fastest=fastest,
        cheapest=cheapest, prices=prices, risk=risk, failures=failures,
    )  # fmt: skip
    if wanted:
        found, written = _request.answer(project, asked, wanted, out, workers=workers)
        _request.show(found, written, json=json)
        return
    verb = "options_sceptical" if sceptical else "options"
    _request.show(_jobs.part(verb, project, asked, workers=workers), {}, json=json)


@app.command()
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


_part("simulate", "Play every option over the same futures and shocks.")


@app.command()
def backtest(
    project: Annotated[
        Path | None, typer.Argument(help="Project folder, without --preset.", metavar="[PROJECT]")
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="views-cm, views-history, subnational, placement, theatres, or none: PROJECT."
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The preset's files.", metavar="DIR")] = None,
    history: Annotated[
        Path | None, typer.Option(help="Longer history of the target.", metavar="FILE")
    ] = None,
    windows: Annotated[str | None, typer.Option(help="Years, parted by commas.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO3 codes, parted by commas.")] = None,
    unit: Annotated[str | None, typer.Option(help="adm1, cells or both.")] = None,
    origin: Annotated[
        str | None, typer.Option(help="Decembers, parted by commas.", metavar="MONTHS")
    ] = None,
    draws: Draws = None,
    out: Annotated[
        Path | None, typer.Option(help="Where scores and skill.json go.", metavar="DIR")
    ] = None,
    lag: Annotated[
        int | None, typer.Option(help="Months from the last one known to the first wanted.")
    ] = None,
    vintage: Annotated[str | None, typer.Option(help="Actuals: final or prelim2023.")] = None,
    origins: Annotated[
        str | None, typer.Option(help="How many, or FIRST..LAST.", metavar="N|MONTH..MONTH")
    ] = None,
    every: Annotated[int | None, typer.Option(help="Months between origins.")] = None,
    ahead: Annotated[int | None, typer.Option(help="Months scored (1 to 36).")] = None,
    models: Annotated[str | None, typer.Option(help="Names, parted by commas.")] = None,
    target: Annotated[
        str | None, typer.Option(help="deaths or variables of the panel, parted by commas.")
    ] = None,
    covariates: Annotated[
        Path | None, typer.Option(help="Series by area and month to learn from.", metavar="FILE")
    ] = None,
    publication_lag: Annotated[
        str | None,
        typer.Option(help="When each is known: NAME=MONTHS, parted by commas.", metavar="LIST"),
    ] = None,
    all_models: Annotated[bool, typer.Option(help="Every variant tried, not the default.")] = False,
    leak_test: Annotated[
        bool, typer.Option("--leak-test", help="First: other futures, same forecasts.")
    ] = False,
    seed: Seed = None,
    workers: Workers = 1,
    scheduler: Scheduler = "",
    json: Json = False,
) -> None:
    """Forecast the past blindly and score it against the baseline in the same run."""
    from polgap.cli import _backtest, _print

    asked = {
        "project": project, "data": data, "history": history, "windows": windows, "out": out,
        "lag": lag, "vintage": vintage, "origins": origins, "every": every, "ahead": ahead,
        "models": models, "target": target, "all_models": all_models, "leak_test": leak_test,
        "covariates": covariates, "publication_lag": publication_lag,
        "country": country, "unit": unit, "origin": origin, "draws": draws, "seed": seed,
    }  # fmt: skip
    found = _backtest.backtest(preset, asked, workers=workers, scheduler=scheduler)
    _print.backtest(found, json=json)


evidence = typer.Typer(help="What past missions tell.", no_args_is_help=True)
app.add_typer(evidence, name="evidence")


@evidence.command("arrival")
def arrival_law(
    data: Annotated[Path, typer.Option(help="Folder of the mission data.", metavar="DIR")],
    json: Json = False,
) -> None:
    """Fit how authorised police arrive, and test it on each mission left out."""
    from polgap.cli import _jobs, _print

    _print.arrival(_jobs.arrival(data), json=json)


@app.command()
def brief(
    name: RunName = "last",
    project: InProject = HERE,
    edition: Edition = "internal",
    json: Json = False,
) -> None:
    """Write the brief of a run again, in English and in French."""
    from polgap.cli import _jobs, _print

    _print.paths(_jobs.brief(name, project, edition), json=json)


@app.command()
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


@app.command()
def paper(
    kind: Annotated[str, typer.Argument(help="assessment, options or workbook.", metavar="KIND")],
    name: RunName = "last",
    project: InProject = HERE,
    edition: Edition = "internal",
    json: Json = False,
) -> None:
    """Write a paper of a run in both languages: assessment report, options paper, or workbook."""
    from polgap.cli import _papers, _print

    _print.paths(_papers.paper(kind, name, project, edition), json=json, what=kind)


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
def doctor(json: Json = False) -> None:
    """Say whether this machine and installation are fit; exit 1 when something is not."""
    from polgap.cli import _doctor, _print

    findings = _doctor.examine()
    _print.doctor(findings, json=json)
    raise typer.Exit(0 if all(f.fine for f in findings) else 1)


def main() -> None:
    """Run the command line; errors of PolGap are printed plainly and end with exit code 2."""
    try:
        app()
    except PolGapError as error:
        from polgap.cli import _print

        _print.error(error, json="--json" in sys.argv)
        sys.exit(2)
