"""A workbook, free of any file format: sheets of tables whose numbers each know their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from polgap.brief._model import Cell, Claim, Table, Text
from polgap.brief._reader import Reader, number
from polgap.domain import month_number

MONTH = "month"
"""Units of a claim whose value is a month number (`polgap.domain.month_number`)."""


@dataclass(frozen=True)
class Sheet:
    """One product: a table, what must be said above it, and cells that have a name.

    Parameters
    ----------
    key : str
        Short name; its title is the message ``sheet.<key>``.
    title : Text
    table : Table
        A cell that holds one claim is a number there and carries its own path.
    notes : tuple of Text
    names : Mapping of str to int
        Name -> row of the table; the name stands for the first number of that row.
    """

    key: str
    title: Text
    table: Table
    notes: tuple[Text, ...] = ()
    names: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """A workbook in one language: title, running line, sheets, and the heads of number columns."""

    language: str
    title: Text
    running: Text
    sheets: tuple[Sheet, ...]
    paths: Text
    ends: Mapping[str, str]


def each(r: Reader, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the rows of a list, each with its own path such as ``options[2]``."""
    for i, row in enumerate(r.rows(path)):
        yield f"{path}[{i}]", row


def interval(r: Reader, row: Any, units: str, path: str, factor: float = 1.0) -> Claim:
    """Return the claim of {low, mid, high}, each times a factor; ``{}`` in the path is the end."""
    found = row if isinstance(row, Mapping) else {}
    scaled = {
        k: None if (v := number(found.get(k))) is None else v * factor
        for k in ("low", "mid", "high")
    }
    return r.claim(scaled, units, path if "{}" in path else f"{path}.{{}}")


def dated(r: Reader, month: Any, path: str) -> Claim:
    """Return the claim of a month, a date in a workbook; unknown where there is none."""
    text = str(month or "")
    if len(text) < 7:
        return r.month(None)
    return Claim(r.numbers.month(text), float(month_number(text[:7])), units=MONTH, path=path)


def single(cell: Cell) -> Claim | None:
    """Return the claim of a cell that holds a number and nothing else."""
    first = cell.text[0] if len(cell.text) == 1 else None
    return first if isinstance(first, Claim) and first.value is not None else None
