"""Records: small frozen facts that flow between the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.domain.cubes import Arrival, Mission, Need, Panel, Provision, Requirement
from polgap.domain.months import add_months, month_range
from polgap.domain.tables import empty_table

Array = NDArray[np.floating[Any]]

BASES = ("given", "computed", "assumed", "recalled", "exercise")
"""Where a number comes from (contracts.md 10)."""

POSTURES = (
    "monitor",
    "mentor",
    "operational_support",
    "reinforce",
    "partial_replace",
    "full_replace",
)
"""Rungs of the mandate ladder, lowest first."""

POWERS = ("none", "protect", "search_hold", "urgent_temporary", "partial_executive", "executive")
"""Grades of powers, lowest first (gap-model.md 8)."""

NOBODY = "none (assumed)"
"""Assessor role of a willingness that the import wrote because nobody had given one."""

GOVERNANCE = "governance series"
"""Assessor role of a willingness that stands on country-year series alone."""

PHASES = ("fighting", "ceasefire", "post_conflict", "transition")
"""Phases of an area-month (gap-model.md 7)."""


@dataclass(frozen=True)
class Note:
    """Something the reader must know: a message code and the values it is filled with.

    The sentence itself stands in ``catalogue/messages``, in each language.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """What was asked: theatre, clock and size of the run.

    Parameters
    ----------
    origin : str
        Last month of the source's stated coverage, ``YYYY-MM``; horizon 1 is the month after.
    months : int
        Months reported and planned for, from `first_month`.
    forecast_months : int
        Months forecast; hand-over is looked for among all of them.
    capital : str
        Area key of the capital ("" when unknown: the area of the largest town).
    basis : str
        ``given``, ``assumed`` (something notional entered) or ``exercise``.
    """

    theatre: str
    origin: str
    iso3: str = ""
    mission: str = ""
    months: int = 12
    forecast_months: int = 36
    draws: int = 1000
    seed: int = 1
    capital: str = ""
    basis: str = "given"
    language: str = ""

    @property
    def first_month(self) -> str:
        """The month after the origin."""
        return add_months(self.origin, 1)

    @property
    def report_months(self) -> list[str]:
        """Labels of the months reported."""
        return month_range(self.first_month, self.months)

    @property
    def all_months(self) -> list[str]:
        """Labels of the months forecast."""
        return month_range(self.first_month, self.forecast_months)


@dataclass(frozen=True)
class Inputs:
    """Everything a run reads: tables as in ``schema.csv`` and the panel of violence.

    `manifest` lists the files behind the tables (name, sha256, rows, as_of, ...), `notes` what
    the import found worth saying. `travel` holds hours (season, area, serves) from the roads or
    the friction raster of the planner; None: there are none, and speeds are assumed.
    """

    areas: pd.DataFrame
    towns: pd.DataFrame
    panel: Panel
    host_police: pd.DataFrame
    willingness: pd.DataFrame
    other_providers: pd.DataFrame
    mandate: pd.DataFrame
    pledges: pd.DataFrame
    rules: pd.DataFrame
    programmes: pd.DataFrame
    overrides: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    manifest: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[Note, ...] = ()
    crime: pd.DataFrame = field(default_factory=lambda: empty_table("crime"))
    protests: pd.DataFrame = field(default_factory=lambda: empty_table("protests"))
    travel: xr.DataArray | None = None
    hrddp: pd.DataFrame = field(default_factory=lambda: empty_table("hrddp"))


@dataclass(frozen=True)
class Posture:
    """The rung of the mandate ladder in each area, with its preconditions.

    Parameters
    ----------
    rung : Mapping[str, str]
        Area -> posture.
    powers : int
        Grade of powers, position in `POWERS`.
    required : Mapping[str, tuple of (name, met)]
        Area -> legal and human-rights preconditions of its rung.
    basis : str
        ``given`` when the mandate names a rung, else ``assumed``.
    """

    rung: Mapping[str, str]
    powers: int
    required: Mapping[str, tuple[tuple[str, bool], ...]]
    basis: str
    notes: tuple[Note, ...] = ()

    @property
    def preconditions(self) -> tuple[tuple[str, bool], ...]:
        """Preconditions of all areas; met where every area that needs one has it."""
        found: dict[str, bool] = {}
        for rows in self.required.values():
            for name, met in rows:
                found[name] = met and found.get(name, True)
        return tuple(found.items())


@dataclass(frozen=True)
class Assessment:
    """The policing gap: need, provision, mission requirement and why.

    Parameters
    ----------
    need : Need, dims (area, month, function, draw), officers on strength
    host : Provision, dims (area, month, function, draw), officers on strength
        Effective host-State police assigned to functions.
    shortfall : xr.DataArray, dims (area, month, function, draw), officers on strength
        National shortfall, ``max(0, need - host)``.
    requirement : Requirement, dims (area, month, function, draw), officers on strength
        What is asked of the mission (R).
    institutional : array, shape (draw,), officers on strength
        National shortfall at month 12 of the unsupported path, without the mission.
    why : Mapping[str, float] or None
        Shapley shares numbers, presence, capability, will and structural; they sum to 1.
    why_by_area : pd.DataFrame
        Columns area and the five shares (an area's share may be negative).
    phases : Mapping[str, str]
        Area -> phase at the origin.
    parts : Mapping[str, pd.DataFrame]
        What stands behind: ``why_by_function`` and ``why_by_cell`` (the shares again),
        ``institutions``, ``assessors``, ``ledger`` (other providers) and ``advice``. The last four
        speak of institutions: for the internal edition only.
    mentoring : xr.DataArray or None, dims (area, month), officers on strength
        What host-State police give more where all mentors asked for are there; None where no rule
        asks the plan to count it.
    """

    need: Need
    host: Provision
    shortfall: xr.DataArray
    requirement: Requirement
    institutional: Array
    why: Mapping[str, float] | None
    why_by_area: pd.DataFrame
    phases: Mapping[str, str]
    benchmark_band: tuple[float, float, float]
    population: xr.DataArray
    notes: tuple[Note, ...] = ()
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    mentoring: xr.DataArray | None = None


@dataclass(frozen=True)
class LeftOpen:
    """What a mission leaves open of the requirement.

    Parameters
    ----------
    unmet : xr.DataArray, dims (area, month, function, draw), officers on strength
    deployment, enforcement : xr.DataArray, dims (area, month, draw), officers on strength
        Heads missing; heads there but without the skill or the powers. They add to the unmet
        total in every draw.
    """

    unmet: xr.DataArray
    deployment: xr.DataArray
    enforcement: xr.DataArray

    def total(self) -> xr.DataArray:
        """Return officers left open over all areas and functions, dims (month, draw)."""
        return self.unmet.sum(["area", "function"])


@dataclass(frozen=True)
class Risk:
    """What a plan leaves unmet where officers are re-tasked each month, and in the worst futures.

    Parameters
    ----------
    aversion, tail : float
        Weight of the worst futures against the mean of all, and their share of all.
    futures : int
        Futures looked at.
    mean, worst : float, officer-months left unmet
        Over all futures, and over the worst of them.
    value, bound : float, officer-months
        Of the mix of both, and what no plan within the rules gets below.
    plain_mean, plain_worst, plain_value : float, officer-months
        The same of the plan that the worst futures do not weigh in.
    """

    aversion: float
    tail: float
    futures: int
    mean: float
    worst: float
    value: float
    bound: float
    plain_mean: float
    plain_worst: float
    plain_value: float

    @property
    def gap_percent(self) -> float:
        """Distance between value and bound, per cent of the value."""
        return 100.0 * max(0.0, self.value - self.bound) / self.value if self.value > 0 else 0.0


@dataclass(frozen=True)
class Plan:
    """Placed pledges over time.

    Parameters
    ----------
    table : pd.DataFrame
        pledge, unit_type, area, month, number: whole units in place at the start of the month,
        constant within a block of three months.
    tasking : pd.DataFrame
        unit_type, area, serves, share: which share of the units based in `area` works in
        `serves` (travel time within reach); shares of one (unit_type, area) sum to at most 1.
    value, bound : float
        Objective of the program at this plan (expected unmet officer-months) and a proven
        lower bound; NaN for a plan that no program made.
    risk : Risk, optional
        Where the rules give the worst futures a weight.
    mentors : pd.DataFrame, optional
        unit_type, serves, share: which share of those who serve an area mentor there and do
        nothing else; where no rule counts what mentoring brings, nobody is tied to it.
    """

    name: str
    table: pd.DataFrame
    tasking: pd.DataFrame
    value: float = float("nan")
    bound: float = float("nan")
    notes: tuple[Note, ...] = ()
    risk: Risk | None = None
    mentors: pd.DataFrame | None = None

    @property
    def gap_percent(self) -> float:
        """Distance between value and bound, per cent of the value."""
        if not np.isfinite(self.bound) or self.value <= 0:
            return 0.0 if self.value == self.bound else float("nan")
        return 100.0 * max(0.0, self.value - self.bound) / self.value


@dataclass(frozen=True)
class Deployed:
    """A plan with its luck: what is there, where it serves, and what it costs.

    Parameters
    ----------
    mission : Mission, dims (unit_type, area, month, draw), officers on strength, effective
        Where they serve.
    strength : xr.DataArray, dims (area, month, draw), officers on strength, deployed
        Where they are based.
    cost : array, shape (draw,), USD over the reported months
    """

    plan: Plan
    mission: Mission
    strength: xr.DataArray
    cost: Array


@dataclass(frozen=True)
class Timetable:
    """Force generation as activities that share resources, days from the origin.

    Parameters
    ----------
    steps : pd.DataFrame
        pledge, law, activity, resource ("" none), units, begin and end (days of the plan at middle
        durations): one row an activity, each after its predecessors.
    before : tuple of tuple of int
        Predecessors of each row.
    start, days : array, shape (row, draw)
        inf = never in this draw.
    blocker : array, shape (row, draw)
        Row whose end freed the resource waited for; -1 = none.
    again : array, shape (pledge of `steps` in order, draw), bool
        The offer failed and was called for again.
    resources : pd.DataFrame
        resource, capacity, basis: what is shared.
    method : str
        ``list`` or ``cp``: what ordered the plan at middle durations.
    """

    steps: pd.DataFrame
    before: tuple[tuple[int, ...], ...]
    start: Array
    days: Array
    blocker: NDArray[np.integer[Any]]
    again: NDArray[np.bool_]
    resources: pd.DataFrame
    method: str


@dataclass(frozen=True)
class Generation:
    """Force generation: when pledges take effect, and what decides it.

    Parameters
    ----------
    arrival : Arrival, dims (pledge, draw), months from the origin to effect; inf = never
    chain : pd.DataFrame
        readiness, activity, days (middle value), critical (bool): the generation chain.
    timetable : Timetable, optional
        When each activity of each pledge starts and ends, draw by draw.
    """

    arrival: Arrival
    chain: pd.DataFrame
    notes: tuple[Note, ...] = ()
    timetable: Timetable | None = None


@dataclass(frozen=True)
class Effects:
    """Drawn effects of mission police on civilian deaths, by part of the evidence mixture.

    Parameters
    ----------
    log_rate : Mapping[str, array of shape (draw,)]
        ``published``, ``panel``, ``sceptical`` and the mixture ``all``: change of the log rate
        per 1,000 mission police within reach.
    cap : float
        Police strength beyond which the effect is flat (outside the record).
    """

    log_rate: Mapping[str, Array]
    cap: float
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Result:
    """The answer: `blocks` is ``result.json`` (contracts.md 2), `details` feeds the brief.

    `tables` and `cubes` are what the run folder keeps beside them.
    """

    blocks: Mapping[str, Any]
    details: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    cubes: Mapping[str, xr.Dataset]
