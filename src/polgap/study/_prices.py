"""Prices: what a month, a pledge, a caveat and a million are worth in need left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from polgap.domain import Arrival, Futures, Inputs
from polgap.study._blocks import Block, interval, unmet_months
from polgap.study._case import Case, Ground, case, ground, recommended
from polgap.study._edits import add

NONE = "none"


def prices(on: Ground, futures: Futures, base: Case) -> list[Block]:
    """Return the change of need left open and of cost, draw by draw, for one unit of each.

    ``month``: every pledge still to come arrives a month sooner. ``pledge``: it is withdrawn.
    ``caveat``: the contributor lifts it. ``million``: the budget of a year is USD 1 million
    larger. The plan is made anew each time; more is never worse, because the plan at hand is
    still possible: where the new one serves less on these futures, the one at hand is kept.
    """
    before = {name: recommended(new, "price", base.plan) for name, new in _without(on, futures)}
    best = min([base, *before.values()], key=lambda c: c.plan.value)
    if best is not base:  # the search did better with less: that plan is possible here too
        base = recommended(on, base.plan.name, best.plan)
    shown = min((case(on, c.plan) for c in before.values()), key=_mean, default=base)
    shown = min(base, shown, key=_mean)  # what is possible without a pledge is possible with it
    found = [_row("pledge", name, one, base, before=shown) for name, one in before.items()]
    for what, name, new in _with(on, futures):
        made = recommended(new, "price", base.plan)
        found.append(_row(what, name, made, base, min(made, case(new, base.plan), key=_mean)))
    return found


def _row(
    what: str,
    name: str,
    new: Case,
    base: Case,
    after: Case | None = None,
    before: Case | None = None,
) -> Block:
    """Return a price: from `before` to `after` on these futures, and as the program expects it."""
    after, before = after or new, before or base
    unmet = unmet_months(after.left) - unmet_months(before.left)
    return {
        "what": what,
        "name": name,
        "units": "officer-months",
        "unmet_need": interval(unmet),
        "mean": float(np.mean(unmet)),
        "expected": new.plan.value - base.plan.value,
        "cost": interval(after.deployed.cost - before.deployed.cost),
    }


def _mean(of: Case) -> float:
    return float(np.mean(unmet_months(of.left)))


def _without(on: Ground, futures: Futures) -> Iterator[tuple[str, Ground]]:
    pledges = on.inputs.pledges
    for name in pledges.loc[pledges["readiness"] != "in_mission", "pledge"].astype(str):
        left = pledges[pledges["pledge"] != name].reset_index(drop=True)
        yield name, ground(on.study, replace(on.inputs, pledges=left), futures, on)


def _with(on: Ground, futures: Futures) -> Iterator[tuple[str, str, Ground]]:
    yield "month", "all", _sooner(on)
    pledges = on.inputs.pledges
    for row in pledges.to_dict("records"):
        caveats = str(row["caveats"] or "")
        if caveats.casefold() not in ("", NONE):
            free = pledges.assign(
                caveats=pledges["caveats"].where(pledges["pledge"] != row["pledge"], "")
            )
            inputs = replace(on.inputs, pledges=free)
            yield "caveat", f"{row['pledge']} {caveats}", ground(on.study, inputs, futures, on)
    if (on.inputs.rules["rule"] == "budget_year").any():
        richer: Inputs = add(on.inputs, "budget=+1m")
        yield "million", "budget_year", ground(on.study, richer, futures, on)


def _sooner(on: Ground) -> Ground:
    """Return the ground with every pledge still to come a month sooner (not before month 0)."""
    arrival = on.force.arrival
    coming = arrival.where(arrival <= 0, np.maximum(arrival - 1.0, 0.0))
    return replace(on, force=replace(on.force, arrival=Arrival(coming)))
