"""The skill page: how good the forecast is, where not to trust it, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polgap.brief import figures
from polgap.brief._fans import fan_group
from polgap.brief._html import write_html
from polgap.brief._model import (
    Block,
    Brief,
    Card,
    Cards,
    Cell,
    Claim,
    Figure,
    Group,
    Paragraph,
    Part,
    Raw,
    Section,
    Table,
    Text,
    plain,
)
from polgap.brief._reader import Reader, cell, num
from polgap.brief._words import Words

Row = Mapping[str, Any]

_BY = ("year", "horizon", "region", "level")
_LABELS = (
    "skip", "contents", "contents.label", "figure.table", "back", "made_by",
)  # fmt: skip


def skill_page(record: Row, language: str) -> str:
    """Return the page of a record of skill (``skill.json`` of the preset views-cm) as HTML."""
    r = Reader(record, {}, Words(language))
    say = r.words.say
    windows = [str(w) for w in r.rows("windows")]
    lag = int(record["lag"])
    subtitle = say(
        "skillpage.subtitle", windows=Raw(", ".join(windows)),
        first=r.value(lag, "count", "lag"), last=r.value(lag + 11, "count"),
    )  # fmt: skip
    sections = (_where(r), _calibration(r), _doubts(r), _value(r), _misses(r), _fans(r), _annex(r))
    return write_html(
        Brief(
            language=language,
            title=say("skillpage.title"),
            subtitle=subtitle,
            label=say("skillpage.label"),
            banners=(),
            running=(*say("skillpage.title"), " · ", *subtitle),
            badge=(),
            first=_first(r),
            sections=sections,
            labels={name: say(f"label.{name}") for name in _LABELS},
        )
    )


def _pooled(r: Reader, model: str) -> tuple[int, Row]:
    """Return place and row of a model's pooled scores."""
    for place, row in enumerate(r.rows("rows")):
        if row["model"] == model and row["window"] == "pooled":
            return place, row
    return 0, {}


def _ratio(r: Reader, row: Row, name: str, path: str = "") -> Claim:
    ends = {"low": row.get(f"{name}_low"), "mid": row.get(name), "high": row.get(f"{name}_high")}
    return r.claim(ends, "ratio", path)


def _model(r: Reader, name: str) -> Part:
    return r.words.name("model", name)


def _first(r: Reader) -> Section:
    say = r.words.say
    place, row = _pooled(r, str(r.at("default")))
    at = f"rows.{place}"
    cards = [
        Card(say(f"skillpage.card.{key}"), _ratio(r, row, name, f"{at}.{name}"), "",
             say("skillpage.card.remark"))
        for key, name in (
            ("crps", "ratio_crps"), ("easy", "ratio_crps_without_top10"),
            ("ign", "ratio_ign"), ("mis", "ratio_mis"),
        )
    ]  # fmt: skip
    blocks: list[Block | Group] = [
        Paragraph(
            say("skillpage.lead", cells=r.value(row.get("n"), "count", f"{at}.n"),
                crps=_ratio(r, row, "ratio_crps", f"{at}.ratio_crps"),
                easy=_ratio(r, row, "ratio_crps_without_top10",
                            f"{at}.ratio_crps_without_top10")),
            "answer",
        ),
        Cards(tuple(cards)),
        Paragraph(say("skillpage.read")),
        Paragraph(
            say("skillpage.model", model=_model(r, str(r.at("default"))),
                baseline=_model(r, str(r.at("baseline"))),
                draws=r.value(r.at("draws"), "count", "draws")),
            "note",
        ),
        Paragraph(
            say("skillpage.vintage", scored=Raw(str(r.at("scored"))), known=Raw(str(r.at("known"))),
                lag=r.value(r.at("lag"), "count", "lag")),
            "note",
        ),
    ]  # fmt: skip
    return Section("bottom-line", say("skillpage.bottom"), tuple(blocks))


def _where(r: Reader) -> Section:
    say = r.words.say
    blocks: list[Block | Group] = []
    for by in _BY:
        rows = [row for row in r.rows("breakdown") if row["by"] == by]
        if rows:
            blocks.append(_by(r, by, rows))
    return Section("where", say("skillpage.where"), tuple(blocks))


def _by(r: Reader, by: str, rows: Sequence[Row]) -> Group:
    words = r.words
    title = words.say(f"skillpage.by.{by}")
    dots, body = [], []
    for row in rows:
        label = _label(r, by, str(row["value"]))
        claim = _ratio(r, row, "ratio_crps")
        ends = None
        if claim.value is not None and claim.low is not None and claim.high is not None:
            ends = (claim.low, claim.value, claim.high)
        written = label.text if isinstance(label, (Raw, Claim)) else str(label)
        dots.append(figures.Dot(Raw(written), ends, claim.full))
        months = {"low": row.get("ratio_crps_months_low"), "mid": row.get("ratio_crps"),
                  "high": row.get("ratio_crps_months_high")}  # fmt: skip
        body.append((
            cell(label, "head"), num(r.value(row.get("n"), "count")), num(claim),
            num(Claim(r.claim(months, "ratio").interval or "–", None)),
            num(_ratio(r, row, "ratio_crps_without_top10")),
            *(num(r.value(row.get(f"ratio_{k}"), "ratio")) for k in ("ign", "mis")),
        ))  # fmt: skip
    name = words.say("skillpage.figure")
    svg = figures.dots(
        f"by-{by}", dots, title=plain(name), desc=words.plain("skillpage.figure.desc"),
        show=lambda v: r.numbers.significant(v), better=words.plain("skillpage.better"),
        worse=words.plain("skillpage.worse"),
    )  # fmt: skip
    head = r.head(
        f"skillpage.by.{by}", "#skillpage.head.cells", "#skillpage.head.ratio",
        "#skillpage.head.months", "#skillpage.head.easy", "#skillpage.head.ign",
        "#skillpage.head.mis",
    )  # fmt: skip
    table = Table(f"t-{by}", title, head, tuple(body), "breakdown", "dense")
    return Group(title, (Figure(f"f-{by}", name, svg, (), f"t-{by}"), table), f"by-{by}-group")


def _label(r: Reader, by: str, value: str) -> Part:
    if by == "region":
        return r.words.plain(f"skillpage.region.{value or 'none'}")
    return Raw(value.replace("-", "–"))


def _calibration(r: Reader) -> Section:
    say = r.words.say
    default, baseline = str(r.at("default")), str(r.at("baseline"))
    place, row = _pooled(r, default)
    other = {b["bin"]: b for b in _pooled(r, baseline)[1].get("coverage90", ())}
    body = []
    for found in row.get("coverage90", ()):
        base = other.get(found["bin"], {})
        body.append((
            cell(Raw(str(found["bin"]).replace("-", "–")), "head"),
            num(r.value(found["n"], "count")), num(r.value(found["coverage"], "share")),
            num(r.value(found["width"], "deaths")), num(r.value(found["mis"], "deaths")),
            num(r.value(base.get("coverage"), "share")), num(r.value(base.get("width"), "deaths")),
        ))  # fmt: skip
    head = r.head(
        "skillpage.head.bin", "#skillpage.head.cells", "#skillpage.head.inside",
        "#skillpage.head.width", "#skillpage.head.score", "#skillpage.head.base",
        "#skillpage.head.width",
    )  # fmt: skip
    table = Table("t-coverage", say("skillpage.coverage"), head, tuple(body),
                  f"rows.{place}.coverage90", "dense")  # fmt: skip
    blocks: list[Block | Group] = [table, *_tenths(r, default, baseline)]
    below = next((b for b in row.get("coverage90", ()) if b["bin"] == "0-1"), None)
    if below:
        blocks.append(
            Paragraph(say("skillpage.pit.below",
                          distance=r.value(below["pit_distance"], "share of ranks"),
                          band=r.value(below["pit_band99"], "share of ranks")))
        )  # fmt: skip
    return Section("calibration", say("skillpage.calibration"), tuple(blocks))


def _tenths(r: Reader, default: str, baseline: str) -> list[Block | Group]:
    words = r.words
    found = {}
    for model in (default, baseline):
        rows = r.rows(f"pit.{model}")
        found[model] = next((x["share"] for x in rows if x["cells"] == "from_1"), None)
    told = [(model, shares) for model, shares in found.items() if shares]
    if not told:
        return []
    series = [(plain((_model(r, model),)), shares) for model, shares in told]
    title = words.say("skillpage.pit")
    svg = figures.tenths(
        "pit", series, title=plain(title), desc=words.plain("skillpage.pit.desc"),
        show=r.numbers.share, even=words.plain("skillpage.pit.even"),
    )  # fmt: skip
    body = tuple(
        (cell(Raw(f"{i / 10:g}–{(i + 1) / 10:g}"), "head"),
         *(num(r.value(shares[i], "share")) for _, shares in told))
        for i in range(10)
    )  # fmt: skip
    head = (*r.head("skillpage.head.tenth"), *(Cell((_model(r, m),), "num") for m, _ in told))
    table = Table("t-pit", title, head, body, "pit", "dense")
    return [Figure("f-pit", title, svg, words.say("skillpage.pit.caption"), "t-pit"), table]


def _doubts(r: Reader) -> Section:
    say, rows = r.words.say, r.rows("do_not_trust")
    blocks: list[Block | Group] = []
    if rows:
        body = tuple(
            (cell(Raw(str(row["country"])), "head"), num(r.value(row["n"], "count")),
             num(_ratio(r, row, "ratio_crps")), num(r.value(row["excess_crps"], "deaths")))
            for row in rows
        )  # fmt: skip
        head = r.head("head.area", "#skillpage.head.cells", "#skillpage.head.ratio",
                      "#skillpage.head.excess")  # fmt: skip
        intro = say("skillpage.doubt.intro")
        blocks += [Table("t-doubt", intro, head, body, "do_not_trust", "dense")]
    else:
        blocks.append(Paragraph(say("skillpage.doubt.none")))
    blocks.append(Paragraph(say("skillpage.doubt.war"), "warning"))
    return Section("doubt", say("skillpage.doubt"), tuple(blocks))


def _value(r: Reader) -> Section:
    say = r.words.say
    body = []
    for row in r.rows("value"):
        level = float(row["level"])
        times = r.value(level / (1.0 - level), "times")
        body.append((
            cell(r.words.plain(f"skillpage.quantity.{row['quantity']}"), "head"),
            num(r.value(level, "share")), num_text(say("skillpage.times", times=times)),
            num(_ratio(r, row, "ratio_cost")), num(_ratio(r, row, "ratio_cost_without_top10")),
        ))  # fmt: skip
    head = r.head(
        "skillpage.head.quantity", "#skillpage.head.level", "#skillpage.head.times",
        "#skillpage.head.cost", "#skillpage.head.easy",
    )  # fmt: skip
    intro = say("skillpage.value.intro", times=r.value(4.0, "count"), level=r.value(0.8, "share"))
    table = Table("t-value", say("skillpage.value"), head, tuple(body), "value", "dense")
    return Section("value", say("skillpage.value"), (Paragraph(intro), table))


def num_text(text: Text) -> Cell:
    """Return a cell of a column of numbers that holds a sentence."""
    return Cell(text, "num")


def _misses(r: Reader) -> Section:
    say = r.words.say
    body = tuple(
        (
            cell(Raw(str(row["country"])), "head"), cell(r.month(row["month"])),
            num(r.value(row["actual"], "deaths")),
            num(Claim(r.numbers.interval(row["low"], row["mean"], row["high"], "deaths"), None)),
            num(r.value(row["crps"], "deaths")), num(r.value(row["crps_baseline"], "deaths")),
            num(r.value(row["share_of_error"], "share")),
        )
        for row in r.rows("misses")
    )  # fmt: skip
    head = r.head(
        "head.area", "head.month", "#skillpage.head.actual", "#skillpage.head.interval",
        "#skillpage.head.error", "#skillpage.head.rule", "#skillpage.head.share",
    )  # fmt: skip
    title = say("skillpage.misses")
    table = Table("t-misses", title, head, body, "misses", "dense")
    return Section("misses", title, (Paragraph(say("skillpage.misses.intro")), table))


def _fans(r: Reader) -> Section:
    groups = tuple(_fan(r, i, row) for i, row in enumerate(r.rows("fans")))
    return Section("fans", r.words.say("skillpage.fans"), groups)


def _fan(r: Reader, place: int, row: Row) -> Group:
    say, name = r.words.say, Raw(str(row["country"]))
    return fan_group(
        r, f"fans.{place}", row, name,
        title=say("skillpage.fan", country=name, window=Raw(str(r.rows("windows")[-1]))),
        made=say("skillpage.made", country=name), silent=int(r.at("lag")) - 1,
    )  # fmt: skip


def _annex(r: Reader) -> Section:
    words = r.words
    body = tuple(
        (
            cell(_model(r, str(row["model"])), "head"),
            cell(words.plain("skillpage.pooled") if row["window"] == "pooled"
                 else Raw(str(row["window"]))),
            num(r.value(row["n"], "count")), num(_ratio(r, row, "ratio_crps")),
            num(_ratio(r, row, "ratio_crps_without_top10")), num(_ratio(r, row, "ratio_ign")),
            num(_ratio(r, row, "ratio_mis")),
        )
        for row in r.rows("rows") if row["model"] != r.at("baseline")
    )  # fmt: skip
    head = r.head(
        "head.model", "skillpage.head.window", "#skillpage.head.cells", "#skillpage.head.ratio",
        "#skillpage.head.easy", "#skillpage.head.ign", "#skillpage.head.mis",
    )  # fmt: skip
    title = words.say("skillpage.annex")
    return Section("annex", title, (Table("t-annex", title, head, body, "rows", "dense"),))
