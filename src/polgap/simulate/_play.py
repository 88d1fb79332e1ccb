"""The door of the room: play every option over the same futures with the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import draws
from polgap.catalogue import table
from polgap.domain import (
    Assessment,
    Deployed,
    Effects,
    Futures,
    Inputs,
    Note,
    Outcome,
    Study,
    require_same,
)
from polgap.errors import LabelError, Problem, StudyError
from polgap.simulate._force import Force, after_shocks, largest_pledge, per_unit
from polgap.simulate._kernel import LASTING, Path, live
from polgap.simulate._measures import UNITS, rows_of, totals
from polgap.simulate._shocks import Shocks, draw_shocks
from polgap.simulate._story import Cast, tell
from polgap.simulate._world import Cubes, make_world

Array = NDArray[np.floating[Any]]

PARTS = ("all", "published", "panel", "sceptical")
"""Parts of the evidence; ``all`` is the mixture."""

MOST = 500
"""Futures played at most."""


@dataclass(frozen=True)
class Played:
    """What each option leads to.

    Parameters
    ----------
    outcome : Outcome, dims (option, area, month, draw)
        Under the mixture ``all``: unmet_need (officers), civilian_deaths, all_deaths, cover
        (share of need), host_effective (officers), trust (0 to 1), misconduct (0 or 1); and
        cost, dims (option, draw), USD.
    rows : list of dict
        option, measure, part, units, low, mid, high (contracts.md 2, "outcome").
    storyline : Mapping
        A bad future of the recommended option: option, draw and lines of month, code, values.
    shocks : pd.DataFrame
        shock, chance, hit_share.
    """

    outcome: Outcome
    rows: list[dict[str, Any]]
    storyline: Mapping[str, Any]
    shocks: pd.DataFrame
    notes: tuple[Note, ...] = ()


def play(
    study: Study,
    inputs: Inputs,
    futures: Futures,
    assessment: Assessment,
    deployed: Mapping[str, Deployed],
    effects: Effects,
    hours: xr.DataArray,
    theta: draws.Parameters,
    shocks: pd.DataFrame | None = None,
) -> Played:
    """Return what each option leads to over the same futures, shocks and luck.

    The futures are violence under the present mission, so ``status_quo`` has to be among the
    options: an option moves civilian deaths by the police it has within reach more or less than
    that. Options differ by what they do, never by luck.

    Parameters
    ----------
    study : Study
    inputs : Inputs
        Areas (names) and pledges are read.
    futures : Futures, dims (area, month, draw), deaths
    assessment : Assessment, dims (area, month, function, draw), officers on strength
    deployed : Mapping of option -> Deployed, over the reported months
    effects : Effects, change of the log rate per 1,000 police
    hours : xr.DataArray, dims (area, serves), hours between area seats
    theta : Parameters
    shocks : pd.DataFrame, optional
        Rows of ``shocks.csv``; all of them by default, none for a calm run.

    Returns
    -------
    Played
        Over at most 500 of the futures, thinned evenly.

    Raises
    ------
    LabelError
        If areas, months or draws of the inputs differ.
    StudyError
        If ``status_quo`` is missing, a unit type, function or shock is unknown, or the planner's
        self-excitation and spill-over add to one or more.

    References
    ----------
    design/planning.md 4.1 (equations), design/evidence.md 4 (effects).

    Examples
    --------
    One area, one formed unit, no effect of police and no shocks: ten civilians die in either
    month, and of 100 officers asked for, 16 are missing.

    >>> from polgap import catalogue
    >>> from polgap.domain import Plan, cube, empty_table
    >>> from polgap.simulate import play
    >>> study = Study("Exercise", "2020-12", months=2, forecast_months=2, draws=3)
    >>> months, names = study.report_months, ("areas", "towns", "host_police", "willingness",
    ...     "other_providers", "mandate", "pledges", "rules", "programmes")
    >>> where = {"area": ["a"], "month": months}
    >>> deaths = cube(np.full((1, 2, 3), 10), units="deaths", **where, draw=range(3))
    >>> kinds = ("state_based", "non_state", "one_sided")
    >>> futures = Futures(xr.Dataset(dict.fromkeys(kinds, deaths)))
    >>> asked = cube(np.full((1, 2, 1, 3), 100.0), units="officers", **where,
    ...     function=["protection"], draw=range(3))
    >>> people = cube([1e6], units="persons", area=["a"])
    >>> found = Assessment(asked, asked * 0, asked, asked, np.zeros(3), None, pd.DataFrame(),
    ...     {"a": "fighting"}, (0, 0, 0), people)
    >>> unit = cube(np.full((1, 1, 2, 3), 84.0), units="officers", unit_type=["FPU"], **where,
    ...     draw=range(3))
    >>> here = Plan("status_quo", pd.DataFrame({"pledge": "p", "unit_type": "FPU", "area": "a",
    ...     "month": months, "number": 1.0}), pd.DataFrame({"unit_type": ["FPU"], "area": ["a"],
    ...     "serves": ["a"], "share": [1.0]}))
    >>> mission = {"status_quo": Deployed(here, unit, unit.squeeze("unit_type"), np.ones(3))}
    >>> tables = {name: empty_table(name) for name in names}
    >>> inputs = Inputs(panel=futures, **tables)
    >>> none = Effects({part: np.zeros(3) for part in PARTS}, cap=1132.0)
    >>> here = cube([[0.0]], units="hours", area=["a"], serves=["a"])
    >>> theta = draws.Parameters(catalogue.parameters(), 1, 3)
    >>> calm = play(study, inputs, futures, found, mission, none, here, theta,
    ...     shocks=catalogue.table("shocks").iloc[:0])
    >>> calm.outcome["civilian_deaths"].values.ravel().tolist()
    [10.0, 10.0, 10.0, 10.0, 10.0, 10.0]
    >>> calm.outcome["unmet_need"].isel(month=0).values.ravel().tolist()
    [16.0, 16.0, 16.0]
    """
    _check(study, futures, assessment, deployed, effects, hours, theta)
    kept, _ = draws.reduce(futures.sizes["draw"], MOST)
    cubes = Cubes(study, futures, assessment, deployed, hours, kept)
    labels = cubes.labels
    chance = table("shocks") if shocks is None else shocks
    luck = draw_shocks(
        chance, study.seed, futures.sizes["draw"], kept, len(labels.months), cubes.spike_weight()
    )
    world = make_world(cubes, luck, effects.cap, theta)
    forces, failing = _forces(cubes, luck, inputs, deployed)
    rows: list[dict[str, Any]] = []
    paths: dict[str, Path] = {}
    for name, force in forces.items():
        for part in PARTS:
            beta = np.asarray(effects.log_rate[part], dtype=float)[kept]
            path = live(world, force, beta)
            rows += rows_of(name, part, totals(path, force.cost, world.population), beta)
            if part == "all":
                paths[name] = path
    outcome = _outcome(paths, forces, cubes)
    option = _told(paths)
    cast = Cast(option, paths[option], forces[option], deployed[option].plan, luck, failing)
    names = dict(zip(inputs.areas["area"], inputs.areas["name"], strict=True))
    people = world.population
    storyline = tell(cast, labels, names, cubes.near(), people, cubes.draw_labels())
    return Played(
        outcome,
        rows,
        storyline,
        luck.table(),
        _notes(paths, effects, kept, futures.sizes["draw"]),
    )


def _forces(
    cubes: Cubes, luck: Shocks, inputs: Inputs, deployed: Mapping[str, Deployed]
) -> tuple[dict[str, Force], str | None]:
    """Return the force of each option after the shocks, and the pledge that may fail."""
    pledges, labels = inputs.pledges, cubes.labels
    failing = largest_pledge(deployed, pledges, labels)
    standing = pledges.loc[pledges["readiness"] == "in_mission", "pledge"].astype(str)
    present = frozenset(standing)
    officers = {name: cubes.officers(name) for name in deployed}
    each = per_unit(officers, deployed, labels)
    forces = {
        name: after_shocks(
            option,
            officers[name],
            cubes.police(name),
            cubes.cost(name),
            shocks=luck,
            failing=failing,
            present=present,
            each=each,
            labels=labels,
        )
        for name, option in deployed.items()
    }
    return forces, failing


def _outcome(paths: Mapping[str, Path], forces: Mapping[str, Force], cubes: Cubes) -> Outcome:
    """Return the paths with their labels, dims (option, area, month, draw)."""
    units = {
        **dict.fromkeys(LASTING, "share"),
        "unmet_need": "officers",
        "civilian_deaths": "deaths",
        "all_deaths": "deaths",
        "host_effective": "officers",
        "misconduct": "incidents",
    }
    dims = ("option", "area", "month", "draw")
    data = {}
    for name in LASTING:
        stacked = np.stack([path.of[name].transpose(1, 0, 2) for path in paths.values()])
        data[name] = xr.DataArray(stacked, dims=dims, attrs={"units": units[name]})
    cost = np.stack([force.cost for force in forces.values()])
    data["cost"] = xr.DataArray(cost, dims=("option", "draw"), attrs={"units": UNITS["cost"]})
    coords = {
        "option": list(paths),
        "area": list(cubes.labels.areas),
        "month": list(cubes.labels.months),
        "draw": cubes.draw_labels(),
    }
    return Outcome(xr.Dataset(data, coords=coords))


def _told(paths: Mapping[str, Path]) -> str:
    """Return the option whose bad future is told: ``recommended``, else the best but today's."""
    if "recommended" in paths:
        return "recommended"
    others = [name for name in paths if name != "status_quo"] or list(paths)
    return min(others, key=lambda name: float(paths[name].of["unmet_need"].sum(dtype=float)))


def _notes(
    paths: Mapping[str, Path], effects: Effects, kept: NDArray[np.int64], count: int
) -> tuple[Note, ...]:
    """Return what the reader must know about these figures."""
    notes = [
        Note("note.simulate_kernel"),
        Note("note.simulate_other_violence"),
        Note("note.simulate_recalled"),
    ]
    if len(kept) < count:
        notes.append(Note("note.simulate_futures", {"used": len(kept), "drawn": count}))
    for option, path in paths.items():
        if path.outside > 0:
            percent = max(1, round(100 * path.outside))
            values = {"option": option, "percent": percent, "cap": round(effects.cap)}
            notes.append(Note("note.simulate_outside_record", values))
    return tuple(notes)


def _check(
    study: Study,
    futures: Futures,
    assessment: Assessment,
    deployed: Mapping[str, Deployed],
    effects: Effects,
    hours: xr.DataArray,
    theta: draws.Parameters,
) -> None:
    """Refuse inputs that do not fit together."""
    if "status_quo" not in deployed:
        raise StudyError(f"options: got {list(deployed)}; wanted status_quo among them")
    require_same(futures, assessment.requirement, "area", "draw")
    for part in (assessment.need, assessment.host, assessment.shortfall):
        require_same(assessment.requirement, part, "area", "month", "function", "draw")
    for option in deployed.values():
        require_same(futures, option.mission, "draw")
        require_same(option.mission, option.strength, "area", "month", "draw")
    require_same(futures, hours, "area")
    problems = []
    if hours["serves"].values.tolist() != hours["area"].values.tolist():
        problems.append(Problem("other labels", "those of area", "labels_differ", column="serves"))
    areas = set(futures["area"].values.tolist())
    for name, option in deployed.items():
        if foreign := sorted(set(option.mission["area"].values.tolist()) - areas):
            got = f"{name} deployed to {foreign}"
            problems.append(Problem(got, "areas of the theatre", "labels_differ", column="area"))
    months = set(study.report_months)
    where = {"futures": futures, "requirement": assessment.requirement}
    where.update({f"mission of {name}": d.mission for name, d in deployed.items()})
    for name, cube in where.items():
        missing = sorted(months - set(cube["month"].values.tolist()))
        if missing:
            problems.append(Problem(f"{name} without {missing}", "all reported months", "month"))
    count = futures.sizes["draw"]
    sizes = {"effects": len(effects.log_rate["all"]), "parameters": theta.draws}
    for name, size in sizes.items():
        if size != count:
            problems.append(Problem(f"{size} draws of {name}", f"{count}", "draws"))
    if problems:
        raise LabelError(problems)
