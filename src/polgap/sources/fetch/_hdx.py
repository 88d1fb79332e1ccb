"""HDX: find the right file of a data set by format and name, since file names change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import entry, records
from polgap.sources.fetch.base import changed, failed

SITE = "https://data.humdata.org/api/3/action/package_show"


def dataset(name: str, client: Client) -> Mapping[str, Any]:
    """Return what HDX says of a data set.

    Raises
    ------
    DataError
        If there is none, or the answer has changed.
    """
    block = client.get(SITE, {"id": name}).json()
    found = block.get("result", block) if isinstance(block, dict) else block
    if not isinstance(found, dict):
        raise changed(f"{str(block)[:60]!r}", "a data set", client.where)
    return found


def resources(about: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """Return the files of a data set.

    Raises
    ------
    DataError
    """
    found = records(entry(about, "resources", where), ("name", "format"), where)
    return [r for r in found if link(r)]


def link(resource: Mapping[str, Any]) -> str:
    """Return where a file lies."""
    address = resource.get("download_url") or resource.get("url") or ""
    return address if isinstance(address, str) and address.startswith("https://") else ""


def named(resource: Mapping[str, Any]) -> str:
    """Return the name of a file and of its address, in lower case."""
    return f"{resource['name']} {link(resource).rsplit('/', 1)[-1]}".casefold()


def of_level(text: str, level: int) -> bool:
    """Return whether a name speaks of an administrative level.

    Examples
    --------
    >>> of_level("caf_admpop_adm1_2015_v2.csv", 1), of_level("ssd_admin2.geojson", 1)
    (True, False)
    """
    return bool(re.search(rf"adm(in)?[ _-]?{level}(?!\d)", text.casefold()))


def vintage(about: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """Return version and dates of a file as HDX states them."""
    span = re.findall(r"\d{4}-\d{2}-\d{2}", str(about.get("dataset_date") or ""))
    said = f"data of {' to '.join(sorted(set(span)))}, " if span else ""
    return f"{said}file of {str(resource.get('last_modified') or 'unknown date')[:10]}"


def none_fits(found: Sequence[Mapping[str, Any]], wanted: str, where: str) -> Exception:
    """Return the error where no file of a data set can be used, naming those there are."""
    names = ", ".join(f"{r['name']} ({r['format']})" for r in found[:8]) or "none"
    return failed(f"files {names}", wanted, "no_file", where)
