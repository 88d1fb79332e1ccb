"""Tasks: what is no longer asked of the mission once paragraphs of its mandate are struck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import Requirement, cube

Array = NDArray[np.floating[Any]]

FORMED = ("public_order", "protection", "static")
"""Functions whose capacity also has to protect the mission itself (gap-model.md 1)."""
OWN, OFFICE = "mission_self", "command_admin"


def lost_tasks(
    before: pd.DataFrame, after: pd.DataFrame, areas: pd.DataFrame
) -> dict[str, frozenset[str]]:
    """Return, by area, the functions that a mandate named and does not name any more.

    A function that another paragraph about the area still names is not lost. What no paragraph
    ever named is left as it is: such a mandate says nothing about it.
    """
    parents = areas["parent"].astype(str) if "parent" in areas else [""] * len(areas)
    found = {}
    for area, parent in zip(areas["area"].astype(str), parents, strict=True):
        here = ["", "*", area, *([parent] if parent else [])]
        named = [
            set(rows.loc[rows["area"].astype(str).isin(here), "function"].astype(str)) - {""}
            for rows in (before, after)
        ]
        found[area] = frozenset(named[0] - named[1])
    return found


def without_tasks(requirement: Requirement, lost: Mapping[str, frozenset[str]]) -> Requirement:
    """Return the requirement without lost functions, and with less to protect and to command.

    Protection of the mission falls with its formed capacity, command with everything else.
    """
    order = requirement.transpose("area", "month", "function", "draw")
    names = order["function"].values.astype(str).tolist()
    place = {name: k for k, name in enumerate(names)}
    values = np.array(order.values, dtype=np.float64)
    formed = [place[f] for f in FORMED if f in place]
    rest = [k for name, k in place.items() if name != OFFICE]
    for a, area in enumerate(order["area"].values.astype(str)):
        gone = [place[f] for f in lost.get(str(area), ()) if f in place]
        if not gone:
            continue
        was_formed = values[a][:, formed].sum(axis=1)
        was = values[a][:, rest].sum(axis=1)
        values[a][:, gone] = 0.0
        if OWN in place:
            values[a][:, place[OWN]] *= _share(values[a][:, formed].sum(axis=1), was_formed)
        if OFFICE in place:
            values[a][:, place[OFFICE]] *= _share(values[a][:, rest].sum(axis=1), was)
    labels = {str(d): order[d].values.tolist() for d in order.dims}
    found = cube(values.astype(order.dtype), units="officers on strength", **labels)
    return Requirement(found.transpose(*requirement.dims))


def _share(now: Array, was: Array) -> Array:
    return np.asarray(np.divide(now, was, out=np.ones_like(now), where=was > 0))
