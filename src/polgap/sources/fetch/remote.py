"""What every remote states, and how it is called.

A remote is one place on the network that publishes files of a source PolGap can read. It says how
to ask (addresses, pages, token) and turns the answers into the text of one file, which the source
of the same data then reads from disk. It holds no connection: `Client` does the asking, so that
waiting, caching, resuming and secrets are handled in one place.
"""

from __future__ import annotations

from typing import Protocol

from polgap.sources.fetch._client import Client
from polgap.sources.fetch.base import Collected, Terms, Wish


class Remote(Protocol):
    """One remote source."""

    @property
    def name(self) -> str:
        """Name on the command line."""

    @property
    def source(self) -> str:
        """Source of ``--source`` that reads what it gives."""

    @property
    def title(self) -> str:
        """What it is, for people."""

    @property
    def licence(self) -> str:
        """Licence as far as stated."""

    @property
    def citation(self) -> str:
        """How to cite it."""

    @property
    def by_hand(self) -> str:
        """The road without this command: which file to download where."""

    @property
    def terms(self) -> Terms:
        """How it wants to be asked."""

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Ask, check that the answer is whole, and return the file.

        Raises
        ------
        DataError
            If an answer is missing, truncated or not what was agreed.
        """
