"""UN Peace and Security Data Hub: police in missions by contributor and month, 2010 on.

Formed units and individual officers stand apart, by sex. Dates come as milliseconds since 1970
(negative ones exist) or as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import records, to_csv
from polgap.sources.fetch.base import Collected, Terms, Wish, changed, failed

SET = "DPO-UHISTORICALPOL"
SITE = "https://api.psdata.un.org/public"
COLUMNS = (
    "contributing_country", "isocode3", "mission_acronym", "personnel_type", "female_personnel",
    "male_personnel", "last_reporting_date",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TERMS = Terms(pause=0.5)


@dataclass(frozen=True)
class UnPolice:
    """The remote `un_police`."""

    name: str = "un_police"
    source: str = "personnel"
    title: str = "UN Peace and Security Data Hub: police in missions, by contributor and month"
    licence: str = "UN open data; cite the United Nations"
    citation: str = f"United Nations, Peace and Security Data Hub, {SET}"
    by_hand: str = (
        f"download {SET} as CSV at https://psdata.un.org and give it as --source personnel=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the rows of a mission, or of all, until the month wanted.

        Raises
        ------
        DataError
            If the answer has changed, or the mission is not in it, naming those that are.
        """
        rows = records(client.get(f"{SITE}/data/{SET}/json").json(), COLUMNS[2:], client.where)
        rows = [{**r, COLUMNS[-1]: _day(r[COLUMNS[-1]], client.where)} for r in rows]
        missions = {str(r["mission_acronym"]) for r in rows}
        if wish.mission:
            rows = [r for r in rows if str(r["mission_acronym"]).casefold() ==
                    wish.mission.casefold()]  # fmt: skip
        if not rows:
            got = f"no rows of {wish.mission or 'any mission'}"
            wanted = f"one of {', '.join(sorted(missions)[:40])}"
            raise failed(got, wanted, "unknown_mission", client.where)
        last = max(r[COLUMNS[-1]] for r in rows)[:7]
        rows = [r for r in rows if r[COLUMNS[-1]][:7] <= (wish.until or "9999")]
        if not rows:
            raise failed(f"no rows until {wish.until}", "a later --until", "no_rows", client.where)
        rows.sort(key=lambda r: tuple(str(r.get(c) or "") for c in (COLUMNS[-1], *COLUMNS[:4])))
        first = rows[0][COLUMNS[-1]][:7]
        return Collected(to_csv(COLUMNS, rows), "csv", len(rows), f"reports until {last}",
                         covers_from=first, covers_until=rows[-1][COLUMNS[-1]][:7],
                         mission=str(rows[0]["mission_acronym"]))  # fmt: skip


def _day(value: Any, where: str) -> str:
    """Return a date as text: from milliseconds since 1970, or as it stands."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return (_EPOCH + timedelta(milliseconds=value)).date().isoformat()
        except (OverflowError, ValueError) as error:
            raise changed(f"the date {value!r}", "milliseconds since 1970", where) from error
    text = str(value)[:10]
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError as error:
        raise changed(f"the date {value!r}", "YYYY-MM-DD", where) from error


SOURCE = UnPolice()
