"""Products as pages of their own: each holds the tables that the workbook holds as sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from polgap.brief._book import Sheet
from polgap.brief._compose import banners, label, running
from polgap.brief._first import marks_line
from polgap.brief._force import gantt
from polgap.brief._frame import benchmarks, register, staffing
from polgap.brief._generated import FORCE
from polgap.brief._model import Brief, Paragraph, Section
from polgap.brief._reader import Reader
from polgap.brief._record import decided, grade
from polgap.brief._units import arrival, generation, kinds, pledges, requirement

Maker = Callable[[Reader], Sheet | None]
MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "sur": (partial(requirement, short=True, every=True), kinds),
    "staffing": (staffing,),
    "pledges": (pledges, arrival),
    "generation": (generation, *FORCE),
    "benchmarks": (benchmarks,),
    "assumptions": (register,),
}
"""What each product holds, in order."""
_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip


def product(kind: str) -> Callable[[Reader], Brief]:
    """Return what composes the page of a product: every table, whole, in the reader's language."""
    return lambda reader: _page(reader.called(), kind)


def _page(r: Reader, kind: str) -> Brief:
    say = r.words.say
    begin, end = r.span()
    title = say(f"product.{kind}", theatre=r.theatre)
    sheets = [s for make in MAKERS[kind] if (s := make(r)) is not None]
    read = Paragraph(say("product.read" if sheets else "product.none"))
    signed = tuple(decided(r)) if r.listed("section", "sign-off") else ()
    drawn = _drawn(r) if kind == "generation" else ()
    first = (read, Paragraph(grade(r), "note"), *signed, marks_line(r))
    return Brief(
        language=r.words.language,
        title=title,
        subtitle=say("brief.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin"))),
        label=label(r),
        banners=banners(r),
        running=running(r, title),
        badge=say("brief.exercise_badge") if r.exercise else (),
        first=Section("bottom-line", say("product.first"), first, "first"),
        sections=(*drawn, *(_section(s) for s in sheets)),
        labels={name: say(f"label.{name}") for name in _LABELS},
    )


def _drawn(r: Reader) -> tuple[Section, ...]:
    """Return the Gantt chart of the plan as a section; the schedule tells the same as a table."""
    chart = gantt(r)
    if chart is None:
        return ()
    return (Section("chart", chart.title, (replace(chart, table="t-schedule"),)),)


def _section(sheet: Sheet) -> Section:
    """Return a sheet as a section: the first thing to be said of its table is the caption."""
    caption, *more = sheet.notes or (sheet.title,)
    said = tuple(Paragraph(note, "note") for note in more)
    return Section(sheet.key, sheet.title, (*said, replace(sheet.table, caption=caption, note=())))
