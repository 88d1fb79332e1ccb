"""One indicator of the World Bank for one country, all years."""

from __future__ import annotations

from typing import Any

from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import count, entry, records, require_all
from polgap.sources.fetch.base import changed

SITE = "https://api.worldbank.org/v2/country"
LICENCE = "World Bank CC BY 4.0"
_PAGE = "20000"
_NEEDED = ("countryiso3code", "date", "value")
_MOST_PAGES = 100


def series(
    iso3: str, code: str, client: Client, *, source: str = ""
) -> tuple[dict[int, float], str]:
    """Return year -> value and the day of the last update; years without a value are left out.

    Parameters
    ----------
    iso3, code : str
    client : Client
    source : str
        Number of the database at the World Bank, where the indicator is not in the usual one.

    Raises
    ------
    DataError
        If the indicator is unknown, pages are missing, or the answer has changed.
    """
    rows: list[dict[str, Any]] = []
    page, pages, stated, updated = 1, 1, 0, ""
    while page <= min(pages, _MOST_PAGES):
        asked = {"format": "json", "per_page": _PAGE, "page": str(page)}
        asked |= {"source": source} if source else {}
        block = client.get(f"{SITE}/{iso3}/indicator/{code}", asked).json()
        if isinstance(block, list) and len(block) == 1 and "message" in str(block[0]):
            raise changed(f"{str(block[0])[:160]}", f"the indicator {code}", client.where)
        if not isinstance(block, list) or len(block) != 2:
            raise changed(f"{str(block)[:80]!r}", "a list of two: about, rows", client.where)
        pages = count(entry(block[0], "pages", client.where), "pages", client.where)
        stated = count(entry(block[0], "total", client.where), "total", client.where)
        updated = str(block[0].get("lastupdated") or updated)
        rows += records(block[1] or [], _NEEDED, client.where)
        page += 1
    require_all(len(rows), stated, f"years of {code}", client.where)
    return _values(rows, iso3, code, client.where), updated


def _values(rows: list[dict[str, Any]], iso3: str, code: str, where: str) -> dict[int, float]:
    found: dict[int, float] = {}
    for row in rows:
        if row["countryiso3code"] not in (iso3, ""):
            got = f"a row of {row['countryiso3code']!r}"
            raise changed(got, f"rows of {iso3}", where)
        if row["value"] is None:
            continue
        try:
            found[int(str(row["date"]))] = float(row["value"])
        except (TypeError, ValueError) as error:
            raise changed(f"{str(row)[:80]!r}", f"a year and a number ({code})", where) from error
    return found
