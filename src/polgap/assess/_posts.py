"""Posts named by rules: sites, border posts, cells and polling stations by area and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from polgap.assess import _scope
from polgap.domain.cubes import BoolArray, FloatArray, IntArray
from polgap.draws import Parameters


@dataclass(frozen=True)
class Named:
    """What one row of the rules names.

    Parameters
    ----------
    where : array of bool, shape (area,)
    when : array of bool, shape (month,)
    amount : array, shape (area, draw or 1), or None
        The number, spread by inhabitants; None where the row has none.
    """

    where: BoolArray
    when: BoolArray
    amount: FloatArray | None


@dataclass(frozen=True)
class Place:
    """What need is counted from.

    Parameters
    ----------
    areas, rules : pd.DataFrame
    months : list of str
    population : array, shape (area, draw), persons
    relief : array, shape (draw,), officers on strength per officer on duty
    theta : Parameters
    offences : mapping of class -> (number, enough)
        From the planner's own books, as `_books.offences` gives them; empty without books.
    """

    areas: pd.DataFrame
    rules: pd.DataFrame
    months: list[str]
    population: FloatArray
    relief: FloatArray
    theta: Parameters
    offences: Mapping[str, tuple[FloatArray, BoolArray]] = field(default_factory=dict)

    def named(self, rule: str) -> list[Named]:
        """Return what the rows of a rule name, read once for the whole theatre."""
        if rule not in self._read:
            rows = _scope.rows(self.rules[self.rules["rule"] == rule])
            self._read[rule] = [self._row(row) for row in rows]
        return self._read[rule]

    @cached_property
    def _read(self) -> dict[str, list[Named]]:
        return {}

    def _row(self, row: Mapping[Any, Any]) -> Named:
        where = _scope.members(self.areas, str(row["area"]), "rules")
        when = _scope.active(self.months, str(row["from"]), str(row["until"]))
        value = float(row["value"])
        if np.isnan(value):
            return Named(where, when, None)
        if where.sum() == 1:
            return Named(where, when, value * where[:, None])
        return Named(where, when, value * _scope.spread(self.population, where))

    def thinned(self, positions: slice | IntArray) -> Place:
        """Return the same place on some of the draws."""
        return replace(
            self,
            population=self.population[..., positions],
            relief=self.relief[positions],
            theta=self.theta.thinned(positions),
            offences={k: (n[..., positions], enough) for k, (n, enough) in self.offences.items()},
        )


def posts(place: Place, rule: str, block: slice, default: str = "") -> tuple[FloatArray, BoolArray]:
    """Return the number named by the rows of `rule`, and where and when any names one.

    A row of a parent or of the whole theatre is spread by inhabitants. A row without a number
    takes the parameter `default` (per 100,000 inhabitants); without a default it names nothing.

    Returns
    -------
    number : array, shape (area of the block, month, draw or 1)
    named : array, shape (area of the block, month)
    """
    shape = (len(range(*block.indices(len(place.areas)))), len(place.months))
    number: FloatArray = np.zeros((*shape, 1))
    named = np.zeros(shape, dtype=np.bool_)
    for row in place.named(rule):
        if row.amount is None and not default:
            continue
        amount: FloatArray
        if row.amount is None:
            people = place.population[block] * row.where[block, None]
            amount = people * place.theta[default] / 1e5
        else:
            amount = row.amount[block]
        number = number + amount[:, None, :] * row.when[:, None]
        named |= row.where[block, None] & row.when
    return number, named
