"""Who assessed the willingness of an institution, what they say together, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from polgap.domain import Study, month_number
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters, three_point
from polgap.score import quantile

_GRID = (np.arange(400) + 0.5) / 400.0
"""Even steps of chance at which an opinion is read off: no luck in what is shown."""

COLUMNS = ("institution", "area", "indicator", "assessors", "roles", "low", "mid", "high",
           "between", "age_months", "basis")  # fmt: skip


def assessors(study: Study, table: pd.DataFrame, theta: Parameters) -> pd.DataFrame:
    """Return the pooled opinion on each indicator of an institution in an area.

    Parameters
    ----------
    table : pd.DataFrame
        Willingness as in ``schema.csv``.

    Returns
    -------
    pd.DataFrame
        `roles` in the order given; low, mid and high of the linear pool at the middle rate of
        ageing; `between`, the share of the pool's variance that is disagreement between assessors
        (0 where one looked or all say the same); age of the youngest opinion, in months.

    Examples
    --------
    >>> from polgap import catalogue
    >>> two = pd.DataFrame({"institution": "police", "area": "*", "indicator": "lawful_orders",
    ...                     "low": [0.1, 0.7], "mid": [0.2, 0.8], "high": [0.3, 0.9],
    ...                     "assessor_role": ["trainer", "monitor"], "as_of": "2020-12",
    ...                     "basis": "given"})
    >>> found = assessors(Study("t", "2020-12"), two, Parameters(catalogue.parameters(), 1, 9))
    >>> found["roles"].item(), round(found["between"].item(), 2)
    ('trainer, monitor', 0.95)
    """
    rows = []
    for key, group in table.groupby(["institution", "area", "indicator"], sort=False):
        seen = [_aged(row, study.origin, theta) for row in group.to_dict("records")]
        pool = np.array([opinion for opinion, _ in seen])
        total = float(pool.var())
        apart = float(pool.mean(axis=1).var()) / total if total > 0 else 0.0
        low, mid, high = quantile(pool.ravel(), [0.1, 0.5, 0.9]).tolist()
        roles = ", ".join(dict.fromkeys(group["assessor_role"].astype(str)))
        bases = dict.fromkeys(group["basis"].astype(str))
        rows.append(
            (*map(str, key), len(group), roles, low, mid, high, apart,
             min(age for _, age in seen), ", ".join(bases))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _aged(row: Mapping[Any, Any], origin: str, theta: Parameters) -> tuple[FloatArray, int]:
    """Return an opinion over even steps of chance, as wide as its age makes it, and its age."""
    low, mid, high = (float(row[k]) for k in ("low", "mid", "high"))
    value = three_point(_GRID, low, mid, high, share=True)
    as_of = str(row["as_of"])
    age = max(0, month_number(origin) - month_number(as_of)) if as_of else 12
    if str(row["basis"]) in ("assumed", "recalled") or age == 0:
        return value, age
    outward = theta.mid("willing_age_widening_year") * age / 12.0
    return np.clip(value + outward * three_point(_GRID, -1.0, 0.0, 1.0), 0.0, 1.0), age
