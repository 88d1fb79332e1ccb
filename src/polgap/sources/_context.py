"""Tables around the theatre: governance, displacement, airports, counts of events by area.

No step needs them; they are kept in the project for those that can use them. What has a place gets
its area here, what has a p-code is joined to the areas by it, never by name.
"""

from __future__ import annotations

import pandas as pd

from polgap.domain import Note
from polgap.errors import Problem
from polgap.sources._complete import snap_km
from polgap.sources._geometry import Locator
from polgap.sources._request import Read

NUMBERS = ("events", "fatalities", "civilian_events", "civilian_fatalities", "demonstrations",
           "protests", "riots")  # fmt: skip


def context_tables(
    read: Read, areas: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], list[Note], list[Problem]]:
    """Return the tables that were given, by name, with notes and problems of joining."""
    tables = {n: read.table(n) for n in ("governance", "displacement") if n in read}
    notes: list[Note] = []
    problems: list[Problem] = []
    if "airports" in read:
        tables["airports"] = _placed(read.table("airports"), areas)
    if "event_counts" in read:
        counts, notes, problems = _joined(read, areas)
        tables["event_counts"] = counts
    return tables, notes, problems


def _placed(airports: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the airports with the area they lie in (or within `snap_km` of), "" for none."""
    where = Locator(areas["geometry"].tolist())
    at = where.inside(airports["lon"], airports["lat"])
    out = at < 0
    at[out] = where.nearest(airports["lon"][out], airports["lat"][out], snap_km())
    keys = [*areas["area"], ""]
    return airports.assign(area=pd.Series([keys[i] for i in at], dtype="str"))


def _joined(read: Read, areas: pd.DataFrame) -> tuple[pd.DataFrame, list[Note], list[Problem]]:
    """Return the counts by area of the theatre: as they are, or summed over districts."""
    table, file = read.table("event_counts"), read.file("event_counts")
    keys, above = set(areas["area"]), read.details("event_counts")["above"]
    if len(table) and not set(table["area"]) & keys:
        moved = table["area"].map(lambda a: above.get(a, ""))
        if not set(moved) & keys:
            got = f"areas {', '.join(sorted(set(table['area']))[:3])}"
            wanted = (
                f"areas of the theatre such as {sorted(keys)[0]}; counts are joined by p-code: "
                "take outlines with p-codes (COD-AB)"
            )
            return table, [], [Problem(got, wanted, "unknown_area", file, column="area")]
        table = _summed(table.assign(area=moved))
        here = table["area"].isin(keys)
        notes = [Note("sources.counts_summed", {"file": file, "count": int(here.sum())})]
    else:
        here, notes = table["area"].isin(keys), []
    lost = table["area"][~here].nunique()
    if lost:
        notes.append(Note("sources.counts_outside", {"file": file, "count": int(lost)}))
    kept = table[here].sort_values(["month", "area"], kind="stable")
    return kept.reset_index(drop=True), notes, []


def _summed(table: pd.DataFrame) -> pd.DataFrame:
    """Return sums over districts, kind by kind; one unknown district makes the sum unknown."""
    groups = table.groupby(["area", "month"], sort=True)
    sums = groups[list(NUMBERS)].agg("sum")
    known = groups[list(NUMBERS)].count().eq(groups.size(), axis=0)
    sums = sums.where(known).reset_index()
    return sums.merge(groups["source"].first().reset_index(), on=["area", "month"])
