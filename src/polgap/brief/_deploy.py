"""The page of ``polgap deploy PROJECT --out DIR``: force generation, for the planning team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief._html import write_html
from polgap.brief._model import Block, Brief, Group, Paragraph, Raw, Section, Text
from polgap.brief._outcome import notes
from polgap.brief._reader import Reader
from polgap.brief._time import deployment
from polgap.brief._words import Words

_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip


def deploy_page(block: Mapping[str, Any], language: str) -> str:
    """Return the page of a deployment as HTML.

    Parameters
    ----------
    block : Mapping
        What ``polgap deploy PROJECT --json`` prints.
    language : str
        ``en`` or ``fr``.
    """
    details = {name: block.get(name) for name in ("force", "generation", "areas")}
    places = {str(a["area"]): str(a["name"]) for a in block.get("areas") or ()}
    r = Reader(block, details, Words(language, places))
    say = r.words.say
    title = say("deploypage.title", theatre=r.theatre)
    option = r.words.name("option", str(r.at("arrival.option")))
    subtitle = say("deploypage.subtitle", months=r.value(r.at("study.months"), "count"),
                   first=r.month(r.at("study.first_month")), option=option)  # fmt: skip
    return write_html(
        Brief(
            language=language,
            title=title,
            subtitle=subtitle,
            label=say("deploypage.label"),
            banners=((("exercise", say("deploypage.exercise")),) if r.exercise else ()),
            running=(*title, " · ", *subtitle),
            badge=(),
            first=_first(r),
            sections=(deployment(r), Section("notes", say("notes.title"), (notes(r),))),
            labels={name: say(f"label.{name}") for name in _LABELS},
        )
    )


def _first(r: Reader) -> Section:
    say = r.words.say
    method = str(r.at("force.method") or "list")
    blocks: list[Block | Group] = []
    if not r.rows("force.gantt"):
        blocks.append(Paragraph(say("deploy.none"), "answer"))
    blocks += [Paragraph(text, "answer") for text in _answer(r)]
    blocks.append(Paragraph(say(f"deploypage.scheduler.{method}")))
    share = r.at("force.retendered")
    if share is not None:
        blocks.append(
            Paragraph(
                say("deploypage.retendered", share=r.value(share, "share", "force.retendered"))
            )
        )
    return Section("bottom-line", say("skillpage.bottom"), tuple(blocks))


def _answer(r: Reader) -> list[Text]:
    """Return how many are there when, whom to call first, and how much falls due."""
    say, curve, calls = r.words.say, r.rows("arrival.curve"), r.rows("force.calls")
    found: list[Text] = []
    if curve:
        begin, end = curve[0], curve[-1]
        found.append(say("deploypage.curve", now=r.claim(begin, "officers", "arrival.curve"),
                         first=r.month(begin["month"]),
                         later=r.claim(end, "officers", "arrival.curve"),
                         last=r.month(end["month"])))  # fmt: skip
    if calls:
        gain = r.value(calls[0]["gain"], "officer-months", "force.calls")
        found.append(say("deploypage.call", contributor=Raw(str(calls[0]["contributor"])),
                         pledge=Raw(str(calls[0]["pledge"])), gain=gain))  # fmt: skip
    due = r.rows("force.turnover")
    if due:
        found.append(say("deploypage.due", count=r.value(len(due), "count", "force.turnover")))
    return found
