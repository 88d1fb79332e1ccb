"""GeoJSON that was downloaded: whole, and GeoJSON at all."""

from __future__ import annotations

import json
from typing import Any

from polgap.sources.fetch.base import changed, failed

_POINTER = "version https://git-lfs"


def features(text: str, where: str) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON text.

    Raises
    ------
    DataError
        If the text is cut off, a Git LFS pointer, or another JSON.
    """
    if text.startswith(_POINTER):
        raise failed("a pointer instead of the file (Git LFS)", "GeoJSON", "changed_answer", where)
    try:
        block = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise failed(f"no whole JSON ({error})", "GeoJSON", "truncated", where) from error
    found = block.get("features") if isinstance(block, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(f, dict) for f in found):
        raise changed("no features", "a FeatureCollection with features", where)
    return found
