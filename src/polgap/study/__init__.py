"""The sentence: panel -> forecast -> assess -> calibrate -> deploy -> rebuild -> simulate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from polgap import assess, calibrate, catalogue, deploy, evidence, forecast, rebuild, simulate
from polgap.domain import Inputs, Result, Study
from polgap.draws import Parameters
from polgap.study._blocks import Steps
from polgap.study._report import report

Mapper = Callable[..., Iterable[object]]

__all__ = ["Mapper", "Steps", "run", "steps"]


def run(study: Study, inputs: Inputs, mapper: Mapper = map) -> Result:
    """Answer `study` from `inputs`. Pure: same inputs, same result.

    Parameters
    ----------
    study : Study
        What was asked.
    inputs : Inputs
        Checked tables and the panel.
    mapper : callable
        ``map`` or a parallel one from `polgap.workers`; results do not depend on it.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    return report(study, inputs, steps(study, inputs, mapper))


def steps(study: Study, inputs: Inputs, mapper: Mapper = map) -> Steps:
    """Return what every step of `study` gives, before it is summed up.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    s, i = study, inputs
    theta = Parameters(catalogue.parameters(), s.seed, s.draws, i.overrides)

    ahead = forecast.predict(s, i.panel, mapper)
    posture = calibrate.posture(s, i.mandate, i.areas)
    hours = deploy.travel_hours(i.areas, i.towns, theta.of("deploy"))
    gap = assess.measure(s, i, ahead.futures, posture, hours, theta.of("assess"))

    force = deploy.generate(s, i.pledges, theta.of("deploy"))
    plans = calibrate.options(s, i, gap, posture, force, hours, theta.of("calibrate"), mapper)
    deployed = {p.name: deploy.place(s, p, i.pledges, force, theta.of("deploy")) for p in plans}
    left = {n: assess.left_open(gap.requirement, d.mission) for n, d in deployed.items()}

    handover = rebuild.project(s, i, gap, posture, theta.of("rebuild"))
    effects = evidence.effects(s.seed, s.draws)
    luck = theta.of("simulate")
    played = simulate.play(s, i, ahead.futures, gap, deployed, effects, hours, luck)
    return Steps(ahead, posture, gap, force, deployed, left, handover, played, theta)
