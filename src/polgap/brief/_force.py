"""Force generation: Gantt chart, what decides, bridges, shortfalls, calls, and what is due."""

from __future__ import annotations

from typing import Any

from polgap.brief import figures
from polgap.brief._model import Block, Cell, Figure, Group, Paragraph, Part, Raw, Table, Text
from polgap.brief._reader import Reader, cell, num, number
from polgap.domain import month_label, month_number

DAYS_A_MONTH = 365.25 / 12
LANES = 12
"""Pledges drawn; more do not fit a page, and stand in the table of dates."""
CRITICAL = 8
QUARTER = 3
_DATES = ("p50", "p80", "p95")


def force(r: Reader) -> list[Block | Group]:
    """Return the figures and tables of force generation; what is not there is left out."""
    makers = (
        gantt,
        _critical,
        _bridging,
        _shortfall,
        _unreached,
        _calls,
        _asks,
        _turnover,
        _outside,
    )
    found: list[Block | Group] = []
    for make in makers:
        block = make(r)
        found += [block] if block else []
    return found


def gantt(r: Reader) -> Figure | None:
    rows = r.rows("details.force.gantt")
    if not rows:
        return None
    say, plain_ = r.words.say, r.words.plain
    shown = sorted(rows, key=lambda row: (str(row.get("p50") or "~"), row["pledge"]))[:LANES]
    used = [a["activity"] for row in shown for a in row["activities"]]
    order = [a for a in r.words.keys("activity") if a in used]
    numbers = {a: str(i + 1) for i, a in enumerate(order)}
    legend = figures.Key(
        [(numbers[a], r.words.label("activity", a)) for a in order],
        plain_("gantt.critical"),
        plain_("gantt.other"),
        [plain_(f"gantt.{p}") for p in _DATES],
    )
    first, count = month_number(str(r.at("study.first_month"))), int(r.at("study.months") or 12)
    months = [(i * DAYS_A_MONTH, r.numbers.month(month_label(first + i)))
              for i in range(0, count, QUARTER)]  # fmt: skip
    svg = figures.gantt(
        "gantt", [_lane(r, row, numbers, first) for row in shown], legend,
        title=plain_("figure.gantt"), desc=plain_("figure.gantt.desc"), months=months,
    )  # fmt: skip
    code = "figure.gantt.caption" if len(shown) == len(rows) else "figure.gantt.caption_first"
    caption = say(code, count=r.value(len(shown), "count"), pledges=r.value(len(rows), "count"))
    return Figure("gantt", say("figure.gantt"), svg, caption, "t-arrival")


def _lane(r: Reader, row: dict[str, Any], numbers: dict[str, str], first: int) -> figures.Lane:
    tasks = [
        figures.Task(numbers[a["activity"]], float(a["begin"]), float(a["end"]), a["critical"])
        for a in row["activities"]
    ]
    dates = [
        None if row.get(p) is None else (month_number(str(row[p])) - first) * DAYS_A_MONTH
        for p in _DATES
    ]
    missing = [r.words.plain(f"gantt.short.{p}") for p in _DATES if row.get(p) is None]
    never = r.words.plain("gantt.never", chances=Raw(", ".join(missing))) if missing else ""
    remark = r.words.plain(
        "gantt.remark",
        number=r.value(row["number"], "count"),
        unit=Raw(str(row["unit_type"])),
        readiness=Raw(r.words.label("readiness", str(row["readiness"]))),
    )
    return figures.Lane(Raw(row["pledge"]), remark, tasks, dates, never)


def _critical(r: Reader) -> Table | None:
    rows = r.rows("details.force.criticality")
    if not rows:
        return None
    say = r.words.say
    body = tuple(
        (
            Cell((r.words.name("activity", str(row["activity"])),), "head"),
            num(r.value(row["share"], "share")),
            num(r.value(row["waited"], "share")),
            num(r.claim(row, "days")),
        )
        for row in rows[:CRITICAL]
    )
    head = r.head("head.activity", "#head.critical_share", "#head.waited", "#head.days_taken")
    scarce: list[Part] = []
    for row in r.rows("details.force.resources"):
        scarce += ["; "] if scarce else []
        scarce += [r.words.name("resource", str(row["resource"])), " "]
        scarce.append(r.value(row["capacity"], "count", basis=str(row["basis"])))
        scarce += [part for window in row.get("windows") or () for part in _window(r, window)]
    note = say("table.critical.note", scarce=tuple(scarce))
    return Table("t-critical", say("table.critical"), head, body, "details.force.criticality",
                 "dense", note)  # fmt: skip


def _window(r: Reader, window: dict[str, Any]) -> Text:
    """Return how much of a resource there is in some months."""
    ends = {k: r.month(window[k]) for k in ("from", "until") if window[k]}
    code = "resource.window." + "_".join(ends)
    return (" ", *r.words.say(code, count=r.value(window["capacity"], "count"), **ends))


def _bridging(r: Reader) -> Table | Paragraph | None:
    rows = r.rows("details.force.bridging")
    if not rows:
        return None
    words, body = r.words, []
    for row in rows:
        place = Cell((Raw(words.places.get(row["area"], row["area"])),), "head")
        until = cell(r.month(row["until"]) if row["until"] else words.say("not_reached"))
        short = num(r.claim(row["short"], "officers"))
        if not row["bridges"]:
            body.append((place, until, short, cell(words.say("bridge.none")), *[cell("–")] * 3))
        for i, bridge in enumerate(row["bridges"]):
            lead = (place, until, short) if i == 0 else (cell(""), cell(""), cell(""))
            stays = r.value(bridge["months"], "count", basis=_basis(bridge))
            covers: Text = (
                words.say("bridge.ask") if bridge["officers"] is None
                else (r.value(bridge["officers"], "officers"),)
            )  # fmt: skip
            body.append((*lead, cell(words.name("bridge", bridge["bridge"])),
                         cell(r.month(bridge["ready"])), cell((stays,), "num"),
                         cell(covers, "num")))  # fmt: skip
    head = r.head("head.area", "head.until80", "#head.short", "head.bridge", "head.ready",
                  "#head.stays", "#head.covers")  # fmt: skip
    return Table("t-bridging", words.say("table.bridging"), head, tuple(body),
                 "details.force.bridging", "dense", _legal(r, rows))  # fmt: skip


def _basis(row: dict[str, Any]) -> str:
    return "recalled" if row.get("mark") == "RECALLED" else ""


def _legal(r: Reader, rows: list[dict[str, Any]]) -> Text:
    used = {b["bridge"] for row in rows for b in row["bridges"]}
    parts: list[Part] = list(r.words.say("table.bridging.note"))
    for bridge in r.words.keys("bridge"):
        if bridge in used:
            named, basis = r.words.name("bridge", bridge), r.words.say(f"bridge.{bridge}.basis")
            parts += [" ", *r.words.say("bridge.legal", name=(named,), basis=basis)]
    return tuple(parts)


def _shortfall(r: Reader) -> Table | None:
    """Return what stays uncovered at the start of each quarter, by type."""
    rows = r.rows("details.force.shortfall")
    if not rows:
        return None
    first, count = month_number(str(r.at("study.first_month"))), int(r.at("study.months") or 12)
    months = [month_label(first + i) for i in range(0, count, QUARTER)]
    found = {(row["unit_type"], row["month"]): row for row in rows}
    body = []
    for kind in dict.fromkeys(row["unit_type"] for row in rows):
        cells = []
        for month in months:
            row = found.get((kind, month))
            text: Text = ("–",)
            if row:
                text = (r.value(row["at50"], "officers"), " / ", r.value(row["at80"], "officers"))
            cells.append(Cell(text, "num"))
        body.append((Cell((r.words.name("unit_type", kind),), "head"), *cells))
    head = (Cell(r.words.say("head.unit_type")), *(Cell((r.month(m),), "num") for m in months))
    say = r.words.say
    return Table("t-shortfall", say("table.shortfall"), head, tuple(body),
                 "details.force.shortfall", "dense", say("table.shortfall.note"))  # fmt: skip


def _unreached(r: Reader) -> Table | None:
    return unreached(r, "details.force.unreached")


def unreached(r: Reader, path: str) -> Table | None:
    """Return the areas that nobody can serve, how far they are, what stays open, and why."""
    rows = r.rows(path)
    if not rows:
        return None
    say = r.words.say
    body = tuple(
        (
            Cell((Raw(str(row["name"])),), "head"),
            cell(say("request.unreached.away"), "num") if row["hours"] is None
            else num(r.value(row["hours"], "hours")),
            num(r.claim(row["open"], "officers")),
            cell(say(f"unreached.{row['reason']}")),
        )
        for row in rows
    )  # fmt: skip
    head = r.head("head.area", "#request.unreached.hours", "#head.open", "request.head.why")
    return Table("t-unreached", say("request.unreached"), head, body, path, "dense",
                 say("request.unreached.note"))  # fmt: skip


def _calls(r: Reader) -> Table | None:
    rows = r.rows("details.force.calls")
    if not rows:
        return None
    words = r.words
    body = tuple(
        (
            num(r.value(i + 1, "count")),
            Cell((Raw(row["contributor"]),), "head"),
            cell((Raw(row["pledge"]), ", ", words.name("unit_type", row["unit_type"]), ", ",
                  words.name("readiness", row["readiness"]))),
            cell(words.say(f"ask.{row['ask']}")),
            num(_gain(r, row["earlier"])),
            num(_gain(r, row["certain"])),
        )
        for i, row in enumerate(rows)
    )  # fmt: skip
    head = r.head("#head.rank", "head.contributor", "head.pledge", "head.ask", "#head.earlier",
                  "#head.certain")  # fmt: skip
    return Table("t-calls", words.say("table.calls"), head, body, "details.force.calls", "dense",
                 words.say("table.calls.note"))  # fmt: skip


def _gain(r: Reader, row: dict[str, Any]) -> Any:
    """Return a mean gain with the interval over futures."""
    return r.claim({**row, "mid": row["mean"]}, "officer-months")


def _asks(r: Reader) -> Table | None:
    """Return the calls by readiness and type, where the edition holds no names."""
    rows = r.rows("details.force.asks")
    if not rows or r.rows("details.force.calls"):
        return None
    words = r.words
    body = tuple(
        (
            Cell((words.name("readiness", row["readiness"]),), "head"),
            cell(words.name("unit_type", row["unit_type"])),
            cell(words.say(f"ask.{row['ask']}")),
            num(r.value(row["offers"], "count")),
            num(r.value(row["gain"], "officer-months")),
        )
        for row in rows
    )
    head = r.head("head.readiness", "head.unit_type", "head.ask", "#head.offers", "#head.gain")
    return Table("t-asks", words.say("table.asks"), head, body, "details.force.asks", "dense",
                 words.say("table.calls.note"))  # fmt: skip


def _turnover(r: Reader) -> Table | None:
    rows = r.rows("details.force.turnover")
    if not rows:
        return None
    words = r.words
    body = tuple(
        (
            Cell(words.say(f"due.{row['kind']}"), "head"),
            cell(Raw(row["pledge"])),
            cell(words.name("unit_type", row["unit_type"])),
            cell(r.month(row["month"]) if row["month"] else words.say("due.any")),
            num(_due(r, row)),
        )
        for row in rows
    )
    head = r.head("head.due", "head.pledge", "head.unit_type", "head.by", "#head.number")
    return Table("t-due", words.say("table.due"), head, body, "details.force.turnover", "dense",
                 words.say("table.due.note"))  # fmt: skip


def _due(r: Reader, row: dict[str, Any]) -> Any:
    basis = str(row["basis"])
    if row["low"] == row["high"]:
        return r.value(row["number"], "count", basis=basis)
    return r.claim({"low": row["low"], "mid": row["number"], "high": row["high"]}, "count",
                   basis=basis)  # fmt: skip


def _outside(r: Reader) -> Paragraph | None:
    """Return the sentence that holds the plan against past missions."""
    outside = r.at("details.force.outside") or {}
    rows = outside.get("rows") or []
    curve = r.rows("arrival.curve")
    if not rows or not curve:
        return None
    last = rows[-1]
    own = next((c for c in curve if c["month"] == last["month"]), None)
    if own is None or number(last.get("mid")) is None:
        return None
    return Paragraph(
        r.words.say(
            "outside.line",
            missions=r.value(outside["missions"], "count"),
            ceiling=r.value(outside["ceiling"], "officers"),
            month=r.month(last["month"]),
            past=r.claim(last, "officers"),
            plan=r.claim(own, "officers"),
        )
    )
