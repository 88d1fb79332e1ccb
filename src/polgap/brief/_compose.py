"""Put a brief together: banners, page one, sections, labels."""

from __future__ import annotations

from collections.abc import Callable

from polgap.brief._annex import annex
from polgap.brief._first import first_page
from polgap.brief._gap import gap, where
from polgap.brief._inquiry import inquiry
from polgap.brief._model import Brief, Claim, Raw, Section, Text
from polgap.brief._options import options
from polgap.brief._outcome import against, outcome
from polgap.brief._outlook import outlook
from polgap.brief._reader import Reader
from polgap.brief._record import assumptions, data, glossary, sign_off
from polgap.brief._time import deployment, handover

_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip

_SECTIONS: dict[str, Callable[[Reader], Section]] = {
    "where": where, "gap": gap, "outlook": outlook, "options": options,
    "deployment": deployment, "handover": handover, "outcome": outcome, "against": against,
    "inquiry": inquiry,
    "assumptions": assumptions, "data": data, "glossary": glossary, "sign-off": sign_off,
    "annex": annex,
}  # fmt: skip
"""Sections in order; ``editions.csv`` says which edition holds which."""


def compose(r: Reader) -> Brief:
    """Return the brief of a run in the language of the reader."""
    say = r.words.say
    begin, end = r.span()
    theatre = r.theatre
    mission = str((r.at("details.theatre") or {}).get("mission") or "")
    subtitle = say("brief.subtitle", begin=begin, end=end, origin=r.month(r.at("study.origin")))
    if mission:
        subtitle = (*say("brief.mission", mission=Raw(mission)), " · ", *subtitle)
    sections = tuple(make(r) for key, make in _SECTIONS.items() if r.listed("section", key))
    return Brief(
        language=r.words.language,
        title=say("brief.title", theatre=theatre),
        subtitle=subtitle,
        label=label(r),
        banners=banners(r),
        running=running(r, say("brief.title", theatre=theatre)),
        badge=say("brief.exercise_badge") if r.exercise else (),
        first=first_page(r),
        sections=sections,
        labels={name: say(f"label.{name}") for name in _LABELS},
    )


def label(r: Reader) -> Text:
    """Return whom a page is for."""
    return r.words.say(f"edition.{r.edition}")


def banners(r: Reader) -> tuple[tuple[str, Text], ...]:
    """Return what stands on top of a page: exercise, draft or approved, handling."""
    say, out = r.words.say, []
    if r.exercise:
        out.append(("exercise", say("brief.exercise")))
    if not r.approvals:
        out.append(("draft", say("brief.draft")))
    for row in r.approvals:
        when = Claim(r.numbers.day(str(row.get("time") or "")), None)
        by = Raw(str(row.get("by") or "–"))
        out.append(("approved", say("brief.approved", by=by, when=when)))
    out.append(("handling", say(f"edition.{r.edition}.handling")))
    least = (r.at("edition") or {}).get("minimum")
    if least:
        out.append(("handling", say("edition.cells", least=r.value(least, "count"))))
    return tuple(out)


def running(r: Reader, title: Text) -> Text:
    """Return the line that every printed page carries."""
    say = r.words.say
    parts: list[Text] = [say("brief.exercise_badge")] if r.exercise else []
    parts += [] if r.approvals else [say("brief.draft_badge")]
    parts += [label(r), title]
    joined: Text = ()
    for part in parts:
        joined = (*joined, " · ", *part) if joined else part
    return joined
