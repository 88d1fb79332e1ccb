"""The VIEWS prediction challenge by country and month: actuals, benchmark, longer history.

Only files of a window and of earlier ones are opened, and nothing dated after the last month
known is read for a forecast: the files are filtered while they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import month_number
from polgap.errors import DataError, Problem, StudyError
from polgap.sources._countries import countries as countries_by_code

Array = NDArray[np.float64]
Cells = Mapping[tuple[int, int], float]
"""(country, month) -> deaths."""

AGREE = 0.70
"""Share of the non-zero cells in which a history must agree with the official values."""
OVERLAP = 24
"""Months of official values, the oldest, that a history is compared with."""
SHIFTS = range(-24, 25)
"""Month shifts tried to say what is wrong with a history that does not agree."""
GAP = 3
"""January of a window is forecast from October of the year before."""
LAGS = (1, 2, 3)
"""Months from the last one known to January: 1, December is known."""
VINTAGES = {"final": "cm_actuals", "prelim2023": "cm_actuals_prelim2023"}
"""Edition of the actuals -> beginning of the names of its files."""


@dataclass(frozen=True)
class Known:
    """What was known when a window was forecast.

    Parameters
    ----------
    counts : array, shape (country, month), deaths; NaN = not observed
    countries : tuple of int
        VIEWS country ids.
    first, last : int
        Month numbers (`polgap.domain.month_number`) of the first and last month.
    agreement : float
        Share of non-zero cells in which the history agrees with the official values.
    """

    counts: Array
    countries: tuple[int, ...]
    first: int
    last: int
    agreement: float


def known(
    folder: Path, history: Path, window: int, *, lag: int = GAP, vintage: str = "final"
) -> Known:
    """Return the deaths by country and month known before the year `window`.

    The twelve months behind the official conflictology benchmarks come first, then actuals of
    earlier windows, then, for the time before both, the history file.

    Parameters
    ----------
    lag : int
        Months from the last month known to January: 3, as in the challenge, October is known; 1,
        December, which only the actuals of the window before hold.
    vintage : str
        Edition of the actuals of earlier windows: final or prelim2023.

    Raises
    ------
    StudyError
        If there is no such lag or vintage.
    DataError
        If a file is missing or malformed, or the history disagrees with the official values;
        then the month shift that would agree best is named.
    """
    if lag not in LAGS:
        raise StudyError(f"lag: got {lag}; wanted one of {', '.join(map(str, LAGS))}")
    last = month_number(f"{window}-01") - lag
    benchmarks = _benchmarks(folder, window, last)
    countries = tuple(sorted({country for country, _ in benchmarks}))
    official = _earlier_actuals(folder, window, last, vintage, required=lag < GAP) | benchmarks
    past = history_cells(history, last)
    agreement = _require_agreement(history, past, official)

    oldest = min(month for _, month in official)
    before = {cell: value for cell, value in past.items() if cell[1] < oldest}
    first = min((month for _, month in before), default=oldest)
    counts = np.full((len(countries), last - first + 1), np.nan)
    row = {country: i for i, country in enumerate(countries)}
    for cells in (before, official):
        for (country, month), value in cells.items():
            if country in row:
                counts[row[country], month - first] = value
    return Known(counts, countries, first, last, agreement)


def actuals(
    folder: Path, window: int, countries: tuple[int, ...], *, vintage: str = "final"
) -> Array:
    """Return the deaths of the twelve months of `window`, shape (country, month).

    Raises
    ------
    StudyError
        If there is no such vintage.
    DataError
        If a cell of these countries and months is missing.
    """
    first = month_number(f"{window}-01")
    path = _file(folder, _kind(vintage), window)
    cells = _cells(path, "outcome", first + 11)
    try:
        return np.array([[cells[c, first + m] for m in range(12)] for c in countries], dtype=float)
    except KeyError as error:
        got = f"no value for country and month {error.args[0]}"
        raise DataError(
            [Problem(got, "every country in 12 months", "missing_cell", path.name)]
        ) from None


def _kind(vintage: str) -> str:
    if vintage not in VINTAGES:
        raise StudyError(f"vintage: got {vintage!r}; wanted {' or '.join(VINTAGES)}")
    return VINTAGES[vintage]


def _benchmarks(folder: Path, window: int, last: int) -> dict[tuple[int, int], float]:
    """Return the months behind the conflictology benchmarks: November to October."""
    found: dict[tuple[int, int], float] = {}
    for year in _years(folder, "bm_conflictology", window, required=True):
        path = _file(folder, "bm_conflictology", year)
        january = month_number(f"{year}-01")
        wanted = _month_id(january)
        frame = _query(
            path, "select country_id, draw, outcome from {} where month_id = ?", [wanted]
        )
        sizes = frame.groupby("country_id")["draw"].agg(["size", "nunique", "min", "max"])
        if frame.empty or not (sizes == [12, 12, 0, 11]).all(axis=None):
            raise DataError([Problem("other than 12 values a country", "12", "draws", path.name)])
        start = january - GAP - 11
        rows = zip(frame["country_id"], frame["draw"], frame["outcome"], strict=True)
        found |= {(int(c), start + int(d)): float(v) for c, d, v in rows}
    return {cell: value for cell, value in found.items() if cell[1] <= last}


def _earlier_actuals(
    folder: Path, window: int, last: int, vintage: str, *, required: bool
) -> dict[tuple[int, int], float]:
    kind = _kind(vintage)
    found: dict[tuple[int, int], float] = {}
    for year in _years(folder, kind, window - 1, required=required):
        found |= _cells(_file(folder, kind, year), "outcome", last)
    return found


def _years(folder: Path, kind: str, until: int, *, required: bool = False) -> list[int]:
    """Return the windows up to `until` that have a file of this kind."""
    names = [p.stem.removeprefix(f"{kind}_Y") for p in folder.glob(f"{kind}_Y*.parquet")]
    years = sorted(int(n) for n in names if n.isdigit() and int(n) <= until)
    if required and until not in years:
        _file(folder, kind, until)
    return years


def _file(folder: Path, kind: str, window: int) -> Path:
    path = folder / f"{kind}_Y{window}.parquet"
    if not path.is_file():
        wanted = f"a file in {folder}"
        raise DataError([Problem("no such file", wanted, "missing_file", path.name)])
    return path


def history_cells(path: Path, last: int | None) -> dict[tuple[int, int], float]:
    """Return the history, with `last` only its months up to then."""
    if not path.is_file():
        raise DataError([Problem("no such file", "a history file", "missing_file", str(path))])
    return _cells(path, "ged_sb", last)


def _cells(path: Path, value: str, last: int | None) -> dict[tuple[int, int], float]:
    """Return (country, month) -> value of a table, checked; later months are not read."""
    columns = set(_query(path, "select * from {} limit 0", []).columns)
    month = "month_id" if "month_id" in columns else "month"
    missing = sorted({month, "country_id", value} - columns)
    if missing:
        wanted = f"columns month_id or month, country_id, {value}"
        raise DataError([Problem(f"no column {missing}", wanted, "missing_column", path.name)])
    text = f"select country_id, {month} as month, {value} as value from {{}}"
    if last is None:
        frame = _query(path, text, [])
    elif month == "month_id":
        frame = _query(path, f"{text} where month_id <= ?", [_month_id(last)])
    else:
        label = f"{last // 12:04d}-{last % 12 + 1:02d}"
        frame = _query(path, f"{text} where substr(cast(month as varchar), 1, 7) <= ?", [label])
    return _checked(frame, path.name)


def _checked(frame: pd.DataFrame, name: str) -> dict[tuple[int, int], float]:
    values = pd.to_numeric(frame["value"], errors="coerce")
    empty = frame["value"].isna()
    wrong = int(((values < 0) | ~np.isfinite(values.fillna(0.0)) | (values.isna() & ~empty)).sum())
    double = int(frame.duplicated(["country_id", "month"]).sum())
    problems = [
        Problem(f"{count} {what}", wanted, code, name)
        for count, what, wanted, code in (
            (wrong, "values that are no counts", "numbers >= 0", "out_of_range"),
            (double, "repeated cells", "one row a country and month", "duplicate"),
        )
        if count
    ]
    if problems:
        raise DataError(problems)
    if pd.api.types.is_numeric_dtype(frame["month"]):
        months = frame["month"].astype(int) + month_number("1980-01") - 1
    else:
        labels = frame["month"].astype(str).str[:7]
        months = labels.map({label: month_number(label) for label in labels.unique()})
    rows = zip(frame["country_id"], months, values, strict=True)
    return {(int(c), int(m)): float(v) for c, m, v in rows if not np.isnan(v)}


def _require_agreement(path: Path, past: Cells, official: Cells) -> float:
    """Return the share of non-zero cells that agree in the two oldest official years."""
    start = min(month for _, month in official)
    oldest = {cell: v for cell, v in official.items() if cell[1] < start + OVERLAP}
    share = _agreement(past, oldest, 0)
    if share >= AGREE:
        return share
    # No forecast is made from a refused history, so its later months may be looked at now.
    whole = history_cells(path, None)
    best = max(SHIFTS, key=lambda shift: (_agreement(whole, oldest, shift), -abs(shift)))
    got = f"{100 * share:.0f} % of the non-zero cells equal to the official values"
    there = 100 * _agreement(whole, oldest, best)
    wanted = (
        f"at least {100 * AGREE:.0f} %; adding {best:+d} months to its dates gives {there:.0f} %"
    )
    raise DataError([Problem(got, wanted, "history_disagrees", path.name)])


def _agreement(past: Cells, official: Cells, shift: int) -> float:
    """Return the share of cells, non-zero in one or the other, that are equal to the unit."""
    both = [(past.get((c, m - shift)), value) for (c, m), value in official.items()]
    pairs = [(round(a), round(b)) for a, b in both if a is not None and (a > 0 or b > 0)]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0


def _month_id(number: int) -> int:
    """Return the VIEWS month id: 1 is January 1980."""
    return number - month_number("1980-01") + 1


def _query(path: Path, text: str, values: list[Any]) -> pd.DataFrame:
    """Return what a query over one file gives; `{}` stands for the file."""
    import duckdb

    reader = "read_parquet(?)" if path.suffix == ".parquet" else "read_csv(?)"
    try:
        with duckdb.connect(config={"threads": 1}) as base:
            return base.execute(text.format(reader), [str(path), *values]).df()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise DataError([Problem(first, "a readable table", "unreadable", path.name)]) from error


def places(folder: Path, countries: Sequence[int]) -> list[tuple[str, str]]:
    """Return name and continent of countries by the challenge's key, ``country_key.csv``.

    Without the file, or for a country that is not in it, the name is its number.
    """
    path = folder / "country_key.csv"
    known: dict[int, tuple[str, str]] = {}
    if path.is_file():
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
        lands = countries_by_code()
        by_number = {c.gw: c for c in lands.values() if c.gw}
        for row in table.to_dict("records"):
            land = lands.get(row["isoab"]) or by_number.get(row["gwcode"])
            known[int(row["id"])] = (row["name"], land.continent if land else "")
    return [known.get(c, (str(c), "")) for c in countries]
