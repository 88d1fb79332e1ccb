"""World Bank: inhabitants of a country by year, for a total that the import spreads."""

from __future__ import annotations

from dataclasses import dataclass

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import to_csv
from polgap.sources.fetch._world_bank import LICENCE, series
from polgap.sources.fetch.base import Collected, Terms, Wish, failed

CODE = "SP.POP.TOTL"

TERMS = Terms(pause=0.2)


@dataclass(frozen=True)
class WorldBankPopulation:
    """The remote `world_bank_population`."""

    name: str = "world_bank_population"
    source: str = "population"
    title: str = "World Bank: total population by year"
    licence: str = LICENCE
    citation: str = f"World Bank, World Development Indicators, {CODE}"
    by_hand: str = (
        "a CSV with the columns iso3, year, population, given as --source population=FILE "
        f"(https://data.worldbank.org/indicator/{CODE})"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return iso3, year and population.

        Raises
        ------
        DataError
            If there is no figure up to the months wanted.
        """
        land = country(wish.iso3)
        values, updated = series(land.iso3, CODE, client)
        rows = [
            {"iso3": land.iso3, "year": year, "population": f"{value:.0f}"}
            for year, value in sorted(values.items())
            if str(year) <= (wish.until[:4] or "9999")
        ]
        if not rows:
            got = f"no {CODE} of {land.iso3} until {wish.until or 'today'}"
            raise failed(got, "a later --until", "no_rows", client.where)
        columns = ("iso3", "year", "population")
        return Collected(to_csv(columns, rows), "csv", len(rows), f"update of {updated}")


SOURCE = WorldBankPopulation()
