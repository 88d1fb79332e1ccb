"""Willing: which share serves a function when ordered, and which share preys.

Willingness has a sign. Reluctant officers give less; predatory ones add need. Both are of an
institution in an area at a time, never of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.assess import _scope
from polgap.assess._population import ASSUMED
from polgap.domain import Note, Study
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters, harm_share, linear_pool
from polgap.errors import Problem, SchemaError

ABUSE = "abuse_allegations"


@dataclass(frozen=True)
class Willing:
    """Indicators of willingness, and the share that preys.

    Parameters
    ----------
    indicators : array, shape (institution, indicator, area, draw), 0 to 1
    harm : array, shape (institution, area, draw), share of the available
    """

    indicators: FloatArray
    harm: FloatArray
    notes: tuple[Note, ...] = ()

    def by_function(self, weights: FloatArray, area: int) -> FloatArray:
        """Return w in one area, shape (institution, function, draw): 0 where police do not serve.

        The mean of the indicators, weighted by what the function asks for (`function_weights`).
        """
        return np.asarray(np.einsum("fk,ikd->ifd", weights, self.indicators[:, :, area]))


def indicator_names() -> list[str]:
    """Return the indicators of willingness, in the order of ``indicators.csv``."""
    return [str(name) for name in catalogue.table("indicators")["indicator"]]


def function_weights(functions: Sequence[str]) -> FloatArray:
    """Return what weight a function gives to each indicator, rows summing to 1 or 0.

    A row is 0 for functions that host-State police do not give.

    Examples
    --------
    >>> function_weights(["community", "development"]).sum(axis=1).round(6).tolist()
    [1.0, 0.0]
    """
    weights = catalogue.table("willing").set_index("function")[indicator_names()]
    gives = catalogue.table("functions").set_index("function")["host_gives"]
    rows = [
        weights.loc[f].to_numpy(dtype=float) * float(gives[f])
        if f in weights.index
        else np.zeros(weights.shape[1])
        for f in functions
    ]
    return np.array(rows)


def willing(
    study: Study,
    table: pd.DataFrame,
    institutions: Sequence[str],
    areas: pd.DataFrame,
    theta: Parameters,
) -> Willing:
    """Return willingness by institution, indicator, area and draw.

    Assessors of one indicator are pooled linearly (`polgap.draws.linear_pool`). The finest row
    wins: area, then parent, then the whole theatre. What nobody assessed, and what was assumed,
    moves with `host_willing`; it is not zero and not one.

    Parameters
    ----------
    table : pd.DataFrame
        Willingness as in ``schema.csv``; low, mid and high are 10, 50 and 90 % points.
    institutions : sequence of str
        Those of the host police, in their order.

    Raises
    ------
    SchemaError
        If a row has low > mid or mid > high, or an unknown indicator.
    """
    names = indicator_names()
    _check(table, names)
    usual = theta["host_willing"] if _any_assumed(table, institutions, areas, names) else None
    shape = (len(institutions), len(names), len(areas), theta.draws)
    values = np.full(shape, np.nan, dtype=np.float32)
    assessed = np.zeros((len(institutions), len(areas)), dtype=np.bool_)
    keys = ["institution", "area", "indicator"]
    groups = [(tuple(map(str, key)), rows) for key, rows in table.groupby(keys, sort=False)]
    # Coarse rows first: finer ones are written over them. A stream is keyed by the row's place.
    order = sorted(range(len(groups)), key=lambda g: _scope.fineness(areas, groups[g][0][1]))
    for g in order:
        (institution, area, indicator), rows = groups[g]
        if institution not in institutions:
            continue
        i = list(institutions).index(institution)
        mask = _scope.members(areas, area, "willingness")
        values[i, names.index(indicator), mask] = linear_pool(rows, g, study.origin, theta)
        if indicator == ABUSE:
            assessed[i, mask] = not rows["basis"].isin(ASSUMED).any()
    missing = [bool(np.isnan(one[..., 0]).any()) for one in values]
    if usual is not None:
        values = np.where(np.isnan(values), usual.astype(np.float32), values)
    harm = harm_share(values[:, names.index(ABUSE)], assessed, theta)
    notes = [
        Note("assess.willing_missing", {"institution": name})
        for name, absent in zip(institutions, missing, strict=True)
        if absent
    ]
    return Willing(values, harm, tuple(notes))


def _check(table: pd.DataFrame, names: Sequence[str]) -> None:
    problems = []
    for number, row in enumerate(_scope.rows(table), start=2):
        low, mid, high = (float(row[k]) for k in ("low", "mid", "high"))
        if not low <= mid <= high:
            got, wanted = f"{low:g}, {mid:g}, {high:g}", "low <= mid <= high"
            problems.append(Problem(got, wanted, "out_of_order", "willingness", row=number))
        if row["indicator"] not in names:
            wanted = f"one of {', '.join(names)}"
            problems.append(
                Problem(repr(row["indicator"]), wanted, "unknown_name", "willingness", row=number)
            )
    if problems:
        raise SchemaError(problems)


def _any_assumed(
    table: pd.DataFrame, institutions: Sequence[str], areas: pd.DataFrame, names: Sequence[str]
) -> bool:
    """Return whether any indicator anywhere rests on the general parameter."""
    known = table[table["institution"].isin(institutions)]
    if bool(known["basis"].isin(ASSUMED).any()):
        return True
    covered = np.zeros((len(institutions), len(names), len(areas)), dtype=np.bool_)
    for row in _scope.rows(known):
        place = list(institutions).index(row["institution"]), list(names).index(row["indicator"])
        covered[place] |= _scope.members(areas, row["area"], "willingness")
    return not bool(covered.all())
