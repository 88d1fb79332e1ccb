"""Which rows of a file are the theatre's: by country code, and by month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from polgap.domain import Note
from polgap.errors import DataError, Problem
from polgap.sources._countries import Country
from polgap.sources._sheet import Sheet

_MANY = 10


def of_country(sheet: Sheet, codes: Mapping[str, str], land: Country | None) -> pd.DataFrame:
    """Return the rows of a country, or all rows when no country is asked for.

    A file of a few countries without this one is taken for the wrong file; a file of many
    countries says by its silence that it has nothing to say about this one.

    Parameters
    ----------
    sheet : Sheet
    codes : Mapping[str, str]
        Column -> kind of code (``iso3``, ``iso2``, ``iso_n3``, ``gw``), best first.
    land : Country or None

    Raises
    ------
    DataError
        If the file has no column of codes, or is about other countries.
    """
    if land is None:
        return sheet.frame
    column = sheet.column(*codes)
    if column is None:
        wanted = f"a column with country codes ({', '.join(codes)}); names are not used"
        raise DataError([Problem("none", wanted, "no_country_code", sheet.file, row=1)])
    mask = land.mask(codes[column], sheet.frame[column])
    others = sorted(sheet.frame[column].unique())
    if len(sheet.frame) and not any(mask) and len(others) < _MANY:
        wanted = f"rows of {land.iso3} ({column} {getattr(land, codes[column])})"
        raise DataError(
            [Problem(f"only {others}", wanted, "no_rows_of_country", sheet.file, column=column)]
        )
    return sheet.frame.loc[mask]


def within(
    frame: pd.DataFrame, file: str, *, start: str, until: str
) -> tuple[pd.DataFrame, str, list[Note]]:
    """Return the rows of the stated coverage, its first month, and notes on what was left out.

    Parameters
    ----------
    frame : pd.DataFrame
        With a column `month`.
    start : str
        First month; "" = January of the first year in the frame.
    until : str
        Last month; "" = no end.
    """
    begin = start or (f"{frame['month'].min()[:4]}-01" if len(frame) else "")
    late = frame["month"] > (until or "9999-12")
    early = frame["month"] < begin
    notes = [
        Note(f"sources.{code}", {"file": file, "count": int(mask.sum()), "month": month})
        for code, mask, month in (
            ("after_origin", late, until),
            ("before_coverage", early, begin),
        )
        if mask.any()
    ]
    return frame[~late & ~early], begin, notes
