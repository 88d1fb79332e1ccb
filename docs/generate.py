"""Write docs/reference from the command line, the schema and the catalogue; --check compares."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import typer.main

from polgap import catalogue
from polgap.cli import app
from polgap.domain import schema
from polgap.sources import SOURCES
from polgap.sources.fetch import BY_HAND, REMOTES

HERE = Path(__file__).parent / "reference"
CATALOGUE = (
    "functions", "need_models", "unit_types", "postures", "effects", "generation", "shocks",
    "indicators", "governance", "advice", "caveats", "editions", "safeguard_passes", "references",
    "job_profiles", "benchmarks",
)  # fmt: skip


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(heads: list[str], rows: list[list[object]]) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows]


def cli_page() -> str:
    lines = ["# Command line", "", "Exit codes: 0 fine, 1 a finding, 2 wrong use or input.", ""]
    group = typer.main.get_command(app)
    context = click.Context(group, info_name="polgap")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        lines += [f"## polgap {name}", "", command.help or "", ""]
        usage = command.collect_usage_pieces(click.Context(command, info_name=name))
        lines += [f"    polgap {name} {' '.join(usage)}", ""]
        rows: list[list[object]] = []
        for parameter in command.params:
            names = ", ".join(f"`{o}`" for o in parameter.opts)
            default = parameter.default
            shown = "" if default in (None, [], "") or callable(default) else f"`{default}`"
            rows.append([names, getattr(parameter, "help", "") or "", shown])
        lines += [*table(["name", "meaning", "default"], rows), ""]
    return "\n".join(lines)


def schema_page() -> str:
    lines = ["# Tables", "", "From `src/polgap/domain/schema.csv`; every door checks it.", ""]
    for name, columns in schema().items():
        rows: list[list[object]] = [
            [f"`{c.name}`", c.kind, c.units, "yes" if c.required else "no", c.missing, c.meaning]
            for c in columns
        ]
        heads = ["column", "kind", "units", "required", "missing", "meaning"]
        lines += [f"## {name}", "", *table(heads, rows), ""]
    return "\n".join(lines)


def sources_page() -> str:
    lines = ["# Sources", "", "Formats that `--source NAME=FILE` reads.", ""]
    rows: list[list[object]] = [
        [f"`{s.name}`", s.title, f"`{s.table}`", s.licence, s.citation] for s in SOURCES.values()
    ]
    lines += table(["name", "what", "table", "licence", "cite"], rows)
    lines += ["", "## Fetched by `polgap fetch NAME`", ""]
    rows = [
        [f"`{r.name}`", r.title, f"`{r.source}`", r.terms.token.variable if r.terms.token else "",
         r.licence, r.citation, r.by_hand]
        for r in REMOTES.values()
    ]  # fmt: skip
    heads = ["name", "what", "source", "token", "licence", "cite", "by hand"]
    lines += [*table(heads, rows), "", "## Downloaded by hand only", ""]
    rows = [[f"`{h.name}`", h.title, f"`{h.source}`", h.licence, h.road] for h in BY_HAND.values()]
    return "\n".join([*lines, *table(["name", "what", "source", "licence", "road"], rows)]) + "\n"


def catalogue_page() -> str:
    lines = ["# Catalogue", "", "RECALLED = general knowledge, to be replaced.", ""]
    lines += ["## parameters", ""]
    rows: list[list[object]] = [
        [f"`{p.name}`", p.low, p.mid, p.high, p.units, p.mark, p.use, p.source]
        for p in catalogue.parameters().values()
    ]
    lines += table(["name", "low", "mid", "high", "units", "mark", "use", "source"], rows)
    for name in CATALOGUE:
        frame = catalogue.table(name)
        lines += ["", f"## {name}", "", *table(list(frame.columns), frame.values.tolist())]
    return "\n".join(lines) + "\n"


def main() -> int:
    pages = {"cli.md": cli_page(), "schema.md": schema_page(), "sources.md": sources_page(),
             "catalogue.md": catalogue_page()}  # fmt: skip
    stale = []
    for name, text in pages.items():
        path = HERE / name
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            HERE.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}; run make docs", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
