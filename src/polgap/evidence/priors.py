"""Priors of willingness where nobody assessed: from country-year governance series, and wide.

A series such as a rule-of-law score says something about every institution of a country, and
little about any one of them. It stands in where nobody looked, for all areas alike, and is never
narrower than an assessment. What it rests on stands in ``governance.csv`` [1]_.

References
----------
.. [1] ``docs/governance_mapping.py``: fitted on V-Dem v12 and the Worldwide Governance Indicators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import GOVERNANCE, NOBODY, Note, check_table

Array = NDArray[np.float64]
Row = Mapping[Any, Any]

_EDGE = 0.02
"""Shares nearer to 0 or 1 than this are taken as this: the ends of an index are its widest part."""
_LOGISTIC = 1.702
"""Log odds per standard deviation of a score: the logistic law next to a normal one."""
_ALIASES = {
    "RL.EST": "wgi_rule_of_law",
    "CC.EST": "wgi_control_of_corruption",
    "GE.EST": "wgi_government_effectiveness",
    "VA.EST": "wgi_voice_accountability",
}
"""Codes of the World Bank -> our names."""
_NINETY = 1.2815515655446004


def on_scale(values: Array, scale: str) -> Array:
    """Return a series as log odds, high = better governed.

    Parameters
    ----------
    values : array
    scale : str
        ``share`` (0 to 1, high = better), ``reversed`` (0 to 1, high = worse) or ``score``
        (about -3 to 3, high = better).

    Examples
    --------
    >>> on_scale(np.array([0.5, 0.9]), "share").round(2).tolist()
    [0.0, 2.2]
    >>> on_scale(np.array([0.9, 0.5]), "reversed").round(2).tolist()
    [-2.2, 0.0]
    """
    given = np.asarray(values, dtype=float)
    if scale == "score":
        return _LOGISTIC * given
    share = np.clip(1.0 - given if scale == "reversed" else given, _EDGE, 1.0 - _EDGE)
    return np.asarray(np.log(share / (1.0 - share)))


def priors(governance: pd.DataFrame, iso3: str, origin: str) -> pd.DataFrame:
    """Return the prior of each indicator of willingness that a series speaks to.

    Of the series known, the one with the narrowest prior is taken, at its last year over by
    `origin`.

    Parameters
    ----------
    governance : pd.DataFrame
        Columns iso3, year, indicator, value as in ``schema.csv``.
    iso3 : str
        Country; "" where the table holds one country only.
    origin : str
        Month, ``YYYY-MM``.

    Returns
    -------
    pd.DataFrame
        indicator, low, mid, high (0 to 1), series, year.

    Examples
    --------
    >>> known = pd.DataFrame({"iso3": ["XEX"] * 2, "year": [2018, 2019],
    ...                       "indicator": "RL.EST", "value": [-1.0, -1.5]})
    >>> found = priors(known, "XEX", "2020-06")
    >>> len(found), found["year"].unique().tolist(), bool((found["high"] > found["mid"]).all())
    (5, [2019], True)
    """
    last = int(origin[:4]) - (0 if origin[5:7] == "12" else 1)
    rows = governance[governance["value"].notna() & (governance["year"] <= last)]
    rows = rows[rows["iso3"] == iso3] if iso3 else rows
    if not iso3 and rows["iso3"].nunique() > 1:
        rows = rows.iloc[:0]
    rows = rows.assign(series=rows["indicator"].astype(str).map(_name))
    newest = rows.sort_values("year", kind="stable").drop_duplicates("series", keep="last")
    known = {str(r["series"]): r for r in newest.to_dict("records")}
    found = []
    for indicator, lines in catalogue.table("governance").groupby("indicator", sort=False):
        usable = [line for line in lines.to_dict("records") if line["series"] in known]
        if usable:
            best = min(usable, key=lambda line: float(line["sd"]))
            found.append({"indicator": str(indicator), **_points(best, known[best["series"]])})
    columns = ["indicator", "low", "mid", "high", "series", "year"]
    return pd.DataFrame(found, columns=columns)


def _name(code: str) -> str:
    """Return the name under which ``governance.csv`` knows a series.

    Examples
    --------
    >>> _name("RL.EST"), _name("vdem_v2x_rule"), _name("v2x_rule")
    ('wgi_rule_of_law', 'v2x_rule', 'v2x_rule')
    """
    return _ALIASES.get(code, code.removeprefix("vdem_"))


def _points(line: Row, seen: Row) -> dict[str, Any]:
    """Return the 10, 50 and 90 % points that one series gives."""
    at = on_scale(np.array([float(seen["value"])]), str(line["scale"]))[0]
    middle = float(line["constant"]) + float(line["slope"]) * at
    half = _NINETY * float(line["sd"])
    low, mid, high = (1.0 / (1.0 + np.exp(-(middle + k * half))) for k in (-1.0, 0.0, 1.0))
    year = int(seen["year"])
    return {"low": low, "mid": mid, "high": high, "series": line["series"], "year": year}


def with_priors(
    willingness: pd.DataFrame,
    institutions: Sequence[str],
    governance: pd.DataFrame,
    iso3: str,
    origin: str,
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Return willingness with a prior where nobody assessed, and notes that say so.

    What an assessor wrote stays. Rows that the import assumed (role `NOBODY`) are replaced; an
    institution and indicator without a row for the whole theatre gets one. A prior is at least as
    wide as the widest assessment of its indicator, and as `willing_prior_least_width`.

    Parameters
    ----------
    willingness : pd.DataFrame
        As in ``schema.csv``.
    institutions : sequence of str
        Those of the host police.
    governance, iso3, origin
        As for `priors`.
    """
    found = priors(governance, iso3, origin)
    if found.empty or not institutions:
        return willingness, ()
    least = catalogue.parameters()["willing_prior_least_width"].mid
    nobody = willingness["assessor_role"] == NOBODY
    assessed = willingness[~nobody]
    rows = []
    for prior in found.to_dict("records"):
        mine = assessed[assessed["indicator"] == prior["indicator"]]
        width = max(least, float((mine["high"] - mine["low"]).max()) if len(mine) else 0.0)
        low, high = _at_least(float(prior["low"]), float(prior["high"]), width)
        for name in institutions:
            everywhere = mine[(mine["institution"] == name) & mine["area"].isin(("*", ""))]
            if everywhere.empty:
                rows.append(
                    {
                        "institution": name, "area": "*", "indicator": prior["indicator"],
                        "low": low, "mid": prior["mid"], "high": high,
                        "assessor_role": GOVERNANCE, "evidence_grade": "D",
                        "as_of": f"{prior['year']:04d}-12", "basis": "computed",
                    }
                )  # fmt: skip
    if not rows:
        return willingness, ()
    covered = set(found["indicator"])
    kept = willingness[~(nobody & willingness["indicator"].isin(covered))]
    made = check_table("willingness", pd.concat([kept, pd.DataFrame(rows)], ignore_index=True))
    told = {"series": ", ".join(dict.fromkeys(found["series"])), "year": int(found["year"].min())}
    named = dict.fromkeys(str(row["institution"]) for row in rows)
    return made, tuple(Note("evidence.willing_prior", {"institution": n, **told}) for n in named)


def _at_least(low: float, high: float, width: float) -> tuple[float, float]:
    """Return the range widened to `width`, kept in 0 to 1 by reaching further on the other side.

    Examples
    --------
    >>> _at_least(0.1, 0.3, 0.6), _at_least(0.2, 0.7, 0.4)
    ((0.0, 0.6), (0.2, 0.7))
    """
    more = max(0.0, width - (high - low)) / 2.0
    low, high = low - more, high + more
    low, high = max(0.0, low - max(0.0, high - 1.0)), min(1.0, high + max(0.0, -low))
    return low, high
