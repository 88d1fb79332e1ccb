"""The page of whole plans against real missions: what came out, and what that cannot show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polgap.brief import figures
from polgap.brief._gap import legend
from polgap.brief._html import write_html
from polgap.brief._model import (
    Block,
    Brief,
    Cell,
    Claim,
    Figure,
    Group,
    Items,
    Paragraph,
    Raw,
    Section,
    Table,
    Text,
    plain,
)
from polgap.brief._model import Row as Side
from polgap.brief._reader import Reader, cell, num, number
from polgap.brief._words import Words

Row = Mapping[str, Any]
Outlines = Mapping[str, Sequence[Row]]

JUDGED = ("foreseen", "happened")
BOUND = ("recommended", "population_spread", "status_quo")
"""Arms that differ from the mission's distribution."""
DRAWN = ("recommended", "actual")
CANNOT = ("measure", "bases", "presence", "recalled", "rules", "noise", "vintage")
COUNTED = {
    "foreseen": "less_unmet_foreseen", "happened": "less_unmet_happened",
    "sites": "more_events_than_actual", "areas": "more_events_than_actual_areas",
    "officers": "more_officers_than_actual_areas",
}  # fmt: skip
"""Sentence -> what it counts in the summary."""
KM = 50.0
_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip


def theatres_page(record: Row, outlines: Outlines, language: str) -> str:
    """Return the page of a record of theatres (``theatres.json``) as HTML."""
    r = Reader(record, {}, Words(language))
    say = r.words.say
    cases = tuple(
        _case(r, i, row, outlines.get(str(row["theatre"]), ()))
        for i, row in enumerate(r.rows("theatres"))
    )
    subtitle = say("theatrespage.subtitle")
    return write_html(
        Brief(
            language=language,
            title=say("theatrespage.title"),
            subtitle=subtitle,
            label=say("theatrespage.label"),
            banners=(),
            running=(*say("theatrespage.title"), " · ", *subtitle),
            badge=(),
            first=_first(r),
            sections=(_cannot(r), *cases),
            labels={name: say(f"label.{name}") for name in _LABELS},
        )
    )


def _first(r: Reader) -> Section:
    say = r.words.say
    blocks: list[Block] = [
        Paragraph(_told(r, ("foreseen", "happened")), "answer"),
        Paragraph(_told(r, ("sites", "areas", "officers")), "answer"),
        Paragraph(say("theatrespage.never"), "warning"), _overview(r),
        Paragraph(say("theatrespage.read")),
    ]  # fmt: skip
    if r.rows("left_out"):
        named = ", ".join(f"{x['country']} {x['origin']}" for x in r.rows("left_out"))
        blocks.append(Paragraph(say("theatrespage.left_out", cases=Raw(named)), "note"))
    return Section("bottom-line", say("theatrespage.bottom"), tuple(blocks))


def _told(r: Reader, codes: Sequence[str]) -> Text:
    """Return in how many cases the plan did better, one sentence a measure."""
    told: Text = ()
    for code in codes:
        path = f"summary.{COUNTED[code]}"
        counts = r.at(path) or {}
        values = {k: r.value(counts.get(k), "count", f"{path}.{k}")
                  for k in ("better", "clear", "of")}  # fmt: skip
        more = {"km": r.value(KM, "count")} if code == "sites" else {}
        said = r.words.say(f"theatrespage.lead.{code}", **values, **more)
        told = (*told, *((" ",) if told else ()), *said)
    return told


def _overview(r: Reader) -> Table:
    """Return every case in a row: the measure that the plan was made for, and the outside ones."""
    say, body = r.words.say, []
    for row in r.rows("theatres"):
        _, unmet = _found(row["unmet"]["happened"], "arm", "recommended")
        sites: Row = next((x for x in row["sites"] if x["method"] == "recommended"), {})
        gains = (
            ("share_50km_above_actual", "0 to 1"), ("share_50km_above_actual_areas", "0 to 1"),
            ("officers_50km_above_actual_areas", "officers"),
        )  # fmt: skip
        body.append((
            cell(say("theatrespage.short", **_named(row)), "head"),
            num(r.claim(unmet["ratio"], "ratio")),
            *(num(r.claim(sites.get(name), units)) for name, units in gains),
        ))  # fmt: skip
    head = r.head(
        "theatrespage.head.case", "#theatrespage.head.ratio", "#theatrespage.head.gain",
        "#theatrespage.head.gain_areas", "#theatrespage.head.gain_officers",
    )  # fmt: skip
    return Table("t-cases", say("theatrespage.overview"), head, tuple(body), "theatres", "dense",
                 say("theatrespage.overview.note"))  # fmt: skip


def _cannot(r: Reader) -> Section:
    say, rows = r.words.say, r.rows("theatres")
    missions = r.value(len({row["mission"] for row in rows}), "count")
    few = say("theatrespage.cannot.few", missions=missions, cases=r.value(len(rows), "count"))
    items = (*(say(f"theatrespage.cannot.{name}") for name in CANNOT), few)
    return Section("cannot", say("theatrespage.cannot"), (Items(items),))


def _case(r: Reader, i: int, row: Row, shapes: Sequence[Row]) -> Section:
    """Return the section of one theatre."""
    say, real = r.words.say, row["strength"]
    path = f"theatres.{i}"
    facts = say(
        "theatrespage.facts", year=Raw(str(row["year"])),
        police=r.value(real["police"], "officers", f"{path}.strength.police"),
        bases=r.value(real["bases"], "count"), units=r.value(real["formed_units"], "count"),
        individual=r.value(real["individual"], "officers"),
        share=r.value(real["formed_share"], "share", basis=str(real["formed_share_basis"])),
        before=r.value(real["police_before"], "officers"),
        bases_before=r.value(real["bases_before"], "count"),
        draws=r.value(row["draws"], "count"),
    )  # fmt: skip
    blocks: list[Block | Group] = [Paragraph(facts), _ratios(r, i, row), _unmet(r, i, row)]
    if shapes:
        blocks.append(_maps(r, i, row, shapes))
    blocks.append(_areas(r, i, row))
    if row["sites"]:
        blocks.append(_sites(r, i, row))
    title = say("theatrespage.case", origin=r.month(row["origin"]), **_named(row))
    return Section(f"case-{i}", title, tuple(blocks))


def _named(row: Row) -> dict[str, Raw]:
    return {"mission": Raw(str(row["mission"])), "year": Raw(str(row["year"]))}


def _found(rows: Sequence[Row], key: str, name: str) -> tuple[int, Row]:
    return next((i, row) for i, row in enumerate(rows) if row[key] == name)


def _ratios(r: Reader, i: int, row: Row) -> Figure:
    """Return unmet need of every arm as a ratio to that of the mission's distribution."""
    words, dots = r.words, []
    for judged in JUDGED:
        for arm in BOUND:
            _, found = _found(row["unmet"][judged], "arm", arm)
            claim = r.claim(found["ratio"], "ratio")
            label = words.plain(
                "theatrespage.ratio.label", arm=words.say(f"theatrespage.arm.{arm}"),
                judged=words.say(f"theatrespage.judged.{judged}"),
            )  # fmt: skip
            ends = tuple(float(found["ratio"][k]) for k in ("low", "mid", "high"))
            dots.append(figures.Dot(label, (ends[0], ends[1], ends[2]), claim.full))
    title = words.say("theatrespage.ratio", **_named(row))
    svg = figures.dots(
        f"ratio-{i}", dots, title=plain(title), desc=words.plain("theatrespage.ratio.desc"),
        show=r.numbers.significant, better=words.plain("theatrespage.less"),
        worse=words.plain("theatrespage.more"), label_width=330.0,
    )  # fmt: skip
    return Figure(f"f-ratio-{i}", title, svg, (), f"t-unmet-{i}")


def _unmet(r: Reader, i: int, row: Row) -> Table:
    say, body = r.words.say, []
    for judged in JUDGED:
        for found in row["unmet"][judged]:
            compared = found["arm"] != "actual"
            body.append((
                cell(say(f"theatrespage.arm.{found['arm']}"), "head"),
                cell(say(f"theatrespage.judged.{judged}")),
                num(r.claim(found["unmet"], "officer-months")),
                num(r.claim(found["served"], "share")),
                num(r.claim(found["above_actual"] if compared else None, "officer-months")),
                num(r.value(found["chance_less"] if compared else None, "share")),
                num(r.value(len(found["violations"]), "count")),
            ))  # fmt: skip
    head = r.head(
        "theatrespage.head.arm", "theatrespage.head.judged", "#theatrespage.head.unmet",
        "#theatrespage.head.served", "#theatrespage.head.above", "#theatrespage.head.chance",
        "#theatrespage.head.rules",
    )  # fmt: skip
    return Table(f"t-unmet-{i}", say("theatrespage.unmet"), head, tuple(body),
                 f"theatres.{i}.unmet", "dense", say("theatrespage.unmet.note"))  # fmt: skip


def _maps(r: Reader, i: int, row: Row, shapes: Sequence[Row]) -> Side:
    """Return officers by area of the plan and of the mission, side by side in the same classes."""
    words = r.words
    officers = {str(a["area"]): a["officers"] for a in row["areas"]}
    breaks = figures.breaks_of(found[arm] for found in officers.values() for arm in DRAWN)
    written = [f"{letter} {text}" for letter, text in
               zip(figures.LETTERS, legend(r, breaks), strict=False)]  # fmt: skip
    caption = words.say("theatrespage.map.caption", classes=" · ".join(written))
    drawn = []
    for arm in DRAWN:
        year = {} if arm == "recommended" else {"year": Raw(str(row["year"]))}
        title = words.say(f"theatrespage.map.{arm}", **year)
        areas = [
            figures.Shape(
                Raw(str(a["name"])), a.get("geometry") or {}, number(a.get("lon")) or 0.0,
                number(a.get("lat")) or 0.0, officers.get(str(a["area"]), {}).get(arm),
            )
            for a in shapes
        ]  # fmt: skip
        svg = figures.choropleth(
            f"map-{arm}-{i}", areas, breaks, title=plain(title), desc=words.plain("map.desc"),
            legend=(), no_data="", km=words.plain("map.km"), north=words.plain("map.north"),
            width=350.0, tallest=300.0,
        )  # fmt: skip
        drawn.append(Figure(f"map-{arm}-{i}", title, svg, caption, f"t-areas-{i}", "small"))
    return Side(tuple(drawn))


def _areas(r: Reader, i: int, row: Row) -> Table:
    say, body = r.words.say, []
    for found in sorted(row["areas"], key=lambda a: -a["requirement"]["happened"]):
        body.append((
            cell(Raw(str(found["name"])), "head"),
            cell(say(f"phase.{found['phase'] or 'unknown'}")),
            *(num(r.value(found["officers"][arm], "officers")) for arm in (*DRAWN, *BOUND[1:])),
            *(num(r.value(found["requirement"][judged], "officers")) for judged in JUDGED),
            num(r.value(found["events"], "count")),
        ))  # fmt: skip
    head: tuple[Cell, ...] = r.head(
        "head.area", "theatrespage.head.phase",
        *(f"#theatrespage.arm.{arm}" for arm in (*DRAWN, *BOUND[1:])),
        *(f"#theatrespage.head.{judged}" for judged in JUDGED), "#theatrespage.head.year_events",
    )  # fmt: skip
    return Table(f"t-areas-{i}", say("theatrespage.areas", **_named(row)), head, tuple(body),
                 f"theatres.{i}.areas", "dense", say("theatrespage.areas.note"))  # fmt: skip


def _sites(r: Reader, i: int, row: Row) -> Table:
    say, body = r.words.say, []
    for found in row["sites"]:
        gains = [r.claim(found[f"share_50km_above_{x}"], "0 to 1") for x in
                 ("actual", "actual_areas")]  # fmt: skip
        own = [found["method"] == name for name in ("actual", "actual_areas")]
        body.append((
            cell(say(f"theatrespage.method.{found['method']}"), "head"),
            num(r.value(found["sites"], "count")), num(r.claim(found["share_50km"], "0 to 1")),
            *(num(Claim("–", None)) if same else num(gain)
              for gain, same in zip(gains, own, strict=True)),
            num(r.claim(found["share_civilian_deaths"], "0 to 1")),
            num(r.claim(found["officers_50km"], "officers")),
            num(r.value((found["share_population"] or {}).get("mid"), "0 to 1")),
        ))  # fmt: skip
    head = r.head(
        "theatrespage.head.arm", "#theatrespage.head.sites", "#theatrespage.head.events",
        "#theatrespage.head.gain", "#theatrespage.head.gain_areas", "#theatrespage.head.killed",
        "#theatrespage.head.officers", "#theatrespage.head.people",
    )  # fmt: skip
    title = say("theatrespage.sites", events=r.value(row["sites"][0]["events"], "count"),
                km=r.value(KM, "count"), **_named(row))  # fmt: skip
    return Table(f"t-sites-{i}", title, head, tuple(body), f"theatres.{i}.sites", "dense",
                 say("theatrespage.sites.note"))  # fmt: skip
