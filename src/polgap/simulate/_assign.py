"""Who serves which function: the mission's officers go to functions in priority order.

This is the kernel's approximation of what `assess` computes in closed form. Functions are served
one after the other in the priority order of ``functions.csv``; each takes officers first from
the unit type that can serve the fewest functions of lower priority. What a unit type gives to a
function is capped at its skill times its strength. Officers already given are never taken back,
so the kernel can leave more open than the exact assignment, never less.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.errors import StudyError

Array = NDArray[np.floating[Any]]
Route = tuple[int, tuple[tuple[int, float], ...]]


def routes(
    functions: Sequence[str],
    types: Sequence[str],
    function_table: pd.DataFrame,
    type_table: pd.DataFrame,
) -> tuple[Route, ...]:
    """Return, in priority order, each function's position and who may serve it.

    Parameters
    ----------
    functions, types : sequence of str
        Labels of the requirement's functions and of the mission's unit types.
    function_table, type_table : pd.DataFrame
        ``functions.csv`` and ``unit_types.csv``.

    Returns
    -------
    tuple of (function position, ((unit type position, skill), ...))

    Raises
    ------
    StudyError
        If a function or a unit type is not in the catalogue.

    Examples
    --------
    >>> from polgap.catalogue import table
    >>> names = ["serious_crime", "protection"]
    >>> routes(names, ["IPU", "FPU"], table("functions"), table("unit_types"))
    ((1, ((1, 1.0), (0, 1.0))), (0, ((0, 0.6),)))
    """
    priority = dict(zip(function_table["function"], function_table["priority"], strict=True))
    skills = type_table.set_index("unit_type")
    unknown = [f for f in functions if f not in priority]
    unknown += [k for k in types if k not in skills.index]
    if unknown:
        raise StudyError(f"not in the catalogue: {unknown}")
    order = sorted(range(len(functions)), key=lambda f: int(priority[functions[f]]))
    skill = np.array(
        [[skills.loc[k, f"skill_{functions[f]}"] for f in order] for k in types], dtype=float
    ).reshape(len(types), len(order))
    found = []
    for rank, f in enumerate(order):
        able = [k for k in range(len(types)) if skill[k, rank] > 0]
        later = {k: int((skill[k, rank + 1 :] > 0).sum()) for k in able}
        able.sort(key=lambda k: (later[k], k))
        found.append((f, tuple((k, float(skill[k, rank])) for k in able)))
    return tuple(found)


def serve(required: Array, officers: Array, ways: tuple[Route, ...]) -> Array:
    """Return the officers that serve each function.

    Parameters
    ----------
    required : array, shape (function, ...), officers on strength asked for
    officers : array, shape (unit_type, ...), effective officers where they serve
    ways : tuple
        From `routes`.

    Returns
    -------
    array, shape (function, ...), at most `required`

    Examples
    --------
    Ten officers, skill 1 for the first function and 0.5 for the second.

    >>> ways = ((0, ((0, 1.0),)), (1, ((0, 0.5),)))
    >>> serve(np.array([[4.0], [9.0]]), np.array([[10.0]]), ways).ravel().tolist()
    [4.0, 5.0]
    """
    left = officers.copy()
    served = np.zeros_like(required)
    there = [bool(officers[k].any()) for k in range(len(officers))]
    for f, able in ways:
        want = required[f].copy()
        for k, skill in able:
            if not there[k]:
                continue
            give = np.minimum(want, left[k])
            if skill < 1.0:
                np.minimum(give, np.asarray(skill, officers.dtype) * officers[k], out=give)
            want -= give
            left[k] -= give
        served[f] = required[f] - want
    return served
