"""Write a book as XLSX: numbers as numbers, text never as a formula, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from polgap.brief._book import MONTH, Book, Sheet, single
from polgap.brief._model import Cell, Claim, plain

ENDS = ("low", "mid", "high")
_MADE = datetime(2000, 1, 1)
"""Date written into every file: the same run gives the same bytes."""
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTH = {"number": 12, "head": 34, "text": 26, "read": 110}
_LINE = 15.0
"""Height of a line in points."""
_HEAD_LINES = 4
_BROAD = 1.15
"""Room that a letter of a proportional font may take, in widths of a digit."""


@dataclass
class _Column:
    """A column of a table in the sheet: where it begins, whether it holds intervals, how wide."""

    at: int
    wide: bool
    width: int

    @property
    def last(self) -> int:
        """The last column of the sheet that it takes."""
        return self.at + (2 if self.wide else 0)


@dataclass
class _Pages:
    """What is kept while sheets are written: formats by kind, and the place of every number."""

    book: Any
    formats: dict[str, Any] = field(default_factory=dict)
    places: list[tuple[str, int, int, str]] = field(default_factory=list)

    def style(self, units: str) -> Any:
        """Return the number format that units ask for."""
        code = _code(units)
        if code not in self.formats:
            self.formats[code] = self.book.add_format({"num_format": code, "valign": "top"})
        return self.formats[code]


def write_xlsx(book: Book, titles: Mapping[str, str]) -> bytes:
    """Return the book as the bytes of an XLSX file.

    Intervals become three columns. A hidden last sheet names the place of every number.

    Parameters
    ----------
    book : Book
    titles : Mapping
        Key of a sheet -> its name.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, _SAFE) as made:
        made.set_properties({"title": plain(book.title), "created": _MADE})
        pages = _Pages(made)
        for sheet in book.sheets:
            _sheet(pages, made.add_worksheet(titles[sheet.key]), sheet, book, titles[sheet.key])
        _paths(pages, made.add_worksheet(plain(book.paths)))
    return out.getvalue()


def _sheet(pages: _Pages, page: Any, sheet: Sheet, book: Book, name: str) -> None:
    columns = _columns(sheet)
    top = _top(pages, page, sheet, columns)
    if sheet.table.head:
        _head(pages, page, sheet, columns, book, top)
        top += 1
    for i, row in enumerate(sheet.table.rows):
        page.set_row(top + i, _height(row, columns))
        for column, cell in zip(columns, row, strict=True):
            _cell(pages, page, (top + i, column), cell, name)
    for word, i in sheet.names.items():
        first = next(c for c in columns if c.wide)
        for k, end in enumerate(ENDS):
            place = xlsxwriter.utility.xl_rowcol_to_cell(
                top + i, first.at + k, row_abs=True, col_abs=True
            )
            pages.book.define_name(f"{word}_{end}", f"='{name}'!{place}")
    _layout(page, sheet, columns, top, book)


def _columns(sheet: Sheet) -> list[_Column]:
    """Return where each column of the table begins: an interval takes three."""
    found: list[_Column] = []
    at = 0
    rows, plain_text = sheet.table.rows, not sheet.table.head
    for i in range(len(rows[0])):
        claims = [c for row in rows if (c := single(row[i])) is not None]
        wide = any(c.low is not None for c in claims)
        kind = "number" if claims else "head" if i == 0 else "read" if plain_text else "text"
        found.append(_Column(at, wide, _WIDTH[kind]))
        at += 3 if wide else 1
    return found


def _height(row: Sequence[Cell], columns: list[_Column]) -> float:
    """Return the height of a row whose longest text is wrapped; programs differ in doing that."""
    lines = [
        1 if single(cell) else _lines(plain(cell.text), column.width)
        for cell, column in zip(row, columns, strict=True)
    ]
    return _LINE * max(lines)


def _lines(text: str, width: float) -> int:
    return max(1, ceil(len(text) * _BROAD / width))


def _top(pages: _Pages, page: Any, sheet: Sheet, columns: list[_Column]) -> int:
    """Write title and notes; return the row where the table begins."""
    bold = pages.book.add_format({"bold": True, "font_size": 14})
    wrap = pages.book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, plain(sheet.title), bold)
    last, width = 0, 0
    for column in columns:
        if width < _WIDTH["read"]:
            last, width = column.last, width + column.width * (3 if column.wide else 1)
    for i, note in enumerate(sheet.notes, start=1):
        text = plain(note)
        page.set_row(i, _LINE * _lines(text, width))
        page.merge_range(i, 0, i, last, "", wrap)
        page.write_string(i, 0, text, wrap)
    return len(sheet.notes) + 2


def _head(
    pages: _Pages, page: Any, sheet: Sheet, columns: list[_Column], book: Book, top: int
) -> None:
    style = pages.book.add_format(
        {"bold": True, "bg_color": "#d9e3ec", "text_wrap": True, "valign": "top", "border": 1}
    )
    page.set_row(top, _LINE * _HEAD_LINES)
    for column, cell in zip(columns, sheet.table.head, strict=True):
        text = plain(cell.text)
        if not column.wide:
            page.write_string(top, column.at, text, style)
            continue
        for k, end in enumerate(ENDS):
            page.write_string(top, column.at + k, book.ends[end].replace("{head}", text), style)


def _cell(pages: _Pages, page: Any, place: tuple[int, _Column], cell: Cell, name: str) -> None:
    row, column = place
    claim = single(cell)
    if claim is None:
        text = plain(cell.text)
        if text != "–" and text:
            page.write_string(row, column.at, text, _text_style(pages, cell))
        return
    if not column.wide:
        _number(pages, page, (row, column.at), claim, claim.value, claim.path, name)
        return
    ends: tuple[float | None, ...] = (claim.low, claim.value, claim.high)
    for k, (end, value) in enumerate(zip(ENDS, ends, strict=True)):
        path = claim.path.replace("{}", end)
        _number(pages, page, (row, column.at + k), claim, value, path, name)


def _number(
    pages: _Pages, page: Any, at: tuple[int, int], claim: Claim, value: float | None, path: str,
    name: str,
) -> None:  # fmt: skip
    if value is None:
        return
    if claim.units == MONTH:
        month = date(int(value) // 12, int(value) % 12 + 1, 1)
        page.write_datetime(*at, month, pages.style(MONTH))
    else:
        page.write_number(*at, value, pages.style(claim.units))
    pages.places.append((name, *at, path))


def _text_style(pages: _Pages, cell: Cell) -> Any:
    key = "head" if cell.style == "head" else "text"
    if key not in pages.formats:
        pages.formats[key] = pages.book.add_format(
            {"text_wrap": True, "valign": "top", "bold": key == "head"}
        )
    return pages.formats[key]


def _code(units: str) -> str:
    """Return the number format of some units.

    Examples
    --------
    >>> _code("officers"), _code("share of futures"), _code("month"), _code("ratio")
    ('#,##0', '0%', 'mmm yyyy', '0.####')
    """
    if units == MONTH:
        return "mmm yyyy"
    if units.startswith("share"):
        return "0%"
    if units == "percent":
        return "0.00"
    if units in ("", "ratio", "0 to 1"):
        return "0.####"
    return "#,##0"


def _layout(page: Any, sheet: Sheet, columns: list[_Column], top: int, book: Book) -> None:
    for column in columns:
        page.set_column(column.at, column.last, column.width)
    last = columns[-1].last
    if sheet.table.head:
        page.freeze_panes(top, 1)
        page.autofilter(top - 1, 0, top - 1 + len(sheet.table.rows), last)
        page.repeat_rows(top - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&L" + plain(book.running).replace("&", "&&")[:200] + "&R&P / &N")


def _paths(pages: _Pages, page: Any) -> None:
    """Write the place of every number: sheet, cell, path."""
    for i, (name, row, column, path) in enumerate(pages.places):
        page.write_string(i, 0, name)
        page.write_string(i, 1, xlsxwriter.utility.xl_rowcol_to_cell(row, column))
        page.write_string(i, 2, path)
    page.hide()
