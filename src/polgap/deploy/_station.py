"""Stations: where the units of a plan are based, whom they serve, and when they are in effect.

Officers by unit type, area, month and draw are many numbers made of few: units in place by month,
a month of effect by draw, officers of a unit by draw, and shares of travel. They are multiplied
out only for the areas and draws that are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import (
    MENTORING,
    Generation,
    Mission,
    Plan,
    Study,
    class_parts,
    cube,
    month_number,
    rotation,
    unit_class,
)
from polgap.draws import Parameters
from polgap.errors import PlanError

Array = NDArray[np.floating[Any]]
Row = Mapping[Any, Any]
ALL = slice(None)


@dataclass(frozen=True)
class Post:
    """Units of one pledge and one unit type.

    Parameters
    ----------
    position : int
        Of the unit type in the catalogue.
    kind : mapping
        Its row there.
    number : array, shape (area, month), units in place where they are based
    on : array of bool, shape (month, draw), whether the pledge is in effect
    officers : array, shape (draw,), effective officers on strength of one unit
    away : array, shape (month, draw), or None
        Share of a unit that cannot be tasked because it rotates.
    group : int
        Place among `Stationed.types`: of the unit type, less what a caveat of the pledge bars.
    """

    position: int
    kind: Row
    number: Array
    on: NDArray[np.bool_]
    officers: Array
    group: int
    away: Array | None = None

    def thinned(self, draws: slice) -> Post:
        """Return the same units on some draws."""
        away = None if self.away is None else self.away[:, draws]
        return replace(self, on=self.on[:, draws], officers=self.officers[draws], away=away)


@dataclass(frozen=True)
class Stationed:
    """The units of a plan, not yet multiplied out.

    Parameters
    ----------
    areas, months : list of str
    draws : int
    types : list of str
        All unit types of the catalogue, then classes less what a caveat bars (`unit_class`).
    posts : tuple of Post
    share : mapping
        Place among `types` -> array (area, area): which share of the officers based in the
        first area serves the second.
    mentors : mapping
        Place among `types` -> place of the class of those who mentor and nothing else, and which
        share (area,) of those who serve an area they are.
    """

    areas: list[str]
    months: list[str]
    draws: int
    types: list[str]
    posts: tuple[Post, ...]
    share: Mapping[int, NDArray[np.float32]]
    mentors: Mapping[int, tuple[int, NDArray[np.float32]]]

    def thinned(self, draws: slice) -> Stationed:
        """Return the same units on some draws."""
        posts = tuple(post.thinned(draws) for post in self.posts)
        return replace(self, posts=posts, draws=len(range(self.draws)[draws]))

    def mission(self) -> Mission:
        """Return effective officers on strength where they serve.

        Returns
        -------
        Mission, dims (unit_type, area, month, draw)
        """
        types, served = self.serving()
        return Mission(cube(
            served, units="officers on strength, effective", unit_type=types, area=self.areas,
            month=self.months, draw=range(self.draws),
        ))  # fmt: skip

    def serving(
        self, areas: slice = ALL, draws: slice = ALL, *, present: bool = False
    ) -> tuple[list[str], NDArray[np.float32]]:
        """Return unit types and effective officers where they serve, of some areas and draws.

        Parameters
        ----------
        areas, draws : slice
            Positions.
        present : bool
            Only the unit types that the plan has.

        Returns
        -------
        types : list of str
        officers : array, shape (unit_type, area, month, draw)
        """
        tied = dict.fromkeys(k for k, _ in self.mentors.values())
        kinds = [*self.share, *tied] if present else list(range(len(self.types)))
        shape = (len(self.areas[areas]), len(self.months), len(range(self.draws)[draws]))
        served = np.zeros((len(kinds), *shape), dtype=np.float32)
        for k, share in self.share.items():
            goes = share[:, areas]
            out = served[kinds.index(k)]
            for base in np.flatnonzero(goes.any(axis=1)).tolist():
                there = self._based(k, base, draws)
                if there is None:
                    continue
                # Sums of elements: the threads of a BLAS may change the last digit.
                for a in np.flatnonzero(goes[base]).tolist():
                    out[a] += goes[base, a] * there
            if k in self.mentors:
                apart, part = self.mentors[k]
                mentor = out * part[areas][:, None, None]
                served[kinds.index(apart)] += mentor
                out -= mentor
        return [self.types[k] for k in kinds], served

    def _based(self, position: int, base: int, draws: slice) -> NDArray[np.float32] | None:
        """Return effective officers of a unit type based in an area, (month, draw), if any."""
        total: NDArray[np.float32] | None = None
        for post in self.posts:
            if post.group != position or not post.number[base].any():
                continue
            placed = post.number[base][:, None] * post.on[:, draws] * post.officers[draws]
            if post.away is not None:
                placed = placed * (1.0 - post.away[:, draws])
            total = (placed if total is None else total + placed).astype(np.float32)
        return total


def station(
    study: Study,
    plan: Plan,
    pledges: pd.DataFrame,
    generation: Generation,
    theta: Parameters,
    areas: pd.DataFrame | None = None,
    rules: pd.DataFrame | None = None,
) -> Stationed:
    """Return where the units of a plan stand and serve; parameters and errors as of `place`."""
    types = catalogue.table("unit_types")
    keys = _named(plan) if areas is None else areas["area"].astype(str).tolist()
    _check(study, plan, pledges, types, keys)
    rows = {str(row["pledge"]): row for row in pledges.to_dict("records")}
    kinds = types.to_dict("records")
    names = [str(kind["unit_type"]) for kind in kinds]
    classes, posts = list(names), []
    turns = None if rules is None else rotation(
        rules, study.report_months, theta.draws, lambda: theta.mid("fpu_rotation_months"),
        lambda: theta["rotation_loss_share"],
    )  # fmt: skip
    for (pledge, unit_type), number in _number(plan, keys, study.report_months).items():
        k, row = names.index(unit_type), rows[pledge]
        on = _in_effect(study, generation, row)
        label = unit_class(unit_type, _barred(row))
        classes += [label] if label not in classes else []
        officers = _effective(study, kinds[k], row, theta)
        away = None
        if turns is not None and int(kinds[k]["subunits"]):
            arrival = np.asarray(generation.arrival.sel(pledge=pledge).values, dtype=float)
            present = row["readiness"] == "in_mission"
            away = turns.share(arrival, study.months, present=present)
        posts.append(Post(k, kinds[k], number, on, officers, classes.index(label), away))
    used = sorted({post.group for post in posts})
    share = {k: _share(class_parts(classes[k])[0], keys, plan.tasking) for k in used}
    mentors = _mentors(plan, classes, used, keys)
    months = study.report_months
    return Stationed(keys, months, theta.draws, classes, tuple(posts), share, mentors)


def _mentors(
    plan: Plan, classes: list[str], used: Sequence[int], areas: Sequence[str]
) -> dict[int, tuple[int, NDArray[np.float32]]]:
    """Return `Stationed.mentors`; their classes are added to `classes`."""
    found: dict[int, tuple[int, NDArray[np.float32]]] = {}
    if plan.mentors is None:
        return found
    place = {area: a for a, area in enumerate(areas)}
    others = {str(f) for f in catalogue.table("functions")["function"]} - {MENTORING}
    for k in used:
        unit_type, bars = class_parts(classes[k])
        mine = plan.mentors[plan.mentors["unit_type"] == unit_type]
        mine = mine[mine["serves"].isin(place)]
        if mine.empty or MENTORING in bars:
            continue
        part = np.zeros(len(areas), dtype=np.float32)
        part[[place[str(area)] for area in mine["serves"]]] = mine["share"].to_numpy(np.float32)
        label = unit_class(unit_type, others)
        classes += [label] if label not in classes else []
        found[k] = (classes.index(label), part)
    return found


def _barred(pledge: Row) -> set[str]:
    """Return the functions that the caveats of a pledge bar."""
    words = str(pledge.get("caveats") or "").split()
    return {name for word in words for name in catalogue.barred(word) or ()}


def _share(unit_type: str, areas: Sequence[str], tasking: pd.DataFrame) -> NDArray[np.float32]:
    """Return which share of officers based in an area serves each; at home without a row."""
    place = {area: i for i, area in enumerate(areas)}
    mine = [row for row in tasking.to_dict("records") if row["unit_type"] == unit_type]
    share = np.eye(len(areas), dtype=np.float32)
    for area in {str(row["area"]) for row in mine}:
        share[place[area], place[area]] = 0.0
    for row in mine:
        share[place[str(row["area"])], place[str(row["serves"])]] += np.float32(row["share"])
    return share


def assignable(unit_type: Row, subunit_strength: float | Array) -> float | Array:
    """Return the officers of one unit that can be given tasks, on strength.

    A formed unit gives its sub-units less those tied to its own camp; command and support stay
    out. A team or an individual officer gives its whole strength. Leave and training are in the
    relief factor of need already: they are never taken off again (gap-model.md 2).

    Parameters
    ----------
    unit_type : mapping
        A row of ``catalogue/unit_types.csv``: strength, subunits, tied_subunits.
    subunit_strength : float or array, officers
        Strength of a tactical sub-unit; at most an equal part of the unit.

    Examples
    --------
    An FPU of 140 with four sub-units, one of them tied:

    >>> assignable({"strength": 140, "subunits": 4, "tied_subunits": 1}, 28.0)
    84.0
    """
    strength, subunits = float(unit_type["strength"]), float(unit_type["subunits"])
    if subunits <= 0:
        return strength if np.isscalar(subunit_strength) else np.full_like(
            subunit_strength, strength
        )  # fmt: skip
    free = subunits - float(unit_type["tied_subunits"])
    given = free * np.minimum(subunit_strength, strength / subunits)
    return float(given) if np.isscalar(subunit_strength) else np.asarray(given)


def _named(plan: Plan) -> list[str]:
    named = [str(area) for area in plan.table["area"]]
    if len(plan.tasking):
        named += [str(area) for area in plan.tasking["serves"]]
    return list(dict.fromkeys(named))


def _check(
    study: Study, plan: Plan, pledges: pd.DataFrame, types: pd.DataFrame, areas: Sequence[str]
) -> None:
    table = plan.table[plan.table["number"] > 0]
    known: dict[str, set[Any]] = {
        "pledge": set(pledges["pledge"]),
        "unit_type": set(types["unit_type"]),
        "area": set(areas),
        "month": set(study.report_months),
    }
    wrong = [
        f"{column}: {', '.join(sorted(map(str, missing))[:5])}"
        for column, allowed in known.items()
        if (missing := set(table[column]) - allowed)
    ]
    if len(plan.tasking):
        ends = {*plan.tasking["area"], *plan.tasking["serves"]} - known["area"]
        wrong += [f"tasking: {', '.join(sorted(map(str, ends))[:5])}"] if ends else []
    if wrong:
        raise PlanError(f"plan {plan.name} names what is not there: {'; '.join(wrong)}")


def _number(
    plan: Plan, areas: Sequence[str], months: Sequence[str]
) -> dict[tuple[str, str], Array]:
    """Return units in place by (pledge, unit_type), arrays of shape (area, month)."""
    row_of = {area: i for i, area in enumerate(areas)}
    column_of = {month: j for j, month in enumerate(months)}
    found: dict[tuple[str, str], Array] = {}
    for row in plan.table[plan.table["number"] > 0].to_dict("records"):
        key = (str(row["pledge"]), str(row["unit_type"]))
        number = found.setdefault(key, np.zeros((len(areas), len(months))))
        number[row_of[str(row["area"])], column_of[str(row["month"])]] += float(row["number"])
    return found


def _in_effect(study: Study, generation: Generation, row: Row) -> NDArray[np.bool_]:
    """Return whether a pledge is in effect, shape (month, draw)."""
    month = np.arange(1, study.months + 1)
    arrival = generation.arrival.sel(pledge=row["pledge"]).values
    on = arrival[None, :] <= month[:, None]
    until = row.get("until")
    if isinstance(until, str) and until:
        on &= (month <= month_number(until) - month_number(study.origin))[:, None]
    return np.asarray(on)


def _effective(study: Study, kind: Row, pledge: Row, theta: Parameters) -> Array:
    """Return effective officers on strength of one unit of a pledge, shape (draw,)."""
    officers = np.asarray(assignable(kind, theta["subunit_strength"]))
    if kind["instrument"] != "IPO":
        return officers
    officers = officers * (1.0 - theta["ipo_induction_months"] / theta["ipo_tour_months"])
    return officers if _speaks(study, pledge) else officers * theta["language_mismatch_share"]


def _speaks(study: Study, pledge: Row) -> bool:
    """Return False only where both languages are known and differ: unknown is not a mismatch."""
    theirs = pledge.get("language")
    spoken = set(theirs.casefold().split()) if isinstance(theirs, str) else set()
    wanted = set(study.language.casefold().split())
    return not spoken or not wanted or bool(spoken & wanted)
