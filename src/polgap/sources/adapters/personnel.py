"""Deployed mission police by month: IPI, UN data hub, or the planner's own table.

Four layouts: one row per mission and month (police only), one row per contributor, mission and
month (individual officers and formed units apart, summed here over contributors), the same one
row a personnel type and by sex (UN Peace and Security Data Hub), and the columns of the schema.
An empty police cell is not a zero; such rows are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from polgap.errors import DataError, Problem
from polgap.sources._dates import WANTED, month_of
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet, words
from polgap.sources.base import Context, Parsed, capped, refuse
from polgap.sources.safeguards import check_cells, check_headers

FORMED, INDIVIDUAL = "formed_police_units_total", "individual_police_total"
KNOWN = words(
    """date month mission police formed individual troops observers total contributor
    contributor_iso_3 country_of_mission country_of_mission_iso_3 mission_hq mission_hq_lat
    mission_hq_lon mission_continent mission_region number_of_contributors contribution_id
    contributing_country isocode3 m49_code personnel_type last_reporting_date female_personnel
    male_personnel"""
)
_HUB = {
    "formed_police_units": FORMED, "formed_police_unit": FORMED, "fpu": FORMED,
    "individual_police": INDIVIDUAL, "un_police": INDIVIDUAL, "police": INDIVIDUAL,
    "troops": "", "staff_officer": "", "staff_officers": "", "experts_on_mission": "",
    "contingent_troops": "",
}  # fmt: skip
"""Type of personnel of the UN data hub -> our column, "" = no police."""
_READ = words(
    """date month mission police formed individual contributor country_of_mission_iso_3 iso3
    mission_hq_lon mission_hq_lat mission_acronym personnel_type female_personnel male_personnel
    last_reporting_date"""
) | {FORMED, INDIVIDUAL}


@dataclass(frozen=True)
class Personnel:
    """The source `personnel`."""

    name: str = "personnel"
    title: str = "Police by mission and month (IPI Providing for Peacekeeping, UN data hub, own)"
    licence: str = "UN public reports; IPI asks for citation"
    citation: str = "Perry and Smith 2013, IPI Providing for Peacekeeping"
    table: str = "personnel"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the police strength of the mission by month until the origin.

        `details` holds the place of the headquarters where the file has it (lon, lat).

        Raises
        ------
        DataError
            If columns are missing, the mission is not in the file or cells are wrong.
        """
        sheet = read_sheet(path, keep=lambda c: c in _READ or not _is_known(c))
        strange = [h for h in sheet.headers if not _is_known(plain(h))]
        unknown = sheet.frame[[plain(h) for h in strange]]
        refuse(check_headers(strange, sheet.file) + check_cells(unknown, sheet.file))
        if "mission_acronym" in sheet.frame:
            sheet = _of_hub(sheet)
        dates = sheet.column("date", "month")
        split = {FORMED, INDIVIDUAL} <= set(sheet.frame.columns)
        if dates is None or "mission" not in sheet.frame or not (split or "police" in sheet.frame):
            wanted = f"columns date, mission, and police or {INDIVIDUAL} and {FORMED}"
            raise DataError(
                [Problem(f"columns {list(sheet.headers)[:8]}", wanted, "missing_column",
                         sheet.file, row=1)]
            )  # fmt: skip
        rows = of_mission(sheet, context)
        month = rows[dates].map(lambda t: month_of(t) or "")
        problems = [
            sheet.problem(int(str(r)), dates, repr(rows[dates][r]), WANTED, "wrong_type")
            for r in month.index[month == ""]
        ]
        columns = (FORMED, INDIVIDUAL) if split else ("police", "formed", "individual")
        numbers, wrong = _numbers(sheet, rows, [c for c in columns if c in rows])
        refuse(capped(problems + wrong, sheet.file))
        table = _table(numbers, month, str(rows["mission"].iloc[0]).strip("'"), split)
        table = table[table["month"] <= (context.until or "9999-12")].reset_index(drop=True)
        last = str(table["month"].max()) if len(table) else ""
        return Parsed(table, (), last, {"file": sheet.file, **_headquarters(rows)})


def _of_hub(sheet: Sheet) -> Sheet:
    """Return a table of the UN data hub in the layout of contributors: formed and individual.

    Raises
    ------
    DataError
        If columns are missing or a type of police is unknown; military personnel is left out.
    """
    frame = sheet.frame
    needed = ("personnel_type", "female_personnel", "male_personnel", "last_reporting_date")
    got = f"columns {list(sheet.headers)[:8]}"
    refuse([Problem(got, f"a column {c}", "missing_column", sheet.file, row=1, column=c)
            for c in needed if c not in frame])  # fmt: skip
    kind = frame["personnel_type"].map(lambda t: re.sub(r"[^a-z]+", "_", t.casefold()).strip("_"))
    refuse(capped([
        sheet.problem(int(str(r)), "personnel_type", repr(frame["personnel_type"][r]),
                      f"one of {', '.join(_HUB)}", "unknown_type")
        for r in kind.index[~kind.isin(list(_HUB))]
    ], sheet.file))  # fmt: skip
    target = kind.map(_HUB)
    numbers, wrong = _numbers(sheet, frame, ["female_personnel", "male_personnel"])
    refuse(capped(wrong, sheet.file))
    both = numbers.sum(axis=1, min_count=1).map(lambda v: "" if v != v else f"{v:g}")
    police = frame.assign(
        mission=frame["mission_acronym"], date=frame["last_reporting_date"],
        **{c: both.where(target == c, "") for c in (FORMED, INDIVIDUAL)},
    )[target != ""]  # fmt: skip
    return replace(sheet, frame=police.drop(columns="mission_acronym"))


def _is_known(column: str) -> bool:
    ends = ("_male", "_female", "_total")
    return column in KNOWN or column.endswith(ends) or column.startswith("mission_")


def of_mission(sheet: Sheet, context: Context) -> pd.DataFrame:
    """Return the rows of the mission asked for; its name is compared without case.

    Raises
    ------
    DataError
        If no mission is named, or the file does not have it; missions of the country are named.
    """
    names = sheet.frame["mission"].str.strip("' ")
    asked = context.mission.strip().casefold()
    mask = names.str.casefold() == asked
    if "contributor" in sheet.frame:
        mask &= sheet.frame["contributor"].str.strip("' ").str.casefold() != "all"
    if asked and mask.any():
        return sheet.frame[mask]
    codes = sheet.column("country_of_mission_iso_3", "iso3")
    here = names[sheet.frame[codes].str.strip("'") == context.iso3] if codes else names
    known = f"one of {_short(sorted(set(here) or set(names)))}"
    if here.empty and context.iso3:
        known += f"; none is of {context.iso3}: without a mission, leave this source out"
    got = f"--mission {context.mission}" if asked else "no --mission"
    raise DataError([Problem(got, known, "unknown_mission", sheet.file)])


def _short(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:30]) + (" ..." if len(names) > 30 else "")


def _numbers(
    sheet: Sheet, rows: pd.DataFrame, columns: list[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    out, problems = pd.DataFrame(index=rows.index), []
    for column in columns:
        text = rows[column].map(lambda c: number_text(c, sheet.separator))
        values = pd.to_numeric(text, errors="coerce")
        bad = (text != "") & (values.isna() | (values < 0))
        problems += [
            sheet.problem(int(str(r)), column, repr(text[r]), "a number >= 0", "wrong_type")
            for r in text.index[bad]
        ]
        out[column] = values
    return out, problems


def _table(numbers: pd.DataFrame, month: pd.Series, mission: str, split: bool) -> pd.DataFrame:
    """Return one row a month: police, and its parts where the file has them."""
    if split:
        sums = numbers.groupby(month).sum(min_count=1).fillna(0.0)
        sums = sums.rename(columns={FORMED: "formed", INDIVIDUAL: "individual"})
        sums["police"] = sums["formed"] + sums["individual"]
    else:
        known = numbers["police"].notna()
        sums = numbers[known].groupby(month[known]).sum(min_count=1)
    table = sums.rename_axis("month").reset_index().assign(mission=mission)
    for column in ("formed", "individual"):
        if column not in table:
            table[column] = float("nan")
    return table[["month", "mission", "police", "formed", "individual"]]


def _headquarters(rows: pd.DataFrame) -> dict[str, float]:
    if not {"mission_hq_lon", "mission_hq_lat"} <= set(rows.columns):
        return {}
    try:
        last = rows.iloc[-1]
        return {"lon": float(last["mission_hq_lon"]), "lat": float(last["mission_hq_lat"])}
    except ValueError:
        return {}


SOURCE = Personnel()
