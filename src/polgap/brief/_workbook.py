"""The workbook of a run: every product as a sheet, from the same claims as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief._book import Book, Sheet, each, interval
from polgap.brief._compose import label, running
from polgap.brief._first import TOTALS, answer, beside
from polgap.brief._frame import area_function, benchmarks, register, staffing
from polgap.brief._generated import FORCE
from polgap.brief._model import Cell, Paragraph, Raw, Table, Text, plain
from polgap.brief._reader import CHOSEN, COMPARISON, Reader, cell, num, number
from polgap.brief._record import decided, grade
from polgap.brief._units import arrival, basis, generation, pledges, requirement, sheet
from polgap.brief._words import joined

BASES = ("given", "computed", "assumed", "recalled", "exercise")
PRODUCTS = (requirement, staffing, pledges, generation, *FORCE, arrival, benchmarks)
"""What a workbook carries as its sheets."""


def workbook(r: Reader, run: str, digest: str) -> Book:
    """Return the workbook of a run in the language of the reader.

    Parameters
    ----------
    run, digest : str
        Name of the run and SHA-256 of its ``result.json``; empty when not known.
    """
    say = r.words.say
    found = [figures(r), options(r), outcome(r), *(make(r) for make in PRODUCTS),
             area_function(r), register(r)]  # fmt: skip
    sheets = [s for s in found if s is not None]
    title = say("book.title", theatre=r.theatre)
    return Book(
        language=r.words.language,
        title=title,
        running=running(r, title),
        sheets=(_readme(r, run, digest, sheets), *sheets),
        paths=say("sheet.paths"),
        ends={k: r.words.plain(f"book.columns.{k}", head="{head}") for k in ("low", "mid", "high")},
    )


def _readme(r: Reader, run: str, digest: str, sheets: list[Sheet]) -> Sheet:
    """Return what the workbook is, for whom, how to read it, and what the letters mean."""
    say = r.words.say
    signed = decided(r) if r.listed("section", "sign-off") else []
    status = [block.text for block in signed if isinstance(block, Paragraph)]
    names = joined([Raw(n) for s in sheets for n in s.names])
    rows: list[tuple[Text, Text]] = [
        (say("readme.edition"), (*label(r), ": ", *say(f"edition.{r.edition}.handling"))),
        *([(say("readme.run"), (Raw(run),))] if run else []),
        *([(say("readme.hash"), (Raw(digest),))] if digest else []),
        *((say("readme.status"), text) for text in status),
        *([] if r.approvals else [(say("readme.status"), say("readme.status.draft"))]),
        *((say("readme.note"), text) for text in beside(r)),
        (say("readme.note"), grade(r)),
        (say("readme.intervals"), say("readme.intervals.text")),
        (say("readme.empty"), say("readme.empty.text")),
        (say("readme.causal"), say("readme.causal.text")),
        (say("readme.paths"), say("readme.paths.text", sheet=say("sheet.paths"))),
    ]
    rows += [(say("readme.names"), say("readme.names.text", names=names))] if names else []
    rows += [(say("readme.basis"), basis(r, b).text) for b in BASES]
    rows += [(say(f"sheet.{s.key}"), s.title) for s in sheets]
    body = tuple((Cell(a, "head"), cell(b)) for a, b in rows)
    table = Table("t-readme", say("book.title", theatre=r.theatre), (), body)
    begin, end = r.span()
    sub = say("brief.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin")))
    notes = (sub, *((say("brief.exercise"),) if r.exercise else ()))
    return Sheet("readme", table.caption, table, notes)


def figures(r: Reader) -> Sheet | None:
    """Return the key figures, each with a name that other workbooks can refer to."""
    say = r.words.say
    gap = "gap.gaps"
    rows: list[tuple[str, Text, Any, str, str, str]] = [
        (k, say(f"total.{k}"), r.at(f"gap.{k}"), "officers", f"gap.{k}", r.basis_of(k))
        for k, _ in TOTALS
    ]
    rows += [
        (f"gap_{k}", say(f"keyfigure.{k}"), r.at(f"{gap}.{k}"), "officers", f"{gap}.{k}", "")
        for k in ("deployment", "enforcement", "institutional")
    ]
    rows.append(("peak", say("keyfigure.peak"), r.at("gap.peak"), "officers", "gap.peak", ""))
    rows.append(("women", say("keyfigure.women"), r.at("gap.women_on_duty"), "officers",
                 "gap.women_on_duty", ""))  # fmt: skip
    for path, option in each(r, "options"):
        if option.get("name") == CHOSEN:
            for key, units, code in (("unmet_need", "officer-months", "unmet"),
                                     ("cost", "USD", "cost")):  # fmt: skip
                rows.append((f"option_{code}", say(f"keyfigure.{code}"), option.get(key), units,
                             f"{path}.{key}", ""))  # fmt: skip
    rows = [row for row in rows if number((row[2] or {}).get("mid")) is not None]
    if not rows:
        return None
    basis_ = str(r.at("study.basis") or "")
    body = tuple(
        (Cell(name, "head"), num(interval(r, found, units, path)),
         cell(r.words.known("unit", units)), basis(r, of or ("exercise" if r.exercise else
                                                            basis_ or "computed")))
        for _, name, found, units, path, of in rows
    )  # fmt: skip
    head = r.head("head.figure", "#head.value_plain", "head.units", "head.basis")
    table = Table("t-key-figures", say("table.key_figures"), head, body, "gap", "tight")
    names = {row[0]: i for i, row in enumerate(rows)}
    return Sheet("figures", say("table.key_figures"), table, (say("figures.note"),), names)


def options(r: Reader) -> Sheet | None:
    """Return the options side by side: cost, what is left open, bound, grade, preconditions."""
    words, say, body = r.words, r.words.say, []
    for path, option in each(r, "options"):
        name = str(option.get("name"))
        lacking = list(dict.fromkeys(
            str(p.get("name")) for place in option.get("posture") or ()
            for p in place.get("preconditions") or () if not p.get("met")
        ))  # fmt: skip
        remark = say("option.comparison") if name in COMPARISON else ()
        wrong = [str(v) for v in option.get("violations") or ()]
        body.append(
            (
                Cell((words.name("option", name), *((" ", *remark) if remark else ())), "head"),
                num(interval(r, option.get("cost"), "USD", f"{path}.cost")),
                num(interval(r, option.get("unmet_need"), "officer-months", f"{path}.unmet_need")),
                num(r.value(option.get("bound"), "officer-months", f"{path}.bound")),
                num(r.value(option.get("gap_percent"), "percent", f"{path}.gap_percent")),
                cell(joined([words.name("precondition", p) for p in lacking]) or ("–",)),
                cell(joined([Raw(v, "en") for v in wrong]) or ("–",)),
                cell(Raw(str(option.get("grade") or "–")), "letter"),
            )
        )
    if not body:
        return None
    head = r.head("head.option", "#head.cost_usd", "#head.unmet", "#head.bound_officers",
                  "#head.bound_percent", "head.unmet_preconditions", "head.rules_broken",
                  "head.grade")  # fmt: skip
    table = Table("t-options-sheet", say("table.options"), head, tuple(body), "options", "dense")
    return Sheet("options", say("table.options"), table, (answer(r), say("table.options.note")))


def outcome(r: Reader) -> Sheet | None:
    """Return what each option leads to on the same futures, by part of the evidence."""
    words, body = r.words, []
    for path, row in each(r, "outcome"):
        units = str(row.get("units") or "")
        body.append(
            (
                Cell((words.name("measure", str(row.get("measure"))),), "head"),
                cell(words.name("option", str(row.get("option")))),
                cell(words.name("part", str(row.get("part")))),
                cell(words.known("unit", units)),
                num(interval(r, row, units, path)),
            )
        )
    if not body:
        return None
    head = r.head("head.measure", "head.option", "head.part", "head.units", "#head.value_plain")
    table = Table("t-outcome-sheet", words.say("table.outcome_sheet"), head, tuple(body),
                  "outcome", "dense")  # fmt: skip
    return sheet(r, "outcome", "outcome_sheet", table, words.say("outcome.note_sheet"))


def titles(r: Reader, sheets: tuple[Sheet, ...]) -> Mapping[str, str]:
    """Return the name of each sheet as a workbook shows it."""
    return {s.key: plain(r.words.say(f"sheet.{s.key}")) for s in sheets}
