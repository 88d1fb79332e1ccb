"""World Bank: the six Worldwide Governance Indicators with their error, and the homicide rate.

Since the revision of 2025 the indicators are a database of their own (source 3) under codes such as
``GOV_WGI_RL.EST`` (estimate) and ``GOV_WGI_RL.SE`` (standard error); the former ``RL.EST`` is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from polgap.sources._countries import country
from polgap.sources._governance import WGI, ends
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import to_csv
from polgap.sources.fetch._world_bank import LICENCE, series
from polgap.sources.fetch.base import Collected, Terms, Wish, failed

COLUMNS = ("iso3", "year", "indicator", "value", "low", "high", "source")
_HOMICIDE = "VC.IHR.PSRC.P5"
_WGI = "3"

TERMS = Terms(pause=0.2)


@dataclass(frozen=True)
class WorldBankGovernance:
    """The remote `world_bank_governance`."""

    name: str = "world_bank_governance"
    source: str = "governance"
    title: str = "World Bank: Worldwide Governance Indicators, intentional homicide rate"
    licence: str = LICENCE
    citation: str = "Kaufmann and Kraay, Worldwide Governance Indicators; UNODC for homicide"
    by_hand: str = (
        "download the WGI data set at https://www.worldbank.org/en/publication/"
        "worldwide-governance-indicators, save it as CSV and give it as --source governance=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return iso3, year, indicator, value and its 10 and 90 % points.

        Raises
        ------
        DataError
            If there is nothing on the country.
        """
        land, rows, updates = country(wish.iso3), [], set()
        for short, indicator in WGI.items():
            code = f"GOV_WGI_{short.upper()}"
            values, updated = series(land.iso3, f"{code}.EST", client, source=_WGI)
            errors, _ = series(land.iso3, f"{code}.SE", client, source=_WGI)
            updates.add(updated)
            for year, value in sorted(values.items()):
                low, high = ends(value, errors[year]) if year in errors else (None, None)
                rows.append((year, indicator, value, low, high, "WGI"))
        values, updated = series(land.iso3, _HOMICIDE, client)
        updates.add(updated)
        rows += [(y, "homicide_rate", v, None, None, "UNODC") for y, v in sorted(values.items())]
        kept = [
            dict(zip(COLUMNS, (land.iso3, *row), strict=True))
            for row in rows
            if str(row[0]) <= (wish.until[:4] or "9999")
        ]
        if not kept:
            got = f"no indicator of {land.iso3} until {wish.until or 'today'}"
            raise failed(got, "a later --until", "no_rows", client.where)
        vintage = f"updates of {', '.join(sorted(updates))}"
        return Collected(to_csv(COLUMNS, kept), "csv", len(kept), vintage)


SOURCE = WorldBankGovernance()
