"""Posts named by rules: sites, border posts, cells and polling stations by area and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from polgap.assess import _scope
from polgap.domain.cubes import BoolArray, FloatArray, IntArray
from polgap.draws import Parameters


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
    shape = (len(place.areas[block]), len(place.months))
    number: FloatArray = np.zeros((*shape, 1))
    named = np.zeros(shape, dtype=np.bool_)
    for row in _scope.rows(place.rules[place.rules["rule"] == rule]):
        mask = _scope.members(place.areas, str(row["area"]), "rules")
        when = _scope.active(place.months, str(row["from"]), str(row["until"]))
        value = float(row["value"])
        if np.isnan(value) and not default:
            continue
        amount: FloatArray
        if np.isnan(value):
            people = place.population[block] * mask[block, None]
            amount = people * place.theta[default] / 1e5
        elif mask.sum() == 1:
            amount = value * mask[block, None]
        else:
            amount = value * _scope.spread(place.population, mask)[block]
        number = number + amount[:, None, :] * when[:, None]
        named |= mask[block, None] & when
    return number, named
