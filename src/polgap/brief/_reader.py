"""The reader: what a run gave, turned into claims that remember where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from polgap.brief._edition import SHARED, listed
from polgap.brief._model import Cell, Claim, Part, Raw, Text
from polgap.brief._numbers import UNKNOWN, Numbers
from polgap.brief._words import Words
from polgap.domain import month_number

Block = Mapping[str, Any]

CHOSEN = "recommended"
COMPARISON = ("population_spread",)
"""Options that are there for comparison only; nobody proposes them."""

WEAK = ("D",)
"""Grades below C: an option is for discussion and unit numbers print as ranges (gap-model 12)."""

FOR_DISCUSSION = {
    "option.recommended": "option.discussion",
    "option.recommended_without_gendarmerie": "option.discussion_without_gendarmerie",
}
"""What the options are called where the grade allows no recommendation."""


@dataclass(frozen=True)
class Reader:
    """A run with the words of one language.

    Parameters
    ----------
    result, details : Mapping
        ``result.json`` and ``details.json``.
    words : Words
    decisions : sequence of {by, option, note, dissent, unmet, time, void}
        All there are; one with a reason in ``void`` no longer holds.
    """

    result: Block
    details: Block
    words: Words
    decisions: Sequence[Block] = field(default=())

    @property
    def approvals(self) -> list[Block]:
        """The decisions that hold; without one a page is a draft."""
        return [row for row in self.decisions if not row.get("void")]

    @property
    def numbers(self) -> Numbers:
        """How numbers are written."""
        return self.words.numbers

    def at(self, path: str) -> Any:
        """Return what stands at a dotted path of the result (or ``details.``), or None."""
        first, _, rest = path.partition(".")
        here: Any = self.details if first == "details" else self.result.get(first)
        for key in rest.split(".") if rest else ():
            here = here.get(key) if isinstance(here, Mapping) else None
        return here

    def rows(self, path: str) -> list[Any]:
        """Return the list at a path; empty when it is not there."""
        found = self.at(path)
        return list(found) if isinstance(found, Sequence) and not isinstance(found, str) else []

    def claim(self, row: Block | None, units: str, path: str = "", basis: str = "") -> Claim:
        """Return the claim of an interval {low, mid, high}; unknown where there is no middle."""
        row = row or {}
        low, mid, high = (number(row.get(k)) for k in ("low", "mid", "high"))
        show = self.numbers.show
        if mid is None:
            return Claim(UNKNOWN, None, None, None, units, path)
        known = low is not None and high is not None
        span = self.numbers.interval(low or 0.0, mid, high or 0.0, units) if known else ""
        mark = self.words.mark(basis)
        return Claim(show(mid, units), mid, low, high, units, path, mark, span)

    def total(self, name: str) -> Claim:
        """Return one of the four totals of the gap."""
        return self.claim(self.at(f"gap.{name}"), "officers", f"gap.{name}", self.basis_of(name))

    def value(self, value: Any, units: str, path: str = "", basis: str = "") -> Claim:
        """Return the claim of a single number."""
        found = number(value)
        text = self.numbers.show(found, units)
        return Claim(text, found, None, None, units, path, self.words.mark(basis))

    def month(self, month: str | None) -> Claim:
        """Return the claim of a month."""
        return Claim(self.numbers.month(month), None)

    def ranged(self, claim: Claim) -> Claim:
        """Return the claim as a range alone, for numbers that do not bear a single value."""
        if not claim.interval:
            return claim
        text = claim.interval
        if claim.units == "USD" and claim.value is not None:
            text = self.numbers.worded(claim.value, text)
        return Claim(text, claim.value, claim.low, claim.high, claim.units, claim.path, claim.mark)

    def basis_of(self, name: str) -> str:
        """Return the basis that a headline number must own up to."""
        if self.exercise:
            return "exercise"
        codes = {str(n.get("code")) for n in self.rows("notes")}
        people = {str(a.get("population_basis")) for a in self.rows("details.areas")}
        if name == "need":
            return "assumed" if "assumed" in people else ""
        return "assumed" if "host_assumed" in codes or "assumed" in people else ""

    @property
    def edition(self) -> str:
        """Whom the brief is for."""
        return str((self.at("edition") or {}).get("name") or "internal")

    def absent(self, code: str) -> str:
        """Return the message that says what hatching or a gap means to the readers of an edition.

        Where small cells are withheld, what is missing was not observed or may not be shown.
        """
        return f"{code}.withheld" if self.edition in SHARED else code

    def listed(self, kind: str, key: str) -> bool:
        """Return whether the edition may hold a section, a term, ... (``editions.csv``)."""
        return listed(kind, key, self.edition)

    @property
    def exercise(self) -> bool:
        """Whether the theatre is a fictional one."""
        given = (self.at("details.theatre") or {}).get("exercise")
        return bool(given) or self.at("study.basis") == "exercise"

    @property
    def theatre(self) -> Raw:
        """The name of the theatre."""
        given = self.at("details.theatre") or {}
        own = (given.get("names") or {}).get(self.words.language)
        return Raw(str(own or given.get("name") or self.at("study.theatre")))

    def called(self) -> Reader:
        """Return the same reader with options named as the grade allows."""
        renamed = FOR_DISCUSSION if self.weak else {}
        words = Words(self.words.language, self.words.places, renamed)
        return replace(self, words=words)

    @property
    def letter(self) -> str:
        """The decision grade: of the recommended option when it has one, else of the study."""
        chosen = self.option(CHOSEN) or {}
        return str(chosen.get("grade") or (self.at("details.grade") or {}).get("letter") or "")

    @property
    def weak(self) -> bool:
        """Whether the grade allows no recommendation and no single unit numbers."""
        return self.letter in WEAK

    def option(self, name: str) -> Block | None:
        """Return an option by name, or None."""
        return next((o for o in self.rows("options") if o.get("name") == name), None)

    def span(self) -> tuple[Claim, Claim]:
        """Return the first and the last month reported."""
        first = str(self.at("study.first_month") or "")
        if not first:
            return self.month(None), self.month(None)
        last = month_number(first) + int(self.at("study.months") or 12) - 1
        return self.month(first), self.month(f"{last // 12:04d}-{last % 12 + 1:02d}")

    def head(self, *codes: str) -> tuple[Cell, ...]:
        """Return the head of a table; a code that begins with ``#`` heads a column of numbers."""
        return tuple(
            Cell(self.words.say(c.lstrip("#")), "num" if c.startswith("#") else "") for c in codes
        )


def places_of(details: Block) -> dict[str, str]:
    """Return the names of areas, and of the areas above them, by key.

    Examples
    --------
    >>> row = {"area": "N1", "name": "Nardari", "parent": "N", "parent_name": "North"}
    >>> places_of({"areas": [row]})
    {'N': 'North', 'N1': 'Nardari'}
    """
    rows = details.get("areas") or ()
    above = {str(a["parent"]): str(a["parent_name"]) for a in rows if a.get("parent_name")}
    return above | {str(a["area"]): str(a["name"]) for a in rows}


def number(value: Any) -> float | None:
    """Return a finite number, or None.

    Examples
    --------
    >>> number(None), number(3), number(float("nan")), number("3")
    (None, 3.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if isfinite(value) else None


def alphabetical(text: str) -> str:
    """Return a key that sorts words as a reader expects, accents and capitals aside.

    Examples
    --------
    >>> sorted(["zone", "Équipe", "Est"], key=alphabetical)
    ['Équipe', 'Est', 'zone']
    """
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def num(claim: Claim) -> Cell:
    """Return a cell that holds a number."""
    return Cell((claim,), "num")


def cell(part: Part | Text, style: str = "") -> Cell:
    """Return a cell of one part or a sentence."""
    return Cell(part if isinstance(part, tuple) else (part,), style)


def band(rows: Sequence[Block]) -> list[tuple[float, float, float] | None]:
    """Return low, mid and high of rows; None where the middle is not known."""
    found: list[tuple[float, float, float] | None] = []
    for row in rows:
        mid = number(row.get("mid"))
        low, high = number(row.get("low")), number(row.get("high"))
        if mid is None:
            found.append(None)
        else:
            found.append((mid if low is None else low, mid, mid if high is None else high))
    return found
