"""Floors: what a plan has to give at least, wherever that can be had.

Minimum presence, women in place, the equity floor and the time to respond: each is a sum over
units in place, from certain bases, in certain blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue
from polgap.calibrate._force import Force
from polgap.calibrate._limits import covers, in_blocks, named_areas, rows_of
from polgap.domain import Inputs, Study

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Floor:
    """At least `least` of: sum over pledge and base of coef x bases x units, in the marked blocks.

    Parameters
    ----------
    rule, area : name of the rule; the area it is about ("" = the theatre)
    coef : (P,) what one unit gives: officers on strength, women, or formed units
    bases : (J, A) bases from which a kind counts
    blocks : (Q,) blocks in which it holds
    """

    rule: str
    area: str
    least: float
    coef: Array
    bases: BoolArray
    blocks: BoolArray

    def here(self, force: Force, count: IntArray) -> Array:
        """Return what units in place (P, A, Q) give, (Q,)."""
        return np.asarray(np.einsum("paq,p,pa->q", count, self.coef, self.bases[force.kind] * 1.0))

    def short(self, force: Force, count: IntArray) -> Array:
        """Return what is missing in each block, (Q,)."""
        lack = self.least - self.here(force, count)
        return np.where(self.blocks & (lack > 1e-6), lack, 0.0)


def floors(study: Study, inputs: Inputs, force: Force, hours: xr.DataArray) -> tuple[Floor, ...]:
    """Return what the rules ask for at least.

    ``minimum_presence``: officers based in an area, or in the theatre. ``women_minimum``: women
    among them. ``response_time``: a formed unit based within so many hours of an area.
    ``equity_floor``: within reach of an area, at least the share stated of what it would have if
    the officers present at the start (all that are pledged, where there are none) were spread by
    population. The last two are about each area where the rule names none.
    """
    areas = inputs.areas["area"].astype(str).tolist()
    travel = hours.transpose("area", "serves").values.astype(float)
    everywhere = np.ones((len(force.kinds), len(areas)), dtype=bool)
    people = inputs.areas["population"].to_numpy(float)
    even = _present(force) * people / max(float(people.sum()), 1e-12)
    reach = _reach(force)
    found: list[Floor] = []
    for rule, coef in (("minimum_presence", force.strength),
                       ("women_minimum", force.strength * force.women)):  # fmt: skip
        for row in rows_of(inputs, rule):
            named = str(row["area"] or "").strip("*")
            bases = everywhere & np.array([not named or a == named for a in areas])
            found.append(_floor(study, row, rule, named, float(row["value"]), coef, bases))
    for row in rows_of(inputs, "response_time"):
        for area in named_areas(areas, row):
            bases = everywhere & (travel[:, areas.index(area)] <= float(row["value"]) + 1e-9)
            coef = force.formed * 1.0
            found.append(_floor(study, row, "response_time", area, 1.0, coef, bases))
    for row in rows_of(inputs, "equity_floor"):
        for area in named_areas(areas, row):
            a = areas.index(area)
            bases = travel[:, a][None, :] <= reach[:, None] + 1e-9
            least = float(row["value"]) * float(even[a])
            found.append(_floor(study, row, "equity_floor", area, least, force.strength, bases))
    return tuple(floor for floor in found if not np.isnan(floor.least))


def _floor(
    study: Study,
    row: dict[Any, Any],
    rule: str,
    area: str,
    least: float,
    coef: Array,
    bases: BoolArray,
) -> Floor:
    return Floor(rule, area, least, coef, bases, in_blocks(covers(study, row)) > 0)


def _present(force: Force) -> float:
    """Return officers on strength present at the start, or all pledged where there are none."""
    strength = force.number * force.strength
    return float(strength[force.present].sum() or strength.sum())


def _reach(force: Force) -> Array:
    """Return hours that a kind travels to serve, (J,)."""
    hours = catalogue.table("unit_types").set_index("unit_type")["reach_hours"]
    return np.array([float(hours[kind.unit_type]) for kind in force.kinds])
