"""Inhabitants by area and draw: as counted, or with a factor-3 interval where assumed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from polgap import draws
from polgap.domain.cubes import FloatArray

ASSUMED = ("assumed", "recalled")
"""Bases of a number that nobody has counted."""

FACTOR = 3.0
"""An assumed area figure may be three times too high or too low (10 and 90 %)."""


def population(areas: pd.DataFrame, seed: int, count: int) -> FloatArray:
    """Return inhabitants by area and draw, shape (area, draw), persons.

    Counted figures are taken as they are. Assumed ones vary by a factor three, each area from its
    own stream, and are scaled so that they sum to their total in every draw (contracts.md 5):
    what is unknown is where people live, not how many they are.

    Parameters
    ----------
    areas : pd.DataFrame
        Columns population and population_basis.
    seed, count : int
        Seed of the run and number of draws.

    Examples
    --------
    >>> areas = pd.DataFrame({"population": [100.0, 100.0], "population_basis": ["assumed"] * 2})
    >>> people = population(areas, 1, 4)
    >>> people.shape, people.sum(axis=0).round(6).tolist()
    ((2, 4), [200.0, 200.0, 200.0, 200.0])
    """
    middle = areas["population"].to_numpy(dtype=float)
    people = np.repeat(middle[:, None], count, axis=1)
    unsure = areas["population_basis"].isin(ASSUMED).to_numpy()
    for i in np.flatnonzero(unsure).tolist():
        uniform = draws.stream(seed, "population", i).random(count)
        people[i] = draws.three_point(uniform, middle[i] / FACTOR, middle[i], middle[i] * FACTOR)
    total = people[unsure].sum(axis=0)
    people[unsure] *= middle[unsure].sum() / np.where(total > 0, total, 1.0)
    return people
