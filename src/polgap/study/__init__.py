"""The sentence: panel -> forecast -> assess -> calibrate -> deploy -> rebuild -> simulate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from polgap import assess, calibrate, catalogue, deploy, evidence, forecast, rebuild, simulate
from polgap.domain import Inputs, Result, Study
from polgap.draws import Parameters
from polgap.study._backtest import backtest_views
from polgap.study._backtest_placement import backtest_placement
from polgap.study._backtest_project import Asked, backtest_panel, history_panel
from polgap.study._backtest_subnational import backtest_subnational
from polgap.study._backtest_theatres import Theatre, backtest_theatres
from polgap.study._blocks import CHOSEN, Steps
from polgap.study._gap import gap, measured
from polgap.study._mentors import counted, mentored, mentors, with_growth
from polgap.study._outlook import Earlier, outlook
from polgap.study._report import block, inquiry, report
from polgap.study._request import Request, on_request, solver_model
from polgap.study._responders import responders
from polgap.study._sensitivity import mixtures

Mapper = Callable[..., Iterable[Any]]
Say = Callable[[str], None]
Foresee = Callable[..., forecast.Forecast]
"""`forecast.predict`, or what gives the same from a store."""

__all__ = [
    "LOOKED_AT", "Asked", "Earlier", "Foresee", "Mapper", "Request", "Say", "Steps", "Theatre",
    "backtest_panel", "backtest_placement", "backtest_subnational", "backtest_theatres",
    "backtest_views", "gap", "history_panel", "measured", "on_request", "outlook", "part", "run",
    "sensitivity", "solver_model", "steps",
]  # fmt: skip


def _silent(step: str) -> None:
    """Say nothing."""


def run(
    study: Study,
    inputs: Inputs,
    mapper: Mapper = map,
    say: Say = _silent,
    foresee: Foresee = forecast.predict,
) -> Result:
    """Answer `study` from `inputs`. Pure: same inputs, same result.

    Parameters
    ----------
    study : Study
        What was asked.
    inputs : Inputs
        Checked tables and the panel.
    mapper : callable
        ``map`` or a parallel one from `polgap.workers`; results do not depend on it.
    say : callable
        Told the name of each step as it begins.
    foresee : callable
        `forecast.predict`, or the same from a store; results do not depend on it.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    return report(study, inputs, steps(study, inputs, mapper, say, foresee))


LOOKED_AT = {"gap": ("events",)}
"""Verb -> the variables of a forecast that `part` looks at; all of them where it is not named."""


def part(
    verb: str,
    study: Study,
    inputs: Inputs,
    mapper: Mapper = map,
    say: Say = _silent,
    foresee: Foresee = forecast.predict,
    call: deploy.Call | None = None,
) -> dict[str, Any]:
    """Return the block of one verb (forecast, gap, options, deploy, simulate) with its study.

    `gap` runs only what it needs, and holds no cube. With `call` (`polgap.workers.child`) CP-SAT
    orders the plan of force generation.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs, or the verb has no block.
    """
    if verb == "forecast":
        return outlook(study, inputs, None, mapper, say, foresee)
    if verb == "gap":
        return gap(study, inputs, mapper, say, foresee)
    return block(verb, study, inputs, steps(study, inputs, mapper, say, foresee, call))


def sensitivity(
    study: Study,
    inputs: Inputs,
    mapper: Mapper = map,
    say: Say = _silent,
    foresee: Foresee = forecast.predict,
) -> dict[str, Any]:
    """Return the block ``gap`` with what it rests on: Sobol indices, checklist, advice, register.

    Beside the run itself, it runs assess once for each unknown that entered and varied.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    found = steps(study, inputs, mapper, say, foresee)
    say("sensitivity")
    frozen = mixtures(study, inputs, found, mapper)
    return block("gap", study, inputs, found) | inquiry(study, inputs, found, frozen)


def steps(
    study: Study,
    inputs: Inputs,
    mapper: Mapper = map,
    say: Say = _silent,
    foresee: Foresee = forecast.predict,
    call: deploy.Call | None = None,
) -> Steps:
    """Return what every step of `study` gives, before it is summed up.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    s, i = study, inputs
    theta = Parameters(catalogue.parameters(), s.seed, s.draws, i.overrides)

    say("forecast")
    ahead = foresee(s, i.panel, mapper)

    say("assess")
    posture = calibrate.posture(s, i.mandate, i.areas, calibrate.cleared(s, i))
    hours = deploy.travel_hours(
        i.areas, i.towns, theta.of("deploy"), i.rules, s.report_months, i.travel
    )
    heard, silence = assess.unsilenced(s, i, ahead.futures)
    gap = assess.measure(s, i, heard, posture, hours, theta.of("assess"))
    gap = replace(gap, notes=(*gap.notes, *silence))
    gap = with_growth(s, i, gap, posture, theta)
    beside = Parameters(catalogue.parameters(), s.seed, s.draws, i.overrides)
    models = assess.need_models(s, i, heard, posture, hours, beside)
    women = assess.women_on_duty(s, i, theta.of("assess"))

    say("calibrate")
    force = deploy.generate(s, i.pledges, theta.of("deploy"), i.rules, call)
    plans = calibrate.options(s, i, gap, posture, force, hours, theta.of("calibrate"), mapper)

    say("deploy")
    luck = theta.of("deploy")
    deployed = {p.name: deploy.place(s, p, i.pledges, force, luck, i.areas, i.rules) for p in plans}
    left = {n: assess.left_open(gap.requirement, d.mission) for n, d in deployed.items()}

    say("rebuild")
    there = mentored(gap, left[CHOSEN]) if counted(i) else None
    handover = rebuild.project(s, i, gap, posture, theta.of("rebuild"), there)
    if there is None:
        handover = replace(handover, notes=(*handover.notes, *mentors(gap, left[CHOSEN])))

    say("simulate")
    effects = evidence.effects(s.seed, s.draws, theta.of("simulate").mid(evidence.CAP))
    played = simulate.play(s, i, ahead.futures, gap, deployed, effects, hours, theta.of("simulate"))
    first = responders(s, i, gap, posture, theta.of("calibrate"))
    return Steps(
        ahead, posture, gap, force, deployed, left, handover, effects, played, theta, first,
        models, women, hours,
    )  # fmt: skip
