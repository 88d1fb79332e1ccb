"""What the rules ask for beyond ceilings and dates, restated for `verify` in plain Python.

Women, support, rotation, bases, self-sustainment, length of stay, time to respond, equity floor,
reach, and task caveats. Nothing here knows the program.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from polgap import catalogue
from polgap.calibrate._case import Case, Row
from polgap.domain import month_number

TOLERANCE = 1e-6


def _women(case: Case) -> Iterator[str]:
    for rule, inside, label in case.rules("women_share"):
        for month in case.covered(rule):
            here = [r for r in case.known if r["month"] == month and r["area"] in inside]
            officers = sum(case.officers(r) for r in here)
            women = sum(case.officers(r) * case.women(r["pledge"]) for r in here)
            if women < float(rule["value"]) * officers - TOLERANCE * max(1.0, officers):
                yield f"{label}: {women:g} of {officers:g} officers in {month} are women"
    for rule, inside, label in case.rules("women_minimum"):
        for month in case.covered(rule):
            women = sum(
                case.officers(r) * case.women(r["pledge"])
                for r in case.known
                if r["month"] == month and r["area"] in inside
            )
            if women < float(rule["value"]) - TOLERANCE:
                yield f"{label}: {women:g} women in {month}, at least {rule['value']:g}"


def _support(case: Case) -> Iterator[str]:
    for rule, inside, label in case.rules("support_share"):
        for month in case.covered(rule):
            here = [r for r in case.known if r["month"] == month and r["area"] in inside]
            officers = sum(case.officers(r) for r in here)
            gives = sum(
                case.officers(r)
                for r in here
                if float(case.types[r["unit_type"]]["skill_command_admin"]) > 0
            )
            if gives < float(rule["value"]) * officers - TOLERANCE * max(1.0, officers):
                yield f"{label}: {gives:g} of {officers:g} officers in {month} are in support units"


def _tour(case: Case) -> float:
    """Return the months after which a formed unit rotates."""
    tours = [float(rule["value"]) for rule, _, _ in case.rules("rotation_months")]
    if tours:
        return min(tours)
    given = case.inputs.overrides.get("fpu_rotation_months")
    return float(given[1] if given else catalogue.parameters()["fpu_rotation_months"].mid)


def _rotation(case: Case) -> Iterator[str]:
    """Refuse more formed units than can be rotated, each once in a tour."""
    for rule, _, label in case.rules("rotation_lift"):
        tour = _tour(case)
        for month in case.covered(rule):
            units = sum(
                float(r["number"]) for r in case.known if r["month"] == month and case.formed(r)
            )
            if units > float(rule["value"]) * tour + TOLERANCE:
                yield (
                    f"{label}: {units:g} formed units in {month}, at most "
                    f"{float(rule['value']) * tour:g} can be rotated"
                )


def _base_size(case: Case) -> Iterator[str]:
    for rule, inside, _ in case.rules("base_size"):
        for area in inside:
            for month in case.covered(rule):
                officers = sum(
                    case.officers(r)
                    for r in case.known
                    if r["month"] == month and r["area"] == area
                )
                if officers > float(rule["value"]) + TOLERANCE:
                    yield (
                        f"base_size {area}: {officers:g} officers in {month}, "
                        f"at most {rule['value']:g}"
                    )


def _self_sustainment(case: Case) -> Iterator[str]:
    for rule, inside, label in case.rules("self_sustainment"):
        if not case.covered(rule):
            continue
        for r in _sent(case):
            days = float(case.types[r["unit_type"]]["self_sustainment_days"])
            if r["area"] in inside and days < float(rule["value"]):
                yield (
                    f"{label}: {r['pledge']} in {r['area']}, {r['month']}, sustains itself for "
                    f"{days:g} days, at least {rule['value']:g}"
                )


def _minimum_stay(case: Case) -> Iterator[str]:
    asked = [float(r["value"]) for r, _, _ in case.rules("minimum_stay") if case.covered(r)]
    if not asked:
        return
    begun: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
    for r in sorted(_sent(case), key=lambda r: str(r["month"])):
        if not case.home(r["pledge"]):
            begun[r["pledge"], r["area"]].append((str(r["month"]), float(r["number"])))
    for (pledge, area), series in begun.items():
        until, before = str(case.pledges[pledge]["until"] or ""), 0.0
        for month, number in series:
            lasts = month_number(until) - month_number(month) + 1 if until else max(asked)
            if number > before and lasts < max(asked):
                yield (
                    f"minimum_stay: {pledge} comes to {area} in {month} for {lasts:g} months, "
                    f"at least {max(asked):g}"
                )
            before = number


def _response(case: Case) -> Iterator[str]:
    if case.hours is None:
        return
    for rule, inside, _ in case.rules("response_time"):
        for area in inside:
            near = {a for a in case.areas if case.hours[a, area] <= float(rule["value"]) + 1e-9}
            for month in case.covered(rule):
                there = any(
                    r["number"] > 0 and r["month"] == month and r["area"] in near and case.formed(r)
                    for r in case.known
                )
                if not there:
                    yield (
                        f"response_time {area}: no formed unit within {rule['value']:g} hours "
                        f"in {month}"
                    )


def _equity(case: Case) -> Iterator[str]:
    if case.hours is None:
        return
    areas = case.inputs.areas
    people = dict(zip(areas["area"].astype(str), areas["population"].astype(float), strict=True))
    everyone = sum(people.values())
    for rule, inside, _ in case.rules("equity_floor"):
        for area in inside:
            even = case.at_the_start * people[area] / everyone
            for month in case.covered(rule):
                here = sum(
                    case.officers(r)
                    for r in case.known
                    if r["month"] == month and _reaches(case, r["unit_type"], r["area"], area)
                )
                if here < float(rule["value"]) * even - TOLERANCE:
                    yield (
                        f"equity_floor {area}: {here:g} officers within reach in {month}, "
                        f"at least {float(rule['value']) * even:g}"
                    )


def _reach(case: Case) -> Iterator[str]:
    if case.hours is None or not len(case.plan.tasking):
        return
    for r in case.plan.tasking.to_dict("records"):
        unit_type = str(r["unit_type"])
        known = unit_type in case.types and {r["area"], r["serves"]} <= set(case.areas)
        if known and r["share"] > TOLERANCE and not _reaches(
            case, unit_type, r["area"], r["serves"]
        ):  # fmt: skip
            hours = case.hours[r["area"], r["serves"]]
            yield f"reach: {unit_type} based in {r['area']} serves {r['serves']} at {hours:g} hours"


def _reaches(case: Case, unit_type: str, base: str, area: str) -> bool:
    assert case.hours is not None
    limit = float(case.types[unit_type]["reach_hours"])
    return case.hours[base, area] <= limit + 1e-9


def _sent(case: Case) -> list[Row]:
    """Return units in place that are not where they stood before the plan."""
    return [r for r in case.known if r["number"] > 0 and not case.at_home(r)]


CHECKS: tuple[Callable[[Case], Iterator[str]], ...] = (
    _women, _support, _rotation, _base_size, _self_sustainment, _minimum_stay, _response, _equity,
    _reach,
)  # fmt: skip
