"""Force: pledges as arrays - what each brings, where it may stand, and in which blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.calibrate._posture import about
from polgap.calibrate._terms import Terms, terms
from polgap.domain import (
    Generation,
    Inputs,
    Note,
    Rotation,
    Study,
    month_number,
    opening_costs,
    rotation,
)
from polgap.draws import Parameters
from polgap.errors import LabelError, Problem, SchemaError

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]
Row = Mapping[str, Any]

BLOCK_MONTHS = 3
PRESENT = "in_mission"
LEVELS = {"fighting": 2, "ceasefire": 1}
"""Threat level of a phase; the others are 0. A unit's threat ceiling must reach it."""
COMING = 0.5
"""Planned presence starts in the first block in which the pledge is rather there than not."""
_NOBODY = "none"


@dataclass(frozen=True)
class Kind:
    """Units that are alike for tasking: a unit type, less what a caveat forbids."""

    unit_type: str
    forbids: frozenset[str]


@dataclass(frozen=True)
class Force:
    """Pledges as arrays; P pledges in the order of the table, A areas, Q blocks, J kinds.

    Parameters
    ----------
    number : (P,) whole units offered
    strength : (P,) officers on strength of one unit
    cost : (P,) USD a month of one unit, middle price
    effect : (P, Q) expected effective officers of one unit in place: officers that can be given
        tasks, times the chance that the pledge has arrived
    allowed : (P, A) where a caveat, the threat and the offer let it be based
    home : (P,) area where a unit stands already, which is a fact, not a placement; -1 for those
        still to come
    movable : (P,) may be moved from home
    first, last : (P,) blocks in which it can be in place are first .. last - 1
    latest : (P,) last block in which it may come, so that it stays as long as the rules ask
    women : (P,) share of women; 0 where it is not stated
    opening : (A,) USD that opening a base costs, 0 where a unit stands already
    tour : months after which a formed unit rotates; 0 where no rule asks
    """

    pledge: tuple[str, ...]
    unit_type: tuple[str, ...]
    kinds: tuple[Kind, ...]
    kind: IntArray
    number: IntArray
    strength: Array
    cost: Array
    lumpy: BoolArray
    formed: BoolArray
    gendarmerie: BoolArray
    effect: Array
    allowed: BoolArray
    home: IntArray
    movable: BoolArray
    first: IntArray
    last: IntArray
    latest: IntArray
    women: Array
    opening: Array
    tour: float

    @property
    def present(self) -> BoolArray:
        """Which pledges stand in the mission already, shape (P,)."""
        return np.asarray(self.home >= 0)


def months_of_blocks(months: int) -> IntArray:
    """Return the months in each block of three; the last may be shorter.

    Examples
    --------
    >>> months_of_blocks(7).tolist()
    [3, 3, 1]
    """
    starts = np.arange(0, months, BLOCK_MONTHS)
    return np.minimum(BLOCK_MONTHS, months - starts)


def refused(mandate: pd.DataFrame, areas: pd.DataFrame) -> frozenset[str]:
    """Return the areas for which the host State refuses its consent: nobody new is sent there."""
    found: set[str] = set()
    for rows, names in about(mandate, areas):
        if (rows["host_consent"].astype(str).str.casefold() == "no").any():
            found |= set(names)
    return frozenset(found)


def capital_of(study: Study, areas: Sequence[str], towns: pd.DataFrame) -> str:
    """Return the area of the capital: as the study says, else that of the largest town."""
    if study.capital in areas:
        return study.capital
    known = towns[towns["area"].isin(areas)]
    if not len(known):
        return areas[0] if areas else ""
    return str(known.sort_values("population", ascending=False, kind="stable")["area"].iloc[0])


def muster(
    study: Study,
    inputs: Inputs,
    phases: Mapping[str, str],
    generation: Generation,
    theta: Parameters,
) -> tuple[Force, tuple[Note, ...]]:
    """Return the pledges as arrays, and what has to be said about them."""
    types = _types()
    _check(inputs, types, generation)
    areas = inputs.areas["area"].astype(str).tolist()
    closed = refused(inputs.mandate, inputs.areas)

    def tour() -> float:
        return float(theta.mid("fpu_rotation_months"))

    ground = _Ground(
        areas, capital_of(study, areas, inputs.towns), phases, closed, terms(study, inputs),
        rotation(inputs.rules, study.report_months, theta.draws, tour,
                 lambda: theta["rotation_loss_share"]),
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    notes: list[Note] = []
    for raw in inputs.pledges.to_dict("records"):
        pledge = {str(k): v for k, v in raw.items()}
        unit = types[str(pledge["unit_type"])]
        arrival = np.asarray(generation.arrival.sel(pledge=pledge["pledge"]).values, dtype=float)
        row, said = _muster_one(study, ground, pledge, unit, arrival, theta)
        rows.append(row)
        notes += said
    never = [r["pledge"] for r in rows if r["last"] <= r["first"] and r["number"]]
    if never:
        notes.append(Note("calibrate.too_late", {"pledges": ", ".join(never)}))
    opening = _opening(study, inputs, areas, [row["home"] for row in rows])
    blocks = len(months_of_blocks(study.months))
    every = _tour(inputs.rules, tour)
    return replace(_stack(rows, len(areas), blocks, opening), tour=every), tuple(notes)


def _tour(rules: pd.DataFrame, usual: Callable[[], float]) -> float:
    """Return the shortest tour of formed units where lift for rotation is limited, else 0."""
    if not (rules["rule"] == "rotation_lift").any():
        return 0.0
    tours = rules.loc[rules["rule"] == "rotation_months", "value"].astype(float)
    return float(tours.min()) if len(tours) else usual()


def _opening(study: Study, inputs: Inputs, areas: Sequence[str], homes: Sequence[int]) -> Array:
    """Return USD that opening a base costs by area; nothing where a unit stands already."""
    costs = opening_costs(inputs.rules, areas, study.report_months)
    found = np.array([costs.get(area, 0.0) for area in areas])
    found[[home for home in homes if home >= 0]] = 0.0
    return found


def _types() -> dict[str, dict[str, Any]]:
    rows = catalogue.table("unit_types").to_dict("records")
    return {str(row["unit_type"]): {str(k): v for k, v in row.items()} for row in rows}


def _check(inputs: Inputs, types: Mapping[str, Row], generation: Generation) -> None:
    """Refuse pledges of an unknown unit type, and those without an arrival."""
    problems = [
        Problem(str(name), f"one of {', '.join(types)}", "unknown_label", "pledges", None, i + 2,
                "unit_type")
        for i, name in enumerate(inputs.pledges["unit_type"])
        if name not in types
    ]  # fmt: skip
    if problems:
        raise SchemaError(problems)
    known = set(generation.arrival["pledge"].values.tolist())
    missing = [name for name in inputs.pledges["pledge"] if name not in known]
    if missing:
        raise LabelError([Problem(f"no arrival of {missing[:5]}", "one for each", "labels_differ")])


@dataclass(frozen=True)
class _Ground:
    """Where units may stand: area keys, the capital, phases, and where consent is refused."""

    areas: Sequence[str]
    capital: str
    phases: Mapping[str, str]
    refused: frozenset[str]
    terms: Terms
    rotation: Rotation | None

    def level(self) -> IntArray:
        """Return the threat level of each area, shape (A,)."""
        return np.array([LEVELS.get(self.phases.get(a, ""), 0) for a in self.areas], dtype=int)

    def are(self, names: Sequence[str]) -> BoolArray:
        """Return which areas bear one of `names`, shape (A,)."""
        return np.array([a in names for a in self.areas], dtype=bool)


def _muster_one(
    study: Study, ground: _Ground, pledge: Row, unit: Row, arrival: Array, theta: Parameters
) -> tuple[dict[str, Any], list[Note]]:
    name, notes = str(pledge["pledge"]), []
    caveats = read_caveats(str(pledge["caveats"]))
    if caveats.unknown:
        values = {"pledge": name, "caveats": ", ".join(caveats.unknown)}
        notes.append(Note("calibrate.unknown_caveat", values))
    individual = int(unit["subunits"]) == 0
    bearable = ground.level() <= int(unit["threat_ceiling"])
    if individual:
        bearable |= ground.are([ground.capital])
    place = _placeable(ground, caveats) & bearable
    place &= ground.terms.carry <= float(unit["self_sustainment_days"])
    home = -1
    if pledge["readiness"] == PRESENT:
        home = _home(ground, str(pledge["area"]))
        if str(pledge["area"]) not in ground.areas:
            notes.append(Note("calibrate.no_place", {"pledge": name, "area": ground.capital}))
    elif str(pledge["area"]):
        place &= ground.are([str(pledge["area"])])
    if home >= 0 and not place[home]:
        values = {"pledge": name, "area": ground.areas[home]}
        notes.append(Note("calibrate.stands_against", values))
    if home < 0 and not place.any():
        notes.append(Note("calibrate.no_area", {"pledge": name}))
    first, last = _blocks(study, pledge)
    there = _chance(study, arrival)
    if home < 0:
        coming = there >= COMING * max(float(np.isfinite(arrival).mean()), 1e-12)
        first = max(first, int(np.argmax(coming)) if coming.any() else len(there))
    latest = min(last - 1, ground.terms.latest(study, months_of_blocks(study.months), pledge))
    if home < 0 and latest < first < last:
        notes.append(Note("calibrate.stays_too_short", {"pledge": name}))
        last = first
    usable = home >= 0 or (not caveats.unknown and bool(place.any()))
    return {
        "pledge": name,
        "unit_type": str(unit["unit_type"]),
        "kind": Kind(str(unit["unit_type"]), caveats.forbids),
        "number": int(np.floor(float(pledge["number"]) + 1e-9)) if usable else 0,
        "strength": float(unit["strength"]),
        "cost": float(unit["cost_year_mid"]) / 12.0,
        "lumpy": bool(int(unit["whole"])),
        "formed": not individual,
        "gendarmerie": unit["force_status"] == "gendarmerie",
        "effect": _tasked(study, ground, pledge, unit, arrival)
        * _effective(study, unit, pledge, theta),
        "allowed": place & (not caveats.unknown),
        "home": home,
        "movable": caveats.may_move and not caveats.unknown,
        "first": first,
        "last": max(first, last),
        "latest": latest,
        "women": float(np.nan_to_num(float(pledge["women"]))),
    }, notes


@dataclass(frozen=True)
class Caveats:
    """What the caveats of one pledge forbid."""

    capital_only: bool
    calm_only: bool
    only: tuple[str, ...]
    never: tuple[str, ...]
    forbids: frozenset[str]
    may_move: bool
    unknown: tuple[str, ...]


def read_caveats(text: str) -> Caveats:
    """Return what the words of a caveats cell forbid (``catalogue/caveats.csv``).

    Examples
    --------
    >>> found = read_caveats("no_crowd_control not:border_area whatever")
    >>> sorted(found.forbids), found.never, found.unknown
    (['public_order'], ('border_area',), ('whatever',))
    """
    table = catalogue.table("caveats").set_index("caveat").to_dict("index")
    place: dict[str, list[str]] = {"capital": [], "calm": [], "only": [], "not": []}
    forbids: set[str] = set()
    may_move, unknown = True, []
    for word in [] if text.casefold() == _NOBODY else text.split():
        bars = catalogue.barred(word)
        if bars is None:
            unknown.append(word)
            continue
        head, mark, key = word.partition(":")
        row = table[head + mark]
        if row["place"]:
            place[str(row["place"])].append(key)
        forbids |= bars
        may_move &= bool(int(row["may_move"]))
    return Caveats(
        bool(place["capital"]), bool(place["calm"]), tuple(place["only"]), tuple(place["not"]),
        frozenset(forbids), may_move, tuple(unknown),
    )  # fmt: skip


def _placeable(ground: _Ground, caveats: Caveats) -> BoolArray:
    place = np.ones(len(ground.areas), dtype=bool)
    if caveats.capital_only:
        place &= ground.are([ground.capital])
    if caveats.calm_only:
        place &= ground.level() < LEVELS["fighting"]
    if caveats.only:
        place &= ground.are(caveats.only)
    return place & ~ground.are(caveats.never) & ~ground.are(tuple(ground.refused))


def _home(ground: _Ground, area: str) -> int:
    return ground.areas.index(area if area in ground.areas else ground.capital)


def _blocks(study: Study, pledge: Row) -> tuple[int, int]:
    """Return the first block, and the one past the last, that lie whole within the offer."""
    start = month_number(study.first_month)
    sizes = months_of_blocks(study.months)
    begin = start + np.concatenate([[0], np.cumsum(sizes)[:-1]])
    inside = np.ones(len(sizes), dtype=bool)
    if pledge["from"]:
        inside &= begin >= month_number(str(pledge["from"]))
    if pledge["until"]:
        inside &= begin + sizes - 1 <= month_number(str(pledge["until"]))
    if not inside.any():
        return 0, 0
    return int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))


def _tasked(study: Study, ground: _Ground, pledge: Row, unit: Row, arrival: Array) -> Array:
    """Return the chance that a unit can be tasked: it is in effect and does not rotate, (Q,)."""
    if ground.rotation is None or not int(unit["subunits"]):
        return _chance(study, arrival)
    present = pledge["readiness"] == PRESENT
    away = ground.rotation.share(arrival, study.months, present=present)
    return _chance(study, arrival, 1.0 - away)


def _chance(study: Study, arrival: Array, share: Array | float = 1.0) -> Array:
    """Return the chance that a pledge is in effect, mean over the months of each block, (Q,)."""
    month = np.arange(1, study.months + 1)
    there = ((arrival[None, :] <= month[:, None]) * share).mean(axis=1)
    sizes = months_of_blocks(study.months)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    return np.asarray(np.add.reduceat(there, starts) / sizes)


def _effective(study: Study, unit: Row, pledge: Row, theta: Parameters) -> float:
    """Return officers of one unit that can be given tasks, mean over draws (gap-model.md 2)."""
    strength, subunits = float(unit["strength"]), int(unit["subunits"])
    if subunits:
        each = np.minimum(theta["subunit_strength"], strength / subunits)
        return float(np.mean((subunits - int(unit["tied_subunits"])) * each))
    if unit["instrument"] != "IPO":
        return strength
    officers = strength * (1.0 - theta["ipo_induction_months"] / theta["ipo_tour_months"])
    theirs = set(str(pledge["language"]).casefold().split())
    ours = set(study.language.casefold().split())
    if theirs and ours and not theirs & ours:
        officers = officers * theta["language_mismatch_share"]
    return float(np.mean(officers))


def _stack(rows: list[dict[str, Any]], areas: int, blocks: int, opening: Array) -> Force:
    kinds = tuple(dict.fromkeys(row["kind"] for row in rows))

    def column(name: str, dtype: type, *shape: int) -> NDArray[Any]:
        return np.array([row[name] for row in rows], dtype=dtype).reshape(len(rows), *shape)

    return Force(
        pledge=tuple(row["pledge"] for row in rows),
        unit_type=tuple(row["unit_type"] for row in rows),
        kinds=kinds,
        kind=np.array([kinds.index(row["kind"]) for row in rows], dtype=int),
        number=column("number", int),
        strength=column("strength", float),
        cost=column("cost", float),
        lumpy=column("lumpy", bool),
        formed=column("formed", bool),
        gendarmerie=column("gendarmerie", bool),
        effect=column("effect", float, blocks),
        allowed=column("allowed", bool, areas),
        home=column("home", int),
        movable=column("movable", bool),
        first=column("first", int),
        last=column("last", int),
        latest=column("latest", int),
        women=column("women", float),
        opening=opening,
        tour=0.0,
    )
