"""The gap by itself: forecast, assess, the present mission; nothing is searched for.

The numbers are those of a full run. No cube is held: areas and draws are worked on part by part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from polgap import assess, calibrate, catalogue, deploy, forecast
from polgap.domain import Futures, Inputs, Study
from polgap.draws import Parameters
from polgap.study._blocks import INTERNAL, SCHEMA, Block, clean, gap_block, study_block
from polgap.study._totals import Tally, Totals, assessed_months


def gap(
    study: Study,
    inputs: Inputs,
    mapper: Callable[..., Iterable[Any]] = map,
    say: Callable[[str], None] = lambda _: None,
    foresee: Callable[..., forecast.Forecast] = forecast.predict,
) -> Block:
    """Return the block ``gap`` of a study, with `schema` and `study`.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    say("forecast")
    ahead = foresee(study, inputs.panel, mapper)
    totals = measured(study, inputs, ahead.futures, say, mapper)
    found: Block = clean(
        {
            "schema": SCHEMA,
            "edition": INTERNAL,
            "study": study_block(study),
            "gap": gap_block(study, inputs, totals),
        }
    )
    return found


def measured(
    study: Study,
    inputs: Inputs,
    futures: Futures,
    say: Callable[[str], None] = lambda _: None,
    mapper: Callable[..., Iterable[Any]] = map,
) -> Totals:
    """Return the totals of the gap under the present mission, from given futures.

    Parameters
    ----------
    futures : Futures, dims (area, month, draw)
    mapper : callable
        ``map`` or a parallel one: some draws at a time are a job of their own.
    """
    s, i = study, inputs
    theta = Parameters(catalogue.parameters(), s.seed, s.draws, i.overrides)

    say("assess")
    posture = calibrate.posture(s, i.mandate, i.areas, calibrate.cleared(s, i))
    hours = deploy.travel_hours(
        i.areas, i.towns, theta.of("deploy"), i.rules, s.report_months, i.travel
    )
    heard, _ = assess.unsilenced(s, i, futures)
    looked = replace(s, forecast_months=assessed_months(s))
    ground = assess.survey(looked, i, heard, posture, hours, theta.of("assess"))
    women = assess.women_on_duty(s, i, theta.of("assess")).sum("area").values
    rough = assess.sketch(ground, s.months)

    say("present mission")
    force = deploy.generate(s, i.pledges, theta.of("deploy"), i.rules)
    plan = calibrate.status_quo(
        s, i, rough.requirement, ground.phases, force, hours, theta.of("calibrate")
    )
    there = deploy.station(s, plan, i.pledges, force, theta.of("deploy"), i.areas, i.rules)

    say("gap")
    tally = Tally(s, len(ground.areas), list(ground.functions), s.draws)
    chunks = assess.chunks(ground)
    jobs = (ground.thinned(chosen) for chosen in chunks)
    stations = (there.thinned(chosen) for chosen in chunks)
    for chosen, some in zip(chunks, mapper(partial(_tallied, s), jobs, stations), strict=True):
        tally.take(chosen, some)
    return tally.totals(rough.causes.shares, ground.phases, ground.benchmark_band, women)


def _tallied(study: Study, ground: assess.Ground, there: deploy.Stationed) -> Tally:
    """Return the sums over all areas on the draws of `ground`."""
    draws = ground.place.theta.draws
    tally = Tally(study, len(ground.areas), list(ground.functions), draws)
    for part in assess.parts(ground):
        tally.assessed(part.areas, part.draws, part.need, part.shortfall, part.requirement)
        tally.alone(part.draws, part.institutional)
        types, serving = there.serving(part.areas, part.draws, present=True)
        asked = part.requirement[:, : study.months]
        left = assess.uncovered(asked, serving, types, list(ground.functions))
        tally.left(part.areas, part.draws, *left)
    return tally
