"""Verbs on what to do: compare options, play them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polgap.cli._arguments import HERE, Draws, Json, Months, Origin, ProjectArgument, Seed, Workers


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
    model: Annotated[
        Path | None,
        typer.Option(
            help="Only write the program, month by month with re-tasking, for other solvers.",
            metavar="FILE.mps",
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
    from polgap.cli import _answer, _jobs, _request

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    if model is not None:
        _answer.model(_request.write_model(project, asked, model, workers=workers), json=json)
        return
    wanted = _request.read(
        strike=strike, add=add, cuts=cut, replan=replan, front=front, fastest=fastest,
        cheapest=cheapest, prices=prices, risk=risk, failures=failures,
    )  # fmt: skip
    if wanted:
        found, written = _request.answer(project, asked, wanted, out, workers=workers)
    else:
        verb = "options_sceptical" if sceptical else "options"
        found, written = _jobs.part(verb, project, asked, workers=workers), {}
    _answer.show(found, written, json=json)
    if any(o["violations"] for o in found["options"] if o["name"] not in _jobs.NOT_OFFERED):
        raise typer.Exit(1)


def simulate(
    project: ProjectArgument = HERE,
    origin: Origin = None,
    months: Months = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = 1,
    json: Json = False,
) -> None:
    """Play every option over the same futures and shocks."""
    from polgap.cli import _jobs, _print

    asked = {"origin": origin, "months": months, "draws": draws, "seed": seed}
    block = _jobs.part("simulate", project, asked, workers=workers)
    _print.part("simulate", block, json=json)
