"""Bytes and text: find a file, unpack it within limits, and say in which encoding it is."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from polgap.errors import DataError, Problem

MOST_BYTES = 1 << 30
"""Unpacked size that is still read."""
MOST_RATIO = 400
"""Unpacked over packed size beyond which an archive is refused (tables reach about 50)."""

_SHEETS = ("[Content_Types].xml", "content.xml")


def resolve(path: str | Path, roots: Sequence[Path]) -> Path:
    """Return the first existing file of `path` under `roots` (an absolute path stands alone).

    Raises
    ------
    DataError
        If there is no such file, naming where it was looked for.

    Examples
    --------
    >>> resolve("no_such.csv", [Path("a"), Path("b")])
    Traceback (most recent call last):
    polgap.errors.DataError: no_such.csv: got no such file; \
wanted a file in a, b [missing_file]
    """
    for root in roots or [Path()]:
        found = root / path
        if found.is_file():
            return found
    where = ", ".join(str(r) for r in roots) or "the current folder"
    raise DataError([Problem("no such file", f"a file in {where}", "missing_file", str(path))])


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; gzip, and a zip of one file, are unpacked by their content.

    Raises
    ------
    DataError
        If the file is missing, empty, a broken archive, a workbook, or unpacks to too much.
    """
    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError([Problem(str(error), "a readable file", "missing_file", name)]) from error
    if raw[:2] == b"\x1f\x8b":
        raw = _gunzip(raw, name)
    elif raw[:4] == b"PK\x03\x04" or path.suffix.lower() == ".zip":
        raw = _unzip(raw, name)
    if not raw.strip():
        raise DataError([Problem("an empty file", "a header and rows", "empty_file", name)])
    return raw


def _gunzip(raw: bytes, name: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as handle:
            out = handle.read(_limit(len(raw)) + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError([Problem(str(error), "a whole gzip file", "broken_gzip", name)]) from error
    _require_small(len(out), len(raw), name)
    return out


def _unzip(raw: bytes, name: str) -> bytes:
    wanted = "a zip that holds one CSV or GeoJSON file"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            names = [m.filename for m in members]
            if any(n in _SHEETS for n in names):
                raise DataError([Problem("a workbook", "each sheet saved as CSV", "not_csv", name)])
            tables = [m for m in members if not m.filename.startswith("__MACOSX/")]
            if len(tables) != 1:
                raise DataError([Problem(f"{len(tables)} files {names[:5]}", wanted, "zip", name)])
            _require_small(tables[0].file_size, len(raw), name)
            with archive.open(tables[0]) as handle:
                out = handle.read(_limit(len(raw)) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise DataError([Problem(str(error), wanted, "broken_zip", name)]) from error
    _require_small(len(out), len(raw), name)
    return out


def _limit(packed: int) -> int:
    return min(MOST_BYTES, max(packed * MOST_RATIO, 1 << 20))


def _require_small(unpacked: int, packed: int, name: str) -> None:
    if unpacked > _limit(packed):
        wanted = f"at most {_limit(packed)} bytes unpacked"
        raise DataError([Problem(f"{unpacked} bytes or more", wanted, "too_large", name)])


def decode(raw: bytes, name: str) -> str:
    """Return text in UTF-8 (with or without mark), UTF-16, or else Western European.

    Raises
    ------
    DataError
        If the bytes are no text.

    Examples
    --------
    >>> decode("été".encode("utf-16"), "a.csv"), decode("été".encode("latin-1"), "a.csv")
    ('été', 'été')
    """
    text = _decoded(raw)
    if "\x00" in text:
        raise DataError([Problem("binary content", "a text file", "not_text", name)])
    return text


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    head = raw[:4000]
    if head[1::2].count(0) > 0.4 * len(head[1::2]) > 0:
        return raw.decode("utf-16-le", errors="replace")
    if head[::2].count(0) > 0.4 * len(head[::2]) > 0:
        return raw.decode("utf-16-be", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
