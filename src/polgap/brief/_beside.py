"""Beside the gap: women on duty, peaks alone and pooled, need under other models."""

from __future__ import annotations

from polgap.brief._model import Block, Cell, Claim, Group, Items, Paragraph, Raw, Table, Text
from polgap.brief._reader import Reader, cell, num, number
from polgap.catalogue import table

_TOP = 10


def beside(r: Reader) -> tuple[Group, ...]:
    """Return the groups that this run can fill; a run without them has none."""
    groups = (_women(r), _pooling(r), _models(r))
    return tuple(g for g in groups if g is not None)


def _women(r: Reader) -> Group | None:
    """Return women on duty: a number beside the target shares."""
    found, say = r.at("details.women_on_duty"), r.words.say
    if not isinstance(found, dict):
        return None
    path = "details.women_on_duty"
    targets = found.get("targets") or {}
    text = say(
        "women.text",
        total=r.claim(found.get("total"), "officers", f"{path}.total", "recalled"),
        **{
            kind: r.value(targets.get(kind), "share", f"{path}.targets.{kind}", "recalled")
            for kind in ("individual", "formed")
        },
    )
    rows = [row for row in found.get("by_area") or [] if number(row.get("mid")) is not None]
    rows.sort(key=lambda row: -(number(row.get("mid")) or 0.0))
    body = tuple(
        (Cell((Raw(str(row.get("name"))),), "head"), num(r.claim(row, "officers")))
        for row in rows[:_TOP]
    )
    if not body:
        return Group(say("women.group"), (Paragraph(text),), "women")
    head = r.head("head.area", "#women.head")
    shown = Table("t-women", say("women.table"), head, body, f"{path}.by_area", "tight",
                  say("women.note"))  # fmt: skip
    return Group(say("women.group"), (Paragraph(text), shown), "women")


def _pooling(r: Reader) -> Group | None:
    """Return the sum of peaks beside the pooled peak, a line a function."""
    found = r.at("details.need_models.pooling")
    lines: list[Text] = []
    for name, row in (found or {}).items():
        if number(row.get("ratio")) is None:
            continue
        path = f"details.need_models.pooling.{name}"
        alone, pooled = (
            r.claim(row.get(k), "officers", f"{path}.{k}") for k in ("sum_of_peaks", "pooled_peak")
        )
        ratio = r.value(row.get("ratio"), "ratio", f"{path}.ratio")
        function = r.words.name("function", str(name))
        lines.append(
            r.words.say("pooling.line", function=function, alone=alone, pooled=pooled, ratio=ratio)
        )
    if not lines:
        return None
    note = Paragraph(r.words.say("pooling.note"), "note")
    return Group(r.words.say("pooling.group"), (Items(tuple(lines)), note), "pooling")


def _models(r: Reader) -> Group | None:
    """Return need under each model of the functions that have more than one."""
    found, say = r.at("details.need_models"), r.words.say
    if not isinstance(found, dict):
        return None
    path = "details.need_models"
    names = table("need_models").set_index(["function", "model"])
    totals = found.get("totals") or {}
    claims: dict[str, Claim] = {
        k: r.claim(totals.get(k), "officers", f"{path}.totals.{k}") for k in totals
    }
    band = r.claim(found.get("benchmark_band"), "officers", f"{path}.benchmark_band", "recalled")
    rows = r.rows(f"{path}.rows")
    several = [row for row in rows if _count(rows, row) > 1]
    body: list[tuple[Cell, ...]] = []
    last = ""
    for row in several:
        key = str(row.get("function")), str(row.get("model"))
        first = Cell((r.words.name("function", key[0]),), "head") if key[0] != last else cell("")
        last = key[0]
        name = str(names.loc[key, f"name_{r.words.language}"]) if key in names.index else key[1]
        text: Text = (Raw(name),)
        if row.get("used"):
            text = (*text, " (", *say("models.used"), ")")
        body.append((first, cell(text), num(r.claim(row, "officers"))))
    head = r.head("head.function", "models.head.model", "#models.head.need")
    shown = Table("t-need-models", say("models.table"), head, tuple(body), f"{path}.rows", "dense",
                  say("models.note"))  # fmt: skip
    blocks: tuple[Block, ...] = (Paragraph(say("models.text", band=band, **claims)), shown)
    return Group(say("models.group"), blocks, "models")


def _count(rows: list[dict[str, object]], row: dict[str, object]) -> int:
    return sum(other.get("function") == row.get("function") for other in rows)
