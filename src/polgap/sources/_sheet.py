"""A delimited text file as a sheet of cells that knows its row numbers.

Tolerant of separator (``,`` ``;`` tab), a line ``sep=;``, a second line of tags (HXL, or the
units of our own templates: every filled cell begins with ``#``), blank lines, surplus blanks and
upper case in headers. Strict about rows longer than the header: a shifted cell is an error.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._files import decode, read_bytes

csv.field_size_limit(10_000_000)

_SEPARATORS = (",", ";", "\t", "|")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|$)")
_GUARD = re.compile(r"^'(?=[=+\-@])")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_POINTED = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+")


@dataclass(frozen=True)
class Sheet:
    """Cells as text.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    headers : tuple of str
        Headers as written, all of them.
    frame : pd.DataFrame
        Kept columns under their plain names (`plain`); the index is the row number as a
        spreadsheet counts (header = row 1).
    separator : str
    """

    file: str
    headers: tuple[str, ...]
    frame: pd.DataFrame
    separator: str

    def rows(self) -> list[int]:
        """Return the row number of each row of the frame."""
        return [int(r) for r in self.frame.index]

    def column(self, *names: str) -> str | None:
        """Return the first of `names` (plain) that the sheet has."""
        return next((n for n in names if n in self.frame.columns), None)

    def problem(self, row: int, column: str, got: str, wanted: str, code: str) -> Problem:
        """Return a problem at a row number and column of this file."""
        return Problem(got, wanted, code, self.file, row=row, column=column)


def words(text: str) -> frozenset[str]:
    """Return the words of a text: a list of column names, written as it reads."""
    return frozenset(text.split())


def plain(header: str) -> str:
    """Return a header in plain form: lower case, words joined by ``_``, units left out.

    Examples
    --------
    >>> plain(" Unit type "), plain("Population (persons)"), plain("as-of")
    ('unit_type', 'population', 'as_of')
    """
    text = re.sub(r"\([^)]*\)\s*$", "", header.replace("\u00a0", " ").strip()).strip()
    return re.sub(r"[\s\-/.]+", "_", text.casefold()).strip("_")


def read_sheet(path: Path, keep: Callable[[str], bool] | None = None) -> Sheet:
    """Return the sheet in a file.

    Parameters
    ----------
    path : Path
    keep : callable, optional
        Whether a column (by its plain name) is read at all. What is not kept never leaves this
        function: it is how columns of a known layout are dropped.

    Raises
    ------
    DataError
        If the file is no readable table, or rows are longer than the header.
    """
    text = decode(read_bytes(path), path.name)
    return sheet_from(text, path.name, keep)


def sheet_from(text: str, file: str, keep: Callable[[str], bool] | None = None) -> Sheet:
    r"""Return the sheet in a text (see `read_sheet`).

    Examples
    --------
    >>> s = sheet_from("Area;Roll\n#adm;#officers\na;1 200,5\n", "host.csv")
    >>> s.separator, s.frame.loc[3].tolist()
    (';', ['a', '1 200,5'])
    """
    body = _body(text)
    separator = _separator(body)
    reader = enumerate(csv.reader(_lines(body), delimiter=separator), start=1)
    try:
        start, first = next(((n, r) for n, r in reader if _filled(r)), (0, []))
        if not first:
            raise DataError([Problem("an empty file", "a header and rows", "empty_file", file)])
        headers = [h.strip() for h in first]
        names = [plain(h) for h in headers]
        _require_headers(names, headers, file, start)
        kept = [i for i, n in enumerate(names) if n and (keep is None or keep(n))]
        numbered, wide = _kept(reader, kept, len(headers))
    except csv.Error as error:
        raise DataError([Problem(str(error), "a delimited text file", "csv", file)]) from error
    _require_width(wide, len(headers), file)
    frame = pd.DataFrame(
        {
            names[i]: pd.Series([cells[at] for _, cells in numbered], dtype="str")
            for at, i in enumerate(kept)
        },
        columns=[names[i] for i in kept],
    )
    frame.index = pd.Index([n for n, _ in numbered], dtype="int64")
    return Sheet(file, tuple(h for h in headers if h), frame, separator)


def _lines(text: str) -> Iterator[str]:
    """Give the lines of a text one by one, however they end: no second copy of it is made."""
    return (f"{found[1]}\n" for found in _LINE.finditer(text) if found[0])


def _filled(row: Iterable[str]) -> bool:
    return any(c.strip() for c in row)


def _kept(
    reader: Iterable[tuple[int, list[str]]], kept: list[int], width: int
) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int]]]:
    """Return the kept cells of each filled row, and the rows that are too long with their length.

    Only what is kept is held in memory: a table of V-Dem has 4,000 columns, of which we read 60.
    """
    numbered: list[tuple[int, list[str]]] = []
    wide: list[tuple[int, int]] = []
    tags = True
    for n, row in reader:
        if not _filled(row):
            continue
        if tags and _is_tags(row):
            tags = False
            continue
        tags = False
        if _filled(row[width:]):
            wide.append((n, len(row)))
        numbered.append((n, [_cell(row, i) for i in kept]))
    return numbered, wide


def _body(text: str) -> str:
    """Return the text below Excel's line ``sep=;``, which Excel does not count as a row."""
    first, _, rest = text.partition("\n")
    return rest if re.fullmatch(r"\s*\"?sep=.\"?\s*", first) else text


def _separator(text: str) -> str:
    """Return the separator that is most frequent in the header, outside quotes."""
    header = next((line for line in _lines(text) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_SEPARATORS, key=lambda s: (bare.count(s), -_SEPARATORS.index(s)))


def _is_tags(row: Iterable[str]) -> bool:
    filled = [c.strip() for c in row if c.strip()]
    return bool(filled) and all(c.startswith("#") for c in filled)


def _require_headers(names: list[str], headers: list[str], file: str, row: int) -> None:
    twice = sorted({headers[i] for i, n in enumerate(names) if n and names.index(n) < i})
    if twice:
        raise DataError(
            [
                Problem("the column twice", "each column once", "duplicate_column", file,
                        row=row, column=name)
                for name in twice
            ]
        )  # fmt: skip


def _require_width(wide: list[tuple[int, int]], width: int, file: str) -> None:
    if wide:
        raise DataError(
            [Problem(f"{cells} cells", f"at most {width}, as in the header", "too_many_cells",
                     file, row=n) for n, cells in wide[:50]]
        )  # fmt: skip


def _cell(row: list[str], i: int) -> str:
    """Return a cell without blanks around it and without the guard against formulas."""
    cell = row[i].strip() if i < len(row) else ""
    return _GUARD.sub("", cell) if cell[:1] == "'" else cell


def number_text(cell: str, separator: str) -> str:
    """Return a number as text with a decimal dot and no thousands mark.

    In a file separated by commas a comma inside a number marks thousands; elsewhere it is the
    decimal mark, unless a dot stands with it.

    Examples
    --------
    >>> number_text("14,861", ","), number_text("0,5", ";"), number_text("1.234,5", ";")
    ('14861', '0.5', '1234.5')
    >>> number_text("12 000", ";"), number_text("about ten", ";")
    ('12000', 'about ten')
    """
    text = re.sub(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}\b)", "", cell.strip())
    if separator == "," and _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    if _POINTED.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if separator != "," and _THOUSANDS.fullmatch(text) and "." in text:
        return text.replace(",", "")
    return text.replace(",", ".") if "," in text and "." not in text else text
