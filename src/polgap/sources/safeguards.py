"""Refuse content about persons and about group identity: area level only, never persons.

Two looks. Headers are compared, word by word, with ``catalogue/safeguard_words.csv`` (English,
French, Spanish, Arabic in Latin letters): a column of first names, passports or ethnicity is
refused whatever it holds. Cells are looked at for e-mail addresses, telephone numbers and personal
names, since a header may say "remarks"; whole columns for dates of birth, identity numbers and
words for beliefs or belonging. Refused content stops the import; nothing is dropped in silence.

What passes, on purpose, stands in ``catalogue/safeguard_passes.csv`` with the reason: `name` of an
area or a town, shares of women, counts of victims or detainees, contributors, religious sites,
phone coverage. Columns of a known layout that are never read (the dyads and actors of UCDP) are
dropped by their source before they get here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

import pandas as pd

from polgap.errors import Problem
from polgap.sources._content import affiliations, dates_of_birth, identity_numbers
from polgap.sources._geometry import slug
from polgap.sources._sheet import plain

PERSON = "no column about persons (PolGap works with areas and counts only)"
GROUP = "no column about group identity (PolGap works with areas and counts only)"

AFFILIATION = "what looks like beliefs or belonging"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
_ABROAD = re.compile(r"(?<![\w.])(?:\+|00)[1-9](?:[\s().-]{0,2}\d){8,13}(?![\d.,]|\s?\d)")
_AT_HOME = re.compile(r"\(?0\d{1,3}\)?(?:[\s.-]\d{2,4}){2,5}")
_DECIMAL = re.compile(r"[+-]?\d+\.\d+")
_SOLID = re.compile(r"0\d{8,10}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mme|Mlle|Sgt|Cpl|Capt|Lt|Maj|Col|Brig|Insp)\.?\s+(?:[A-Z]\.\s*)?"
    r"[A-Z][\w'’-]+"
)
_ROLES = ("assessor_role", "verified_by", "owner_role", "monitor", "sign_off")
_PLACES = ("name", "town", "area", "parent", "base", "institution", "recipient", "provider",
           "contributor",
           "mission", "task", "where_coordinates", "adm_1", "adm_2")  # fmt: skip
_OF_EVENTS = ("start", "end", "event", "incident", "begin", "debut", "fin")
_CODES = ("id", "gid", "pcode", "shapeid", "event", "geonameid", "area")


def check_headers(headers: Iterable[str], file: str, *, places: bool = False) -> list[Problem]:
    """Return a problem for each column whose header speaks of persons or group identity.

    Parameters
    ----------
    headers : iterable of str
    file : str
    places : bool
        The table lists places, so ``full name`` is that of a place.

    Examples
    --------
    >>> [p.column for p in check_headers(["Prénom", "women", "religious_site"], "a.csv")]
    ['Prénom']
    """
    problems = []
    for header in headers:
        kind = refused_kind(header, places=places)
        if kind:
            wanted = PERSON if kind == "person" else GROUP
            problems.append(
                Problem(f"the column {header!r}", wanted, f"safeguard_{kind}", file,
                        row=1, column=header)
            )  # fmt: skip
    return problems


def refused_kind(header: str, *, places: bool = False) -> str | None:
    """Return ``person`` or ``group`` if a header is refused, else None.

    Examples
    --------
    >>> refused_kind("officerName"), refused_kind("ETHNIC_GROUP"), refused_kind("sector")
    ('person', 'group', None)
    >>> refused_kind("phone_coverage"), refused_kind("dateOfBirth"), refused_kind("nom")
    (None, 'person', None)
    """
    words = _words(header)
    text = f" {' '.join(words)} "
    known = _word_list()
    for phrase in known["pass"]:
        text = text.replace(f" {phrase} ", "  ")
    if places:
        text = text.replace(" full name ", "  ")
    solid = "".join(words)
    for kind in ("person", "group"):
        if any(f" {p} " in text for p in known[kind]) and text.strip():
            return kind
        if text.strip() and solid in {p.replace(" ", "") for p in known[kind]}:
            return None if places and solid == "fullname" else kind
    return None


def check_cells(frame: pd.DataFrame, file: str, *, free: Collection[str] = ()) -> list[Problem]:
    """Return a problem for each column whose cells hold addresses, numbers or names of persons.

    Parameters
    ----------
    frame : pd.DataFrame
        Cells as text; the index is the row number.
    file : str
    free : collection of str
        Columns that hold names of places or codes beyond the usual ones: not taken for persons.
    """
    problems = []
    for column in frame.columns:
        cells = frame[column]
        cells = cells[cells != ""]
        if cells.empty:
            continue
        row, what = _found(str(column), cells, {*free})
        if not what and str(column) not in free and plain(str(column)) not in _PLACES:
            row, what = int(str(cells.index[0])), _told(str(column), cells)
        if what:
            kind, wanted = ("group", GROUP) if what == AFFILIATION else ("person", PERSON)
            problems.append(
                Problem(what, wanted, f"safeguard_{kind}", file, row=row, column=str(column))
            )
    return problems


def _told(column: str, cells: pd.Series) -> str:
    """Return what a whole column gives away under a header that says nothing ("" for nothing)."""
    if affiliations(cells, _word_list()["affiliation"]):
        return AFFILIATION
    unique = [str(c) for c in cells.drop_duplicates()]
    if not any(word in plain(column) for word in _OF_EVENTS) and dates_of_birth(unique):
        return "what looks like dates of birth"
    if column not in _CODES and identity_numbers(unique):
        return "what looks like identity numbers"
    return ""


def _found(column: str, cells: pd.Series, free: set[str]) -> tuple[int, str]:
    """Return the row and the kind of the first personal content of a column (0, "" for none)."""
    unique = cells.drop_duplicates()
    for row, cell in unique.items():
        if "@" in cell and _EMAIL.search(cell):
            return int(str(row)), "an e-mail address"
        if (cell[:1] == "+" or "+" in cell or "00" in cell) and _is_abroad(cell):
            return int(str(row)), "a telephone number"
    if column not in _CODES and column not in free:
        home = unique[[_is_at_home(c) for c in unique]]
        if len(home) >= 2 and 2 * len(home) >= len(unique):
            return int(str(home.index[0])), "telephone numbers"
    if plain(column) in _PLACES or column in free:
        return 0, ""
    named = unique[[_is_name(c) for c in unique]]
    enough = 1 if column in _ROLES else max(2, -(-3 * len(unique) // 10))
    if len(named) >= enough:
        return int(str(named.index[0])), "what looks like names of persons"
    return 0, ""


def _is_abroad(cell: str) -> bool:
    found = _ABROAD.search(cell)
    if not found or _DECIMAL.fullmatch(cell):
        return False
    return found[0].startswith("+") or bool(re.search(r"[\s().-]", found[0])) or len(cell) > 11


def _is_at_home(cell: str) -> bool:
    if _DATE.fullmatch(cell):
        return False
    return bool(_AT_HOME.fullmatch(cell) or _SOLID.fullmatch(cell))


def _is_name(cell: str) -> bool:
    if _TITLE.search(cell):
        return True
    words = cell.replace(",", " ").split()
    if not 2 <= len(words) <= 4 or any(not w[0].isupper() or not w[0].isalpha() for w in words):
        return False
    return any(slug(w) in _word_list()["given_name"] for w in words)


def _words(header: str) -> list[str]:
    """Return the words of a header, lower case, accents folded, camel case parted."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    parted = re.sub(r"['’]", " ", parted)
    return [w for w in slug(parted.replace("_", " ")).split("-") if w]


@cache
def _word_list() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    path = files("polgap.catalogue") / "safeguard_words.csv"
    with path.open("r", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            found.setdefault(row["kind"], set()).add(row["words"])
    return {kind: frozenset(words) for kind, words in found.items()}
