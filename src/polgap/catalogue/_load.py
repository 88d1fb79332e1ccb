"""Load the packaged facts: one CSV per kind, each value with units, source, date and mark."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from polgap.errors import DataError, Problem

MARKS = ("SEEN", "COMPUTED", "RECALLED")
"""How a value is known: read in a source, computed from data, or general knowledge."""


@dataclass(frozen=True)
class Parameter:
    """A catalogue value with its range, units, source and mark.

    Parameters
    ----------
    low, mid, high : float
        10, 50 and 90 % points, in `units`.
    mark : str
        ``SEEN``, ``COMPUTED`` or ``RECALLED``; a recalled value is marked wherever it is shown.
    use : str
        ``default``, ``cross_check_only``, ``case_value`` or ``warning_only``: only a default
        may enter a run.
    """

    name: str
    low: float
    mid: float
    high: float
    units: str
    source: str
    date: str
    mark: str
    use: str

    @property
    def is_default(self) -> bool:
        """Whether the value may enter a run unasked."""
        return self.use == "default"


def table(name: str) -> pd.DataFrame:
    """Return a packaged table as text and numbers; empty cells of text columns are ``""``.

    Raises
    ------
    KeyError
        If the catalogue has no table of that name.

    Examples
    --------
    >>> table("functions")["function"].iloc[0]
    'command_admin'
    """
    path = files("polgap.catalogue") / f"{name}.csv"
    if not path.is_file():
        raise KeyError(name)
    with path.open("r", encoding="utf-8") as handle:
        return pd.read_csv(handle, keep_default_na=False)


@cache
def parameters() -> dict[str, Parameter]:
    """Return every catalogue parameter by name, checked.

    Raises
    ------
    DataError
        If a row of ``parameters.csv`` is out of order (low <= mid <= high) or badly marked.

    Examples
    --------
    >>> parameters()["relief_factor_24_7"].mid
    5.0
    """
    problems: list[Problem] = []
    found: dict[str, Parameter] = {}
    with (files("polgap.catalogue") / "parameters.csv").open("r", encoding="utf-8") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            low, mid, high = (float(row[k]) for k in ("low", "mid", "high"))
            if not low <= mid <= high:
                problems.append(_problem(number, f"{low}, {mid}, {high}", "low <= mid <= high"))
            if row["mark"] not in MARKS:
                problems.append(_problem(number, row["mark"], f"one of {MARKS}"))
            if row["name"] in found:
                problems.append(_problem(number, row["name"], "a name used once"))
            found[row["name"]] = Parameter(
                row["name"], low, mid, high, row["units"], row["source"], row["date"],
                row["mark"], row["use"],
            )  # fmt: skip
    if problems:
        raise DataError(problems)
    return found


def _problem(row: int, got: str, wanted: str) -> Problem:
    return Problem(got, wanted, "catalogue", "parameters.csv", row=row)


@cache
def _messages() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for path in sorted((files("polgap.catalogue") / "messages").iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".csv"):
            continue
        with path.open("r", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                texts[row["code"]] = {"en": row["en"], "fr": row["fr"]}
    return texts


def message_codes() -> list[str]:
    """Return the codes of all messages, sorted."""
    return sorted(_messages())


def message(code: str, language: str = "en", /, **values: object) -> str:
    """Return a sentence of the message catalogue with its values filled in.

    Every sentence that a reader meets, in a note or a brief, is written here once per language
    (``catalogue/messages/*.csv``, columns code, en, fr; places to fill in braces).

    Raises
    ------
    KeyError
        If the catalogue has no such code, or a place is left unfilled.

    Examples
    --------
    >>> message("note.host_assumed", "en")[:11]
    'Host-State '
    """
    return _messages()[code][language].format(
        **{k: _Number(v) if isinstance(v, float) else v for k, v in values.items()}
    )


def message_text(code: str, language: str = "en") -> str:
    """Return a sentence of the message catalogue with its places unfilled.

    Raises
    ------
    KeyError
        If the catalogue has no such code.

    Examples
    --------
    >>> message_text("rebuild.none_ready")[-16:]
    '{months} months.'
    """
    return _messages()[code][language]


class _Number(float):
    """A number that shows three significant digits where the sentence gives no format."""

    def __format__(self, spec: str) -> str:
        if spec:
            return float(self).__format__(spec)
        rounded = float(f"{float(self):.3g}")
        return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"
