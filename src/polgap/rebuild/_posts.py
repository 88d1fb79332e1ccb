"""Posts: the rows of the host-police table, drawn and spread over areas.

The gap step reads the same table. Steps do not import each other, so the rules stand here again:
same streams, so that draw d is the same host-State police in both (checked by a seam test).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import Inputs, Study, month_number
from polgap.draws import Parameters, stream
from polgap.errors import DataError, Problem
from polgap.rebuild._able import MARGINS, margins

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]
Row = Mapping[Any, Any]

EVERYWHERE = ("*", "")
"""Area keys that stand for the whole theatre."""
UNCOUNTED = ("assumed", "recalled")
"""Bases of a figure that nobody has counted."""

_NINETY = 1.2815515655446004
"""Standard normal at 90 %."""


@dataclass(frozen=True)
class Lines:
    """The rows of the host-police table, drawn at the origin.

    Parameters
    ----------
    roll, operational, available : arrays, shape (line, draw), officers
    shares : array, shape (line, 5, draw), in the order of ``_able.MARGINS``
    nested : bool array, shape (line,)
    room : array, shape (line,)
        How far the roll may grow, over the roll: to the posts authorised, where given.
    """

    roll: Array
    operational: Array
    available: Array
    shares: Array
    nested: BoolArray
    room: Array


@dataclass(frozen=True)
class Posts:
    """Where the officers of each line stand.

    Parameters
    ----------
    institutions : list of str
    line, area, institution : int arrays, shape (post,)
        Position of the line, of the area and of the institution.
    share : array, shape (post, draw)
        Share of the line's officers that stand here; sums to 1 over the posts of a line.
    """

    institutions: list[str]
    line: IntArray
    area: IntArray
    institution: IntArray
    share: Array

    def within(self, block: IntArray) -> Posts:
        """Return the posts in some areas (consecutive positions), areas counted from the first."""
        keep = (self.area >= block[0]) & (self.area <= block[-1])
        area = self.area[keep] - block[0]
        kept = self.line[keep], area, self.institution[keep], self.share[keep]
        return Posts(self.institutions, *kept)


def lines(study: Study, host: pd.DataFrame, theta: Parameters) -> Lines:
    """Return the host-police table, drawn.

    Figures nobody counted vary as the ``host_*`` parameters do; given ones by
    ``mission_data_spread_share``, wider by that much again for each year of age.
    """
    draws, rows = theta.draws, host.to_dict("records")
    roll, operational, available = np.zeros((3, len(rows), draws))
    shares = np.zeros((len(rows), len(MARGINS), draws))
    nested = np.zeros(len(rows), dtype=bool)
    room = np.full(len(rows), np.inf)
    for k, row in enumerate(rows):
        books, working, tasked = (float(row[c]) for c in ("roll", "operational", "available"))
        working, tasked = _over(working, books), _over(tasked, working)
        ratios, nested[k] = margins(row)
        if str(row["basis"]) in UNCOUNTED:
            roll[k] = books * _relative(theta, "host_roll_per_100k")
            on_strength = np.minimum(1.0, working * _relative(theta, "host_operational_share"))
            ready = np.minimum(1.0, tasked * _relative(theta, "host_available_share"))
            varied = np.stack([_relative(theta, f"host_{name}") for name in MARGINS])
            shares[k] = ratios[:, None] * varied
        else:
            width = _half_width(study, str(row["as_of"]), theta)
            luck = stream(theta.seed, "host", k).standard_normal((6, draws)) / _NINETY
            roll[k] = books * np.exp(width * luck[0])
            on_strength, ready = np.full(draws, working), np.full(draws, tasked)
            shares[k] = ratios[:, None] * np.exp(width * luck[1:])
        operational[k] = roll[k] * on_strength
        available[k] = operational[k] * ready
        posts_given = float(row.get("authorised", np.nan))
        if posts_given > 0 and books > 0:
            room[k] = max(1.0, posts_given / books)
    return Lines(roll, operational, available, np.clip(shares, 0.0, 1.0), nested, room)


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _relative(theta: Parameters, name: str) -> Array:
    return theta[name] / theta.mid(name)


def _half_width(study: Study, as_of: str, theta: Parameters) -> Array:
    age = month_number(study.origin) - month_number(as_of) if as_of else 12
    return np.asarray(theta["mission_data_spread_share"] * (1.0 + max(0, age) / 12.0))


def posts(study: Study, inputs: Inputs, population: Array, theta: Parameters) -> Posts:
    """Return where the officers of each host-police row stand.

    A row for a parent or for ``*`` holds those whom no finer row of the institution counts. It
    is split: ``capital_concentration_share`` (at least its share of the inhabitants) to the
    capital's area where it is among them, the rest by population (contracts.md 9).

    Parameters
    ----------
    study : Study
    inputs : Inputs
    population : array, shape (area, draw), persons
    theta : Parameters

    Raises
    ------
    DataError
        If a row names an area or parent that the theatre does not have.
    """
    host = inputs.host_police
    names = list(dict.fromkeys(host["institution"].astype(str)))
    capital = _capital(study, inputs)
    found: list[tuple[int, int, int]] = []
    shares = []
    own = _own_areas(area_keys(inputs.areas), host)
    for k, (name, where) in enumerate(zip(host["institution"].astype(str), own, strict=True)):
        found += [(k, int(a), names.index(name)) for a in where]
        shares.append(_split(where, capital, population, theta))
    place = np.array(found, dtype=int).reshape(-1, 3).T
    share = np.concatenate([np.zeros((0, theta.draws)), *shares])
    return Posts(names, place[0], place[1], place[2], share)


Keys = Mapping[str, tuple[int, IntArray]]
"""Area key -> how fine it is (2 area, 1 parent, 0 whole theatre) and the areas it stands for."""


def area_keys(areas: pd.DataFrame) -> Keys:
    """Return what each key stands for that a row's area column may hold.

    Examples
    --------
    >>> keys = area_keys(pd.DataFrame({"area": ["a", "b", "c"], "parent": ["p", "p", ""]}))
    >>> keys["p"][0], keys["p"][1].tolist(), keys["*"][1].tolist()
    (1, [0, 1], [0, 1, 2])
    """
    keys: dict[str, tuple[int, IntArray]] = {}
    parents = areas["parent"].astype(str).to_numpy()
    for parent in dict.fromkeys(parents):
        keys[parent] = (1, np.flatnonzero(parents == parent))
    for i, area in enumerate(areas["area"].astype(str)):
        keys[area] = (2, np.array([i]))
    return keys | {key: (0, np.arange(len(areas))) for key in EVERYWHERE}


def covered(keys: Keys, key: str, table: str) -> IntArray:
    """Return positions of the areas that a row's area key stands for.

    Raises
    ------
    DataError
        If the key is no area, no parent and not ``*``.
    """
    if key not in keys:
        wanted = "an area key, a parent key or *"
        raise DataError([Problem(repr(key), wanted, "unknown_area", table, column="area")])
    return keys[key][1]


def _own_areas(keys: Keys, host: pd.DataFrame) -> list[IntArray]:
    """Return, for each row, the areas that no finer row of the same institution names."""
    rows = [(str(row["institution"]), str(row["area"])) for row in host.to_dict("records")]
    wide = [covered(keys, area, "host_police") for _, area in rows]
    grain = [keys[area][0] for _, area in rows]
    taken: dict[tuple[str, int], set[int]] = {}
    for (name, _), fine, where in zip(rows, grain, wide, strict=True):
        taken.setdefault((name, fine), set()).update(where.tolist())
    own = []
    for (name, _), fine, where in zip(rows, grain, wide, strict=True):
        finer = set().union(*(taken.get((name, f), set()) for f in range(fine + 1, 3)))
        own.append(np.array([a for a in where.tolist() if a not in finer], dtype=int))
    return own


def _capital(study: Study, inputs: Inputs) -> int:
    """Return the position of the capital's area (of the largest town where none is named)."""
    keys = inputs.areas["area"].astype(str).tolist()
    if study.capital in keys:
        return keys.index(study.capital)
    towns = inputs.towns[inputs.towns["area"].isin(keys)]
    if len(towns):
        return keys.index(str(towns["area"].iloc[int(towns["population"].to_numpy().argmax())]))
    return int(inputs.areas["population"].to_numpy().argmax())


def _split(where: IntArray, capital: int, population: Array, theta: Parameters) -> Array:
    """Return shares of one line by area, shape (area of the line, draw)."""
    people = population[where].astype(float)
    total = people.sum(axis=0)
    even = np.where(total > 0, people / np.where(total > 0, total, 1.0), 1.0 / max(1, len(where)))
    here = np.flatnonzero(where == capital)
    if not here.size or len(where) == 1:
        return np.asarray(even)
    own = even[here[0]]
    held = np.where(own < 1.0, np.maximum(theta["capital_concentration_share"], own), 1.0)
    shares = even * np.where(own < 1.0, (1.0 - held) / np.where(own < 1.0, 1.0 - own, 1.0), 0.0)
    shares[here[0]] = held
    return np.asarray(shares)
