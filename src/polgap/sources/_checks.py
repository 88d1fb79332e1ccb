"""What no single cell shows: unknown words, unknown areas, duplicates, numbers that contradict.

Run at the import and again at every run, so an edit of ``data/*.csv`` is checked each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache

import pandas as pd

from polgap import catalogue
from polgap.deploy import SEASONS, TERRAINS
from polgap.domain import BASES, POSTURES, POWERS, schema
from polgap.errors import Problem
from polgap.sources._plain import Filed

EVERYWHERE = "*"
YES_NO = ("", "yes", "no")
READINESS = ("L1", "L2", "L3", "RDL", "in_mission")
RULES = ("budget_year", "ceiling_total", "minimum_presence", "posts_static", "posts_border",
         "posts_protection", "sites_custody", "election", "returns", "markets", "function_on",
         "function_off", "need_model", "wet_season", "terrain", "equity_floor", "women_share",
         "women_minimum", "response_time", "base_size", "self_sustainment", "minimum_stay",
         "risk_aversion", "risk_tail", "mentoring_worth",
         "rotation_months", "rotation_loss", "rotation_lift", "base_opening_cost", "support_share",
         "assessment_teams", "lift_slots", "airport_slots", "camp_crews")  # fmt: skip
SHARES = ("equity_floor", "women_share", "support_share", "risk_aversion", "risk_tail",
          "rotation_loss", "mentoring_worth")  # fmt: skip
"""Rules whose value is a share."""
SHARED = ("assessment_teams", "lift_slots", "airport_slots", "camp_crews")
"""Rules that say how many of a shared resource of force generation there are at once."""
PROFILES = ("un", "eu", "nato", "au", "osce")
OFFENCES = ("homicide", "robbery", "sgbv", "property", "other")
SUPPORT = ("training", "mentoring", "equipment", "money", "logistics", "planning",
            "joint operations")  # fmt: skip
KINDS = ("state_based", "non_state", "one_sided", "protest", "riot", "other")
KEYS = {
    "areas": ("area",),
    "towns": ("town",),
    "events": ("event",),
    "pledges": ("pledge",),
    "host_police": ("institution", "area"),
    "willingness": ("institution", "area", "indicator", "assessor_role"),
    "governance": ("iso3", "year", "indicator"),
    "population": ("area",),
    "crime": ("area", "month", "offence"),
    "protests": ("area", "month"),
    "displacement": ("iso3", "year"),
    "airports": ("airport",),
    "event_counts": ("area", "month"),
}
"""Columns that together stand once."""
NESTED = ("vetted", "trained", "equipped", "paid", "in_reach")


@cache
def _words() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the words allowed in a column, by (table, column)."""
    functions = tuple(catalogue.table("functions")["function"])
    types = tuple(catalogue.table("unit_types")["unit_type"])
    indicators = tuple(catalogue.table("indicators")["indicator"])
    allowed: dict[tuple[str, str], tuple[str, ...]] = {
        ("willingness", "indicator"): indicators,
        ("willingness", "evidence_grade"): ("A", "B", "C", "D"),
        ("other_providers", "function"): functions,
        ("other_providers", "counts"): ("full", "bridging", "displacing", "never"),
        ("mandate", "function"): ("", *functions),
        ("mandate", "posture"): ("", *POSTURES),
        ("mandate", "powers"): ("", *POWERS),
        ("pledges", "unit_type"): types,
        ("pledges", "readiness"): READINESS,
        ("pledges", "profile"): ("", *PROFILES),
        ("rules", "rule"): RULES,
        ("crime", "offence"): OFFENCES,
        ("roads", "season"): ("", *SEASONS),
        ("programmes", "type"): ("governance", "reform"),
        ("hrddp", "support"): SUPPORT,
        ("hrddp", "risk"): ("low", "medium", "high"),
        ("events", "kind"): KINDS,
        ("coverage", "kind"): KINDS,
        ("areas", "sensitivity"): ("public", "host", "partners", "internal"),
        ("areas", "population_basis"): BASES,
    }
    for column in ("host_consent", "hrddp", "detention", "prosecutors", "applicable_law"):
        allowed["mandate", column] = YES_NO
    for name, columns in schema().items():
        if any(c.name == "basis" for c in columns):
            allowed[name, "basis"] = BASES
    return allowed


def check(
    filed: Filed,
    areas: Collection[str] | None,
    parents: Collection[str],
    institutions: Collection[str] | None = None,
) -> list[Problem]:
    """Return every problem of a typed table.

    Parameters
    ----------
    filed : Filed
    areas : collection of str or None
        Keys that a column `area` may name; None = not known, so not checked.
    parents : collection of str
    institutions : collection of str, optional
        Institutions of the host police, for tables that refer to them.
    """
    found = [*_vocabulary(filed), *_twice(filed), *_order(filed)]
    if areas is not None:
        found += _places(filed, areas, parents)
    special: dict[str, Callable[[Filed], Iterable[Problem]]] = {
        "host_police": _host_police,
        "willingness": _willingness,
        "other_providers": _one_officer_one_row,
        "pledges": _pledges,
        "rules": _rules,
        "protests": _protests,
    }
    if filed.name in special:
        found += special[filed.name](filed)
    refers = {"willingness": "institution", "hrddp": "recipient"}.get(filed.name)
    if refers and institutions is not None:
        found += [
            filed.problem(i, refers, repr(v), f"one of {sorted(institutions)} "
                          "(institutions of host_police)", "unknown_institution")
            for i, v in enumerate(filed.table[refers])
            if v not in institutions
        ]  # fmt: skip
    return found


def _vocabulary(filed: Filed) -> list[Problem]:
    found = []
    for (name, column), words in _words().items():
        if name != filed.name:
            continue
        for i, value in enumerate(filed.table[column]):
            if value not in words:
                wanted = f"one of {', '.join(w for w in words if w)}"
                found.append(filed.problem(i, column, repr(value), wanted, f"unknown_{column}"))
    return found


def _twice(filed: Filed) -> list[Problem]:
    columns = list(KEYS.get(filed.name, ()))
    if not columns:
        return []
    again = filed.table.duplicated(columns, keep="first")
    first = {tuple(v): i for i, v in reversed(list(enumerate(filed.table[columns].to_numpy())))}
    found = []
    for i in (i for i, twice in enumerate(again) if twice):
        key = tuple(filed.table[columns].iloc[i])
        row = filed.rows[first[key]]
        wanted = f"{' and '.join(columns)} used once (also in row {row})"
        found.append(
            filed.problem(i, columns[0], repr(", ".join(map(str, key))), wanted, "duplicate")
        )
    return found


def _order(filed: Filed) -> list[Problem]:
    if not {"from", "until"} <= set(filed.table):
        return []
    spans = enumerate(zip(filed.table["from"], filed.table["until"], strict=True))
    return [
        filed.problem(i, "until", until, f"a month from {start} on", "out_of_order")
        for i, (start, until) in spans
        if start and until and until < start
    ]


def _places(filed: Filed, areas: Collection[str], parents: Collection[str]) -> list[Problem]:
    if "area" not in filed.table or filed.name in ("areas", "population"):
        return []
    allowed: set[str] = set(areas)
    if filed.name in ("host_police", "willingness", "programmes", "mandate", "hrddp"):
        allowed |= {EVERYWHERE, *(p for p in parents if p)}
    if filed.name in ("pledges", "rules", "events", "mandate", "airports"):
        allowed |= {""}
    wanted = f"an area key such as {next(iter(sorted(areas)), '')}"
    if EVERYWHERE in allowed:
        wanted += ", a parent or *"
    if filed.name == "events":
        wanted += ", or an empty cell to have the event placed anew"
    return [
        filed.problem(i, "area", repr(value), wanted, "unknown_area")
        for i, value in enumerate(filed.table["area"])
        if value not in allowed
    ]


def _host_police(filed: Filed) -> list[Problem]:
    """Return where a part is larger than the whole; counts and shares are told apart by size."""
    found = []
    for i, row in enumerate(filed.table.to_dict("records")):
        chain = [("roll", "operational"), ("operational", "available")]
        chain += [("available", name) for name in NESTED if row[name] > 1]
        chain += [("roll", "women")] if row["women"] > 1 else []
        found += [
            filed.problem(i, part, f"{row[part]:g}", f"at most {whole} ({row[whole]:g})",
                          "out_of_range")
            for whole, part in chain
            if row[part] > row[whole]
        ]  # fmt: skip
    return found


def _willingness(filed: Filed) -> list[Problem]:
    rows = filed.table[["low", "mid", "high"]].to_numpy()
    return [
        filed.problem(i, "mid", f"{a:g}, {b:g}, {c:g}", "low <= mid <= high", "out_of_order")
        for i, (a, b, c) in enumerate(rows)
        if not a <= b <= c
    ]


def _one_officer_one_row(filed: Filed) -> list[Problem]:
    """Return rows that count the same provider twice for an area, function and month."""
    found = []
    seen: dict[tuple[str, ...], list[tuple[str, str, int]]] = {}
    for i, row in enumerate(filed.table.to_dict("records")):
        key = (row["provider"], row["area"], row["function"])
        start, until = row["from"] or "0000-01", row["until"] or "9999-12"
        for a, b, other in seen.get(key, []):
            if start <= b and a <= until:
                wanted = f"one row for {', '.join(key)} (also in row {filed.rows[other]})"
                found.append(filed.problem(i, "provider", repr(key[0]), wanted, "duplicate"))
                break
        seen.setdefault(key, []).append((start, until, i))
    return found


def _pledges(filed: Filed) -> list[Problem]:
    found = []
    for i, row in enumerate(filed.table.to_dict("records")):
        if row["number"] != int(row["number"]):
            found.append(
                filed.problem(i, "number", f"{row['number']:g}", "whole units", "out_of_range")
            )
        if row["readiness"] == "in_mission" and not row["area"]:
            wanted = "the area where the unit stands (readiness in_mission)"
            found.append(filed.problem(i, "area", "an empty cell", wanted, "empty"))
    return found


def _protests(filed: Filed) -> list[Problem]:
    return [
        filed.problem(i, "violent", f"{row['violent']:g}",
                      f"at most assemblies ({row['assemblies']:g})", "out_of_range")
        for i, row in enumerate(filed.table.to_dict("records"))
        if row["violent"] > row["assemblies"]
    ]  # fmt: skip


@cache
def _worded() -> dict[str, tuple[str, ...]]:
    """Return the words that column units may hold, for rules that say no number."""
    functions = tuple(catalogue.table("functions")["function"])
    models = catalogue.table("need_models")[["function", "model"]].to_numpy().tolist()
    return {
        "function_on": functions,
        "function_off": functions,
        "need_model": tuple(f"{function}={model}" for function, model in models),
        "terrain": TERRAINS,
        "wet_season": (),
    }


def _rules(filed: Filed) -> list[Problem]:
    switches = ("function_on", "function_off")
    found = []
    for i, row in enumerate(filed.table.to_dict("records")):
        rule = row["rule"]
        words = _worded().get(rule, ())
        if words and str(row["units"]).replace(" ", "") not in words:
            wanted = f"one of {', '.join(words)} in column units"
            code = "unknown_function" if rule in switches else f"unknown_{rule}"
            found.append(filed.problem(i, "units", repr(row["units"]), wanted, code))
        if rule in RULES and rule not in _worded() and pd.isna(row["value"]):
            wanted = f"a number for {rule}"
            found.append(filed.problem(i, "value", "an empty cell", wanted, "empty"))
        most = 1.0 if rule in SHARES else float("inf")
        free = rule in RULES and rule not in SHARED and not pd.isna(row["value"])
        if free and not 0.0 <= row["value"] <= most:
            wanted = f"a share from 0 to 1 for {rule}" if rule in SHARES else "a number >= 0"
            found.append(filed.problem(i, "value", f"{row['value']:g}", wanted, "out_of_range"))
        if rule in SHARED and not pd.isna(row["value"]):
            value = float(row["value"])
            if value < 0 or value != int(value):
                wanted = f"a whole number of {rule}, 0 or more"
                found.append(filed.problem(i, "value", f"{value:g}", wanted, "out_of_range"))
    return found


def check_events(filed: Filed, coverage: pd.DataFrame) -> list[Problem]:
    """Return events of kinds or months that no stated coverage holds."""
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in coverage.to_dict("records"):
        spans.setdefault(row["kind"], []).append((row["from"], row["until"]))
    wanted = "a month inside data/coverage.csv, for its kind"
    return [
        filed.problem(i, "month", f"{month} ({kind})", wanted, "outside_coverage")
        for i, (month, kind) in enumerate(
            zip(filed.table["month"], filed.table["kind"], strict=True)
        )
        if not any(a <= month <= b for a, b in spans.get(kind, []))
    ]
