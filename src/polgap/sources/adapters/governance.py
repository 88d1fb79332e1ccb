"""Governance of a country by year: WGI, V-Dem, homicide, or our own columns.

Layouts: our own (iso3, year, indicator, value, low, high, source; what ``polgap fetch`` writes),
Worldwide Governance Indicators one row an indicator (`code`, `estimate`, `std_err` or `stddev`),
V-Dem country-year (`country_text_id` and its series with ``_codelow`` and ``_codehigh``), V-Dem as
in the VIEWS features (`isoab`, ``vdem_v2x_..``), and homicide rates (`homicide_rate_per_100k`).

A trap of the WGI files: `lower` and `upper` are bounds of the percentile rank, not of the
estimate; the points 10 and 90 % are made from the standard error. V-Dem's bounds hold 68 %; they
are stretched to the same points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._countries import Country, country
from polgap.sources._governance import VDEM, VDEM_SHARES, WGI, WGI_WORDS, WORLD_BANK_CODES, Z90
from polgap.sources._plain import typed
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, capped, refuse
from polgap.sources.safeguards import check_cells, check_headers

CODES = ("iso3", "country_text_id", "isoab", "code", "countrycode", "country_code")
ERRORS = ("std_err", "stddev", "se", "standard_error", "stderr")
RATES = {"homicide_rate_per_100k": ("homicide_rate", "UNODC")}
_KNOWN = words(
    """year indicator value low high source estimate lower upper num_src nsource rank pctrank
    pctranklower pctrankupper country countryname country_name entity name country_id
    gleditsch_ward gwcode histname project historical historical_date codingstart codingend
    codingstart_contemp codingend_contemp codingstart_hist codingend_hist cowcode gapstart1
    gapstart2 gapstart3 gapend1 gapend2 gapend3 gap_index gapend gapstart"""
) | {*CODES, *ERRORS, *RATES}
_SERIES = re.compile(r"(vdem_)?v[23][a-z]|e_[a-z]|wdi_[a-z]")
"""Columns of V-Dem and of the features of VIEWS: of a country and year, never of a person."""


@dataclass(frozen=True)
class Governance:
    """The source `governance`."""

    name: str = "governance"
    title: str = "Governance by country and year (WGI, V-Dem, homicide rate)"
    licence: str = "WGI and World Bank CC BY 4.0; V-Dem CC BY-SA 4.0"
    citation: str = "Kaufmann and Kraay, WGI; Coppedge et al., V-Dem; UNODC"
    table: str = "governance"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return iso3, year, indicator, value, low (10 %), high (90 %) and source.

        Years after the origin are left out; a file without the country gives no rows.

        Raises
        ------
        DataError
            If no layout fits or cells are wrong, all of them at once.
        """
        sheet = read_sheet(path, keep=_is_read)
        strange = [h for h in sheet.headers if not _is_layout(plain(h))]
        unknown = sheet.frame[[plain(h) for h in strange if plain(h) in sheet.frame]]
        refuse(check_headers(strange, sheet.file) + check_cells(unknown, sheet.file))
        code = sheet.column(*CODES)
        if code is None or "year" not in sheet.frame:
            raise _no_layout(sheet)
        land = country(context.iso3) if context.iso3 else None
        rows = _mine(sheet.frame, code, land)
        long, names = _long(sheet, rows, code)
        long = long[long["value"] != ""]
        table = _numbers(long, sheet, names)
        table = table[table["year"] <= float(context.until[:4] or 9999)].reset_index(drop=True)
        as_of = f"{table['year'].max():.0f}" if len(table) else ""
        return Parsed(table, (), as_of, {"file": sheet.file})


def _is_layout(column: str) -> bool:
    return column in _KNOWN or bool(_SERIES.match(column))


def _is_read(column: str) -> bool:
    bare = re.sub(r"_code(low|high)$", "", column.removeprefix("vdem_"))
    return bare in VDEM or not _SERIES.match(column)


def _mine(frame: pd.DataFrame, code: str, land: Country | None) -> pd.DataFrame:
    """Return the rows of the country under ISO3, written in column `iso3`."""
    codes = frame[code].str.upper().map(lambda c: WORLD_BANK_CODES.get(c, c))
    rows = frame.assign(iso3=codes)
    return rows if land is None else rows[codes == land.iso3]


def _long(sheet: Sheet, rows: pd.DataFrame, code: str) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Return one row a value, all cells as text, and our name -> column of the file."""
    if {"indicator", "value"} <= set(rows):
        return rows.assign(error=""), {}
    error = sheet.column(*ERRORS)
    if {"indicator", "estimate"} <= set(rows) and error:
        said = rows["indicator"].map(lambda t: re.sub(r"[^a-z]", "", t.casefold()))
        known = said.map(_wgi)
        kept = rows[["iso3", "year"]].assign(
            indicator=known, value=rows["estimate"], error=rows[error], source="WGI"
        )
        names = {"value": "estimate", "error": error}
        return kept[known != ""], names
    frames = []
    for column in rows:
        bare = str(column).removeprefix("vdem_")
        label, origin = RATES.get(str(column), (f"vdem_{bare}", "V-Dem"))
        if bare not in VDEM and column not in RATES:
            continue
        part = rows[["iso3", "year"]].assign(indicator=label, value=rows[column], source=origin)
        for end in ("low", "high"):
            part[end] = rows.get(f"{column}_code{end}", "")
        frames.append(part.assign(error="", stretched="yes"))
    if not frames:
        raise _no_layout(sheet)
    return pd.concat(frames), {"value": "series", "iso3": code}


def _wgi(text: str) -> str:
    """Return our name of an indicator as a WGI file writes it (letters only), "" = another."""
    return WGI.get(WGI_WORDS.get(text, text), "")


def _numbers(long: pd.DataFrame, sheet: Sheet, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the typed table with its 10 and 90 % points."""
    cells = long.copy()
    for column in ("year", "value", "low", "high", "error"):
        text = cells.get(column, pd.Series("", index=cells.index, dtype="str"))
        cells[column] = text.map(lambda c: number_text(c, sheet.separator))
    error, problems = _errors(cells, sheet, names)
    table = typed(
        "governance", cells.drop(columns="error"), sheet.file, before=problems, names=names
    ).table
    value = table["value"]
    if error.notna().any():
        table["low"] = (value - Z90 * error.to_numpy()).where(
            error.notna().to_numpy(), table["low"]
        )
        table["high"] = (value + Z90 * error.to_numpy()).where(
            error.notna().to_numpy(), table["high"]
        )
    if "stretched" in long:
        table["low"] = value - Z90 * (value - table["low"])
        table["high"] = value + Z90 * (table["high"] - value)
        share = table["indicator"].str.removeprefix("vdem_").isin(VDEM_SHARES)
        for end in ("low", "high"):
            table[end] = table[end].where(~share, table[end].clip(0.0, 1.0))
    return table


def _errors(
    cells: pd.DataFrame, sheet: Sheet, names: Mapping[str, str]
) -> tuple[pd.Series, list[Problem]]:
    """Return the standard errors as numbers, NaN where there are none."""
    error = pd.to_numeric(cells["error"], errors="coerce")
    bad = (cells["error"] != "") & (error.isna() | (error < 0))
    problems = [
        sheet.problem(int(str(r)), names.get("error", "error"), repr(cells["error"][r]),
                      "a number >= 0", "wrong_type")
        for r in cells.index[bad]
    ]  # fmt: skip
    return error, capped(problems, sheet.file)


def _no_layout(sheet: Sheet) -> DataError:
    wanted = (
        "columns iso3, year, indicator, value; or those of WGI (code, year, indicator, estimate, "
        "std_err) or V-Dem (country_text_id, year, v2x_rule, ...)"
    )
    got = f"columns {list(sheet.headers)[:8]}"
    return DataError([Problem(got, wanted, "missing_column", sheet.file, row=1)])


SOURCE = Governance()
