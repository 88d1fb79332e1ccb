"""Posture: the highest rung of the mandate ladder whose legal preconditions hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.domain import POSTURES, POWERS, Note, Posture, Study
from polgap.errors import Problem, SchemaError

_RECORDED = {
    "consent": "host_consent",
    "hrddp": "hrddp",
    "detention": "detention",
    "prosecutors": "prosecutors",
    "applicable_law": "applicable_law",
}
"""Preconditions that a column of the mandate answers."""
_GRADE = {"powers_protect": 1, "powers_urgent": 3, "powers_executive": 5}
"""Preconditions that the highest grade of powers answers (position in `POWERS`)."""
_ASSUMED = "operational_support"
EVERYWHERE = "*"


def posture(
    study: Study,
    mandate: pd.DataFrame,
    areas: pd.DataFrame,
    cleared: Collection[str] | None = None,
) -> Posture:
    """Return the rung of the mandate ladder for every area, with its preconditions.

    The highest rung that the mandate names and whose preconditions hold; where none of those
    named holds, the next lower rung that does. Where none is named, operational support is
    assumed and what is not on record is listed as not met: no option is ready then. Consent that
    is refused leaves monitoring at most, and nobody new is sent; consent that nobody recorded is
    not consent: the plan is worked out, but nothing in it is ready.

    Parameters
    ----------
    study : Study
    mandate : table ``mandate``
        One row a paragraph; one that names an area, or a parent of areas, is about these alone,
        and the others are about all. Powers of the mission are the highest grade in any row; a
        precondition is met when a row says yes and none says no.
    areas : table ``areas``
    cleared : collection of str, optional
        Areas where support to the host State is on record (`cleared`): elsewhere the mandate's
        word alone does not meet the precondition. None: only the mandate is looked at.

    Returns
    -------
    Posture

    Raises
    ------
    SchemaError
        If a row names a rung or a grade of powers that is not known.

    References
    ----------
    ``gap-model.md`` 1 and 8; the ladder is ``catalogue/postures.csv``.

    Examples
    --------
    >>> from polgap.domain import check_table
    >>> rows = pd.DataFrame({
    ...     "paragraph": ["1"], "task": ["Replace"], "posture": ["partial_replace"],
    ...     "powers": ["urgent_temporary"], "host_consent": ["yes"], "hrddp": ["yes"],
    ...     "basis": ["given"]})
    >>> found = posture(Study("T", "2023-12"), check_table("mandate", rows),
    ...                 pd.DataFrame({"area": ["north"]}))
    >>> found.rung["north"], found.notes[0].values["missing"]
    ('reinforce', 'detention, prosecutors, applicable_law')
    """
    _check(mandate)
    powers = max((POWERS.index(p) for p in mandate["powers"] if p), default=0)
    basis = "given" if mandate["posture"].isin(POSTURES).any() else "assumed"
    rung: dict[str, str] = {}
    required: dict[str, tuple[tuple[str, bool], ...]] = {}
    notes: list[Note] = []
    for rows, names, on_record in _parted(about(mandate, areas), cleared):
        found, needs, said = _of(rows, powers, on_record)
        rung |= dict.fromkeys(names, found)
        required |= dict.fromkeys(names, needs)
        where = {} if len(names) == len(areas) else {"areas": ", ".join(names)}
        notes += [replace(n, code=f"{n.code}{'_in' if where else ''}", values={**n.values, **where})
                  for n in said]  # fmt: skip
    order = areas["area"].astype(str)
    return Posture(
        rung={a: rung[a] for a in order},
        powers=powers,
        required={a: required[a] for a in order},
        basis=basis,
        notes=tuple(notes),
    )


def about(mandate: pd.DataFrame, areas: pd.DataFrame) -> list[tuple[pd.DataFrame, list[str]]]:
    """Return paragraphs with the areas they are about, areas of the same paragraphs together.

    A paragraph names an area or a parent of areas; one that names none is about all of them.
    """
    named = mandate["area"].astype(str).to_numpy()
    keys = areas["area"].astype(str).tolist()
    parents = areas["parent"].astype(str).tolist() if "parent" in areas else [""] * len(keys)
    found: dict[tuple[bool, ...], list[str]] = {}
    for key, parent in zip(keys, parents, strict=True):
        here = np.isin(named, ["", EVERYWHERE, key, *([parent] if parent else [])])
        found.setdefault(tuple(here.tolist()), []).append(key)
    return [(mandate[list(here)], names) for here, names in found.items()]


def _parted(
    groups: list[tuple[pd.DataFrame, list[str]]], cleared: Collection[str] | None
) -> Iterator[tuple[pd.DataFrame, list[str], bool | None]]:
    """Yield paragraphs and areas, those with a due diligence record apart from those without."""
    for rows, names in groups:
        if cleared is None:
            yield rows, names, None
            continue
        for on_record in (True, False):
            part = [name for name in names if (name in cleared) is on_record]
            if part:
                yield rows, part, on_record


def _of(
    rows: pd.DataFrame, powers: int, on_record: bool | None
) -> tuple[str, tuple[tuple[str, bool], ...], list[Note]]:
    """Return rung, preconditions and what to say, from the paragraphs about an area."""
    met = _met(rows, powers)
    if on_record is not None:
        met["hrddp"] = on_record and not _says(rows, "hrddp", "no")
    named = [rung for rung in reversed(POSTURES) if (rows["posture"] == rung).any()]
    rung, notes = _choose(named, met, refused=_says(rows, "host_consent", "no"))
    preconditions = tuple((name, met[name]) for name in _preconditions()[rung])
    missing = [name for name, holds in preconditions if not holds]
    if "consent" in missing and not _says(rows, "host_consent", "no"):
        notes.append(Note("calibrate.consent_open", {}))
    if missing:
        notes.append(Note("calibrate.not_ready", {"rung": rung, "missing": ", ".join(missing)}))
    return rung, preconditions, notes


def _choose(named: Sequence[str], met: dict[str, bool], *, refused: bool) -> tuple[str, list[Note]]:
    """Return the rung and why it is not the one asked for; `named` is highest first."""
    if refused:
        return POSTURES[0], [Note("calibrate.no_consent", {"rung": POSTURES[0]})]
    if not named:
        return _ASSUMED, [Note("calibrate.posture_assumed", {"rung": _ASSUMED})]
    lower = [rung for rung in reversed(POSTURES[: POSTURES.index(named[0])]) if rung not in named]
    needs = _preconditions()
    holding = [rung for rung in (*named, *lower) if all(met[name] for name in needs[rung])]
    rung = holding[0] if holding else POSTURES[0]
    if rung == named[0]:
        return rung, []
    missing = ", ".join(name for name in needs[named[0]] if not met[name])
    values = {"named": named[0], "missing": missing, "rung": rung}
    return rung, [Note("calibrate.posture_refused", values)]


def _preconditions() -> dict[str, tuple[str, ...]]:
    ladder = catalogue.table("postures")
    names = ladder["preconditions"].astype(str).str.split()
    return {str(rung): tuple(row) for rung, row in zip(ladder["posture"], names, strict=True)}


def _met(mandate: pd.DataFrame, powers: int) -> dict[str, bool]:
    recorded = {
        name: _says(mandate, column, "yes") and not _says(mandate, column, "no")
        for name, column in _RECORDED.items()
    }
    return recorded | {name: powers >= grade for name, grade in _GRADE.items()}


def _says(mandate: pd.DataFrame, column: str, answer: str) -> bool:
    return bool((mandate[column].astype(str).str.casefold() == answer).any())


def _check(mandate: pd.DataFrame) -> None:
    problems = [
        Problem(str(value), f"one of {', '.join(known)}", "unknown_label", "mandate", None,
                int(row) + 2, column)
        for column, known in (("posture", POSTURES), ("powers", POWERS))
        for row, value in enumerate(mandate[column])
        if value and value not in known
    ]  # fmt: skip
    if problems:
        raise SchemaError(problems)
