"""Advice on host-State institutions: from able x willing x capture, by a rule that is printed.

An institution that will not serve, or preys, gets no equipment and no headcount, however able it
is: these would be turned against the people. First accountability, leverage and protection of those
at risk; then ability; then numbers; at last hand-over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.assess import _able, _scope
from polgap.assess._police import Police
from polgap.assess._willing import indicator_names
from polgap.domain.cubes import BoolArray, FloatArray, IntArray
from polgap.draws import Parameters, held_off
from polgap.score import quantile

ACCOUNT, BUILD, REINFORCE, HAND_OVER = range(4)
"""Positions in ``advice.csv``."""
MEASURES = ("able", "willing", "harm", "short")


@dataclass(frozen=True)
class Limits:
    """Where the rule turns; each a parameter.

    Parameters
    ----------
    willing : float
        Mean willingness below which an institution is unwilling.
    ready : float
        Willingness from which it may take over.
    able : float, share of the available
    covered : float, share of need
        National shortfall up to which need counts as covered.
    harm : float, share of the available
        Share that preys from which an institution is predatory.
    doubt : float, share of futures
        Chance of being unwilling or predatory from which an institution that is not held off is
        helped step by step.
    """

    willing: float
    ready: float
    able: float
    covered: float
    harm: float
    doubt: float = 0.1


def limits(theta: Parameters) -> Limits:
    """Return the limits of the rule at their middle values."""
    names = ("unwilling_below", "handover_min_willingness", "able_enough", "covered_enough",
             "predatory_from", "doubt_chance")  # fmt: skip
    return Limits(*(theta.mid(name) for name in names))


def verdict(
    at: Limits, able: FloatArray, willing: FloatArray, harm: FloatArray, short: FloatArray
) -> IntArray:
    """Return the position of the advice in ``advice.csv``; arrays of one shape.

    Examples
    --------
    >>> at = Limits(0.35, 0.5, 0.5, 0.05, 0.1)
    >>> able, unwilling, no_harm, short = (np.array(x) for x in (0.9, 0.2, 0.0, 0.4))
    >>> int(verdict(at, able, unwilling, no_harm, short)) == ACCOUNT
    True
    """
    blocked = held_off(willing, harm, at.willing, at.harm)
    done = (short <= at.covered) & (willing >= at.ready)
    later = np.where(able < at.able, BUILD, np.where(done, HAND_OVER, REINFORCE))
    return np.asarray(np.where(blocked, ACCOUNT, later), dtype=np.int64)


def advice(
    police: Police,
    host: pd.DataFrame,
    willingness: pd.DataFrame,
    areas: pd.DataFrame,
    need: FloatArray,
    short: FloatArray,
    theta: Parameters,
) -> pd.DataFrame:
    """Return advice by institution, for the theatre and for each place with a row of its own.

    The advice is that of the means: expected harm goes with the mean share that preys. It does not
    jump from all to nothing at a limit: who may be beyond it in `doubt` of the draws is helped step
    by step. `sure` says in which share of the draws the advice is the same.

    Parameters
    ----------
    host, willingness : pd.DataFrame
        As in ``schema.csv``: the places they name get a row.
    need, short : arrays, shape (area, draw), officers on strength
        Need that police can serve, and the part of it that is national shortfall; means over the
        reported months.

    Returns
    -------
    pd.DataFrame
        institution, area, advice, conditional (not to be trusted yet: too little willing, or with
        a chance of being unwilling or predatory that calls for doubt), sure, chance_held,
        chance_unwilling, chance_predatory; low, mid and high of each of `MEASURES`; reason;
        weakest (element of ability) and lowest (indicator of willingness); basis_able,
        basis_willing; the limits.
    """
    at = limits(theta)
    names = catalogue.table("advice")["advice"].tolist()
    rows = []
    for i, name in enumerate(police.host.institutions):
        for key in _places(name, host, willingness):
            mask = _scope.members(areas, key, "host_police")
            seen = _measures(police, i, mask, need, short)
            if seen is None:
                continue
            odds = _chances(at, seen["willing"], seen["harm"])
            point = [np.array(seen[m].mean()) for m in MEASURES]
            chosen = int(verdict(at, *point))
            doubt = bool(point[1] < at.ready) or odds["held"] >= at.doubt
            same = verdict(at, *(seen[m] for m in MEASURES)) == chosen
            row = {
                "institution": name, "area": key, "advice": names[chosen],
                "conditional": chosen in (BUILD, REINFORCE) and doubt,
                "sure": float(same.mean()), "reason": _reason(chosen, at, point[1], point[2]),
                **{f"chance_{k}": v for k, v in odds.items()},
                "weakest": _weakest(host, name, key, areas),
                "lowest": _lowest(police, i, mask),
                "basis_able": _basis(host, name, key, areas),
                "basis_willing": _basis(willingness, name, key, areas),
            }  # fmt: skip
            for m in MEASURES:
                ends = quantile(seen[m], [0.1, 0.5, 0.9]).tolist()
                row |= {f"{m}_{k}": v for k, v in zip(("low", "mid", "high"), ends, strict=True)}
                row[f"{m}_mean"] = float(seen[m].mean())
            rows.append(row | {f"limit_{k}": v for k, v in vars(at).items()})
    return pd.DataFrame(rows)


def _places(name: str, host: pd.DataFrame, willingness: pd.DataFrame) -> list[str]:
    """Return the theatre, then every place that a row of the institution names."""
    named = [t.loc[t["institution"] == name, "area"].astype(str) for t in (host, willingness)]
    finer = sorted({a for column in named for a in column if a not in _scope.WHOLE})
    return ["*", *finer]


def _measures(
    police: Police, i: int, mask: BoolArray, need: FloatArray, short: FloatArray
) -> dict[str, FloatArray] | None:
    """Return the measures of one institution over some areas, each (draw,); None without officers.

    Able and harm by the officers who stand there, willing by the same.
    """
    officers = police.host.available[i][mask]
    total = officers.sum(axis=0)
    if not total.any():
        return None
    weight = officers / np.where(total > 0, total, 1.0)
    will = police.will.indicators[i][:, mask].mean(axis=0, dtype=np.float64)
    wanted = need[mask].sum(axis=0)
    left = short[mask].sum(axis=0)
    return {
        "able": (weight * police.host.able[i][mask]).sum(axis=0),
        "willing": (weight * will).sum(axis=0),
        "harm": (weight * police.will.harm[i][mask]).sum(axis=0),
        "short": np.divide(left, wanted, out=np.zeros_like(left), where=wanted > 0),
    }


def _chances(at: Limits, willing: FloatArray, harm: FloatArray) -> dict[str, float]:
    """Return in which share of the draws an institution is beyond a limit, and beyond which."""
    return {
        "held": float(held_off(willing, harm, at.willing, at.harm).mean()),
        "unwilling": float((willing < at.willing).mean()),
        "predatory": float((harm >= at.harm).mean()),
    }


def _reason(chosen: int, at: Limits, willing: FloatArray, harm: FloatArray) -> str:
    """Return the code of the reason for an advice."""
    if chosen == ACCOUNT:
        preys, refuses = bool(harm >= at.harm), bool(willing < at.willing)
        kind = "both" if preys and refuses else "predatory" if preys else "unwilling"
        return f"advice.reason.{kind}"
    return f"advice.reason.{('', 'unable', 'short', 'covered')[chosen]}"


def _of(table: pd.DataFrame, name: str, key: str, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an institution that speak of a place, the finest that do."""
    mine = table[table["institution"] == name]
    if key in _scope.WHOLE:
        return mine
    wanted = _scope.members(areas, key, "host_police")
    meets = [bool((_scope.members(areas, str(a), "host_police") & wanted).any())
             for a in mine["area"]]  # fmt: skip
    mine = mine[np.array(meets, dtype=bool)]
    level = [_scope.fineness(areas, str(a)) for a in mine["area"]]
    return mine[np.array(level) == max(level)] if level else mine


def _weakest(host: pd.DataFrame, name: str, key: str, areas: pd.DataFrame) -> str:
    """Return the element of ability that the fewest have (of those left, where nested)."""
    rows = _of(host, name, key, areas)
    shares, weights = [], []
    for row in _scope.rows(rows):
        given = [float(row[e]) for e in _able.ELEMENTS]
        shares.append(_able.read_elements(given, float(row["available"]))[0])
        weights.append(max(float(row["available"]), 1e-9))
    if not shares:
        return ""
    return _able.ELEMENTS[int(np.average(shares, axis=0, weights=weights).argmin())]


def _lowest(police: Police, i: int, mask: BoolArray) -> str:
    """Return the indicator of willingness that is lowest in the mean."""
    values = police.will.indicators[i][:, mask].mean(axis=(1, 2), dtype=np.float64)
    return indicator_names()[int(values.argmin())]


def _basis(table: pd.DataFrame, name: str, key: str, areas: pd.DataFrame) -> str:
    """Return the weakest basis among the rows that an advice rests on; assumed without any."""
    bases = set(_of(table, name, key, areas)["basis"].astype(str))
    order: Sequence[str] = ("assumed", "recalled", "exercise", "computed", "given")
    return next((b for b in order if b in bases), "assumed")
