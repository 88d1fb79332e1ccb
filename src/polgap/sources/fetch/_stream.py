"""Write a body to disk as it comes: whole, to go on later, or not at all."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import httpx2

from polgap.sources.fetch._cache import Slot, digest
from polgap.sources.fetch._patience import Busy, Stop
from polgap.sources.fetch._secrets import Secret

MOST_BYTES = 4 << 30
"""Size of a download that is still taken."""
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Body:
    """How a body is taken: may it go on later, and how much of it is there already."""

    resume: bool
    size: int = 0


def write_body(
    response: httpx2.Response, place: Slot, body: Body, secret: Secret
) -> tuple[Path, str]:
    """Return the file of a whole body and its SHA-256.

    Raises
    ------
    Busy
        If it is shorter than stated: to be asked for again.
    Stop
        If it is larger than is still taken.
    """
    validator = _validator(response)
    packed = "content-encoding" in response.headers
    if not body.resume or packed:
        return _write_page(response, place, secret)
    start = _start(response, body.size)
    if start < 0:
        place.drop_part()
        raise Busy("a part that does not fit", 0.0, "connection")
    if start == 0:
        place.drop_part()
        if validator:
            place.begin(validator)
    try:
        size = _append(response, place.part, start)
    except BaseException:
        if not place.begun()[0]:
            place.drop_part()
        raise
    _require_size(response, start, size, place)
    return place.part, digest(place.part)


def _write_page(response: httpx2.Response, place: Slot, secret: Secret) -> tuple[Path, str]:
    scratch = place.body.with_suffix(f".{os.getpid()}.new")
    try:
        _append(response, scratch, 0)
        if secret.value:
            scratch.write_bytes(secret.clean(scratch.read_bytes()))
        return scratch, digest(scratch)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _append(response: httpx2.Response, path: Path, start: int) -> int:
    """Write what comes behind the first `start` bytes and return the size."""
    size = start
    with path.open("r+b" if start else "wb") as handle:
        handle.seek(start)
        handle.truncate()
        for chunk in response.iter_bytes(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise Stop(f"more than {MOST_BYTES} bytes", "a smaller answer", "too_large")
            handle.write(chunk)
    return size


def _start(response: httpx2.Response, begun: int) -> int:
    """Return at which byte the body begins, -1 if that is not where we are."""
    if response.status_code != 206:
        return 0
    found = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
    return begun if begun and found and int(found[1]) == begun else -1


def _require_size(response: httpx2.Response, start: int, size: int, place: Slot) -> None:
    """Raise if the file is not as long as the server said it would be."""
    headers = response.headers
    total = re.search(r"/(\d+)$", headers.get("content-range", ""))
    stated = total[1] if total else headers.get("content-length", "")
    wanted = int(stated) + (0 if total else start) if stated.isdigit() else size
    if size != wanted:
        place.drop_part()
        raise Busy(f"{size} of {wanted} bytes", 0.0, "truncated")


def _validator(response: httpx2.Response) -> str:
    """Return a strong validator of a body; "" = it cannot go on later."""
    etag = str(response.headers.get("etag", ""))
    if etag and not etag.startswith("W/"):
        return etag
    return str(response.headers.get("last-modified", ""))
