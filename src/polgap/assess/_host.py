"""Host-State police by institution, area and draw: from rows of a table to officers on strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from polgap.assess import _able, _scope
from polgap.assess._population import ASSUMED
from polgap.domain import Note, Study, month_number
from polgap.domain.cubes import BoolArray, FloatArray
from polgap.draws import Parameters, stream
from polgap.errors import Problem, SchemaError

_NINETY = 1.2815515655446004
"""Standard normal at 90 %: a half-width is the distance from the middle to the 90 % point."""


@dataclass(frozen=True)
class HostPolice:
    """Host-State police before they are assigned to functions.

    Parameters
    ----------
    available : array, shape (institution, area, draw), officers on strength
        Able to be tasked, where they stand.
    available_authorised : same shape
        As `available`, were every authorised post filled.
    roll, authorised : same shape
        On the books, and authorised (the roll where no figure is given), spread by inhabitants.
    present : same shape
        On the books and real: the roll without the names that no head count would find.
    able : array, same shape, share of the available
    bounds : array, shape (institution, 2), share of the available
        Smallest and largest joint share that single shares allow; NaN where nested counts are
        given, which leave nothing open.
    """

    institutions: list[str]
    available: FloatArray
    available_authorised: FloatArray
    roll: FloatArray
    authorised: FloatArray
    present: FloatArray
    able: FloatArray
    bounds: FloatArray
    notes: tuple[Note, ...] = ()

    def officers(self, numbers: bool, presence: bool) -> FloatArray:
        """Return officers to be tasked with the players numbers and presence put right."""
        if presence:
            return self.authorised if numbers else self.present
        return self.available_authorised if numbers else self.available


@dataclass(frozen=True)
class _Chain:
    """One row, drawn: authorised -> roll -> real -> available -> able, each of shape (draw,)."""

    authorised: FloatArray
    roll: FloatArray
    present: FloatArray
    available: FloatArray
    able: FloatArray


def host_police(
    study: Study,
    table: pd.DataFrame,
    areas: pd.DataFrame,
    capital: int,
    population: FloatArray,
    powers: int,
    theta: Parameters,
) -> HostPolice:
    """Return host-State police by institution, area and draw.

    Each officer stands in one row: a row of a parent or of the whole theatre (``*``) holds those
    that no finer row of the institution counts, and is spread by inhabitants with
    `capital_concentration_share`. Figures of basis assumed vary as the ``host_*`` parameters do;
    given ones by `mission_data_spread_share`, wider by that much again for each year of age.

    Parameters
    ----------
    population : array, shape (area, draw), persons
    powers : int
        Grade of powers; beyond protection an officer has to be vetted.

    Raises
    ------
    SchemaError
        If two rows of an institution name the same area, a row leaves no area to stand in, or the
        chain roll -> operational -> available rises.
    """
    _check(table, areas)
    institutions = list(dict.fromkeys(table["institution"].astype(str)))
    shape = (len(institutions), len(areas), theta.draws)
    available, filled, roll, present, authorised, able = (np.zeros(shape) for _ in range(6))
    critical = _able.critical_elements(powers)
    for k in range(len(table)):
        row = table.iloc[k]
        mask = _own_areas(table, areas, k)
        chain = _draw_row(study, row, k, critical, theta)
        coarse = mask.sum() > 1 and bool(mask[capital])
        held = theta["capital_concentration_share"] if coarse else None
        standing = _scope.spread(population, mask, capital, held)
        evenly = _scope.spread(population, mask)
        i = institutions.index(str(row["institution"]))
        available[i] += standing * chain.available
        # A post filled is filled by a real officer, who is tasked as the real ones are now.
        filled[i] += standing * (chain.authorised * _over(chain.available, chain.present))
        roll[i] += evenly * chain.roll
        present[i] += evenly * chain.present
        authorised[i] += evenly * chain.authorised
        able[i, mask] = chain.able
    bounds = _bounds(table, institutions)
    notes = _table_notes(table) + _told(institutions, bounds, able)
    return HostPolice(
        institutions, available, filled, roll, authorised, present, able, bounds, tuple(notes)
    )


def _table_notes(table: pd.DataFrame) -> list[Note]:
    if not len(table):
        return [Note("assess.host_none")]
    notes = []
    if table["basis"].isin(ASSUMED).any():
        notes.append(Note("note.host_assumed"))
    if table["authorised"].isna().all():
        notes.append(Note("assess.no_authorised"))
    return notes


def _check(table: pd.DataFrame, areas: pd.DataFrame) -> None:
    problems = []
    twice = table.duplicated(["institution", "area"]).to_numpy()
    chain = table[["roll", "operational", "available"]].to_numpy(dtype=float)
    for k in range(len(table)):
        if twice[k]:
            got = f"{table['institution'].iloc[k]}, {table['area'].iloc[k]} twice"
            problems.append(
                Problem(got, "one officer, one row", "duplicate_key", "host_police", row=k + 2)
            )
        elif not _own_areas(table, areas, k).any():
            got = f"area {table['area'].iloc[k]!r} besides rows for each of its areas"
            wanted = "an area that no other row of the institution covers"
            problems.append(
                Problem(got, wanted, "row_without_area", "host_police", row=k + 2, column="area")
            )
        if (np.diff(chain[k]) > 0).any():
            got = " -> ".join(f"{x:g}" for x in chain[k])
            wanted = "roll >= operational >= available"
            problems.append(Problem(got, wanted, "out_of_order", "host_police", row=k + 2))
    if problems:
        raise SchemaError(problems)


def _own_areas(table: pd.DataFrame, areas: pd.DataFrame, k: int) -> BoolArray:
    """Return the areas of row k that no finer row of the same institution names."""
    mine = str(table["area"].iloc[k])
    mask = _scope.members(areas, mine, "host_police").copy()
    level = _scope.fineness(areas, mine)
    if level == _scope.FINEST:
        return mask
    same = table[table["institution"] == table["institution"].iloc[k]]["area"].astype(str)
    for other in same:
        if _scope.fineness(areas, other) > level:
            mask &= ~_scope.members(areas, other, "host_police")
    return mask


def _draw_row(
    study: Study, row: pd.Series, position: int, critical: BoolArray, theta: Parameters
) -> _Chain:
    """Return one row drawn."""
    roll, operational, available = (float(row[c]) for c in ("roll", "operational", "available"))
    working = operational / roll if roll > 0 else 0.0
    tasked = available / operational if operational > 0 else 0.0
    elements = [float(row[e]) for e in _able.ELEMENTS]
    ratios, nested = _able.read_elements(elements, available)
    if str(row["basis"]) in ASSUMED:
        rolls = roll * _relative(theta, "host_roll_per_100k")
        on_strength = np.minimum(1.0, working * _relative(theta, "host_operational_share"))
        share = on_strength * np.minimum(1.0, tasked * _relative(theta, "host_available_share"))
        drawn = np.array(
            [r * _relative(theta, f"host_{e}") for r, e in zip(ratios, _able.ELEMENTS, strict=True)]
        )
    else:
        width = _half_width(study, str(row["as_of"]), theta)
        luck = (
            stream(theta.seed_of("host"), "host", position).standard_normal((6, theta.draws))
            / _NINETY
        )
        rolls = roll * np.exp(width * luck[0])
        on_strength = np.full(theta.draws, working)
        share = np.full(theta.draws, working * tasked)
        drawn = ratios[:, None] * np.exp(width * luck[1:])
    rho = theta["able_copula_rho"]
    able = _able.able_share(np.clip(drawn, 0.0, 1.0), nested, critical, rho)
    posts = float(row["authorised"])
    # Officers on strength are real: no more names can be ghosts than are not operational.
    present = rolls * np.maximum(on_strength, 1.0 - theta["host_ghost_share"])
    authorised = present if np.isnan(posts) else np.full(theta.draws, posts)
    return _Chain(authorised, rolls, present, rolls * share, able)


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _relative(theta: Parameters, name: str) -> FloatArray:
    """Return draws of a parameter over its middle value, shape (draw,)."""
    return theta[name] / theta.mid(name)


def _half_width(study: Study, as_of: str, theta: Parameters) -> FloatArray:
    """Return the relative half-width of a given figure, shape (draw,), wider with age."""
    age = month_number(study.origin) - month_number(as_of) if as_of else 12
    return np.asarray(theta["mission_data_spread_share"] * (1.0 + max(0, age) / 12.0))


def _bounds(table: pd.DataFrame, institutions: list[str]) -> FloatArray:
    """Return, by institution, the joint shares that single shares allow; NaN for nested counts."""
    ends = np.full((len(institutions), 2), np.nan)
    for i, name in enumerate(institutions):
        rows = table[table["institution"] == name]
        read = [
            _able.read_elements([float(row[e]) for e in _able.ELEMENTS], float(row["available"]))
            for _, row in rows.iterrows()
        ]
        open_ = np.array([_able.frechet(shares) for shares, nested in read if not nested])
        if len(open_):
            ends[i] = open_[:, 0].min(), open_[:, 1].max()
    return ends


def _told(institutions: list[str], bounds: FloatArray, able: FloatArray) -> list[Note]:
    """Return, by institution, what single shares leave open about the joint one."""
    notes = []
    for i, name in enumerate(institutions):
        if np.isnan(bounds[i, 0]):
            continue
        there = able[i].any(axis=1)
        used = float(np.median(able[i][there].mean(axis=0))) if there.any() else 0.0
        values = {"low": bounds[i, 0], "high": bounds[i, 1], "used": used}
        told = {k: 100.0 * float(v) for k, v in values.items()}
        notes.append(Note("assess.able_bounds", {"institution": name, **told}))
    return notes
