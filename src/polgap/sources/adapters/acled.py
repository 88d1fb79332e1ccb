"""ACLED event export, downloaded by a signed-in user: incidents with place and day.

What it adds to UCDP is what UCDP does not count: peaceful assembly (`protest`) and riots. Actors,
notes and sources are never read. Kinds of violence are read from the kind of event and the codes
of the sides (1 = State forces): with UCDP in the project only assembly and riots are kept.
Excessive force against an assembly stays an assembly: who died there is not counted as its doing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.domain import Note
from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._dates import month_of
from polgap.sources._plain import typed
from polgap.sources._select import of_country, within
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

NEEDED = ("event_id_cnty", "event_date", "event_type", "latitude", "longitude", "fatalities")
CODES = {"iso3": "iso3", "iso": "iso_n3"}
KNOWN = words(
    """event_id_cnty event_id_no_cnty event_date year time_precision disorder_type event_type
    sub_event_type actor1 assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 interaction
    civilian_targeting iso iso3 region country admin1 admin2 admin3 location latitude longitude
    geo_precision source source_scale notes fatalities tags timestamp data_id
    population_1km population_2km population_5km population_best"""
)
_READ = words("inter1 inter2 geo_precision iso iso3") | {*NEEDED}
_STATE = ("1", "state forces")
_FIXED = {
    "protests": "protest",
    "riots": "riot",
    "violence against civilians": "one_sided",
    "strategic developments": "other",
}
_TWO_SIDED = ("battles", "explosions/remote violence")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_PRECISION = {"1": "1", "2": "3", "3": "5"}
"""ACLED: 1 = the place itself, 2 = near it or its district, 3 = the province at best."""


@dataclass(frozen=True)
class Acled:
    """The source `acled`."""

    name: str = "acled"
    title: str = "ACLED event export (CSV of a signed-in user)"
    licence: str = "ACLED terms of use and attribution; no redistribution"
    citation: str = "Raleigh, Kishi and Linke 2023, Humanities and Social Sciences Communications"
    table: str = "events"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the incidents of the country until the origin.

        Raises
        ------
        DataError
            If columns are missing, the file is about other countries or cells are wrong.
        """
        sheet = read_sheet(path, keep=lambda c: c in _READ or c not in KNOWN)
        strange = [h for h in sheet.headers if plain(h) not in KNOWN]
        unknown = sheet.frame[[plain(h) for h in strange]]
        refuse(check_headers(strange, sheet.file) + check_cells(unknown, sheet.file))
        missing = [c for c in NEEDED if c not in sheet.frame]
        if missing:
            got = f"columns {list(sheet.headers)[:8]}"
            raise DataError(
                [Problem(got, f"a column {c} (an event-level export)", "missing_column",
                         sheet.file, row=1, column=c) for c in missing]
            )  # fmt: skip
        rows = sheet.frame
        if context.iso3 and sheet.column(*CODES):
            rows = of_country(sheet, CODES, country(context.iso3))
        frame, problems = _events(sheet, rows)
        names = {"event": "event_id_cnty", "month": "event_date", "lat": "latitude",
                 "lon": "longitude", "deaths": "fatalities", "kind": "event_type"}  # fmt: skip
        table = typed("events", frame, sheet.file, before=problems, names=names).table
        kept, start, notes = within(table, sheet.file, start=context.start, until=context.until)
        if table.empty and context.iso3:
            notes.append(Note("sources.no_events", {"file": sheet.file, "country": context.iso3}))
        kinds = tuple(sorted(set(table["kind"])))
        return Parsed(kept, tuple(notes), context.until,
                      {"file": sheet.file, "from": start, "kinds": kinds})  # fmt: skip


def _events(sheet: Sheet, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Return events in our columns, and what cannot be read or stands twice."""
    month = rows["event_date"].map(_month)
    kind = _kinds(rows)
    known = [*_FIXED, *_TWO_SIDED]
    problems = [
        sheet.problem(int(str(r)), column, repr(rows[column][r]), wanted, "wrong_type")
        for column, values, wanted in (
            ("event_date", month, "a date such as 2024-03-05 or 05 March 2024"),
            ("event_type", kind, f"one of {', '.join(known)}"),
        )
        for r in values.index[values == ""]
    ]
    twice = rows["event_id_cnty"][rows["event_id_cnty"].duplicated()]
    problems += [
        sheet.problem(int(str(r)), "event_id_cnty", repr(v), "an id used once", "duplicate")
        for r, v in twice.items()
    ]
    vague = rows.get("geo_precision", pd.Series("", index=rows.index, dtype="str"))
    frame = pd.DataFrame(
        {
            "event": rows["event_id_cnty"],
            "month": month,
            "lon": rows["longitude"].map(lambda c: number_text(c, sheet.separator)),
            "lat": rows["latitude"].map(lambda c: number_text(c, sheet.separator)),
            "kind": kind,
            "deaths": rows["fatalities"].map(lambda c: number_text(c, sheet.separator)),
            "where_prec": vague.map(lambda c: _PRECISION.get(c, c)),
        }
    )
    return frame, problems


def _month(text: str) -> str:
    """Return the month of a date: as numbers, or as ``05 March 2024``."""
    found = month_of(text)
    if found:
        return found
    parts = text.split()
    if len(parts) == 3 and parts[1].casefold() in _MONTHS:
        number = _MONTHS.index(parts[1].casefold()) + 1
        return month_of(f"{parts[2]}-{number:02d}-{parts[0]}") or ""
    return ""


def _kinds(rows: pd.DataFrame) -> pd.Series:
    """Return our kind of each event, "" where the kind of event is unknown."""
    type_ = rows["event_type"].str.casefold().str.strip()
    state = pd.Series(False, index=rows.index)
    for side in ("inter1", "inter2"):
        if side in rows:
            state |= rows[side].str.casefold().isin(_STATE)
    kind = type_.map(lambda t: _FIXED.get(t, ""))
    two = type_.isin(_TWO_SIDED)
    return kind.where(~two, state.map({True: "state_based", False: "non_state"}))


SOURCE = Acled()
