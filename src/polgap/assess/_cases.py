"""Serious cases a month, each counted once: sgbv, serious crime, ordinary investigation.

Without the planner's own table of crime they follow the inhabitants; with it they follow the
books, corrected for reporting effort. Lethal events of organised violence are a case each; where
the books count more homicides than that, the books hold: the two may speak of the same deaths, so
the larger is taken and never the sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from polgap.assess._books import seen_or_usual
from polgap.assess._posts import Place
from polgap.domain.cubes import BoolArray, FloatArray
from polgap.draws import Parameters

Own = tuple[FloatArray, BoolArray]
"""Offences a month (area, draw), and where enough months were observed (area,)."""


@dataclass(frozen=True)
class Cases:
    """Cases a month, arrays (area, month or 1, draw).

    Parameters
    ----------
    sgbv, serious, ordinary : array
        Serious cases of each function.
    minor : array
        Property and other offences; 0 where no books tell of them.
    """

    sgbv: FloatArray
    serious: FloatArray
    ordinary: FloatArray
    minor: FloatArray


def case_shares(theta: Parameters) -> tuple[FloatArray, FloatArray]:
    """Return the shares of serious cases that are serious crime and sgbv, never above 1 together.

    Returns
    -------
    serious, sgbv : arrays, shape (draw,)
        What is left is ordinary investigation.
    """
    serious, gendered = theta["serious_crime_share"], theta["sgbv_case_share"]
    over = np.maximum(1.0, serious + gendered)
    return serious / over, gendered / over


def cases(place: Place, block: slice, lethal: FloatArray) -> Cases:
    """Return the cases of a block of areas.

    Parameters
    ----------
    lethal : array, shape (area, month, draw), lethal events of the month
    """
    theta = place.theta
    serious, gendered = case_shares(theta)
    all_cases = place.population[block] * theta["cases_per_100k_month"] / 1e5
    own = {k: (n[block], e[block]) for k, (n, e) in place.offences.items()}
    sgbv = seen_or_usual(own.get("sgbv"), all_cases * gendered)
    rest = 1.0 - gendered
    part = np.where(rest > 0, serious / np.where(rest > 0, rest, 1.0), 0.0)
    other = seen_or_usual(own.get("robbery"), all_cases * rest)[:, None]
    killings = np.maximum(lethal, _known(own, "homicide", all_cases))
    return Cases(
        sgbv[:, None],
        other * part + killings * serious,
        other * (1.0 - part) + killings * (1.0 - serious),
        _known(own, "property", all_cases) + _known(own, "other", all_cases),
    )


def _known(own: Mapping[str, Own], name: str, like: FloatArray) -> FloatArray:
    """Return offences of a class as far as observed, 0 elsewhere, shape (area, 1, draw)."""
    number = np.nan_to_num(own[name][0]) if name in own else np.zeros_like(like)
    return np.asarray(number[:, None])
