"""The texture of violence: how a panel spreads, clusters and spills over, in a few figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import KINDS, Panel
from polgap.errors import LabelError, Problem

Array = NDArray[np.floating[Any]]

MEASURES = {
    "areas": "areas",
    "months": "months",
    "events_month": "events a month, theatre",
    "deaths_event": "deaths per event, mean",
    "variance_mean_area": "variance over mean of an area's monthly events, weighted by events",
    "variance_mean_theatre": "variance over mean of the theatre's monthly events",
    "zero_share": "share of area-months without an event",
    "lag1_area": "correlation of an area's events with its month before",
    "lag1_theatre": "correlation of the theatre's events with the month before",
    "neighbour_correlation": "correlation with a neighbour in the same month",
    "distant_correlation": "correlation with an area that is no neighbour",
    "top10_events": "share of events in the busiest tenth of area-months",
    "top10_deaths": "share of deaths in the deadliest tenth of area-months",
    "top1_deaths": "share of deaths in the deadliest hundredth of area-months",
    "top_quarter_areas": "share of events in the busiest quarter of areas",
    "state_based": "share of deaths, state-based",
    "non_state": "share of deaths, non-state",
    "one_sided": "share of deaths, one-sided",
}
"""What `texture` gives, and in which words."""


def texture(panel: Panel, neighbours: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return the figures by which the violence of two theatres can be compared.

    Correlations are of monthly events less the area's own mean, pooled over areas (so a busy
    area weighs more) or over pairs of areas.

    Parameters
    ----------
    panel : Panel, dims (area, month), deaths by kind and events
        Months in which any area is not observed (NaN) are left out.
    neighbours : mapping of area to areas
        Which areas share a border; pairs named once or twice count once.

    Returns
    -------
    dict
        Keys and meaning as in ``MEASURES``; NaN where a figure has no meaning (no event at all).

    Raises
    ------
    LabelError
        If `neighbours` names an area that the panel does not have.

    Examples
    --------
    >>> from polgap import examples
    >>> _, inputs = examples.toy()
    >>> found = texture(inputs.panel, {"north": ["centre"], "centre": ["south"]})
    >>> found["areas"], found["months"], 0.0 < found["zero_share"] < 1.0
    (3.0, 24.0, True)
    """
    labels = [str(a) for a in panel["area"].values]
    unknown = sorted({*neighbours, *(b for bs in neighbours.values() for b in bs)} - set(labels))
    if unknown:
        raise LabelError([Problem(", ".join(unknown[:5]), "areas of the panel", "unknown_area")])
    events = np.asarray(panel["events"].values, dtype=float)
    deaths = np.stack([np.asarray(panel[k].values, dtype=float) for k in KINDS])
    seen = np.isfinite(events).all(axis=0) & np.isfinite(deaths).all(axis=(0, 1))
    events, deaths = events[:, seen], deaths[:, :, seen]
    killed = deaths.sum(axis=0)
    near, far = _pairs(labels, neighbours)
    by_area, total = events.sum(axis=1), events.sum(axis=0)
    values = [
        *events.shape,
        total.mean(),
        _ratio(killed.sum(), events.sum()),
        _ratio(np.nansum(_variance_mean(events) * by_area), events.sum()),
        float(_variance_mean(total)),
        (events == 0).mean(),
        _lagged(events),
        _lagged(total[None, :]),
        _paired(events, near),
        _paired(events, far),
        _top(events, 0.1),
        _top(killed, 0.1),
        _top(killed, 0.01),
        _top(by_area, 0.25),
        *(_ratio(part.sum(), killed.sum()) for part in deaths),
    ]
    return {name: float(value) for name, value in zip(MEASURES, values, strict=True)}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def _variance_mean(counts: Array) -> Array:
    mean, variance = counts.mean(axis=-1), counts.var(axis=-1)
    return np.asarray(np.divide(variance, mean, out=np.full_like(mean, np.nan), where=mean > 0))


def _lagged(counts: Array) -> float:
    x = counts - counts.mean(axis=1, keepdims=True)
    return _ratio(float((x[:, 1:] * x[:, :-1]).sum()), float((x[:, 1:] ** 2).sum()))


def _paired(counts: Array, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]) -> float:
    x = counts - counts.mean(axis=1, keepdims=True)
    first, second = x[pairs[0]], x[pairs[1]]
    spread = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1)).sum()
    return _ratio(float((first * second).sum()), float(spread))


def _pairs(
    labels: list[str], neighbours: Mapping[str, Sequence[str]]
) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    place = {label: i for i, label in enumerate(labels)}
    touch = np.zeros((len(labels), len(labels)), dtype=bool)
    for area, others in neighbours.items():
        for other in others:
            touch[place[area], place[other]] = touch[place[other], place[area]] = True
    rows, columns = np.triu_indices(len(labels), k=1)
    near = touch[rows, columns]
    return (rows[near], columns[near]), (rows[~near], columns[~near])


def _top(counts: Array, share: float) -> float:
    ordered = np.sort(counts, axis=None)[::-1]
    keep = max(1, round(share * ordered.size))
    return _ratio(float(ordered[:keep].sum()), float(ordered.sum()))
