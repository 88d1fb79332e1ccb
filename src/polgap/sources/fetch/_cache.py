"""Answers kept on disk, by address: what was got once can be used again without a network.

One answer is two files: the body, and what is known of it (address, day, validators, SHA-256).
The name is a hash of the address without secrets. A body that no longer has its hash is as good
as none. A download under way is a third file, ``.part``, with its validators beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kept:
    """What is known of a stored answer.

    Parameters
    ----------
    url : str
        Without secrets.
    at : str
        When it was last known to be the answer, ISO 8601, UTC.
    sha256 : str
    kind : str
        Content type as the server stated it.
    etag, last_modified : str
        Validators; "" = none.
    """

    url: str
    at: str
    sha256: str
    kind: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Slot:
    """Place of one answer in the cache."""

    body: Path

    @property
    def part(self) -> Path:
        """Download under way."""
        return self.body.with_suffix(".part")

    @property
    def about(self) -> Path:
        """What is known of the body."""
        return self.body.with_suffix(".json")

    @property
    def about_part(self) -> Path:
        """What is known of the download under way."""
        return self.body.with_suffix(".part.json")

    def read(self) -> Kept | None:
        """Return what is known of the stored answer; None if it is absent or damaged."""
        kept = _load(self.about, Kept)
        if kept is None or not self.body.is_file():
            return None
        return kept if digest(self.body) == kept.sha256 else None

    def begun(self) -> tuple[int, str]:
        """Return the bytes and the validator of a download that can go on (0, "" for none)."""
        about = _json(self.about_part)
        validator = str(about.get("validator") or "")
        size = self.part.stat().st_size if self.part.is_file() else 0
        return (size, validator) if size and validator else (0, "")

    def begin(self, validator: str) -> None:
        """Note by which validator the download under way may go on."""
        replace_text(self.about_part, json.dumps({"validator": validator}))

    def drop_part(self) -> None:
        """Forget the download under way."""
        self.part.unlink(missing_ok=True)
        self.about_part.unlink(missing_ok=True)

    def drop(self) -> None:
        """Forget the stored answer."""
        self.about.unlink(missing_ok=True)
        self.body.unlink(missing_ok=True)

    def store(self, whole: Path, kept: Kept) -> None:
        """Make a finished download the answer."""
        self.about.unlink(missing_ok=True)
        whole.replace(self.body)
        self.note(kept)
        self.drop_part()

    def note(self, kept: Kept) -> None:
        """Write what is known of the body."""
        replace_text(self.about, json.dumps(asdict(kept), indent=1, sort_keys=True))


def slot(folder: Path, url: str) -> Slot:
    """Return the place of the answer of an address (without secrets)."""
    folder.mkdir(parents=True, exist_ok=True)
    return Slot(folder / f"{hashlib.sha256(url.encode()).hexdigest()[:40]}.body")


def cache_folder() -> Path:
    """Return where answers are kept: ``POLGAP_CACHE``, else the user's cache folder."""
    named = os.environ.get("POLGAP_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".cache") / "polgap" / "fetch"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def replace_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8", newline="")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def _json(path: Path) -> dict[str, Any]:
    try:
        block = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return block if isinstance(block, dict) else {}


def _load(path: Path, kind: type[Kept]) -> Kept | None:
    try:
        return kind(**_json(path))
    except TypeError:
        return None
