"""Authorised and deployed police of past UN missions, month by month after the mandate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from polgap.domain import month_number
from polgap.errors import DataError, Problem
from polgap.sources._files import resolve

AUTHORISED = "un_authorised_vs_deployed_mission_month_1990_2015.csv"
DEPLOYED = "mission_month_personnel.csv"
MISSIONS = "missions.csv"
NAMES = {
    "UNMIBH (IPTF)": ("IPTF", "UNMIBH"),
    "UNMIK Police": ("UNMIK",),
    "UNOCI": ("UNOCI", "ONUCI"),
}
"""Mission -> its names in the monthly returns, which are split over time."""
FEWEST = 50
"""Authorised officers below which a mission is a team of advisers."""


def fills(folder: Path) -> pd.DataFrame:
    """Return the share of authorised police deployed, by mission and month after the mandate.

    The number authorised is the one in force in the month; before the first in the series, the
    first authorised.

    Parameters
    ----------
    folder : Path
        With the three files of the evidence data.

    Returns
    -------
    pd.DataFrame
        mission, kind (``executive`` or ``other``), month (0 = the month of the mandate), police,
        authorised (officers), fill (share); sorted by mission and month.

    Raises
    ------
    DataError
        If a file or column is missing.
    """
    missions = _read(folder, MISSIONS, ("mission", "org", "start", "mandate_type",
                                        "authorised_police_first"))  # fmt: skip
    police = _read(folder, DEPLOYED, ("mission", "date", "police"))
    asked = _read(folder, AUTHORISED, ("mission", "date", "authpolice"))
    for table, column in ((police, "police"), (asked, "authpolice")):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    parts = []
    for row in missions[missions["org"].str.split("/").map(lambda o: "UN" in o)].to_dict("records"):
        names = NAMES.get(row["mission"], (row["mission"],))
        known = asked[asked["mission"].isin(names) & (asked["authpolice"] >= FEWEST)]
        force = known.groupby("date")["authpolice"].max()
        returns = police[police["mission"].isin(names)].dropna(subset="police")
        first = _number(row["authorised_police_first"])
        given = float(force.iloc[0]) if first is None and len(force) else (first or 0.0)
        if returns.empty or given < FEWEST:
            continue
        own = returns.groupby("date")["police"].sum()
        parts.append(_fill(own, force, given, month_number(row["start"][:7])).assign(
            mission=row["mission"], kind=_kind(row["mandate_type"])
        ))  # fmt: skip
    found = pd.concat(parts)
    found["fill"] = found["police"] / found["authorised"]
    found = found[["mission", "kind", "month", "police", "authorised", "fill"]]
    return found.sort_values(["mission", "month"], ignore_index=True)


def _fill(own: pd.Series, force: pd.Series, given: float, start: int) -> pd.DataFrame:
    """Return month, police and authorised of one mission.

    Months after the series of authorisations ends are left out; a mission without one is believed
    for two years.
    """
    frame = pd.DataFrame({"police": own, "authorised": force}).sort_index()
    frame["authorised"] = frame["authorised"].ffill().fillna(given)
    frame = frame.dropna(subset="police")
    last = max((month_number(str(m)) for m in force.index), default=start + 24)
    frame["month"] = [month_number(str(m)) - start for m in frame.index]
    return frame[(frame["month"] >= 0) & (frame["month"] <= last - start)]


def _kind(mandate: str) -> str:
    return "executive" if "executive" in mandate.replace("non-executive", "") else "other"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _read(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    path = resolve(name, [folder])
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    missing = [c for c in columns if c not in table]
    if missing:
        got = f"columns {list(table.columns)[:8]}"
        raise DataError(
            [
                Problem(got, f"a column {c}", "missing_column", name, row=1, column=c)
                for c in missing
            ]
        )
    return table[list(columns)].copy()
