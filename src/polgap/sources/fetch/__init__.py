"""Fetch: get public data over the network as files that the sources read.

`fetch` gets one file; `REMOTES` lists what can be got and `BY_HAND` what a person must download.
Nothing else in PolGap reaches for the network, and nothing of this is imported by a run.
"""

import time
from collections.abc import Callable
from pathlib import Path

from polgap.errors import DataError, StudyError
from polgap.sources._sidecar import Sidecar
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._deliver import deliver
from polgap.sources.fetch.base import Wish, failed
from polgap.sources.fetch.registry import BY_HAND, REMOTES, remote

BAD_ANSWERS = frozenset({"changed_answer", "truncated", "unreadable_answer", "not_text"})
"""Problems that lie in what was answered: it is not kept, so that the next call asks anew."""

__all__ = ["BY_HAND", "REMOTES", "Sidecar", "Wish", "fetch", "remote"]


def fetch(
    name: str, wish: Wish, out: Path, *, offline: bool = False, refresh: bool = False,
    show: Callable[[str], None] = lambda text: None, wait: Callable[[float], None] = time.sleep,
) -> tuple[Path, Sidecar]:  # fmt: skip
    """Get what is wished from a remote and return the file and what is known of it.

    Parameters
    ----------
    name : str
        One of `REMOTES`.
    wish : Wish
    out : Path
        Folder of the file and of its sidecar.
    offline : bool
        Answer from the cache only.
    refresh : bool
        Ask even where the cache is younger than a day.
    show, wait : callable
        Shows progress; waits a number of seconds.

    Raises
    ------
    DataError
        If it cannot be had; then nothing is written.
    StudyError
        If both `offline` and `refresh` are asked.
    """
    if offline and refresh:
        raise StudyError("fetch: got --offline and --refresh; wanted one of them")
    chosen = remote(name)
    line = Client(name, chosen.terms, chosen.by_hand, offline, refresh, show=show, wait=wait)
    try:
        collected = chosen.collect(wish, line)
        return deliver(chosen, wish, collected, line.used, out)
    except DataError as error:
        if not offline and {p.code for p in error.problems} & BAD_ANSWERS:
            line.forget()
        raise
    except OSError as error:
        raise failed(str(error), "folders that can be written, and room", "disk", name) from error
    finally:
        line.close()
