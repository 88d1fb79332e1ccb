"""Tables: long pandas frames, one row one fact, checked against ``schema.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from polgap.domain.months import month_number
from polgap.errors import Problem, SchemaError, StudyError


@dataclass(frozen=True)
class Column:
    """One column of a table as ``schema.csv`` states it."""

    name: str
    kind: str
    units: str
    required: bool
    low: float | None
    high: float | None
    missing: str
    meaning: str


@cache
def schema() -> dict[str, tuple[Column, ...]]:
    """Return the columns of every table.

    Examples
    --------
    >>> [c.name for c in schema()["plan"]]
    ['pledge', 'unit_type', 'area', 'month', 'number']
    """
    found: dict[str, list[Column]] = {}
    with (files("polgap.domain") / "schema.csv").open("r", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            found.setdefault(row["table"], []).append(
                Column(
                    row["column"],
                    row["kind"],
                    row["units"],
                    row["required"] == "yes",
                    float(row["low"]) if row["low"] else None,
                    float(row["high"]) if row["high"] else None,
                    row["missing"],
                    row["meaning"],
                )
            )
    return {name: tuple(columns) for name, columns in found.items()}


def empty_table(name: str) -> pd.DataFrame:
    """Return a table of the schema without rows, text columns as text.

    Examples
    --------
    >>> len(empty_table("pledges")), "chance" in empty_table("pledges")
    (0, True)
    """
    return pd.DataFrame(
        {c.name: pd.Series(dtype=float if c.kind == "number" else "str") for c in schema()[name]}
    )


def check_table(
    name: str, frame: pd.DataFrame, *, file: str | None = None, sheet: str | None = None
) -> pd.DataFrame:
    """Return `frame` with the columns of the schema, in order, typed and checked.

    Unknown columns are dropped; a missing optional column is filled ("" or NaN). Text cells are
    stripped. The caller hands text or numbers; numbers in text are read with a dot or, when there
    is no dot, a comma as decimal mark.

    Raises
    ------
    SchemaError
        With every problem found: file, row (the header is row 1), column, got, wanted.

    Examples
    --------
    >>> t = pd.DataFrame({"pledge": ["p"], "unit_type": ["FPU"], "area": ["a"],
    ...                   "month": ["2021-01"], "number": ["2"]})
    >>> check_table("plan", t)["number"].tolist()
    [2.0]
    """
    problems: list[Problem] = []
    out: dict[str, pd.Series] = {}
    for column in schema()[name]:
        if column.name not in frame.columns:
            if column.required:
                got = f"columns {sorted(map(str, frame.columns))}"
                problems.append(
                    Problem(got, f"a column {column.name}", "missing_column", file, sheet, 1,
                            column.name)
                )  # fmt: skip
            blank = np.nan if column.kind == "number" else ""
            dtype = float if column.kind == "number" else "str"
            out[column.name] = pd.Series([blank] * len(frame), index=frame.index, dtype=dtype)
            continue
        text = frame[column.name].map(lambda v: "" if _is_blank(v) else str(v).strip())
        reader = {"number": _numbers, "month": _months}.get(column.kind, _texts)
        values, found = reader(text, column)
        problems += [
            Problem(got, wanted, code, file, sheet, row + 2, column.name)
            for row, got, wanted, code in found
        ]
        out[column.name] = values
    if problems:
        raise SchemaError(problems)
    return pd.DataFrame(out).reset_index(drop=True)


_Found = list[tuple[int, str, str, str]]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, float) and bool(np.isnan(value))) or value is pd.NA


def _required(text: pd.Series, column: Column) -> _Found:
    if not column.required:
        return []
    wanted = f"a value ({column.meaning or column.kind})"
    return [(i, "an empty cell", wanted, "empty") for i, v in enumerate(text) if v == ""]


def _texts(text: pd.Series, column: Column) -> tuple[pd.Series, _Found]:
    return text.astype("str"), _required(text, column)


def _numbers(text: pd.Series, column: Column) -> tuple[pd.Series, _Found]:
    problems = _required(text, column)
    values = np.full(len(text), np.nan)
    span = _span(column)
    for i, cell in enumerate(text):
        if cell == "":
            continue
        plain = cell.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
        plain = plain if "." in plain else plain.replace(",", ".")
        try:
            value = float(plain)
        except ValueError:
            problems.append((i, repr(cell), f"a number{span}", "wrong_type"))
            continue
        low = column.low is not None and value < column.low
        high = column.high is not None and value > column.high
        if low or high or not np.isfinite(value):
            problems.append((i, cell, f"a number{span}", "out_of_range"))
            continue
        values[i] = value
    return pd.Series(values, index=text.index), problems


def _span(column: Column) -> str:
    if column.low is not None and column.high is not None:
        return f" from {column.low:g} to {column.high:g}"
    return f" >= {column.low:g}" if column.low is not None else ""


def _months(text: pd.Series, column: Column) -> tuple[pd.Series, _Found]:
    problems = _required(text, column)
    values = []
    for i, cell in enumerate(text):
        month = cell[:7]
        try:
            if month:
                month_number(month)
        except StudyError:
            problems.append((i, repr(cell), "a month YYYY-MM", "wrong_type"))
            month = ""
        values.append(month)
    return pd.Series(values, index=text.index, dtype="str"), problems
