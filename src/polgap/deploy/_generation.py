"""Force generation: when each pledge takes effect, draw by draw."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from polgap.deploy._chain import IN_MISSION, chain, law
from polgap.domain import Arrival, Generation, Note, Study, cube, month_number
from polgap.draws import Parameters, stream, three_point

Array = NDArray[np.floating[Any]]

DAYS_A_MONTH = 365.25 / 12


def generate(study: Study, pledges: pd.DataFrame, theta: Parameters) -> Generation:
    """Return the month of effect of each pledge in each draw, and the generation chain.

    A pledge takes effect in the first month at whose start it stands in the mission area:
    1 + ceil(days / 30.4), counted from the origin (the first month is 1). Days are
    ``decision_days`` (one decision for all pledges of a draw) plus the lead time of its
    instrument and readiness. Lead times of one readiness share a common part, so that pledges
    are late together [1]_. A pledge that fails, or would come after its offer ends, is inf.
    Units in the mission already are 0.

    Parameters
    ----------
    study : Study
    pledges : table ``pledges``
        Streams are keyed by the row's position.
    theta : Parameters

    Returns
    -------
    Generation
        ``arrival`` has dims (pledge, draw), months from the origin; attribute ``origin``.

    Raises
    ------
    DataError
        If the catalogue has no lead time for a pledge's unit type and readiness.

    References
    ----------
    .. [1] ``lead_time_common_share`` in ``catalogue/parameters.csv``.

    Examples
    --------
    >>> from polgap import catalogue
    >>> from polgap.domain import empty_table
    >>> theta = Parameters(catalogue.parameters(), seed=1, draws=400)
    >>> row = {"pledge": "p", "unit_type": "FPU", "number": 1, "readiness": "RDL", "chance": 1.0}
    >>> pledges = pd.concat([empty_table("pledges"), pd.DataFrame([row])])
    >>> force = generate(Study("T", "2023-12", draws=400), pledges, theta)
    >>> float(force.arrival.median())
    5.0
    """
    months = np.empty((len(pledges), theta.draws))
    laws: dict[str, tuple[str, ...]] = {}
    lapsed, unlikely = [], []
    for i, row in enumerate(pledges.to_dict("records")):
        readiness = str(row["readiness"])
        if readiness == IN_MISSION:
            months[i] = 0.0
        else:
            name, stages = law(str(row["unit_type"]), readiness)
            laws[name] = stages
            days = theta["decision_days"] + _lead_days(stages, i, theta)
            months[i] = np.maximum(1.0 + np.ceil(days / DAYS_A_MONTH), _earliest(study, row, theta))
        late = months[i] > _last(study, row)
        failed = _fails(float(row["chance"]), i, theta)
        months[i, late | failed] = np.inf
        if late.mean() > 0.5:
            lapsed.append(str(row["pledge"]))
        elif failed.mean() > 0.5:
            unlikely.append(str(row["pledge"]))
    arrival = cube(
        months,
        units="months from the origin",
        pledge=pledges["pledge"].astype(str).tolist(),
        draw=range(theta.draws),
    )
    arrival.attrs["origin"] = study.origin
    notes = [] if laws else [Note("deploy.no_offers")]
    for code, names in (("deploy.lapsed", lapsed), ("deploy.unlikely", unlikely)):
        if names:
            values = {"count": len(names), "pledges": len(pledges), "names": _few(names)}
            notes.append(Note(code, values))
    return Generation(Arrival(arrival), chain(laws, theta), tuple(notes))


def _lead_days(stages: tuple[str, ...], position: int, theta: Parameters) -> Array:
    """Return lead days of one pledge: stage by stage, own luck and the readiness's common luck.

    The uniform behind ``theta[stage]`` is drawn again from its stream, so the value shown in the
    assumptions register is the one that makes the pledges late.
    """
    total = np.zeros(theta.draws)
    common = theta["lead_time_common_share"]
    for number, stage in enumerate(stages):
        theta[stage]
        shared = ndtri(_open(stream(theta.seed, "parameter", stage).random(theta.draws)))
        own = ndtri(_open(stream(theta.seed, "arrival", position, number).random(theta.draws)))
        uniform = ndtr(np.sqrt(common) * shared + np.sqrt(1.0 - common) * own)
        total += three_point(uniform, *theta.points(stage))
    return total


def _fails(chance: float, position: int, theta: Parameters) -> NDArray[np.bool_]:
    """Return in which draws a pledge fails: as many as its chance says, luck decides which.

    An exact share keeps a pledge of chance .8 from losing its 80 % date to Monte Carlo noise.
    """
    order = stream(theta.seed, "failure", position).random(theta.draws).argsort().argsort()
    return np.asarray(order >= round(chance * theta.draws))


def _open(uniform: Array) -> Array:
    return np.asarray(np.clip(uniform, 1e-12, 1.0 - 1e-12))


def _earliest(study: Study, row: Mapping[Hashable, Any], theta: Parameters) -> Array:
    """Return the first month in which an offer can be in effect: its first month + induction."""
    first = _offer(study, row, "from")
    begins = 1.0 if first is None else max(1.0, first)
    return np.asarray(begins + np.ceil(theta["ipo_induction_months"]))


def _last(study: Study, row: Mapping[Hashable, Any]) -> float:
    last = _offer(study, row, "until")
    return np.inf if last is None else last


def _offer(study: Study, row: Mapping[Hashable, Any], end: str) -> float | None:
    month = row.get(end)
    if not isinstance(month, str) or not month:
        return None
    return float(month_number(month) - month_number(study.origin))


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
