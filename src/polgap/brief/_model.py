"""The content of a brief, free of any file format: sections, blocks, sentences and claims.

No number stands in a brief outside a `Claim`; no word stands in it that is not from the message
catalogue or marked as data (`Raw`). A writer (HTML now) turns this into a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Mark:
    """The letter of a basis or a yes/no, with the words it stands for."""

    letter: str
    meaning: str
    kind: str = "basis"


@dataclass(frozen=True)
class Claim:
    """A number that the brief states, with what it rests on.

    Parameters
    ----------
    text : str
        The number as printed in the language of the brief.
    value, low, high : float or None
        The number and its 80 % interval, unrounded.
    units : str
        Units of the three, in English as in ``result.json``.
    path : str
        Where it stands in ``result.json``, or in ``details.json`` when it begins with
        ``details.``; empty in a table, which names the path for all its cells.
    mark : Mark or None
        The letter of a basis that the reader must be warned of: assumed, recalled, exercise.
    interval : str
        The interval as printed; ``""`` when there is none.
    sources : tuple of str
        Names of inputs or references behind it.

    Examples
    --------
    >>> Claim("1,230", 1234.0, 980.0, 1510.0, "officers", "gap.need", interval="980–1,510").full
    '1,230 (980–1,510)'
    """

    text: str
    value: float | None
    low: float | None = None
    high: float | None = None
    units: str = ""
    path: str = ""
    mark: Mark | None = None
    interval: str = ""
    sources: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """The number with its interval, as plain text."""
        return f"{self.text} ({self.interval})" if self.interval and self.text else self.text


@dataclass(frozen=True)
class Raw:
    """Data shown as they are: a place name, a source title, a code. Never translated."""

    text: str
    language: str = ""


Part = str | Claim | Raw | Mark
Text = tuple[Part, ...]
"""A sentence: catalogue words with claims and data in between."""


def plain(text: Text) -> str:
    """Return a sentence without markup.

    Examples
    --------
    >>> plain(("Need in ", Raw("Aloseme"), "."))
    'Need in Aloseme.'
    """
    return "".join(_plain(part) for part in text)


def _plain(part: Part) -> str:
    if isinstance(part, Claim):
        return part.full
    if isinstance(part, Raw):
        return part.text
    return part.letter if isinstance(part, Mark) else part


@dataclass(frozen=True)
class Paragraph:
    """A sentence or more; `style` is one of "", lead, note, warning, answer."""

    text: Text
    style: str = ""
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    items: tuple[Text, ...]
    style: str = ""
    kind: ClassVar[str] = "items"


@dataclass(frozen=True)
class Card:
    """A headline number: label, number, a short strip that shows its interval, a remark."""

    label: Text
    claim: Claim
    strip: str
    remark: Text
    tone: str = ""


@dataclass(frozen=True)
class Cards:
    """The headline numbers side by side."""

    cards: tuple[Card, ...]
    kind: ClassVar[str] = "cards"


@dataclass(frozen=True)
class Cell:
    """One cell of a table. `style`: num, head, letter, group, below (belongs to the row above).

    `anchor` makes it a link target; `drawing` is SVG text that repeats what the cells beside it
    say.
    """

    text: Text
    style: str = ""
    span: int = 1
    anchor: str = ""
    drawing: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption; `path` says where its numbers stand in the result."""

    key: str
    caption: Text
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    path: str = ""
    style: str = ""
    note: Text = ()
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Figure:
    """A picture (SVG text) with its title, caption and the key of the table that tells the same."""

    key: str
    title: Text
    svg: str
    caption: Text = ()
    table: str = ""
    style: str = ""
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Row:
    """Pictures or tables side by side where there is room."""

    blocks: tuple[Figure | Table, ...]
    kind: ClassVar[str] = "row"


@dataclass(frozen=True)
class Terms:
    """A list of terms and what they mean."""

    pairs: tuple[tuple[Text, Text], ...]
    kind: ClassVar[str] = "terms"


@dataclass(frozen=True)
class SignOff:
    """Lines to sign, each with a role, and the approvals so far."""

    lines: tuple[tuple[Text, Text], ...]
    columns: tuple[Text, ...]
    kind: ClassVar[str] = "signoff"


Block = Paragraph | Items | Cards | Table | Figure | Row | Terms | SignOff


@dataclass(frozen=True)
class Group:
    """A part of a section under a heading of its own."""

    title: Text
    blocks: tuple[Block, ...]
    key: str = ""
    kind: ClassVar[str] = "group"


@dataclass(frozen=True)
class Section:
    """A section: key (its anchor), heading and content."""

    key: str
    title: Text
    blocks: tuple[Block | Group, ...]
    style: str = ""


@dataclass(frozen=True)
class Brief:
    """A whole brief in one language.

    Parameters
    ----------
    banners : tuple of (style, sentence)
        Shown on top: draft or approved, exercise, handling.
    running : Text
        The line on every printed page.
    first : Section
        Page one: the bottom line.
    sections : tuple of Section
        Everything behind it, in order.
    """

    language: str
    title: Text
    subtitle: Text
    label: Text
    banners: tuple[tuple[str, Text], ...]
    running: Text
    badge: Text
    first: Section
    sections: tuple[Section, ...]
    labels: dict[str, Text]
