"""The force of an option after the shocks: who is there, how many heads, at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import Deployed, Plan
from polgap.simulate._shocks import Shocks

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Force:
    """What an option has in each future, after failed pledges and budget cuts.

    Parameters
    ----------
    officers : array, shape (month, unit_type, area, draw), effective where they serve
    police : array, shape (month, area, draw), heads deployed where they are based
    cost : array, shape (draw,), USD
    """

    officers: Array
    police: Array
    cost: Array


@dataclass(frozen=True)
class Labels:
    """The labels every array of the kernel follows, and what a unit counts."""

    types: Sequence[str]
    areas: Sequence[str]
    months: Sequence[str]
    heads: Array


def units_planned(plan: Plan, pledges: frozenset[str] | None, labels: Labels) -> Array:
    """Return units in place, shape (unit_type, area, month), of some or all pledges.

    Rows of the plan outside the labels (later months) are left out.
    """
    table = plan.table
    if pledges is not None:
        table = table[table["pledge"].isin(pledges)]
    out = np.zeros((len(labels.types), len(labels.areas), len(labels.months)))
    at = [
        pd.Index(list(names)).get_indexer(pd.Index(table[column]))
        for names, column in (
            (labels.types, "unit_type"),
            (labels.areas, "area"),
            (labels.months, "month"),
        )
    ]
    inside = np.all([position >= 0 for position in at], axis=0)
    number = table["number"].to_numpy(dtype=float)[inside]
    np.add.at(out, tuple(position[inside] for position in at), number)
    return out


def tasking(plan: Plan, labels: Labels) -> Array:
    """Return the share of units that serves each area, shape (unit_type, area, serves).

    A base without a row serves its own area.
    """
    areas = pd.Index(list(labels.areas))
    types = pd.Index(list(labels.types))
    shares = np.zeros((len(types), len(areas), len(areas)))
    table = plan.tasking
    k = types.get_indexer(pd.Index(table["unit_type"]))
    base = areas.get_indexer(pd.Index(table["area"]))
    serves = areas.get_indexer(pd.Index(table["serves"]))
    inside = (k >= 0) & (base >= 0) & (serves >= 0)
    share = table["share"].to_numpy(dtype=float)[inside]
    np.add.at(shares, (k[inside], base[inside], serves[inside]), share)
    silent = shares.sum(axis=2) == 0
    shares[silent] = np.broadcast_to(np.eye(len(areas)), shares.shape)[silent]
    return shares


def largest_pledge(
    deployed: Mapping[str, Deployed], pledges: pd.DataFrame, labels: Labels
) -> str | None:
    """Return the pledge not in mission that has most officers placed in any option.

    One pledge for the whole run: the shock is the same for every option, and an option that
    does not call on it is not hurt. None when no option places such a pledge.
    """
    heads = dict(zip(labels.types, labels.heads.tolist(), strict=True))
    most: dict[str, float] = {}
    for option in deployed.values():
        table = option.plan.table
        officers = table["number"].astype(float) * table["unit_type"].map(heads).fillna(0.0)
        by_month = officers.groupby([table["pledge"], table["month"]]).sum()
        for pledge, value in by_month.groupby(level=0).max().items():
            most[str(pledge)] = max(most.get(str(pledge), 0.0), float(value))
    outside = pledges.loc[pledges["readiness"] != "in_mission", "pledge"].astype(str)
    placed = [p for p in outside if most.get(p, 0.0) > 0]
    return max(placed, key=lambda p: most[p]) if placed else None


def per_unit(
    officers: Mapping[str, Array], deployed: Mapping[str, Deployed], labels: Labels
) -> Array:
    """Return effective officers per unit in place, shape (unit_type, draw).

    Read off the options themselves: the largest ratio over options and months, which is the
    true one wherever all units placed have arrived (always so under ``status_quo``).
    """
    first = next(iter(officers.values()))
    best = np.zeros((first.shape[1], first.shape[3]))
    for name, option in deployed.items():
        serving = np.einsum(
            "kbt,kbs->kt",
            units_planned(option.plan, None, labels),
            tasking(option.plan, labels),
        )
        there = officers[name].sum(axis=2, dtype=float)
        for t in range(there.shape[0]):
            some = serving[:, t] > 0
            ratio = there[t][some] / serving[some, t][:, None]
            best[some] = np.maximum(best[some], ratio)
    return best


def after_shocks(
    option: Deployed,
    officers: Array,
    police: Array,
    cost: Array,
    *,
    shocks: Shocks,
    failing: str | None,
    present: frozenset[str],
    each: Array,
    labels: Labels,
) -> Force:
    """Return the force that is left when the pledge fails and the budget is cut.

    The mission cube does not say which pledge an officer belongs to. What stands above the
    present units is shared among the new pledges of the type by the units planned; the failing
    pledge's part is taken away. Cost falls with the heads that are not there.

    Parameters
    ----------
    option : Deployed
    officers : array, shape (month, unit_type, area, draw)
    police : array, shape (month, area, draw)
    cost : array, shape (draw,)
    shocks : Shocks
    failing : str or None
        The pledge that never comes in the futures hit.
    present : frozenset of str
        Pledges in mission.
    each : array, shape (unit_type, draw)
        Effective officers per unit, from `per_unit`.
    labels : Labels
    """
    hit = shocks.of["pledge_fails"].hit
    left, heads = officers.copy(), police.astype(float)
    everything = units_planned(option.plan, None, labels)
    lost = units_planned(option.plan, frozenset({failing} if failing else ()), labels)
    if hit.any() and lost.any():
        held = units_planned(option.plan, present, labels)
        shares = tasking(option.plan, labels)
        serve_held = np.einsum("kbt,kbs->tks", held, shares)
        serve_new = np.einsum("kbt,kbs->tks", everything - held, shares)
        serve_lost = np.einsum("kbt,kbs->tks", lost, shares)
        stays = serve_held[..., None] * each[None, :, None, hit]
        new = np.maximum(left[..., hit] - stays, 0.0)
        left[..., hit] -= (new * _ratio(serve_lost, serve_new)[..., None]).astype(left.dtype)
        base = [np.einsum("kbt,k->tb", n, labels.heads) for n in (held, everything - held, lost)]
        new = np.maximum(heads[..., hit] - base[0][..., None], 0.0)
        heads[..., hit] -= new * _ratio(base[2], base[1])[..., None]
    funded = shocks.funded()
    left *= funded[:, None, None, :].astype(left.dtype)
    heads *= funded[:, None, :]
    before = police.sum(axis=(0, 1), dtype=float)
    kept = np.where(before > 0, heads.sum(axis=(0, 1)) / np.maximum(before, 1e-12), 1.0)
    return Force(left, heads, cost * kept)


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
