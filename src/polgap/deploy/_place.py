"""Placement: a plan with its luck - who is there, whom they can serve, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import (
    Deployed,
    Generation,
    Mission,
    Plan,
    Study,
    class_parts,
    cube,
    month_number,
    unit_class,
)
from polgap.draws import Parameters, stream, three_point
from polgap.errors import PlanError

Array = NDArray[np.floating[Any]]
Row = Mapping[Any, Any]


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


def place(
    study: Study,
    plan: Plan,
    pledges: pd.DataFrame,
    generation: Generation,
    theta: Parameters,
    areas: pd.DataFrame | None = None,
) -> Deployed:
    """Return what a plan brings in each draw: deployed strength, effective officers and cost.

    A pledge is in effect in month t (the first is 1) where the plan has units of it, its arrival
    is at most t, and its offer has not ended. Units serve the areas of ``plan.tasking``; a unit
    type based in an area without a tasking row serves where it is based.

    Parameters
    ----------
    study : Study
    plan : Plan
    pledges : table ``pledges``
    generation : Generation
        Arrival of these pledges.
    theta : Parameters
    areas : table ``areas``, optional
        Areas of the result, in order. Without it: those that the plan names, in its order.

    Returns
    -------
    Deployed
        ``mission`` (unit_type, area, month, draw) effective officers where they serve, all unit
        types of the catalogue, and classes less what a caveat bars (`unit_class`);
        ``strength`` (area, month, draw) officers deployed where they are based; ``cost`` (draw,)
        USD over the reported months, from the month of effect on.

    Raises
    ------
    PlanError
        If the plan names a pledge, unit type, area or month that is not there.

    Examples
    --------
    A unit that arrives in March does no patrol in February:

    >>> from polgap import catalogue
    >>> from polgap.domain import Arrival, empty_table
    >>> study = Study("T", "2023-12", months=4, draws=1)
    >>> row = {"pledge": "p", "unit_type": "FPU", "number": 1, "readiness": "RDL", "chance": 1.0}
    >>> pledges = pd.concat([empty_table("pledges"), pd.DataFrame([row])])
    >>> months = study.report_months
    >>> table = pd.DataFrame({"pledge": "p", "unit_type": "FPU", "area": "a", "month": months,
    ...                       "number": 1})
    >>> plan = Plan("recommended", table, pd.DataFrame(columns=["unit_type", "area", "serves"]))
    >>> arrival = cube([[3.0]], units="months from the origin", pledge=["p"], draw=[0])
    >>> force = Generation(Arrival(arrival), pd.DataFrame())
    >>> theta = Parameters(catalogue.parameters(), seed=1, draws=1)
    >>> place(study, plan, pledges, force, theta).strength.values[0, :, 0].tolist()
    [0.0, 0.0, 140.0, 140.0]
    """
    types = catalogue.table("unit_types")
    keys = _named(plan) if areas is None else areas["area"].astype(str).tolist()
    _check(study, plan, pledges, types, keys)
    rows = {str(row["pledge"]): row for row in pledges.to_dict("records")}
    kinds = types.to_dict("records")
    place_of = {str(kind["unit_type"]): k for k, kind in enumerate(kinds)}
    class_of = {
        pledge: unit_class(str(rows[pledge]["unit_type"]), _barred(rows[pledge]))
        for pledge in dict.fromkeys(plan.table["pledge"].astype(str))
        if pledge in rows
    }
    classes = list(dict.fromkeys([*place_of, *class_of.values()]))
    shape = (len(keys), study.months, theta.draws)
    effective = np.zeros((len(classes), *shape), dtype=np.float32)
    strength, cost = np.zeros(shape), np.zeros(theta.draws)
    for (pledge, unit_type), number in _number(plan, keys, study.report_months).items():
        k = place_of[unit_type]
        kind, row, here = kinds[k], rows[pledge], np.flatnonzero(number.any(axis=1))
        placed = number[here, :, None] * _in_effect(study, generation, row)
        effective[classes.index(class_of[pledge]), here] += placed * _effective(
            study, kind, row, theta
        )
        strength[here] += placed * float(kind["strength"])
        cost += placed.sum(axis=(0, 1)) * _cost_a_month(k, kind, theta)
    labels = {"area": keys, "month": study.report_months, "draw": range(theta.draws)}
    mission = cube(
        _serve(effective, classes, keys, plan.tasking),
        units="officers on strength, effective",
        unit_type=classes,
        **labels,
    )
    return Deployed(
        plan, Mission(mission), cube(strength, units="officers deployed", **labels), cost
    )


def _barred(pledge: Row) -> set[str]:
    """Return the functions that the caveats of a pledge bar."""
    bars = catalogue.table("caveats").set_index("caveat")["forbids"].astype(str).to_dict()
    words = str(pledge.get("caveats") or "").split()
    return {name for word in words for name in bars.get(word, "").split()}


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


def _cost_a_month(position: int, kind: Row, theta: Parameters) -> Array:
    points = (float(kind[f"cost_year_{end}"]) for end in ("low", "mid", "high"))
    uniform = stream(theta.seed, "cost", position).random(theta.draws)
    return three_point(uniform, *points) / 12.0


def _serve(
    based: NDArray[np.float32], types: Sequence[str], areas: Sequence[str], tasking: pd.DataFrame
) -> NDArray[np.float32]:
    """Turn officers where they are based into officers where they serve, in place."""
    place = {area: i for i, area in enumerate(areas)}
    rows = tasking.to_dict("records")
    for k, unit_type in enumerate(types):
        mine = [row for row in rows if row["unit_type"] == class_parts(unit_type)[0]]
        share = np.eye(len(areas), dtype=np.float32)
        for area in {str(row["area"]) for row in mine}:
            share[place[area], place[area]] = 0.0
        for row in mine:
            share[place[str(row["area"])], place[str(row["serves"])]] += np.float32(row["share"])
        here = np.flatnonzero(based[k].any(axis=(1, 2)))
        based[k] = np.tensordot(share[here].T, based[k, here], axes=1)
    return based
