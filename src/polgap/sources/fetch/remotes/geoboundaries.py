"""geoBoundaries, open release: outlines of one country and level, with the licence of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polgap.sources._countries import country
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._geojson import features
from polgap.sources.fetch._rows import count, entry, require_all
from polgap.sources.fetch.base import Collected, Terms, Wish, changed

SITE = "https://www.geoboundaries.org/api/current/gbOpen"

TERMS = Terms(pause=0.5)


@dataclass(frozen=True)
class GeoBoundaries:
    """The remote `geoboundaries`."""

    name: str = "geoboundaries"
    source: str = "areas"
    title: str = "geoBoundaries gbOpen: outlines by country and level"
    licence: str = "open, stated for each boundary"
    citation: str = "Runfola et al. 2020, PLoS ONE 15(4): e0231866"
    by_hand: str = (
        "download the GeoJSON at https://www.geoboundaries.org and give it as --source areas=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the outlines of a level (1 unless another is asked).

        Raises
        ------
        DataError
            If there is no such boundary, or it holds more or fewer areas than it states.
        """
        land, level = country(wish.iso3), f"ADM{1 if wish.level is None else wish.level}"
        block = client.get(f"{SITE}/{land.iso3}/{level}/").json()
        about = _boundary(block, land.iso3, level, client.where)
        link = entry(about, "gjDownloadURL", client.where)
        if not isinstance(link, str) or not link.startswith("https://"):
            raise changed(f"gjDownloadURL {link!r}", "an address with https", client.where)
        text = client.get(link, resume=True).text()
        found = features(text, client.where)
        stated = count(entry(about, "admUnitCount", client.where), "admUnitCount", client.where)
        require_all(len(found), stated, "areas", client.where)
        year = str(about.get("boundaryYearRepresented") or "").removesuffix(".0")
        origin = ", ".join(
            str(about[k]) for k in ("boundarySource", "boundarySource-1", "boundarySource-2")
            if about.get(k)
        )  # fmt: skip
        vintage = f"{about.get('boundaryID', level)}, state of {year or 'unknown year'}"
        licence = str(about.get("boundaryLicense") or "not stated")
        citation = f"{self.citation}; origin: {origin or 'not stated'}"
        return Collected(text, "geojson", len(found), vintage, licence, citation)


def _boundary(block: Any, iso3: str, level: str, where: str) -> Mapping[str, Any]:
    """Return what is said of the boundary, in an object or in a list of them."""
    rows = block if isinstance(block, list) else [block]
    for row in rows:
        if not isinstance(row, dict):
            continue
        if (row.get("boundaryISO"), row.get("boundaryType")) == (iso3, level):
            return row
    raise changed(f"{str(block)[:80]!r}", f"the boundary {iso3} {level}", where)


SOURCE = GeoBoundaries()
