"""The planner's own books: offences and assemblies counted by area and month.

Silence is not zero. A month without a row was not observed; an area with few observed months
takes the general rate or its own mean, whichever is higher. So an area that falls silent never
needs less than if it had reported nothing happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from polgap.domain import add_months, month_number, month_range
from polgap.domain.cubes import BoolArray, FloatArray
from polgap.draws import Parameters

OFFENCES = ("homicide", "robbery", "sgbv", "property", "other")
"""Classes of offence in the table ``crime``."""
WINDOW = 24
"""Months up to the origin that are read."""
ENOUGH = 6
"""Observed months from which an area's own mean stands alone."""


def grid(table: pd.DataFrame, value: pd.Series, areas: Sequence[str], origin: str) -> FloatArray:
    """Return `value` of the rows by area and month of the window, NaN = not observed.

    Several rows of one area and month are added.

    Parameters
    ----------
    table : pd.DataFrame
        Columns area and month.
    value : pd.Series
        One number a row; NaN = not observed.
    areas : sequence of str
    origin : str
        Last month of the window, ``YYYY-MM``.

    Returns
    -------
    array, shape (area, WINDOW)
    """
    first = month_number(add_months(origin, 1 - WINDOW))
    place = {area: i for i, area in enumerate(areas)}
    found = np.full((len(areas), WINDOW), np.nan)
    for area, month, number in zip(table["area"], table["month"], value, strict=True):
        i, j = place.get(str(area)), month_number(str(month)) - first
        if i is None or not 0 <= j < WINDOW or np.isnan(number):
            continue
        found[i, j] = number + (0.0 if np.isnan(found[i, j]) else found[i, j])
    return found


def mean_seen(counts: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return the mean over observed months (NaN where there are none), and where they suffice.

    Examples
    --------
    >>> counts = np.full((2, 24), np.nan)
    >>> counts[0, :6] = 3.0
    >>> counts[1, 0] = 5.0
    >>> [x.tolist() for x in mean_seen(counts)]
    [[3.0, 5.0], [True, False]]
    """
    known = ~np.isnan(counts)
    months = known.sum(axis=1)
    total = np.where(known, counts, 0.0).sum(axis=1)
    mean = np.where(months > 0, total / np.maximum(months, 1), np.nan)
    return mean, months >= ENOUGH


def offences(
    crime: pd.DataFrame, areas: Sequence[str], origin: str, theta: Parameters
) -> Mapping[str, tuple[FloatArray, BoolArray]]:
    """Return offences a month by class, as they happened rather than as they were reported.

    A count is divided by the share of stations whose books were counted (`effort`; 0 = not
    observed) and by the share of offences that is reported at all.

    Returns
    -------
    mapping of class -> (number, enough)
        number, shape (area, draw), offences a month, NaN where nothing was observed; enough,
        shape (area,). A class without a row in the whole table is left out.
    """
    effort = crime["effort"].fillna(1.0)
    counted = (crime["reported"] / effort.where(effort > 0)).astype(float)
    found = {}
    for name in OFFENCES:
        rows = (crime["offence"] == name).to_numpy(dtype=bool)
        if rows.any():
            mean, enough = mean_seen(grid(crime[rows], counted[rows], areas, origin))
            found[name] = mean[:, None] / theta[f"report_share_{name}"], enough
    return found


def seen_or_usual(own: tuple[FloatArray, BoolArray] | None, usual: FloatArray) -> FloatArray:
    """Return the area's own number where it suffices, else the higher of own and usual.

    Parameters
    ----------
    own : (number, enough), or None
        As `offences` gives it.
    usual : array, shape (area, draw)
    """
    if own is None:
        return usual
    number, enough = own
    higher = np.fmax(number, usual)
    return np.where(enough[:, None], number, higher)


def window(origin: str) -> list[str]:
    """Return the months of the window, the origin last."""
    return month_range(add_months(origin, 1 - WINDOW), WINDOW)
