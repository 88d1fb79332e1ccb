"""From a project folder to the inputs of a run: every table read and checked again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from polgap import catalogue
from polgap.domain import Inputs, Note, Study, empty_table, schema
from polgap.errors import DataError, Problem
from polgap.evidence.priors import with_priors
from polgap.sources._assemblies import with_counts
from polgap.sources._checks import check, check_events
from polgap.sources._panel import panel, placed_or_place, report
from polgap.sources._plain import Filed, read_plain
from polgap.sources._population import populate
from polgap.sources._travel import Keep, forget, network
from polgap.sources.adapters.areas import SOURCE as AREAS
from polgap.sources.base import Context, capped, problems_of, refuse

REQUIRED = ("events", "coverage", "towns", "host_police", "willingness", "mandate", "pledges",
            "rules")  # fmt: skip
OPTIONAL = ("other_providers", "programmes", "hrddp", "personnel", "bases", "population",
            "governance", "import_report", "crime", "protests", "roads", "friction",
            "displacement", "airports", "event_counts")  # fmt: skip
"""Tables that may be absent: then nothing is known, or the areas hold it."""
UNREAD = ("displacement", "airports")
"""Tables that are checked and kept for the planner's own look: no step reads them."""


def load_inputs(
    study: Study,
    folder: Path,
    *,
    overrides: Mapping[str, tuple[float, float, float]] | None = None,
    manifest: Sequence[Mapping[str, Any]] = (),
    keep: Keep = forget,
) -> Inputs:
    """Return the inputs of a run from ``data/*.csv`` and ``geo/areas.geojson``.

    Parameters
    ----------
    study : Study
        Its origin ends the panel; its seed places vague events that have no area yet.
    folder : Path
        Root of the project.
    overrides : Mapping[str, tuple of float], optional
        Parameters set by the planner, name -> low, mid, high.
    manifest : sequence of mappings
        Handed on to the result.
    keep : callable
        Asked for travel hours by the hash of all they are made from; it makes them where it does
        not have them yet.

    Raises
    ------
    DataError
        With every problem of every table; a `SafeguardError` if one holds persons or group
        identity.
    """
    problems = _parameters(overrides or {})
    filed, found = _read(folder)
    problems += found
    areas, found = _areas(folder)
    problems += found + _checked(filed, areas) + _origin(study, filed)
    if not found:
        areas, lacking = _people(areas, filed)
        problems += lacking + _capital(study, areas)
    refuse(problems)
    tables = {name: f.table for name, f in filed.items()}
    events = tables["events"].sort_values(["month", "event"], kind="stable")
    events = events.reset_index(drop=True)
    placed = placed_or_place(events, areas, study.seed)
    seen = panel(
        events, placed, areas, tables["coverage"], study.origin,
        ", ".join(sorted(set(tables["coverage"]["source"]))),
    )  # fmt: skip
    made = [n for n in report(events, placed, study.origin) if n.code != "sources.placed"]
    tables["willingness"], prior = with_priors(
        tables["willingness"], sorted(set(tables["host_police"]["institution"])),
        tables["governance"], study.iso3, study.origin,
    )  # fmt: skip
    way, told = network(
        areas, tables["towns"], tables["roads"], tables["friction"], overrides or {}, keep
    )
    protests, counted = with_counts(tables["protests"], tables["event_counts"], seen)
    unread = [name for name in UNREAD if len(tables[name])]
    if unread:
        counted += (Note("sources.unread", {"tables": ", ".join(unread)}),)
    notes = [*_said(filed), *counted, *made, *prior, *_standing(study, tables), *told]
    return Inputs(
        areas, tables["towns"], seen, tables["host_police"], tables["willingness"],
        tables["other_providers"], tables["mandate"], tables["pledges"], tables["rules"],
        tables["programmes"], dict(overrides or {}), tuple(manifest), tuple(notes),
        crime=tables["crime"], protests=protests, travel=way, hrddp=tables["hrddp"],
    )  # fmt: skip


def _read(folder: Path) -> tuple[dict[str, Filed], list[Problem]]:
    """Return the tables that can be read, and every problem of the others."""
    filed: dict[str, Filed] = {}
    problems: list[Problem] = []
    for name in (*REQUIRED, *OPTIONAL):
        path = folder / "data" / f"{name}.csv"
        file = f"data/{name}.csv"
        if path.is_file():
            try:
                filed[name] = read_plain(path, name, file)
            except DataError as error:
                problems += [_in_folder(p, path.name, file) for p in problems_of(error, file)]
        elif name in REQUIRED:
            wanted = f"a table with the columns {', '.join(c.name for c in schema()[name])}"
            problems.append(Problem("no such file", wanted, "missing_file", file))
        else:
            filed[name] = Filed(name, file, empty_table(name), ())
    return filed, problems


def _areas(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the areas; without rows, and with the reasons, if they cannot be read."""
    path = folder / "geo" / "areas.geojson"
    file = "geo/areas.geojson"
    if not path.is_file():
        lacking = Problem("no such file", "outlines of the areas", "missing_file", file)
        return empty_table("areas"), [lacking]
    try:
        return AREAS.parse(path, Context(area_id="area")).table, []
    except DataError as error:
        problems = [_in_folder(p, path.name, file) for p in problems_of(error, file)]
        return empty_table("areas"), problems


def _in_folder(problem: Problem, name: str, file: str) -> Problem:
    return replace(problem, file=file) if problem.file in (name, None) else problem


def _people(areas: pd.DataFrame, filed: Mapping[str, Filed]) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the areas with their population: ``data/population.csv``, else as in the outlines."""
    figures = filed.get("population")
    towns = filed["towns"].table if "towns" in filed else empty_table("towns")
    try:
        return populate(areas, towns, figures.table if figures else None, "data/population.csv")[
            0
        ], []
    except DataError as error:
        return areas, problems_of(error, "data/population.csv")


def _checked(filed: Mapping[str, Filed], areas: pd.DataFrame) -> list[Problem]:
    keys = None if areas.empty else set(areas["area"])
    parents = set(areas["parent"])
    host = filed.get("host_police")
    institutions = set(host.table["institution"]) if host else None
    found: list[Problem] = []
    for table in filed.values():
        found += capped(check(table, keys, parents, institutions), table.file)
    if "events" in filed and "coverage" in filed:
        wrong = check_events(filed["events"], filed["coverage"].table)
        found += capped(wrong, filed["events"].file)
    return found


def _origin(study: Study, filed: Mapping[str, Filed]) -> list[Problem]:
    """Return a problem if the origin lies outside the stated coverage of lethal events."""
    if "coverage" not in filed:
        return []
    coverage = filed["coverage"]
    lethal = coverage.table[coverage.table["kind"] == "state_based"]
    if lethal.empty:
        wanted = "rows for state_based, non_state and one_sided"
        return [Problem("no lethal kind", wanted, "no_coverage", coverage.file, column="kind")]
    first, last = str(lethal["from"].min()), str(lethal["until"].max())
    if first <= study.origin <= last:
        return []
    wanted = f"a month from {first} to {last} (data/coverage.csv)"
    return [Problem(study.origin, wanted, "outside_coverage", column="origin")]


def _capital(study: Study, areas: pd.DataFrame) -> list[Problem]:
    if study.capital in {"", *areas["area"]}:
        return []
    wanted = f"an area key such as {areas['area'].iloc[0]}"
    where: dict[str, Any] = {"file": "project.toml", "column": "theatre.capital"}
    return [Problem(repr(study.capital), wanted, "unknown_area", **where)]


def _parameters(overrides: Mapping[str, tuple[float, float, float]]) -> list[Problem]:
    """Return what is wrong with the planner's parameters: unknown names, no interval."""
    known = {n for n, p in catalogue.parameters().items() if p.is_default}
    found = []
    for name, points in overrides.items():
        where: dict[str, Any] = {"file": "project.toml", "column": f"parameters.{name}"}
        if name not in known:
            near = get_close_matches(name, known, n=1)
            wanted = f"{near[0]!r} (nearest name)" if near else "a default of parameters.csv"
            found.append(Problem(repr(name), wanted, "unknown_parameter", **where))
        elif not points[0] <= points[1] <= points[2]:
            found.append(Problem(str(points), "low <= mid <= high", "out_of_order", **where))
    return found


def _said(filed: Mapping[str, Filed]) -> list[Note]:
    """Return what the import said, as far as the catalogue still knows the codes."""
    known = set(catalogue.message_codes())
    report_ = filed["import_report"].table
    notes = []
    for code, values in zip(report_["code"], report_["values"], strict=True):
        try:
            block = json.loads(values or "{}")
        except json.JSONDecodeError:
            continue
        if code in known and isinstance(block, dict):
            notes.append(Note(code, block))
    return notes


def _standing(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[Note]:
    """Return notes that follow from the tables as they stand now."""
    notes = []
    if study.basis == "exercise":
        notes.append(Note("note.exercise"))
    if any((tables[n]["basis"] == "assumed").any() for n in ("host_police", "willingness")):
        notes.append(Note("note.host_assumed"))
    if (tables["mandate"]["basis"] == "assumed").any():
        stated = tables["mandate"][["ceiling_formed", "ceiling_individual"]].sum().sum()
        notes.append(Note("note.notional_mandate", {"ceiling": round(float(stated))}))
    if (tables["pledges"]["contributor"] == "NOTIONAL").any():
        notes.append(Note("note.notional_pledges"))
    if tables["other_providers"].empty:
        notes.append(Note("sources.no_other_providers"))
    return notes
