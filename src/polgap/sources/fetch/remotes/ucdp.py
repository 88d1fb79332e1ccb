"""UCDP GED as files, without a token: the yearly release and, after it, the candidate events.

The yearly release Y.1 covers 1989 to December Y-1. Candidates come by month (``v26_0_8``) and, when
some months have passed, consolidated from January on (``v26_01_26_06``); the months inside may then
be gone. Each also brings late events of earlier months, and revises events under the same id, so
releases are read oldest first and the last word on an event stands. ``--until`` decides how many
are needed; without it only the yearly release is taken. The file holds the events of the country
alone; that the release covers years without events is kept in the sidecar.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from polgap.sources._countries import Country, country
from polgap.sources.fetch._answer import Answer
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._rows import csv_rows, to_csv
from polgap.sources.fetch._ucdp import BY_HAND, CITATION, FIRST, KEPT, LICENCE, NEEDED, by_id, month
from polgap.sources.fetch.base import Collected, Terms, Wish, changed, failed

SITE = "https://ucdp.uu.se/downloads"
_BACK = 2
_CONSOLIDATED = (12, 9, 6, 3)
"""Months with which a consolidated release may end, the longest first."""

TERMS = Terms(pause=1.0)


@dataclass(frozen=True)
class Ucdp:
    """The remote `ucdp`."""

    name: str = "ucdp"
    source: str = "ucdp_ged"
    title: str = "UCDP GED: yearly file and monthly candidates, no token"
    licence: str = LICENCE
    citation: str = CITATION
    by_hand: str = BY_HAND
    terms: Terms = TERMS

    def collect(self, wish: Wish, client: Client) -> Collected:
        """Return the events of the country until the month wanted.

        Raises
        ------
        DataError
            If no release is found, one is broken, or none covers the months wanted yet.
        """
        land = country(wish.iso3)
        version, answer = _yearly(wish, client)
        year = 2000 + int(version.split(".")[0])
        rows, last, used = _mine(answer, land), f"{year - 1}-12", [version]
        for number, found in _candidates(last, wish.until, client):
            rows += [r for r in _mine(found[1], land) if f"{year - 1}-12" < month(r)]
            last = number
            used.append(found[0])
        end = wish.until or last
        rows = [r for r in by_id(rows) if month(r) <= end]
        vintage = f"UCDP GED {used[0]}"
        if used[1:]:
            vintage += f", candidates {', '.join(used[1:])}"
        return Collected(to_csv(KEPT, rows), "csv", len(rows), vintage, covers_from=FIRST,
                         covers_until=end)  # fmt: skip


def _yearly(wish: Wish, client: Client) -> tuple[str, Answer]:
    """Return the version and the file of the yearly release, the newest unless one is asked."""
    this = datetime.now(UTC).year % 100
    asked = [wish.version] if wish.version else [f"{y}.1" for y in range(this, this - _BACK, -1)]
    for version in asked:
        if not (version.endswith(".1") and version[:-2].isdigit() and len(version) == 4):
            raise failed(repr(version), "a yearly release such as 26.1", "version", client.where)
        url = f"{SITE}/ged/ged{version.replace('.', '')}-csv.zip"
        if found := client.find(url, resume=True):
            return version, found
    if client.offline or wish.version:
        return asked[0], client.get(f"{SITE}/ged/ged{asked[0].replace('.', '')}-csv.zip")
    got = f"no release {' or '.join(asked)} at {SITE}/ged"
    raise failed(got, f"one of them. Without: {BY_HAND}", "not_found", client.where)


def _candidates(last: str, until: str, client: Client) -> Iterator[tuple[str, tuple[str, Answer]]]:
    """Give the candidate releases after a month, oldest first: last month covered, name, file.

    Raises
    ------
    DataError
        If a month is not covered by any.
    """
    for year in range(int(last[:4]) + 1, int(until[:4] or 0) + 1):
        wanted = int(until[5:7]) if year == int(until[:4]) else 12
        short, done = f"{year % 100:02d}", 0
        for end in _CONSOLIDATED:
            name = f"v{short}_01_{short}_{end:02d}"
            if found := client.find(f"{SITE}/candidateged/GEDEvent_{name}.csv", resume=True):
                done = end
                yield f"{year}-{end:02d}", (name[1:].replace("_", "."), found)
                break
        for number in range(done + 1, wanted + 1):
            name = f"v{short}_0_{number}"
            found = client.find(f"{SITE}/candidateged/GEDEvent_{name}.csv", resume=True)
            if found is None:
                known = f"{year}-{number - 1:02d}" if number > 1 else f"{year - 1}-12"
                raise _too_new(known, until, client)
            yield f"{year}-{number:02d}", (name[1:].replace("_", "."), found)


def _too_new(last: str, until: str, client: Client) -> Exception:
    where = "the cache" if client.offline else SITE
    got = f"events until {last} in {where}"
    wanted = f"events until {until}; take --until {last}, or wait for the next candidate release"
    return failed(got, wanted, "not_covered", client.where)


def _mine(answer: Answer, land: Country) -> list[dict[str, Any]]:
    """Return the events of the country in a release, the columns that are kept."""
    with _opened(answer) as handle:
        rows = csv_rows(handle, NEEDED, answer.where)
        mine = [
            {k: row.get(k, "") for k in KEPT}
            for row in rows
            if land.matches("gw", row["country_id"])
        ]
    bad = next((r for r in mine if len(month(r)) < 7), None)
    if bad is not None:
        raise changed(f"date_end {bad['date_end']!r}", "a date YYYY-MM-DD", answer.where)
    return mine


@contextmanager
def _opened(answer: Answer) -> Iterator[TextIO]:
    """Give the table of a release, packed or not."""
    with answer.path.open("rb") as raw:
        packed = raw.read(4) == b"PK\x03\x04"
    if not packed:
        with answer.path.open(encoding="utf-8-sig", newline="") as handle:
            yield handle
        return
    try:
        with zipfile.ZipFile(answer.path) as archive:
            tables = [n for n in archive.namelist() if n.casefold().endswith(".csv")]
            if len(tables) != 1:
                raise changed(f"files {archive.namelist()[:4]}", "one CSV in the zip", answer.where)
            with archive.open(tables[0]) as member:
                yield io.TextIOWrapper(member, encoding="utf-8-sig", newline="")
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise failed(f"a broken zip ({error})", "a whole one", "truncated", answer.where) from error


SOURCE = Ucdp()
