"""Verify a plan: each rule stated again in plain Python, from the plan and the inputs alone.

Nothing here knows the program that made the plan, or a solver; hand-made plans are verified the
same way. Import contract: "A plan is verified without the program".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from polgap import catalogue
from polgap.calibrate import _asked_for
from polgap.calibrate._case import Case, records
from polgap.domain import Inputs, Plan, Posture, Study

if TYPE_CHECKING:
    import xarray as xr

BLOCK = 3
"""Months in a block of a plan (contracts.md 12)."""
THREAT = {"fighting": 2, "ceasefire": 1}
"""Level of threat of a phase; none named is 0."""
TOLERANCE = 1e-6


def verify(
    plan: Plan,
    study: Study,
    inputs: Inputs,
    posture: Posture,
    phases: Mapping[str, str] | None = None,
    hours: xr.DataArray | None = None,
) -> list[str]:
    """Return every way in which a plan breaks a rule; an empty list is a plan that keeps them all.

    Parameters
    ----------
    plan : Plan
        Whole units by pledge, area and month.
    study : Study
        Its reported months are the only ones a plan may name.
    inputs : Inputs
        Pledges, mandate, rules, areas and towns.
    posture : Posture
        A plan places nobody where the host State refuses consent.
    phases : Mapping[str, str], optional
        Area -> phase, for the threat ceilings and the caveat ``no_fighting_area``.
    hours : DataArray, dims (area, serves), optional
        Travel time, for reach, the time to respond and the equity floor; without it these are
        not looked at.

    Returns
    -------
    list of str
        One plain sentence a violation, the rule first.
    """
    case = Case(plan, study, inputs, phases or {}, _travel(hours))
    checks: tuple[Callable[[Case], Iterator[str]], ...] = (
        _labels, _whole, _blocks, _numbers, _dates, _stays, _places, _threat, _ceilings, _budget,
        _presence, _tasking, *_asked_for.CHECKS,
    )  # fmt: skip
    found = [violation for check in checks for violation in check(case)]
    return found + list(_consent(case, posture))


def _travel(hours: xr.DataArray | None) -> dict[tuple[str, str], float] | None:
    if hours is None:
        return None
    values = hours.transpose("area", "serves").values
    bases, served = hours["area"].values.tolist(), hours["serves"].values.tolist()
    return {
        (str(a), str(b)): float(values[i, j])
        for i, a in enumerate(bases)
        for j, b in enumerate(served)
    }


def _labels(case: Case) -> Iterator[str]:
    seen = set()
    for r in case.rows:
        if r["pledge"] not in case.pledges:
            yield f"no pledge, no deployment: {r['pledge']!r} is not offered"
        elif r["unit_type"] != case.pledges[r["pledge"]]["unit_type"]:
            yield f"unit type: {r['pledge']} offers no {r['unit_type']}"
        if r["area"] not in case.areas:
            yield f"area: {r['area']!r} is not in the theatre"
        if r["month"] not in case.months:
            yield f"month: {r['month']} is not planned for"
        key = (r["pledge"], r["area"], r["month"])
        if key in seen:
            yield f"twice: {r['pledge']} in {r['area']}, {r['month']}"
        seen.add(key)


def _whole(case: Case) -> Iterator[str]:
    for r in case.rows:
        number = float(r["number"])
        if number < 0 or number != int(number):
            yield f"whole units: {number:g} of {r['pledge']} in {r['area']}, {r['month']}"


def _held(case: Case) -> dict[tuple[str, str], list[float]]:
    """Return units by (pledge, area) in every month of the plan."""
    held: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * len(case.months))
    for r in case.known:
        held[r["pledge"], r["area"]][case.months.index(r["month"])] += float(r["number"])
    return held


def _blocks(case: Case) -> Iterator[str]:
    for (pledge, area), series in _held(case).items():
        for start in range(0, len(series), BLOCK):
            if len(set(series[start : start + BLOCK])) > 1:
                yield f"block: {pledge} in {area} changes inside the block of {case.months[start]}"


def _numbers(case: Case) -> Iterator[str]:
    used: dict[tuple[str, str], float] = defaultdict(float)
    for r in case.known:
        used[r["pledge"], r["month"]] += float(r["number"])
    for (pledge, month), number in used.items():
        offered = float(case.pledges[pledge]["number"])
        if number > offered + TOLERANCE:
            yield f"number: {number:g} of {pledge} in {month}, {offered:g} offered"


def _dates(case: Case) -> Iterator[str]:
    for r in case.known:
        pledge = case.pledges[r["pledge"]]
        first, last = str(pledge["from"] or ""), str(pledge["until"] or "")
        if r["number"] > 0 and (r["month"] < first or (last and r["month"] > last)):
            yield f"dates: {r['pledge']} in {r['month']}, on offer {first or 'now'} to {last}"


def _stays(case: Case) -> Iterator[str]:
    """Refuse that a unit leaves before its offer ends, or moves against the rules.

    Only a present unit moves: from where it stood, once, at a block border, for two blocks.
    """
    held = _held(case)
    for pledge in case.pledges:
        home, span = case.home(pledge), _span(case, pledge)
        here = {area: [s[t] for t in span] for (name, area), s in held.items() if name == pledge}
        total = [sum(column) for column in zip(*here.values(), strict=True)]
        for t in range(1, len(total)):
            month = case.months[span[t]]
            if total[t] < total[t - 1]:
                yield f"stay: units of {pledge} leave in {month}"
            for area, series in here.items():
                if series[t] < series[t - 1] and area != home:
                    yield f"stay: {pledge} leaves {area} in {month}"
                if home and area != home and series[t] > series[t - 1] and len(span) - t <= BLOCK:
                    yield f"stay: {pledge} moves to {area} in {month} for less than two blocks"
        for area, series in here.items():
            if home and area != home and sum(series[:1]) > 0:
                yield f"stay: {pledge} stands in {home}, not yet in {area}"


def _span(case: Case, pledge: str) -> list[int]:
    """Return the months, by position, of the blocks that lie whole within an offer."""
    first = str(case.pledges[pledge]["from"] or "")
    last = str(case.pledges[pledge]["until"] or "")
    offered = [first <= m and (not last or m <= last) for m in case.months]
    starts = range(0, len(offered), BLOCK)
    whole = [start for start in starts if all(offered[start : start + BLOCK])]
    return [t for start in whole for t in range(start, min(start + BLOCK, len(offered)))]


def _places(case: Case) -> Iterator[str]:
    for r in case.known:
        if r["number"] <= 0 or case.at_home(r):
            continue
        pledge, area = case.pledges[r["pledge"]], r["area"]
        words = case.caveats(r["pledge"])
        only = {w.removeprefix("only:") for w in words if w.startswith("only:")}
        broken = [
            ("capital_only", "capital_only" in words and area != case.capital),
            ("no_fighting_area",
             "no_fighting_area" in words and case.phases.get(area) == "fighting"),
            ("only", bool(only) and area not in only),
            ("not", f"not:{area}" in words),
            ("no_move", "no_move" in words and pledge["readiness"] == "in_mission"),
            ("unknown", bool(_unknown(words, case.words))),
            ("area", bool(pledge["area"]) and pledge["readiness"] != "in_mission"
             and area != pledge["area"]),
        ]  # fmt: skip
        for caveat, is_broken in broken:
            if is_broken:
                yield f"caveat: {r['pledge']} ({caveat}) in {area}, {r['month']}"


def _unknown(words: list[str], known: set[str]) -> list[str]:
    """Return caveats that nobody understands; such a pledge may not be placed."""
    return [
        w for w in words
        if w.casefold() != "none" and w not in known - {"only:", "not:", "as:"}
        and not (w.startswith(("only:", "not:")) and w.partition(":")[2])
        and not (w.startswith("as:") and catalogue.barred(w) is not None)
    ]  # fmt: skip


def _threat(case: Case) -> Iterator[str]:
    for r in case.known:
        level = THREAT.get(case.phases.get(r["area"], ""), 0)
        kind = case.types[r["unit_type"]]
        lone = not case.formed(r) and r["area"] == case.capital
        placed = r["number"] > 0 and not case.at_home(r)
        if placed and int(kind["threat_ceiling"]) < level and not lone:
            yield f"threat: {r['unit_type']} of {r['pledge']} in {r['area']}, {r['month']}"


def _ceilings(case: Case) -> Iterator[str]:
    groups: list[tuple[str, float, list[str], list[str], bool | None]] = []
    for column, is_formed in (("ceiling_formed", True), ("ceiling_individual", False)):
        stated = [float(v) for v in case.inputs.mandate[column] if v == v]
        if stated:
            groups.append((column, min(stated), case.areas, case.months, is_formed))
    for rule, inside, label in case.rules("ceiling_total"):
        groups.append((label, float(rule["value"]), inside, case.covered(rule), None))
    for label, most, inside, months, formed in groups:
        used: dict[str, float] = defaultdict(float)
        for r in case.known:
            counts = formed is None or case.formed(r) == formed
            if counts and r["area"] in inside and r["month"] in months:
                used[r["month"]] += case.officers(r)
        for month, officers in used.items():
            if officers > most + TOLERANCE:
                yield f"{label}: {officers:g} officers in {month}, at most {most:g}"


def _opened(case: Case) -> dict[str, tuple[str, float]]:
    """Return the first month of each base that the plan opens, and what that costs, USD."""
    costs: dict[str, float] = {}
    for rule, inside, _ in sorted(case.rules("base_opening_cost"), key=lambda r: len(r[1]) == 1):
        if case.covered(rule):
            million = "million" in str(rule["units"]).casefold()
            usd = float(rule["value"]) * (1e6 if million else 1.0)
            alone = len(inside) == 1
            costs |= {a: usd if alone else max(usd, costs.get(a, 0.0)) for a in inside}
    stood = {case.home(pledge) for pledge in case.pledges}
    found: dict[str, tuple[str, float]] = {}
    for r in case.known:
        area = r["area"]
        if r["number"] > 0 and area in costs and area not in stood:
            found[area] = (min(r["month"], found.get(area, (r["month"], 0.0))[0]), costs[area])
    return found


def _budget(case: Case) -> Iterator[str]:
    opened = _opened(case)
    for rule, inside, label in case.rules("budget_year"):
        million = "million" in str(rule["units"]).casefold()
        most = float(rule["value"]) * (1e6 if million else 1.0)
        for start in range(0, len(case.months), 12):
            year = [m for m in case.months[start : start + 12] if m in case.covered(rule)]
            spent = sum(
                float(r["number"]) * float(case.types[r["unit_type"]]["cost_year_mid"]) / 12.0
                for r in case.known
                if r["month"] in year and r["area"] in inside
            )
            spent += sum(cost for area, (month, cost) in opened.items()
                         if month in year and area in inside)  # fmt: skip
            allowed = most * len(year) / 12.0
            if spent > allowed * (1.0 + TOLERANCE):
                yield f"{label}: {spent:.0f} USD from {case.months[start]}, at most {allowed:.0f}"


def _presence(case: Case) -> Iterator[str]:
    for rule, inside, label in case.rules("minimum_presence"):
        for month in case.covered(rule):
            here = [r for r in case.known if r["month"] == month and r["area"] in inside]
            officers = sum(case.officers(r) for r in here)
            if officers < float(rule["value"]) - TOLERANCE:
                yield f"{label}: {officers:g} officers in {month}, at least {rule['value']:g}"


def _tasking(case: Case) -> Iterator[str]:
    shares: dict[tuple[str, str], float] = defaultdict(float)
    for r in records(case.plan.tasking):
        share = float(r["share"])
        shares[r["unit_type"], r["area"]] += share
        if share < -TOLERANCE:
            yield f"tasking: share {share:g} of {r['unit_type']} in {r['area']}"
    for (unit_type, area), share in shares.items():
        if share > 1.0 + 1e-4:
            yield f"tasking: {unit_type} in {area} gives {share:.4g} of itself"


def _consent(case: Case, posture: Posture) -> Iterator[str]:
    parent = {str(r["area"]): str(r.get("parent") or "") for r in records(case.inputs.areas)}
    closed: set[str] = set()
    for row in records(case.inputs.mandate):
        if str(row["host_consent"]).strip().casefold() == "no":
            where = str(row["area"] or "*")
            closed |= {a for a in case.areas if where in ("*", a, parent[a])}
    placed = [r for r in case.known if r["number"] > 0 and r["area"] in closed]
    moved = sum(1 for r in placed if not case.at_home(r))
    if moved:
        yield f"consent: the host State refuses it and {moved} placements are planned"
    for area in sorted(a for a in closed if posture.rung.get(a) != "monitor"):
        yield f"consent: the host State refuses it and {area} has posture {posture.rung[area]}"
