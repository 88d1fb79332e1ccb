"""The institutions of the exercise: what is true of them, and what their own returns say.

One region is able but unwilling (`captured`), one is willing but unable (`frontier`), and the
capital hoards officers. Returns count ghosts: the roll on paper is above the roll in truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from polgap import catalogue
from polgap.domain import add_months, check_table
from polgap.draws import stream
from polgap.examples._people import People

Array = NDArray[np.floating[Any]]

POLICE, GENDARMERIE = "National Police", "Gendarmerie"
ELEMENTS = ("vetted", "trained", "equipped", "paid", "in_reach")
BASIS = "exercise"

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(32)

CAPITAL_SHARE = 0.57
"""Share of the National Police that sits in the capital district."""

PROFILES = {
    # role: roll per 100,000, operational, available, the five elements, willing, preying share
    "capital": (0, 0.93, 0.72, (0.74, 0.80, 0.74, 0.90, 0.92), 0.66, 0.04),
    "captured": (95, 0.94, 0.86, (0.66, 0.86, 0.84, 0.94, 0.85), 0.22, 0.13),
    "frontier": (34, 0.74, 0.60, (0.72, 0.36, 0.24, 0.44, 0.45), 0.85, 0.02),
    "herding": (42, 0.82, 0.68, (0.55, 0.52, 0.42, 0.62, 0.50), 0.55, 0.05),
    "calm": (60, 0.90, 0.76, (0.66, 0.66, 0.58, 0.84, 0.72), 0.70, 0.03),
}
"""The National Police by role of the province; the capital's roll follows from its share."""

GENDARMERIE_PER_100K = {"capital": 60, "captured": 75, "frontier": 42, "herding": 38, "calm": 0}
GHOSTS = {"capital": 0.03, "captured": 0.07, "frontier": 0.14, "herding": 0.10, "calm": 0.05}
"""Names on the roll without an officer, as share of the true roll."""


@dataclass(frozen=True)
class Institutions:
    """Host-State police in truth, and the tables a planner is given.

    Parameters
    ----------
    true : pd.DataFrame
        institution, area, roll, operational, available, able (share), willing, harm.
    host_police, willingness, other_providers : pd.DataFrame, as in ``schema.csv``
    rho : float
        True correlation of the elements of ability.
    """

    true: pd.DataFrame
    host_police: pd.DataFrame
    willingness: pd.DataFrame
    other_providers: pd.DataFrame
    rho: float


def institutions(seed: int, people: People, origin: str, powers: int) -> Institutions:
    """Return the institutions of the theatre.

    Parameters
    ----------
    powers : int
        Grade of powers of the mandate: vetting is critical above grade 1 (``protect``).
    """
    rng = stream(seed, "exercise", "institutions")
    rho = float(rng.uniform(0.25, 0.85))
    rows, elements = _true(rng, people)
    rows["able"] = [_able(e, rho, powers) for e in elements]
    return Institutions(
        rows,
        _returns(rng, rows, elements, people, rho, origin),
        _judged(rng, rows, people, origin),
        _others(people, origin),
        rho,
    )


def _true(rng: np.random.Generator, people: People) -> tuple[pd.DataFrame, Array]:
    """Return one row per institution and area, and the shares of the five elements."""
    parents = people.provinces["parent"].tolist()
    rows, elements = [], []
    for name in (POLICE, GENDARMERIE):
        luck = {p: rng.normal(0.0, 0.03, 7) for p in parents}
        for k, area in enumerate(people.areas.to_dict("records")):
            role = people.role[k]
            per, operational, available, five, willing, harm = PROFILES[role]
            if name == GENDARMERIE:
                per, willing = GENDARMERIE_PER_100K[role], 0.85 * willing
            own = luck[area["parent"]]
            roll = per * area["population"] / 1e5 * rng.lognormal(0.0, 0.15)
            rows.append(
                {
                    "institution": name,
                    "area": area["area"],
                    "parent": area["parent"],
                    "role": role,
                    "roll": roll,
                    "operational": operational,
                    "available": available,
                    "willing": float(np.clip(willing + own[5], 0.05, 0.95)),
                    "harm": float(np.clip(harm + 0.3 * abs(own[6]), 0.0, 0.3)),
                }
            )
            elements.append(np.clip(np.array(five) + own[:5], 0.1, 0.98))
    frame = pd.DataFrame(rows)
    _hoard(frame, people)
    frame["roll"] = frame["roll"].round()
    frame["operational"] = (frame["roll"] * frame["operational"]).round()
    frame["available"] = (frame["operational"] * frame["available"]).round()
    here = (frame["roll"] > 0).to_numpy()
    return frame[here].reset_index(drop=True), np.array(elements)[here]


def _hoard(frame: pd.DataFrame, people: People) -> None:
    """Fill the capital district with its share of the police, most of it in the capital."""
    police = frame["institution"] == POLICE
    inside = police & (frame["role"] == "capital")
    rest = float(frame.loc[police & ~inside, "roll"].sum())
    size = people.areas.set_index("area").loc[frame.loc[inside, "area"], "population"]
    weight = size.to_numpy(float) * np.where(frame.loc[inside, "area"] == people.capital, 1.6, 1.0)
    hoard = rest * CAPITAL_SHARE / (1.0 - CAPITAL_SHARE)
    frame.loc[inside, "roll"] = hoard * weight / weight.sum()


def _able(shares: Array, rho: float, powers: int) -> float:
    """Return the usable share: halfway between all that is critical and everything."""
    critical = [0, 3, 4] if powers > 1 else [3, 4]
    return (joint_share(shares[critical], rho) + joint_share(shares, rho)) / 2.0


def _officers(rng: np.random.Generator, shares: Array, rho: float, count: int) -> NDArray[np.bool_]:
    """Return who has what, shape (officer, element): one common factor links the elements."""
    common = rng.standard_normal((count, 1))
    own = rng.standard_normal((count, shares.size))
    return np.asarray(np.sqrt(rho) * common + np.sqrt(1.0 - rho) * own < ndtri(shares))


def _returns(
    rng: np.random.Generator, true: pd.DataFrame, elements: Array, people: People, rho: float,
    origin: str,
) -> pd.DataFrame:  # fmt: skip
    """Return what headquarters report: areas of the capital with nested counts, else provinces."""
    capital = people.provinces["parent"].iloc[0]
    unit = np.where(true["parent"] == capital, true["area"], true["parent"])
    rows = []
    for (name, where), part in true.groupby(["institution", unit], sort=False):
        role = part["role"].iloc[0]
        roll = round(float(part["roll"].sum()) * (1.0 + GHOSTS[role] * rng.uniform(0.8, 1.2)))
        said = {c: round(float(part[c].sum())) for c in ("operational", "available")}
        shares = elements[part.index].mean(axis=0)
        if part["parent"].iloc[0] == capital:
            has = _officers(rng, shares, rho, said["available"])
            given = np.logical_and.accumulate(has, axis=1).sum(axis=0).tolist()
        else:
            given = np.round(np.clip(shares + rng.normal(0, 0.05, 5), 0.05, 0.98), 2).tolist()
        rows.append(
            {
                "institution": name,
                "area": where,
                "authorised": round(roll * {"frontier": 1.9, "herding": 1.6}.get(role, 1.15), -1),
                "roll": roll,
                **said,
                **dict(zip(ELEMENTS, given, strict=True)),
                "women": round((0.12 if name == POLICE else 0.06) * rng.uniform(0.7, 1.3), 3),
                "as_of": add_months(origin, -2 if role == "capital" else -8),
                "basis": BASIS,
            }
        )
    return check_table("host_police", pd.DataFrame(rows))


def _judged(
    rng: np.random.Generator, true: pd.DataFrame, people: People, origin: str
) -> pd.DataFrame:
    """Return what assessors write, overall and by province: near the truth, not on it."""
    rows = []
    whole = [((name, "*"), part) for name, part in true.groupby("institution", sort=False)]
    for (name, where), part in [*whole, *true.groupby(["institution", "parent"], sort=False)]:
        willing, harm = float(part["willing"].mean()), float(part["harm"].mean())
        kind = rng.normal(0.0, 0.04)
        for indicator in catalogue.table("indicators")["indicator"]:
            target = willing - 1.2 * harm * (indicator == "abuse_allegations")
            mid = float(np.clip(target + kind + rng.normal(0.0, 0.05), 0.04, 0.96))
            width = rng.uniform(0.08, 0.16)
            rows.append(
                {
                    "institution": name,
                    "area": where,
                    "indicator": indicator,
                    "low": round(max(0.0, mid - width), 2),
                    "mid": round(mid, 2),
                    "high": round(min(1.0, mid + width), 2),
                    "assessor_role": "police adviser",
                    "evidence_grade": "B" if part["role"].iloc[0] == "capital" else "C",
                    "as_of": add_months(origin, -4),
                    "basis": BASIS,
                }
            )
    return check_table("willingness", pd.DataFrame(rows))


def _others(people: People, origin: str) -> pd.DataFrame:
    """Return other providers: soldiers on posts, an EU training mission, village guards."""
    seats = people.provinces.set_index("role")["seat"]
    soldiers = [
        ("host military", seat, "static", strength, "request of the governor", "bridging")
        for seat, strength in zip(seats.loc["frontier"], (380, 260), strict=True)
    ]
    guards = [
        ("community guards", seat, "protection", strength, "none", "never")
        for seat, strength in zip(seats.loc["herding"], (700, 450), strict=True)
    ]
    trainers = ("EU", people.capital, "development", 42, "agreement with the host State", "full")
    columns = ["provider", "area", "function", "strength", "legal_basis", "counts"]
    frame = pd.DataFrame([*soldiers, trainers, *guards], columns=columns)
    soldier = frame["provider"] == "host military"
    frame["from"] = ""
    frame["until"] = np.where(soldier, add_months(origin, 9), "")
    return check_table("other_providers", frame.assign(basis=BASIS))


def joint_share(shares: Array, rho: float) -> float:
    """Return the share that has every element (quadrature over the common factor).

    Examples
    --------
    >>> round(joint_share(np.array([0.70, 0.75, 0.60, 0.80, 0.90]), 0.55), 2)
    0.42
    """
    limit = (ndtri(shares)[:, None] - np.sqrt(rho) * _NODES) / np.sqrt(1.0 - rho)
    return float(ndtr(limit).prod(axis=0) @ _WEIGHTS / _WEIGHTS.sum())
