"""Options on request: read what is asked, answer it, and print the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from polgap.cli._print import _console, _ends, _json, _rows, internal, options

if TYPE_CHECKING:
    from polgap.study import Request

CHANGES = ("requirement", "unmet_need", "gap", "cost")
AREAS = 10
"""Areas printed with what changes there, at most."""


def read(
    *,
    strike: Sequence[str] | None,
    add: Sequence[str] | None,
    cuts: Sequence[float] | None,
    replan: str,
    front: bool,
    fastest: bool,
    cheapest: float | None,
    prices: bool,
    risk: float | None = None,
    failures: int | None = None,
) -> Request:
    """Return what is asked of the options beside those of every run."""
    from polgap.study import Request

    return Request(
        tuple(strike or ()), tuple(add or ()), tuple(cuts or ()), replan, front, fastest,
        cheapest, prices, risk, failures,
    )  # fmt: skip


def answer(
    folder: Path, asked: Mapping[str, Any], wanted: Request, out: Path | None, *, workers: int
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Return the answer to a request, and the pages written of it."""
    from polgap import study as sentence
    from polgap.brief import LANGUAGES, render_options
    from polgap.cli import _jobs
    from polgap.store import Project, dump
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with _jobs.clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        inputs = _jobs._load(project, study)
        block = sentence.on_request(wanted, study, inputs, each, say)
    written: dict[str, Path] = {}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "options.json").write_text(dump(block), encoding="utf-8")
        names = zip(inputs.areas["area"].astype(str), inputs.areas["name"].astype(str), strict=True)
        places = dict(names)
        for language in LANGUAGES:
            written[language] = out / f"options.{language}.html"
            page = render_options(block, places, language)
            written[language].write_text(page, encoding="utf-8")
    return block, written


def show(block: Mapping[str, Any], written: Mapping[str, Path], *, json: bool) -> None:
    """Print options, and what was asked for beside them."""
    if json:
        _json(block)
        return
    options(block["options"])
    if "pricing" in block:
        _pricing(block["pricing"])
    for row in block.get("cuts", ()):
        units = ", ".join(f"{u['units']:g} of {u['pledge']} ({u['unit_type']})"
                          for u in row["gives_up"])  # fmt: skip
        typer.echo(f"\ncut of {row['percent']:g} %: gives up {units or 'no unit'}")
        _changes(row["opens"])
    if "replan" in block:
        _replan(block["replan"])
    if "risk" in block:
        _risk(block["risk"])
    if "failures" in block:
        _failures(block["failures"])
    _rows({k: block[k] for k in ("front", "prices", "sceptical") if k in block})
    for row in block.get("relax", ()):
        _relax(row)
    for note in block.get("notes", ()):
        typer.echo(f"note: {note['text']}", err=True)
    internal()
    for language, path in written.items():
        typer.echo(f"page ({language}): {path}")


def _pricing(found: Mapping[str, Any]) -> None:
    typer.echo(f"\nstruck: {', '.join(found['strike']) or 'nothing'}; "
               f"changed: {', '.join(found['add']) or 'nothing'}")  # fmt: skip
    for row in found["posture"]:
        typer.echo(f"posture in {row['area']}: {row['before']}, then {row['after']}")
    _changes(found)
    for row in found["precedents"]:
        mark = "" if row["mark"] == "SEEN" else f" [{row['mark'].lower()}]"
        typer.echo(f"precedent: {row['mission']} ({row['year']}), {row['document']}, "
                   f"paragraph {row['paragraph']}: {row['fact_en']}{mark}")  # fmt: skip


def _changes(found: Mapping[str, Any]) -> None:
    """Print what a case changes against the recommended one, in all and by area."""
    table = Table(box=None, pad_edge=False)
    table.add_column("change, 80 % interval, on the same futures")
    table.add_column("officer-months; cost in USD", justify="right")
    for name in CHANGES:
        table.add_row(name, _ends(found[name]))
    for row in found["by_area"][:AREAS]:
        if row["low"] or row["mid"] or row["high"]:
            table.add_row(f"  gap in {row['name']}", _ends(row))
    _console().print(table)
    dates = {k: _dates(v) for k, v in found["cover"].items()}
    typer.echo(f"half of what is asked is served from {dates['before']}, then {dates['after']}")


def _dates(ends: Mapping[str, Any]) -> str:
    middle, low, high = (ends[k] or "never" for k in ("mid", "low", "high"))
    return f"{middle} ({low} to {high})"


def _replan(found: Mapping[str, Any]) -> None:
    typer.echo(
        f"\nafter {found['event']}: {found['unmet_if_left_alone']:.5g} officer-months open in the "
        f"mean if left alone, {found['unmet_replanned']:.5g} re-planned"
    )
    _rows({"changes": found["changes"]} if found["changes"] else {})
    if not found["changes"]:
        typer.echo("the old plan stands")
    _changes(found["against_old_plan"])


def _risk(found: Mapping[str, Any]) -> None:
    typer.echo(
        f"\nworst {found['tail']:.0%} of {found['futures']} futures weigh {found['aversion']:.0%}; "
        "officers re-tasked each month; officer-months open:"
    )
    for name, row in (("recommended", found["plain"]), (found["option"], found)):
        typer.echo(f"  {name}: {row['mean']:.5g} in the mean, {row['worst']:.5g} in the worst")
    typer.echo(f"  no plan gets below {found['bound']:.5g} of the mix; "
               f"this one has {found['value']:.5g} ({found['gap_percent']:.2g} %)")  # fmt: skip
    _changes(found["against"])


def _failures(found: Mapping[str, Any]) -> None:
    typer.echo(f"\nup to {found['failures']} pledges fail; officer-months open:")
    for name, row in (("recommended", found["plain"]), (found["option"], found)):
        failing = ", ".join(row["failing"]) or "nobody"
        typer.echo(f"  {name}: {row['none']:.5g} if nobody fails, {row['worst']:.5g} in the worst "
                   f"case ({failing})")  # fmt: skip
    tried = "" if found["all_tried"] else "; not all sets of pledges were tried"
    typer.echo(f"  every plan leaves at least {found['bound']:.5g} open in its worst case{tried}")
    _changes(found["against"])


def _relax(found: Mapping[str, Any]) -> None:
    if not found["rules"]:
        typer.echo(f"{found['option']}: a plan that keeps all rules exists, but was not found")
        return
    typer.echo(f"no plan keeps all rules ({found['option']}); the smallest set to relax:")
    for row in found["rules"]:
        way = ("at most", "raise") if row["kind"] == "at_most" else ("at least", "lower")
        typer.echo(f"  {row['rule']}: {way[0]} {row['asked']:g}; {way[1]} it by {row['by']:g}")
