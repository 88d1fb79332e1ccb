"""Why: how much of the national shortfall is numbers, presence, capability, will, or structural.

Shapley shares of four players. A player in a coalition is put right: numbers (the roll is as
authorised), presence (all on the roll are there, spread by inhabitants), capability (all are
able), will (all serve, none preys). What is left when all are right is structural.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import factorial

import numpy as np
import pandas as pd

from polgap.assess._police import Players, Police
from polgap.domain import Note
from polgap.domain.cubes import FloatArray

PLAYERS = ("numbers", "presence", "capability", "will")
MOST_DRAWS = 200
"""Draws on which the decomposition is computed."""

Coalition = tuple[bool, bool, bool, bool]


def why(
    need: FloatArray, police: Police, areas: list[str]
) -> tuple[dict[str, float] | None, pd.DataFrame, tuple[Note, ...]]:
    """Return the shares of the causes, for the theatre and by area.

    Parameters
    ----------
    need : array, shape (area, month, function, draw), officers on strength
        On the draws of `police`, predation included. The mentors asked for stay the same in every
        coalition: more police must not make a larger gap by asking for more mentors.
    police : Police

    Returns
    -------
    shares : mapping or None
        The four players and structural, summing to 1; None where nothing is short.
    by_area : pd.DataFrame
        Columns area and the shares; NaN where nothing is short. A share may be negative: with the
        other causes put right, the capital may lose officers to the provinces.
    notes : tuple of Note
    """
    return decomposed({c: shortfall(need, police, Players(*c)) for c in coalitions()}, areas)


def decomposed(
    short: Mapping[Coalition, FloatArray], areas: list[str]
) -> tuple[dict[str, float] | None, pd.DataFrame, tuple[Note, ...]]:
    """Return what `why` does, from the shortfall of each area, shape (area,), by coalition."""
    table = pd.DataFrame(
        [_shares({c: float(v[a]) for c, v in short.items()}) for a in range(len(areas))],
        columns=[*PLAYERS, "structural"],
    )
    table.insert(0, "area", areas)
    total = {c: float(v.sum()) for c, v in short.items()}
    if total[(False,) * 4] <= 0:
        return None, table, (Note("assess.why_none"),)
    return dict(zip([*PLAYERS, "structural"], _shares(total), strict=True)), table, ()


def shortfall(need: FloatArray, police: Police, players: Players, first: int = 0) -> FloatArray:
    """Return the national shortfall of each area, mean over months and draws, shape (area,).

    `first` is the position of the first area of `need` among those of `police`.
    """
    place = list(police.functions).index("protection")
    added = police.predation(players) - police.predation()
    out = np.zeros(len(need))
    for k, a in enumerate(range(first, first + len(need))):
        wanted = need[k].astype(np.float64)
        wanted[:, place] = np.maximum(0.0, wanted[:, place] + added[a])
        served = police.serve(a, wanted, players)
        out[k] = (wanted - served).sum(axis=1).mean()
    return out


def coalitions() -> list[Coalition]:
    """Return all sixteen sets of players put right."""
    return [(a, b, c, d) for a, b, c, d in product((False, True), repeat=4)]


def _shares(value: dict[Coalition, float]) -> list[float]:
    """Return Shapley shares and the structural share, in the order of the columns.

    Examples
    --------
    >>> value = {c: 100.0 - 30.0 * c[0] - 20.0 * c[3] for c in coalitions()}
    >>> [round(x, 6) for x in _shares(value)]
    [0.3, 0.0, 0.0, 0.2, 0.5]
    """
    none, every = value[(False,) * 4], value[(True,) * 4]
    if none <= 0:
        return [float("nan")] * (len(PLAYERS) + 1)
    count = len(PLAYERS)
    shares = []
    for k in range(count):
        worth = 0.0
        for coalition, short in value.items():
            if coalition[k]:
                continue
            size = sum(coalition)
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            joined = tuple(c or j == k for j, c in enumerate(coalition))
            worth += weight * (short - value[joined])  # type: ignore[index]
        shares.append(worth / none)
    return [*shares, every / none]
