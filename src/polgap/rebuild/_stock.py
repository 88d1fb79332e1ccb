"""Stock and flow of host-State police: roll, operational, effective, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import POSTURES, Posture
from polgap.draws import Parameters
from polgap.rebuild._able import Able, able
from polgap.rebuild._posts import Lines, Posts
from polgap.rebuild._will import Will

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.integer[Any]]

_MENTOR = POSTURES.index("mentor")


@dataclass(frozen=True)
class Support:
    """What host-State institutions are given, by area.

    Parameters
    ----------
    given : bool array, shape (area,)
        Posture is mentor or higher, and its due diligence is on record.
    peace : bool array, shape (area,)
        No fighting at the origin: only then may willingness move.
    powers : int
        Grade of powers.
    share : array, shape (area,), 0 to 1
        How far: which share of the mentors asked for are there. Of no account where nothing is
        given.
    off_record : int
        Areas that the posture would support, but for want of a due diligence record.
    """

    given: BoolArray
    peace: BoolArray
    powers: int
    share: Array
    off_record: int = 0

    def within(self, block: IntArray) -> Support:
        """Return the support in some areas."""
        return Support(self.given[block], self.peace[block], self.powers, self.share[block])

    def extent(self) -> Array:
        """Return how far each area is supported, shape (area,), 0 where nothing is given."""
        return np.where(self.given, self.share, 0.0)


def support(
    posture: Posture,
    phases: Mapping[str, str],
    areas: list[str],
    mentored: Mapping[str, float] | None = None,
) -> Support:
    """Return where the posture supports host-State police, how far, and where there is peace.

    A rung that asks for a human-rights due diligence record gives nothing where there is none.

    Parameters
    ----------
    mentored : mapping, optional
        Area -> share of the mentors asked for that are there; all of them where it is not named.
    """
    high = np.array([POSTURES.index(posture.rung[a]) >= _MENTOR for a in areas])
    needs = [dict(posture.required.get(a, ())).get("hrddp") for a in areas]
    lacking = high & np.array([met is False for met in needs])
    return Support(
        high & ~lacking,
        np.array([phases.get(a, "fighting") != "fighting" for a in areas]),
        posture.powers,
        np.array([(mentored or {}).get(a, 1.0) for a in areas]),
        int(lacking.sum()),
    )


@dataclass(frozen=True)
class Stock:
    """Host-State police over time, with support; month 0 is the origin.

    Parameters
    ----------
    roll, operational, effective : arrays, shape (institution, area, month, draw), officers
    vetted, equipped : arrays, shape (area, month, draw)
        Share of the officers available; 0 where there are none.
    lowest : array, shape (area, month, draw)
        Lowest willingness indicator of any institution there; 0 where there is none.
    unwilling : bool array, shape (institution, area)
        Unwilling or predatory: no equipment, no headcount.
    """

    roll: Array
    operational: Array
    effective: Array
    vetted: Array
    equipped: Array
    lowest: Array
    unwilling: BoolArray


def stock(
    table: Lines,
    here: Posts,
    willing: Will,
    helped: Support,
    months: int,
    theta: Parameters,
) -> Stock:
    """Return the path of host-State police with the support that the posture gives.

    Parameters
    ----------
    table : Lines
        The host-police table, drawn.
    here : Posts
        Posts of the areas at hand.
    willing : Will, for the areas at hand
    helped : Support, for the areas at hand
    months : int
        Months after the origin.
    theta : Parameters

    Returns
    -------
    Stock

    References
    ----------
    ``host_growth_year`` is the net growth of a whole roll under support (Haiti 2004-17): losses
    are in it already, so attrition is not taken off again. Able but unwilling: gap-model.md 8.
    """
    i, a = here.institution, here.area
    shape = (len(here.institutions), len(helped.given), months + 1, theta.draws)
    unwilling, extent = willing.held_off(theta), helped.extent()
    growing = np.where(unwilling[i, a], 0.0, extent[a])
    change = _roll_change(table, here, willing.mean[i, a], growing, months, theta)
    ability = _ability(table, here, extent[a], growing, helped.powers, months, theta)
    gain = _will_gain(extent * helped.peace, months, theta)

    mean_will = np.clip(willing.mean[i, a][:, None] + gain[a], 0.0, 1.0)
    change = change * here.share[:, None]
    available = table.available[here.line, None] * change
    paths = {
        "roll": table.roll[here.line, None] * change,
        "operational": table.operational[here.line, None] * change,
        "effective": available * ability.joint * mean_will,
    }
    by_place = {name: _sum_at(shape, (i, a), path) for name, path in paths.items()}
    total = _sum_at(shape[1:], (a,), available)
    return Stock(
        **by_place,
        vetted=_ratio(_sum_at(shape[1:], (a,), available * ability.vetted), total),
        equipped=_ratio(_sum_at(shape[1:], (a,), available * ability.equipped), total),
        lowest=_lowest(willing, by_place["roll"][:, :, 0].max(axis=-1) > 0, gain),
        unwilling=unwilling,
    )


def kept_a_month(theta: Parameters) -> Array:
    """Return the share of a roll that is left after a month without support, shape (draw,)."""
    return np.asarray((1.0 - theta["host_attrition_year"]) ** (1.0 / 12.0))


def _roll_change(
    table: Lines,
    here: Posts,
    mean_will: Array,
    growing: Array,
    months: int,
    theta: Parameters,
) -> Array:
    """Return the roll over the roll at the origin, shape (post, month, draw)."""
    lost = theta["capture_growth_loss_share"] * (1.0 - mean_will)
    grown, kept = theta["host_growth_year"] * (1.0 - lost) / 12.0, np.log(kept_a_month(theta))
    monthly = growing[:, None] * grown + (1.0 - growing[:, None]) * kept
    when = np.arange(months + 1.0)[:, None]
    room = table.room[here.line][:, None, None]
    return np.asarray(np.minimum(np.exp(monthly[:, None] * when), room))


def _ability(
    table: Lines,
    here: Posts,
    given: Array,
    growing: Array,
    powers: int,
    months: int,
    theta: Parameters,
) -> Able:
    """Return able shares by post; posts of one row in one situation are worked out once."""
    situations = np.stack([here.line, given, growing], axis=1)
    cases, of_post = np.unique(situations, axis=0, return_inverse=True)
    line = cases[:, 0].astype(int)
    found = able(table.shares[line], table.nested[line], cases[:, [1, 1, 2]], months, powers, theta)
    return Able(found.joint[of_post], found.vetted[of_post], found.equipped[of_post])


def _will_gain(moves: Array, months: int, theta: Parameters) -> Array:
    """Return points of willingness gained since the origin, shape (area, month, draw)."""
    years = np.arange(months + 1.0)[:, None] / 12.0
    return np.asarray(moves[:, None, None] * theta["willing_gain_year"] * years)


def _lowest(willing: Will, there: BoolArray, gain: Array) -> Array:
    lowest = np.where(there[..., None], willing.lowest, np.inf).min(axis=0, initial=np.inf)
    lowest = np.where(np.isfinite(lowest), lowest, -np.inf)
    return np.asarray(np.clip(lowest[:, None] + gain, 0.0, 1.0))


def _sum_at(
    shape: tuple[int, ...], place: tuple[NDArray[np.integer[Any]], ...], values: Array
) -> Array:
    total = np.zeros(shape)
    np.add.at(total, place, values)
    return total


def _ratio(part: Array, whole: Array) -> Array:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))
