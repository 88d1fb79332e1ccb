"""Verbs on violence to come, and on how well it was foreseen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polgap.cli._arguments import (
    HERE,
    Draws,
    Json,
    Months,
    Origin,
    ProjectArgument,
    Scheduler,
    Seed,
    Workers,
)


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
