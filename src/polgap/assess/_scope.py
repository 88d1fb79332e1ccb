"""Which areas and months a row of a table speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from polgap.domain import Study
from polgap.domain.cubes import BoolArray, FloatArray
from polgap.errors import DataError, Problem

WHOLE = ("*", "")
"""Keys that name the whole theatre."""
FINEST = 2
"""Fineness of a row that names one area."""


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings of plain values."""
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def members(areas: pd.DataFrame, key: str, table: str) -> BoolArray:
    """Return which areas `key` names: one area, the areas of a parent, or all (``*``).

    Parameters
    ----------
    areas : pd.DataFrame
        Areas as in ``schema.csv``.
    key : str
        An area key, a parent key, ``*`` or an empty text.
    table : str
        Name of the table in which the key stands, for the error.

    Returns
    -------
    array, shape (area,)

    Raises
    ------
    DataError
        If no area has that key or parent.

    Examples
    --------
    >>> areas = pd.DataFrame({"area": ["a", "b", "c"], "parent": ["n", "n", "s"]})
    >>> members(areas, "n", "host_police").tolist()
    [True, True, False]
    """
    if key in WHOLE:
        return np.ones(len(areas), dtype=np.bool_)
    for column in ("area", "parent"):
        found = (areas[column] == key).to_numpy(dtype=np.bool_)
        if found.any():
            return found
    wanted = "an area key, a parent key or *"
    raise DataError([Problem(repr(key), wanted, "unknown_area", table, column="area")])


def fineness(areas: pd.DataFrame, key: str) -> int:
    """Return 2 for an area, 1 for a parent, 0 for the whole theatre."""
    if key in WHOLE:
        return 0
    return FINEST if bool((areas["area"] == key).any()) else 1


def active(months: Sequence[str], first: str, last: str) -> BoolArray:
    """Return which months lie from `first` to `last`; an empty text is an open end.

    Examples
    --------
    >>> active(["2021-01", "2021-02", "2021-03"], "2021-02", "").tolist()
    [False, True, True]
    """
    return np.array([(not first or first <= m) and (not last or m <= last) for m in months])


def capital(study: Study, areas: pd.DataFrame, towns: pd.DataFrame) -> int:
    """Return the position of the capital's area.

    Where the study names none: the area of the largest town, else the most populous area.

    Raises
    ------
    DataError
        If the capital that the study names is no area.
    """
    keys = areas["area"].tolist()
    if study.capital:
        if study.capital not in keys:
            raise DataError([Problem(repr(study.capital), "an area key", "unknown_area", "study")])
        return keys.index(study.capital)
    known = towns[towns["area"].isin(keys)]
    if len(known):
        return keys.index(known["area"].iloc[int(known["population"].to_numpy().argmax())])
    return int(areas["population"].to_numpy().argmax())


def spread(
    population: FloatArray,
    mask: BoolArray,
    capital: int | None = None,
    concentration: FloatArray | None = None,
) -> FloatArray:
    """Return weights that spread one number over the areas of `mask`, summing to 1 per draw.

    Parameters
    ----------
    population : array, shape (area, draw), persons
    mask : array, shape (area,)
        The areas that share the number.
    capital : int, optional
        Position of the capital's area.
    concentration : array, shape (draw,), share, optional
        Share that stands in the capital; never less than its share of the inhabitants. Without
        it, or where the capital is not among the areas, weights follow the inhabitants.

    Returns
    -------
    array, shape (area, draw)

    Examples
    --------
    >>> people = np.array([[30.0], [60.0], [10.0]])
    >>> spread(people, np.array([True, True, False])).round(2).ravel().tolist()
    [0.33, 0.67, 0.0]
    >>> everywhere = np.ones(3, dtype=bool)
    >>> spread(people, everywhere, 0, np.array([0.7])).round(2).ravel().tolist()
    [0.7, 0.26, 0.04]
    """
    inside = population * mask[:, None]
    total = inside.sum(axis=0)
    evenly = mask[:, None] / mask.sum()
    weight = np.where(total > 0, inside / np.where(total > 0, total, 1.0), evenly)
    if concentration is None or capital is None or not mask[capital] or mask.sum() == 1:
        return np.asarray(weight)
    own = weight[capital]
    held = np.maximum(concentration, own)
    rest = np.where(own < 1.0, (1.0 - held) / np.where(own < 1.0, 1.0 - own, 1.0), 0.0)
    weight = weight * rest
    weight[capital] = np.where(own < 1.0, held, 1.0)
    return np.asarray(weight)
