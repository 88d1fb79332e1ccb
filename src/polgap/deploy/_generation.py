"""Force generation: when each pledge takes effect, draw by draw."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from polgap import catalogue
from polgap.deploy._chain import IN_MISSION, USUAL, chain, law
from polgap.deploy._resources import DAYS_A_MONTH, capacities, resources
from polgap.deploy._timetable import Offer, formed, strength, timetable
from polgap.deploy.schedule import Call
from polgap.domain import Arrival, Generation, Note, Study, Timetable, cube, month_number
from polgap.draws import Parameters, stream, three_point

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]


def generate(
    study: Study,
    pledges: pd.DataFrame,
    theta: Parameters,
    rules: pd.DataFrame | None = None,
    call: Call | None = None,
) -> Generation:
    """Return the month of effect of each pledge in each draw, the chain and the timetable.

    A pledge takes effect in the first month at whose start it stands in the mission area:
    1 + ceil(days / 30.4), counted from the origin (the first month is 1). Days are
    ``decision_days`` (one decision for all pledges of a draw) plus the lead time of its
    instrument, readiness and profile, and whatever it waits for teams, lift, airport and camp
    crews that others use. Lead times of one readiness share a common part, so that pledges
    are late together [1]_. An offer that fails is called for again: with ``retender_chance``
    another State answers, as sure as the first and ``retender_days`` later. A pledge that fails,
    or would come after its offer ends, is inf. Units in the mission already are 0.

    Parameters
    ----------
    study : Study
    pledges : table ``pledges``
        Streams are keyed by the row's position. All of them are taken to be called.
    theta : Parameters
    rules : table ``rules``, optional
        Capacities of what pledges share, with the months in which they hold.
    call : callable, optional
        Runs CP-SAT in a process of its own (`polgap.workers.child`) for the order in which
        pledges are served; without it list schedules are used.

    Returns
    -------
    Generation
        ``arrival`` has dims (pledge, draw), months from the origin; attribute ``origin``.

    Raises
    ------
    DataError
        If the catalogue has no lead time for a pledge's unit type, readiness and profile.

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
    rows = pledges.to_dict("records")
    months = np.zeros((len(pledges), theta.draws))
    shared = resources(rules)
    offers = [
        offer(study, row, i, theta) for i, row in enumerate(rows) if row["readiness"] != IN_MISSION
    ]
    there = capacities(shared, study.first_month)
    table = timetable(offers, shared, there, theta, call)
    last = table.steps.groupby("pledge", sort=False).tail(1).index
    for one, end in zip(offers, last, strict=True):
        ready = 1.0 + np.ceil((table.start[end] + table.days[end]) / DAYS_A_MONTH - 1e-9)
        months[one.position] = np.maximum(ready, _earliest(study, rows[one.position], theta))
    for i, row in enumerate(rows):
        if row["readiness"] == IN_MISSION:
            months[i, _fails(float(row["chance"]), i, theta)] = np.inf
    late = months > np.array([[_last(study, row)] for row in rows]).reshape(-1, 1)
    failed = np.isinf(months)
    months[late] = np.inf
    arrival = cube(
        months,
        units="months from the origin",
        pledge=pledges["pledge"].astype(str).tolist(),
        draw=range(theta.draws),
    )
    arrival.attrs["origin"] = study.origin
    laws = dict(law_of(rows[o.position]) for o in offers)
    none = [str(n) for n, row in zip(shared["resource"], there, strict=True)
            if not any(most for _, most in row)]  # fmt: skip
    notes = _notes(rows, offers, table, late & ~failed, failed, none)
    return Generation(Arrival(arrival), chain(laws, theta), notes, table)


def law_of(row: Mapping[Hashable, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the lead time law of a row of the pledges."""
    profile = row.get("profile")
    named = profile if isinstance(profile, str) and profile else USUAL
    return law(str(row["unit_type"]), str(row["readiness"]), named)


def offer(study: Study, row: Mapping[Hashable, Any], position: int, theta: Parameters) -> Offer:
    """Return a pledge as the timetable takes it: its lead time, luck and first day."""
    name, stages = law_of(row)
    kind = str(row["unit_type"])
    chance, number = float(row["chance"]), int(row["number"])
    failed = _fails(chance, position, theta)
    wait, answer = theta["retender_days"], theta["retender_chance"] * chance
    luck = stream(theta.seed, "retender", position).random(theta.draws)
    again = failed & (luck < answer)
    first = _offer(study, row, "from")
    offered = (_earliest(study, row, theta) - 1.0) * DAYS_A_MONTH if first else np.zeros(1)
    return Offer(
        position=position,
        pledge=str(row["pledge"]),
        law=name,
        formed=formed(kind),
        number=number,
        lead=_lead_days(stages, position, theta),
        again=np.where(again, wait, 0.0),
        comes=~failed | again,
        offered=np.broadcast_to(offered, (theta.draws,)),
        lead_mid=sum(theta.mid(stage) for stage in stages),
        weight=max(1e-3, chance * number * strength(kind)),
    )


def _notes(
    rows: Sequence[Mapping[Hashable, Any]], offers: Sequence[Offer], table: Timetable,
    late: BoolArray, failed: BoolArray, none: Sequence[str],
) -> tuple[Note, ...]:  # fmt: skip
    """Return what is to be said: nothing on offer, lapsed, unlikely, nothing to share."""
    notes = [] if offers else [Note("deploy.no_offers")]
    names = [str(row["pledge"]) for row in rows]
    lapsed = [n for n, hit in zip(names, late.mean(axis=1) > 0.5, strict=True) if hit]
    unlikely = [n for n, hit in zip(names, failed.mean(axis=1) > 0.5, strict=True) if hit]
    used = [n for n in none if (table.steps["resource"] == n).any()]
    found = [("deploy.lapsed", lapsed), ("deploy.unlikely", unlikely)] if not used else [
        ("deploy.lapsed", lapsed)
    ]  # fmt: skip
    for code, which in found:
        if which:
            values = {"count": len(which), "pledges": len(rows), "names": _few(which)}
            notes.append(Note(code, values))
    kinds = catalogue.table("resources").set_index("resource")["rule"]
    return (*notes, *(Note("deploy.no_resource", {"rule": str(kinds[n])}) for n in used))


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
