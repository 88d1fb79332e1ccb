"""What is true in the exercise and hidden from the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import KINDS, Panel, add_months, cube, month_number, month_range
from polgap.draws import stream
from polgap.examples import _violence
from polgap.examples._institutions import Institutions
from polgap.examples._mission import Mission
from polgap.examples._need import Play, hidden_need, sizes, true_size
from polgap.examples._people import People

Array = NDArray[np.floating[Any]]

CRISIS_CHANCE_YEAR, CRISIS_LOSS = 0.12, 0.115
"""An attrition crisis of an institution in a province: as in Haiti in 2023 (shocks.csv)."""
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Truth:
    """The world behind the exercise, stored apart from what a planner may see.

    Parameters
    ----------
    constants : mapping
        Of the violence process: constants, base rates, known turns.
    sizes : mapping
        True value of each need parameter.
    rate : xr.DataArray, dims (kind, area, month)
        Expected lethal events given the past; history and the months after the origin.
    history, panel : Panel
        What happened up to the origin, and in the months after it, in the true areas.
    events : pd.DataFrame
        The same, one row an event with its day; column area is the true area.
    need, host, shortfall : xr.DataArray, dims (area, month, function), officers on strength
    institutions : pd.DataFrame
        institution, area, roll, operational, available, able, willing, harm at the origin.
    roll : pd.DataFrame
        institution, area, month, roll: month 0 is the origin.
    arrival : pd.DataFrame
        pledge, month: months from the origin to effect; inf = never.
    """

    constants: Mapping[str, Any]
    sizes: Mapping[str, float]
    rate: xr.DataArray
    history: Panel
    panel: Panel
    events: pd.DataFrame
    need: xr.DataArray
    host: xr.DataArray
    shortfall: xr.DataArray
    institutions: pd.DataFrame
    roll: pd.DataFrame
    arrival: pd.DataFrame


def truth(
    seed: int, people: People, happened: _violence.Violence, police: Institutions,
    mission: Mission, origin: str,
) -> Truth:  # fmt: skip
    """Return the world behind the exercise."""
    keys = people.areas["area"].tolist()
    months = month_range(add_months(origin, 1), _violence.AHEAD)
    after = happened.events[happened.events["month"] > origin].reset_index(drop=True)
    panel = to_panel(after, keys, months)
    known = happened.events[happened.events["month"] <= origin]
    past = [m for m in happened.months if m <= origin]
    true = sizes(seed)
    roll = _rolls(seed, police, origin, len(months))
    need = _need(seed, people, police, mission, panel, true, months)
    host = _host(police, need, roll, keys)
    return Truth(
        {
            **_violence.CONSTANTS,
            "base": _violence.BASE,
            "marks": _violence.MARKS,
            "calendar": _violence.CALENDAR,
            "rho": police.rho,
        },
        true,
        xr.DataArray(
            happened.rate,
            dims=("kind", "area", "month"),
            coords={"kind": list(KINDS), "area": keys, "month": happened.months},
            attrs={"units": "events"},
        ),
        to_panel(known, keys, past),
        panel,
        after,
        need,
        host,
        (need - host).clip(min=0.0).assign_attrs(units=need.attrs["units"]),
        police.true.drop(columns=["parent", "role"]),
        roll,
        _arrivals(seed, mission.pledges, origin),
    )


def to_panel(events: pd.DataFrame, areas: list[str], months: list[str]) -> Panel:
    """Return the panel of events that name their area: deaths by kind, events, assemblies."""
    a = events["area"].map({key: i for i, key in enumerate(areas)}).to_numpy(int)
    t = events["month"].map({m: i for i, m in enumerate(months)}).to_numpy(int)
    kind, deaths = events["kind"].to_numpy(), events["deaths"].to_numpy(float)
    found = {}

    def count(name: str, of: NDArray[np.bool_], weight: Array) -> None:
        values = np.zeros((len(areas), len(months)))
        np.add.at(values, (a[of], t[of]), weight[of])
        found[name] = cube(values, units="deaths" if name in KINDS else "events", area=areas,
                           month=months)  # fmt: skip

    one = np.ones(len(events))
    for name in KINDS:
        count(name, kind == name, deaths)
    count("events", np.isin(kind, KINDS), one)
    count("protests", kind == "protest", one)
    count("riots", kind == "riot", one)
    return Panel(xr.Dataset(found))


def _need(
    seed: int, people: People, police: Institutions, mission: Mission, panel: Panel,
    true: Mapping[str, float], months: list[str],
) -> xr.DataArray:  # fmt: skip
    keys = people.areas["area"].tolist()
    there = police.true.groupby("area")["available"].sum().reindex(keys, fill_value=0.0)
    preying = (police.true["available"] * police.true["harm"]).groupby(police.true["area"]).sum()
    play = Play(
        panel["events"].values,
        (panel["protests"] + panel["riots"]).values,
        there.to_numpy(float),
        preying.reindex(keys, fill_value=0.0).to_numpy(float),
    )
    by_function = hidden_need(seed, people, mission.rules, months, play, true)
    functions = [f for f in catalogue.table("functions")["function"] if f in by_function]
    values = np.stack([by_function[f] for f in functions], axis=-1)
    return cube(values, units="officers on strength", area=keys, month=months, function=functions)


def _host(
    police: Institutions, need: xr.DataArray, roll: pd.DataFrame, keys: list[str]
) -> xr.DataArray:
    """Return officers that host-State police give by function, in the order of priority.

    Each institution gives a function at most its willing share of able officers; an officer
    serves one function. The most that the first functions can have is the smallest cut of a
    small network (gap-model.md 5), here listed for two institutions.
    """
    rows = police.true.set_index(["institution", "area"])
    usable = (rows["available"] / rows["roll"]) * rows["able"]
    path = roll[roll["month"] > roll["month"].min()]
    officers = (
        path["roll"].to_numpy()
        * usable.loc[pd.MultiIndex.from_frame(path[["institution", "area"]])].to_numpy()
    )
    strength = (
        path.assign(officers=officers)
        .pivot_table(index=["institution", "area"], columns="month", values="officers")
        .fillna(0.0)
    )
    gives = catalogue.table("functions").set_index("function")["host_gives"].astype(float)
    may = gives.loc[need["function"].values].to_numpy()
    host = np.zeros(need.shape)
    for a, area in enumerate(keys):
        here = [i for i in rows.index.get_level_values(0).unique() if (i, area) in rows.index]
        if not here:
            continue
        force = np.stack([strength.loc[(i, area)].to_numpy() for i in here])
        willing = np.array([float(rows.loc[(i, area), "willing"]) for i in here])
        host[a] = _served(need.values[a], force, willing[:, None] * may)
    return need.copy(data=host)


def _served(need: Array, force: Array, share: Array) -> Array:
    """Return officers serving each function, shape (month, function), by listing the cuts."""
    best = np.full(need.shape, np.inf)
    for cut in np.ndindex(*[2] * len(force)):
        inside = np.array(cut, dtype=bool)
        arcs = np.einsum("it,if->tf", force[~inside], share[~inside])
        flow = force[inside].sum(axis=0)[:, None] + np.minimum(need, arcs).cumsum(axis=1)
        best = np.minimum(best, flow)
    return np.diff(best, axis=1, prepend=0.0).clip(0.0)


def _rolls(seed: int, police: Institutions, origin: str, months: int) -> pd.DataFrame:
    """Return the true roll by institution, area and month: growth, loss and crises.

    Where an institution is willing, support makes it grow as `host_growth_year` says, with luck
    by province; elsewhere it loses `host_attrition_year`. A crisis takes an eighth in a year.
    """
    growth, loss = (true_size(seed, n) for n in ("host_growth_year", "host_attrition_year"))
    rows = []
    for k, ((name, _), part) in enumerate(
        police.true.groupby(["institution", "parent"], sort=False)
    ):
        rng = stream(seed, "truth", "roll", k)
        supported = float(part["willing"].mean()) >= 0.35
        yearly = growth + rng.normal(0.0, 0.03) if supported else -loss
        step = np.full(months, yearly / 12.0) + rng.normal(0.0, 0.004, months)
        for t in np.flatnonzero(rng.random(months) < CRISIS_CHANCE_YEAR / 12.0):
            step[t : t + 12] += np.log1p(-CRISIS_LOSS) / 12.0 - max(0.0, yearly) / 12.0
        change = np.exp(np.concatenate([[0.0], np.cumsum(step)]))
        for row in part.to_dict("records"):
            rows.append(
                pd.DataFrame(
                    {
                        "institution": name,
                        "area": row["area"],
                        "month": month_range(origin, months + 1),
                        "roll": np.round(row["roll"] * change, 1),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def _arrivals(seed: int, pledges: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Return when each pledge takes effect: lognormal stages, a chance to fail, the offer's dates.

    The first month at whose start it stands there, counted from the origin as 1.
    """
    laws = catalogue.table("lead_times")
    instrument = catalogue.table("unit_types").set_index("unit_type")["instrument"]
    points = catalogue.parameters()
    decision = _lognormal(stream(seed, "truth", "decision"), *_ends(points["decision_days"]))
    found = []
    for k, row in enumerate(pledges.to_dict("records")):
        if row["readiness"] == "in_mission":
            found.append(0.0)
            continue
        rng = stream(seed, "truth", "arrival", k)
        ready = laws["readiness"].str.split().map(lambda r, want=row["readiness"]: want in r)
        fits = ready & (laws["instrument"] == instrument[row["unit_type"]])
        stages = str(laws.loc[fits, "stages"].iloc[0]).split()
        days = decision + sum(_lognormal(rng, *_ends(points[s])) for s in stages)
        month = 1.0 + np.ceil(days / DAYS_A_MONTH)
        if row["from"]:
            month = max(month, 1.0 + month_number(row["from"]) - month_number(origin))
        last = month_number(row["until"]) - month_number(origin) if row["until"] else np.inf
        comes = rng.random() < float(row["chance"]) and month <= last
        found.append(float(month) if comes else np.inf)
    return pd.DataFrame({"pledge": pledges["pledge"], "month": found})


def _ends(parameter: catalogue.Parameter) -> tuple[float, float]:
    return parameter.low, parameter.high


def _lognormal(rng: np.random.Generator, low: float, high: float) -> float:
    """Return one draw of a lognormal whose 10 and 90 % points are low and high."""
    middle, spread = np.log(low * high) / 2.0, np.log(high / low) / 2.563
    return float(np.exp(rng.normal(middle, max(spread, 1e-9))))
