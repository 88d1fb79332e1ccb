"""Sheets of the force generation plan: schedule, what decides, bridges, calls, what falls due."""

from __future__ import annotations

from collections.abc import Sequence

from polgap.brief._book import Sheet, dated, each, interval
from polgap.brief._model import Cell, Raw, Table, Text
from polgap.brief._reader import Reader, cell, num
from polgap.brief._units import basis, sheet

Cells = tuple[Cell, ...]
_FORCE = "details.force"


def _made(
    r: Reader, key: str, title: str, heads: Sequence[str], body: Sequence[Cells], path: str,
    *notes: Text,
) -> Sheet | None:  # fmt: skip
    if not body:
        return None
    table = Table(f"t-{key}", r.words.say(f"table.{title}"), r.head(*heads), tuple(body), path,
                  "dense", notes[0] if notes else ())  # fmt: skip
    return sheet(r, key, title, table, *notes)


def schedule(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return every activity of every pledge of the plan, begin to end, at middle durations."""
    say, body = r.words.say, []
    for path, row in each(r, f"{_FORCE}.gantt"):
        for i, task in enumerate(row["activities"]):
            at = f"{path}.activities[{i}]"
            body.append((
                Cell((Raw(str(row["pledge"])),), "head"),
                cell(r.words.name("unit_type", str(row["unit_type"]))),
                cell(r.words.name("readiness", str(row["readiness"]))),
                num(r.value(row["number"], "units", f"{path}.number")),
                cell(r.words.name("activity", str(task["activity"]))),
                num(r.value(task["begin"], "days", f"{at}.begin")),
                num(r.value(task["end"], "days", f"{at}.end")),
                cell(say("yes" if task["critical"] else "no")),
                num(r.value(task["share"], "share", f"{at}.share")),
                *(num(dated(r, row.get(p), f"{path}.{p}")) for p in ("p50", "p80", "p95")),
            ))  # fmt: skip
    heads = ("head.pledge", "head.unit_type", "head.readiness", "#head.number_units",
             "head.activity", "#head.begins_day", "#head.ends_day", "head.critical",
             "#head.chance_critical", "#head.p50", "#head.p80", "#head.p95")  # fmt: skip
    return _made(r, "schedule", "schedule", heads, body, f"{_FORCE}.gantt", say("schedule.note"))


def criticality(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return how often each activity decides when the build-up is done."""
    body = [
        (Cell((r.words.name("activity", str(row["activity"])),), "head"),
         num(r.value(row["share"], "share", f"{path}.share")),
         num(r.value(row["waited"], "share", f"{path}.waited")),
         num(interval(r, row, "days", path)))
        for path, row in each(r, f"{_FORCE}.criticality")
    ]  # fmt: skip
    heads = ("head.activity", "#head.critical_share", "#head.waited", "#head.days_taken")
    return _made(r, "criticality", "critical", heads, body, f"{_FORCE}.criticality",
                 r.words.say("criticality.note"))  # fmt: skip


def resources(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return what pledges share and how much of it there is, and in which months."""
    body: list[Cells] = []
    for path, row in each(r, f"{_FORCE}.resources"):
        name = Cell((r.words.name("resource", str(row["resource"])),), "head")
        from_to = (num(dated(r, None, "")), num(dated(r, None, "")))
        usual = num(r.value(row["capacity"], "count", f"{path}.capacity"))
        body.append((name, usual, *from_to, basis(r, str(row["basis"]))))
        for i, window in enumerate(row.get("windows") or ()):
            at = f"{path}.windows[{i}]"
            ends = (num(dated(r, window[k], f"{at}.{k}")) for k in ("from", "until"))
            there = num(r.value(window["capacity"], "count", f"{at}.capacity"))
            body.append((name, there, *ends, cell("–")))
    heads = ("head.resource", "#head.at_once", "#head.from", "#head.until", "head.basis")
    return _made(r, "resources", "resources", heads, body, f"{_FORCE}.resources")


def bridging(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return who stands in for whom in each area, until when."""
    words, body = r.words, []
    for path, row in each(r, f"{_FORCE}.bridging"):
        lead = (
            Cell((Raw(words.places.get(row["area"], row["area"])),), "head"),
            num(dated(r, row["until"], f"{path}.until")),
            num(interval(r, row["short"], "officers", f"{path}.short")),
        )
        if not row["bridges"]:
            body.append((*lead, cell(words.say("bridge.none")), *[cell("–")] * 3))
        for i, bridge in enumerate(row["bridges"]):
            at = f"{path}.bridges[{i}]"
            body.append((
                *lead, cell(words.name("bridge", bridge["bridge"])),
                num(dated(r, bridge["ready"], f"{at}.ready")),
                num(r.value(bridge["months"], "count", f"{at}.months")),
                num(r.value(bridge["officers"], "officers", f"{at}.officers")),
            ))  # fmt: skip
    heads = ("head.area", "#head.until80", "#head.short", "head.bridge", "#head.ready",
             "#head.stays", "#head.covers")  # fmt: skip
    return _made(r, "bridging", "bridging", heads, body, f"{_FORCE}.bridging",
                 words.say("table.bridging.note"))  # fmt: skip


def shortfall(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return what stays uncovered by unit type and month, in officers and whole units."""
    body = [
        (Cell((r.words.name("unit_type", str(row["unit_type"])),), "head"),
         num(dated(r, row["month"], f"{path}.month")),
         *(num(r.value(row[k], "officers", f"{path}.{k}")) for k in ("at50", "at80")),
         *(num(r.value(row[k], "units", f"{path}.{k}")) for k in ("units50", "units80")))
        for path, row in each(r, f"{_FORCE}.shortfall")
    ]  # fmt: skip
    heads = ("head.unit_type", "#head.month", "#head.short50", "#head.short80", "#head.units50",
             "#head.units80")  # fmt: skip
    return _made(r, "shortfall", "shortfall", heads, body, f"{_FORCE}.shortfall",
                 r.words.say("shortfall.note"))  # fmt: skip


def unreached(r: Reader, *, short: bool = False, path: str = f"{_FORCE}.unreached") -> Sheet | None:
    """Return the areas that nobody can serve, and why."""
    body = [
        (Cell((Raw(str(row["name"])),), "head"),
         num(r.value(row["hours"], "hours", f"{at}.hours")),
         num(interval(r, row["open"], "officers", f"{at}.open")),
         cell(r.words.say(f"unreached.{row['reason']}")))
        for at, row in each(r, path)
    ]  # fmt: skip
    heads = ("head.area", "#request.unreached.hours", "#head.open_months", "request.head.why")
    return _made(r, "unreached", "unreached", heads, body, path,
                 r.words.say("request.unreached.note"))  # fmt: skip


def calls(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return which capital to call first, and what the call gains."""
    words = r.words
    body = [
        (Cell((Raw(str(row["contributor"])),), "head"), cell(Raw(str(row["pledge"]))),
         cell(words.name("unit_type", row["unit_type"])),
         cell(words.name("readiness", row["readiness"])),
         num(r.value(row["chance"], "share", f"{path}.chance")),
         cell(words.say(f"ask.{row['ask']}")),
         num(r.value(row["gain"], "officer-months", f"{path}.gain")),
         *(num(interval(r, row[k], "officer-months", f"{path}.{k}"))
           for k in ("earlier", "certain")))
        for path, row in each(r, f"{_FORCE}.calls")
    ]  # fmt: skip
    heads = ("head.contributor", "head.pledge", "head.unit_type", "head.readiness", "#head.chance",
             "head.ask", "#head.gain", "#head.earlier", "#head.certain")  # fmt: skip
    return _made(r, "calls", "calls", heads, body, f"{_FORCE}.calls",
                 words.say("table.calls.note"))  # fmt: skip


def due(r: Reader, *, short: bool = False) -> Sheet | None:
    """Return rotations, vacancies and calls that fall due in 90 days."""
    words = r.words
    body = [
        (Cell(words.say(f"due.{row['kind']}"), "head"), cell(Raw(str(row["pledge"]))),
         cell(words.name("unit_type", row["unit_type"])),
         num(dated(r, row["month"], f"{path}.month")),
         num(r.value(row["number"], "count", f"{path}.number")),
         *(num(r.value(row[k], "count", f"{path}.{k}")) for k in ("low", "high")),
         basis(r, str(row["basis"])))
        for path, row in each(r, f"{_FORCE}.turnover")
    ]  # fmt: skip
    heads = ("head.due", "head.pledge", "head.unit_type", "#head.by", "#head.number",
             "#head.low", "#head.high", "head.basis")  # fmt: skip
    return _made(r, "due", "due", heads, body, f"{_FORCE}.turnover", words.say("table.due.note"))


FORCE = (schedule, criticality, resources, bridging, shortfall, unreached, calls, due)
"""The force generation plan, in the order of the sheets."""
