"""What stands where the planner gave nothing: editable rows of basis `assumed`, never hidden."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from polgap import catalogue
from polgap.domain import NOBODY, check_table

EVERYWHERE = "*"
NESTED = ("vetted", "trained", "equipped", "paid", "in_reach")


@dataclass(frozen=True)
class Ceiling:
    """Officers a mandate allows, formed units and individual officers apart."""

    formed: float
    individual: float

    @property
    def total(self) -> float:
        """Officers allowed in all."""
        return self.formed + self.individual


def by_type(column: str) -> dict[str, float]:
    """Return a number of the catalogue of unit types, by unit type.

    Examples
    --------
    >>> by_type("strength")["FPU"]
    140.0
    """
    types = catalogue.table("unit_types")
    return {str(t): float(v) for t, v in zip(types["unit_type"], types[column], strict=True)}


def host_police(population: float, as_of: str) -> pd.DataFrame:
    """Return one institution for the whole theatre, from the ``host_*`` parameters.

    Parameters
    ----------
    population : float, persons
    as_of : str
        Month written as that of the figures (the origin).

    Examples
    --------
    >>> host_police(1_000_000.0, "2020-12")[["roll", "operational", "basis"]].values.tolist()
    [[1200.0, 1056.0, 'assumed']]
    """
    middle = {n: p.mid for n, p in catalogue.parameters().items() if n.startswith("host_")}
    roll = round(middle["host_roll_per_100k"] * population / 1e5)
    operational = round(roll * middle["host_operational_share"])
    row = {
        "institution": "host_police",
        "area": EVERYWHERE,
        "roll": roll,
        "operational": operational,
        "available": round(operational * middle["host_available_share"]),
        **{name: middle[f"host_{name}"] for name in NESTED},
        "as_of": as_of,
        "basis": "assumed",
    }
    return check_table("host_police", pd.DataFrame([row]))


def willingness(institutions: list[str], as_of: str) -> pd.DataFrame:
    """Return one row an institution and indicator, for the whole theatre, from `host_willing`."""
    point = catalogue.parameters()["host_willing"]
    rows = [
        {
            "institution": institution,
            "area": EVERYWHERE,
            "indicator": indicator,
            "low": point.low,
            "mid": point.mid,
            "high": point.high,
            "assessor_role": NOBODY,
            "evidence_grade": "D",
            "as_of": as_of,
            "basis": "assumed",
        }
        for institution in institutions
        for indicator in catalogue.table("indicators")["indicator"]
    ]
    return check_table("willingness", pd.DataFrame(rows))


def mandate(ceiling: Ceiling) -> pd.DataFrame:
    """Return a notional mandate: tasks without a posture, consent and due diligence not recorded.

    The ceiling stands once, in the first paragraph.
    """
    rows = catalogue.table("notional_mandate")[["paragraph", "task", "function", "powers"]]
    rows = rows.assign(basis="assumed", ceiling_formed=float("nan"))
    rows["ceiling_individual"] = float("nan")
    rows.loc[0, ["ceiling_formed", "ceiling_individual"]] = [ceiling.formed, ceiling.individual]
    return check_table("mandate", rows)


def rules(ceiling: Ceiling) -> pd.DataFrame:
    """Return a notional budget: what the authorised strength costs a year at middle prices."""
    strength, cost = by_type("strength"), by_type("cost_year_mid")
    formed = ceiling.formed / strength["FPU"] * cost["FPU"]
    usd = formed + ceiling.individual * cost["IPO"]
    row = {
        "rule": "budget_year",
        "area": "",
        "value": float(round(usd / 1000.0) * 1000),
        "units": "USD",
        "reason": "notional: cost of the authorised strength at middle prices",
        "basis": "assumed",
    }
    return check_table("rules", pd.DataFrame([row]))


def pledges(ceiling: Ceiling, present: Ceiling) -> pd.DataFrame:
    """Return notional offers that fill the headroom under the ceiling, and more.

    The mix of types, readiness, language, women and chance stands in
    ``catalogue/notional_pledges.csv``.
    """
    stretch = catalogue.parameters()["notional_pledge_stretch"].mid
    strength = by_type("strength")
    room = {
        True: max(ceiling.formed - present.formed, strength["FPU"]),
        False: max(ceiling.individual - present.individual, 20.0),
    }
    mix = catalogue.table("notional_pledges")
    officers = [
        share * stretch * room[unit_type in ("FPU", "IPU")]
        for share, unit_type in zip(mix["share"], mix["unit_type"], strict=True)
    ]
    number = [
        max(1, round(o / strength[t])) for o, t in zip(officers, mix["unit_type"], strict=True)
    ]
    frame = mix.assign(
        pledge="NOTIONAL-" + mix["pledge"], contributor="NOTIONAL", number=number, basis="assumed"
    )
    return check_table("pledges", frame)
