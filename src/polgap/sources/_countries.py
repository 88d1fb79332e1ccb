"""Country codes: files of many countries are filtered by code, never by name."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from polgap.errors import DataError, Problem


@dataclass(frozen=True)
class Country:
    """A country as ``catalogue/countries.csv`` has it.

    Parameters
    ----------
    iso3, iso2, iso_n3 : str
        ISO 3166 codes; `iso_n3` with three digits, "" where there is none.
    gw, gw_former : str
        Gleditsch-Ward number, and the one UCDP used for the same State before; "" = none.
    since : str
        First whole month of the State where it is younger than 1989, else "".
    continent : str
        AF, AS, EU, NA (with Central America and the Caribbean), OC or SA, as GeoNames has it.
    """

    iso3: str
    iso2: str
    iso_n3: str
    gw: str
    gw_former: str
    since: str
    name_en: str
    name_fr: str
    capital: str
    continent: str

    def matches(self, kind: str, code: str) -> bool:
        """Return whether `code`, of kind ``iso3``, ``iso2``, ``iso_n3`` or ``gw``, is this country.

        Examples
        --------
        >>> country("AFG").matches("iso_n3", "4"), country("SRB").matches("gw", "345.0")
        (True, True)
        """
        code = code.strip().upper()
        if kind in ("iso_n3", "gw"):
            number = code.removesuffix(".0").lstrip("0")
            own = (self.iso_n3,) if kind == "iso_n3" else (self.gw, self.gw_former)
            return bool(number) and number in {o.lstrip("0") for o in own if o}
        return bool(code) and code == getattr(self, kind)

    def mask(self, kind: str, codes: Iterable[str]) -> list[bool]:
        """Return, for each code, whether it is this country."""
        known: dict[str, bool] = {}
        return [known.setdefault(c, self.matches(kind, c)) for c in codes]


@cache
def countries() -> dict[str, Country]:
    """Return all countries by ISO3.

    Examples
    --------
    >>> countries()["NAM"].iso2, countries()["SSD"].gw, countries()["CAF"].name_fr
    ('NA', '626', 'République centrafricaine')
    """
    with (files("polgap.catalogue") / "countries.csv").open("r", encoding="utf-8") as handle:
        return {row["iso3"]: Country(**row) for row in csv.DictReader(handle)}


def country(iso3: str) -> Country:
    """Return the country of an ISO3 code.

    Raises
    ------
    DataError
        If there is no such code.
    """
    found = countries().get(iso3.upper())
    if found is None:
        wanted = "an ISO3 code such as SSD (three letters)"
        raise DataError([Problem(repr(iso3), wanted, "unknown_country", column="country")])
    return found
