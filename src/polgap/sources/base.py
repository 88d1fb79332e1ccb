"""What every source offers, what it is told about the theatre, and what it gives back.

A source is one file format of one origin. Its `parse` reads one file and gives one canonical
table of ``schema.csv``; it joins nothing, draws nothing and knows no other source. Joining
(towns to areas, population to areas) is the importer's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from polgap.domain import Note
from polgap.errors import DataError, Problem, SafeguardError, SchemaError

MOST_PROBLEMS = 500
"""Problems reported of one file; what goes beyond is counted in a last one."""


@dataclass(frozen=True)
class Context:
    """What a source is told about the theatre it is read for.

    Parameters
    ----------
    iso3 : str
        Country; files of many countries are filtered by its codes, never by name. "" = no filter.
    mission : str
        Mission as the files write it.
    until : str
        Origin, ``YYYY-MM``: what a file says about later months is left out.
    start : str
        First month of the stated coverage; "" = January of the first year in the file.
    columns : Mapping[str, str]
        What the planner said with ``--map``: our name -> column of the file, ``kind.VALUE`` ->
        kind.
    area_id : str
        Column that holds the area key, where the file has no p-code.
    """

    iso3: str = ""
    mission: str = ""
    until: str = ""
    start: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    area_id: str = ""


@dataclass(frozen=True)
class Parsed:
    """A file as read: the canonical table and what is worth saying about it.

    Parameters
    ----------
    table : pd.DataFrame
        Columns of the schema that the file can fill (areas also carry `geometry`).
    notes : tuple of Note
    as_of : str
        Last month or year the file speaks for ("" = not stated).
    details : Mapping[str, Any]
        What only this kind of source knows, such as the kinds of event it covers.
    """

    table: pd.DataFrame
    notes: tuple[Note, ...] = ()
    as_of: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """One source: who made it, under which licence, and how a file of it is read."""

    @property
    def name(self) -> str:
        """Name on the command line (contracts.md 1.0)."""

    @property
    def title(self) -> str:
        """What it is, for people."""

    @property
    def licence(self) -> str:
        """Licence as far as stated."""

    @property
    def citation(self) -> str:
        """How to cite it."""

    @property
    def table(self) -> str:
        """Table of ``schema.csv`` that it fills."""

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the table in a file; raise a `DataError` with every problem found."""


def refuse(problems: list[Problem]) -> None:
    """Raise all problems in one error; do nothing when there are none.

    The error is a `SafeguardError` as soon as one of them refuses content.

    Raises
    ------
    SafeguardError, SchemaError
        When there are problems.
    """
    if not problems:
        return
    if any(p.code.startswith("safeguard") for p in problems):
        raise SafeguardError(problems)
    raise SchemaError(problems)


def capped(problems: list[Problem], file: str) -> list[Problem]:
    """Return at most `MOST_PROBLEMS` problems and, if there are more, how many."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    more = len(problems) - MOST_PROBLEMS
    last = Problem(f"{more} more problems", "none", "more_problems", file)
    return [*problems[:MOST_PROBLEMS], last]


def problems_of(error: DataError, file: str) -> list[Problem]:
    """Return the problems of an error, or the error itself as one."""
    return error.problems or [Problem(str(error), "readable input", "input", file)]
