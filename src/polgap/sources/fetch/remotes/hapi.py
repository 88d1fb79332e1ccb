"""HDX HAPI: events and fatalities by district and month, as ACLED counts them.

One request a second, 10,000 rows a page. The interface states no total, so the last page is the
one that is not full; a row that comes twice means that pages moved while they were read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import entry, month_day, records, to_csv
from polgap.sources.fetch.base import Collected, Terms, Token, Wish, changed, failed

SITE = "https://hapi.humdata.org/api/v2/coordination-context/conflict-events"
PAGE = 10_000
COLUMNS = (
    "location_code", "admin_level", "admin1_code", "admin1_name", "admin2_code", "admin2_name",
    "event_type", "events", "fatalities", "reference_period_start", "reference_period_end",
)  # fmt: skip
_NEEDED = ("location_code", "event_type", "events", "fatalities", "reference_period_start")
_MOST_PAGES = 500

TERMS = Terms(
    pause=1.0,
    token=Token(
        "HAPI_APP_IDENTIFIER", header="X-HDX-HAPI-APP-IDENTIFIER",
        road="base64 of your application:e-mail, made at "
        "https://hapi.humdata.org/docs (encode_app_identifier), free",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Hapi:
    """The remote `hapi`."""

    name: str = "hapi"
    source: str = "event_counts"
    title: str = "HDX HAPI: conflict events by district and month (ACLED counts)"
    licence: str = "ACLED terms of use and attribution; aggregates on HDX"
    citation: str = "ACLED, acleddata.com, through HDX HAPI"
    by_hand: str = (
        "download the CSV of HDX HAPI conflict events at "
        "https://data.humdata.org/dataset/hdx-hapi-conflict-event and give it as "
        "--source event_counts=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the counts of the country by the level asked (2 unless another is).

        Raises
        ------
        DataError
            If the answer has changed or rows come twice.
        """
        land = country(wish.iso3)
        asked = {
            "location_code": land.iso3,
            "admin_level": str(2 if wish.level is None else wish.level),
            "output_format": "json",
            "limit": str(PAGE),
        }
        if wish.until:
            asked["end_date"] = month_day(wish.until)
        rows = _pages(asked, client)
        last = wish.until or "9999-12"
        rows = [r for r in rows if str(r["reference_period_start"])[:7] <= last]
        if not rows:
            got = f"no rows of {land.iso3} at level {asked['admin_level']}"
            raise failed(got, "another --level, or a country HAPI covers", "no_rows", client.where)
        others = sorted({str(r["location_code"]) for r in rows} - {land.iso3})
        if others:
            raise changed(f"rows of {others[:5]}", f"rows of {land.iso3}", client.where)
        months = [str(r["reference_period_start"])[:7] for r in rows]
        rows = [{**r, **{k: str(r.get(k) or "")[:10] for k in COLUMNS[-2:]}} for r in rows]
        vintage = f"months {min(months)} to {max(months)}"
        return Collected(to_csv(COLUMNS, rows), "csv", len(rows), vintage,
                         covers_from=min(months), covers_until=max(months))  # fmt: skip


def _pages(asked: dict[str, str], client: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for page in range(_MOST_PAGES):
        block = client.get(SITE, {**asked, "offset": str(page * PAGE)}).json()
        new = records(entry(block, "data", client.where), _NEEDED, client.where)
        rows += new
        if len(new) < PAGE:
            break
    keys = [
        tuple(str(r.get(c)) for c in COLUMNS if c not in ("events", "fatalities")) for r in rows
    ]
    if len(set(keys)) < len(keys):
        got = f"{len(keys) - len(set(keys))} rows twice"
        wanted = "each area, month and kind once; try again with --refresh"
        raise failed(got, wanted, "truncated", client.where)
    return rows


SOURCE = Hapi()
