"""Put a fetched file where the planner wants it, whole and readable, with its sidecar."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from polgap.errors import DataError, Problem
from polgap.sources._sidecar import Sidecar, beside
from polgap.sources.base import Context, problems_of
from polgap.sources.fetch._cache import Kept
from polgap.sources.fetch.base import Collected, Wish
from polgap.sources.fetch.remote import Remote
from polgap.sources.registry import source


def deliver(
    remote: Remote, wish: Wish, collected: Collected, used: Sequence[Kept], out: Path
) -> tuple[Path, Sidecar]:
    """Write the file and its sidecar, both or neither, and return where and what.

    Raises
    ------
    DataError
        If the source of the same data cannot read the file; nothing is written then.
    """
    parts = (remote.name, wish.iso3.upper(), wish.mission if not wish.iso3 else "", _level(wish))
    name = "_".join(p for p in parts if p) + f".{collected.ending}"
    raw = collected.text.encode()
    about = Sidecar(
        source=remote.name,
        feeds=remote.source,
        url=tuple(dict.fromkeys(k.url for k in used)),
        licence=collected.licence or remote.licence,
        citation=collected.citation or remote.citation,
        vintage=collected.vintage,
        accessed=min((k.at[:10] for k in used), default=""),
        sha256=sha256(raw).hexdigest(),
        rows=collected.rows,
        country=wish.iso3.upper(),
        covers_from=collected.covers_from,
        covers_until=collected.covers_until,
        caveats=str(collected.more.get("caveats", "")),
    )
    out.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".polgap-fetch-", dir=out))
    try:
        draft = scratch / name
        draft.write_bytes(raw)
        beside(draft).write_text(about.text(), encoding="utf-8")
        _require_readable(remote, wish, collected, draft)
        beside(out / name).unlink(missing_ok=True)
        draft.replace(out / name)
        beside(draft).replace(beside(out / name))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return out / name, about


def _level(wish: Wish) -> str:
    return "" if wish.level is None else f"adm{wish.level}"


def _require_readable(remote: Remote, wish: Wish, collected: Collected, draft: Path) -> None:
    """Raise where the source that the file is meant for refuses it."""
    context = Context(
        wish.iso3.upper(), wish.mission or collected.mission, wish.until, collected.covers_from
    )
    try:
        source(remote.source).parse(draft, context)
    except DataError as error:
        problems = problems_of(error, draft.name)
        head = Problem(
            f"an answer that the source {remote.source} refuses ({len(problems)} problems)",
            f"one it can read. The road by hand: {remote.by_hand}", "unreadable_answer",
            remote.name,
        )  # fmt: skip
        raise type(error)([head, *problems]) from error
