"""The challenge's files with another future: what a leak test reads instead."""

from __future__ import annotations

from pathlib import Path

from polgap.domain import month_label, month_number
from polgap.sources.views import GAP, VINTAGES


def another_future(
    folder: Path, history: Path, window: int, into: Path, *, lag: int = GAP
) -> tuple[Path, Path]:
    """Return copies of all files in which every count after the last month known is another.

    Files of later windows are there too, wholly replaced: a forecast that opened one would show.

    Parameters
    ----------
    folder, history : Path
        As read by `polgap.sources.views`.
    window : int
        Year that is forecast.
    into : Path
        An empty folder.
    lag : int
        Months from the last month known to January.
    """
    import duckdb

    first = month_number(f"{window}-01") - lag + 1
    # Wrong, different in every cell, and never what was there.
    wrong = "({value}) + 1 + (country_id * 7919 + {month} * 104729) % 4999"
    with duckdb.connect(config={"threads": 1}) as base:
        for path in sorted(folder.glob("*.parquet")):
            kind, _, year = path.stem.rpartition("_Y")
            if kind in VINTAGES.values():
                month = "month_id"
            elif kind == "bm_conflictology":
                # Twelve months stand behind every month of the window.
                month = f"{_month_id(month_number(f'{year}-01') - GAP - 11)} + draw"
            else:
                continue
            other = wrong.format(value="outcome", month=month)
            base.execute(
                f"copy (select * replace (case when {month} >= {_month_id(first)} then {other} "
                f"else outcome end as outcome) from read_parquet(?)) "
                f"to '{into / path.name}' (format parquet)",
                [str(path)],
            )
        target = into / "history.csv"
        columns = base.execute("select * from read_csv(?) limit 0", [str(history)]).df().columns
        number, after = "0", f"substr(cast(month as varchar), 1, 7) >= '{month_label(first)}'"
        if "month_id" in columns:
            number, after = "month_id", f"month_id >= {_month_id(first)}"
        other = wrong.format(value="ged_sb", month=number)
        base.execute(
            f"copy (select * replace (case when {after} then {other} else ged_sb end as ged_sb) "
            f"from read_csv(?)) to '{target}' (format csv, header)",
            [str(history)],
        )
    return into, target


def _month_id(number: int) -> int:
    """Return the VIEWS month id: 1 is January 1980."""
    return number - month_number("1980-01") + 1
