"""Edits: a mandate, rules or pledges as they would be - pure changes of the input tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from polgap import catalogue
from polgap.domain import POSTURES, POWERS, Inputs, Plan, Study, empty_table
from polgap.errors import StudyError

CEILINGS = ("ceiling_formed", "ceiling_individual")
RECORDS = ("host_consent", "hrddp", "detention", "prosecutors", "applicable_law")
"""Facts that a row of the mandate carries: striking the paragraph does not change them."""
MILLION = 1e6

_SIGNED = re.compile(r"([+-])(\d+(?:\.\d+)?)(m|%)?")


def keys() -> list[str]:
    """Return what `add` can change, in the order of the help text."""
    types = [str(t).lower() for t in catalogue.table("unit_types")["unit_type"]]
    return [
        *CEILINGS, "ceiling_total", *(f"ceiling_{t}" for t in types), "budget",
        *(f"pledge_{t}" for t in types), "posture", "powers", *RECORDS,
    ]  # fmt: skip


def strike(inputs: Inputs, paragraph: str) -> Inputs:
    """Return inputs whose mandate lacks a paragraph: its tasks, powers and posture are gone.

    Ceilings and what is on record (consent, detention, ...) are facts that any row may carry;
    they stay, on the first row left.

    Raises
    ------
    StudyError
        If the mandate has no such paragraph, or nothing else.
    """
    mandate = inputs.mandate
    named = mandate["paragraph"].astype(str)
    gone = named.str.casefold() == paragraph.strip().casefold()
    known = ", ".join(dict.fromkeys(named))
    if not gone.any():
        raise StudyError(f"--strike: got {paragraph!r}; wanted a paragraph of the mandate: {known}")
    if gone.all():
        raise StudyError(f"--strike: {paragraph!r} is all of the mandate; nothing would be left")
    left = mandate[~gone].copy()
    for column in (*CEILINGS, *RECORDS):
        lost = mandate.loc[gone, column]
        lost = lost[lost.notna() & (lost.astype(str) != "")]
        here = left[column]
        if len(lost) and not (here.notna() & (here.astype(str) != "")).any():
            left.loc[left.index[0], column] = lost.iloc[0]
    return replace(inputs, mandate=left.reset_index(drop=True))


def add(inputs: Inputs, text: str) -> Inputs:
    """Return inputs with a change such as ``ceiling_fpu=+1``, ``budget=-20%``, ``powers=protect``.

    Ceilings change by officers, those of a unit type by whole units of it; the budget by USD
    (``m``: million) or per cent; ``pledge_TYPE=+n`` adds a notional pledge of n units.

    Raises
    ------
    StudyError
        If the key is not known, the value is not what it takes, or there is nothing to change.
    """
    key, sign, value = (part.strip() for part in text.partition("="))
    key = key.casefold()
    if not sign or key not in keys():
        raise StudyError(
            f"--add: got {text!r}; wanted KEY=VALUE with KEY one of {', '.join(keys())}"
        )
    if key in ("posture", "powers", *RECORDS):
        return _stated(inputs, key, value)
    amount, unit = _amount(text, value)
    if key == "budget":
        return _budget(inputs, text, amount, unit)
    if unit:
        raise StudyError(f"--add: got {text!r}; wanted a plain number: m and % go with budget")
    if key.startswith("pledge_"):
        return _pledged(inputs, text, key.removeprefix("pledge_").upper(), amount)
    return _ceiling(inputs, text, key, amount)


def cut(study: Study, inputs: Inputs, share: float, plan: Plan) -> Inputs:
    """Return inputs with every ceiling and budget cut to `share`.

    Where no rule limits anything, what `plan` uses is the limit that is cut.
    """
    rules, mandate = inputs.rules.copy(), inputs.mandate.copy()
    limited = rules["rule"].isin(["budget_year", "ceiling_total"])
    rules.loc[limited, "value"] *= share
    for column in CEILINGS:
        mandate[column] *= share
    if not limited.any() and mandate[list(CEILINGS)].isna().all(axis=None):
        officers = _strength(plan)
        rows = [_rule("ceiling_total", officers * share, "officers", "cut of what is used")]
        rules = pd.concat([rules, pd.DataFrame(rows)], ignore_index=True)
    return replace(inputs, rules=rules, mandate=mandate)


def same_tasks(one: Inputs, other: Inputs) -> bool:
    """Return whether two mandates ask for the same, ceilings aside."""
    columns = [c for c in one.mandate.columns if c not in CEILINGS]
    return one.mandate[columns].equals(other.mandate[columns])


def _strength(plan: Plan) -> float:
    """Return the greatest strength of a plan in any month, officers."""
    each = catalogue.table("unit_types").set_index("unit_type")["strength"].to_dict()
    officers = plan.table["number"] * plan.table["unit_type"].map(each).astype(float)
    by_month = officers.groupby(plan.table["month"]).sum()
    return float(by_month.max()) if len(by_month) else 0.0


def _rule(rule: str, value: float, units: str, reason: str) -> dict[str, object]:
    return {
        "rule": rule, "area": "", "value": value, "units": units, "from": "", "until": "",
        "reason": reason, "basis": "assumed",
    }  # fmt: skip


def _amount(text: str, value: str) -> tuple[float, str]:
    found = _SIGNED.fullmatch(value)
    if found is None:
        raise StudyError(f"--add: got {text!r}; wanted a signed number, such as +1, -140 or +5m")
    return float(f"{found[1]}{found[2]}"), found[3] or ""


def _stated(inputs: Inputs, key: str, value: str) -> Inputs:
    """Return inputs whose mandate says `value`: what went beyond it is lowered, else it is added.

    A rung or grade that is added stands beside those named already: where its preconditions do
    not hold, the next of them does.
    """
    allowed = {"posture": POSTURES, "powers": POWERS}.get(key, ("yes", "no"))
    if value not in allowed:
        raise StudyError(f"--add {key}: got {value!r}; wanted one of {', '.join(allowed)}")
    mandate = inputs.mandate.copy()
    if not len(mandate):
        raise StudyError(f"--add {key}: the mandate has no paragraph to say it in")
    if key in RECORDS:
        mandate.loc[mandate[key] != "", key] = value
        mandate.loc[mandate.index[0], key] = value
        return replace(inputs, mandate=mandate)
    said = mandate[key].map(lambda v: allowed.index(v) if v in allowed else -1)
    mandate.loc[said > allowed.index(value), key] = value
    if not (mandate[key] == value).any():
        row: dict[str, object] = dict.fromkeys(mandate.columns, "")
        row |= dict.fromkeys(CEILINGS, float("nan"))
        row |= {"paragraph": "added", "task": f"{key}: {value}", key: value, "basis": "assumed"}
        mandate = pd.concat([mandate, pd.DataFrame([row])], ignore_index=True)
    return replace(inputs, mandate=mandate)


def _budget(inputs: Inputs, text: str, amount: float, unit: str) -> Inputs:
    rules = inputs.rules.copy()
    rows = rules["rule"] == "budget_year"
    if not rows.any():
        raise StudyError(f"--add {text}: there is no yearly budget to change in rules.csv")
    million = rules["units"].astype(str).str.casefold().str.contains("million")
    for k in rules.index[rows]:
        value = float(rules.loc[k, "value"])
        usd = amount * MILLION if unit == "m" else amount
        step = value * amount / 100.0 if unit == "%" else usd / (MILLION if million[k] else 1.0)
        rules.loc[k, "value"] = _left(text, value + step)
    return replace(inputs, rules=rules)


def _left(text: str, value: float) -> float:
    if value < 0:
        raise StudyError(f"--add {text}: leaves {value:g}; wanted 0 or more")
    return value


def _ceiling(inputs: Inputs, text: str, key: str, amount: float) -> Inputs:
    types = catalogue.table("unit_types").to_dict("records")
    unit = {f"ceiling_{str(t['unit_type']).lower()}": t for t in types}.get(key)
    column = key
    if unit is not None:
        column = CEILINGS[0] if int(unit["subunits"]) else CEILINGS[1]
        amount *= float(unit["strength"])
    if column == "ceiling_total":
        rules = inputs.rules.copy()
        rows = (rules["rule"] == column) & rules["area"].isin(["", "*"])
        if not rows.any():
            raise StudyError(f"--add {text}: there is no ceiling_total to change in rules.csv")
        rules.loc[rows, "value"] = [_left(text, v + amount) for v in rules.loc[rows, "value"]]
        return replace(inputs, rules=rules)
    mandate = inputs.mandate.copy()
    if mandate[column].isna().all():
        raise StudyError(f"--add {text}: the mandate states no {column}; there is none to change")
    mandate[column] = [v if pd.isna(v) else _left(text, v + amount) for v in mandate[column]]
    return replace(inputs, mandate=mandate)


def _pledged(inputs: Inputs, text: str, unit_type: str, amount: float) -> Inputs:
    if amount <= 0 or amount != int(amount):
        raise StudyError(f"--add {text}: wanted a whole number of units, such as +1")
    row: dict[str, object] = dict.fromkeys(empty_table("pledges").columns, "")
    row |= {
        "pledge": f"ADDED-{unit_type}", "contributor": "NOTIONAL", "unit_type": unit_type,
        "number": amount, "readiness": "L3", "chance": 0.75, "women": float("nan"),
        "basis": "assumed",
    }  # fmt: skip
    pledges = pd.concat([inputs.pledges, pd.DataFrame([row])], ignore_index=True)
    return replace(inputs, pledges=pledges[inputs.pledges.columns])


def edited(inputs: Inputs, strikes: tuple[str, ...], adds: tuple[str, ...]) -> Inputs:
    """Return inputs after all strikes, then all additions, in order.

    Raises
    ------
    StudyError
        As of `strike` and `add`.
    """
    steps: list[Callable[[Inputs], Inputs]] = [
        *(lambda i, p=p: strike(i, p) for p in strikes),
        *(lambda i, t=t: add(i, t) for t in adds),
    ]
    for step in steps:
        inputs = step(inputs)
    return inputs
