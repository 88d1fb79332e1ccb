"""The argument: is the recommended option better, what speaks against it, what harm it brings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import Study
from polgap.study._blocks import CHOSEN, Block, Steps, interval, unmet_months

Array = NDArray[np.floating[Any]]

_RIVALS = ("status_quo", "population_spread")
_COVERED = 0.5
"""An option covers the gap in the first month in which it leaves at most this share open."""

_MORE_DEATHS = 0.02
"""More civilian deaths than this share is an argument against."""


def comparison(s: Steps) -> Block:
    """Return how much less the recommended option leaves open, on the same futures.

    Officer-months; `better` says whether it is so in the mean, `share_better` in how many draws.
    """
    if CHOSEN not in s.left:
        return {"recommended_vs": []}
    ours = unmet_months(s.left[CHOSEN])
    rows = []
    for name in _RIVALS:
        if name not in s.left:
            continue
        less = unmet_months(s.left[name]) - ours
        rows.append(
            {
                "name": name,
                "unmet_less": interval(less),
                "mean": float(less.mean()),
                "share_better": float((less > 0).mean()),
                "better": bool(less.mean() > 0),
            }
        )
    return {"recommended_vs": rows}


def gendarmerie(study: Study, s: Steps) -> Block | None:
    """Return what gendarmerie-type units change (with minus without); None where none is offered.

    The claim that such forces are the most suitable is tested, never taken over (gap-model.md 9).
    """
    without = f"{CHOSEN}_without_gendarmerie"
    if without not in s.left or CHOSEN not in s.left:
        return None
    unmet = unmet_months(s.left[CHOSEN]) - unmet_months(s.left[without])
    cost = s.deployed[CHOSEN].cost - s.deployed[without].cost
    return {
        "unmet": interval(unmet),
        "cost": interval(cost),
        "cover_month": {"with": _cover(study, s, CHOSEN), "without": _cover(study, s, without)},
    }


def _cover(study: Study, s: Steps, option: str) -> str | None:
    open_ = np.median(s.left[option].total().transpose("month", "draw").values, axis=-1)
    asked = s.gap.requirement.isel(month=slice(0, study.months)).sum(["area", "function"])
    middle = np.median(asked.transpose("month", "draw").values, axis=-1)
    done = np.flatnonzero(open_ <= _COVERED * middle)
    return study.report_months[int(done[0])] if done.size else None


def against(s: Steps, compared: Block, letter: str, share: float) -> list[Block]:
    """Return the strongest case against the recommended option, from this run's figures.

    Arguments whose figures do not bear them out in this run are left out.
    """
    option = s.chosen
    left = unmet_months(s.left[option])
    asked = s.gap.requirement.isel(month=slice(0, s.left[option].unmet.sizes["month"]))
    total = np.asarray(asked.sum(["area", "function", "month"], dtype=np.float64).values)
    open_share = np.divide(left, total, out=np.zeros_like(left), where=total > 0)
    rows = [_row("against.left_open", share=float(np.median(open_share)), officers=left.mean())]
    for rival in compared["recommended_vs"]:
        worse = 1.0 - rival["share_better"]
        if not rival["better"]:
            rows.insert(0, _row("against.not_better", rival=rival["name"], share=worse))
        elif worse > 0.05:
            rows.append(_row("against.may_be_worse", rival=rival["name"], share=worse))
    rows += _deadlier(s)
    if letter in "CD":
        rows.append(_row("against.assumed", letter=letter, share=share))
    if "status_quo" in s.left and option != "status_quo":
        more = float(np.mean(s.deployed[option].cost - s.deployed["status_quo"].cost))
        less = float(np.mean(unmet_months(s.left["status_quo"]) - left))
        if more > 0 and less > 0:
            rows.append(_row("against.price", usd=more / less, more=more, officers=less))
    if s.gap.why is not None and s.gap.why["will"] > 0.1:
        rows.append(_row("against.unwilling", share=s.gap.why["will"]))
    rows.append(_row("against.effect_unsure", share=_harmful(s)))
    return rows


def _deadlier(s: Steps) -> list[Block]:
    """Return the parts of the evidence under which more civilians die than under status_quo."""
    found = {
        (r["option"], r["part"]): float(r["mid"])
        for r in s.played.rows
        if r["measure"] == "civilian_deaths"
    }
    rows = []
    for part in ("all", "published", "panel", "sceptical"):
        ours, theirs = found.get((s.chosen, part)), found.get(("status_quo", part))
        if ours is not None and theirs is not None and ours > theirs * (1.0 + _MORE_DEATHS):
            rows.append(_row(f"against.deadlier_{part}", deaths=ours, civilians=theirs))
    return rows[:1]


def harm(study: Study, s: Steps) -> list[Block]:
    """Return the expected harm of the mission itself, from this run's figures."""
    deployed = s.deployed[s.chosen]
    officers = np.asarray(deployed.strength.sum("area").mean("month").values)
    rows = [
        _row("harm.misconduct", officers=float(officers.mean())),
        _row("harm.economy", usd=float(deployed.cost.mean()) * 12.0 / study.months),
        _row("harm.effect", share=_harmful(s)),
    ]
    if s.gap.why is not None and s.gap.why["will"] > 0.1:
        rows.append(_row("harm.capture", share=s.gap.why["will"]))
    return rows


def _harmful(s: Steps) -> float:
    rows = [r for r in s.played.rows if r["measure"] == "harmful_share" and r["part"] == "all"]
    chosen = [r for r in rows if r["option"] == s.chosen]
    return float(chosen[0]["mid"]) if chosen else float("nan")


def _row(code: str, **values: Any) -> Block:
    return {"code": code, "values": values}
