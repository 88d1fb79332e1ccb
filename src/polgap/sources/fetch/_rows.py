"""Rows of an answer: read strictly, written as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from polgap.sources.fetch.base import changed, failed, require_columns

csv.field_size_limit(10_000_000)


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    r"""Return rows as CSV text: nothing for None, numbers as they are.

    Examples
    --------
    >>> to_csv(["a", "b"], [{"a": 1.0, "b": None, "c": 2}])
    'a,b\n1.0,\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row.get(c) for c in columns] for row in rows])
    return text.getvalue()


def csv_rows(handle: TextIO, wanted: Sequence[str], where: str) -> Iterator[dict[str, str]]:
    """Give the rows of a CSV, each as long as the header: a shorter one means a cut-off file.

    Raises
    ------
    DataError
        If columns are missing or a row has another number of cells.
    """
    reader = csv.reader(handle)
    try:
        header = [h.strip().lstrip("\ufeff") for h in next(reader, [])]
        require_columns(header, wanted, where)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                got = f"{len(row)} cells in line {reader.line_num}"
                raise failed(got, f"{len(header)} as in the header", "truncated", where)
            yield dict(zip(header, row, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise changed(str(error), "a CSV file", where) from error


def records(block: Any, wanted: Sequence[str], where: str) -> list[dict[str, Any]]:
    """Return a list of JSON objects that all have the wanted names.

    Raises
    ------
    DataError
    """
    if not isinstance(block, list) or not all(isinstance(r, dict) for r in block):
        raise changed(f"{type(block).__name__} {str(block)[:60]!r}", "a list of records", where)
    for row in block:
        require_columns(list(row), wanted, where)
    return block


def entry(block: Any, name: str, where: str) -> Any:
    """Return an entry of a JSON object.

    Raises
    ------
    DataError
        If there is none.
    """
    if not isinstance(block, dict) or name not in block:
        got = f"keys {sorted(block)[:8]}" if isinstance(block, dict) else f"{str(block)[:60]!r}"
        raise changed(got, f"a key {name}", where)
    return block[name]


def count(value: Any, name: str, where: str) -> int:
    """Return a whole number that an answer states.

    Raises
    ------
    DataError
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise changed(repr(value)[:40], f"a number as {name}", where)
    try:
        return int(float(value))
    except (ValueError, OverflowError) as error:
        raise changed(repr(value)[:40], f"a number as {name}", where) from error


def require_all(got: int, stated: int, what: str, where: str) -> None:
    """Raise where an answer holds fewer or more rows than it states.

    Raises
    ------
    DataError
    """
    if got != stated:
        raise failed(f"{got} {what}", f"{stated}, as the answer itself states", "truncated", where)


def month_day(until: str) -> str:
    """Return the last day of a month.

    Examples
    --------
    >>> month_day("2024-02")
    '2024-02-29'
    """
    from calendar import monthrange

    year, month = int(until[:4]), int(until[5:7])
    return f"{until}-{monthrange(year, month)[1]:02d}"
