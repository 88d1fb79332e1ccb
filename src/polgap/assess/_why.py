"""Why: how much of the national shortfall is numbers, presence, capability, will, or structural.

Shapley shares of four players. A player in a coalition is put right: numbers (the roll is as
authorised), presence (all on the roll are there, spread by inhabitants), capability (all are
able), will (all serve, none preys). What is left when all are right is structural.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np
import pandas as pd

from polgap.assess._assign import assign_first
from polgap.assess._police import Players, Police
from polgap.domain import Note
from polgap.domain.cubes import FloatArray

PLAYERS = ("numbers", "presence", "capability", "will")
MOST_DRAWS = 200
"""Draws on which the decomposition is computed."""

SHARES = (*PLAYERS, "structural")

Coalition = tuple[bool, bool, bool, bool]


@dataclass(frozen=True)
class Reasons:
    """Why the national shortfall is there, for the theatre and for its parts.

    Parameters
    ----------
    shares : mapping or None
        The four players and structural, summing to 1; None where nothing is short.
    by_area, by_function, by_cell : pd.DataFrame
        Columns area, function or both, and the shares; NaN where nothing is short. A share may be
        negative: with the other causes put right, the capital may lose officers to the provinces,
        and a function officers to one that comes before it.
    """

    shares: dict[str, float] | None
    by_area: pd.DataFrame
    by_function: pd.DataFrame
    by_cell: pd.DataFrame
    notes: tuple[Note, ...]


def why(need: FloatArray, police: Police, areas: list[str]) -> Reasons:
    """Return the shares of the causes, for the theatre, by area and by function.

    Parameters
    ----------
    need : array, shape (area, month, function, draw), officers on strength
        On the draws of `police`, predation included. The mentors asked for stay the same in every
        coalition: more police must not make a larger gap by asking for more mentors.
    police : Police
    """
    return decomposed(shortfalls(need, police), areas, list(police.functions))


def decomposed(
    short: Mapping[Coalition, FloatArray], areas: list[str], functions: list[str]
) -> Reasons:
    """Return what `why` does, from the shortfall by coalition, shape (area, function)."""
    by_cell = _table({c: v.ravel() for c, v in short.items()})
    by_cell.insert(0, "function", functions * len(areas))
    by_cell.insert(0, "area", [a for a in areas for _ in functions])
    by_area = _table({c: v.sum(axis=1) for c, v in short.items()})
    by_area.insert(0, "area", areas)
    by_function = _table({c: v.sum(axis=0) for c, v in short.items()})
    by_function.insert(0, "function", functions)
    total = {c: np.array(v.sum()) for c, v in short.items()}
    if total[(False,) * 4] <= 0:
        return Reasons(None, by_area, by_function, by_cell, (Note("assess.why_none"),))
    shares = dict(zip(SHARES, _shares(total).tolist(), strict=True))
    return Reasons(shares, by_area, by_function, by_cell, ())


def _table(short: Mapping[Coalition, FloatArray]) -> pd.DataFrame:
    return pd.DataFrame(_shares(short).T, columns=list(SHARES))


def shortfalls(need: FloatArray, police: Police) -> dict[Coalition, FloatArray]:
    """Return the national shortfall by coalition, mean over months and draws, (area, function).

    Parameters
    ----------
    need : array, shape (area, month, function, draw), officers on strength
    police : Police
        In the areas and on the draws of `need`.
    """
    place = list(police.functions).index("protection")
    now = police.predation()
    added = {c: police.predation(Players(*c)) - now for c in coalitions()}
    shape = (len(need), len(police.functions))
    out: dict[Coalition, FloatArray] = {c: np.empty(shape) for c in added}
    for a in range(len(need)):
        wanted = np.array(need[a].transpose(1, 0, 2), dtype=np.float64, order="C")
        guarded = wanted[place].copy()
        serving = {will: police.serving(a, Players(will=will)) for will in (False, True)}
        for c, short in out.items():
            players = Players(*c)
            np.maximum(0.0, guarded + added[c][a], out=wanted[place])
            served = assign_first(wanted, police.ready(a, players), serving[players.will])
            short[a] = np.subtract(wanted, served, out=served).mean(axis=(1, 2))
    return out


def coalitions() -> list[Coalition]:
    """Return all sixteen sets of players put right."""
    return [(a, b, c, d) for a, b, c, d in product((False, True), repeat=4)]


def _shares(value: Mapping[Coalition, FloatArray]) -> FloatArray:
    """Return Shapley shares and the structural share, in the order of `SHARES`.

    Parameters
    ----------
    value : mapping
        What is short with the players of a coalition put right; arrays of one shape.

    Returns
    -------
    array, shape (5, ...)
        NaN where nothing is short.

    Examples
    --------
    >>> value = {c: 100.0 - 30.0 * c[0] - 20.0 * c[3] for c in coalitions()}
    >>> _shares(value).round(6).tolist()
    [0.3, 0.0, 0.0, 0.2, 0.5]
    """
    short = {c: np.asarray(v, dtype=float) for c, v in value.items()}
    none, every = short[(False,) * 4], short[(True,) * 4]
    count = len(PLAYERS)
    worth = np.zeros((count + 1, *none.shape))
    for k in range(count):
        for coalition, left in short.items():
            if coalition[k]:
                continue
            size = sum(coalition)
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            joined = tuple(c or j == k for j, c in enumerate(coalition))
            worth[k] += weight * (left - short[joined])  # type: ignore[index]
    worth[count] = every
    unknown = np.full_like(worth, np.nan)
    return np.asarray(np.divide(worth, none, out=unknown, where=none > 0))
