"""What the assessment team should find out first, and what would change the advice."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap import assess, catalogue
from polgap.assess import IDLE, SHORT, Worth
from polgap.score import quantile
from polgap.study._blocks import (
    Block,
    Steps,
    marks,
    mean_officers,
    records,
    unmet_months,
)
from polgap.study._totals import REPORTED

Array = NDArray[np.floating[Any]]

COMPARED = ("population_spread",)
"""Options that nobody proposes."""

_TOGETHER = 5
_STEPS = 8


def checklist_block(s: Steps) -> Block:
    """Return the block ``checklist``: questions to the field, the most useful answer first.

    A question stands for a parameter that varied and that the planner has not given. It comes
    the earlier, the more its answer saves in both decisions together, in USD: an officer to spare
    costs what a deployed one does. Questions whose answer these draws cannot tell from worthless
    are only counted.
    """
    asked = mean_officers(s.gap.requirement)
    losses, price = option_losses(s)
    year = price * IDLE / SHORT * REPORTED or 1.0
    open_ = {k: v for k, v in assess.varied(s.theta).items() if _is_open(k, s)}
    facts = catalogue.table("questions").set_index("parameter")
    rows = []
    for name, drawn in open_.items():
        figure, choice = _worths(asked, losses, drawn)
        if max(figure.low, choice.low if choice else 0.0) > 0:
            known = facts.loc[name] if name in facts.index else None
            rows.append(
                {
                    "name": name,
                    "role": "police_planner" if known is None else str(known["role"]),
                    "how": "past_missions" if known is None else str(known["how"]),
                    "decided": known is not None and known["how"] == "decision",
                    **_point(name, s),
                    "figure": _told(figure),
                    "choice": None if choice is None else _told(choice),
                    "worth": _worth(figure, choice, year),
                }
            )
    rows.sort(key=_use, reverse=True)
    now = _worths(asked, losses, np.zeros(len(asked)))
    return {
        "decisions": _decisions(s, asked, losses, price, now),
        "rows": [{"rank": k, **row} for k, row in enumerate(rows, start=1)],
        "together": _together([r["name"] for r in rows], open_, asked, losses),
        "by_role": _by_role(rows, open_, asked, losses, year),
        "units": "USD" if price > 0 else "officers to spare",
        "others": len(open_) - len(rows),
    }


def _is_open(name: str, s: Steps) -> bool:
    return name not in s.theta.given and name not in s.theta.at_middle


def _worths(asked: Array, losses: dict[str, Array], known: Array) -> tuple[Worth, Worth | None]:
    figure = assess.planning_worth(asked, known)
    if len(losses) < 2:
        return figure, None
    return figure, assess.choice_worth(np.stack(list(losses.values())), known)


def _use(row: Block) -> float:
    return float(row["worth"]["mid"])


def _worth(figure: Worth, choice: Worth | None, year: float) -> Block:
    """Return what an answer saves in both decisions; USD where the price of an officer is known."""
    rest = Worth(0.0, 0.0, 0.0, 0.0) if choice is None else choice
    return {
        "low": figure.low * year + rest.low,
        "mid": figure.value * year + rest.value,
        "high": figure.high * year + rest.high,
    }


def _told(worth: Worth) -> Block:
    return {
        "low": worth.low,
        "mid": worth.value,
        "high": worth.high,
        "share": worth.share,
        "width_now": worth.width_now,
        "width_then": worth.width_then,
    }


def _point(name: str, s: Steps) -> Block:
    low, mid, high = s.theta.points(name)
    parameter = catalogue.parameters()[name]
    return {"units": parameter.units, "mark": parameter.mark, "low": low, "mid": mid, "high": high}


def _decisions(
    s: Steps, asked: Array, losses: dict[str, Array], price: float, now: tuple[Worth, Worth | None]
) -> Block:
    level = SHORT / (SHORT + IDLE)
    figure, choice = now
    means = {name: float(loss.mean()) for name, loss in losses.items()}
    return {
        "figure": {
            "headline": "mission_requirement",
            "short": SHORT,
            "idle": IDLE,
            "level": level,
            "officers": float(quantile(asked, [level])[0]),
            "expected_loss": figure.expected_loss,
            "units": "officers to spare",
        },
        "choice": None
        if choice is None
        else {
            "options": list(losses),
            "preferred": min(means, key=lambda k: means[k]),
            "usd_per_officer_month_open": price,
            "expected_loss": choice.expected_loss,
            "units": "USD",
        },
    }


def _together(
    names: list[str], open_: dict[str, Array], asked: Array, losses: dict[str, Array]
) -> list[Block]:
    """Return what the first one, two, ... answers are worth together."""
    found = []
    for k in range(1, min(_TOGETHER, len(names)) + 1):
        known = np.stack([open_[name] for name in names[:k]], axis=1)
        figure, choice = _worths(asked, losses, known)
        found.append(
            {"answers": k, "figure": _told(figure), "choice": choice and _told(choice)},
        )
    return found


def _by_role(
    rows: list[Block],
    open_: dict[str, Array],
    asked: Array,
    losses: dict[str, Array],
    year: float,
) -> list[Block]:
    """Return what all answers of one role are worth together: whom to visit first."""
    found = []
    for role in dict.fromkeys(row["role"] for row in rows):
        names = [row["name"] for row in rows if row["role"] == role]
        known = np.stack([open_[name] for name in names], axis=1)
        figure, choice = _worths(asked, losses, known)
        found.append(
            {"role": role, "names": names, "figure": _told(figure),
             "choice": choice and _told(choice), "worth": _worth(figure, choice, year)}
        )  # fmt: skip
    return sorted(found, key=_use, reverse=True)


def option_losses(s: Steps) -> tuple[dict[str, Array], float]:
    """Return what each option costs in all, USD per draw, and the price of what it leaves open.

    The bill, plus officer-months left open at `SHORT` over `IDLE` times what a deployed one costs
    on average: the same ratio as for the planning figure. Empty where nothing is deployed.
    """
    offered = [name for name in s.deployed if name not in COMPARED]
    months = sum(
        float(s.deployed[n].strength.sum(["area", "month"]).values.mean()) for n in offered
    )
    bill = sum(float(s.deployed[n].cost.mean()) for n in offered)
    if months <= 0 or bill <= 0:
        return {}, 0.0
    price = SHORT / IDLE * bill / months
    return {n: s.deployed[n].cost + price * unmet_months(s.left[n]) for n in offered}, price


def turning_block(s: Steps) -> list[Block]:
    """Return the block ``turning``: what would change it, and what within its range would not.

    Rows of three kinds: ``choice`` (another option becomes the cheaper, all in), ``mission`` (the
    national shortfall falls below the present mission's strength, or rises above it) and ``grade``
    (the letter once the most influential answers are known).
    """
    return [*_choice(s), *_mission(s), *_grade(s)]


def _choice(s: Steps) -> list[Block]:
    losses, _ = option_losses(s)
    if len(losses) < 2:
        return []
    means = {name: float(loss.mean()) for name, loss in losses.items()}
    best = min(means, key=lambda name: means[name])
    found = []
    for rival in losses:
        margin = losses[rival] - losses[best]
        if rival != best and float(np.ptp(margin)) > 0:
            about = {"kind": "choice", "preferred": best, "rival": rival, "units": "USD",
                     "share_better": float((margin > 0).mean())}  # fmt: skip
            found.append({**about, **_turns(s, margin)})
    return found


def _mission(s: Steps) -> list[Block]:
    strength = s.deployed["status_quo"].strength
    there = np.asarray(strength.isel(month=slice(0, REPORTED)).sum("area").values.mean(axis=0))
    short = mean_officers(s.gap.shortfall)
    if float(there.mean()) <= 0:
        return []
    margin = short - there
    about = {
        "kind": "mission",
        "units": "officers",
        "present": float(there.mean()),
        "above": bool(margin.mean() > 0),
        "share_above": float((margin > 0).mean()),
    }
    return [{**about, **_turns(s, margin)}]


def _turns(s: Steps, margin: Array) -> Block:
    """Return the turning points of a margin, the surest first, and what turns nothing."""
    found = records(assess.turning_points(s.theta, margin))
    turning = [row for row in found if np.isfinite(row["at"] or np.nan)]
    turning.sort(key=lambda row: -row["chance"])
    return {
        "margin": float(margin.mean()),
        "turns": [{**row, **_point(row["name"], s)} for row in turning],
        "nothing": [row["name"] for row in found if row not in turning],
    }


def _grade(s: Steps) -> list[Block]:
    asked = mean_officers(s.gap.requirement)
    assumed = {n for n, mark in marks().items() if mark == "RECALLED"} - s.theta.given
    moved = assess.movers(s.theta, asked).sort_values("share", ascending=False, kind="stable")
    names = [n for n in moved["name"] if n in assumed][:_STEPS]
    steps = assess.grade_steps(s.theta, asked, marks(), names)
    (letter, share), *then = steps
    told = zip(names, then, strict=True)
    return [
        {
            "kind": "grade",
            "letter": letter,
            "share_assumed": share,
            "steps": [{"name": n, "letter": to, "share_assumed": left} for n, (to, left) in told],
        }
    ]
