"""The forecast page: what may come by area, what it is made of, what changed since another run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief._fans import fan_group
from polgap.brief._html import write_html
from polgap.brief._model import Block, Brief, Claim, Group, Paragraph, Raw, Section, Table
from polgap.brief._outcome import notes
from polgap.brief._outlook import skill
from polgap.brief._reader import Reader, cell, num
from polgap.brief._words import Words

_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip
_PARTS = ("model", "revision", "data")


def forecast_page(block: Mapping[str, Any], language: str) -> str:
    """Return the page of ``polgap forecast PROJECT`` as HTML."""
    places = {str(a["area"]): str(a["name"]) for a in block["areas"]}
    r = Reader(block, {}, Words(language, places))
    say = r.words.say
    title = say("forecastpage.title", theatre=r.theatre)
    subtitle = say("forecastpage.subtitle", origin=r.month(r.at("study.origin")),
                   months=r.value(r.at("study.months"), "count"))  # fmt: skip
    sections = [_first(r), *([_since(r)] if r.at("since") else []), _areas(r),
                Section("skill", say("skill.title"), skill(r)),
                Section("notes", say("notes.title"), (notes(r),))]  # fmt: skip
    return write_html(
        Brief(
            language=language,
            title=title,
            subtitle=subtitle,
            label=say("forecastpage.label"),
            banners=((("exercise", say("forecastpage.exercise")),) if r.exercise else ()),
            running=(*title, " · ", *subtitle),
            badge=(),
            first=sections[0],
            sections=tuple(sections[1:]),
            labels={name: say(f"label.{name}") for name in _LABELS},
        )
    )


def _first(r: Reader) -> Section:
    say = r.words.say
    total = r.at("total")
    blocks: list[Block | Group] = [
        Paragraph(
            say("forecastpage.lead", months=r.value(total["months"], "count"),
                deaths=r.claim(total, "deaths", "total"),
                last=r.value(total["last12"], "deaths", "total.last12")),
            "answer",
        ),
        Paragraph(say("forecastpage.read")),
    ]  # fmt: skip
    return Section("bottom-line", say("skillpage.bottom"), tuple(blocks))


def _since(r: Reader) -> Section:
    say, since = r.words.say, r.at("since")
    ends, none = since["months"], Claim("", None)
    spans = {"first": r.month(ends[0]), "last": r.month(ends[-1])}
    said = say("forecastpage.since.then", run=Raw(since["run"]), origin=r.month(since["origin"]))
    rows = [(said, r.value(since["then"]["mean"], "deaths", "since.then.mean"), none)]
    rows += [
        (say(f"forecastpage.since.{part}"),
         _signed(r, since[part]["change"], f"since.{part}.change"),
         r.value(since[part]["error"], "deaths", f"since.{part}.error"))
        for part in _PARTS
    ]  # fmt: skip
    rows.append((say("forecastpage.since.now"),
                 r.value(since["now"]["mean"], "deaths", "since.now.mean"), none))  # fmt: skip
    body = tuple((cell(label, "head"), num(value), num(error)) for label, value, error in rows)
    head = r.head("forecastpage.head.part", "#forecastpage.head.deaths", "#forecastpage.head.luck")
    whole = Table("t-since", say("forecastpage.since.table", **spans), head, body, "since", "dense")
    areas = tuple(
        (cell(Raw(str(row["name"])), "head"),
         num(r.value(row["then"], "deaths")), *(num(_signed(r, row[k])) for k in _PARTS),
         num(r.value(row["now"], "deaths")))
        for row in sorted(since["by_area"], key=lambda x: -abs(x["now"] - x["then"]))
    )  # fmt: skip
    head = r.head("head.area", *(f"#forecastpage.head.{k}" for k in ("then", *_PARTS, "now")))
    by = Table("t-since-areas", say("forecastpage.since.areas", **spans), head, areas,
               "since.by_area", "dense")  # fmt: skip
    return Section(
        "since", say("forecastpage.since"), (Paragraph(say("forecastpage.since.read")), whole, by)
    )


def _signed(r: Reader, change: float, path: str = "") -> Claim:
    """Return a change in deaths with its sign."""
    sign = "" if abs(change) < 0.5 else "+" if change > 0 else "−"
    text = r.numbers.show(abs(change), "deaths") if sign else "0"
    return Claim(sign + text, change, path=path)


def _areas(r: Reader) -> Section:
    say = r.words.say
    names = {row["area"]: row["name"] for row in r.rows("areas")}
    groups = []
    for place, row in enumerate(r.rows("areas")):
        name = Raw(str(row["name"]))
        made = [{**case, "name": names[case["area"]]} for case in row["made_of"]]
        groups.append(
            fan_group(r, f"areas.{place}", {**row, "made_of": made}, name,
                      title=say("forecastpage.fan", area=name),
                      made=say("forecastpage.made", area=name))
        )  # fmt: skip
    return Section("areas", say("forecastpage.areas"), tuple(groups))
