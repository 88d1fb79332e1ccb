"""Need under every model of each function, and surges alone against surges pooled.

A cross-check for the planner: nothing here enters the gap. How far models differ is uncertainty
of the model, which no interval of one model holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from polgap.assess import _violence
from polgap.assess._convert import OnDuty, on_strength
from polgap.assess._incidents import PEAK, poisson_quantile
from polgap.assess._measure import BLOCK, blocks, facts_of, survey
from polgap.assess._models import MODELS, Facts
from polgap.domain import Futures, Inputs, Posture, Study
from polgap.domain.cubes import FloatArray, IntArray
from polgap.draws import Parameters
from polgap.score import quantile

MONTHS = 12
"""Months that are averaged, as in the block ``gap``."""

Ends = dict[str, float]


@dataclass(frozen=True)
class NeedModels:
    """Need under each model: officers on strength, theatre, mean over the first `MONTHS` months.

    Parameters
    ----------
    rows : tuple of mappings
        function, model, used (whether it is the one of the run), low, mid, high.
    totals : mapping
        used, least, most: interval of the sum over functions; least and most take for each
        function and draw the model that asks for least or most.
    pooling : mapping
        For protection and public_order: sum_of_peaks and pooled_peak, intervals of officers on
        strength, and ratio: mean sum over mean pooled peak (NaN where nothing is asked for).
    """

    rows: tuple[Mapping[str, object], ...]
    totals: Mapping[str, Ends]
    pooling: Mapping[str, Mapping[str, object]]


def need_models(
    study: Study,
    inputs: Inputs,
    futures: Futures,
    posture: Posture,
    hours: xr.DataArray,
    theta: Parameters,
) -> NeedModels:
    """Return need under each model of the functions that are switched on.

    Parameters
    ----------
    study, inputs, futures, posture, hours
        As `measure` takes them; the first `MONTHS` months count.
    theta : Parameters
        A set of its own with the seed of the run: the same draws, but what only a model
        compared with reads does not enter the run.
    """
    ground = survey(replace(study, forecast_months=MONTHS), inputs, futures, posture, hours, theta)
    found: dict[tuple[str, str], FloatArray] = {}
    for part in blocks(len(ground.areas), BLOCK):
        facts = facts_of(ground, part)
        for function, models in MODELS.items():
            for name, model in models.items() if ground.functions.get(function) else ():
                key = function, name
                found[key] = found.get(key, 0.0) + _total(model(facts), theta.draws)
    rows: list[Mapping[str, object]] = [
        {"function": f, "model": m, "used": m == ground.models[f], **_ends(total)}
        for (f, m), total in found.items()
    ]
    sums = {name: np.zeros(theta.draws) for name in ("used", "least", "most")}
    for function in dict.fromkeys(f for f, _ in found):
        each = np.stack([total for (f, _), total in found.items() if f == function])
        sums["used"] += found[function, ground.models[function]]
        sums["least"] += each.min(axis=0)
        sums["most"] += each.max(axis=0)
    totals = {name: _ends(total) for name, total in sums.items()}
    whole = facts_of(ground, slice(0, len(ground.areas)))
    return NeedModels(tuple(rows), totals, _pooling(whole, ground.group))


def _pooling(facts: Facts, group: IntArray) -> dict[str, Mapping[str, object]]:
    """Return peaks held by each area alone beside peaks pooled within reach, by function."""
    place = facts.place
    loads = {
        "protection": (facts.incidents, _violence.protection_crew(place)),
        "public_order": (facts.assemblies, _violence.assembly_crew(place)),
    }
    found: dict[str, Mapping[str, object]] = {}
    for name, (mean, crew) in loads.items():
        apart, pooled = peaks(mean, group)
        officers = on_strength(OnDuty(np.stack([apart, pooled]) * crew), place.relief)
        alone, shared = officers.mean(axis=1)
        whole = float(shared.mean())
        ratio = float(alone.mean()) / whole if whole > 0 else float("nan")
        found[name] = {"sum_of_peaks": _ends(alone), "pooled_peak": _ends(shared), "ratio": ratio}
    return found


def peaks(mean: FloatArray, group: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum of peaks of all areas, and the sum of peaks of clusters.

    Parameters
    ----------
    mean : array, shape (area, month or 1, draw), mean incidents at once
    group : array of int, shape (area,)

    Returns
    -------
    apart, pooled : arrays, shape (month or 1, draw), incidents

    Examples
    --------
    >>> [x.item() for x in peaks(np.full((2, 1, 1), 2.0), np.array([0, 0]))]
    [10.0, 8.0]
    """
    apart = poisson_quantile(mean, PEAK).sum(axis=0)
    pooled = np.zeros_like(apart)
    for number in range(int(group.max(initial=-1)) + 1):
        pooled += poisson_quantile(mean[group == number].sum(axis=0), PEAK)
    return np.asarray(apart), pooled


def _total(need: FloatArray, draws: int) -> FloatArray:
    """Return officers over all areas, mean over months, shape (draw,)."""
    total = np.asarray(need, dtype=np.float64).sum(axis=0).mean(axis=0)
    return np.broadcast_to(total, (draws,))


def _ends(values: FloatArray) -> Ends:
    low, mid, high = quantile(np.asarray(values), [0.1, 0.5, 0.9]).tolist()
    return {"low": low, "mid": mid, "high": high}
