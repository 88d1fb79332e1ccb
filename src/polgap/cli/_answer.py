"""What ``polgap options`` prints: the options, and what was asked for beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from polgap.catalogue import message
from polgap.cli._print import _console, _ends, _json, _short, internal, options, unreached

CHANGES = ("requirement", "unmet_need", "gap", "cost")
AREAS = 10
"""Areas printed with what changes there, at most."""
USD_MILLION = 1e6
_ENDS = ("low", "mid", "high")


def show(block: Mapping[str, Any], written: Mapping[str, Path], *, json: bool) -> None:
    """Print options, and what was asked for beside them."""
    if json:
        _json(block)
        return
    options(block["options"])
    for key, say in _PARTS.items():
        if block.get(key):
            say(block[key])
    for note in block.get("notes", ()):
        typer.echo(f"note: {note['text']}", err=True)
    internal()
    for path in written.values():
        typer.echo(f"{'page' if path.suffix == '.html' else 'workbook'}: {path}")


def model(found: Mapping[str, Any], *, json: bool) -> None:
    """Print where a program was written, and how large it is."""
    if json:
        _json(found)
        return
    typer.echo(f"model: {found['model']} ({found['columns']:,} columns, {found['rows']:,} rows, "
               f"{found['whole']:,} whole; officer-months left open)")  # fmt: skip
    internal()


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


def _cuts(rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        units = ", ".join(f"{u['units']:g} of {u['pledge']} ({u['unit_type']})"
                          for u in row["gives_up"])  # fmt: skip
        typer.echo(f"\ncut of {row['percent']:g} %: gives up {units or 'no unit'}")
        _changes(row["opens"])


def _changes(found: Mapping[str, Any]) -> None:
    """Print what a case changes against the recommended one, in all and by area."""
    table = Table(box=None, pad_edge=False)
    table.add_column("change, 80 % interval, on the same futures")
    table.add_column("officer-months; cost in million USD", justify="right")
    for name in CHANGES:
        table.add_row(message(f"request.change.{name}", "en"), _ends(_millions(found[name], name)))
    rows = [r for r in found["by_area"] if r["low"] or r["mid"] or r["high"]]
    for row in rows[:AREAS]:
        table.add_row(f"  nobody fills, in {row['name']}", _ends(_millions(row, "gap")))
    _console().print(table)
    if len(rows) > AREAS:
        typer.echo(f"  ... and {len(rows) - AREAS} areas more (--json, --out)")
    cover = found["cover"]
    if any(end for row in cover.values() for end in row.values()):
        typer.echo(f"half of what is asked is served from {_dates(cover['before'])}; "
                   f"then {_dates(cover['after'])}")  # fmt: skip
    else:
        typer.echo("half of what is asked is served in no month planned, before or after")
    built = found["built"]
    typer.echo("four fifths of the most that the recommended plan serves is served from "
               f"{_dates(built['before'])}; then {_dates(built['after'])}")  # fmt: skip


def _millions(ends: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an interval for print: cost in million USD, and what is next to nothing as 0."""
    scale = USD_MILLION if name == "cost" else 1.0
    return {k: None if ends[k] is None else round(ends[k] / scale, 2) + 0.0 for k in _ENDS}


def _dates(ends: Mapping[str, Any]) -> str:
    middle, low, high = (ends[k] or "never" for k in ("mid", "low", "high"))
    return middle if middle == low == high else f"{middle} ({low} to {high})"


def _replan(found: Mapping[str, Any]) -> None:
    typer.echo(
        f"\nafter {found['event']}: {_short(found['unmet_if_left_alone'])} officer-months open in "
        f"the mean if nothing is changed but what must be, {_short(found['unmet_replanned'])} "
        f"re-planned (no plan gets below {_short(found['bound'])}); "
        f"{found['kept']:.0%} of the old plan stays where it was"
    )
    if not found["changes"]:
        typer.echo(message("request.replan.none", "en"))
    else:
        table = Table(box=None, pad_edge=False)
        for head in ("what changes: pledge", "unit type", "area", "from", "units", "why"):
            table.add_column(head, justify="right" if head == "units" else "left")
        for c in found["changes"]:
            why = message(f"request.why.{c['why']}", "en")
            table.add_row(c["pledge"], c["unit_type"], c["area"], c["since"], f"{c['units']:+d}",
                          why)  # fmt: skip
        _console().print(table)
    _changes(found["against_old_plan"])


def _cheapest(found: Mapping[str, Any]) -> None:
    typer.echo(
        f"\nserving {found['share']:.0%} of what the recommended plan serves costs USD "
        f"{found['cost'] / USD_MILLION:.1f} million at middle prices; below USD "
        f"{found['least_cost'] / USD_MILLION:.1f} million no plan does (proven; "
        f"gap {found['gap_percent']:.1f} %, {found['looks']} costs tried)"
    )


def _front(rows: Sequence[Mapping[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    heads = ("what more money buys: million USD", "officer-months open (mean)",
             "no plan of this cost gets below", "half of what police may serve from")  # fmt: skip
    for head in heads:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(f"{row['cost'] / USD_MILLION:.1f}", _short(row["unmet_need"]),
                      _short(row["bound"]), row["cover_month"] or "never")  # fmt: skip
    _console().print(table)


def _prices(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the price of each: the mean, its interval over the futures, and what it costs."""
    table = Table(box=None, pad_edge=False)
    for head in ("what it is worth", "officer-months left open, mean", "80 % interval",
                 "cost, million USD"):  # fmt: skip
        table.add_column(head, justify="left" if head.startswith("what") else "right")
    for row in rows:
        what = message(f"request.price.{row['what']}", "en", name=row["name"])
        ends = _millions(row["unmet_need"], "unmet_need")
        table.add_row(what, f"{round(row['mean'], 1) + 0.0:+,.1f}", f"{_short(ends['low'])} to "
                      f"{_short(ends['high'])}", _ends(_millions(row["cost"], "cost")))  # fmt: skip
    _console().print(table)
    typer.echo("plus: so much more stays open; minus: so much less, on the same futures")


def _sceptical(rows: Sequence[Mapping[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for head in ("if police change little: option", "measure", "expected, 80 % interval"):
        table.add_column(head, justify="right" if head.startswith("expected") else "left")
    for row in rows:
        table.add_row(row["option"], row["measure"], _ends(row))
    _console().print(table)


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
    typer.echo(f"\npledges that fail, {found['failures']} at most; officer-months open:")
    for name, row in (("recommended", found["plain"]), (found["option"], found)):
        failing = ", ".join(row["failing"]) or "nobody"
        typer.echo(f"  {name}: {row['none']:.5g} if nobody fails, {row['worst']:.5g} in the worst "
                   f"case ({failing})")  # fmt: skip
    tried = "" if found["all_tried"] else "; not all sets of pledges were tried"
    typer.echo(f"  every plan leaves at least {found['bound']:.5g} open in its worst case{tried}")
    _changes(found["against"])


def _relax(rows: Sequence[Mapping[str, Any]]) -> None:
    for found in rows:
        if not found["rules"]:
            typer.echo(f"{found['option']}: a plan that keeps all rules exists, but was not found")
            continue
        typer.echo(f"no plan keeps all rules ({found['option']}); the smallest set to relax:")
        for row in found["rules"]:
            way = ("at most", "raise") if row["kind"] == "at_most" else ("at least", "lower")
            typer.echo(f"  {row['rule']}: {way[0]} {row['asked']:,g}; {way[1]} it by "
                       f"{row['by']:,g}{'' if row['proven'] else ' (not proven smallest)'}"
                       )  # fmt: skip


_PARTS: dict[str, Callable[[Any], None]] = {
    "unreached": unreached, "pricing": _pricing, "cuts": _cuts, "replan": _replan,
    "risk": _risk, "failures": _failures,
    "cheapest": _cheapest, "front": _front, "prices": _prices, "sceptical": _sceptical,
    "relax": _relax,
}  # fmt: skip
"""What is printed of an answer, in order: key -> printer."""
