"""Institutional gap: what is short at month 12 if the mission leaves and nobody recruits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from polgap.assess._police import Police
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters

MONTH = 12


def institutional(need: FloatArray, police: Police, theta: Parameters) -> FloatArray:
    """Return the national shortfall on the unsupported path, (area, draw), officers on strength.

    Every host roll has lost a year's `host_attrition_year`; nothing was recruited. Mentors are
    asked for as today. A line of its own, never added to another gap.

    Parameters
    ----------
    need : array, shape (area, function, draw), officers on strength
        Of month `MONTH`, predation included.
    police : Police
        In the areas of `need`.
    """
    left = unsupported(police, theta)
    place = list(police.functions).index("protection")
    added = left.predation() - police.predation()
    short = np.zeros((len(need), theta.draws))
    for a in range(len(need)):
        wanted = need[a].astype(np.float64)
        wanted[place] = np.maximum(0.0, wanted[place] + added[a])
        short[a] = (wanted - left.serve(a, wanted[None])[0]).sum(axis=0)
    return short


def unsupported(police: Police, theta: Parameters) -> Police:
    """Return the police a year on, without recruits: every roll less `host_attrition_year`."""
    return replace(police, kept=police.kept * (1.0 - theta["host_attrition_year"]))
