"""Strengths, weaknesses, opportunities and threats: each found by a printed rule, none invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from polgap.brief._context import names_of, totals, trend_of
from polgap.brief._first import UNABLE
from polgap.brief._model import Cell, Paragraph, Section, Table, Text
from polgap.brief._police import chain
from polgap.brief._reader import Reader, cell, number

Finding = tuple[str, str, Text, Text]
"""Kind (strength, weakness, opportunity, threat), code of the rule, the finding, the rule."""

HALF = 0.5
WOMEN_GOOD, WOMEN_FEW = 0.2, 0.1
REASON = 0.1
LIKELY = 0.2
_READY = ("RDL", "L3")
_CALM = ("post_conflict", "transition")
_KINDS = ("strength", "weakness", "opportunity", "threat")


def swot(r: Reader) -> Section:
    """Return what the rules find, by kind, and what they look at."""
    say, rows = r.words.say, findings(r)
    body: list[tuple[Cell, ...]] = []
    for kind in _KINDS:
        mine = [row for row in rows if row[0] == kind]
        body.append((Cell(say(f"swot.{kind}"), "group", 2),))
        if not mine:
            body.append((cell(say("swot.nothing")), cell("–")))
        body += [(cell(text), cell(rule)) for _, _, text, rule in mine]
    head = r.head("head.finding", "head.rule")
    table = Table("t-swot", say("table.swot"), head, tuple(body), "gap", "rules")
    return Section("swot", say("swot.title"), (Paragraph(say("swot.intro")), table))


def findings(r: Reader) -> list[Finding]:
    """Return every finding that holds; a rule whose figures are not there says nothing."""
    rules: tuple[Callable[[Reader], Iterator[Finding]], ...] = (
        _cover, _usable, _women, _reasons, _mission, _violence, _phases, _offers, _programmes,
        _handover, _leaving, _shocks, _silence,
    )  # fmt: skip
    return [row for rule in rules for row in rule(r)]


def _found(r: Reader, kind: str, code: str, **values: Any) -> Finding:
    limits = {k: v for k, v in values.items() if k in ("limit", "limit2")}
    told = {k: v for k, v in values.items() if k not in limits}
    return kind, code, r.words.say(f"swot.{code}", **told), r.words.say(f"rule.{code}", **limits)


def _mid(row: Mapping[str, Any], layer: str) -> float | None:
    ends = row.get(layer)
    return number(ends.get("mid")) if isinstance(ends, Mapping) else None


def _cover(r: Reader) -> Iterator[Finding]:
    """Areas whose own police give half of the need, and areas where they give next to nothing."""
    rows = [(str(x.get("area")), _mid(x, "need"), _mid(x, "national_shortfall"))
            for x in r.rows("details.by_area")]  # fmt: skip
    known = [(a, n, s) for a, n, s in rows if n and s is not None]
    if not known:
        return
    good = [a for a, n, s in known if s <= HALF * n]
    bad = [a for a, n, s in known if s >= (1 - REASON) * n]
    every = r.value(len(known), "count", "details.by_area")
    if good:
        yield _found(r, "strength", "cover", count=r.value(len(good), "count"), areas=every,
                     names=names_of(r, good), limit=r.value(HALF, "share"))  # fmt: skip
    if bad:
        yield _found(r, "weakness", "bare", count=r.value(len(bad), "count"), areas=every,
                     names=names_of(r, bad), limit=r.value(1 - REASON, "share"))  # fmt: skip


def _usable(r: Reader) -> Iterator[Finding]:
    roll = chain(r)["roll"]
    given = _mid({"x": r.at("details.host_effective")}, "x")
    if not roll or given is None:
        return
    kind = "weakness" if given < HALF * roll else "strength"
    yield _found(
        r, kind, "usable", roll=r.value(roll, "officers", "details.host_institutions"),
        effective=r.claim(r.at("details.host_effective"), "officers", "details.host_effective"),
        share=r.value(given / roll, "share"), limit=r.value(HALF, "share"),
    )  # fmt: skip


def _women(r: Reader) -> Iterator[Finding]:
    found = chain(r)
    women, roll = found["women"], found["roll"]
    if women is None or not roll:
        return
    share = women / roll
    if WOMEN_FEW <= share < WOMEN_GOOD:
        return
    kind = "strength" if share >= WOMEN_GOOD else "weakness"
    yield _found(
        r, kind, "women", share=r.value(share, "share", "details.host_institutions"),
        limit=r.value(WOMEN_GOOD, "share"), limit2=r.value(WOMEN_FEW, "share"),
    )  # fmt: skip


def _reasons(r: Reader) -> Iterator[Finding]:
    why = r.at("gap.why") or {}
    known = {k: v for k in UNABLE if (v := number(why.get(k))) is not None}
    if known:
        top = max(known, key=lambda k: known[k])
        if known[top] > REASON:
            yield _found(r, "weakness", "unable", reason=r.words.name("why", top),
                         share=r.value(known[top], "share", f"gap.why.{top}"),
                         limit=r.value(REASON, "share"))  # fmt: skip
    will = number(why.get("will"))
    if will is not None and will > REASON:
        yield _found(r, "threat", "unwilling", share=r.value(will, "share", "gap.why.will"),
                     limit=r.value(REASON, "share"))  # fmt: skip


def _mission(r: Reader) -> Iterator[Finding]:
    asked, left = (_mid({"x": r.at(f"gap.{k}")}, "x") for k in ("mission_requirement", "left_open"))
    if not asked or left is None:
        return
    kind = "strength" if left <= HALF * asked else "weakness"
    yield _found(r, kind, "mission", share=r.value(left / asked, "share", "gap.left_open"),
                 limit=r.value(HALF, "share"))  # fmt: skip


def _violence(r: Reader) -> Iterator[Finding]:
    last, before = totals(r)
    trend = trend_of(last, before)
    if trend in ("rising", "falling"):
        kind = "threat" if trend == "rising" else "opportunity"
        yield _found(r, kind, trend, last=r.value(last, "count", "details.violence_areas"),
                     before=r.value(before, "count", "details.violence_areas"))  # fmt: skip


def _phases(r: Reader) -> Iterator[Finding]:
    rows = r.rows("details.areas")
    fighting = [str(a.get("area")) for a in rows if a.get("phase") == "fighting"]
    calm = [str(a.get("area")) for a in rows if a.get("phase") in _CALM]
    every = r.value(len(rows), "count", "details.areas")
    if fighting:
        yield _found(r, "threat", "fighting", count=r.value(len(fighting), "count"), areas=every,
                     names=names_of(r, fighting))  # fmt: skip
    if calm:
        yield _found(r, "opportunity", "calm", count=r.value(len(calm), "count"), areas=every,
                     names=names_of(r, calm))  # fmt: skip


def _offers(r: Reader) -> Iterator[Finding]:
    rows = [
        x
        for x in r.rows("details.pledges")
        if x.get("readiness") in _READY
        and (number(x.get("chance")) or 0.0) >= HALF
        and x.get("basis") != "assumed"
    ]
    if rows:
        count = r.value(len(rows), "count", "details.pledges")
        yield _found(r, "opportunity", "offers", count=count, limit=r.value(HALF, "share"))


def _programmes(r: Reader) -> Iterator[Finding]:
    rows = r.rows("details.programmes")
    checked = [x for x in rows if x.get("verified_by")]
    if checked:
        yield _found(r, "opportunity", "programmes",
                     count=r.value(len(checked), "count", "details.programmes"))  # fmt: skip
    if len(rows) > len(checked):
        left = r.value(len(rows) - len(checked), "count", "details.programmes")
        yield _found(r, "threat", "unverified", count=left)


def _handover(r: Reader) -> Iterator[Finding]:
    rows = r.rows("handover")
    ready = [str(x.get("area")) for x in rows if x.get("earliest")]
    if ready:
        count, every = (r.value(len(x), "count", "handover") for x in (ready, rows))
        yield _found(r, "opportunity", "ready", count=count, areas=every, names=names_of(r, ready))


def _leaving(r: Reader) -> Iterator[Finding]:
    months = [str(m) for m in r.rows("details.report_months")]
    rows = [x for x in r.rows("details.other_providers")
            if months and months[0] <= str(x.get("until") or "") < months[-1]
            and x.get("counts") != "never"]  # fmt: skip
    officers = sum(number(x.get("strength")) or 0.0 for x in rows)
    if officers:
        yield _found(r, "threat", "leaving",
                     officers=r.value(officers, "officers", "details.other_providers"))  # fmt: skip


def _shocks(r: Reader) -> Iterator[Finding]:
    rows = [x for x in r.rows("details.shocks") if (number(x.get("chance")) or 0.0) >= LIKELY]
    for row in sorted(rows, key=lambda x: -(number(x.get("chance")) or 0.0)):
        yield _found(r, "threat", "shock", shock=r.words.name("shock", str(row.get("shock"))),
                     chance=r.value(row.get("chance"), "share", "details.shocks"),
                     limit=r.value(LIKELY, "share"))  # fmt: skip


def _silence(r: Reader) -> Iterator[Finding]:
    rows = [x for x in r.rows("details.by_area") if x.get("data") == "none"]
    if rows:
        silent = [str(x.get("area")) for x in rows]
        yield _found(r, "threat", "silence", count=r.value(len(rows), "count", "details.by_area"),
                     names=names_of(r, silent))  # fmt: skip
