"""Counts of events by area and month: HDX HAPI (ACLED counts), or our own columns.

HAPI's kinds overlap: attacks on civilians are a part of political violence, and demonstrations
may turn into it. Each kind is a column of its own and nothing is ever added across them.
Demonstrations are peaceful assembly and riots together, as counted; they are no violence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._dates import WANTED, month_of
from polgap.sources._plain import typed
from polgap.sources._select import of_country
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, capped, refuse
from polgap.sources.safeguards import check_cells, check_headers

KINDS = {
    "political_violence": ("events", "fatalities"),
    "civilian_targeting": ("civilian_events", "civilian_fatalities"),
    "demonstration": ("demonstrations", ""),
}
"""HAPI's kind -> our column of events and of deaths."""

OWN = ("events", "fatalities", "civilian_events", "civilian_fatalities", "demonstrations",
       "protests", "riots")  # fmt: skip
CODES = {"location_code": "iso3", "iso3": "iso3"}
_KNOWN = words(
    """location_code iso3 has_hrp in_gho provider_admin1_name provider_admin2_name admin1_code
    admin1_name admin2_code admin2_name admin_level admin1_ref admin2_ref location_ref
    location_name event_type reference_period_start reference_period_end dataset_hdx_id
    resource_hdx_id warning error area month source"""
) | {*OWN}  # fmt: skip


@dataclass(frozen=True)
class EventCounts:
    """The source `event_counts`."""

    name: str = "event_counts"
    title: str = "Counts of events by area and month (HDX HAPI from ACLED, or own)"
    licence: str = "ACLED terms of use and attribution; aggregates on HDX"
    citation: str = "ACLED, acleddata.com, through HDX HAPI"
    table: str = "event_counts"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return one row an area and month; `details["above"]` maps a district to its province.

        Raises
        ------
        DataError
            If columns are missing, kinds are unknown, rows come twice or cells are wrong.
        """
        sheet = read_sheet(path)
        strange = [h for h in sheet.headers if plain(h) not in _KNOWN]
        unknown = sheet.frame[[plain(h) for h in strange]]
        refuse(check_headers(strange, sheet.file) + check_cells(unknown, sheet.file))
        rows = sheet.frame
        if context.iso3 and sheet.column(*CODES):
            rows = of_country(sheet, CODES, country(context.iso3))
        above: dict[str, str] = {}
        if "event_type" in rows:
            cells, above = _of_hapi(sheet, rows)
            names: Mapping[str, str] = {"month": "reference_period_start"}
        else:
            cells, names = _own(sheet, rows)
        table = typed("event_counts", cells, sheet.file, names=names).table
        table = table[table["month"] <= (context.until or "9999-12")].reset_index(drop=True)
        last = str(table["month"].max()) if len(table) else ""
        return Parsed(table, (), last, {"file": sheet.file, "above": above})


def _own(sheet: Sheet, rows: pd.DataFrame) -> tuple[pd.DataFrame, Mapping[str, str]]:
    missing = [c for c in ("area", "month") if c not in rows]
    if missing or not set(OWN) & set(rows):
        wanted = f"columns area, month and one of {', '.join(OWN)}; or those of HDX HAPI"
        got = f"columns {list(sheet.headers)[:8]}"
        raise DataError([Problem(got, wanted, "missing_column", sheet.file, row=1)])
    cells = rows.assign(month=_months(sheet, rows, "month"))
    for column in set(OWN) & set(rows):
        cells[column] = rows[column].map(lambda c: number_text(c, sheet.separator))
    _require_once(sheet, cells, ["area", "month"])
    return cells, {}


def _of_hapi(sheet: Sheet, rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return one row an area and month with a column a kind, and district -> province."""
    needed = ("admin1_code", "admin2_code", "events", "fatalities", "reference_period_start")
    missing = [c for c in needed if c not in rows]
    if missing:
        got = f"columns {list(sheet.headers)[:8]}"
        raise DataError(
            [Problem(got, f"a column {c}", "missing_column", sheet.file, row=1, column=c)
             for c in missing]
        )  # fmt: skip
    deep = "admin2_code" if (rows["admin2_code"] != "").any() else "admin1_code"
    rows = rows[rows[deep] != ""]
    kind = rows["event_type"].str.casefold()
    cells = pd.DataFrame(
        {"area": rows[deep], "month": _months(sheet, rows, "reference_period_start"), "kind": kind}
    )
    _require_once(sheet, cells, ["area", "month", "kind"])
    problems = [
        sheet.problem(int(str(r)), "event_type", repr(kind[r]), f"one of {', '.join(KINDS)}",
                      "unknown_kind")
        for r in kind.index[~kind.isin(list(KINDS))]
    ]  # fmt: skip
    refuse(capped(problems, sheet.file))
    out = cells.drop_duplicates(["area", "month"])[["area", "month"]].assign(source="HDX HAPI")
    keys = pd.MultiIndex.from_frame(out[["area", "month"]])
    for name, (events, deaths) in KINDS.items():
        mine = kind == name
        index = pd.MultiIndex.from_frame(cells.loc[mine, ["area", "month"]])
        for column, target in (("events", events), ("fatalities", deaths)):
            if target:
                values = rows.loc[mine, column].map(lambda c: number_text(c, sheet.separator))
                known = pd.Series(values.to_numpy(), index=index, dtype="str")
                out[target] = known.reindex(keys, fill_value="").to_numpy()
    above = dict(zip(rows["admin2_code"], rows["admin1_code"], strict=True))
    return out, above if deep == "admin2_code" else {}


def _months(sheet: Sheet, rows: pd.DataFrame, column: str) -> pd.Series:
    month = rows[column].map(lambda t: month_of(t) or "")
    problems = [
        sheet.problem(int(str(r)), column, repr(rows[column][r]), WANTED, "wrong_type")
        for r in month.index[month == ""]
    ]
    refuse(capped(problems, sheet.file))
    return month


def _require_once(sheet: Sheet, cells: pd.DataFrame, keys: list[str]) -> None:
    again = cells.index[cells.duplicated(keys)]
    problems = [
        sheet.problem(int(str(r)), keys[0], repr(", ".join(cells.loc[r, keys])),
                      f"{' and '.join(keys)} used once", "duplicate")
        for r in again
    ]  # fmt: skip
    refuse(capped(problems, sheet.file))


SOURCE = EventCounts()
