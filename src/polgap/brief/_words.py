"""Words: every sentence and name of a brief, from the catalogue, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from polgap import catalogue
from polgap.brief._model import Claim, Mark, Part, Raw, Text, plain
from polgap.brief._numbers import NARROW, NO_BREAK, UNKNOWN, Numbers

_OPEN, _SHUT = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_SHUT}")

_TABLES = {
    "function": "functions",
    "unit_type": "unit_types",
    "posture": "postures",
    "shock": "shocks",
    "indicator": "indicators",
    "activity": "generation",
    "resource": "resources",
    "bridge": "bridging",
    "advice": "advice",
    "profile": "job_profiles",
    "benchmark": "benchmarks",
}
"""Kinds of names that stand in a catalogue table as ``name_en`` and ``name_fr``."""

_UNITS = {
    "share": "share",
    "officers": "officers",
    "total": "officers",
    "host": "officers",
    "deaths": "deaths",
    "civilians": "deaths",
    "officer_months": "officer-months",
    "usd": "USD",
    "more": "USD",
    "cost": "USD",
}
"""Units of a value of a note, by its name, where the sentence gives no format of its own."""

_CODES = {
    "rival": "option",
    "option": "option",
    "unit_type": "unit_type",
    "function": "function",
    "functions": "function",
    "missing": "precondition",
    "rung": "posture",
    "named": "posture",
    "provider": "provider",
    "indicator": "indicator",
    "element": "element",
}
"""Values of a note that are codes with a name in the catalogue, one or several with commas."""


class Words:
    """Say what the catalogue says, with claims and data kept apart from the words.

    Parameters
    ----------
    language : str
        ``en`` or ``fr``.
    places : Mapping of area key -> name
        Notes of other rooms name areas by key; a reader wants the name.
    renamed : Mapping of code -> code
        Names that go by another one in this brief.

    Examples
    --------
    >>> from polgap.brief._model import plain
    >>> plain(Words("en").say("total.left_open"))
    'Left open'
    """

    def __init__(
        self,
        language: str,
        places: Mapping[str, str] | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.language = language
        self.renamed = dict(renamed or {})
        self.places = dict(places or {})
        self.numbers = Numbers(language)
        self._codes = frozenset(catalogue.message_codes())

    def has(self, code: str) -> bool:
        """Whether the catalogue knows the code."""
        return code in self._codes

    def say(self, code: str, /, **values: Part | Text) -> Text:
        """Return a sentence with its places filled by claims, data or other sentences.

        Raises
        ------
        KeyError
            If the catalogue has no such code, or a place is left unfilled.
        """
        slots = _Slots()
        filled = {name: slots.of(_as_text(value)) for name, value in values.items()}
        return self._cut(catalogue.message(code, self.language, **filled), slots)

    def plain(self, code: str, /, **values: Part | Text) -> str:
        """Return a sentence as plain text, for the inside of a picture."""
        return plain(self.say(code, **values))

    def note(self, code: str, values: Mapping[str, Any], text: str = "") -> Text:
        """Return a sentence that another room wrote, its raw values written for this reader.

        An unknown code, or one whose values are not there, falls back to `text` as data.
        """
        if not self.has(code):
            code = f"note.{code}"  # result.json drops the shelf of a note
        if not self.has(code):
            return (Raw(text or code, "en"),)
        slots = _Slots()
        filled = {name: _Value(self, name, value, slots) for name, value in values.items()}
        try:
            return self._cut(catalogue.message(code, self.language, **filled), slots)
        except (KeyError, IndexError, ValueError):
            return (Raw(text or code, "en"),)

    def name(self, kind: str, key: str) -> Part:
        """Return the name of a function, unit type, option, phase, ...; unknown keys as data."""
        code = self.renamed.get(f"{kind}.{key}", f"{kind}.{key}")
        if kind in _TABLES:
            found = self._names(kind).get(key)
            return self._typeset(found) if found else Raw(key)
        return self._typeset(catalogue.message(code, self.language)) if self.has(code) else Raw(key)

    def keys(self, kind: str) -> list[str]:
        """Return the keys of a catalogue table, in its order."""
        return list(self._names(kind))

    def label(self, kind: str, key: str) -> str:
        """Return the name as plain text, for the inside of a picture."""
        part = self.name(kind, key)
        return part.text if isinstance(part, Raw) else str(part)

    def known(self, kind: str, text: str) -> Part:
        """Return the translation of a text such as units or a source, or the text as data."""
        code = f"{kind}.{text}"
        if self.has(code):
            return self._typeset(catalogue.message(code, self.language))
        return Raw(text, "en")

    def mark(self, basis: str) -> Mark | None:
        """Return the letter of a basis that the reader must be warned of."""
        if basis not in ("assumed", "recalled", "exercise"):
            return None
        return self.basis(basis)

    def basis(self, basis: str) -> Mark:
        """Return the letter of any basis."""
        return Mark(self.plain(f"mark.{basis}"), self.plain(f"basis.{basis}"))

    def sign(self, name: str) -> Mark:
        """Return a sign of a table, such as that of a critical activity, with its meaning."""
        return Mark(self.plain(f"sign.{name}"), self.plain(f"sign.{name}.means"), "sign")

    def check(self, met: bool | None) -> Text:
        """Return met, not met or not known, as a sign and a word."""
        code = "unknown" if met is None else ("met" if met else "unmet")
        sign = self.plain(f"check.{code}.sign")
        return (Mark(sign, self.plain(f"check.{code}"), "check"),)

    @cached_property
    def _tables(self) -> dict[str, dict[str, str]]:
        return {}

    def _names(self, kind: str) -> dict[str, str]:
        if kind not in self._tables:
            rows = catalogue.table(_TABLES[kind])
            keys, names = rows.iloc[:, 0].astype(str), rows[f"name_{self.language}"].astype(str)
            self._tables[kind] = dict(zip(keys, names, strict=True))
        return self._tables[kind]

    def _cut(self, filled: str, slots: _Slots) -> Text:
        parts: list[Part] = []
        for i, piece in enumerate(_TOKEN.split(filled)):
            if i % 2:
                parts += slots.kept[int(piece)]
            elif piece:
                parts.append(self._typeset(piece))
        return tuple(parts)

    def _typeset(self, text: str) -> str:
        """Return text set as its language asks for: French has no-break spaces, English none."""
        text = text.replace("'", "’")
        if self.language != "fr":
            return text.replace(" %", "%")
        text = re.sub(r" ([;?!])", NARROW + r"\1", text)
        text = re.sub(r" ([:»%])", NO_BREAK + r"\1", text)
        return text.replace("« ", "«" + NO_BREAK)


class _Slots:
    """Places of a sentence: what fills them, kept out of the way of the words."""

    def __init__(self) -> None:
        self.kept: list[Text] = []

    def keep(self, text: Text) -> str:
        self.kept.append(text)
        return f"{_OPEN}{len(self.kept) - 1}{_SHUT}"

    def of(self, text: Text) -> _Place:
        return _Place(self, text)


class _Place:
    """A value that leaves a token where the sentence prints it."""

    def __init__(self, slots: _Slots, text: Text) -> None:
        self._slots, self._text = slots, text

    def __format__(self, spec: str) -> str:
        return self._slots.keep(self._text)


class _Value:
    """A raw value of a note, written when the sentence says how."""

    def __init__(self, words: Words, name: str, value: Any, slots: _Slots) -> None:
        self._words, self._name, self._value, self._slots = words, name, value, slots

    def __format__(self, spec: str) -> str:
        return self._slots.keep(self._text(spec))

    __repr__ = __str__ = lambda self: self.__format__("")

    def _text(self, spec: str) -> Text:
        value = self._value
        if value is None:
            return (UNKNOWN,)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self._data(str(value))
        return (Claim(self._number(float(value), spec), float(value)),)

    def _number(self, value: float, spec: str) -> str:
        numbers, units = self._words.numbers, _UNITS.get(self._name, "")
        decimals = re.search(r"\.(\d+)", spec)
        if spec.endswith("%"):
            return numbers.share(value)
        if decimals:
            return numbers.decimal(value, int(decimals[1]))
        if self._name == "year":
            return f"{value:.0f}"
        if not units and value == int(value):
            return numbers.decimal(value)
        return numbers.show(value, units)

    def _data(self, text: str) -> Text:
        numbers, places = self._words.numbers, self._words.places
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return (Claim(numbers.month(text), None),)
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return (Claim(numbers.decimal(float(text), len(text.partition(".")[2])), float(text)),)
        if self._name == "institution":
            return (self._words.known("institution", text),)
        pieces = text.split(", ")
        if self._name in _CODES:
            return joined([self._words.name(_CODES[self._name], p) for p in pieces])
        if all(p in places for p in pieces):
            return joined([Raw(places[p]) for p in pieces])
        return (Raw(text),)


def joined(parts: Sequence[Part]) -> Text:
    """Return names in a row, with commas between."""
    out: list[Part] = []
    for part in parts:
        out += [", ", part] if out else [part]
    return tuple(out)


def _as_text(value: Part | Text) -> Text:
    return value if isinstance(value, tuple) else (value,)
