"""Products on units: statement of unit requirement, pledge matrix, generation plan, arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from polgap import catalogue
from polgap.brief._book import Sheet, dated, each, interval
from polgap.brief._model import Cell, Claim, Part, Raw, Table, Text
from polgap.brief._reader import CHOSEN, COMPARISON, Reader, cell, num, number
from polgap.brief._words import joined
from polgap.domain import month_number

Row = Mapping[str, Any]


def sheet(r: Reader, key: str, code: str, table: Table, *notes: Text) -> Sheet:
    """Return a sheet whose title is that of its product."""
    return Sheet(key, r.words.say(f"table.{code}"), table, notes)


def basis(r: Reader, name: str) -> Cell:
    """Return a basis in words, with its letter."""
    if not name:
        return cell("–")
    mark = r.words.basis(name)
    return cell((mark, "\u00a0", mark.meaning))


def basis_of_mark(mark: str) -> str:
    """Return the basis of a catalogue row: what was read is computed, the rest recalled."""
    return "recalled" if mark == "RECALLED" else "computed"


_SHORT = (1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 15)
"""Columns of the statement of unit requirement that a page has room for."""
_LANGUAGE = 12
"""The column that makes room for the name of the option; the pledge matrix has it as well."""


def requirement(r: Reader, *, short: bool = False, every: bool = False) -> Sheet | None:
    """Return the statement of unit requirement of every option that may be proposed.

    Short, it names paragraphs of the mandate by number, and holds the option spoken of unless
    `every` is asked for; `kinds` says what each kind of unit is for and brings.
    """
    spoken = "status_quo" if r.weak else CHOSEN
    pledges = {str(p.get("pledge")): (path, p) for path, p in each(r, "details.pledges")}
    body = []
    for path, option in each(r, "options"):
        name = str(option.get("name"))
        if name in COMPARISON or ((r.weak or (short and not every)) and name != spoken):
            continue
        body += [_unit(r, name, stay, pledges, short=short) for stay in _stays(path, option)]
    if not body:
        return None
    head = r.head("head.option", "head.unit_type", "head.area", "#head.from", "#head.to",
                  "#head.number_units", "#head.strength_unit", "#head.strength",
                  "head.paragraphs" if short else "head.tasks",
                  "head.skills", "head.equipment", "#head.sustainment", "head.language",
                  "#head.women_share", "head.pledge", "head.basis")  # fmt: skip
    if short:
        shown = (0, *(i for i in _SHORT if i != _LANGUAGE)) if every else _SHORT
        head = tuple(head[i] for i in shown)
        body = [(Cell(row[shown[0]].text, "head"), *(row[i] for i in shown[1:])) for row in body]
    note = r.words.say("sur.note")
    table = Table("t-sur", r.words.say("table.sur"), head, tuple(body), "options", "dense", note)
    return sheet(r, "sur", "sur", table, note, *([r.words.say("sur.weak")] if r.weak else []))


def _stays(path: str, option: Row) -> list[list[tuple[str, Row]]]:
    """Return the rows of a plan by unit and place, cut where the number changes or a month lacks.

    Each row keeps its path.
    """
    runs: dict[tuple[str, ...], list[list[tuple[str, Row]]]] = {}
    rows = [(f"{path}.plan[{i}]", row) for i, row in enumerate(option.get("plan") or ())]
    for at, row in sorted(rows, key=lambda x: str(x[1].get("month"))):
        if not number(row.get("number")):
            continue
        key = tuple(str(row.get(k) or "") for k in ("unit_type", "area", "pledge"))
        found = runs.setdefault(key, [])
        last = found[-1][-1][1] if found else None
        goes_on = last and last["number"] == row["number"] and _follows(last, row)
        if goes_on:
            found[-1].append((at, row))
        else:
            found.append([(at, row)])
    return [stay for key in sorted(runs) for stay in runs[key]]


def _follows(last: Row, row: Row) -> bool:
    return month_number(str(row["month"])) == month_number(str(last["month"])) + 1


def _unit(
    r: Reader,
    option: str,
    stay: list[tuple[str, Row]],
    pledges: Mapping[str, tuple[str, dict[str, Any]]],
    *,
    short: bool,
) -> tuple[Cell, ...]:
    words, (path, row), (end, last) = r.words, stay[0], stay[-1]
    kind, area = str(row.get("unit_type")), str(row.get("area"))
    where, pledge = pledges.get(str(row.get("pledge")), ("", {}))
    fact = unit_facts().get(kind, {})
    at = f"catalogue.unit_types[{kind}]"
    units = number(row.get("number")) or 0.0
    strength = number(fact.get("strength"))
    officers = None if strength is None else units * strength
    return (
        Cell((words.name("option", option),), "head"),
        cell(words.name("unit_type", kind)),
        cell(Raw(words.places.get(area, area))),
        num(dated(r, row["month"], f"{path}.month")),
        num(dated(r, last["month"], f"{end}.month")),
        num(r.value(units, "units", f"{path}.number")),
        num(r.value(strength, "count", f"{at}.strength")),
        num(r.value(officers, "count", f"{path}.number * {at}.strength")),
        cell(_tasks(r, fact, area, short=short)),
        cell(_told(r, "skills", kind)),
        cell(_told(r, "equipment", kind)),
        num(r.value(fact.get("self_sustainment_days"), "days", f"{at}.self_sustainment_days")),
        cell(Raw(str(pledge.get("language") or "–"))),
        num(r.value(pledge.get("women"), "share", f"{where}.women")),
        cell(Raw(str(row.get("pledge") or "–"))),
        basis(r, str(pledge.get("basis") or r.at("study.basis") or "")),
    )


def kinds(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return what each kind of unit in a plan is for and brings along; for a page only."""
    used = {str(row.get("unit_type")) for o in r.rows("options") for row in o.get("plan") or ()}
    body = []
    for kind, fact in unit_facts().items():
        at = f"catalogue.unit_types[{kind}]"
        if kind in used:
            body.append(
                (
                    Cell((r.words.name("unit_type", kind),), "head"),
                    num(r.value(fact.get("strength"), "count", f"{at}.strength")),
                    cell(_tasks(r, fact)),
                    cell(_told(r, "skills", kind)),
                    cell(_told(r, "equipment", kind)),
                    num(r.value(fact.get("self_sustainment_days"), "days",
                                f"{at}.self_sustainment_days")),
                    basis(r, basis_of_mark(str(fact.get("mark")))),
                )
            )  # fmt: skip
    if not body:
        return None
    head = r.head("head.unit_type", "#head.strength_unit", "head.tasks", "head.skills",
                  "head.equipment", "#head.sustainment", "head.basis")  # fmt: skip
    table = Table("t-kinds", r.words.say("table.kinds"), head, tuple(body),
                  "catalogue.unit_types", "dense")  # fmt: skip
    return sheet(r, "kinds", "kinds", table)


@cache
def unit_facts() -> dict[str, dict[str, Any]]:
    """Return the catalogue row of each unit type."""
    rows = catalogue.table("unit_types").to_dict("records")
    return {str(row["unit_type"]): {str(k): v for k, v in row.items()} for row in rows}


def _told(r: Reader, kind: str, key: str) -> Text:
    code = f"{kind}.{key}"
    return r.words.say(code) if r.words.has(code) else ("–",)


def _tasks(r: Reader, fact: Row, area: str = "", *, short: bool = False) -> Text:
    """Return what of the mandate a kind of unit can give: paragraph and task by function.

    In an edition that holds no mandate, the functions by name.
    """
    on = {str(row.get("function")) for row in r.rows("details.by_function")}
    keys = [k for k in r.words.keys("function") if number(fact.get(f"skill_{k}")) and k in on]
    if r.rows("details.mandate"):
        return _mandated(r, keys, area, short=short)
    names: Text = joined([r.words.name("function", k) for k in keys])
    return names or ("–",)


def _mandated(r: Reader, functions: Sequence[str], area: str, *, short: bool) -> Text:
    """Return paragraph and task of the mandate for each function that a unit can give in an area.

    A function that no paragraph names stands by its name, and is said to be in none; short, only
    the numbers of paragraphs are named.
    """
    above = {str(a["area"]): str(a.get("parent") or "") for a in r.rows("details.areas")}
    here = ("", "*", area, above.get(area, "")) if area else None
    rows = [m for m in r.rows("details.mandate") if m.get("function") in functions
            and (here is None or str(m.get("area") or "") in here)]  # fmt: skip
    found: list[Text] = [
        (Raw(f"{m['paragraph']}" if short else f"{m['paragraph']} {m['task']}"),) for m in rows
    ]
    named = {m["function"] for m in rows}
    for function in () if short else [f for f in functions if f not in named]:
        name = r.words.name("function", function)
        found.append(r.words.say("sur.no_paragraph", function=name))
    return _listed(list(dict.fromkeys(found)))


def _listed(texts: Sequence[Text]) -> Text:
    whole: list[Part] = []
    for text in texts:
        whole += ["; "] if whole else []
        whole += text
    return tuple(whole) or ("–",)


def pledges(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return each pledge with what it offers, its dates, and where the option speaks of it.

    Short, it leaves out the units by month.
    """
    dates = {str(p.get("pledge")): (path, p) for path, p in each(r, "arrival.pledges")}
    placed = {} if r.weak or short else _placed(r)
    months = sorted({m for _, m in placed})
    body = [_pledge(r, path, row, dates, placed, months) for path, row in
            each(r, "details.pledges")]  # fmt: skip
    if not body:
        return None
    head = r.head("head.pledge", "head.contributor", "head.unit_type", "#head.number_units",
                  "#head.strength_unit", "head.readiness", "#head.p50", "#head.p80", "#head.p95",
                  "#head.chance", "#head.from", "#head.until", "head.language",
                  "#head.women_share", "head.caveats", "head.basis")  # fmt: skip
    heads = tuple(Cell(r.words.say("head.placed", month=r.month(m)), "num") for m in months)
    option = r.words.name("option", CHOSEN)
    note = r.words.say("pledges.note")
    if months:
        note = (*note, " ", *r.words.say("pledges.placed", option=option))
    elif r.weak:
        note = (*note, " ", *r.words.say("pledges.weak"))
    table = Table("t-pledge-matrix", r.words.say("table.pledge_matrix"), (*head, *heads),
                  tuple(body), "details.pledges", "dense", note)  # fmt: skip
    return sheet(r, "pledges", "pledge_matrix", table, note)


def _placed(r: Reader) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """Return paths and numbers of what the option spoken of places, by pledge and month."""
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for path, option in each(r, "options"):
        for i, row in enumerate(option.get("plan") or ()) if option.get("name") == CHOSEN else ():
            key = (str(row.get("pledge")), str(row["month"]))
            value = number(row.get("number")) or 0.0
            found.setdefault(key, []).append((f"{path}.plan[{i}].number", value))
    return found


def _pledge(
    r: Reader,
    path: str,
    row: Row,
    dates: Mapping[str, tuple[str, dict[str, Any]]],
    placed: Mapping[tuple[str, str], list[tuple[str, float]]],
    months: list[str],
) -> tuple[Cell, ...]:
    words, pledge, kind = r.words, str(row.get("pledge")), str(row.get("unit_type"))
    at, when = dates.get(pledge, ("", {}))
    fact = unit_facts().get(kind, {})
    caveats = [c.strip() for c in str(row.get("caveats") or "").split(";") if c.strip()]
    return (
        Cell((Raw(pledge),), "head"),
        cell(Raw(str(row.get("contributor") or "–"))),
        cell(words.name("unit_type", kind)),
        num(r.value(row.get("number"), "units", f"{path}.number")),
        num(r.value(fact.get("strength"), "count", f"catalogue.unit_types[{kind}].strength")),
        cell(words.name("readiness", str(row.get("readiness")))),
        *(num(dated(r, when.get(k), f"{at}.{k}")) for k in ("p50", "p80", "p95")),
        num(r.value(row.get("chance"), "share", f"{path}.chance")),
        num(dated(r, row.get("from"), f"{path}.from")),
        num(dated(r, row.get("until"), f"{path}.until")),
        cell(Raw(str(row.get("language") or "–"))),
        num(r.value(row.get("women"), "share", f"{path}.women")),
        cell(joined([Raw(c) for c in caveats]) or ("–",)),
        basis(r, str(row.get("basis") or "")),
        *(_there(r, placed.get((pledge, month), [])) for month in months),
    )


def _there(r: Reader, found: list[tuple[str, float]]) -> Cell:
    if not found:
        return cell("–", "num")
    return num(r.value(sum(v for _, v in found), "units", " + ".join(p for p, _ in found)))


def generation(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return the critical path of the option, and the chain of activities by readiness."""
    words = r.words
    option = words.name("option", str(r.at("arrival.option") or CHOSEN))
    whole: Text = words.say("chain.path", option=option)
    body: list[tuple[Cell, ...]] = [
        (Cell(whole, "head"), cell(words.name("activity", str(row.get("activity")))), cell("–"),
         num(r.value(row.get("days"), "days", f"{path}.days")), cell(words.say("yes")), cell("–"))
        for path, row in each(r, "arrival.critical_path")
    ]  # fmt: skip
    body += [_activity(r, path, row) for path, row in each(r, "details.generation")]
    if not body:
        return None
    head = r.head("head.chain", "head.activity", "head.after", "#head.days_middle",
                  "head.critical", "#head.chance_critical")  # fmt: skip
    note = words.say("generation.note")
    table = Table("t-generation", words.say("table.generation"), head, tuple(body),
                  "details.generation", "dense", note)  # fmt: skip
    return sheet(r, "generation", "generation", table, note)


def _activity(r: Reader, path: str, row: Row) -> tuple[Cell, ...]:
    words = r.words
    after = [words.name("activity", a) for a in str(row.get("after") or "").split()]
    return (
        Cell((words.name("readiness", str(row.get("readiness"))),), "head"),
        cell(words.name("activity", str(row.get("activity")))),
        cell(joined(after) or ("–",)),
        num(r.value(row.get("days"), "days", f"{path}.days")),
        cell(words.say("yes" if row.get("critical") else "no")),
        num(r.value(row.get("chance_critical"), "share", f"{path}.chance_critical")),
    )


def arrival(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return the officers deployed by month under each option."""
    curves = r.at("details.curve_options") or {}
    body = []
    for name in sorted(curves):
        option: Part = r.words.name("option", name)
        for i, row in enumerate(curves[name]):
            path = f"details.curve_options.{name}[{i}]"
            claims: tuple[Claim, ...] = (
                dated(r, row.get("month"), f"{path}.month"),
                interval(r, row, "officers", path),
            )
            body.append((Cell((option,), "head"), *(num(c) for c in claims)))
    if not body:
        return None
    head = r.head("head.option", "#head.month", "#head.officers_arrived")
    table = Table("t-arrival-curve", r.words.say("table.arrival_curve"), head, tuple(body),
                  "details.curve_options", "dense")  # fmt: skip
    return sheet(r, "arrival", "arrival_curve", table, r.words.say("arrival.note"))
