"""An answer that came whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from polgap.sources._files import decode
from polgap.sources.fetch._cache import Kept
from polgap.sources.fetch.base import changed


@dataclass(frozen=True)
class Answer:
    """An answer that is whole and on disk.

    Parameters
    ----------
    path : Path
        In the cache: to be read, not changed.
    kept : Kept
    where : str
        Name of the remote, for messages.
    """

    path: Path
    kept: Kept
    where: str

    def text(self) -> str:
        """Return the body as text."""
        return decode(self.path.read_bytes(), self.where)

    def json(self) -> Any:
        """Return the body as JSON.

        Raises
        ------
        DataError
            If it is none: an error page, or an answer that was cut off.
        """
        text = self.text()
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            start = " ".join(text[:60].split())
            kind = f" of type {self.kept.kind}" if self.kept.kind else ""
            got = f"no JSON{kind} ({error}): {start!r}"
            raise changed(got, f"JSON from {self.kept.url}", self.where) from error
