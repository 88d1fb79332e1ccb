"""Rules that more than one step reads alike: rotation of formed units, and opening a base."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MILLION = 1e6


@dataclass(frozen=True)
class Rotation:
    """How formed units rotate.

    Parameters
    ----------
    every : int, months from one rotation to the next
    loss : array, shape (draw,)
        Share of a unit that cannot be tasked in the month in which it rotates.
    """

    every: int
    loss: Array

    def share(self, arrival: Array, months: int, *, present: bool) -> Array:
        """Return which share of a unit cannot be tasked, shape (month, draw).

        Parameters
        ----------
        arrival : array, shape (draw,), months from the origin to effect; inf = never
        months : int
        present : bool
            A unit in the mission, whose date nobody knows: its tours end evenly over the months.

        Examples
        --------
        A unit that comes in month 2 and rotates every four months:

        >>> Rotation(4, np.array([0.5])).share(np.array([2.0]), 6, present=False)[:, 0].tolist()
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.5]
        """
        if present:
            return np.broadcast_to(self.loss / self.every, (months, len(self.loss)))
        begun = np.where(np.isfinite(arrival), np.maximum(np.ceil(arrival), 1.0), np.inf)
        comes = np.isfinite(begun)
        age = np.arange(1, months + 1)[:, None] - np.where(comes, begun, 0.0)
        turns = comes & (age > 0) & (age % self.every == 0)
        return np.asarray(turns * self.loss)


def rotation(
    rules: pd.DataFrame,
    months: Sequence[str],
    draws: int,
    every: Callable[[], float],
    loss: Callable[[], Array],
) -> Rotation | None:
    """Return how formed units rotate; None where no rule says that they do.

    Of several rules the shortest tour and the greatest loss count.

    Parameters
    ----------
    rules : table ``rules``
        ``rotation_months``, ``rotation_loss``; either is enough.
    months : sequence of str
        Months planned for.
    draws : int
    every, loss : callables
        Give a number, and an array of shape (draw,), of the catalogue: asked only where the rules
        name the other alone.
    """
    tours = _values(rules, "rotation_months", months)
    losses = _values(rules, "rotation_loss", months)
    if not tours and not losses:
        return None
    tour = max(1, round(min(tours) if tours else every()))
    return Rotation(tour, np.full(draws, min(1.0, max(losses))) if losses else loss())


def opening_costs(
    rules: pd.DataFrame, areas: Sequence[str], months: Sequence[str]
) -> Mapping[str, float]:
    """Return what opening a base costs by area, USD (rule ``base_opening_cost``).

    A rule for an area counts before one for all of them; of several the dearest.
    """
    found: dict[str, tuple[bool, float]] = {}
    for row in _holding(rules, "base_opening_cost", months):
        named = str(row["area"] or "").strip("*")
        million = "million" in str(row["units"]).casefold()
        usd = float(row["value"]) * (MILLION if million else 1.0)
        for area in [named] if named else areas:
            found[area] = max(found.get(area, (False, 0.0)), (bool(named), usd))
    return {area: found[area][1] for area in areas if area in found}


def _values(rules: pd.DataFrame, rule: str, months: Sequence[str]) -> list[float]:
    return [float(row["value"]) for row in _holding(rules, rule, months)]


def _holding(rules: pd.DataFrame, rule: str, months: Sequence[str]) -> list[dict[Any, Any]]:
    """Return the rows of a rule that hold in some month."""
    return [
        row
        for row in rules[rules["rule"] == rule].to_dict("records")
        if row["value"] == row["value"]
        and str(row["from"] or "") <= months[-1]
        and (not row["until"] or str(row["until"]) >= months[0])
    ]
