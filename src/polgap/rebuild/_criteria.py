"""The four hand-over criteria, draw by draw, and what happens after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import Assessment
from polgap.draws import Parameters
from polgap.rebuild._stock import Stock, kept_a_month

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

_ALL_COVERED = 1.0 - 1e-6
_AFTER = 12
"""Months after hand-over in which a reversal is looked for."""


@dataclass(frozen=True)
class Criteria:
    """Whether each criterion holds, bool arrays of shape (area, month, draw); months 1, 2, ...

    Parameters
    ----------
    response, certified, logistics, stability : bool arrays
    need, host : arrays, officers on strength
        Need for what host-State police give, and their effective provision as assessed (at the
        origin's level).
    effective : array, shape (area, month + 1, draw), officers
        Own path of effective officers, month 0 first.
    unsupported_shortfall : array, shape (month, draw), officers on strength
        National shortfall over these areas, were support to end at the origin.
    """

    response: BoolArray
    certified: BoolArray
    logistics: BoolArray
    stability: BoolArray
    need: Array
    host: Array
    effective: Array
    unsupported_shortfall: Array

    def all(self) -> BoolArray:
        """Return whether all four hold."""
        return self.response & self.certified & self.logistics & self.stability


def criteria(assessment: Assessment, block: IntArray, found: Stock, theta: Parameters) -> Criteria:
    """Return whether each criterion holds in the areas of a block.

    Parameters
    ----------
    assessment : Assessment
    block : int array
        Positions of the areas.
    found : Stock
        Path of host-State police in these areas.
    theta : Parameters
    """
    need, others = _total(assessment.need, block)
    host, _ = _total(assessment.host, block)
    effective = found.effective.sum(axis=0)
    months = need.shape[1]
    supported = host_provision(assessment, block, found)
    kept = kept_a_month(theta) ** np.arange(1, months + 1.0)[:, None]
    alone = provided(need, host, effective[:, :1] * kept, effective[:, :1])
    cover = theta["handover_min_cover_share"]
    there = found.roll[:, :, 0].sum(axis=0)[:, None] > 0
    return Criteria(
        response=there & (supported >= cover * need * _ALL_COVERED),
        certified=there & (found.vetted[:, 1:] >= theta["handover_min_certified_share"]),
        logistics=there & (found.equipped[:, 1:] >= theta["handover_min_equipped_share"]),
        stability=there & (found.lowest[:, 1:] >= theta["handover_min_willingness"]),
        need=need,
        host=host,
        effective=effective,
        unsupported_shortfall=(np.maximum(need - alone, 0.0) + others).sum(axis=0),
    )


def host_provision(assessment: Assessment, block: IntArray, found: Stock) -> Array:
    """Return what host-State police provide on their path, shape (area, month, draw), officers."""
    need, _ = _total(assessment.need, block)
    host, _ = _total(assessment.host, block)
    effective = found.effective.sum(axis=0)
    return provided(need, host, effective[:, 1:], effective[:, :1])


def provided(need: Array, host: Array, effective: Array, at_origin: Array) -> Array:
    """Return host provision when effective officers move away from their level at the origin.

    Assessed provision is scaled by the change. Where it met the whole need, officers may have
    been to spare: the police then still cover what they are enough for.

    Examples
    --------
    Provision 40 of a need of 100 grows by half; 100 of 100 shrinks by half with 300 to spare.

    >>> need, host = np.array([100.0, 100.0]), np.array([40.0, 100.0])
    >>> provided(need, host, np.array([60.0, 200.0]), np.array([40.0, 400.0])).tolist()
    [60.0, 100.0]
    """
    change = np.divide(
        effective, at_origin, out=np.ones(np.broadcast_shapes(effective.shape, at_origin.shape)),
        where=at_origin > 0,
    )  # fmt: skip
    scaled = host * change
    spare = np.where(host >= need * _ALL_COVERED, np.minimum(effective, need), 0.0)
    return np.asarray(np.maximum(scaled, spare))


def run_share(held: BoolArray, run: int) -> Array:
    """Return the share of draws in which `held` is true in `run` months from each month on.

    Parameters
    ----------
    held : bool array, shape (month, draw)
    run : int

    Returns
    -------
    array, shape (month - run + 1,)

    Examples
    --------
    >>> run_share(np.array([[True, True], [True, False], [True, True]]), 2).tolist()
    [0.5, 0.5]
    """
    run = min(run, len(held))
    windows = np.lib.stride_tricks.sliding_window_view(held, run, axis=0)
    return np.asarray(windows.all(axis=-1).mean(axis=1))


def reversal(held: Criteria, area: int, month: int, theta: Parameters) -> Array:
    """Return the share of months after hand-over in which the response criterion fails.

    Support ends at hand-over: from then on the police shrink by attrition. Up to twelve months
    are looked at, fewer where the horizon ends.

    Parameters
    ----------
    held : Criteria
    area : int
        Position in the block.
    month : int
        Month of hand-over, counted from the origin.
    theta : Parameters

    Returns
    -------
    array, shape (draw,)
    """
    last = held.need.shape[1]
    first = min(month + 1, last)
    when = np.arange(first, min(month + _AFTER, last) + 1)
    need, host = held.need[area, when - 1], held.host[area, when - 1]
    left = held.effective[area, month] * kept_a_month(theta) ** (when - month)[:, None]
    given = provided(need, host, left, held.effective[area, :1])
    fails = given < theta["handover_min_cover_share"] * need * _ALL_COVERED
    return np.asarray(fails.mean(axis=0))


def _total(values: xr.DataArray, block: IntArray) -> tuple[Array, Array]:
    """Return officers over what host-State police give, and over the rest, (area, month, draw).

    Mentoring counts as need and as shortfall, but no police mentors itself: an area is not kept
    from hand-over for it.
    """
    functions = catalogue.table("functions")
    gives = set(functions.loc[functions["host_gives"] == 1, "function"])
    theirs = np.array([f in gives for f in values["function"].values.tolist()])
    part = values.transpose("area", "month", "function", "draw").values[block[0] : block[-1] + 1]
    own, rest = (part[:, :, mask].sum(axis=2, dtype=np.float64) for mask in (theirs, ~theirs))
    return own, rest
