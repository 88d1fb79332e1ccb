"""Options on request: what a change of the mandate, a cut, an event or a unit more would do.

All on the futures of the run itself, draw by draw, so that a difference is the change and not the
luck.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from polgap import calibrate, forecast
from polgap.domain import Futures, Inputs, Requirement, Study
from polgap.errors import StudyError
from polgap.study._blocks import INTERNAL, SCHEMA, Block, clean, notes_block, study_block
from polgap.study._case import (
    Case,
    Ground,
    case,
    compared,
    ground,
    kept,
    recommended,
    strengths,
)
from polgap.study._edits import cut, edited
from polgap.study._event import Event, after, closed, more_violence, read_event, surged
from polgap.study._hedge import averse_case, robust_case
from polgap.study._precedents import precedents
from polgap.study._prices import prices
from polgap.study._relaxed import lacks, relaxed
from polgap.study._unreached import unreached
from polgap.study._widened import cheapest, fastest, front_block

Say = Callable[[str], None]
Foresee = Callable[..., forecast.Forecast]


@dataclass(frozen=True)
class Request:
    """What is asked of the options beside those of every run.

    Parameters
    ----------
    strike : paragraphs of the mandate to strike
    add : changes, as ``ceiling_fpu=+1``
    cuts : per cent by which every ceiling and budget falls
    replan : an event, as ``withdraw=PLEDGE``
    risk : weight of the worst futures against the mean of all; None = not wanted
    failures : pledges that may fail, whichever hurt most; None = not wanted
    front, fastest, prices : whether these are wanted
    cheapest : share of what the recommended plan serves that has to be kept; None = not wanted
    """

    strike: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    cuts: tuple[float, ...] = ()
    replan: str = ""
    front: bool = False
    fastest: bool = False
    cheapest: float | None = None
    prices: bool = False
    risk: float | None = None
    failures: int | None = None

    def __bool__(self) -> bool:
        return bool(
            self.strike or self.add or self.cuts or self.replan or self.front or self.fastest
            or self.cheapest is not None or self.prices or self.risk is not None
            or self.failures is not None
        )  # fmt: skip


def solver_model(
    study: Study,
    inputs: Inputs,
    mapper: Callable[..., Any] = map,
    say: Say = lambda step: None,
    foresee: Foresee = forecast.predict,
) -> calibrate.Model:
    """Return the program of the recommended plan, month by month with re-tasking, for any solver.

    Raises
    ------
    StudyError
        If the study cannot be answered from these inputs.
    """
    say("forecast")
    futures = foresee(study, inputs.panel, mapper).futures
    say("assess")
    on = ground(study, inputs, futures)
    say("calibrate")
    return calibrate.model(study, inputs, on.gap, on.force, on.hours, on.theta.of("calibrate"))


def on_request(
    request: Request,
    study: Study,
    inputs: Inputs,
    mapper: Callable[..., Any] = map,
    say: Say = lambda step: None,
    foresee: Foresee = forecast.predict,
) -> Block:
    """Return schema, study, the options asked for, and what each changes.

    Keys beside ``options``: ``pricing`` (strike, add), ``cuts``, ``replan``, ``risk``,
    ``failures``, ``front``, ``prices``, ``cheapest``, ``unreached`` (areas that nobody can serve,
    and why), ``relax`` (rules that contradict each other), ``notes``.

    Parameters
    ----------
    foresee : callable
        `forecast.predict`, or the same from a store; results do not depend on it.

    Raises
    ------
    StudyError
        If the request names what is not there, or cannot be answered from these inputs.
    """
    _check(request)
    changed = edited(inputs, request.strike, request.add)
    event = read_event(request.replan, inputs) if request.replan else None
    say("forecast")
    futures = foresee(study, inputs.panel, mapper).futures
    say("assess")
    on = ground(study, inputs, futures)
    say("calibrate")
    base = recommended(on)
    cases = [base]
    found: Block = {}
    if request.strike or request.add:
        new = _changed(on, changed, futures, base)
        cases.append(new)
        found["pricing"] = _pricing(request, new, base)
    if request.cuts:
        made = [_cut(on, percent, futures, base) for percent in request.cuts]
        cases += [one for one, _ in made]
        found["cuts"] = [block for _, block in made]
    if event is not None:
        new, found["replan"] = _replanned(request.replan, event, on, futures, base)
        cases.append(new)
    if request.risk is not None:
        say("risk")
        new, found["risk"] = averse_case(on, futures, base, request.risk)
        cases.append(new)
    if request.failures is not None:
        say("failures")
        new, found["failures"] = robust_case(on, base, request.failures)
        cases.append(new)
    if request.fastest:
        cases.append(fastest(on, base))
    if request.cheapest is not None:
        say("cheapest")
        new, found["cheapest"] = cheapest(on, base, request.cheapest)
        cases.append(new)
    if request.front:
        say("front")
        found["front"] = front_block(on)
    if request.prices:
        say("prices")
        found["prices"] = prices(on, futures, base)
    apart = unreached(base.plan.notes, on.inputs, on.gap, on.hours, base.left)
    if apart:
        found["unreached"] = apart
    contradiction = [_relaxed(one) for one in cases if lacks(one.plan)]
    if contradiction:
        found["relax"] = contradiction
    notes = [note for one in cases for note in (*one.ground.posture.notes, *one.plan.notes)]
    answer: Block = clean({
        "schema": SCHEMA, "edition": INTERNAL, "study": study_block(study),
        "options": [one.row() for one in cases], **found, "notes": notes_block(notes),
    })  # fmt: skip
    return answer


def _check(request: Request) -> None:
    for percent in request.cuts:
        if not 0.0 < percent < 100.0:
            raise StudyError(f"--cut: got {percent:g}; wanted per cent above 0 and below 100")
    if request.cheapest is not None and not 0.0 < request.cheapest <= 1.0:
        raise StudyError(f"--cheapest: got {request.cheapest:g}; wanted a share above 0, at most 1")
    if request.risk is not None and not 0.0 < request.risk <= 1.0:
        raise StudyError(f"--risk: got {request.risk:g}; wanted a share above 0, at most 1")
    if request.failures is not None and request.failures < 0:
        raise StudyError(f"--failures: got {request.failures}; wanted 0 pledges or more")


def _changed(on: Ground, inputs: Inputs, futures: Futures, base: Case) -> Case:
    new = ground(on.study, inputs, futures, on)
    return recommended(new, "recommended_as_changed", base.plan)


def _pricing(request: Request, new: Case, base: Case) -> Block:
    before, now = base.ground.posture, new.ground.posture
    return {
        "strike": list(request.strike),
        "add": list(request.add),
        "units": "officer-months",
        "posture": [
            {"area": area, "before": rung, "after": now.rung[area]}
            for area, rung in before.rung.items()
            if rung != now.rung[area]
        ],
        "powers": {"before": before.powers, "after": now.powers},
        **compared(new, base),
        "precedents": precedents(request.strike, request.add, base.ground.inputs.mandate),
    }


def _cut(on: Ground, percent: float, futures: Futures, base: Case) -> tuple[Case, Block]:
    """Return the plan under a cut, and what it gives up and opens."""
    inputs = cut(on.study, on.inputs, 1.0 - percent / 100.0, base.plan)
    new = recommended(ground(on.study, inputs, futures, on), f"cut_{percent:g}")
    was, now = strengths(base), strengths(new)
    types = on.inputs.pledges.set_index("pledge")["unit_type"].astype(str).to_dict()
    gives_up = [
        {"pledge": p, "unit_type": types[p], "units": number - now.get(p, 0.0)}
        for p, number in was.items()
        if number > now.get(p, 0.0)
    ]
    return new, {"percent": percent, "gives_up": gives_up, "opens": compared(new, base)}


def _replanned(
    text: str, event: Event, on: Ground, futures: Futures, base: Case
) -> tuple[Case, Block]:
    """Return the plan after an event, and what changed and why."""
    inputs = after(event, on.inputs)
    if event.kind == "violence":
        new = ground(on.study, inputs, more_violence(event, futures))
    else:
        new = ground(on.study, inputs, futures, on)
        asked = Requirement(surged(event, on.study, new.gap.requirement))
        short = surged(event, on.study, new.gap.shortfall)
        new = replace(new, gap=replace(new.gap, requirement=asked, shortfall=short))
    answer = calibrate.replan(
        base.plan, new.study, new.inputs, new.gap, new.force, new.hours,
        new.theta.of("calibrate"), closed(event),
    )  # fmt: skip
    found = case(new, answer.plan)
    return found, {
        "event": text,
        "kind": event.kind,
        "unmet_if_left_alone": answer.left,
        "unmet_replanned": answer.plan.value,
        "bound": answer.plan.bound,
        "kept": kept(found, base),
        "changes": [
            {"pledge": c.pledge, "unit_type": c.unit_type, "area": c.area, "since": c.since,
             "units": c.units, "why": c.why}
            for c in answer.changes
        ],
        "against_old_plan": compared(found, base),
    }  # fmt: skip


def _relaxed(of: Case) -> Block:
    """Return the smallest set of rules that has to give way so that a plan keeps the others."""
    on = of.ground
    found = calibrate.relax(
        on.study, on.inputs, on.gap, on.force, on.hours, on.theta.of("calibrate")
    )
    return relaxed(of.plan.name, found)
