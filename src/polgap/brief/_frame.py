"""Products on people and aims: staffing by job profile, benchmarks, register, gap by function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from polgap import catalogue
from polgap.brief._book import Sheet, dated, each, interval
from polgap.brief._first import basis_of_row
from polgap.brief._model import Cell, Claim, Raw, Table, Text
from polgap.brief._reader import CHOSEN, Reader, cell, num, number
from polgap.brief._record import label_of
from polgap.brief._units import basis, basis_of_mark, sheet
from polgap.brief._words import joined

Row = Mapping[str, Any]
Found = tuple[Text, Claim, Claim]
"""Where, baseline, target."""
_UNKNOWN = ("–",)
_LOCAL = ("handover", "willing")
"""Kinds of benchmark that are measured by area or institution."""


def staffing(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return the officers wanted by job profile: the requirement of a function, shared out."""
    on = {str(row.get("function")): (path, row) for path, row in each(r, "details.by_function")}
    women = catalogue.table("functions").set_index("function")["women_posts"].to_dict()
    body = []
    for profile in catalogue.table("job_profiles").to_dict("records"):
        function = str(profile["function"])
        path, row = on.get(function, ("", {}))
        if not row:
            continue
        share, at = float(profile["share"]), f"catalogue.job_profiles[{profile['profile']}].share"
        claims = [
            interval(r, row.get(key), "officers", f"{path}.{key}.{{}} * {at}", share)
            for key in ("requirement", "left_open")
        ]
        body.append(
            (
                Cell((r.words.name("profile", str(profile["profile"])),), "head"),
                cell(r.words.name("function", function)),
                num(claims[0]),
                num(claims[1]),
                num(r.value(share, "share", at)),
                cell(r.words.say(f"post.{profile['post']}")),
                cell(r.words.say("yes" if women.get(function) else "no")),
                basis(r, basis_of_mark(str(profile["mark"]))),
            )
        )
    if not body:
        return None
    head = r.head("head.profile", "head.function", "#head.required", "#head.open",
                  "#head.share_function", "head.post", "head.women_posts",
                  "head.basis")  # fmt: skip
    note = r.words.say("staffing.note")
    table = Table("t-staffing", r.words.say("table.staffing"), head, tuple(body),
                  "details.by_function", "dense", note)  # fmt: skip
    return sheet(r, "staffing", "staffing", table, note)


def benchmarks(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return outcome, indicator, baseline, target, source, period and owner, ready for CPAS.

    Short, it leaves out what is measured by area or institution.
    """
    words, body = r.words, []
    for row in catalogue.table("benchmarks").to_dict("records"):
        if short and row["kind"] in _LOCAL:
            continue
        asked = {str(k): v for k, v in row.items()}
        for units, (where, start, goal) in _SOURCES[str(row["kind"])](r, asked):
            set_by = f"goal.{row['target']}" if goal.value is not None else "goal.open"
            body.append(
                (
                    Cell(words.say(f"cpas.{row['outcome']}"), "head"),
                    cell(words.name("benchmark", str(row["benchmark"]))),
                    cell(where),
                    cell(words.known("unit", units)),
                    num(start),
                    num(goal),
                    cell(words.say(set_by)),
                    cell(words.say(f"means.{row['kind']}")),
                    cell(words.say(f"period.{row['period']}")),
                    cell(words.name("tell", str(row["owner"]))),
                    basis(r, basis_of_mark(str(row["mark"]))),
                )
            )
    if not body:
        return None
    head = r.head("head.outcome", "head.indicator", "head.where", "head.units", "#head.baseline",
                  "#head.goal", "head.goal_kind", "head.means", "head.period", "head.owner_role",
                  "head.basis")  # fmt: skip
    note = words.say("benchmarks.note")
    table = Table("t-benchmarks", words.say("table.benchmarks"), head, tuple(body), "outcome",
                  "dense", note)  # fmt: skip
    return sheet(r, "benchmarks", "benchmarks", table, note)


def _outcome(r: Reader, row: Row) -> Iterator[tuple[str, Found]]:
    found = {
        str(x.get("option")): (path, x)
        for path, x in each(r, "outcome")
        if x.get("measure") == row["measure"] and x.get("part") == "all"
    }
    if "status_quo" in found:
        units = str(found["status_quo"][1].get("units") or "")
        claims = [
            interval(r, found[name][1], units, found[name][0]) if name in found else _none()
            for name in ("status_quo", CHOSEN)
        ]
        yield units, ((r.theatre,), claims[0], claims[1])


def _curve(r: Reader, row: Row) -> Iterator[tuple[str, Found]]:
    rows = list(each(r, "arrival.curve"))
    if rows:
        first, last = (interval(r, x, "officers", path) for path, x in (rows[0], rows[-1]))
        yield "officers", ((r.theatre,), first, last)


def _women(r: Reader, row: Row) -> Iterator[tuple[str, Found]]:
    total = r.at("gap.women_on_duty")
    if total:
        goal = interval(r, total, "officers", "gap.women_on_duty")
        yield "officers on duty", ((r.theatre,), _none(), goal)


def _handover(r: Reader, row: Row) -> Iterator[tuple[str, Found]]:
    goal = _parameter(r, "handover_min_confidence", "share")
    for path, area in each(r, "handover"):
        measured = (area.get("criteria") or {}).get(row["measure"])
        start = r.value(measured, "share", f"{path}.criteria.{row['measure']}")
        key = str(area.get("area"))
        yield "share of futures", ((Raw(r.words.places.get(key, key)),), start, goal)


def _willing(r: Reader, row: Row) -> Iterator[tuple[str, Found]]:
    goal = _parameter(r, "handover_min_willingness", "0 to 1")
    for path, x in each(r, "details.provision.assessors"):
        key = str(x.get("area"))
        where: Text = (
            Raw(str(x.get("institution"))), ", ", Raw(r.words.places.get(key, key)), ": ",
            r.words.name("indicator", str(x.get("indicator"))),
        )  # fmt: skip
        yield "0 to 1", (where, interval(r, x, "0 to 1", path), goal)


_SOURCES: dict[str, Callable[[Reader, Row], Iterator[tuple[str, Found]]]] = {
    "outcome": _outcome, "curve": _curve, "women": _women, "handover": _handover,
    "willing": _willing,
}  # fmt: skip


def _parameter(r: Reader, name: str, units: str) -> Claim:
    for path, row in each(r, "details.assumptions"):
        if row.get("name") == name:
            return interval(r, row, units, path)
    return _none()


def _none() -> Claim:
    return Claim(_UNKNOWN[0], None)


def register(r: Reader) -> Sheet | None:
    """Return the register of assumptions, row by row."""
    whole = "details.register" if r.rows("details.register") else "details.assumptions"
    body = [_assumption(r, path, row) for path, row in each(r, whole)]
    if not body:
        return None
    head = r.head("head.assumption", "head.item", "#head.value_plain", "head.units", "head.basis",
                  "head.source", "head.owner_role", "#head.date", "head.enters",
                  "#head.change_low", "#head.change_high")  # fmt: skip
    table = Table("t-register-all", r.words.say("register.title"), head, tuple(body), whole,
                  "dense")  # fmt: skip
    return Sheet("register", r.words.say("register.title"), table, (r.words.say("register.intro"),))


def _assumption(r: Reader, path: str, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = r.words
    known = number(row.get("low")) is not None and number(row.get("high")) is not None
    value = interval(r, row, "", path)
    if not known:
        value = r.value(row.get("mid"), "", f"{path}.mid")
    steps = [s.strip() for s in str(row.get("enters") or "").split(",") if s.strip()]
    return (
        Cell((_label(r, row),), "head"),
        cell(Raw(str(row.get("item") or "–"))),
        num(value),
        cell(words.known("unit", str(row.get("units") or "")) if row.get("units") else "–"),
        basis(r, basis_of_row(row)),
        cell(words.known("source", str(row.get("source") or "–"))),
        cell(words.name("tell", str(row.get("owner_role") or "–"))),
        num(dated(r, row.get("date"), f"{path}.date")),
        cell(joined([words.name("step", s) for s in steps]) or _UNKNOWN),
        *(num(r.value(row.get(k), "officers", f"{path}.{k}"))
          for k in ("change_low", "change_high")),
    )  # fmt: skip


def _label(r: Reader, row: dict[str, Any]) -> Any:
    """Return the name of a parameter, or of the column of a table that was assumed."""
    _, _, column = str(row.get("name")).partition(".")
    if not column:
        return label_of(r, row)
    return Raw(str(row.get("name")))


def area_function(r: Reader) -> Sheet | None:
    """Return what is left open now, by area and function."""
    on = [str(row.get("function")) for row in r.rows("details.by_function")]
    body = []
    for path, row in each(r, "details.area_functions"):
        area, ends = str(row.get("area")), row.get("left_open") or {}
        for i, function in enumerate(row.get("functions") or ()):
            if function not in on:
                continue
            found = {k: ends[k][i] for k in ("low", "mid", "high") if k in ends}
            claim = interval(r, found, "officers", f"{path}.left_open.{{}}[{i}]")
            body.append(
                (
                    Cell((Raw(r.words.places.get(area, area)),), "head"),
                    cell(r.words.name("function", function)),
                    num(claim),
                    basis(r, str(row.get("basis") or "")),
                )
            )
    if not body:
        return None
    head = r.head("head.area", "head.function", "#head.open", "head.basis")
    note = r.words.say("area_function.note")
    table = Table("t-area-function", r.words.say("table.area_function"), head, tuple(body),
                  "details.area_functions", "dense", note)  # fmt: skip
    return sheet(r, "area_function", "area_function", table, note)
