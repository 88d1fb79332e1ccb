"""Put together need, provision, requirement and why: the policing gap by area and month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from polgap import catalogue
from polgap.assess import _models, _scope, _violence
from polgap.assess._books import offences
from polgap.assess._convert import relief_factor
from polgap.assess._host import host_police
from polgap.assess._institutional import MONTH, institutional
from polgap.assess._others import drained, other_providers
from polgap.assess._overrides import benchmark_band, check_override
from polgap.assess._phase import phases
from polgap.assess._police import Police
from polgap.assess._population import population
from polgap.assess._posts import Place
from polgap.assess._provision import facts
from polgap.assess._requirement import Ladder, ladder
from polgap.assess._why import MOST_DRAWS, why
from polgap.assess._willing import function_weights, willing
from polgap.domain import (
    Assessment,
    Futures,
    Inputs,
    Need,
    Note,
    Panel,
    Posture,
    Provision,
    Requirement,
    Study,
    cube,
    require_same,
)
from polgap.domain.cubes import FloatArray, IntArray
from polgap.draws import Parameters, reduce
from polgap.errors import LabelError, Problem, StudyError
from polgap.score import quantile

BLOCK = 16
"""Areas worked on at a time; results do not depend on it."""

_SWITCHED_BY_RULE = {"elections": "election", "border": "posts_border"}


def measure(
    study: Study,
    inputs: Inputs,
    futures: Futures,
    posture: Posture,
    hours: xr.DataArray,
    theta: Parameters,
    *,
    block: int = BLOCK,
) -> Assessment:
    """Return the policing gap: need, host provision, mission requirement, and why.

    All cubes are officers on strength over the months forecast, per draw; shortfalls are taken
    per draw and only then averaged. Functions stand in priority order; those switched off are 0
    and named in a note.

    Parameters
    ----------
    study : Study
    inputs : Inputs
    futures : Futures, dims (area, month, draw)
        At least the months forecast.
    posture : Posture
        A rung for every area.
    hours : xr.DataArray, dims (area, serves), hours of travel
    theta : Parameters
        With as many draws as `futures`.
    block : int
        Areas worked on at a time: memory, never results.

    Raises
    ------
    LabelError
        If areas, months or draws of the inputs differ.
    SchemaError
        If host police, willingness or other providers contradict themselves.
    StudyError
        If the posture has no rung for an area, or a police ratio is typed as a need.

    Examples
    --------
    >>> from polgap.domain import empty_table
    >>> tables = ("towns", "host_police", "willingness", "other_providers", "mandate", "pledges",
    ...           "rules", "programmes")
    >>> areas = pd.DataFrame({"area": ["north"], "name": ["North"], "parent": [""],
    ...                       "population": [1e5], "population_basis": ["given"]})
    >>> nothing = xr.zeros_like(cube(np.zeros((1, 36, 9)), units="deaths", area=["north"],
    ...                              month=Study("t", "2020-12").all_months, draw=range(9)))
    >>> kinds = ("state_based", "non_state", "one_sided", "events")
    >>> violence = xr.Dataset({k: nothing for k in kinds})
    >>> inputs = Inputs(areas, panel=violence.isel(draw=0, drop=True),
    ...                 **{name: empty_table(name) for name in tables})
    >>> study = Study("t", "2020-12", draws=9)
    >>> stay = Posture({"north": "reinforce"}, 1, {}, "given")
    >>> hours = cube([[0.0]], units="hours", area=["north"], serves=["north"])
    >>> gap = measure(study, inputs, violence, stay, hours,
    ...               Parameters(catalogue.parameters(), 1, 9))
    >>> bool((gap.shortfall == gap.need).all())  # no host police: the whole need is short
    True
    """
    ground = survey(study, inputs, futures, posture, hours, theta)
    shape = tuple(
        len(x) for x in (ground.areas, ground.months, ground.functions, range(theta.draws))
    )
    need, host, short, asked = (np.zeros(shape, dtype=np.float32) for _ in range(4))
    for part in blocks(len(ground.areas), block):
        need[part], host[part], short[part], asked[part] = measured(ground, part)

    keep, _ = reduce(theta.draws, MOST_DRAWS)
    reported = need[:, : study.months][..., keep]
    police = ground.police.thinned(keep)
    causes = why(reported, police, ground.areas)
    lacking = short[:, : study.months][..., keep]
    behind, held_off = facts(study, inputs, police, ground.capital, reported, lacking, theta)
    last = min(MONTH, len(ground.months)) - 1
    alone = institutional(need[:, last].astype(np.float64), ground.police, theta).sum(axis=0)

    def labelled(values: FloatArray) -> xr.DataArray:
        return cube(values, units="officers on strength", area=ground.areas, month=ground.months,
                    function=list(ground.functions), draw=range(theta.draws))  # fmt: skip

    people = cube(ground.place.population, units="persons", area=ground.areas,
                  draw=range(theta.draws))  # fmt: skip
    return Assessment(
        need=Need(labelled(need)),
        host=Provision(labelled(host)),
        shortfall=labelled(short),
        requirement=Requirement(labelled(asked)),
        institutional=alone,
        why=causes.shares,
        why_by_area=causes.by_area,
        phases=ground.phases,
        benchmark_band=ground.benchmark_band,
        population=people,
        notes=(*ground.notes, *causes.notes, *held_off),
        parts={**behind, "why_by_function": causes.by_function, "why_by_cell": causes.by_cell},
    )


@dataclass(frozen=True)
class Ground:
    """All that does not depend on the block, drawn once for the whole theatre.

    Nothing here is by function: it is an order of size smaller than need.
    """

    areas: list[str]
    capital: int
    months: list[str]
    functions: Mapping[str, bool]
    place: Place
    events: FloatArray
    guarded: FloatArray
    assemblies: FloatArray
    police: Police
    others: FloatArray
    ladder: Ladder
    phases: Mapping[str, str]
    benchmark_band: tuple[float, float, float]
    notes: tuple[Note, ...]
    group: IntArray
    models: Mapping[str, str]
    past: Panel
    protests: pd.DataFrame

    def thinned(self, positions: slice | IntArray) -> Ground:
        """Return the same ground on some of the draws, each as it is among all."""
        return replace(
            self,
            place=self.place.thinned(positions),
            ladder=self.ladder.thinned(positions),
            police=self.police.thinned(positions),
            events=self.events[..., positions],
            guarded=self.guarded[..., positions],
            assemblies=self.assemblies[..., positions],
        )


def survey(
    study: Study,
    inputs: Inputs,
    futures: Futures,
    posture: Posture,
    hours: xr.DataArray,
    theta: Parameters,
) -> Ground:
    """Return what the blocks are worked out from, its labels checked; parameters of `measure`."""
    areas = inputs.areas["area"].tolist()
    _check(study, areas, futures, inputs.panel, hours, theta)
    said = [n for name, v in inputs.overrides.items() for n in check_override(name, v)]
    on = functions_on(inputs.rules)
    months = study.all_months
    people = population(inputs.areas, theta.seed_of("population"), theta.draws)
    relief = relief_factor(theta["weekly_hours"], theta["absence_share"])
    books = offences(inputs.crime, areas, study.origin, theta)
    place = Place(inputs.areas, inputs.rules, months, people, relief, theta, books)

    home = _scope.capital(study, inputs.areas, inputs.towns)
    host = host_police(study, inputs.host_police, inputs.areas, home, people, posture.powers, theta)
    middle = inputs.areas["population"].to_numpy(dtype=float)
    host = drained(host, inputs.other_providers, inputs.areas, study, middle, theta)
    will = willing(study, inputs.willingness, host.institutions, inputs.areas, theta)
    now = np.ones(theta.draws)
    weights = function_weights(list(on))
    police = Police(host, will, list(on), weights, theta["harm_multiplier"], now)

    past = inputs.panel.sel(month=[m for m in inputs.panel["month"].values if m <= study.origin])
    group = _violence.reach_groups(hours.values)
    known = futures["month"].values.tolist()
    first = known.index(months[0])  # a slice copies nothing
    later = futures["events"].isel(month=slice(first, first + len(months)))
    ahead = later.transpose("area", "month", "draw").values
    guarded, pooling = _violence.protection(place, ahead, group)
    assemblies, unseen = _violence.public_order(place, Panel(past), group, inputs.protests)
    others, more = other_providers(inputs.other_providers, inputs.areas, months, list(on), middle)
    phase, unknown = phases(Panel(past), study.origin)
    if books:
        enough = np.logical_or.reduce([known for _, known in books.values()])
        values = {"areas": int(enough.sum()), "all": len(areas)}
        said.append(Note("assess.crime_books", values))
    said += [*host.notes, *will.notes, *more, *unknown]
    said += [*(unseen if on["public_order"] else ()), *_told(on, police, pooling)]
    return Ground(
        areas, home, months, on, place, ahead, guarded, assemblies, police, others,
        ladder(posture, areas, on, theta), phase,
        benchmark_band(float(inputs.areas["population"].sum())), tuple(said), group,
        _models.chosen(inputs.rules), Panel(past), inputs.protests,
    )  # fmt: skip


def _check(
    study: Study,
    areas: list[str],
    futures: Futures,
    panel: Panel,
    hours: xr.DataArray,
    theta: Parameters,
) -> None:
    own = xr.Dataset(coords={"area": areas, "serves": areas, "draw": range(theta.draws)})
    require_same(own, futures, "area", "draw")
    require_same(own, panel, "area")
    require_same(own, hours, "area", "serves")
    absent = [m for m in study.all_months if m not in set(futures["month"].values.tolist())]
    if absent:
        got = f"no {', '.join(absent[:3])}"
        raise LabelError([Problem(got, "the months forecast", "labels_differ", column="month")])


def functions_on(rules: pd.DataFrame) -> dict[str, bool]:
    """Return every function in priority order, and whether this theatre has it switched on.

    A rule ``function_on`` or ``function_off`` names the function in its column units; a rule that
    names border posts or an election switches that function on by itself.

    Raises
    ------
    StudyError
        If a rule names no function.

    Examples
    --------
    >>> rules = pd.DataFrame({"rule": ["function_off"], "units": ["custody"]})
    >>> on = functions_on(rules)
    >>> on["custody"], on["border"], on["community"]
    (False, False, True)
    """
    facts = catalogue.table("functions")
    on = {str(f): bool(d) for f, d in zip(facts["function"], facts["default_on"], strict=True)}
    for name, rule in _SWITCHED_BY_RULE.items():
        on[name] = on[name] or bool((rules["rule"] == rule).any())
    for word, state in (("function_on", True), ("function_off", False)):
        for name in rules.loc[rules["rule"] == word, "units"]:
            if name not in on:
                raise StudyError(f"rule {word}: got units {name!r}; wanted one of {list(on)}")
            on[name] = state
    return on


def measured(ground: Ground, part: slice) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return need, host, shortfall and requirement of a block, (area, month, function, draw)."""
    need = _need_of(ground, part)
    host, police = np.empty_like(need), ground.police.within(part)
    for a in range(len(need)):
        wanted = np.array(need[a].transpose(1, 0, 2), dtype=np.float64, order="C")
        host[a] = police.serve_first(a, wanted).transpose(1, 0, 2)
    short = need - host
    np.maximum(short, 0.0, out=short)
    rest, others = short, ground.others[part][..., None].astype(np.float32)
    if others.any():
        rest = np.maximum(0.0, short - others)
    return need, host, short, ground.ladder.requirement(part, rest)


def _need_of(ground: Ground, part: slice) -> FloatArray:
    """Return need of a block, shape (area, month, function, draw), officers on strength."""
    facts = facts_of(ground, part)
    areas = part.stop - part.start
    shape = (areas, len(ground.months), len(ground.functions), ground.place.theta.draws)
    need = np.zeros(shape, dtype=np.float32)
    for f, (name, on) in enumerate(ground.functions.items()):
        if on and name in _models.MODELS:
            need[:, :, f] = _models.MODELS[name][ground.models[name]](facts)
    return need


def facts_of(ground: Ground, part: slice) -> _models.Facts:
    """Return what the need of a block is counted from."""
    police = ground.police.within(part)
    return _models.Facts(
        place=ground.place,
        part=part,
        lethal=np.asarray(ground.events[part]),
        pooled={"protection": ground.guarded[part], "public_order": ground.assemblies[part]},
        predation=police.predation()[:, None],
        officers=police.officers().sum(axis=0),
        panel=ground.past,
        protests=ground.protests,
    )


def blocks(count: int, size: int) -> Iterator[slice]:
    """Return slices of at most `size` that cover `count` positions."""
    for first in range(0, count, size):
        yield slice(first, min(first + size, count))


def _told(functions: Mapping[str, bool], police: Police, pooling: float) -> list[Note]:
    """Return notes on what is switched off, what police cannot close, and what pooling saves."""
    notes = [Note("assess.benchmark_beside")]
    off = [name for name, on in functions.items() if not on]
    if off:
        notes.append(Note("assess.functions_off", {"functions": ", ".join(off)}))
    added = police.predation().sum(axis=0)
    if added.max(initial=0.0) > 0:
        low, mid, high = quantile(added, [0.1, 0.5, 0.9]).tolist()
        notes.append(Note("assess.not_closable", {"low": low, "mid": mid, "high": high}))
    if np.isfinite(pooling):
        notes.append(Note("assess.pooling", {"ratio": pooling}))
    return notes
