"""Willingness of institutions in areas, by the same streams as in the gap step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import Inputs, Study
from polgap.draws import Parameters, harm_share, held_off, linear_pool
from polgap.rebuild._posts import area_keys, covered

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

_ABUSE = "abuse_allegations"
_ASSUMED = ("assumed", "recalled")


@dataclass(frozen=True)
class Will:
    """Willingness of institutions in areas, at the origin.

    Parameters
    ----------
    mean, lowest : arrays, shape (institution, area, draw), 0..1
        Mean and lowest of the indicators.
    harm : array, shape (institution, area)
        Share of officers that preys, mean over draws.
    assumed : bool array, shape (institution, area)
        True where some indicator was not assessed and the general range stands in.
    """

    mean: Array
    lowest: Array
    harm: Array
    assumed: BoolArray

    def within(self, block: IntArray) -> Will:
        """Return the willingness in some areas (consecutive positions)."""
        part = slice(int(block[0]), int(block[-1]) + 1)
        return Will(
            self.mean[:, part], self.lowest[:, part], self.harm[:, part], self.assumed[:, part]
        )

    def held_off(self, theta: Parameters) -> BoolArray:
        """Return where no equipment and no headcount is given, as advised: by the means."""
        limits = theta.mid("unwilling_below"), theta.mid("predatory_from")
        return held_off(self.mean.mean(axis=-1), self.harm, *limits)


def will(study: Study, inputs: Inputs, institutions: Sequence[str], theta: Parameters) -> Will:
    """Return the willingness of each institution in each area.

    The finest row wins: an area before a parent before ``*``. Assessors of one indicator are
    pooled (`polgap.draws.linear_pool`). What nobody assessed moves with ``host_willing``.
    Willingness is of an institution in an area, never of a group.

    Raises
    ------
    DataError
        If a row names an area or parent that the theatre does not have.
    """
    names = [str(i) for i in catalogue.table("indicators")["indicator"]]
    shape = (len(institutions), len(names), len(inputs.areas))
    drawn = np.full((*shape, theta.draws), np.nan, dtype=np.float32)
    looked_at = np.zeros(shape, dtype=np.bool_)
    keys = ["institution", "area", "indicator"]
    groups = [rows for _, rows in inputs.willingness.groupby(keys, sort=False)]
    places = [tuple(rows[keys].iloc[0].astype(str)) for rows in groups]
    known = area_keys(inputs.areas)
    reach = [covered(known, area, "willingness") for _, area, _ in places]
    for g in sorted(range(len(groups)), key=lambda g: known[places[g][1]][0]):
        institution, _, indicator = places[g]
        if institution not in institutions or indicator not in names:
            continue
        k, j = list(institutions).index(institution), names.index(indicator)
        drawn[k, j, reach[g]] = linear_pool(groups[g], g, study.origin, theta)
        looked_at[k, j, reach[g]] = not groups[g]["basis"].isin(_ASSUMED).any()
    missing = np.isnan(drawn[..., 0])
    if missing.any():
        drawn[missing] = theta["host_willing"]
    abuse = names.index(_ABUSE)
    return Will(
        drawn.mean(axis=1, dtype=np.float64),
        drawn.min(axis=1, initial=np.inf).astype(np.float64),
        harm_share(drawn[:, abuse], looked_at[:, abuse], theta).mean(axis=-1),
        np.asarray(missing.any(axis=1)),
    )
