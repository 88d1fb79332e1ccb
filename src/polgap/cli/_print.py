"""Print what a command found: for people on a terminal, or as JSON on standard output."""

from __future__ import annotations

import json as codec
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table

from polgap.catalogue import message, table
from polgap.domain import Note
from polgap.errors import DataError, PolGapError, Problem, StudyError

if TYPE_CHECKING:
    from polgap.cli._doctor import Finding
    from polgap.cli._jobs import Finished, Made

LANGUAGES = ("en", "fr")
TOTALS = ("need", "national_shortfall", "mission_requirement", "left_open")


def _json(block: Any) -> None:
    typer.echo(codec.dumps(block, ensure_ascii=False, indent=1, sort_keys=True))


def _console() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=140)


def _ends(row: Mapping[str, Any]) -> str:
    """Return an interval as text with three significant digits, `n/a` where there is none."""
    parts = [f"{_short(row[k])}" for k in ("mid", "low", "high")]
    return f"{parts[0]} ({parts[1]} to {parts[2]})"


def _ends_in(row: Mapping[str, Any], language: str) -> str:
    """Return an interval as a reader of the language writes it."""
    text = _ends(row)
    if language == "en":
        return text
    return text.replace(",", "\u202f").replace(".", ",").replace(" to ", " à ")


def _short(value: float | None) -> str:
    if value is None:
        return "n/a"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:g}"


def run(job: Finished, *, json: bool) -> None:
    """Print the four totals, the options and where the brief lies."""
    if json:
        _json(job.result)
        return
    console = _console()
    study = job.result["study"]
    console.print(
        f"{study['theatre']}: {study['months']} months from {study['first_month']}, "
        f"basis {study['basis']}; officers on strength, mean of months 1-12, 80 % interval"
    )
    gap(job.result["gap"])
    options(job.result["options"])
    for text in (n["text"] for n in job.result["notes"]):
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"note: {text}")
    console.print(f"run {job.run.name}: {job.run.folder} ({job.seconds['total']:.0f} s)")
    for language, path in job.briefs.items():
        console.print(f"brief ({language}): {path}")


def gap(block: Mapping[str, Any]) -> None:
    """Print the waterfall and why."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column(block["units"], justify="right")
    for name in TOTALS:
        table.add_row(message(f"total.{name}"), _ends(block[name]))
    _console().print(table)
    why = block["why"]
    if why:
        causes = ", ".join(f"{name} {100 * share:.0f} %" for name, share in why.items())
        _console().print(f"why: {causes}")


def internal() -> None:
    """Say on standard error that what was printed is the planner's own and is in no edition."""
    typer.echo(f"note: {message('edition.internal.handling')}", err=True)


def sensitivity(block: Mapping[str, Any], *, json: bool) -> None:
    """Print the gap, what it rests on, the checklist, and what would change the advice."""
    if json:
        _json(block)
        return
    from polgap.brief import told

    gap(block["gap"])
    for line in told(block, "en"):
        typer.echo(line)
    internal()


def need_models(block: Mapping[str, Any], language: str) -> None:
    """Print need under each model, the sums beside the benchmark band, and pooled peaks.

    Raises
    ------
    StudyError
        For a language that PolGap does not speak.
    """
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {', '.join(LANGUAGES)}")
    names = {
        kind: table(kind).set_index(key)[f"name_{language}"].to_dict()
        for kind, key in (("functions", "function"), ("need_models", ["function", "model"]))
    }
    console = _console()
    console.print(message("models.title", language))
    shown = Table(box=None, pad_edge=False)
    for head in ("head.function", "models.head.model", "models.head.need", "models.head.mark"):
        right = head == "models.head.need"
        shown.add_column(message(head, language), justify="right" if right else "left")
    for row in block["rows"]:
        key = row["function"], row["model"]
        used = f" ({message('models.used', language)})" if row["used"] else ""
        shown.add_row(names["functions"][key[0]], f"{names['need_models'][key]}{used}",
                      _ends_in(row, language), row["mark"])  # fmt: skip
    for name, ends in block["totals"].items():
        shown.add_row(message(f"models.total.{name}", language), "", _ends_in(ends, language), "")
    band = message("benchmark.label", language)
    shown.add_row(
        band, message("models.beside", language), _ends_in(block["benchmark_band"], language), ""
    )
    console.print(shown)
    for name, row in block["pooling"].items():
        if row["ratio"] is not None:
            console.print(message(
                "pooling.text", language, function=names["functions"][name],
                alone=_ends_in(row["sum_of_peaks"], language),
                pooled=_ends_in(row["pooled_peak"], language),
                ratio=float(row["ratio"]),
            ))  # fmt: skip


def options(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the options side by side."""
    table = Table(box=None, pad_edge=False)
    for head in ("option", "officer-months open", "cost, million USD", "gap %", "grade"):
        table.add_column(head, justify="left" if head == "option" else "right")
    for row in rows:
        cost = {k: None if v is None else v / 1e6 for k, v in row["cost"].items()}
        percent = row["gap_percent"]
        table.add_row(
            row["name"],
            _ends(row["unmet_need"]),
            _ends(cost),
            "" if percent is None else f"{percent:.1f}",
            row["grade"],
        )
    _console().print(table)


def part(verb: str, block: Mapping[str, Any], *, json: bool, language: str = "en") -> None:
    """Print one block of the result."""
    if json:
        _json(block)
        return
    if verb == "gap":
        gap(block["gap"])
    elif verb == "need_models":
        gap(block["gap"])
        need_models(block["need_models"], language)
    elif verb == "options":
        options(block["options"])
    else:
        _rows({k: v for k, v in block.items() if k not in ("schema", "edition", "study")})
    internal()


def deploy(block: Mapping[str, Any], written: Mapping[str, Path], *, json: bool) -> None:
    """Print the dates, what is critical, the calls and what falls due."""
    if json:
        _json(block)
        return
    force = block["force"]
    for note in block["notes"]:
        typer.echo(note["text"])
    _rows({k: block["arrival"][k] for k in ("pledges", "curve", "critical_path")})
    _rows({k: force[k] for k in ("criticality", "shortfall", "calls", "turnover")})
    bridges = [
        {"area": row["area"], "until": row["until"], **{k: b[k] for k in ("bridge", "ready",
         "officers")}} for row in force["bridging"] for b in row["bridges"]
    ]  # fmt: skip
    _rows({"bridging": bridges})
    unreached(force["unreached"])
    internal()
    for path in written.values():
        typer.echo(f"page: {path}")


def unreached(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the areas that nobody can serve, and why."""
    from polgap.catalogue import message

    for row in rows:
        reason = message(f"unreached.{row['reason']}", "en")
        way = "no way in" if row["hours"] is None else f"nearest seat {row['hours']:.1f} h away"
        typer.echo(f"nobody can serve {row['name']} ({way}): {reason}; "
                   f"{_ends(row['open'])} officers open there")  # fmt: skip


def forecast(block: Mapping[str, Any], written: Mapping[str, Path], *, json: bool) -> None:
    """Print the total, the record of skill, the fan and what changed."""
    if json:
        _json(block)
        return
    total = block["total"]
    typer.echo(
        f"deaths in {total['months']} months: {_short(total['mid'])} "
        f"({_short(total['low'])} to {_short(total['high'])}); "
        f"last 12: {_cell(total['last12'])}"
    )
    _rows({k: block[k] for k in ("skill", "fan")})
    if "since" in block:
        since = block["since"]
        typer.echo(
            f"expected deaths {since['months'][0]} to {since['months'][-1]}: "
            f"{_short(since['then']['mean'])} said {since['run']}, {_short(since['now']['mean'])} "
            "now; of the difference "
            + ", ".join(f"{since[k]['change']:+.4g} {k}" for k in ("model", "revision", "data"))
        )
        _rows({"since": since["by_area"]})
    internal()
    for path in written.values():
        typer.echo(f"page: {path}")


def _rows(blocks: Mapping[str, Any]) -> None:
    console = _console()
    for name, rows in blocks.items():
        if isinstance(rows, Mapping):
            _rows({f"{name}.{k}": v for k, v in rows.items()})
        elif isinstance(rows, list) and rows and isinstance(rows[0], Mapping):
            table = Table(title=name, box=None, pad_edge=False, title_justify="left")
            heads = [k for k, v in rows[0].items() if not isinstance(v, (list, Mapping))]
            for head in heads:
                table.add_column(head)
            for row in rows:
                table.add_row(*(_cell(row.get(h)) for h in heads))
            console.print(table)
        else:
            console.print(f"{name}: {rows}")


def _cell(value: Any) -> str:
    if value is None:
        return "n/a"
    return _short(value) if isinstance(value, float) else str(value)


def init(job: Made, *, json: bool) -> None:
    """Print what was imported and what was assumed."""
    notes = [_note(n) for n in job.notes]
    if json:
        _json({"project": str(job.project.root), "rows": dict(job.rows), "notes": notes})
        return
    console = _console()
    console.print(f"project: {job.project.root}")
    for name, count in sorted(job.rows.items()):
        console.print(f"  data/{name}.csv: {count} rows")
    for note in notes:
        console.print(f"note: {note['text']}")
    console.print(f"next: polgap run {job.project.root}")


def fetched(got: Mapping[str, Any], *, json: bool) -> None:
    """Print the file that was got, what is known of it, and how to use it."""
    if json:
        _json(got)
        return
    about = got["about"]
    typer.echo(f"{got['file']}: {about['rows']} rows; {about['vintage']}")
    typer.echo(f"licence: {about['licence']}\ncite: {about['citation']}")
    if about["caveats"]:
        typer.echo(f"caveats of the origin: {about['caveats']}")
    typer.echo(f"next: polgap init NAME --source {about['feeds']}={got['file']} ...")


def remotes(rows: Sequence[Mapping[str, Any]], *, json: bool) -> None:
    """Print what can be got, and what a person must download."""
    if json:
        _json(rows)
        return
    wanted = ("name", "source", "token", "title", "licence")
    _rows({"polgap fetch": [{k: row[k] for k in wanted} for row in rows if row["fetch"]]})
    for row in (r for r in rows if not r["fetch"]):
        typer.echo(f"by hand, {row['name']}: {row['by_hand']}")


def _note(note: Note) -> dict[str, Any]:
    text = message(note.code, "en", **note.values)
    return {"code": note.code, "text": text, "values": dict(note.values)}


def check(problems: Sequence[Problem], notes: Sequence[Note], *, json: bool) -> None:
    """Print every problem and every note."""
    if json:
        _json({"errors": [p.as_dict() for p in problems], "notes": [_note(n) for n in notes]})
        return
    for problem in problems:
        typer.echo(str(problem), err=True)
    for note in notes:
        typer.echo(f"note: {_note(note)['text']}")
    typer.echo("no problems" if not problems else f"{len(problems)} problems", err=bool(problems))


def backtest(record: Mapping[str, Any], *, json: bool) -> None:
    """Print the ratios to the baseline by window, or the shares that sites cover."""
    if json:
        _json(record)
        return
    if "pooled" in record:
        _rows({f"share of next year's lethal events within {record['reach_km']:g} km of a site":
               record["pooled"]})  # fmt: skip
        return
    if "theatres" in record:
        _rows(_theatres(record))
        return
    if "means" in record:
        _rows({f"CRPS against {record['baseline']}, mean of the countries": record["means"]})
    wanted = ("unit", "country", "target", "horizons", "model", "window", "n", "crps", "ratio_crps",
              "ratio_crps_low", "ratio_crps_high", "ratio_ign", "ratio_mis")  # fmt: skip
    shown = [k for k in wanted if any(k in row for row in record["rows"])]
    rows = [{k: row.get(k) for k in shown} for row in record["rows"]]
    _rows({f"{record['default']} against {record['baseline']}": rows})


def _theatres(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables of unmet need against the mission's distribution, and of what sites cover."""
    unmet = [
        {"theatre": row["theatre"], "judged": judged, "arm": arm["arm"],
         "unmet": arm["unmet"]["mid"],
         **{f"ratio_{k}": arm["ratio"][k] for k in ("low", "mid", "high")},
         "chance_less": arm["chance_less"]}
        for row in record["theatres"]
        for judged, arms in row["unmet"].items()
        for arm in arms
    ]  # fmt: skip
    sites = [
        {"theatre": row["theatre"], "method": one["method"], "sites": one["sites"],
         "share_50km": one["share_50km"]["mid"],
         **{f"above_{k}": one["share_50km_above_actual"][k] for k in ("low", "mid", "high")}}
        for row in record["theatres"]
        for one in row["sites"]
    ]  # fmt: skip
    return {
        "unmet need (officer-months), ratio to the mission's own distribution": unmet,
        "share of the year's lethal events within 50 km, above the mission's bases": sites,
    }


def arrival(record: Mapping[str, Any], *, json: bool) -> None:
    """Print the share of authorised police deployed by month, and how missions left out fared."""
    if json:
        _json(record)
        return
    _rows({"deployed / authorised, by months after the mandate": record["fill"]})
    test = record["left_out"]
    typer.echo(
        f"each mission left out: 80 % bands hold {100 * test['coverage80']:.0f} % of months; "
        f"CRPS {test['ratio']:.2f} of the pooled median curve's"
    )


def paths(written: Mapping[str, Path], *, json: bool, what: str = "brief") -> None:
    """Print where the briefs, or other papers, lie."""
    if json:
        _json({language: str(path) for language, path in written.items()})
        return
    for language, path in written.items():
        typer.echo(f"{what} ({language}): {path}")


def exported(written: Sequence[Path], *, json: bool) -> None:
    """Print which files were written."""
    if json:
        _json({"files": [str(path) for path in written]})
        return
    for path in written:
        typer.echo(str(path))


def decided(row: Mapping[str, Any], *, json: bool) -> None:
    """Print a decision as it was stored, and what its option presupposes and is not in place."""
    if json:
        _json(row)
        return
    what = f"decided for {row['option']}" if row["option"] else "approved"
    typer.echo(f"{what} by {row['by']}: result {row['result_sha256']}")
    for name in row["unmet"]:
        typer.echo(f"not met: {message(f'precondition.{name}')}")
    typer.echo(f"line {row['sha256']}")


def reproduce(stored: str, again: str, *, json: bool) -> None:
    """Print both hashes."""
    if json:
        _json({"stored": stored, "again": again, "same": stored == again})
        return
    typer.echo(f"stored {stored}\nagain  {again}\n{'same' if stored == again else 'different'}")


def doctor(findings: Sequence[Finding], *, json: bool) -> None:
    """Print what was examined."""
    if json:
        _json([{"what": f.what, "fine": f.fine, "text": f.text} for f in findings])
        return
    for finding in findings:
        typer.echo(f"{'ok ' if finding.fine else 'NOT'} {finding.what}: {finding.text}")


def error(problem: PolGapError, *, json: bool) -> None:
    """Print an error: plain text on standard error, or the list of contracts.md 3 as JSON."""
    found = problem.problems if isinstance(problem, DataError) else []
    if json:
        rows = [p.as_dict() for p in found] or [
            Problem(str(problem), "", type(problem).__name__).as_dict()
        ]
        _json({"errors": rows})
    else:
        typer.echo(f"error: {problem}", err=True)
