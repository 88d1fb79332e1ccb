"""UCDP GED: events of organised violence, yearly, candidate and HDX country files.

All three share one list of columns, in several layouts: 49 columns as published, 46 without the
three long source texts, older ones with ``best_est`` names, HDX files with a second line of tags
and an `iso3`. Dates come as ``YYYY-MM-DD`` with or without a time. The month of an event is that
of `date_end` (contracts.md 1.2). Actors, dyads and source texts are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.domain import KINDS, Note
from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._dates import WANTED, month_of
from polgap.sources._plain import typed
from polgap.sources._select import of_country, within
from polgap.sources._sheet import Sheet, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

NAMES = {
    "event": ("id", "event_id"),
    "kind": ("type_of_violence", "type_of_vio", "type_of_vi"),
    "where_prec": ("where_prec", "where_prec_"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "lon"),
    "end": ("date_end", "date"),
    "deaths": ("best", "best_est"),
}
"""Our name -> the names the layouts have for it, newest first."""

CODES = {"iso3": "iso3", "country_id": "gw", "gwno": "gw", "iso_n3": "iso_n3"}
"""Column -> kind of country code, the one looked at first in front."""

KNOWN = words(
    """id relid year active_year active_yea code_status code_statu type_of_violence type_of_vio
    type_of_vi conflict_id conflict_dset_id conflict_new_id conflict_name dyad_id dyad_dset_id
    dyad_new_id dyad_name side_a_id side_a_dset_id side_a_new_id side_a side_b_id side_b_dset_id
    side_b_new_id side_b number_of_sources source_article source_office source_date
    source_headline source_original where_prec where_prec_ where_coordinates where_description
    adm_1 adm_2 latitude longitude lat lon geom geom_wkt priogrid_gid country country_id iso3
    iso_n3 gwno region event_clarity date_prec date_start date_end date deaths_a deaths_b
    deaths_civilians deaths_unknown best best_est high high_est low low_est gwnoa gwnob
    civilian_deaths combatant_deaths"""
)
"""Columns of the layout; what is not among them is looked at by the safeguards."""

_READ = frozenset(n for names in NAMES.values() for n in names) | frozenset(CODES)


@dataclass(frozen=True)
class UcdpGed:
    """The source `ucdp_ged`."""

    name: str = "ucdp_ged"
    title: str = "UCDP Georeferenced Event Dataset (yearly or candidate)"
    licence: str = "CC BY 4.0 (as named on the download page); free use with citation"
    citation: str = "Sundberg and Melander 2013, JPR 50(4); Davies et al. for the version"
    table: str = "events"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the events of one country until the origin, with what was left out.

        Raises
        ------
        DataError
            If columns or country codes are missing, the file does not cover the country, or
            cells are wrong: all of them at once.
        """
        sheet = read_sheet(path, keep=lambda c: c in _READ or c not in KNOWN)
        strange = [h for h in sheet.headers if plain(h) not in KNOWN]
        unknown = sheet.frame[[c for c in sheet.frame.columns if c not in KNOWN]]
        refuse(check_headers(strange, sheet.file) + check_cells(unknown, sheet.file))
        columns = _columns(sheet)
        land = country(context.iso3) if context.iso3 else None
        frame, problems = _events(sheet, of_country(sheet, CODES, land), columns)
        names = {**columns, "month": columns["end"]}
        table = typed("events", frame, sheet.file, before=problems, names=names).table
        first = _first_year(sheet.frame[columns["end"]])
        start = context.start or max(first, land.since if land else "")
        kept, start, notes = within(table, sheet.file, start=start, until=context.until)
        if table.empty and land:
            notes.append(Note("sources.no_events", {"file": sheet.file, "country": land.iso3}))
        details = {"file": sheet.file, "from": start, "kinds": KINDS}
        return Parsed(kept, tuple(notes), context.until, details)


def _columns(sheet: Sheet) -> dict[str, str]:
    found = {name: sheet.column(*names) for name, names in NAMES.items()}
    missing = [n for n, c in found.items() if c is None and n != "where_prec"]
    if missing:
        raise DataError(
            [
                Problem(f"columns {list(sheet.headers)[:8]} ...", f"a column {NAMES[n][0]}",
                        "missing_column", sheet.file, row=1, column=NAMES[n][0])
                for n in missing
            ]
        )  # fmt: skip
    return {n: c for n, c in found.items() if c is not None}


def _first_year(dates: pd.Series) -> str:
    """Return January of the first year in the whole file: silence on a country is coverage too."""
    first = min((m for m in map(month_of, dates.unique()) if m), default="")
    return f"{first[:4]}-01" if first else ""


def _events(
    sheet: Sheet, mine: pd.DataFrame, columns: dict[str, str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return events in our columns, and what cannot be read or stands twice."""
    read = {name: mine[column] for name, column in columns.items()}
    month = read["end"].map(lambda text: month_of(text) or "")
    kind = read["kind"].map(lambda text: dict(zip("123", KINDS, strict=True)).get(text[:1], ""))
    kind = kind.where(read["kind"].str.fullmatch(r"[123](\.0*)?"), "")
    problems = [
        sheet.problem(int(str(row)), columns[name], repr(read[name][row]), wanted, "wrong_type")
        for name, values, wanted in (
            ("end", month, WANTED),
            ("kind", kind, "1, 2 or 3 (type of violence)"),
        )
        for row in values.index[values == ""]
    ]
    twice = read["event"][read["event"].duplicated()]
    problems += [
        sheet.problem(int(str(row)), columns["event"], repr(event), "an id used once", "duplicate")
        for row, event in twice.items()
    ]
    frame = pd.DataFrame(
        {
            "event": read["event"],
            "month": month,
            "lon": read["lon"],
            "lat": read["lat"],
            "kind": kind,
            "deaths": read["deaths"],
            "where_prec": read.get("where_prec", pd.Series("", index=mine.index, dtype="str")),
        }
    )
    return frame, problems


SOURCE = UcdpGed()
