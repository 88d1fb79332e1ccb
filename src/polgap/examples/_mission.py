"""The mission of the exercise: mandate, pledges, rules, programmes, bases and strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from polgap import catalogue
from polgap.domain import add_months, check_table, month_range
from polgap.draws import stream
from polgap.examples._institutions import BASIS, GENDARMERIE, POLICE
from polgap.examples._names import MISSION
from polgap.examples._people import People

START = "2019-09"
"""First month of the mission, eleven months after the cease-fire."""

_YES = {"host_consent": "yes", "hrddp": "yes"}
MANDATE = (
    # paragraph, task, function, posture, powers
    ("8(a)", "Protect civilians under threat of violence", "protection", "reinforce", "protect"),
    ("8(b)", "Help to keep public order and to protect peaceful assembly", "public_order", "", ""),
    ("8(c)", "Investigate sexual and gender-based violence, protect children", "sgbv", "", ""),
    ("8(d)", "Investigate jointly with the host-State police", "investigation", "", "search_hold"),
    ("8(e)", "Help to investigate serious and organised crime", "serious_crime", "", "search_hold"),
    ("8(f)", "Guard key installations until the host-State police can", "static", "", ""),
    ("8(g)", "Help to secure the general election", "elections", "", ""),
    ("8(h)", "Support crossing points on the eastern and northern border", "border", "", ""),
    ("8(i)", "Support police cells that meet human-rights standards", "custody", "", ""),
    ("8(j)", "Patrol with communities", "community", "", ""),
    ("9", "Mentor, train and advise the host-State police", "development", "mentor", ""),
    ("10", "Protect the personnel and premises of the mission", "mission_self", "", ""),
)  # fmt: skip
DILIGENCE = (
    # recipient, support, risk, mitigation, monitor, stop rule, sign-off
    ("National Police", "mentoring", "medium", "vetting before every course",
     "human rights officer", "grave violation not investigated within a month", "head of mission"),
    ("Gendarmerie", "training", "high", "no equipment; joint patrols only",
     "human rights officer", "unlawful killing by a supported unit", "head of mission"),
)  # fmt: skip
CEILINGS = {"ceiling_formed": 1260, "ceiling_individual": 420}

PRESENT = (
    # pledge, unit type, number, where it stands, language, share of women
    ("P01", "FPU", 2, "capital", "fr", 0.12),
    ("P02", "FPU", 1, "frontier", "en", 0.09),
    ("P03", "FPU", 1, "herding", "fr", 0.16),
    ("P04", "IPO", 76, "capital", "fr", 0.31),
    ("P05", "IPO", 26, "frontier", "fr", 0.23),
    ("P06", "IPO", 30, "captured", "en", 0.27),
    ("P07", "IPO", 28, "herding", "fr", 0.25),
    ("P08", "SPT", 1, "capital", "fr", 0.63),
)
OFFERS = (
    # pledge, by, unit type, number, readiness, from, until, language, women, caveats, chance
    ("N01", "Contributor A", "FPU", 1, "RDL", 1, 0, "fr", 0.18, "", 0.92),
    ("N02", "Contributor B", "FPU", 2, "L3", 1, 0, "en", 0.12, "", 0.75),
    ("N03", "Contributor C", "FPU", 1, "L2", 1, 0, "fr", 0.15, "no_crowd_control", 0.60),
    ("N04", "Contributor D", "FPU", 2, "L1", 1, 0, "en", 0.08, "no_fighting_area", 0.40),
    ("N05", "Contributor E", "IPU", 1, "RDL", 1, 18, "fr", 0.14, "no_custody", 0.70),
    ("N06", "Contributor F", "IPO", 60, "L3", 1, 0, "fr", 0.34, "", 0.80),
    ("N07", "Contributor G", "IPO", 45, "L2", 3, 0, "en", 0.28, "no_fighting_area", 0.65),
    ("N08", "Contributor H", "SPT", 1, "L3", 1, 0, "fr", 0.60, "", 0.80),
    ("N09", "Contributor B", "SPT", 1, "L2", 4, 0, "en", 0.40, "no_fighting_area", 0.60),
    ("N10", "Contributor J", "SPC", 1, "L3", 1, 9, "fr", 0.40, "capital_only", 0.95),
)


@dataclass(frozen=True)
class Mission:
    """The tables about the mission, as in ``schema.csv``."""

    mandate: pd.DataFrame
    pledges: pd.DataFrame
    rules: pd.DataFrame
    programmes: pd.DataFrame
    hrddp: pd.DataFrame
    bases: pd.DataFrame
    personnel: pd.DataFrame


def mission(seed: int, people: People, origin: str, election: str) -> Mission:
    """Return the mission as a planner would find it at the origin."""
    pledges = _pledges(people, origin)
    strength = _strength(seed, pledges, origin)
    return Mission(
        _mandate(),
        pledges,
        _rules(people, election),
        _programmes(origin),
        _hrddp(),
        _bases(people, pledges, strength),
        strength,
    )


def _mandate() -> pd.DataFrame:
    columns = ["paragraph", "task", "function", "posture", "powers"]
    rows = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in MANDATE])
    rows.loc[0, list(CEILINGS)] = list(CEILINGS.values())
    rows.loc[0, list(_YES)] = list(_YES.values())
    return check_table("mandate", rows.assign(basis=BASIS))


def _hrddp() -> pd.DataFrame:
    """Return the due diligence records: one for each institution that is supported."""
    columns = ["recipient", "support", "risk", "mitigation", "monitor", "stop_rule", "sign_off"]
    rows = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in DILIGENCE])
    return check_table("hrddp", rows.assign(area="*", date=START, basis=BASIS))


def _pledges(people: People, origin: str) -> pd.DataFrame:
    where = people.provinces.drop_duplicates("role").set_index("role")["seat"].to_dict()
    where["capital"] = people.capital
    rows = [
        {
            "pledge": key, "contributor": "PRESENT", "unit_type": unit, "number": number,
            "readiness": "in_mission", "language": language, "women": women, "chance": 1.0,
            "area": where[role],
        }
        for key, unit, number, role, language, women in PRESENT
    ]  # fmt: skip
    for key, by, unit, number, readiness, first, last, *rest in OFFERS:
        language, women, caveats, chance = rest
        rows.append(
            {
                "pledge": key, "contributor": by, "unit_type": unit, "number": number,
                "readiness": readiness, "from": add_months(origin, first),
                "until": add_months(origin, last) if last else "", "language": language,
                "women": women, "caveats": caveats, "chance": chance,
            }
        )  # fmt: skip
    return check_table("pledges", pd.DataFrame(rows).fillna("").assign(basis=BASIS))


def _rules(people: People, election: str) -> pd.DataFrame:
    """Return budget, ceiling, floors, posts and the dated election, each with its reason."""
    rows: list[tuple[str, str, object, str, str, str, str]] = [
        ("budget_year", "", 52_000_000, "USD", "", "", "appropriation of the assembly"),
        ("ceiling_total", "", 1680, "officers", "", "", "resolution, paragraph 7"),
        ("minimum_presence", people.capital, 140, "officers", "", "", "headquarters and courts"),
        ("posts_static", people.capital, 46, "posts", "", "", "site list of the ministry"),
        *(
            ("posts_static", seat, 9, "posts", "", "", "governor, court, market bridge")
            for seat in sorted(set(people.provinces["seat"]) - {people.capital})
        ),
        *(
            ("posts_border", area, 6, "posts", "", "", "crossing open to lorries")
            for area in _crossings(people)
        ),
        ("sites_custody", people.capital, 14, "posts", "", "", "central cells"),
        ("function_on", "", "", "", "", "", "general election"),
        ("function_on", "", "", "", "", "", "border posts are in the mandate"),
        ("election", "", 160, "polling stations", election, election, "high-risk stations only"),
    ]
    columns = ["rule", "area", "value", "units", "from", "until", "reason"]
    frame = pd.DataFrame(rows, columns=columns)
    on = frame["rule"] == "function_on"
    frame.loc[on, "units"] = ["elections", "border"]
    return check_table("rules", frame.assign(basis=BASIS))


def _crossings(people: People) -> list[str]:
    """Return one area of each frontier province that can have a crossing: its most populous."""
    role = np.array(people.role)
    far = people.areas[role == "frontier"]
    top = far.sort_values("population", ascending=False).groupby("parent").head(2)
    return sorted(top["area"])


def _programmes(origin: str) -> pd.DataFrame:
    def of(start: int, end: int) -> dict[str, str]:
        return {"from": add_months(origin, start), "until": add_months(origin, end)}

    rows = [
        {"institution": POLICE, "area": "*", "type": "governance", "donor": "Donor A",
         **of(-11, 24), "cost": 6.4e6, "output": "payroll by bank account, complaints board",
         "verified_by": "independent auditor"},
        {"institution": POLICE, "area": "*", "type": "reform", "donor": "Donor B",
         **of(-5, 30), "cost": 11.0e6, "output": "academy: 320 graduates a year",
         "verified_by": "mission police"},
        {"institution": GENDARMERIE, "area": "*", "type": "reform", "donor": "Donor C",
         **of(1, 18), "cost": 4.2e6, "output": "vehicles and radios", "verified_by": ""},
        {"institution": GENDARMERIE, "area": "*", "type": "governance", "donor": "",
         **of(-2, 12), "cost": 0.9e6, "output": "vetting of commanders",
         "verified_by": "human-rights office"},
    ]  # fmt: skip
    return check_table("programmes", pd.DataFrame(rows))


def _strength(seed: int, pledges: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Return deployed police by month: a slow build-up to what the pledges of today make."""
    here = pledges[pledges["readiness"] == "in_mission"]
    types = catalogue.table("unit_types").set_index("unit_type")
    officers = here["number"].to_numpy() * types.loc[here["unit_type"], "strength"].to_numpy()
    formed_now = float(officers[(here["unit_type"] == "FPU").to_numpy()].sum())
    individual_now = float(officers.sum()) - formed_now
    months = _months(START, origin)
    rng = stream(seed, "exercise", "strength")
    age = np.arange(len(months))
    units = np.minimum(np.floor((age - 4) / 5.0), formed_now / 140.0).clip(0.0)
    fill = 1.0 - np.exp(-(age + 1) / 9.0)
    individual = np.round(individual_now * fill * (1.0 - 0.06 * rng.random(age.size)))
    individual[-1] = individual_now
    frame = pd.DataFrame({"month": months, "mission": MISSION, "formed": 140.0 * units})
    frame["individual"] = individual
    frame["police"] = frame["formed"] + frame["individual"]
    return check_table("personnel", frame)


def _months(first: str, last: str) -> list[str]:
    return [m for m in month_range(first, 600) if m <= last]


def _bases(people: People, pledges: pd.DataFrame, strength: pd.DataFrame) -> pd.DataFrame:
    """Return deployed police at each base in the last twelve months."""
    here = pledges[pledges["readiness"] == "in_mission"]
    types = catalogue.table("unit_types").set_index("unit_type")["strength"]
    officers = here["number"] * here["unit_type"].map(types)
    now = officers.groupby(here["area"]).sum()
    towns = people.towns.sort_values("population", ascending=False).drop_duplicates("area")
    towns = towns.set_index("area")
    last = strength.tail(12)
    share = (last["police"] / last["police"].iloc[-1]).to_numpy()
    rows = [
        {
            "base": town["name"],
            "mission": MISSION,
            "month": month,
            "lon": town["lon"],
            "lat": town["lat"],
            "police": round(float(now.loc[str(area)]) * part),
        }
        for area, town in towns[towns.index.isin(now.index)].to_dict("index").items()
        for month, part in zip(last["month"], share, strict=True)
    ]
    return check_table("bases", pd.DataFrame(rows))
