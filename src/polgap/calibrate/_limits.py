"""Limits and floors: what a plan may use at most, and what it has to give at least.

Rows over pledges, areas and blocks. Limits: ceilings, the budget of a year, the size of a base,
the shares of women and of support, what can be rotated. Floors are in `_floors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap import catalogue
from polgap.calibrate._force import Force, months_of_blocks
from polgap.domain import Inputs, Study, month_number

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

YEAR = 12


@dataclass(frozen=True)
class Limit:
    """At most `most` of: sum over pledge, area, block of coef x areas x blocks x units.

    Parameters
    ----------
    rule : str
        Name of the rule, with its area or year.
    coef : (P,) what one unit uses: officers, or USD a month
    areas : (A,) where the rule counts; blocks : (Q,) months or 1 in each block
    opening : (A,) used beside that when the first unit comes to an area, in a block that counts
    """

    rule: str
    coef: Array
    areas: BoolArray
    blocks: Array
    most: float
    opening: Array | None = None

    @property
    def spans(self) -> bool:
        """Whether the rule ties several blocks together (a budget), and so must be priced."""
        return int(np.count_nonzero(self.blocks)) > 1


def limits(study: Study, inputs: Inputs, force: Force) -> tuple[Limit, ...]:
    """Return ceilings, sizes of bases, the share of women and the budget of each year.

    A ceiling holds in every block; a year's budget holds over its twelve months from the first
    month, and in proportion where the year, or the rule, covers fewer. A base holds at most its
    size; without an area the rule is about each area. Of the officers in place at least the share
    asked for are women, or in units that give support; a pledge that does not say counts as having
    no women. Formed units are no more than can be rotated.
    """
    areas = inputs.areas["area"].astype(str).tolist()
    everywhere = np.ones(len(areas), dtype=bool)
    found: list[Limit] = []
    individual = np.where(force.formed, 0.0, force.strength)
    for column, coef in (
        ("ceiling_formed", np.where(force.formed, force.strength, 0.0)),
        ("ceiling_individual", individual),
    ):
        stated = inputs.mandate[column].dropna()
        if len(stated):
            blocks = np.ones(len(months_of_blocks(study.months)), dtype=bool)
            found += _each_block(column, coef, everywhere, blocks, float(stated.min()))
    for row in rows_of(inputs, "ceiling_total"):
        where, named = _where(areas, str(row["area"]), "ceiling_total")
        blocks = in_blocks(covers(study, row)) > 0
        found += _each_block(named, force.strength, where, blocks, float(row["value"]))
    for row in rows_of(inputs, "base_size"):
        blocks = in_blocks(covers(study, row)) > 0
        for area in named_areas(areas, row):
            where, named = _where(areas, area, "base_size")
            found += _each_block(named, force.strength, where, blocks, float(row["value"]))
    for row in rows_of(inputs, "women_share"):
        where, named = _where(areas, str(row["area"]), "women_share")
        lack = force.strength * (float(row["value"]) - force.women)
        if (lack > 0).any():
            blocks = in_blocks(covers(study, row)) > 0
            found += _each_block(named, lack, where, blocks, 0.0)
    found += _supported(study, inputs, force, areas) + _rotated(study, inputs, force)
    for row in rows_of(inputs, "budget_year"):
        where, named = _where(areas, str(row["area"]), "budget_year")
        usd = float(row["value"]) * (1e6 if "million" in str(row["units"]).casefold() else 1.0)
        for year in range(0, study.months, YEAR):
            months = covers(study, row)
            months[:year] = months[year + YEAR :] = False
            if months.any():
                share = float(months.sum()) / YEAR
                label = f"{named} {study.report_months[year]}"
                row_of = in_blocks(months)
                found.append(
                    Limit(label, force.cost, where, row_of, usd * share, force.opening * where)
                )
    return tuple(limit for limit in found if not np.isnan(limit.most))


def _supported(study: Study, inputs: Inputs, force: Force, areas: Sequence[str]) -> list[Limit]:
    """Return the rows by which a share of the officers in place is in units that give support."""
    types = catalogue.table("unit_types").set_index("unit_type")["skill_command_admin"]
    gives = np.array([float(types[name]) > 0 for name in force.unit_type])
    found = []
    for row in rows_of(inputs, "support_share"):
        where, named = _where(areas, str(row["area"]), "support_share")
        blocks = in_blocks(covers(study, row)) > 0
        lack = force.strength * (float(row["value"]) - gives)
        if (lack > 0).any():
            found += _each_block(named, lack, where, blocks, 0.0)
    return found


def _rotated(study: Study, inputs: Inputs, force: Force) -> list[Limit]:
    """Return the rows by which lift can rotate all formed units once in a tour."""
    everywhere = np.ones(len(inputs.areas), dtype=bool)
    found = []
    for row in rows_of(inputs, "rotation_lift"):
        blocks = in_blocks(covers(study, row)) > 0
        most = float(row["value"]) * force.tour
        found += _each_block("rotation_lift", force.formed * 1.0, everywhere, blocks, most)
    return found


def scaled(rows: Sequence[Limit], share: float) -> tuple[Limit, ...]:
    """Return the same limits with `share` of each."""
    return tuple(replace(row, most=row.most * share) for row in rows)


def use(rows: Sequence[Limit], count: IntArray) -> Array:
    """Return what units in place use of each limit, shape (R,); `count` is (P, A, Q)."""
    used = np.array(
        [np.einsum("paq,p,a,q->", count, row.coef, row.areas * 1.0, row.blocks) for row in rows]
    )
    some = [i for i, row in enumerate(rows) if row.opening is not None and row.opening.any()]
    if some:
        first = opened(count)
        for i in some:
            used[i] += float(opening_use(rows[i], first).sum())
    return used


def opened(count: IntArray) -> IntArray:
    """Return the first block with a unit in each area, (A,); Q where there is none."""
    there = count.sum(axis=0) > 0
    return np.asarray(np.where(there.any(axis=1), there.argmax(axis=1), count.shape[2]))


def opening_use(row: Limit, first: IntArray) -> Array:
    """Return what opening bases in these blocks uses of a limit, (A,)."""
    assert row.opening is not None
    counts = np.append(row.blocks > 0, False)
    return np.asarray(row.opening * counts[np.minimum(first, len(row.blocks))])


def broken(rows: Sequence[Limit], count: IntArray) -> list[str]:
    """Return the rules that units in place break."""
    used = use(rows, count)
    return [row.rule for row, u in zip(rows, used, strict=True) if u > row.most * (1 + 1e-9) + 1e-6]


def rows_of(inputs: Inputs, rule: str) -> list[dict[Any, Any]]:
    """Return the rows of a rule."""
    return inputs.rules[inputs.rules["rule"] == rule].to_dict("records")


def named_areas(areas: Sequence[str], row: dict[Any, Any]) -> list[str]:
    """Return the area that a rule names, or each area where it names none."""
    named = str(row["area"] or "")
    return list(areas) if named in ("", "*") else [named]


def _each_block(
    rule: str, coef: Array, areas: BoolArray, blocks: BoolArray, most: float
) -> list[Limit]:
    one = np.eye(len(blocks))
    return [Limit(rule, coef, areas, one[q], most) for q in np.flatnonzero(blocks)]


def _where(areas: Sequence[str], area: str, rule: str) -> tuple[BoolArray, str]:
    if not area or area == "*":
        return np.ones(len(areas), dtype=bool), rule
    return np.array([a == area for a in areas], dtype=bool), f"{rule} {area}"


def covers(study: Study, row: dict[Any, Any]) -> BoolArray:
    """Return in which reported months a rule holds, shape (T,)."""
    month = month_number(study.first_month) + np.arange(study.months)
    holds = np.ones(study.months, dtype=bool)
    if row["from"]:
        holds &= month >= month_number(str(row["from"]))
    if row["until"]:
        holds &= month <= month_number(str(row["until"]))
    return holds


def in_blocks(months: BoolArray) -> Array:
    """Return how many of the marked months lie in each block, shape (Q,)."""
    sizes = months_of_blocks(len(months))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    return np.add.reduceat(months.astype(float), starts)


def peak(force: Force, count: IntArray) -> float:
    """Return the greatest strength in any block, officers."""
    return float(np.einsum("paq,p->q", count, force.strength).max(initial=0.0))


def spent(force: Force, count: IntArray, months: IntArray) -> float:
    """Return the planned cost over the horizon at middle prices, USD, bases opened included."""
    opening = force.opening[opened(count) < len(months)].sum()
    return float(np.einsum("paq,p,q->", count, force.cost, months.astype(float)) + opening)
