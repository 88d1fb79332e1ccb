"""A fan chart with its table, and the past cases a forecast is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polgap.brief import figures
from polgap.brief._model import Block, Claim, Figure, Group, Raw, Table, Text, plain
from polgap.brief._reader import Reader, cell, num, number


def fan_group(
    r: Reader,
    path: str,
    row: Mapping[str, Any],
    name: Raw,
    *,
    title: Text,
    made: Text,
    silent: int = 0,
) -> Group:
    """Return the forecast of one place: past months, bands, table, and what it is made of.

    Parameters
    ----------
    path : str
        Where the row stands.
    row : mapping
        history: [{month, deaths}], forecast: [{month, q05 .. q95, actual if known}], made_of.
    silent : int
        Months between the last one known and the first one forecast.
    """
    words, say = r.words, r.words.say
    key = path.replace(".", "-")
    past = [number(x["deaths"]) for x in row["history"]]
    gap = [None] * silent
    ahead = [x["month"] for x in row["forecast"]]
    ticks = [(i, x["month"][:4]) for i, x in enumerate(row["history"]) if _january(x["month"])]
    ticks += [(len(past) + silent + i, m[:4]) for i, m in enumerate(ahead) if _january(m)]
    told = [words.plain(k) for k in ("fan.seen", "fan.middle", "fan.50", "fan.80", "fan.90")]
    svg = figures.fan(
        f"fan-{key}", [*past, *gap], row["forecast"], title=plain(title),
        desc=words.plain("figure.fan.desc"), show=r.numbers.officers, months=ticks,
        cut=words.plain("fan.cut"), legend=(told[0], told[1], told[2], told[3], told[4]),
    )  # fmt: skip
    came = any("actual" in x for x in row["forecast"])
    caption = "skillpage.fan.caption" if came else "figure.fan.caption"
    said = _said(r, key, path, row, name, came=came)
    blocks: list[Block] = [Figure(f"f-{key}", title, svg, say(caption), f"t-{key}"), said]
    if row["made_of"]:
        blocks.append(_made(r, key, path, row, made))
    return Group((name,), tuple(blocks), key)


def _january(month: str) -> bool:
    return month.endswith("-01")


def _said(
    r: Reader, key: str, path: str, row: Mapping[str, Any], name: Raw, *, came: bool
) -> Table:
    body = tuple(
        (cell(r.month(x["month"]), "head"),
         *([num(r.value(x["actual"], "deaths"))] if came else []),
         num(r.value(x["q50"], "deaths")),
         num(Claim(r.numbers.interval(x["q05"], x["q50"], x["q95"], "deaths"), None)))
        for x in row["forecast"]
    )  # fmt: skip
    heads = ["head.month", *(["#skillpage.head.actual"] if came else []),
             "#skillpage.head.middle", "#skillpage.head.interval"]  # fmt: skip
    label = r.words.say("skillpage.fan.table" if came else "forecastpage.fan.table", country=name)
    return Table(f"t-{key}", label, r.head(*heads), body, path, "dense")


def _made(r: Reader, key: str, path: str, row: Mapping[str, Any], made: Text) -> Table:
    cases = tuple(
        (cell(Raw(str(c.get("name", c["area"]))), "head"), cell(r.month(c["month"])),
         num(r.value(c["weight"], "share of draws")), num(r.value(c["count"], "deaths")))
        for c in row["made_of"]
    )  # fmt: skip
    head = r.head("skillpage.head.looks", "head.month", "#skillpage.head.weight",
                  "#skillpage.head.says")  # fmt: skip
    return Table(f"t-made-{key}", made, head, cases, f"{path}.made_of", "dense")
