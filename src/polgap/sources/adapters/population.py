"""Population: figures by area, or a country total that the importer spreads.

Layouts: our own columns (area, population; area ``*`` = the whole theatre), OCHA COD-PS (global:
``ADM1_PCODE``, ``Population``; of a country: ``ADM1_PCODE``, ``T_TL``), HDX HAPI (``admin1_code``,
``population``), and country totals by year (``iso3``, ``year``, ``population``). Of several years
the one nearest to the origin, but not after it, is taken. Breakdowns by sex, age and group are
left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._dates import month_of
from polgap.sources._plain import typed
from polgap.sources._select import of_country
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

CODES = {"iso3": "iso3", "location_code": "iso3", "iso2": "iso2", "iso_n3": "iso_n3"}
YEARS = ("year", "reference_year", "reference_period_start", "as_of")
_WHOLE = {"gender": ("all", ""), "age_range": ("all", ""), "population_group": ("T_TL", "all", "")}
_LEVELS = range(4, 0, -1)
_TONGUES = ("en", "fr", "es", "pt", "ar", "ht")
_KNOWN = words(
    """area name parent population population_basis basis year iso3 country country_name iso2
    iso_n3 location_code has_hrp in_gho provider_admin1_name provider_admin2_name admin_level
    gender age_range age_min age_max min_age max_age population_group reference_year
    reference_period_start reference_period_end source contributor dataset_hdx_id
    resource_hdx_id warning error as_of"""
) | {f"{a}{n}_{b}" for a in ("adm", "admin") for n in range(5) for b in ("pcode", "name", "code")}


@dataclass(frozen=True)
class Population:
    """The source `population`."""

    name: str = "population"
    title: str = "Population by area (COD-PS, HDX HAPI, own) or country total (World Bank)"
    licence: str = "World Bank CC BY 4.0; OCHA COD-PS CC BY-IGO"
    citation: str = "World Development Indicators SP.POP.TOTL; OCHA COD-PS"
    table: str = "population"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return area, name, parent and population; the total of a country has area ``*``.

        Raises
        ------
        DataError
            If there is no population column, no figure up to the origin, or cells are wrong.
        """
        sheet = read_sheet(path)
        strange = [h for h in sheet.headers if plain(h) not in _KNOWN and not _is_cod(plain(h))]
        unknown = sheet.frame[[plain(h) for h in strange]]
        refuse(check_headers(strange, sheet.file, places=True) + check_cells(unknown, sheet.file))
        if "t_tl" in sheet.frame and "population" not in sheet.frame:
            sheet = replace(sheet, frame=sheet.frame.rename(columns={"t_tl": "population"}))
        if "population" not in sheet.frame:
            raise DataError(
                [Problem(f"columns {list(sheet.headers)[:8]}", "a column population",
                         "missing_column", sheet.file, row=1, column="population")]
            )  # fmt: skip
        rows = sheet.frame
        if context.iso3 and sheet.column(*CODES):
            rows = of_country(sheet, CODES, country(context.iso3))
        rows, as_of = _year(sheet, _whole(rows), context)
        rows, keys = _areas(rows)
        frame = pd.DataFrame(
            {
                **keys,
                "population": rows["population"].map(lambda c: number_text(c, sheet.separator)),
                "as_of": as_of,
                "basis": rows.get("population_basis", rows.get("basis", "given")),
            }
        )
        frame["basis"] = frame["basis"].replace("", "given")
        filed = typed("population", frame, sheet.file)
        details = {"file": sheet.file, "rows": filed.rows}
        return Parsed(filed.table, (), as_of, details)


def _is_cod(column: str) -> bool:
    """Return whether a column is of a country's COD-PS file, such as ``F_05_09``, ``ADM1_FR``."""
    return bool(re.fullmatch(rf"[tfm]_(tl|\d\d(_\d\d|plus)?)|adm\d_({'|'.join(_TONGUES)})", column))


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count everybody: no breakdown by sex, age or group."""
    for column, everybody in _WHOLE.items():
        if column in rows:
            rows = rows[rows[column].isin(everybody)]
    return rows


def _year(sheet: Sheet, rows: pd.DataFrame, context: Context) -> tuple[pd.DataFrame, str]:
    """Return the rows of the year nearest to the origin but not after it, and that year.

    Raises
    ------
    DataError
        If all figures are later than the origin.
    """
    column = sheet.column(*YEARS)
    if column is None or not len(rows):
        return rows, ""
    year = rows[column].map(lambda t: t[:4] if t[:4].isdigit() else (month_of(t) or "")[:4])
    past = year <= (context.until[:4] or "9999")
    if not (past & (year != "")).any():
        wanted = f"a year up to {context.until[:4]}"
        got = f"years {year.min()} to {year.max()}"
        raise DataError([Problem(got, wanted, "no_population", sheet.file, column=column)])
    last = str(year[past].max())
    return rows[year == last], last


def _areas(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Series | str]]:
    """Return the rows of the deepest level that is filled, and their key, name and parent."""
    if "area" in rows:
        return rows, {n: rows[n] for n in ("area", "name", "parent") if n in rows}
    for level in _LEVELS:
        for code, name in (("adm{}_pcode", "adm{}_name"), ("admin{}_code", "admin{}_name")):
            column, called = code.format(level), name.format(level)
            if column in rows and (rows[column] != "").any():
                deep = rows[rows[column] != ""]
                above = code.format(level - 1)
                parent = deep.get(above, "")
                own = [f"adm{level}_{tongue}" for tongue in _TONGUES]
                titled = next((c for c in (called, *own) if c in deep), column)
                return deep, {"area": deep[column], "name": deep[titled], "parent": parent}
    return rows, {"area": pd.Series("*", index=rows.index, dtype="str")}


SOURCE = Population()
