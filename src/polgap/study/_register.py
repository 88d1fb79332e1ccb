"""The assumptions register: every value that entered a run and that nobody measured for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from polgap import assess, catalogue
from polgap.assess import IDLE, SHORT
from polgap.domain import Inputs, Study, schema
from polgap.study._blocks import Block, Steps, mean_officers, records

COLUMNS = (
    "name", "kind", "item", "low", "mid", "high", "units", "basis", "mark", "source", "owner_role",
    "date", "enters", "varies", "changes", "share_need", "share_national_shortfall",
    "share_mission_requirement", "share_left_open", "change_low", "change_high",
)  # fmt: skip
"""Columns of the register; shares are of the variance of a headline, changes are officers of the
mission requirement with the value at its low or high point."""

ASSUMED = ("assumed", "recalled")
PLANNER = "police_planner"

_OWNERS = {
    "areas": "statistics_office",
    "host_police": "host_personnel",
    "willingness": "human_rights",
    "other_providers": "mission_planning",
    "mandate": "mission_leadership",
    "pledges": "force_generation",
    "rules": "mission_leadership",
    "programmes": "capacity_building",
    "crime": "investigations",
    "protests": "mission_operations",
    "hrddp": "human_rights",
}
_ENTERS = {
    "areas": "assess",
    "host_police": "assess, rebuild",
    "willingness": "assess, rebuild",
    "other_providers": "assess",
    "mandate": "assess, calibrate",
    "pledges": "calibrate, deploy",
    "rules": "assess, calibrate",
    "programmes": "rebuild",
    "crime": "assess",
    "protests": "assess",
    "hrddp": "calibrate, rebuild",
    "unit_types": "calibrate, deploy",
    "postures": "assess",
    "functions": "assess",
    "willing": "assess",
    "generation": "deploy",
    "resources": "deploy",
    "bridging": "deploy",
    "shocks": "simulate",
    "effects": "simulate",
}
"""Steps that read a table; those of a parameter are noted as it is read."""

_BEFORE = {
    "evidence.willing_prior": ("willing_prior_least_width", "assess, rebuild"),
    "sources.population_spread": ("urban_share", "assess"),
    "sources.placed": ("snap_km", "forecast, assess"),
    "sources.placed_by_towns": ("present_hq_share", "calibrate, deploy"),
    "sources.formed_share_assumed": ("formed_share_unknown", "calibrate, deploy"),
    "notional_pledges": ("notional_pledge_stretch", "calibrate, deploy"),
}
"""Note of the inputs -> parameter whose middle value made them, and the steps that read them."""

_PLACES = ("lon", "lat", "km2")
_ENDS = ("low", "mid", "high")
_PEOPLE_FACTOR = 3.0
"""Width of an assumed area figure (contracts.md 5)."""


def register(
    study: Study, inputs: Inputs, s: Steps, first: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the assumptions register of a run, made from what the run read.

    Every parameter that a step asked for or that made the inputs, every row of an input table that
    is assumed or recalled, and every recalled row of the catalogue that the run's units, postures,
    functions and shocks lead to.

    Parameters
    ----------
    study, inputs, s
        What was asked, from what, and what the steps gave.
    first : mapping of headline -> pd.DataFrame
        First-order indices by parameter (`polgap.study._sensitivity.first_order`).

    Returns
    -------
    pd.DataFrame
        As `COLUMNS`. `changes` names the headline that a value moves most; shares are first-order
        Sobol indices, missing where the value did not vary by itself.
    """
    parts = [
        *_parameters(s, first),
        *_aside(s),
        *_before(inputs, s),
        *_tables(study, inputs),
        *_catalogue(inputs, s),
        _ratio(),
    ]
    return pd.DataFrame(parts, columns=list(COLUMNS))


def register_block(table: pd.DataFrame) -> list[Block]:
    """Return the block ``register``: the rows of the register."""
    return records(table)


def aggregated(table: pd.DataFrame) -> list[Block]:
    """Return the register for a page: parameters one by one, tables as a number of rows."""
    single = table["kind"] == "parameter"
    rows = records(table[single])
    for kind, part in table[~single].groupby("kind", sort=False):
        items = part["item"].nunique()
        first = records(part.head(1))[0]
        if kind == "decision":
            rows.append({**first, "name": "table:" + str(kind)})
            continue
        rows.append({**first, "name": "table:" + str(kind), "mid": items, "low": None, "high": None,
                     "units": "rows", "item": ""})  # fmt: skip
    return rows


def _parameters(s: Steps, first: Mapping[str, pd.DataFrame]) -> Iterator[Block]:
    facts = catalogue.table("questions").set_index("parameter")["role"]
    shares = {k: found.set_index("name")["first"] for k, found in first.items()}
    moved = assess.movers(s.theta, mean_officers(s.gap.requirement)).set_index("name")
    for name in s.theta.used:
        parameter = catalogue.parameters()[name]
        low, mid, high = s.theta.points(name)
        by = {k: float(v[name]) for k, v in shares.items() if name in v.index}
        most = max(by, key=lambda k: by[k], default="")
        change: Any = moved.loc[name] if name in moved.index else {}
        yield {
            "name": name,
            "kind": "parameter",
            "item": "",
            **{"low": low, "mid": mid, "high": high},
            "units": parameter.units,
            "basis": basis_of(name, parameter.mark, s),
            "mark": parameter.mark,
            "source": parameter.source,
            "owner_role": str(facts.get(name, PLANNER)),
            "date": parameter.date,
            "enters": ", ".join(s.theta.enters.get(name, ())),
            "varies": name not in s.theta.at_middle and low < high,
            "changes": most if most and by[most] > 0 else "",
            **{f"share_{k}": max(0.0, v) for k, v in by.items()},
            "change_low": change.get("change_low", np.nan),
            "change_high": change.get("change_high", np.nan),
        }


def _before(inputs: Inputs, s: Steps) -> Iterator[Block]:
    """Return the parameters that entered while the inputs were made: only their middle value."""
    facts = catalogue.table("questions").set_index("parameter")["role"]
    said = {note.code for note in inputs.notes}
    for code, (name, enters) in _BEFORE.items():
        if code in said and name not in s.theta.used:
            known = catalogue.parameters()[name]
            points = known.low, known.mid, known.high
            yield _unmoving(name, points, enters, str(facts.get(name, PLANNER)), s)


def _aside(s: Steps) -> Iterator[Block]:
    """Return the parameters that entered beside the totals alone: they move no headline."""
    facts = catalogue.table("questions").set_index("parameter")["role"]
    for name, steps in s.theta.aside.items():
        owner = str(facts.get(name, PLANNER))
        yield _unmoving(name, s.theta.points(name), ", ".join(steps), owner, s)


def _unmoving(
    name: str, points: tuple[float, float, float], enters: str, owner: str, s: Steps
) -> Block:
    known = catalogue.parameters()[name]
    return {
        "name": name, "kind": "parameter", "item": "",
        **dict(zip(_ENDS, points, strict=True)), "units": known.units,
        "basis": basis_of(name, known.mark, s), "mark": known.mark, "source": known.source,
        "owner_role": owner, "date": known.date, "enters": enters, "varies": False, "changes": "",
    }  # fmt: skip


def basis_of(name: str, mark: str, s: Steps) -> str:
    """Return the basis of a parameter: the planner's own value is given."""
    if name in s.theta.given:
        return "given"
    return {"SEEN": "computed", "COMPUTED": "computed", "RECALLED": "recalled"}[mark]


def _tables(study: Study, inputs: Inputs) -> Iterator[Block]:
    """Return a row for each assumed number of each input table that has a basis."""
    for field in fields(inputs):
        table = getattr(inputs, field.name)
        if not isinstance(table, pd.DataFrame):
            continue
        column = next((c for c in ("basis", "population_basis") if c in table), None)
        if column is not None:
            assumed = table[table[column].isin(ASSUMED)]
            for row in assumed.to_dict("records"):
                yield from _numbers(field.name, row, str(row[column]), study)


def _numbers(table: str, row: Mapping[Any, Any], basis: str, study: Study) -> Iterator[Block]:
    facts = {column.name: column for column in schema()[table]}
    keys = [c for c, fact in facts.items() if fact.kind == "text" and "basis" not in c][:3]
    item = " / ".join(str(row[k]) for k in keys if str(row.get(k) or "") not in ("", "nan"))
    numbers = [
        c for c, fact in facts.items()
        if fact.kind == "number" and c not in _PLACES and pd.notna(row.get(c))
    ]  # fmt: skip
    common = {
        "kind": table,
        "item": item,
        "basis": basis,
        "mark": "RECALLED",
        "source": f"data/{table}.csv",
        "owner_role": _OWNERS.get(table, PLANNER),
        "date": str(row.get("as_of") or study.origin),
        "enters": _ENTERS.get(table, ""),
        "varies": False,
        "changes": "",
    }
    if set(_ENDS) <= set(numbers):
        ends = {end: float(row[end]) for end in _ENDS}
        yield {**common, **ends, "name": f"{table}.value", "units": facts["mid"].units}
        return
    for name in numbers:
        value = float(row[name])
        ends = {"mid": value}
        if (table, name) == ("areas", "population"):
            ends |= {"low": value / _PEOPLE_FACTOR, "high": value * _PEOPLE_FACTOR}
        yield {**common, **ends, "name": f"{table}.{name}", "units": facts[name].units}
    if not numbers:
        yield {**common, "name": table, "units": ""}


def _catalogue(inputs: Inputs, s: Steps) -> Iterator[Block]:
    """Return the recalled numbers of the catalogue rows that the run leads to."""
    functions = s.gap.need["function"].values.tolist()
    entered: dict[str, tuple[str, set[str]]] = {
        "unit_types": ("unit_type", set(inputs.pledges["unit_type"])),
        "postures": ("posture", set(s.posture.rung.values())),
        "functions": ("function", set(functions)),
        "willing": ("function", set(functions)),
        "generation": ("activity", set(s.force.chain.get("activity", []))),
        "resources": ("resource", _assumed_resources(s)),
        "bridging": ("bridge", set(catalogue.table("bridging")["bridge"])),
        "shocks": ("shock", set(catalogue.table("shocks")["shock"])),
        "effects": ("part", set(s.effects.log_rate)),
    }
    for table, (key, kept) in entered.items():
        frame = catalogue.table(table)
        chosen = frame[frame[key].isin(kept) & (frame["mark"] == "RECALLED")]
        for row in chosen.to_dict("records"):
            for name, ends in _values(row).items():
                yield {
                    "name": f"{table}.{name}" if name else f"{table}.value",
                    "kind": table,
                    "item": str(row[key]),
                    **ends,
                    "units": str(row.get("units", "")),
                    "basis": "recalled",
                    "mark": "RECALLED",
                    "source": str(row.get("reference", row.get("source", ""))),
                    "owner_role": PLANNER,
                    "date": str(row.get("date", "")),
                    "enters": _ENTERS[table],
                    "varies": False,
                    "changes": "",
                }


def _assumed_resources(s: Steps) -> set[str]:
    """Return what limits force generation and that no rule of the planner set."""
    if s.force.timetable is None:
        return set()
    known = s.force.timetable.resources
    return set(known.loc[known["basis"].isin(ASSUMED), "resource"])


def _values(row: Mapping[Any, Any]) -> dict[str, dict[str, float]]:
    """Return the numbers of a row; x_low, x_mid and x_high are one number with its range."""
    found: dict[str, dict[str, float]] = {}
    for column, value in row.items():
        if isinstance(value, (int, float)) and column not in ("rank", "priority"):
            stem, _, end = str(column).rpartition("_")
            name, place = (stem, end) if end in _ENDS else (str(column), "mid")
            found.setdefault(name, {})[place] = float(value)
    return found


def _ratio() -> Block:
    """Return the ratio of costs that the planning figure and the checklist rest on."""
    return {
        "name": "short_over_idle", "kind": "decision", "item": "", "mid": SHORT / IDLE,
        "units": "factor", "basis": "assumed", "mark": "RECALLED", "source": "Modelling assumption",
        "owner_role": "mission_leadership", "date": "", "enters": "assess", "varies": False,
        "changes": "",
    }  # fmt: skip
