"""UCDP GED by its interface: only the country asked for, with a token.

Pages are followed by the link that each gives, never counted: clients have seen the first page as
0 and as 1. The number of events is compared with what the answer states. The interface answers
400 to bursts, so that is taken for "busy" as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import count, entry, month_day, records, require_all, to_csv
from polgap.sources.fetch._ucdp import BY_HAND, CITATION, FIRST, KEPT, LICENCE, NEEDED, by_id, month
from polgap.sources.fetch.base import Collected, Terms, Token, Wish, changed, failed

SITE = "https://ucdpapi.pcr.uu.se/api/gedevents"
VERSION = "26.1"
_PAGE = 1000
_MOST_PAGES = 1000

TERMS = Terms(
    pause=0.5,
    also_busy=frozenset({400}),
    token=Token(
        "UCDP_ACCESS_TOKEN", header="x-ucdp-access-token",
        road="asked for by mail, see https://ucdp.uu.se/apidocs/",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class UcdpApi:
    """The remote `ucdp_api`."""

    name: str = "ucdp_api"
    source: str = "ucdp_ged"
    title: str = "UCDP GED by its interface: one country, one version"
    licence: str = LICENCE
    citation: str = CITATION
    by_hand: str = f"polgap fetch ucdp (no token), or {BY_HAND}"
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the events of the country in one version, yearly (26.1) or candidate (26.0.8).

        Raises
        ------
        DataError
            If pages are missing or the answer has changed.
        """
        version = wish.version or VERSION
        if not re.fullmatch(r"\d\d\.\d(\.\d{1,2})?", version):
            wanted = "a version such as 26.1 or 26.0.8"
            raise failed(repr(version), wanted, "version", client.where)
        land = country(wish.iso3)
        codes = ",".join(c for c in (land.gw, land.gw_former) if c)
        if not codes:
            raise changed(f"{land.iso3} without a number", "a Gleditsch-Ward number", client.where)
        asked = {"pagesize": str(_PAGE), "Country": codes}
        if wish.until:
            asked["EndDate"] = month_day(wish.until)
        rows = _pages(f"{SITE}/{version}", asked, client)
        end = min(wish.until or _last_month(version), _last_month(version))
        rows = [r for r in by_id(rows) if month(r) <= (wish.until or "9999")]
        first = FIRST if version.count(".") == 1 else ""
        return Collected(to_csv(KEPT, rows), "csv", len(rows), f"UCDP GED {version}",
                         covers_from=first, covers_until=end)  # fmt: skip


def _pages(url: str, asked: dict[str, str], client: Client) -> list[dict[str, Any]]:
    """Return the events of all pages."""
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    stated, link, parameters = 0, url, asked
    while link:
        if link in seen or len(seen) >= _MOST_PAGES:
            raise changed(f"the page {link} again", "pages that end", client.where)
        seen.add(link)
        block = client.get(link, parameters).json()
        if not rows:
            stated = count(entry(block, "TotalCount", client.where), "TotalCount", client.where)
        rows += records(entry(block, "Result", client.where), NEEDED, client.where)
        link = client.next_page(entry(block, "NextPageUrl", client.where), url)
        parameters = {}
    require_all(len({str(r["id"]) for r in rows}), stated, "events", client.where)
    return rows


def _last_month(version: str) -> str:
    """Return the last month a version covers: 26.1 ends with 2025, 26.0.8 with August 2026."""
    parts = version.split(".")
    if len(parts) == 3:
        return f"20{parts[0]}-{int(parts[2]):02d}"
    return f"{1999 + int(parts[0])}-12"


SOURCE = UcdpApi()
