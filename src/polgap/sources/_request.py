"""What an import is asked and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from polgap.domain import Note, empty_table, month_number
from polgap.errors import DataError, Problem, StudyError
from polgap.sources._countries import countries, country
from polgap.sources.base import Context, Parsed
from polgap.sources.registry import SOURCES

_OWN_CODES = re.compile(r"AA[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|ZZ[A-Z]")


@dataclass(frozen=True)
class ImportRequest:
    """What ``polgap init`` was asked.

    Parameters
    ----------
    theatre : str
        Name of the project.
    until : str
        Last month of the sources' stated coverage, the origin.
    sources : Mapping[str, Path]
        Source name -> file.
    iso3 : str
        Country; files of many countries are filtered by its codes. Codes that ISO leaves to
        users (such as XEX) name an invented theatre.
    mission : str
        Mission as the files write it.
    columns : Mapping[str, str]
        ``--map`` of the table of events.
    area_id : str
        Column with the area key.
    capital : str
        Area of the capital, by key or name, or its town; "" = the country's capital.
    language : str
        Working language.
    seed : int
        Seed of the project (nothing is drawn at the import).
    start : str
        First month of the stated coverage of events; "" = January of the first year in the file.
    """

    theatre: str
    until: str
    sources: Mapping[str, Path]
    iso3: str = ""
    mission: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    area_id: str = ""
    capital: str = ""
    language: str = ""
    seed: int = 1
    start: str = ""

    @property
    def context(self) -> Context:
        """What each source is told."""
        return Context(
            self.iso3.upper(), self.mission, self.until, self.start, self.columns, self.area_id
        )


@dataclass(frozen=True)
class Imported:
    """The tables of a project.

    Parameters
    ----------
    tables : Mapping[str, pd.DataFrame]
        By name in ``schema.csv``; areas also carry level and geometry.
    manifest : tuple of mappings
        source (and the same as name), origin (file name), sha256 (of the file as given), rows,
        as_of, licence, citation.
    notes : tuple of Note
    capital : str
        Area key.
    basis : str
        ``given``, or ``assumed`` where something notional entered.
    """

    tables: Mapping[str, pd.DataFrame]
    manifest: tuple[Mapping[str, Any], ...]
    notes: tuple[Note, ...]
    capital: str
    basis: str


def asked(request: ImportRequest) -> list[Problem]:
    """Return what is wrong with the request itself."""
    found = []
    try:
        month_number(request.until)
    except StudyError:
        wanted = "--until YYYY-MM, the last month the sources cover"
        found.append(Problem(repr(request.until), wanted, "no_coverage", column="until"))
    code = request.iso3.upper()
    if code and code not in countries() and not _OWN_CODES.fullmatch(code):
        try:
            country(code)
        except DataError as error:
            found += error.problems
    found += [
        Problem(repr(name), f"one of {', '.join(SOURCES)}", "unknown_source", column="source")
        for name in request.sources
        if name not in SOURCES
    ]
    if request.columns and "events" not in request.sources:
        got = f"--map {', '.join(request.columns)}"
        found.append(Problem(got, "--source events=FILE as well", "unknown_map", column="map"))
    if "areas" not in request.sources:
        wanted = "--source areas=FILE (GeoJSON or GeoPackage)"
        found.append(Problem("no areas", wanted, "missing_source", column="source"))
    return found


@dataclass(frozen=True)
class Read:
    """What the sources gave, by name."""

    parsed: Mapping[str, Parsed]

    def __contains__(self, name: object) -> bool:
        return name in self.parsed

    def table(self, name: str) -> pd.DataFrame:
        """Return the table of a source, without rows where it was not given."""
        return self.parsed[name].table if name in self.parsed else empty_table(name)

    def details(self, name: str) -> Mapping[str, Any]:
        """Return what only this source knows, empty where it was not given."""
        return self.parsed[name].details if name in self.parsed else {}

    def file(self, name: str) -> str:
        """Return the name of the file of a source, for messages."""
        return str(self.details(name).get("file", name))
