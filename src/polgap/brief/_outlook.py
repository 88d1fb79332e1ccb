"""The outlook: violence seen and forecast, what stays open by month, and the forecast's record."""

from __future__ import annotations

from polgap.brief import figures
from polgap.brief._model import (
    Block,
    Cell,
    Figure,
    Group,
    Items,
    Paragraph,
    Section,
    Table,
    Text,
    plain,
)
from polgap.brief._reader import Reader, band, cell, num, number
from polgap.brief.figures._svg import OPEN
from polgap.domain import KINDS

_NARROW, _WIDE = 0.85, 0.95
"""Coverage of the nominal 90 % interval below and above which it is called too narrow or wide."""


def outlook(r: Reader) -> Section:
    """Return the fan of violence, what stays open by month, and how far to trust it."""
    say = r.words.say
    blocks: list[Block | Group] = [Paragraph(say("outlook.intro"))]
    fans = [f for f in (_violence(r, "deaths"), _violence(r, "events")) if f]
    blocks += fans or [Paragraph(say("outlook.none"), "warning")]
    open_ = _open(r)
    blocks += [open_] if open_ else []
    blocks.append(Group(say("skill.title"), _skill(r), "skill"))
    return Section("outlook", say("outlook.title"), tuple(blocks))


def _violence(r: Reader, measure: str) -> Figure | None:
    future = [row for row in r.rows("details.fan") if row.get("measure") == measure]
    if not future:
        return None
    words = r.words
    past = [seen(row, measure) for row in r.rows("details.history")]
    months = [str(row.get("month")) for row in [*r.rows("details.history"), *future]]
    ticks = [(i, m[:4]) for i, m in enumerate(months) if m.endswith("-01")]
    title = words.say(f"figure.fan_{measure}")
    keys = ("fan.seen", "fan.middle", "fan.50", "fan.80", "fan.90")
    told = tuple(words.plain(k) for k in keys)
    svg = figures.fan(
        f"fan-{measure}", past, future, title=plain(title), desc=words.plain("figure.fan.desc"),
        show=r.numbers.officers, months=ticks, cut=words.plain("fan.cut"),
        legend=(told[0], told[1], told[2], told[3], told[4]),
    )  # fmt: skip
    return Figure(f"fan-{measure}", title, svg, words.say("figure.fan.caption"), f"t-{measure}")


def seen(row: dict[str, object], measure: str) -> float | None:
    """Return deaths of all kinds, or events; None where any part was not observed."""
    parts = KINDS if measure == "deaths" else ("events",)
    found = [number(row.get(p)) for p in parts]
    return None if None in found else sum(v for v in found if v is not None)


def month_ticks(r: Reader, months: list[str], every: int = 3) -> list[tuple[int, str]]:
    """Return written months at even distances."""
    return [(i, r.numbers.month(m)) for i, m in enumerate(months) if i % every == 0]


def _open(r: Reader) -> Figure | None:
    rows = r.rows("gap.by_month")
    if not rows:
        return None
    words = r.words
    line = figures.Line(words.plain("total.left_open"), band(rows), OPEN, shaded=True)
    title = words.say("figure.open")
    svg = figures.curve(
        "open", [line], title=plain(title), desc=words.plain("figure.open.desc"),
        show=r.numbers.officers, months=month_ticks(r, [str(x.get("month")) for x in rows]),
    )  # fmt: skip
    peak = r.at("gap.peak") or {}
    caption = words.say(
        "figure.open.caption", month=r.month(peak.get("month")),
        value=r.claim(peak, "officers", "gap.peak"),
    )  # fmt: skip
    return Figure("open", title, svg, caption, "t-open")


def _skill(r: Reader) -> tuple[Block, ...]:
    words, rows = r.words, r.rows("skill")
    if not rows:
        return (Paragraph(words.say("skill.none"), "warning"),)
    body, doubts = [], []
    for row in rows:
        target = words.name("target", str(row.get("target")))
        verdict, trusted = _verdict(r, row)
        ratio = {"low": row.get("low"), "mid": row.get("ratio_crps"), "high": row.get("high")}
        body.append(
            (
                Cell((target,), "head"),
                cell(words.name("model", str(row.get("model")))),
                cell(words.name("model", str(row.get("baseline")))),
                num(r.value(row.get("origins"), "count")),
                num(r.claim(ratio, "ratio")),
                num(r.value(row.get("coverage90"), "share")),
                cell(verdict),
            )
        )
        if not trusted:
            doubts.append(words.say("skill.doubt", target=target, why=verdict))
    head = r.head("head.target", "head.model", "head.baseline", "#head.origins", "#head.ratio",
                  "#head.coverage", "head.verdict")  # fmt: skip
    table = Table("t-skill", words.say("table.skill"), head, tuple(body), "skill", "dense")
    always = (words.say("skill.silent"), words.say("skill.shock"), words.say("skill.far"))
    return (Paragraph(words.say("skill.intro")), table, Paragraph(words.say("skill.where")),
            Items((*doubts, *always)))  # fmt: skip


def _verdict(r: Reader, row: dict[str, object]) -> tuple[Text, bool]:
    """Return the record in plain words, and whether it can be leaned on."""
    say = r.words.say
    ratio, low, high = (number(row.get(k)) for k in ("ratio_crps", "low", "high"))
    if ratio is None or low is None or high is None:
        return say("skill.unknown"), False
    better, worse = high < 1, low > 1
    change = r.value(abs(1 - ratio), "share")
    code = "skill.better" if better else "skill.worse" if worse else "skill.same"
    text = say(code, change=change) if better or worse else say(code)
    coverage = number(row.get("coverage90"))
    if coverage is None:
        return text, better
    kind = "narrow" if coverage < _NARROW else "wide" if coverage > _WIDE else "fits"
    return (*text, " ", *say(f"skill.{kind}")), better and kind != "narrow"
