"""Effects of mission police: three readings of the record, and their mixture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from polgap import catalogue
from polgap.domain import Effects, Note
from polgap.draws import stream

Array = NDArray[np.floating[Any]]

_MEASURE = "civilians_killed"
CAP = "effect_police_max_extrapolation"
"""Parameter that says how far past missions went."""


def effects(seed: int, draws: int, cap: float | None = None) -> Effects:
    """Return drawn effects of mission police on civilian deaths, by part of the record.

    The best known result is fragile: without one conflict it shrinks to a third, and with
    conflict and year effects nothing is left that can be told from zero. So three readings are
    kept apart - ``published``, ``panel`` (our designs pooled, the widest) and ``sceptical`` -
    and ``all`` takes, in each draw, one of them by its weight [1]_. Part of the mixture is
    harmful (above zero): such futures are counted and shown, never cut off.

    Parameters
    ----------
    seed, draws : int
    cap : float, optional
        Police strength beyond which the effect is flat; `CAP` of the catalogue by default.

    Returns
    -------
    Effects
        ``log_rate`` per part, shape (draw,): change of the log rate per 1,000 mission police
        within reach. ``cap``: police strength beyond which the effect is flat, because no past
        mission went further.

    References
    ----------
    .. [1] ``catalogue/effects.csv``; design note evidence.md, sections 1.5 and 4.

    Examples
    --------
    >>> found = effects(seed=1, draws=1000)
    >>> sorted(found.log_rate), found.cap
    (['all', 'panel', 'published', 'sceptical'], 1132.0)
    >>> bool(found.log_rate["published"].max() <= 0.0)
    True
    """
    rows = [
        row for row in catalogue.table("effects").to_dict("records") if row["measure"] == _MEASURE
    ]
    parts: dict[str, Array] = {}
    for row in rows:
        uniform = stream(seed, "effects", str(row["part"])).random(draws)
        shape = (float(row[key]) for key in ("mean", "sd", "lowest", "highest"))
        parts[str(row["part"])] = _truncated_normal(uniform, *shape)
    weights = np.array([float(row["weight"]) for row in rows])
    chosen = np.searchsorted(
        np.cumsum(weights / weights.sum())[:-1], stream(seed, "effects", "mixture").random(draws)
    )
    mixture = np.stack(list(parts.values()))[chosen, np.arange(draws)]
    cap = catalogue.parameters()[CAP].mid if cap is None else cap
    notes = (
        Note("evidence.effect_unsure", {"share": float((mixture > 0).mean())}),
        Note("evidence.cap", {"cap": cap}),
    )
    return Effects({**parts, "all": mixture}, cap, notes)


def _truncated_normal(
    uniform: Array, mean: float, sd: float, lowest: float, highest: float
) -> Array:
    """Return normal values cut to [lowest, highest], by inverse distribution function.

    Examples
    --------
    >>> _truncated_normal(np.array([0.0, 1.0]), -2.9, 0.82, -3.0, 0.0).round(6).tolist()
    [-3.0, 0.0]
    """
    below, above = ndtr((np.array([lowest, highest]) - mean) / sd)
    inside = np.clip(below + uniform * (above - below), 1e-15, 1.0 - 1e-15)
    return np.asarray(np.clip(mean + sd * ndtri(inside), lowest, highest))
