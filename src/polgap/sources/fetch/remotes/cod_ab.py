"""OCHA COD-AB: the outlines that humanitarian p-codes belong to, from HDX."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from polgap.sources._countries import country
from polgap.sources.fetch._answer import Answer
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._geojson import features
from polgap.sources.fetch._hdx import dataset, link, named, none_fits, of_level, resources, vintage
from polgap.sources.fetch.base import Collected, Terms, Wish, failed

_MOST = 1 << 30

TERMS = Terms(pause=0.5)


@dataclass(frozen=True)
class CodAb:
    """The remote `cod_ab`."""

    name: str = "cod_ab"
    source: str = "areas"
    title: str = "OCHA COD-AB: outlines with p-codes"
    licence: str = "CC BY-IGO, stated for each data set"
    citation: str = "OCHA, Common Operational Datasets, data.humdata.org"
    by_hand: str = (
        "download the COD-AB of the country at https://data.humdata.org, in QGIS save the level "
        "as a GeoPackage in EPSG:4326, and give it as --source areas=FILE"
    )
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the outlines of a level (1 unless another is asked) from the GeoJSON of the set.

        Raises
        ------
        DataError
            If the set has no GeoJSON of that level, naming the files it has.
        """
        land, level = country(wish.iso3), 1 if wish.level is None else wish.level
        about = dataset(f"cod-ab-{land.iso3.lower()}", client)
        found = resources(about, client.where)
        shapes = [r for r in found if "geojson" in f"{r['format']} {named(r)}".casefold()]
        exact = [r for r in shapes if of_level(named(r), level)]
        whole = [r for r in shapes if not any(of_level(named(r), n) for n in range(5))]
        for resource in [*exact, *whole][:1]:
            text = _level(client.get(link(resource), resume=True), level)
            rows = features(text, client.where)
            licence = str(about.get("license_title") or "not stated")
            citation = f"{self.citation}; origin: {about.get('dataset_source') or 'not stated'}"
            said = vintage(about, resource)
            return Collected(text, "geojson", len(rows), said, licence, citation)
        raise none_fits(found, f"a GeoJSON of level {level}. Instead: {self.by_hand}", client.where)


def _level(answer: Answer, level: int) -> str:
    """Return the GeoJSON of a level: the file itself, or the member of a zip."""
    raw = answer.path.read_bytes()
    if raw[:4] != b"PK\x03\x04":
        return raw.decode("utf-8-sig", errors="replace")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [m for m in archive.infolist() if m.filename.casefold().endswith("json")]
            fits = [m for m in members if of_level(m.filename.rsplit("/", 1)[-1], level)]
            # Beside admin1 there may be admin1_em, the same with other names: the plain one.
            fits.sort(key=lambda m: len(m.filename))
            if not fits or fits[0].file_size > _MOST:
                got = f"members {[m.filename for m in members][:6]}"
                wanted = f"one GeoJSON of level {level}"
                raise failed(got, wanted, "no_file", answer.where)
            return archive.read(fits[0]).decode("utf-8-sig", errors="replace")
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise failed(f"a broken zip ({error})", "a whole one", "truncated", answer.where) from error


SOURCE = CodAb()
