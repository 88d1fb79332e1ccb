"""Settle: the sites that prices leave open, as a small integer program."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from polgap.calibrate._block import load, solve
from polgap.calibrate._lagrange import Prices

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

ARCS = 8_000
"""Pairs of candidate and place left, above which nothing is tried."""
NODES = 300
"""Nodes of the search, at most."""


def settle(cost: Array, count: int, prices: Prices, value: float) -> tuple[IntArray | None, float]:
    """Return the best sites among these candidates, if found, and a bound for all better ones.

    A place may be served only where that costs no more above its price than `value` is above the
    bound: any other choice costs more than `value`.
    """
    near = cost - prices.price <= value - prices.bound + 1e-9
    if int(near.sum()) > ARCS or not near.any(axis=0).all():
        return None, prices.bound
    site, place = np.nonzero(near)
    arcs, (sites, places) = len(site), cost.shape
    arc = np.arange(arcs)
    ones, column = np.ones(arcs), sites + arc
    rows = np.concatenate([place, places + arc, places + arc, np.full(sites, places + arcs)])
    columns = np.concatenate([column, column, site, np.arange(sites)])
    values = np.concatenate([ones, ones, -ones, np.ones(sites)])
    shape = (places + arcs + 1, sites + arcs)
    matrix = csr_array(coo_array((values, (rows, columns)), shape=shape))
    below = np.concatenate([np.ones(places), np.full(arcs, -highspy.kHighsInf), [float(count)]])
    above = np.concatenate([np.ones(places), np.zeros(arcs), [float(count)]])
    price = np.concatenate([np.zeros(sites), cost[site, place]])
    highs = load(0, price, np.ones(len(price)), below, above, matrix)
    which = np.arange(sites, dtype=np.int32)
    whole = np.full(sites, highspy.HighsVarType.kInteger.value, dtype=np.uint8)
    highs.changeColsIntegrality(sites, which, whole)
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.setOptionValue("mip_rel_gap", 1e-9)
    found, _ = solve(highs, len(price), shape[0])
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, value
    bound = prices.bound
    if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit):
        bound = max(bound, float(highs.getInfo().mip_dual_bound))
    opened = np.flatnonzero(found[:sites] > 0.5)
    return (opened if len(opened) == count else None), bound
