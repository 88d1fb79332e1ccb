"""What lies beside a fetched file: where it came from, under which licence, which vintage.

``polgap fetch`` writes ``FILE.source.json``; the import reads it. It counts only as long as the
file is the one it speaks of: an edited file is the planner's own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Sidecar:
    """Origin of a fetched file.

    Parameters
    ----------
    source : str
        Remote it came from.
    feeds : str
        Source that reads it.
    url : tuple of str
        Addresses asked, without tokens.
    licence, citation, vintage : str
    accessed : str
        Day of the oldest answer it was made of, ``YYYY-MM-DD``.
    sha256 : str
        Of the file.
    rows : int
    country : str
    covers_from, covers_until : str
        Months that the data set covers; "" = not stated.
    caveats : str
        What the origin warns of.
    """

    source: str
    feeds: str
    url: tuple[str, ...]
    licence: str
    citation: str
    vintage: str
    accessed: str
    sha256: str
    rows: int
    country: str = ""
    covers_from: str = ""
    covers_until: str = ""
    caveats: str = ""

    @property
    def said(self) -> str:
        """Origin in one line."""
        return f"{self.source}: {self.vintage}, accessed {self.accessed}"

    def text(self) -> str:
        """Return the sidecar as it is written."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def beside(path: Path) -> Path:
    """Return where the sidecar of a file lies.

    Examples
    --------
    >>> beside(Path("a/b.csv")).as_posix()
    'a/b.csv.source.json'
    """
    return path.with_name(f"{path.name}.source.json")


def sidecar_of(path: Path) -> Sidecar | None:
    """Return the sidecar of a file; None without one, or when the file is no longer the same."""
    try:
        block = json.loads(beside(path).read_text(encoding="utf-8"))
        found = Sidecar(**{**block, "url": tuple(block["url"])})
        same = found.sha256 == sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if same else None
