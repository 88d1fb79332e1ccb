"""The workbook of options on request: what a change, a cut, an event or a unit more would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from polgap.brief._book import Book, Sheet, dated, each, interval
from polgap.brief._generated import unreached
from polgap.brief._model import Cell, Raw, Table, Text
from polgap.brief._reader import Reader, cell, num
from polgap.brief._request import called, signed
from polgap.brief._words import Words

CHANGES = (
    ("requirement", "officer-months"), ("unmet_need", "officer-months"),
    ("gap", "officer-months"), ("cost", "USD"),
)  # fmt: skip
Cells = tuple[Cell, ...]


def answer_book(
    block: Mapping[str, Any], places: Mapping[str, str], language: str
) -> tuple[Reader, Book]:
    """Return the workbook of what ``polgap options PROJECT --strike ... --json`` prints."""
    r = Reader(block, {}, Words(language, places))
    say, (begin, end) = r.words.say, r.span()
    title = say("request.title", theatre=r.theatre)
    subtitle = say("request.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin")))
    made = [s for make in _MAKERS if (s := make(r)) is not None]
    return r, Book(
        language=language,
        title=title,
        running=(*title, " · ", *subtitle, " · ", *say("request.label")),
        sheets=tuple(made),
        paths=say("sheet.paths"),
        ends={k: r.words.plain(f"book.columns.{k}", head="{head}") for k in ("low", "mid", "high")},
    )


def _sheet(
    r: Reader, key: str, heads: Sequence[str], body: Sequence[Cells], *notes: Text
) -> Sheet | None:
    if not body:
        return None
    title = r.words.say(f"answer.{key}")
    table = Table(f"t-{key}", title, r.head(*heads), tuple(body), key, "dense")
    return Sheet(key, title, table, notes)


def _options(r: Reader) -> Sheet | None:
    body = [
        (Cell(called(r, str(o["name"])), "head"),
         num(interval(r, o.get("cost"), "USD", f"{path}.cost")),
         num(interval(r, o.get("unmet_need"), "officer-months", f"{path}.unmet_need")),
         num(r.value(o.get("bound"), "officer-months", f"{path}.bound")),
         num(r.value(o.get("gap_percent"), "percent", f"{path}.gap_percent")),
         cell(Raw("; ".join(map(str, o.get("violations") or ())) or "–", "en")),
         cell(Raw(str(o.get("grade") or "–")), "letter"))
        for path, o in each(r, "options")
    ]  # fmt: skip
    heads = ("head.option", "#head.cost_usd", "#head.unmet", "#head.bound_officers",
             "#head.bound_percent", "head.rules_broken", "head.grade")  # fmt: skip
    said = (r.words.say("brief.exercise"),) if r.exercise else ()
    return _sheet(r, "answered", heads, body, *said, r.words.say("request.read"))


def _cases(r: Reader) -> Iterator[tuple[Text, str, Mapping[str, Any]]]:
    """Give what is compared with the recommended option: its name, path and block."""
    if r.at("pricing"):
        yield r.words.say("option.recommended_as_changed"), "pricing", r.at("pricing")
    for path, row in each(r, "cuts"):
        yield called(r, f"cut_{row['percent']:g}"), f"{path}.opens", row["opens"]
    if r.at("replan"):
        event = Raw(str(r.at("replan.event")))
        found = r.at("replan.against_old_plan")
        yield r.words.say("request.replan", event=event), "replan.against_old_plan", found
    for key in ("risk", "failures"):
        if r.at(key):
            yield called(r, str(r.at(f"{key}.option"))), f"{key}.against", r.at(f"{key}.against")


def _changes(r: Reader) -> Sheet | None:
    body = [
        (Cell(name, "head"), cell(r.words.say(f"request.change.{key}")),
         cell(r.words.known("unit", units)), num(interval(r, found[key], units, f"{path}.{key}")))
        for name, path, found in _cases(r) for key, units in CHANGES
    ]  # fmt: skip
    heads = ("head.option", "head.measure", "head.units", "#request.head.change")
    return _sheet(r, "changes", heads, body, r.words.say("request.against"))


def _by_area(r: Reader) -> Sheet | None:
    body = [
        (Cell(name, "head"), cell(Raw(str(row["name"]))),
         num(interval(r, row, "officer-months", f"{path}.by_area[{i}]")))
        for name, path, found in _cases(r) for i, row in enumerate(found["by_area"])
    ]  # fmt: skip
    heads = ("head.option", "head.area", "#request.head.change")
    return _sheet(r, "changes_area", heads, body, r.words.say("request.areas"))


def _dates(r: Reader) -> Sheet | None:
    """Return the months of cover and of build-up, before and after; empty = in no month planned."""
    body = [
        (Cell(name, "head"), cell(r.words.say(f"answer.{key}")),
         cell(r.words.say(f"answer.{when}")),
         *(num(dated(r, ends[k], f"{path}.{key}.{when}.{k}")) for k in ("low", "mid", "high")))
        for name, path, found in _cases(r)
        for key in ("cover", "built")
        for when, ends in found[key].items()
    ]  # fmt: skip
    heads = ("head.option", "head.measure", "head.when", "#head.low", "#head.middle", "#head.high")
    return _sheet(r, "cover_dates", heads, body, r.words.say("answer.dates_note"))


def _given_up(r: Reader) -> Sheet | None:
    body = [
        (Cell(called(r, f"cut_{row['percent']:g}"), "head"), cell(Raw(str(u["pledge"]))),
         cell(r.words.name("unit_type", str(u["unit_type"]))),
         num(r.value(u["units"], "units", f"{path}.gives_up[{i}].units")))
        for path, row in each(r, "cuts") for i, u in enumerate(row["gives_up"])
    ]  # fmt: skip
    heads = ("head.option", "head.pledge", "head.unit_type", "#head.number_units")
    return _sheet(r, "given_up", heads, body, r.words.say("request.cuts"))


def _moved(r: Reader) -> Sheet | None:
    body = [
        (Cell((Raw(str(c["pledge"])),), "head"),
         cell(r.words.name("unit_type", str(c["unit_type"]))),
         cell(Raw(r.words.places.get(c["area"], c["area"]))),
         num(dated(r, c["since"], f"{path}.since")),
         num(signed(r, c["units"], f"{path}.units")),
         cell(r.words.say(f"request.why.{c['why']}")))
        for path, c in each(r, "replan.changes")
    ]  # fmt: skip
    heads = ("head.pledge", "head.unit_type", "head.area", "#request.head.since",
             "#request.head.units", "request.head.why")  # fmt: skip
    return _sheet(r, "moved", heads, body)


def _totals(r: Reader) -> Sheet | None:
    """Return the single figures: of a plan made anew, and of the least cost."""
    wanted = (
        ("replan.unmet_if_left_alone", "officer-months"),
        ("replan.unmet_replanned", "officer-months"), ("replan.bound", "officer-months"),
        ("replan.kept", "share"), ("cheapest.share", "share"),
        ("cheapest.allowed", "officer-months"), ("cheapest.unmet_need", "officer-months"),
        ("cheapest.cost", "USD"), ("cheapest.least_cost", "USD"),
        ("cheapest.gap_percent", "percent"),
    )  # fmt: skip
    body = [
        (Cell(r.words.say(f"answer.{path}"), "head"), cell(r.words.known("unit", units)),
         num(r.value(r.at(path), units, path)))
        for path, units in wanted if r.at(path) is not None
    ]  # fmt: skip
    return _sheet(r, "single_figures", ("head.figure", "head.units", "#head.value_plain"), body)


def _front(r: Reader) -> Sheet | None:
    body = [
        (Cell((Raw(str(row["name"])),), "head"),
         num(r.value(row["cost"], "USD", f"{path}.cost")),
         num(r.value(row["unmet_need"], "officer-months", f"{path}.unmet_need")),
         num(r.value(row["bound"], "officer-months", f"{path}.bound")),
         num(dated(r, row["cover_month"], f"{path}.cover_month")))
        for path, row in each(r, "front")
    ]  # fmt: skip
    heads = ("head.option", "#head.cost_usd", "#request.head.open", "#request.head.bound",
             "#request.head.covered")  # fmt: skip
    return _sheet(r, "front", heads, body)


def _prices(r: Reader) -> Sheet | None:
    body = [
        (Cell(r.words.say(f"request.price.{row['what']}", name=Raw(str(row["name"]))), "head"),
         num(interval(r, row["unmet_need"], "officer-months", f"{path}.unmet_need")),
         num(r.value(row["mean"], "officer-months", f"{path}.mean")),
         num(r.value(row["expected"], "officer-months", f"{path}.expected")),
         num(interval(r, row["cost"], "USD", f"{path}.cost")))
        for path, row in each(r, "prices")
    ]  # fmt: skip
    heads = ("request.head.what", "#request.head.change", "#request.head.open",
             "#answer.expected", "#request.head.cost")  # fmt: skip
    return _sheet(r, "prices", heads, body, r.words.say("answer.prices_note"))


def _relax(r: Reader) -> Sheet | None:
    say = r.words.say
    body = [
        (Cell(called(r, str(found["option"])), "head"), cell(Raw(str(row["rule"]))),
         cell(say(f"answer.{row['kind']}")),
         num(r.value(row["asked"], "", f"{path}.rules[{i}].asked")),
         num(r.value(row["by"], "", f"{path}.rules[{i}].by")),
         cell(say("yes" if row["proven"] else "no")))
        for path, found in each(r, "relax") for i, row in enumerate(found["rules"])
    ]  # fmt: skip
    heads = ("head.option", "answer.rule", "answer.way", "#answer.asked", "#answer.by",
             "answer.proven")  # fmt: skip
    return _sheet(r, "relax", heads, body, say("answer.relax_note"))


def _precedents(r: Reader) -> Sheet | None:
    body = [
        (Cell((Raw(str(row["mission"])),), "head"), cell(Raw(str(row["year"]))),
         cell(Raw(str(row["document"]))), cell(Raw(str(row["paragraph"]))),
         cell(Raw(str(row[f"fact_{r.words.language}"]))))
        for _, row in each(r, "pricing.precedents")
    ]  # fmt: skip
    heads = ("answer.mission", "answer.year", "answer.document", "answer.paragraph", "answer.fact")
    return _sheet(r, "precedents", heads, body, r.words.say("request.precedents"))


def _unreached(r: Reader) -> Sheet | None:
    return unreached(r, path="unreached")


_MAKERS: tuple[Callable[[Reader], Sheet | None], ...] = (
    _options, _totals, _changes, _by_area, _dates, _given_up, _moved, _front, _prices, _relax,
    _unreached, _precedents,
)  # fmt: skip
