"""Options: what each costs and leaves open, how they compare, and what is placed where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from polgap import catalogue
from polgap.brief import figures
from polgap.brief._first import compared
from polgap.brief._model import (
    Block,
    Cell,
    Figure,
    Group,
    Items,
    Paragraph,
    Part,
    Raw,
    Section,
    Table,
    Text,
    plain,
)
from polgap.brief._plan import plans
from polgap.brief._reader import COMPARISON, WEAK, Reader, band, cell, num, number
from polgap.brief._words import joined
from polgap.brief.figures._svg import ASKED, MUTED, NEED

_INTERNAL = (3, 5, 6)
"""Columns of the table of options that only the planning team has: bound, preconditions, rules."""


def options(r: Reader) -> Section:
    """Return the options, their comparison, gendarmerie-type units, and the plans."""
    say = r.words.say
    if not r.rows("options"):
        return Section("options", say("options.title"), (Paragraph(say("answer.none")),))
    blocks: list[Block | Group] = [Paragraph(say("options.intro")), picture(r), _table(r)]
    remarks = _remarks(r)
    blocks += [Items(remarks, "plain")] if remarks else []
    versus = compared(r)
    if versus:
        code = "options.compared_discussion" if r.weak else "options.compared"
        blocks.append(Group(say(code), (Items(versus),), "compared"))
    blocks.append(Group(say("gendarmerie.title"), _gendarmerie(r), "gendarmerie"))
    if any(option.get("plan") is not None for option in r.rows("options")):
        blocks.append(Group(say("plan.title"), plans(r), "plans"))
    return Section("options", say("options.title"), tuple(blocks))


def picture(r: Reader) -> Figure:
    """Return what each option leaves open, with its interval."""
    words, rows = r.words, []
    for option in r.rows("options"):
        ends = band([option.get("unmet_need") or {}])[0]
        claim = r.claim(option.get("unmet_need"), "officer-months")
        colour = NEED if option.get("name") in (*COMPARISON, "status_quo") else ASKED
        value = claim.interval if option.get("grade") in WEAK else claim.full
        label = words.label("option", str(option.get("name")))
        rows.append(figures.Bar(label, ends, value, colour))
    title = words.say("figure.options")
    svg = figures.intervals("options-open", rows, title=plain(title), show=r.numbers.officers,
                            desc=words.plain("figure.options.desc"))  # fmt: skip
    return Figure("options-open", title, svg, words.say("figure.options.caption"), "t-options")


def _table(r: Reader) -> Table:
    body = tuple(_option(r, option) for option in r.rows("options"))
    codes = ("head.option", "#head.cost", "#head.unmet", "#head.bound", "head.posture",
             "head.preconditions", "#head.violations", "head.grade")  # fmt: skip
    left_out = () if r.edition == "internal" else _INTERNAL
    head = r.head(*(c for i, c in enumerate(codes) if i not in left_out))
    body = tuple(tuple(c for i, c in enumerate(row) if i not in left_out) for row in body)
    note = r.words.say("table.options.note")
    return Table("t-options", r.words.say("table.options"), head, body, "options", "dense", note)


def _option(r: Reader, option: Mapping[str, Any]) -> tuple[Cell, ...]:
    words, grade = r.words, str(option.get("grade") or "")
    show = r.ranged if grade in WEAK else (lambda claim: claim)
    name = words.name("option", str(option.get("name")))
    remark = words.say("option.comparison") if option.get("name") in COMPARISON else ()
    bound = number(option.get("gap_percent"))
    no_bound = number(option.get("bound")) is None or bound is None
    share = r.value(None if bound is None else bound / 100, "share")
    wrong = [str(v) for v in option.get("violations") or []]
    return (
        Cell((name, *((" ", *remark) if remark else ())), "head"),
        num(show(r.claim(option.get("cost"), "USD million"))),
        num(show(r.claim(option.get("unmet_need"), "officer-months"))),
        cell(words.say("option.no_bound"), "num") if no_bound else num(share),
        cell(_posture(r, option)),
        cell(_met(r, option)),
        num(r.value(len(wrong), "count")),
        cell(Raw(grade) if grade else "–", "letter"),
    )


def _preconditions(option: Mapping[str, Any]) -> dict[str, bool]:
    """Return each precondition of an option's posture, and whether it is met everywhere."""
    found: dict[str, bool] = {}
    for row in option.get("posture") or []:
        for p in row.get("preconditions") or []:
            name = str(p.get("name"))
            found[name] = bool(p.get("met")) and found.get(name, True)
    return found


def _met(r: Reader, option: Mapping[str, Any]) -> Text:
    found = _preconditions(option)
    if not found:
        return r.words.say("option.no_preconditions")
    counts = {"met": sum(found.values()), "of": len(found)}
    claims = {k: r.value(v, "count", "options.posture") for k, v in counts.items()}
    return r.words.say("option.met", met=claims["met"], of=claims["of"])


def _posture(r: Reader, option: Mapping[str, Any]) -> Text:
    """Return the rungs of the mandate ladder with the number of areas, most areas first."""
    rungs = Counter(str(p.get("posture")) for p in option.get("posture") or [])
    text: Text = ()
    for rung, count in rungs.most_common():
        areas = r.value(count, "count", "options.posture")
        found = r.words.say("posture.areas", rung=r.words.name("posture", rung), count=areas)
        text = (*text, ", ", *found) if text else found
    return text or ("–",)


def _remarks(r: Reader) -> tuple[Text, ...]:
    """Return what is not in place, said once for the options that share it, and broken rules."""
    lacking: dict[tuple[str, ...], list[Part]] = {}
    for option in r.rows("options"):
        missing = tuple(name for name, met in _preconditions(option).items() if not met)
        if missing:
            name = r.words.name("option", str(option.get("name")))
            lacking.setdefault(missing, []).append(name)
    lines_ = []
    for missing, names in lacking.items():
        names_ = joined([r.words.name("precondition", m) for m in missing])
        if len(lacking) == 1:
            lines_.append(r.words.say("option.missing", names=names_))
        else:
            lines_.append(r.words.say("option.missing_for", options=joined(names), names=names_))
    return (*lines_, *_responders(r), *_violations(r))


def _responders(r: Reader) -> list[Text]:
    """Return who comes first, second and third, with the number of areas, most areas first."""
    options = r.rows("options")
    rows = (options[0].get("posture") or []) if options else []
    ladders = Counter(tuple(p["responders"]) for p in rows if p.get("responders"))
    return [
        r.words.say("responders.line", count=r.value(count, "count", "options.posture"),
                    order=joined([r.words.name("responder", str(x)) for x in ladder]))
        for ladder, count in ladders.most_common()
    ]  # fmt: skip


def _violations(r: Reader) -> list[Text]:
    return [
        r.words.say("option.broken", option=r.words.name("option", str(o.get("name"))),
                    rule=Raw(str(v), "en"))
        for o in r.rows("options") for v in o.get("violations") or []
    ]  # fmt: skip


def _gendarmerie(r: Reader) -> tuple[Block, ...]:
    say, found = r.words.say, r.at("details.gendarmerie")
    intro = Paragraph(say("gendarmerie.claim"))
    if not found:
        return intro, Paragraph(say("gendarmerie.none"), "note"), _unfit(r)
    cover = found.get("cover_month") or {}
    path = "details.gendarmerie"
    unmet = found.get("unmet") or {}
    low, high = number(unmet.get("low")), number(unmet.get("high"))
    unsure = low is None or high is None or low <= 0 <= high
    less = (number(unmet.get("mid")) or 0.0) < 0
    code = "unsure" if unsure else "less" if less else "more"
    lines = (
        say(f"gendarmerie.{code}", unmet=r.claim(unmet, "officer-months", f"{path}.unmet")),
        say("gendarmerie.cost", cost=r.claim(found.get("cost"), "USD", f"{path}.cost")),
        say("gendarmerie.cover", have=_month(r, cover.get("with")),
            lack=_month(r, cover.get("without"))),
    )  # fmt: skip
    return intro, Items(lines), _unfit(r)


def _month(r: Reader, month: str | None) -> Part | Text:
    return r.month(month) if month else r.words.say("not_reached")


def _unfit(r: Reader) -> Table:
    """Return the functions which gendarmerie-type units do not give, or give less well."""
    words = r.words
    units = catalogue.table("unit_types").to_dict("records")
    gendarmes = [u for u in units if u["force_status"] == "gendarmerie"]
    others = [u for u in units if u["force_status"] != "gendarmerie"]
    on = {str(row.get("function")) for row in r.rows("details.by_function")}
    body = []
    for function in catalogue.table("functions")["function"].astype(str):
        ours = max((float(u[f"skill_{function}"]) for u in gendarmes), default=0.0)
        best = max((float(u[f"skill_{function}"]) for u in others), default=0.0)
        if ours >= best or function == "command_admin" or (on and function not in on):
            continue
        code = f"unfit.{function}"
        why = words.say(code if words.has(code) else "unfit.other")
        body.append((Cell((words.name("function", function),), "head"),
                     num(r.value(ours, "")), num(r.value(best, "")), cell(why)))  # fmt: skip
    head = r.head("head.function", "#head.skill_gendarmerie", "#head.skill_best", "head.why")
    note = words.say("table.unfit.note")
    return Table("t-unfit", words.say("table.unfit"), head, tuple(body), "catalogue.unit_types",
                 "dense", note)  # fmt: skip


def lines(r: Reader) -> list[figures.Line]:
    """Return the arrival curve of each option, the one spoken of first and shaded."""
    found = r.at("details.curve_options") or {}
    main = str(r.at("arrival.option") or "")
    shades = (ASKED, "#b3411f", "#574b90", MUTED, "#2e7d6b", NEED)
    names = sorted(found, key=lambda n: (n != main, n in COMPARISON, n))
    return [
        figures.Line(r.words.label("option", n), band(found[n]), shades[i % len(shades)], n == main)
        for i, n in enumerate(names)
    ]
