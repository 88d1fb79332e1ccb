"""From source files to the tables of a project: read, filter, join, fill what is missing.

What is decided here and what at every run
------------------------------------------
The import reads each file once, keeps what concerns the theatre until the origin, joins towns and
population to the areas, places the present mission, and writes rows of basis `assumed` where
nothing was given. Events get their area here (vague ones by the seed of the project), in a column
that the planner may correct. All tables are then the planner's to edit: at every run
`load_inputs` reads and checks them anew, places the events that have no area by the same rule,
and builds the panel. The stated coverage is a table of its own (``data/coverage.csv``), and so is
what the import had to say (``data/import_report.csv``). Personnel and bases are kept as the record
behind the rows PRESENT of the pledges; it is the pledges that bind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from polgap.domain import KINDS, Note, empty_table
from polgap.errors import DataError, Problem
from polgap.sources._checks import check
from polgap.sources._complete import PLANNER, complete, institutions, snap_km
from polgap.sources._context import context_tables
from polgap.sources._countries import countries
from polgap.sources._geometry import Locator, slug
from polgap.sources._panel import place, report
from polgap.sources._plain import Filed
from polgap.sources._population import populate
from polgap.sources._request import Imported, ImportRequest, Read, asked
from polgap.sources._sidecar import Sidecar, sidecar_of
from polgap.sources.base import Parsed, problems_of, refuse
from polgap.sources.registry import SOURCES

BESIDE = ("crime", "protests", "roads", "friction")
"""Tables that a project has only where they were given."""
INCIDENTS = {"events": "sources.deaths_left_to_ucdp", "acled": "sources.acled_left"}
"""Sources of incidents besides UCDP, first come first served -> note on what is left out."""
PREFIX = {"events": "own", "acled": "acled"}
PEACEFUL = ("protest", "riot")
LEFT_TO_RUN = ("sources.outside", "sources.other_not_lethal")
"""Notes that every run makes anew from the tables."""


def import_sources(request: ImportRequest) -> Imported:
    """Return the tables of a project from source files.

    Raises
    ------
    DataError
        With every problem of every file; a `SafeguardError` if any holds persons or group
        identity.
    """
    refuse(asked(request))
    read, problems = _parse(request)
    if "areas" not in read:
        refuse(problems)
    towns, notes = _towns(read)
    events, coverage, more = _events(read, request.until)
    notes += more
    if coverage.empty and not problems:
        wanted = "--source ucdp_ged=FILE or --source events=FILE with lethal incidents"
        problems.append(Problem("no lethal events", wanted, "missing_source", column="source"))
    areas = read.table("areas")
    around, told, wrong = context_tables(read, areas)
    problems += _planner_problems(read, areas) + wrong
    try:
        figures = read.table("population") if "population" in read else None
        areas, more = populate(areas, towns, figures, read.file("population"))
        notes += [*more, *told]
    except DataError as error:
        problems += problems_of(error, read.file("population"))
    refuse(problems)
    placed = place(events, areas, request.seed)
    keys = np.array([*areas["area"], ""], dtype=object)
    events = events.assign(area=pd.Series(keys[placed.at], dtype="str"))
    notes += report(events, placed, request.until)
    capital = _capital(request, areas, towns)
    planner, more = complete(read, areas, towns, capital, request.until)
    notes = [*(n for p in read.parsed.values() for n in p.notes), *notes, *more]
    tables = {
        "areas": areas,
        "population": figures_of(areas, read),
        "towns": towns,
        "events": events,
        "coverage": coverage,
        **planner,
        **around,
        **{name: read.table(name) for name in ("personnel", "bases")},
        **{name: read.table(name) for name in BESIDE if name in read},
        "import_report": report_table(notes),
    }
    notional = any(n.code.startswith("note.") for n in notes)
    basis = "assumed" if notional else "given"
    return Imported(tables, _manifest(request, read), tuple(notes), capital, basis)


def _parse(request: ImportRequest) -> tuple[Read, list[Problem]]:
    """Return what could be read, and every problem of the rest."""
    parsed: dict[str, Parsed] = {}
    problems: list[Problem] = []
    for name, source in SOURCES.items():
        if name not in request.sources:
            continue
        path = Path(request.sources[name])
        told = request.context
        if source.table == "events" and (beside := sidecar_of(path)):
            told = replace(told, start=told.start or beside.covers_from)
            problems += _uncovered(request.until, beside, path.name)
        try:
            parsed[name] = source.parse(path, told)
        except DataError as error:
            problems += problems_of(error, path.name)
    return Read(parsed), problems


def _uncovered(until: str, beside: Sidecar, file: str) -> list[Problem]:
    """Return a problem where a fetched file ends before the months its silence would speak for."""
    if not beside.covers_until or until <= beside.covers_until:
        return []
    wanted = f"--until {beside.covers_until}, where the file ends, or a newer one (polgap fetch)"
    return [Problem(until, wanted, "outside_coverage", file, column="until")]


def figures_of(areas: pd.DataFrame, read: Read) -> pd.DataFrame:
    """Return the population of the areas as the sheet that the planner edits."""
    table = areas[["area", "name", "parent", "population"]]
    as_of = read.parsed["population"].as_of if "population" in read else ""
    return table.assign(as_of=as_of, basis=areas["population_basis"])


def _towns(read: Read) -> tuple[pd.DataFrame, list[Note]]:
    """Return the towns with the area in which (or within `snap_km` of which) they lie."""
    areas, towns = read.table("areas"), read.table("towns")
    if towns.empty:
        return towns, []
    where = Locator(areas["geometry"].tolist())
    at = where.inside(towns["lon"], towns["lat"])
    out = at < 0
    at[out] = where.nearest(towns["lon"][out], towns["lat"][out], snap_km())
    kept = towns[at >= 0].drop(columns="area", errors="ignore")
    kept = kept.assign(area=areas["area"].to_numpy()[at[at >= 0]])
    kept = kept.sort_values(["population", "town"], ascending=[False, True])
    lost = int((at < 0).sum())
    notes = [Note("sources.towns_outside", {"count": lost})] if lost else []
    return kept.reset_index(drop=True), notes


def _events(read: Read, until: str) -> tuple[pd.DataFrame, pd.DataFrame, list[Note]]:
    """Return events, stated coverage by kind, and notes.

    The first source of deaths is the record of deaths (UCDP, else the planner's table, else ACLED);
    of those after it only assemblies and riots are kept, without deaths, and of those only the
    kinds that none before it holds: nobody is counted twice.
    """
    frames, rows, notes = [], [], []
    if "ucdp_ged" in read:
        frames.append(read.table("ucdp_ged"))
        rows += _coverage("ucdp_ged", read, KINDS, until)
    for name in (n for n in INCIDENTS if n in read):
        table, kinds = read.table(name), set(read.details(name)["kinds"])
        taken = {row["kind"] for row in rows}
        peaceful = [k for k in PEACEFUL if k in kinds and k not in taken]
        if set(KINDS) <= taken:
            left = table[~table["kind"].isin(PEACEFUL) | (table["deaths"] > 0)]
            if len(left):
                values = {"count": len(left), "deaths": int(left["deaths"].sum())}
                notes.append(Note(INCIDENTS[name], values))
            table = table[table["kind"].isin(peaceful)].assign(deaths=0.0)
        else:
            table = table[~table["kind"].isin(PEACEFUL) | table["kind"].isin(peaceful)]
            if kinds - set(PEACEFUL):
                rows += _coverage(name, read, (*KINDS, "other"), until)
        if frames:
            table = table.assign(event=f"{PREFIX[name]}-" + table["event"])
        rows += _coverage(name, read, peaceful, until)
        frames.append(table)
    events = pd.concat(frames, ignore_index=True) if frames else empty_table("events")
    events = events.sort_values(["month", "event"], kind="stable").reset_index(drop=True)
    coverage = pd.DataFrame(rows) if rows else empty_table("coverage")
    if not set(KINDS) <= set(coverage["kind"]):
        coverage = empty_table("coverage")
    return events, coverage, notes


def _coverage(
    name: str, read: Read, kinds: tuple[str, ...] | list[str], until: str
) -> list[dict[str, str]]:
    start = str(read.details(name)["from"]) or f"{until[:4]}-01"
    return [{"source": name, "kind": k, "from": start, "until": until} for k in kinds]


def _planner_problems(read: Read, areas: pd.DataFrame) -> list[Problem]:
    """Return what the planner's sheets say of areas, words and keys that do not exist."""
    found: list[Problem] = []
    keys, parents = set(areas["area"]), set(areas["parent"])
    for name in (*PLANNER, *BESIDE):
        if name in read:
            filed = Filed(name, read.file(name), read.table(name), read.details(name)["rows"])
            found += check(filed, keys, parents, institutions(read))
    return found


def _capital(request: ImportRequest, areas: pd.DataFrame, towns: pd.DataFrame) -> str:
    """Return the area of the capital: as asked, else of the capital's town, else the largest."""
    asked = request.capital
    if asked in set(areas["area"]):
        return asked
    known = countries().get(request.iso3.upper())
    name = slug(asked or (known.capital if known else ""))
    for frame in (areas, towns) if asked else (towns,):
        hits = frame[[slug(n) == name for n in frame["name"]]] if name else frame[:0]
        if len(hits):
            return str(hits["area"].iloc[0])
    if asked:
        wanted = f"an area or town such as {', '.join(areas['name'].head(5))}"
        refuse([Problem(repr(asked), wanted, "unknown_area", column="capital")])
    frame = towns if len(towns) else areas
    return str(frame["area"].iloc[int(frame["population"].to_numpy().argmax())])


def _manifest(request: ImportRequest, read: Read) -> tuple[Mapping[str, Any], ...]:
    return tuple(_entry(n, Path(request.sources[n]), p) for n, p in read.parsed.items())


def _entry(name: str, path: Path, parsed: Parsed) -> Mapping[str, Any]:
    """Return where a table came from; of a fetched file, as its sidecar says."""
    beside = sidecar_of(path)
    return {
        "source": name,
        "name": name,
        "origin": f"{path.name} ({beside.said})" if beside else path.name,
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "rows": len(parsed.table),
        "as_of": parsed.as_of,
        "licence": beside.licence if beside else SOURCES[name].licence,
        "citation": beside.citation if beside else SOURCES[name].citation,
    }


def report_table(notes: list[Note]) -> pd.DataFrame:
    """Return what the import found as a table, so that every run can say it again.

    Notes that follow from the tables themselves are left to the run.
    """
    rows = [
        {
            "code": n.code,
            "values": json.dumps(dict(n.values), ensure_ascii=False, sort_keys=True),
        }
        for n in notes
        if not n.code.startswith("note.") and n.code not in LEFT_TO_RUN
    ]
    return pd.DataFrame(rows, columns=["code", "values"], dtype="str")
