"""IDMC: people displaced by conflict, by country and year.

The client id goes in the address, and the links to further pages repeat it: both are stripped
before anything is stored. All pages are read and counted; the country is picked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import count, entry, records, require_all, to_csv
from polgap.sources.fetch.base import Collected, Terms, Token, Wish, changed, failed

SITE = "https://helix-tools-api.idmcdb.org/external-api/gidd/conflicts/"
COLUMNS = ("iso3", "year", "new_displacement", "total_displacement")
_MOST_PAGES = 500

TERMS = Terms(
    pause=0.5,
    token=Token("IDMC_CLIENT_ID", parameter="client_id", road="asked for from IDMC by mail"),
)


@dataclass(frozen=True)
class Idmc:
    """The remote `idmc`."""

    name: str = "idmc"
    source: str = "displacement"
    title: str = "IDMC GIDD: conflict displacement by country and year"
    licence: str = "IDMC, CC BY (to be confirmed with IDMC)"
    citation: str = "Internal Displacement Monitoring Centre, Global Internal Displacement Database"
    by_hand: str = (
        "download the conflict displacement table at https://www.internal-displacement.org/"
        "database, save it as CSV (iso3, year, new_displacement, total_displacement) and give it "
        "as --source displacement=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return new and total displacement of the country by year.

        Raises
        ------
        DataError
            If pages are missing, or there is nothing on the country.
        """
        land = country(wish.iso3)
        rows, updated = _pages(client)
        mine = sorted((r for r in rows if r["iso3"] == land.iso3), key=lambda r: str(r["year"]))
        mine = [r for r in mine if str(r["year"]) <= (wish.until[:4] or "9999")]
        if not mine:
            got = f"no rows of {land.iso3} until {wish.until or 'today'}"
            raise failed(got, "a country and years that IDMC covers", "no_rows", client.where)
        return Collected(to_csv(COLUMNS, mine), "csv", len(mine), f"update of {updated}")


def _pages(client: Client) -> tuple[list[dict[str, Any]], str]:
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    link, stated, updated = SITE, 0, "unknown date"
    asked = {"format": "json", "limit": "100"}
    while link:
        if link in seen or len(seen) >= _MOST_PAGES:
            raise changed(f"the page {link} again", "pages that end", client.where)
        seen.add(link)
        block = client.get(link, asked).json()
        said = count(entry(block, "count", client.where), "count", client.where)
        stated = stated if rows else said
        updated = str(block.get("last_updated") or updated)
        rows += records(entry(block, "results", client.where), COLUMNS, client.where)
        link = client.next_page(entry(block, "next", client.where), SITE)
        asked = {}
    require_all(len(rows), stated, "rows", client.where)
    return rows, updated


SOURCE = Idmc()
