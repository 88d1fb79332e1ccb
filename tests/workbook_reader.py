"""Read a workbook back, and look up where it says that each of its numbers stands."""

import io
import re
import zipfile
from datetime import date, datetime
from functools import cache

from python_calamine import CalamineWorkbook

from polgap import catalogue
from polgap.domain import month_label


def sheets(content):
    """Return every sheet by name as rows of cells, the first row and column included."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names}  # fmt: skip


def texts(content):
    """Return every text of a workbook, those outside cells too."""
    found = [c for rows in sheets(content).values() for row in rows for c in row]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        rest = [parts.read(n).decode("utf-8") for n in parts.namelist() if "worksheets/" in n]
    return "\n".join([*(c for c in found if isinstance(c, str)), *rest])


def numbers(content):
    """Return every number or date of the visible sheets by (sheet, cell)."""
    found = {}
    *visible, _ = sheets(content).items()
    for name, rows in visible:
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if isinstance(value, (int, float, date, datetime)):
                    found[name, f"{_letters(j)}{i + 1}"] = value
    return found


def places(content):
    """Return the path of every number by (sheet, cell), as the hidden last sheet says."""
    *_, rows = sheets(content).values()
    return {(sheet, cell): path for sheet, cell, path in rows}


def at(path, result, details):
    """Return what stands at a path: a product or a sum of places in result, details, catalogue."""
    if " + " in path:
        return sum(at(p, result, details) for p in path.split(" + "))
    if " * " in path:
        one, other = path.split(" * ")
        return at(one, result, details) * at(other, result, details)
    first, *rest = re.findall(r"\[[^\]]*\]|[^.\[\]]+", path)
    if first == "catalogue":
        table, key, column = rest
        return _catalogue(table)[key.strip("[]")][column]
    here = details if first == "details" else result[first]
    for step in rest:
        here = here[int(step[1:-1])] if step.startswith("[") else here[step]
    return here


def numbers_at(path, result, details):
    """Return what stands at a path as a cell holds it: a month as its first day."""
    found = at(path, result, details)
    return date(int(found[:4]), int(found[5:7]), 1) if isinstance(found, str) else found


@cache
def _catalogue(name):
    rows = catalogue.table(name)
    return rows.set_index(rows.columns[0]).to_dict("index")


def same(value, wanted):
    """Return whether a cell equals what stands at its path: months as dates, numbers exactly."""
    if isinstance(value, (date, datetime)):
        return month_label(value.year * 12 + value.month - 1) == wanted[:7]
    return value == wanted or abs(value - wanted) <= 1e-12 * abs(wanted)


def _letters(column):
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
