"""Other providers of security: who counts, where, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.assess import _scope
from polgap.assess._host import HostPolice
from polgap.domain import Note, Study
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters
from polgap.errors import Problem, SchemaError

MILITARY = ("host military", "international force")
PRIVATE = "private"
GUARDS = "community guards"

Row = Mapping[Any, Any] | pd.Series


def other_providers(
    table: pd.DataFrame,
    areas: pd.DataFrame,
    months: Sequence[str],
    functions: Sequence[str],
    population: FloatArray,
) -> tuple[FloatArray, tuple[Note, ...]]:
    """Return officers that others give, shape (area, month, function), and what must be said.

    Counted: full and bridging, in their months; displacing too, with a note. Never counted: rows
    that say never, self-defence groups, soldiers outside static and protection or without an end
    date, private guards beyond the sites that pay them.

    Parameters
    ----------
    population : array, shape (area,), persons
        Spreads a row that names a parent or the whole theatre.

    Raises
    ------
    SchemaError
        If two rows name the same provider, area and function in a common month (one officer, one
        row), or a function that does not exist.
    """
    _check(table, functions)
    may = catalogue.table("functions").set_index("function")["military_may"].astype(bool)
    given = np.zeros((len(areas), len(months), len(functions)))
    notes: list[Note] = [] if len(table) else [Note("assess.others_none")]
    for _, row in table.iterrows():
        refused = _refusal(row, bool(may[str(row["function"])]))
        if refused:
            notes.append(Note(refused, {"provider": row["provider"], "area": row["area"]}))
        if refused or row["counts"] == "never":
            continue
        notes += _caution(row)
        mask = _scope.members(areas, str(row["area"]), "other_providers")
        where = _scope.spread(population[:, None], mask)[:, 0]
        when = _scope.active(months, str(row["from"]), str(row["until"]))
        f = list(functions).index(str(row["function"]))
        given[:, :, f] += float(row["strength"]) * where[:, None] * when
    return given, tuple(notes)


def ledger(table: pd.DataFrame, months: Sequence[str]) -> pd.DataFrame:
    """Return every row of the sheet with what became of it: authorised, deployed, effective apart.

    Parameters
    ----------
    months : sequence of str
        Months over which the effective officers are averaged.

    Returns
    -------
    pd.DataFrame
        provider, area, function, from, until, authorised, deployed, effective (officers), counts,
        reason (code of the note why a row is not counted, or counts with a caution), legal_basis,
        basis.
    """
    may = catalogue.table("functions").set_index("function")["military_may"].astype(bool)
    rows = []
    for row in _scope.rows(table):
        refused = _refusal(row, bool(may[str(row["function"])]))
        counted = not refused and row["counts"] != "never"
        here = _scope.active(months, str(row["from"]), str(row["until"])).mean()
        cautions = [note.code for note in _caution(row)] if counted else []
        rows.append(
            {
                **{k: row[k] for k in ("provider", "area", "function", "from", "until")},
                "authorised": row["authorised"], "deployed": row["strength"],
                "effective": float(row["strength"]) * float(here) if counted else 0.0,
                "counts": row["counts"], "reason": refused or next(iter(cautions), ""),
                "legal_basis": row["legal_basis"], "basis": row["basis"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def drained(
    host: HostPolice,
    table: pd.DataFrame,
    areas: pd.DataFrame,
    study: Study,
    population: FloatArray,
    theta: Parameters,
) -> HostPolice:
    """Return host-State police without those whom private firms hire away.

    Only guards hired after the origin count: the figures of the host police know the others. Each
    draws `private_drain_share` officers from the area it is hired in.

    Parameters
    ----------
    population : array, shape (area,), persons
    """
    hired = table[(table["provider"] == PRIVATE) & (table["from"] > study.origin)]
    lost = np.zeros(len(areas))
    for row in _scope.rows(hired):
        mask = _scope.members(areas, str(row["area"]), "other_providers")
        share = _scope.spread(population[:, None], mask)[:, 0]
        lost += float(row["strength"]) * share
    if not lost.any():
        return host
    there = host.available.sum(axis=0)
    gone = theta["private_drain_share"] * lost[:, None]
    kept = np.clip(1.0 - np.divide(gone, there, out=np.zeros_like(there), where=there > 0), 0, 1)
    return replace(
        host, available=host.available * kept, available_authorised=host.available_authorised * kept
    )


def _refusal(row: Row, military_may: bool) -> str:
    """Return the code of the reason why a row is not counted, or an empty text."""
    provider = str(row["provider"])
    if provider == GUARDS:
        return "assess.guards_never"
    if provider in MILITARY and not (military_may and str(row["until"])):
        return "assess.military_not_counted"
    if provider == PRIVATE and row["function"] != "static":
        return "assess.private_not_counted"
    return ""


def _caution(row: Row) -> list[Note]:
    """Return what must be said about a row although it counts."""
    told = {"provider": row["provider"], "area": row["area"]}
    notes = [Note("assess.displacing", told)] if row["counts"] == "displacing" else []
    if row["provider"] in MILITARY:
        notes.append(Note("assess.military_counted", {**told, "until": row["until"]}))
    if row["provider"] == PRIVATE:
        notes.append(Note("assess.private_drains", told))
    return notes


def _check(table: pd.DataFrame, functions: Sequence[str]) -> None:
    problems = []
    seen: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for number, (_, row) in enumerate(table.iterrows(), start=2):
        if row["function"] not in functions:
            wanted = f"one of {', '.join(functions)}"
            problems.append(
                Problem(repr(row["function"]), wanted, "unknown_name", "other_providers",
                        row=number, column="function")
            )  # fmt: skip
        first, last = str(row["from"]), str(row["until"]) or "9999-12"
        key = tuple(str(row[c]) for c in ("provider", "area", "function"))
        if any(first <= end and start <= last for start, end in seen.get(key, [])):
            problems.append(
                Problem(", ".join(key) + " twice in one month", "one officer, one row",
                        "duplicate_key", "other_providers", row=number)
            )  # fmt: skip
        seen.setdefault(key, []).append((first, last))
    if problems:
        raise SchemaError(problems)
