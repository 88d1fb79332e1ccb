"""What every remote is asked, how it wants to be asked, and what it brings back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from polgap.errors import DataError, Problem


@dataclass(frozen=True)
class Wish:
    """What is asked of a remote.

    Parameters
    ----------
    iso3 : str
        Country.
    until : str
        Last month wanted, ``YYYY-MM``; "" = all there is.
    level : int
        Administrative level of areas and of figures by area; None = the usual one of the remote.
    version : str
        Version of the data set; "" = the newest that is found.
    mission : str
        Mission as the source writes it; "" = all.
    """

    iso3: str
    until: str = ""
    level: int | None = None
    version: str = ""
    mission: str = ""


@dataclass(frozen=True)
class Token:
    """A secret that a remote asks for: it goes out with each request and is stored nowhere.

    Parameters
    ----------
    variable : str
        Environment variable that holds it.
    header, parameter : str
        Header or parameter of the address it is sent as; one of the two.
    road : str
        How to get one.
    """

    variable: str
    header: str = ""
    parameter: str = ""
    road: str = ""


@dataclass(frozen=True)
class Terms:
    """How a remote wants to be asked.

    Parameters
    ----------
    pause : float
        Seconds from one request to the next.
    also_busy : frozenset of int
        Answers that this remote gives when it is asked too fast, besides the usual ones.
    token : Token or None
    """

    pause: float = 0.0
    also_busy: frozenset[int] = frozenset()
    token: Token | None = None


@dataclass(frozen=True)
class Collected:
    """The file a remote gives.

    Parameters
    ----------
    text : str
        Content of the file.
    ending : str
        ``csv`` or ``geojson``.
    rows : int
    vintage : str
        Version or date of the data, as the origin states it.
    licence, citation : str
        Where the answer states its own; "" = those of the remote.
    covers_from, covers_until : str
        Months that the data set covers, where that is known: silence inside them means none.
    mission : str
        A mission that is in the file, where it holds several: the file is read once with it.
    more : Mapping[str, Any]
        What else the origin says of itself and a reader should know.
    """

    text: str
    ending: str
    rows: int
    vintage: str
    licence: str = ""
    citation: str = ""
    covers_from: str = ""
    covers_until: str = ""
    mission: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def failed(got: str, wanted: str, code: str, where: str) -> DataError:
    """Return the one error that a failed download ends in.

    Examples
    --------
    >>> print(failed("12 rows", "20 rows", "truncated", "ucdp_api"))
    ucdp_api: got 12 rows; wanted 20 rows [truncated]
    """
    return DataError([Problem(got, wanted, code, where)])


def changed(got: str, wanted: str, where: str) -> DataError:
    """Return the error for an answer that is no longer what this remote knows."""
    return failed(got, f"{wanted} (the source may have changed)", "changed_answer", where)


def require_columns(found: Sequence[str], wanted: Sequence[str], where: str) -> None:
    """Raise where columns are missing, naming all of them.

    Raises
    ------
    DataError
    """
    missing = [c for c in wanted if c not in found]
    if missing:
        raise changed(f"columns {list(found)[:8]}", f"columns {', '.join(missing)}", where)
