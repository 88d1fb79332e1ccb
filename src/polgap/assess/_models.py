"""Models of need: for each function the default, bottom-up, and others to compare it with.

``catalogue/need_models.csv`` lists them with parameters, source and mark; here is one function
for each row. All take the `Facts` of a block of areas and return officers on strength, shape
(area, month or 1, draw). A rule ``need_model`` with ``function=model`` in its column units chooses
another than the default; what differs between models is uncertainty of the model and is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from polgap.assess import _need, _violence
from polgap.assess._cases import Cases, cases
from polgap.assess._convert import OnDuty, on_strength
from polgap.assess._dated import markets, reception, sites_held
from polgap.assess._incidents import HOURS_PER_MONTH, PEAK, poisson_quantile
from polgap.assess._posts import Place
from polgap.domain import Panel
from polgap.domain.cubes import FloatArray
from polgap.errors import StudyError

DEFAULT = "bottom_up"
PATROL = 2.0
"""Officers of a patrol that answers a call."""


@dataclass(frozen=True)
class Facts:
    """What the need of a block of areas is counted from.

    Parameters
    ----------
    place : Place
    part : slice
        The block.
    lethal : array, shape (area, month, draw), lethal events of the block
    pooled : mapping
        ``protection`` and ``public_order`` of the block with surges pooled within reach,
        officers on strength.
    predation : array, shape (area, 1, draw), officers on strength
        Protection need that predatory officers add.
    officers : array, shape (area, draw)
        Host officers there to be mentored.
    panel, protests : Panel, pd.DataFrame
        Observed assemblies.
    """

    place: Place
    part: slice
    lethal: FloatArray
    pooled: Mapping[str, FloatArray]
    predation: FloatArray
    officers: FloatArray
    panel: Panel
    protests: pd.DataFrame

    @cached_property
    def incidents(self) -> FloatArray:
        """Mean incidents at once, shape (area, month, draw)."""
        return _violence.incidents_at_once(self.place, self.lethal, self.part)

    @cached_property
    def assemblies(self) -> FloatArray:
        """Mean assemblies at once, shape (area, month or 1, draw)."""
        mean, _ = _violence.assemblies_at_once(self.place, self.panel, self.protests)
        return mean[self.part]

    @cached_property
    def cases(self) -> Cases:
        """Serious cases a month by function."""
        return cases(self.place, self.part, self.lethal)

    @property
    def calendar(self) -> FloatArray | float:
        """Officers that returns and markets ask for in public order."""
        return reception(self.place, self.part) + markets(self.place, self.part)

    def strength(self, on_duty: FloatArray) -> FloatArray:
        """Return officers on strength of officers on duty."""
        return on_strength(OnDuty(np.asarray(on_duty)), self.place.relief)

    def by_people(self, parameter: str) -> FloatArray:
        """Return a parameter per 100,000 inhabitants as a number, shape (area, 1, draw)."""
        people = self.place.population[self.part, None]
        return np.asarray(people * self.place.theta[parameter] / 1e5)


Model = Callable[[Facts], FloatArray]


def _protection(f: Facts) -> FloatArray:
    """Incidents at once in the draw's own month, surge pooled within reach, plus sites held."""
    return f.pooled["protection"] + sites_held(f.place, f.part) + f.predation


def _protection_queue(f: Facts) -> FloatArray:
    """Each area alone ready for its 95 % day: an upper end, for no unit is shared."""
    crew = _violence.protection_crew(f.place)
    alone = f.strength(poisson_quantile(f.incidents, PEAK) * crew)
    return alone + sites_held(f.place, f.part) + f.predation


def _protection_workload(f: Facts) -> FloatArray:
    """Mean officer-hours that incidents bind (Little's law): a lower end without any reserve."""
    mean = f.strength(f.incidents * f.place.theta["officers_per_incident"])
    return mean + sites_held(f.place, f.part) + f.predation


def _protection_posts(f: Facts) -> FloatArray:
    """Standing sub-units by inhabitants, whatever happens."""
    return _standing(f) + sites_held(f.place, f.part) + f.predation


def _public_order(f: Facts) -> FloatArray:
    """Assemblies at once, surge pooled within reach, plus the calendar."""
    return f.pooled["public_order"] + f.calendar


def _public_order_queue(f: Facts) -> FloatArray:
    """Each area alone ready for its 95 % day, plus the calendar."""
    crew = _violence.assembly_crew(f.place)
    return f.strength(poisson_quantile(f.assemblies, PEAK) * crew) + f.calendar


def _public_order_workload(f: Facts) -> FloatArray:
    """Mean officer-hours at assemblies (Little's law), plus the calendar."""
    return f.strength(f.assemblies * f.place.theta["officers_per_protest"]) + f.calendar


def _public_order_posts(f: Facts) -> FloatArray:
    """Standing sub-units by inhabitants, plus the calendar."""
    return _standing(f) + f.calendar


def _standing(f: Facts) -> FloatArray:
    return f.strength(f.by_people("standing_subunits_per_100k") * f.place.theta["subunit_strength"])


def _open(f: Facts, number: FloatArray) -> FloatArray:
    """Return investigators on strength for the 95 % point of cases open at once."""
    theta = f.place.theta
    open_ = poisson_quantile(np.asarray(number * theta["case_months_open"]), PEAK)
    return np.asarray(open_ / theta["open_cases_per_investigator"])


def _sgbv_queue(f: Facts) -> FloatArray:
    """Open cases over cases an investigator carries, plus posts with two women on duty."""
    return _open(f, f.cases.sgbv) + _need.women_posts(f.place, f.part)


def _investigation_queue(f: Facts) -> FloatArray:
    """Open cases over cases an investigator carries, plus minor offences of the books."""
    found = _open(f, f.cases.ordinary)
    if f.place.offences:
        found = found + f.cases.minor * f.place.theta["minor_case_officer_months"]
    return np.asarray(found)


def _each_station(f: Facts) -> FloatArray:
    """One officer around the clock at each station."""
    return f.strength(f.by_people("stations_per_100k"))


def _calls(f: Facts) -> FloatArray:
    """Return mean officers busy with calls at once, shape (area, 1, draw)."""
    theta = f.place.theta
    calls = f.place.population[f.part, None] * theta["calls_per_1000_month"] / 1e3
    return np.asarray(calls * theta["call_officer_hours"] / HOURS_PER_MONTH)


def _community_queue(f: Facts) -> FloatArray:
    """Return a patrol of two for each call at once, at the 95 % point."""
    return f.strength(poisson_quantile(_calls(f) / PATROL, PEAK) * PATROL)


MODELS: dict[str, dict[str, Model]] = {
    "protection": {
        DEFAULT: _protection, "queue": _protection_queue, "workload": _protection_workload,
        "posts": _protection_posts,
    },
    "public_order": {
        DEFAULT: _public_order, "queue": _public_order_queue, "workload": _public_order_workload,
        "posts": _public_order_posts,
    },
    "sgbv": {
        DEFAULT: lambda f: _need.sgbv(f.place, f.part, f.cases), "queue": _sgbv_queue,
        "posts": lambda f: _need.women_posts(f.place, f.part),
    },
    "serious_crime": {
        DEFAULT: lambda f: _need.serious_crime(f.place, f.cases),
        "queue": lambda f: _open(f, f.cases.serious),
    },
    "investigation": {
        DEFAULT: lambda f: _need.investigation(f.place, f.cases),
        "queue": _investigation_queue, "posts": _each_station,
    },
    "static": {DEFAULT: lambda f: _need.static(f.place, f.part)},
    "custody": {DEFAULT: lambda f: _need.custody(f.place, f.part), "posts": _each_station},
    "elections": {DEFAULT: lambda f: _need.elections(f.place, f.part)},
    "border": {DEFAULT: lambda f: _need.border(f.place, f.part)},
    "community": {
        DEFAULT: lambda f: _need.community(f.place, f.part),
        "workload": lambda f: f.strength(_calls(f)), "queue": _community_queue,
        "posts": lambda f: _need.stations(f.place, f.place.population[f.part, None]),
    },
    "development": {DEFAULT: lambda f: _need.development(f.officers, f.place.theta)},
}  # fmt: skip
"""Function -> model -> how it is counted; the default first."""


def chosen(rules: pd.DataFrame) -> dict[str, str]:
    """Return the model of each function: the default unless a rule ``need_model`` names another.

    Raises
    ------
    StudyError
        If a rule names no model of this list.

    Examples
    --------
    >>> rules = pd.DataFrame({"rule": ["need_model"], "units": ["community=queue"]})
    >>> found = chosen(rules)
    >>> found["community"], found["protection"]
    ('queue', 'bottom_up')
    """
    found = dict.fromkeys(MODELS, DEFAULT)
    for units in rules.loc[rules["rule"] == "need_model", "units"]:
        function, _, model = (part.strip() for part in str(units).partition("="))
        if model not in MODELS.get(function, {}):
            known = ", ".join(f"{f}={m}" for f, models in MODELS.items() for m in models)
            raise StudyError(f"rule need_model: got units {units!r}; wanted one of {known}")
        found[function] = model
    return found
