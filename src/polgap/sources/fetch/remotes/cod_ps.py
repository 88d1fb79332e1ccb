"""OCHA COD-PS: inhabitants by administrative area, from HDX.

Each country's file has columns of its own taste; what is read is the p-code and the name of the
level, the total (``T_TL``), and the year, from a column or else from the name of the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._hdx import dataset, link, named, none_fits, of_level, resources, vintage
from polgap.sources.fetch._rows import csv_rows, to_csv
from polgap.sources.fetch.base import Collected, Terms, Wish, changed

TOTALS = ("t_tl", "t_total", "total", "population", "pop_total", "poptotal")
_NAME = ("name", "en", "fr", "es", "pt", "ar", "ht")

TERMS = Terms(pause=0.5)


@dataclass(frozen=True)
class CodPs:
    """The remote `cod_ps`."""

    name: str = "cod_ps"
    source: str = "population"
    title: str = "OCHA COD-PS: inhabitants by area, keyed by p-code"
    licence: str = "CC BY-IGO, stated for each data set"
    citation: str = "OCHA, Common Operational Datasets, data.humdata.org"
    by_hand: str = (
        "download the COD-PS CSV of the level at https://data.humdata.org and give it as "
        "--source population=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the inhabitants of the areas of a level (1 unless another is asked).

        Raises
        ------
        DataError
            If the set has no CSV of that level, or its columns are not understood.
        """
        land, level = country(wish.iso3), 1 if wish.level is None else wish.level
        about = dataset(f"cod-ps-{land.iso3.lower()}", client)
        found = resources(about, client.where)
        tables = [r for r in found if str(r["format"]).casefold() == "csv"]
        tables = [r for r in tables if of_level(named(r), level)]
        if not tables:
            wanted = f"a CSV of level {level}. Instead: {self.by_hand}"
            raise none_fits(found, wanted, client.where)
        best = _newest(tables, wish.until)
        text = client.get(link(best), resume=True).text()
        rows = _rows(text, level, land.iso3, _year(best), client.where)
        columns = list(rows[0])
        licence = str(about.get("license_title") or "not stated")
        citation = f"{self.citation}; origin: {about.get('dataset_source') or 'not stated'}"
        return Collected(to_csv(columns, rows), "csv", len(rows), vintage(about, best), licence,
                         citation, more={"caveats": str(about.get("caveats") or "")})  # fmt: skip


def _newest(tables: Sequence[Mapping[str, Any]], until: str) -> Mapping[str, Any]:
    """Return the table of the latest year that is not after the months wanted, else the first."""
    past = [r for r in tables if not until or _year(r) <= until[:4]] or tables
    return max(past, key=lambda r: (_year(r), str(r.get("last_modified") or ""), str(r["name"])))


def _year(resource: Mapping[str, Any]) -> str:
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", named(resource))
    return max(found, default="")


def _rows(text: str, level: int, iso3: str, year: str, where: str) -> list[dict[str, str]]:
    """Return the areas in the layout of the global COD-PS table."""
    raw = list(csv_rows(io.StringIO(text, newline=""), (), where))
    raw = [r for r in raw if not all(v.startswith("#") for v in r.values() if v)]
    names = {k.casefold().strip(): k for k in (raw[0] if raw else {})}
    code = names.get(f"adm{level}_pcode") or names.get(f"admin{level}pcode")
    total = next((names[t] for t in TOTALS if t in names), None)
    if not raw or code is None or total is None:
        wanted = f"columns ADM{level}_PCODE and {TOTALS[0].upper()}"
        raise changed(f"columns {list(names)[:10]}", wanted, where)
    name = next((names[k] for n in _NAME if (k := f"adm{level}_{n}") in names), code)
    parent = names.get(f"adm{level - 1}_pcode", "")
    dated = names.get("year") or names.get("reference_year") or ""
    return [
        {
            "ISO3": iso3,
            **({f"ADM{level - 1}_PCODE": row[parent]} if parent and level > 1 else {}),
            f"ADM{level}_PCODE": row[code],
            f"ADM{level}_NAME": row[name],
            "Population_group": "T_TL",
            "Population": row[total],
            "Reference_year": (row[dated] if dated else "") or year,
        }
        for row in raw
        if row[code]
    ]


SOURCE = CodPs()
