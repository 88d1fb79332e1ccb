"""The page of options on request: what a change, a cut, an event or a unit more would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from polgap.brief._force import unreached
from polgap.brief._html import write_html
from polgap.brief._model import (
    Block,
    Brief,
    Claim,
    Group,
    Items,
    Paragraph,
    Part,
    Raw,
    Section,
    Table,
    Text,
)
from polgap.brief._outcome import notes
from polgap.brief._reader import WEAK, Reader, cell, num
from polgap.brief._words import Words
from polgap.domain import POWERS

_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip
_CHANGES = (
    ("requirement", "officer-months"), ("unmet_need", "officer-months"),
    ("gap", "officer-months"), ("cost", "USD"),
)  # fmt: skip
_AREAS = 12
"""Areas shown with what changes there, at most."""


def request_page(block: Mapping[str, Any], places: Mapping[str, str], language: str) -> str:
    """Return the page of ``polgap options PROJECT --strike ...`` as HTML."""
    r = Reader(block, {}, Words(language, places))
    say, (begin, end) = r.words.say, r.span()
    title = say("request.title", theatre=r.theatre)
    subtitle = say("request.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin")))
    makers: dict[str, Callable[[Reader], Section]] = {
        "unreached": _unreached, "pricing": _pricing, "cuts": _cuts, "replan": _replan,
        "risk": _risk, "failures": _failures, "cheapest": _cheapest, "front": _front,
        "prices": _prices, "relax": _relax,
    }  # fmt: skip
    sections = [make(r) for key, make in makers.items() if r.at(key)]
    sections.append(Section("notes", say("notes.title"), (notes(r),)))
    first = Section("options", say("request.options"), (Paragraph(say("request.read")), _table(r)))
    return write_html(
        Brief(
            language=language,
            title=title,
            subtitle=subtitle,
            label=say("request.label"),
            banners=((("exercise", say("brief.exercise")),) if r.exercise else ()),
            running=(*title, " · ", *subtitle),
            badge=say("brief.exercise_badge") if r.exercise else (),
            first=first,
            sections=tuple(sections),
            labels={name: say(f"label.{name}") for name in _LABELS},
        )
    )


def called(r: Reader, name: str) -> Text:
    """Return the name of an option, a cut by its per cent."""
    if name.startswith("cut_"):
        share = r.value(float(name.removeprefix("cut_")) / 100.0, "share")
        return r.words.say("request.cut", percent=share)
    return r.words.say(f"option.{name}")


def _table(r: Reader) -> Table:
    body = []
    for option in r.rows("options"):
        show = r.ranged if option.get("grade") in WEAK else (lambda claim: claim)
        percent = option.get("gap_percent")
        share = r.value(None if percent is None else percent / 100.0, "share")
        wrong = r.value(len(option.get("violations") or []), "count")
        body.append((
            cell(called(r, str(option["name"])), "head"),
            num(show(r.claim(option.get("cost"), "USD million"))),
            num(show(r.claim(option.get("unmet_need"), "officer-months"))),
            cell(r.words.say("option.no_bound"), "num") if percent is None else num(share),
            num(wrong), cell(Raw(str(option.get("grade") or "–")), "letter"),
        ))  # fmt: skip
    head = r.head("head.option", "#head.cost", "#head.unmet", "#head.bound", "#head.violations",
                  "head.grade")  # fmt: skip
    return Table("t-options", r.words.say("table.options"), head, tuple(body), "options", "dense",
                 r.words.say("table.options.note"))  # fmt: skip


def _changes(r: Reader, found: Mapping[str, Any], path: str) -> list[Block]:
    """Return what a case changes against the recommended one, in all and by area."""
    say = r.words.say
    body = tuple(
        (cell(say(f"request.change.{name}"), "head"), num(r.claim(found[name], units, path)))
        for name, units in _CHANGES
    )
    head = r.head("request.head.what", "#request.head.change")
    whole = Table(f"t-{path}", say("request.against"), head, body, path, "dense")
    cover, built = (
        {k: _month(r, v) for k, v in found[name].items()} for name in ("cover", "built")
    )
    known = any(v for row in found["cover"].values() for v in row.values())
    line = say("request.cover", **cover) if known else say("request.cover.never")
    line = (*line, " ", *say("request.built", **built))
    rows = [row for row in found["by_area"] if row["mid"] or row["low"] or row["high"]][:_AREAS]
    blocks: list[Block] = [whole, Paragraph(line)]
    if rows:
        areas = tuple(
            (cell(Raw(str(row["name"])), "head"), num(r.claim(row, "officer-months", path)))
            for row in rows
        )
        head = r.head("request.head.area", "#request.head.change")
        blocks.append(Table(f"t-{path}-areas", say("request.areas"), head, areas, path, "dense"))
    return blocks


def _month(r: Reader, ends: Mapping[str, Any]) -> Part | Text:
    return r.month(ends["mid"]) if ends.get("mid") else r.words.say("not_reached")


def _pricing(r: Reader) -> Section:
    say, found = r.words.say, r.at("pricing")
    none = say("request.none")
    asked = {key: Raw(", ".join(found[key])) if found[key] else none for key in ("strike", "add")}
    blocks: list[Block | Group] = [Paragraph(say("request.pricing.asked", **asked), "answer")]
    before, after = found["powers"]["before"], found["powers"]["after"]
    lines: list[Text] = []
    if before != after:
        names = {k: say(f"powers.{POWERS[v]}") for k, v in found["powers"].items()}
        lines.append(say("request.pricing.powers", **names))
    for row in found["posture"]:
        rungs = {k: r.words.name("posture", row[k]) for k in ("before", "after")}
        name = Raw(r.words.places.get(row["area"], row["area"]))
        lines.append(say("request.pricing.posture", area=name, **rungs))
    blocks += [Items(tuple(lines))] if lines else []
    blocks += _changes(r, found, "pricing")
    if found["precedents"]:
        blocks.append(Group(say("request.precedents"), (_precedents(r, found),), "precedents"))
    return Section("pricing", say("request.pricing"), tuple(blocks))


def _precedents(r: Reader, found: Mapping[str, Any]) -> Items:
    lines = []
    for row in found["precedents"]:
        mark = r.words.mark("recalled") if row["mark"] == "RECALLED" else None
        line = r.words.say(
            "request.precedent", mission=Raw(str(row["mission"])), year=Raw(str(row["year"])),
            document=Raw(str(row["document"])), paragraph=Raw(str(row["paragraph"])),
            fact=Raw(str(row[f"fact_{r.words.language}"])),
        )  # fmt: skip
        lines.append((*line, " ", mark) if mark is not None else line)
    return Items(tuple(lines))


def _cuts(r: Reader) -> Section:
    say = r.words.say
    groups: list[Block | Group] = []
    for k, row in enumerate(r.rows("cuts")):
        given = _given_up(r, row)
        title = say("request.cut", percent=r.value(row["percent"] / 100.0, "share"))
        blocks = (Paragraph(given, "answer"), *_changes(r, row["opens"], f"cuts-{k}"))
        groups.append(Group(title, blocks, f"cut-{k}"))
    return Section("cuts", say("request.cuts"), tuple(groups))


def _given_up(r: Reader, row: Mapping[str, Any]) -> Text:
    """Return which units a cut gives up."""
    units: Text = ()
    for u in row["gives_up"]:
        count = r.value(u["units"], "count")
        one = r.words.say("request.units", count=count, pledge=Raw(str(u["pledge"])))
        units = (*units, ", ", *one) if units else one
    say = r.words.say
    return say("request.gives_up", units=units) if units else say("request.gives_nothing")


def _replan(r: Reader) -> Section:
    say, found = r.words.say, r.at("replan")
    blocks: list[Block | Group] = [
        Paragraph(
            say("request.replan.left",
                left=r.value(found["unmet_if_left_alone"], "officer-months", "replan"),
                now=r.value(found["unmet_replanned"], "officer-months", "replan")),
            "answer",
        )
    ]  # fmt: skip
    blocks.append(
        Paragraph(say("request.replan.kept", share=r.value(found["kept"], "share", "replan.kept")))
    )
    body = tuple(
        (cell(Raw(str(c["pledge"])), "head"),
         cell(r.words.name("unit_type", str(c["unit_type"]))),
         cell(Raw(r.words.places.get(c["area"], c["area"]))),
         num(signed(r, c["units"])), cell(r.month(c["since"])),
         cell(say(f"request.why.{c['why']}")))
        for c in found["changes"]
    )  # fmt: skip
    if body:
        head = r.head("request.head.pledge", "head.unit_type", "request.head.area",
                      "#request.head.units", "request.head.since", "request.head.why")  # fmt: skip
        title = say("request.moved")
        blocks.append(Table("t-replan", title, head, body, "replan.changes", "dense"))
    else:
        blocks.append(Paragraph(say("request.replan.none")))
    blocks += _changes(r, found["against_old_plan"], "replan-change")
    return Section("replan", say("request.replan", event=Raw(found["event"])), tuple(blocks))


def signed(r: Reader, units: float, path: str = "") -> Claim:
    """Return a number of units more or fewer, with its sign."""
    claim = r.value(units, "count", path)
    return replace(claim, text=f"+{claim.text}") if units > 0 else claim


def _unreached(r: Reader) -> Section:
    table = unreached(r, "unreached")
    return Section("unreached", r.words.say("request.unreached"), (table,) if table else ())


def _cheapest(r: Reader) -> Section:
    say, found = r.words.say, r.at("cheapest")
    money = {
        name: r.value(found[key], "USD million", f"cheapest.{key}")
        for name, key in (("cost", "cost"), ("least", "least_cost"))
    }
    share = r.value(found["share"], "share", "cheapest.share")
    text = say("request.cheapest.text", share=share, **money)
    return Section("cheapest", say("request.cheapest"), (Paragraph(text, "answer"),))


def _risk(r: Reader) -> Section:
    say, found = r.words.say, r.at("risk")
    line = say(
        "request.risk.asked", share=r.value(found["tail"], "share"),
        futures=r.value(found["futures"], "count"), weight=r.value(found["aversion"], "share"),
    )  # fmt: skip
    body = tuple(
        (cell(called(r, name), "head"),
         *(num(r.value(row[key], "officer-months", "risk")) for key in ("mean", "worst", "value")))
        for name, row in (("recommended", found["plain"]), (str(found["option"]), found))
    )  # fmt: skip
    head = r.head("head.option", "#request.head.mean", "#request.head.worst", "#request.head.mix")
    proved = say(
        "request.risk.bound", bound=r.value(found["bound"], "officer-months", "risk"),
        share=r.value(found["gap_percent"] / 100.0, "share"),
    )  # fmt: skip
    blocks: list[Block | Group] = [
        Paragraph(line, "answer"),
        Table("t-risk", say("request.risk"), head, body, "risk", "dense"),
        Paragraph(proved), *_changes(r, found["against"], "risk-change"),
    ]  # fmt: skip
    return Section("risk", say("request.risk"), tuple(blocks))


def _failures(r: Reader) -> Section:
    say, found = r.words.say, r.at("failures")
    most = r.value(found["failures"], "count")
    body = tuple(
        (cell(called(r, name), "head"),
         *(num(r.value(row[key], "officer-months", "failures")) for key in ("none", "worst")),
         cell(Raw(", ".join(row["failing"]) or "–")))
        for name, row in (("recommended", found["plain"]), (str(found["option"]), found))
    )  # fmt: skip
    head = r.head("head.option", "#request.head.none_fails", "#request.head.worst_case",
                  "request.head.failing")  # fmt: skip
    proved = say(
        "request.failures.bound", bound=r.value(found["bound"], "officer-months", "failures")
    )
    blocks: list[Block | Group] = [
        Paragraph(say("request.failures.asked", most=most), "answer"),
        Table("t-failures", say("request.failures"), head, body, "failures", "dense"),
        Paragraph(proved),
    ]  # fmt: skip
    if not found["all_tried"]:
        blocks.append(Paragraph(say("request.failures.some")))
    blocks += _changes(r, found["against"], "failures-change")
    return Section("failures", say("request.failures"), tuple(blocks))


def _front(r: Reader) -> Section:
    say = r.words.say
    body = tuple(
        (num(r.value(row["cost"], "USD million", "front")),
         num(r.value(row["unmet_need"], "officer-months", "front")),
         num(r.value(row["bound"], "officer-months", "front")),
         cell(r.month(row["cover_month"]) if row["cover_month"] else say("not_reached")))
        for row in r.rows("front")
    )  # fmt: skip
    head = r.head("#head.cost", "#request.head.open", "#request.head.bound",
                  "request.head.covered")  # fmt: skip
    table = Table("t-front", say("request.front"), head, body, "front", "dense")
    return Section("front", say("request.front"), (table,))


def _prices(r: Reader) -> Section:
    say = r.words.say
    body = tuple(
        (cell(say(f"request.price.{row['what']}", **_named(row)), "head"),
         num(r.claim(row["unmet_need"], "officer-months", "prices")),
         num(r.value(row["mean"], "officer-months", "prices")),
         num(r.claim(row["cost"], "USD", "prices")))
        for row in r.rows("prices")
    )  # fmt: skip
    head = r.head("request.head.what", "#request.head.change", "#request.head.open",
                  "#request.head.cost")  # fmt: skip
    table = Table("t-prices", say("request.prices"), head, body, "prices", "dense")
    return Section("prices", say("request.prices"), (table,))


def _named(row: Mapping[str, Any]) -> dict[str, Raw]:
    return {"name": Raw(str(row["name"]))} if row["what"] in ("pledge", "caveat") else {}


def _relax(r: Reader) -> Section:
    say = r.words.say
    blocks: list[Block | Group] = []
    for found in r.rows("relax"):
        option = called(r, str(found["option"]))
        code = "request.relax.intro" if found["rules"] else "request.relax.kept"
        blocks.append(Paragraph(say(code, option=option), "answer"))
        lines = tuple(
            say(f"request.relax.{row['kind']}", rule=Raw(str(row["rule"])),
                asked=r.value(row["asked"], ""), by=r.value(row["by"], ""))
            for row in found["rules"]
        )  # fmt: skip
        blocks += [Items(lines)] if lines else []
    return Section("relax", say("request.relax"), tuple(blocks))
