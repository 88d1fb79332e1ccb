"""Program: the requirement as convex segments, arcs within reach, and who may do what.

The program ties officers to a served area and a group of functions for a block of three months.
Then only the marginal distribution of the requirement of each (area, group, block) enters the
expected shortfall, and any number of draws becomes a few segments of one convex function.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue
from polgap.calibrate._floors import Floor
from polgap.calibrate._force import Force, Kind, months_of_blocks
from polgap.calibrate._limits import Limit
from polgap.domain import MENTORING, Requirement, Study
from polgap.draws import reduce

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

DRAWS = 200
"""Draws kept for the program."""
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
"""Quantiles at which the expected shortfall is exact; between them it is a chord."""
SERVED = 16
"""Areas that a base serves, at most: the nearest of those within reach."""


@dataclass(frozen=True)
class Program:
    """Arrays of the program: A areas, Q blocks, G groups of functions, K segments, J kinds.

    Parameters
    ----------
    areas : area keys
    months : (Q,) months in each block
    total : expected requirement over the horizon, officer-months
    width : (Q, A, G, K) officers of each segment
    gain : (Q, A, G, K) officer-months of shortfall that one officer in the segment saves
    cap : (J, G) greatest share of the officers of a kind, in one served area, that may do the
        functions of a group (skill); 0 = not eligible
    hours : (A, A) travel hours from base to served area
    reach : (J, A, A) whether a kind based in the first area may serve the second
    population : (A,) inhabitants
    by_cell : (P, N) effective officers of one unit in each cell, where the requirement is by cell
        and pledges bring something else in some of the cells of a block; None = as in `force`
    apart : functions that form groups of their own
    mentoring : group of mentoring where it is one of them, else -1
    """

    seed: int
    areas: tuple[str, ...]
    months: IntArray
    total: float
    width: Array
    gain: Array
    cap: Array
    hours: Array
    reach: BoolArray
    population: Array
    force: Force
    limits: tuple[Limit, ...]
    floors: tuple[Floor, ...]
    by_cell: Array | None = None
    apart: tuple[str, ...] = ()
    mentoring: int = -1

    def effects(self, block: IntArray) -> Array:
        """Return effective officers of one unit in cells that lie in these blocks, (P, N)."""
        return self.force.effect[:, block] if self.by_cell is None else self.by_cell

    @property
    def shape(self) -> tuple[int, int, int]:
        """Pledges, areas, blocks: the shape of units in place."""
        return len(self.force.pledge), len(self.areas), len(self.months)


def build(
    study: Study,
    requirement: Requirement,
    hours: xr.DataArray,
    population: Array,
    force: Force,
    limits: tuple[Limit, ...],
    floors: tuple[Floor, ...],
    worth: xr.DataArray | None = None,
) -> Program:
    """Return the program of a study as arrays.

    With `worth` (area, month) an officer who mentors counts 1 + worth times where he is needed,
    and the value of a plan includes what the mentors who are not there would have averted.
    """
    months = months_of_blocks(study.months)
    functions = requirement["function"].values.astype(str).tolist()
    apart = () if worth is None else (MENTORING,)
    group, cap = groups_of(force.kinds, functions, apart)
    cube = requirement.sel(month=study.report_months).transpose("area", "month", "function", "draw")
    kept, _ = reduce(cube.sizes["draw"], DRAWS)
    values = cube.values if len(kept) == cube.sizes["draw"] else cube.values[..., kept]
    total = float(values.sum(axis=(0, 1, 2), dtype=float).mean())
    width, gain = _segments(values, group, cap.shape[1], months)
    mine = -1 if worth is None else int(group[functions.index(MENTORING)])
    if worth is not None and mine >= 0:
        more = np.add.reduceat(worth.values, np.cumsum(months) - months, axis=1) / months
        total += float((width[:, :, mine] * gain[:, :, mine] * more.T[..., None]).sum())
        gain[:, :, mine] *= 1.0 + more.T[..., None]
    travel = hours.transpose("area", "serves").values.astype(float)
    reach_hours = catalogue.table("unit_types").set_index("unit_type")["reach_hours"]
    limit = np.array([float(reach_hours[kind.unit_type]) for kind in force.kinds])
    return Program(
        seed=study.seed,
        areas=tuple(requirement["area"].values.astype(str).tolist()),
        months=months,
        total=total,
        width=width,
        gain=gain,
        cap=cap,
        hours=travel,
        reach=_nearest(travel) & (travel[None] <= limit.reshape(-1, 1, 1) + 1e-9),
        population=population,
        force=force,
        limits=limits,
        floors=floors,
        apart=apart,
        mentoring=mine,
    )


def without(program: Program, pledges: BoolArray) -> Program:
    """Return the program without some pledges (none of their units may be used)."""
    number = np.where(pledges, 0, program.force.number)
    return replace(program, force=replace(program.force, number=number))


def _nearest(hours: Array) -> BoolArray:
    """Return whether an area is among the nearest `SERVED` of a base, shape (A, A)."""
    order = np.argsort(hours, axis=1, kind="stable")[:, :SERVED]
    near = np.zeros(hours.shape, dtype=bool)
    np.put_along_axis(near, order, True, axis=1)
    return near


def groups_of(
    kinds: tuple[Kind, ...], functions: list[str], apart: tuple[str, ...] = ()
) -> tuple[IntArray, Array]:
    """Return the group of each function (-1: nobody may) and cap (J, G).

    Functions that every kind serves alike form a group: within it officers are interchangeable.
    Those `apart` form groups of their own.
    """
    skill = np.array([_skills(kind, functions) for kind in kinds]).reshape(
        len(kinds), len(functions)
    )
    group = np.full(len(functions), -1)
    columns: list[tuple[str, tuple[float, ...]]] = []
    for f, name in enumerate(functions):
        column = (name if name in apart else "", tuple(skill[:, f].tolist()))
        if any(column[1]):
            if column not in columns:
                columns.append(column)
            group[f] = columns.index(column)
    size = np.bincount(group[group >= 0], minlength=len(columns))
    cap = np.array([column for _, column in columns]).reshape(len(columns), len(kinds)).T
    return group, np.minimum(1.0, cap * size)


def _skills(kind: Kind, functions: list[str]) -> list[float]:
    """Return the skill of a kind by function, 0 where its powers or a caveat forbid it."""
    types = catalogue.table("unit_types").set_index("unit_type").to_dict("index")
    unit = {str(k): v for k, v in types[kind.unit_type].items()}
    rows = catalogue.table("functions").set_index("function")["minimum_powers"].to_dict()
    return [
        float(unit[f"skill_{f}"])
        if int(unit["powers"]) >= int(rows[f]) and f not in kind.forbids
        else 0.0
        for f in functions
    ]


def _segments(values: Array, group: IntArray, groups: int, months: IntArray) -> tuple[Array, Array]:
    """Return widths and gains of the expected shortfall, (Q, A, G, K) each.

    `values` is the requirement (area, month, function, draw). The months of a block are pooled:
    the shortfall of y officers is months x mean of max(0, requirement - y) over both.
    """
    areas, draws = values.shape[0], values.shape[3]
    segments = len(LEVELS)
    width = np.zeros((len(months), areas, groups, segments))
    gain = np.zeros_like(width)
    for q, size in enumerate(months):
        start = int(months[:q].sum())
        part = values[:, start : start + size]
        for g in range(groups):
            pooled = part[:, :, group == g].sum(axis=2, dtype=float).reshape(areas, size * draws)
            ends = np.quantile(pooled, LEVELS, axis=1)
            ends = np.concatenate([np.zeros((1, areas)), np.maximum(ends, 0.0)])
            short = np.stack([_over(pooled, e) for e in ends])
            width[q, :, g] = np.diff(ends, axis=0).T
            saved = -np.diff(short, axis=0).T * size
            gain[q, :, g] = np.divide(
                saved, width[q, :, g], out=np.zeros_like(saved), where=width[q, :, g] > 1e-9
            )
    width[gain <= 1e-12] = 0.0
    gain[width == 0.0] = 0.0
    return width, gain


def _over(pooled: Array, end: Array) -> Array:
    """Return the mean of what is above `end` in each row."""
    above = pooled - end[:, None]
    return np.asarray(np.maximum(above, 0.0, out=above).mean(axis=1))
