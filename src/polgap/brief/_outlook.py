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
    fans = [f for f in (violence_fan(r, "deaths"), violence_fan(r, "events")) if f]
    blocks += fans or [Paragraph(say("outlook.none"), "warning")]
    open_ = _open(r)
    blocks += [open_] if open_ else []
    blocks.append(Group(say("skill.title"), skill(r), "skill"))
    return Section("outlook", say("outlook.title"), tuple(blocks))


def violence_fan(r: Reader, measure: str) -> Figure | None:
    """Return what was seen and is forecast of deaths or events; None without a forecast."""
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
        f"fan-{measure}", past, future, title=plain(title),
        desc=words.plain(r.absent("figure.fan.desc")),
        show=r.numbers.officers, months=ticks, cut=words.plain("fan.cut"),
        legend=(told[0], told[1], told[2], told[3], told[4]),
    )  # fmt: skip
    caption = words.say(r.absent("figure.fan.caption"))
    return Figure(f"fan-{measure}", title, svg, caption, f"t-{measure}")


def seen(row: dict[str, object], measure: str) -> float | None:
    """Return deaths of all kinds, or events; None where any part was not observed.

    Deaths are summed before a shared edition withholds a kind that is small by itself.
    """
    if measure in row:
        return number(row[measure])
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


def skill(r: Reader) -> tuple[Block, ...]:
    """Return the record of the model in use; the other models tried stand in the annex."""
    words, rows = r.words, r.rows("skill")
    if not rows:
        return (Paragraph(words.say("skill.none"), "warning"),)
    used = [row for row in rows if row.get("model") == rows[0].get("model")]
    body, doubts = [], []
    for row in used:
        verdict, trusted = _verdict(r, row)
        target = words.name("target", str(row.get("target")))
        body.append((Cell((target,), "head"), *_scores(r, row), cell(verdict)))
        if not trusted:
            doubts.append(words.say("skill.doubt", target=target, why=verdict))
    head = r.head("head.target", "#head.origins", "#head.ratio", "#head.coverage", "head.verdict")
    caption = words.say(
        "table.skill",
        model=words.name("model", str(rows[0].get("model"))),
        baseline=words.name("model", str(rows[0].get("baseline"))),
    )
    table = Table("t-skill", caption, head, tuple(body), "skill", "dense")
    always = (words.say("skill.silent"), words.say("skill.shock"), words.say("skill.far"))
    return (
        Paragraph(words.say("skill.intro")),
        table,
        Paragraph(words.say("skill.where")),
        Items((*doubts, *always)),
    )


def _scores(r: Reader, row: dict[str, object]) -> tuple[Cell, ...]:
    ratio = {"low": row.get("low"), "mid": row.get("ratio_crps"), "high": row.get("high")}
    return (
        num(r.value(row.get("origins"), "count")),
        num(r.claim(ratio, "ratio")),
        num(r.value(row.get("coverage90"), "share")),
    )


def every_model(r: Reader) -> Table | None:
    """Return the record of all models, where more than one was tried."""
    words, rows = r.words, r.rows("skill")
    if len({row.get("model") for row in rows}) < 2:
        return None
    body = tuple(
        (
            Cell((words.name("target", str(row.get("target"))),), "head"),
            cell(words.name("model", str(row.get("model")))),
            *_scores(r, row),
        )
        for row in sorted(rows, key=lambda row: str(row.get("target")))
    )
    head = r.head("head.target", "head.model", "#head.origins", "#head.ratio", "#head.coverage")
    return Table("t-models", words.say("table.skill_all"), head, body, "skill", "dense")


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
