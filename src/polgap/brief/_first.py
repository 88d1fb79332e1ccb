"""Page one: the bottom line first."""

from __future__ import annotations

from polgap.brief import figures
from polgap.brief._model import (
    Block,
    Card,
    Cards,
    Cell,
    Claim,
    Figure,
    Group,
    Items,
    Paragraph,
    Part,
    Raw,
    Section,
    Table,
    Text,
)
from polgap.brief._plan import force
from polgap.brief._reader import CHOSEN, Reader, cell, num, number
from polgap.brief._words import joined
from polgap.brief.figures._svg import ASKED, NEED, OPEN, SHORT

TOTALS = (
    ("need", NEED),
    ("national_shortfall", SHORT),
    ("mission_requirement", ASKED),
    ("left_open", OPEN),
)
"""The four totals that are never confused, in the order in which they are printed."""

WHY = (
    ("numbers", "#9fb1c1"),
    ("presence", "#47718f"),
    ("capability", "#1f5078"),
    ("will", "#b3411f"),
    ("structural", "#d9dfe5"),
)
UNABLE = ("numbers", "presence", "capability")
BESIDE = ("host_assumed", "notional_pledges", "notional_mandate")
"""Notes that stand beside the headline; that of an exercise has a banner of its own."""


def first_page(r: Reader) -> Section:
    """Return page one: question, headline, answer, what must be known, what is asked."""
    say = r.words.say
    begin, end = r.span()
    proposing = r.edition == "internal" or bool(r.rows("options"))
    code = "brief.question" if proposing else "edition.question"
    question = say(code, theatre=r.theatre, begin=begin, end=end)
    blocks: list[Block | Group] = [Paragraph(question, "question"), cards(r)]
    blocks += why_said(r) if asks_why(r) else []
    blocks += [Paragraph(answer(r), "answer")] if proposing else []
    versus = compared(r)
    if versus:
        blocks.append(Items(versus, "plain"))
    warned = beside(r)
    if warned:
        blocks.append(Items(warned, "warning"))
    if r.edition == "internal":
        blocks.append(Group(say("brief.asked"), (Items(asked(r)),), "asked"))
    moved = movers(r)
    if moved:
        blocks.append(Group(say("brief.movers"), (moved,), "movers"))
    blocks.append(marks_line(r))
    return Section("bottom-line", say("brief.bottom_line"), tuple(blocks), "first")


def cards(r: Reader) -> Cards:
    """Return the four totals as headline numbers."""
    say = r.words.say
    tops = [number((r.at(f"gap.{name}") or {}).get("high")) or 0.0 for name, _ in TOTALS]
    found = []
    for name, colour in TOTALS:
        claim = r.total(name)
        picture = ""
        if claim.low is not None and claim.value is not None and claim.high is not None:
            picture = figures.strip((claim.low, claim.value, claim.high), max(tops), colour)
        label = say(f"total.{name}")
        found.append(Card(label, claim, picture, say(f"total.{name}.means"), name))
    return Cards(tuple(found))


def why_said(r: Reader) -> list[Block]:
    """Return in one sentence whether the host-State police are unable or unwilling."""
    why = r.at("gap.why")
    if not why:
        code = "brief.why_unknown" if r.edition == "internal" else "edition.why"
        return [Paragraph(r.words.say(code), "note")]
    unable = sum(number(why.get(k)) or 0.0 for k in UNABLE)
    sentence = r.words.say(
        "brief.why_line",
        unable=r.value(unable, "share", "gap.why"),
        will=r.value(why.get("will"), "share", "gap.why.will"),
        structural=r.value(why.get("structural"), "share", "gap.why.structural"),
    )
    return [Paragraph(sentence, "why")]


def asks_why(r: Reader) -> bool:
    """Whether the reader is told why the police fall short: an edition may leave it out."""
    return r.edition == "internal" or bool(r.at("gap.why"))


def why_strip(r: Reader) -> Figure | None:
    """Return the shares of the national shortfall as one bar; None where a share is negative."""
    why = r.at("gap.why") or {}
    shares = [(k, number(why.get(k)), c) for k, c in WHY]
    if not why or any(v is None or v < 0 for _, v, _ in shares):
        return None
    words = r.words
    parts = [
        (words.plain(f"why.{k}"), r.numbers.share(v or 0.0), v or 0.0, c) for k, v, c in shares
    ]
    title = words.plain("figure.why")
    svg = figures.stacked("why", parts, title=title, desc=words.plain("figure.why.desc"))
    return Figure("why", (title,), svg, words.say("figure.why.caption"), "t-why")


def answer(r: Reader) -> Text:
    """Return the recommended option in one sentence; for discussion where the grade is weak."""
    say = r.words.say
    option, now = r.option(CHOSEN), r.option("status_quo")
    if option is None:
        return say("answer.none")
    show = r.ranged if r.weak else (lambda claim: claim)
    claims: dict[str, Part | Text] = {
        "option": r.words.name("option", CHOSEN),
        "grade": Raw(r.letter) if r.letter else r.words.plain("check.unknown"),
        "unmet": show(_of(r, option, "unmet_need", "officer-months")),
        "cost": show(_of(r, option, "cost", "USD")),
        "months": r.value(r.at("study.months"), "count", "study.months"),
    }
    code = "answer.discussion" if r.weak else "answer.recommended"
    placed = force(r)
    what = (
        say(f"{code}.placing", units=placed[0], month=placed[1])
        if placed
        else say(f"{code}.option", option=claims.pop("option"))
    )
    claims.pop("option", None)
    if now is None:
        return say(f"{code}_alone", what=what, **claims)
    kept = show(_of(r, now, "unmet_need", "officer-months"))
    return say(code, what=what, now=kept, **claims)


def _of(r: Reader, option: object, key: str, units: str) -> Claim:
    found = option if isinstance(option, dict) else {}
    return r.claim(found.get(key), units, f"options.{found.get('name')}.{key}")


def compared(r: Reader) -> tuple[Text, ...]:
    """Return how the recommended option does against its rivals, on the same futures."""
    out = []
    for row in r.rows("details.comparison.recommended_vs"):
        ends = row.get("unmet_less") or {}
        low, high = number(ends.get("low")), number(ends.get("high"))
        unsure = low is not None and high is not None and low < 0 < high
        code = "better_unsure" if unsure else "better"
        code = code if row.get("better") else "not_better"
        path = "details.comparison.recommended_vs"
        rival = (r.option(str(row.get("name"))) or {}).get("unmet_need") or {}
        whole, mid = number(rival.get("mid")), number(ends.get("mid"))
        part = abs(mid) / whole if whole and mid is not None else None
        out.append(
            r.words.say(
                f"compare.{code}",
                part=r.value(part, "share", path),
                rival=r.words.name("option", str(row.get("name"))),
                less=r.claim(ends, "officer-months", path),
                share=r.value(row.get("share_better"), "share", path),
            )
        )
    return tuple(out)


def beside(r: Reader) -> tuple[Text, ...]:
    """Return the notes that must stand beside the headline."""
    return tuple(
        r.words.note(str(n.get("code")), n.get("values") or {}, str(n.get("text") or ""))
        for n in r.rows("notes")
        if n.get("code") in BESIDE
    )


def asked(r: Reader) -> tuple[Text, ...]:
    """Return what the reader is asked to decide."""
    say, out = r.words.say, []
    begin, _ = r.span()
    if r.option(CHOSEN) is not None:
        code = "asked.discuss" if r.weak else "asked.approve"
        out.append(say(code, option=r.words.name("option", CHOSEN), month=begin))
    missing = [
        str(p.get("name")) for p in r.rows("details.posture.preconditions") if not p.get("met")
    ]
    if missing:
        names = joined([r.words.name("precondition", m) for m in missing])
        out.append(say("asked.preconditions", names=names))
    codes = {n.get("code") for n in r.rows("notes")}
    if "host_assumed" in codes:
        out.append(say("asked.host"))
    if "notional_pledges" in codes:
        out.append(say("asked.pledges"))
    days = sum(number(s.get("days")) or 0.0 for s in r.rows("arrival.critical_path"))
    if days:
        out.append(say("asked.path", days=r.value(days, "days", "arrival.critical_path")))
    return tuple(out) or (say("asked.none"),)


def movers(r: Reader) -> Table | None:
    """Return the assumptions that move the mission requirement most."""
    rows = r.rows("details.movers")[:3]
    if not rows:
        return None
    body = tuple(_mover(r, row) for row in rows)
    head = r.head("head.assumption", "#head.range", "head.units", "#head.at_low", "#head.at_high")
    return Table(
        "t-movers", r.words.say("table.movers"), head, body, "details.movers", "tight",
    )  # fmt: skip


def marks_line(r: Reader) -> Paragraph:
    """Return what the letters beside numbers mean."""
    parts: list[Part] = []
    for basis in ("given", "computed", "assumed", "recalled", "exercise"):
        mark = r.words.basis(basis)
        parts += ["; "] if parts else []
        parts += [mark, "\u00a0", mark.meaning]
    return Paragraph(r.words.say("assumptions.marks", marks=tuple(parts)), "note")


def _mover(r: Reader, row: dict[str, object]) -> tuple[Cell, ...]:
    words = r.words
    name = words.name("parameter", str(row.get("name")))
    mark = words.mark(basis_of_row(row))
    low, high = (parameter(r, row.get(k)) for k in ("low", "high"))
    span = Claim(r.numbers.span(low.text, high.text), None, low.value, high.value)
    return (
        Cell((name, "\u00a0", mark) if mark else (name,), "head"),
        num(span),
        cell(words.known("unit", str(row.get("units") or ""))),
        num(change(r, row.get("change_low"))),
        num(change(r, row.get("change_high"))),
    )


def basis_of_row(row: dict[str, object]) -> str:
    """Return the basis of an assumption; one given by the planner outweighs its mark."""
    basis = str(row.get("basis") or "")
    return "recalled" if row.get("mark") == "RECALLED" and basis == "computed" else basis


def parameter(r: Reader, value: object) -> Claim:
    """Return the claim of a parameter's value."""
    found = number(value)
    text = r.numbers.significant(found, 4) if found is not None else "–"
    return Claim(text, found)


def change(r: Reader, value: object) -> Claim:
    """Return the claim of a change, with its sign."""
    claim = r.value(value, "officers")
    return Claim(r.numbers.signed(claim.text), claim.value, units="officers")
