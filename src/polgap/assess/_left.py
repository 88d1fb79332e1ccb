"""What a mission leaves open of the requirement, and whether heads or powers are missing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from polgap import catalogue
from polgap.assess._assign import assign
from polgap.assess._scope import rows
from polgap.domain import LeftOpen, Mission, Requirement, class_parts, require_same
from polgap.domain.cubes import FloatArray
from polgap.errors import LabelError, Problem


def left_open(requirement: Requirement, mission: Mission) -> LeftOpen:
    """Return the requirement that `mission` leaves open, on the months of the mission.

    Each effective officer serves one function per month, in the priority order of the functions;
    unit types with the same skills are one class. A requirement is 0 where the mandate's powers do
    not reach, so only a unit's own powers and skills limit it here.

    Parameters
    ----------
    requirement : Requirement, dims (area, month, function, draw), officers on strength
    mission : Mission, dims (unit_type, area, month, draw), effective officers on strength
        Where they serve.

    Raises
    ------
    LabelError
        If areas or draws differ, or the mission has a month or unit type that is not known.

    Examples
    --------
    >>> from polgap.domain import cube
    >>> asked = cube([[[[84.0], [10.0]]]], units="officers", area=["north"], month=["2021-01"],
    ...              function=["protection", "community"], draw=[0])
    >>> there = cube([[[[100.0]]]], units="officers", unit_type=["FPU"], area=["north"],
    ...              month=["2021-01"], draw=[0])
    >>> left = left_open(asked, there)  # sixteen heads to spare, but no community officers
    >>> left.unmet.values.ravel().tolist(), left.deployment.item(), left.enforcement.item()
    ([0.0, 10.0], 0.0, 10.0)
    """
    require_same(requirement, mission, "area", "draw")
    months = mission["month"].values.tolist()
    known = requirement["month"].values.tolist()
    _check_labels("month", months, known)
    first = slice(len(months))  # a slice copies nothing
    found = (
        {"month": first} if known[first] == months else {"month": list(map(known.index, months))}
    )
    asked = requirement.isel(found).transpose("area", "month", "function", "draw")
    there = mission.transpose("unit_type", "area", "month", "draw").values
    types, functions = mission["unit_type"].values.tolist(), asked["function"].values.tolist()
    unmet, missing, unserved = uncovered(asked.values, there, types, functions)
    alike = asked.assign_attrs(units="officers on strength")  # its labels, not built anew
    total_of = alike.isel(function=0, drop=True)
    return LeftOpen(
        alike.copy(data=unmet), total_of.copy(data=missing), total_of.copy(data=unserved)
    )


def uncovered(
    wanted: FloatArray, there: FloatArray, types: Sequence[str], functions: Sequence[str]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what `left_open` does, of plain arrays of the same areas, months and draws.

    Parameters
    ----------
    wanted : array of float32, shape (area, month, function, draw), officers on strength
    there : array of float32, shape (unit_type, area, month, draw), effective officers
    types, functions : sequence of str
        Their labels.

    Returns
    -------
    unmet : array of float32, shape of `wanted`
    deployment, enforcement : arrays, shape (area, month, draw)
    """
    skills, classes = _classes(tuple(types), tuple(functions))
    unmet = np.empty(wanted.shape, dtype=np.float32)
    missing = np.empty((wanted.shape[0], wanted.shape[1], wanted.shape[3]))
    unserved = np.empty_like(missing)
    for a in range(len(wanted)):
        asked_for = wanted[a].sum(axis=1, dtype=np.float64)
        if not there[:, a].any():
            unmet[a], unserved[a] = wanted[a], 0.0
            missing[a] = unmet[a].sum(axis=1, dtype=np.float64)
            continue
        strength = np.array([there[members, a].sum(axis=0) for members in classes])
        np.subtract(wanted[a], assign(wanted[a], strength, skills), out=unmet[a])
        np.maximum(unmet[a], 0.0, out=unmet[a])
        total = unmet[a].sum(axis=1, dtype=np.float64)
        # Heads missing can never exceed what is unmet; rounding to float32 might say so.
        heads = np.maximum(0.0, asked_for - there[:, a].sum(axis=0, dtype=np.float64))
        missing[a] = np.minimum(heads, total)
        unserved[a] = total - missing[a]
    return unmet, missing, unserved


def _check_labels(dim: str, ours: Sequence[str], known: Sequence[str]) -> None:
    strange = [label for label in ours if label not in set(known)]
    if strange:
        got = f"{strange[:5]}"
        raise LabelError(
            [Problem(got, f"labels among {known[:5]} ...", "labels_differ", column=dim)]
        )


def skill(unit_types: Sequence[str], functions: Sequence[str]) -> FloatArray:
    """Return the share of a unit type that can serve a function, shape (unit_type, function).

    0 where its own powers are below what the function takes, or a caveat bars it (`unit_class`).

    Raises
    ------
    LabelError
        For a unit type that the catalogue does not have.

    Examples
    --------
    >>> skill(["FPU"], ["protection", "community"]).tolist()
    [[1.0, 0.0]]
    >>> skill(["FPU less public_order"], ["protection", "public_order"]).tolist()
    [[1.0, 0.0]]
    """
    types = {str(row["unit_type"]): row for row in rows(catalogue.table("unit_types"))}
    least = catalogue.table("functions").set_index("function")["minimum_powers"]
    classes = [class_parts(label) for label in unit_types]
    _check_labels("unit_type", [unit_type for unit_type, _ in classes], list(types))
    shares = [
        [
            float(types[u][f"skill_{f}"]) * float(types[u]["powers"] >= least[f] and f not in bars)
            for f in functions
        ]
        for u, bars in classes
    ]
    return np.array(shares).reshape(len(unit_types), len(functions))


@cache
def _classes(
    unit_types: tuple[str, ...], functions: tuple[str, ...]
) -> tuple[FloatArray, list[list[int]]]:
    """Return skills of each class, shape (class, function, 1), and the unit types in it."""
    skills = skill(unit_types, functions)
    members: dict[tuple[float, ...], list[int]] = {}
    for k, row in enumerate(skills.tolist()):
        members.setdefault(tuple(row), []).append(k)
    return np.array(list(members))[..., None], list(members.values())
