"""Force generation as a planner works it: schedule, bridges, shortfalls, what falls due."""

from __future__ import annotations

from math import ceil

import numpy as np

from polgap import catalogue, deploy, evidence
from polgap.domain import Inputs, Study
from polgap.draws import stream
from polgap.score import quantile
from polgap.study._blocks import Block, Steps, interval, records
from polgap.study._calls import asks, calls
from polgap.study._unreached import unreached

EXECUTIVE = ("partial_replace", "full_replace")


def force_block(study: Study, inputs: Inputs, s: Steps) -> Block:
    """Return the block ``force`` of the chosen option, beside ``arrival``.

    Parameters
    ----------
    study, inputs, s
        What was asked, from what, and what the steps gave.
    """
    deployed = s.deployed[s.chosen]
    table = s.force.timetable
    # What only the bridges ask for stands in the register, but moves no headline and no grade.
    beside = s.theta.beside("deploy")
    ranked = calls(study, inputs, s)
    return {
        "option": s.chosen,
        "method": table.method if table else "list",
        "resources": records(table.resources.drop(columns="activities")) if table else [],
        "gantt": _gantt(inputs, s),
        "criticality": records(deploy.criticality(s.force, deployed)),
        "retendered": _retendered(s),
        "bridging": deploy.bridging(
            study, deployed, s.left[s.chosen].unmet, inputs.pledges, inputs.other_providers, beside
        ),
        "shortfall": _shortfall(s),
        "unreached": unreached(deployed.plan.notes, inputs, s.gap, s.hours, s.left[s.chosen]),
        "calls": ranked,
        "asks": asks(ranked),
        "turnover": deploy.turnover(study, inputs.pledges, deployed.plan, s.force, beside),
        "outside": _outside(study, inputs, s),
    }


def _gantt(inputs: Inputs, s: Steps) -> list[Block]:
    """Return the bars of each pledge placed, with its 50, 80 and 95 % dates."""
    rows = inputs.pledges.set_index("pledge")
    dates = deploy.dates(s.force, inputs.pledges).set_index("pledge")
    return [
        {
            **bar,
            "unit_type": str(rows.loc[bar["pledge"], "unit_type"]),
            "readiness": str(rows.loc[bar["pledge"], "readiness"]),
            "number": float(rows.loc[bar["pledge"], "number"]),
            **{k: dates.loc[bar["pledge"], k] for k in ("p50", "p80", "p95")},
        }
        for bar in deploy.bars(s.force, s.deployed[s.chosen])
    ]


def _retendered(s: Steps) -> float | None:
    """Return the share of offers, over all futures, that failed and were called for again."""
    table = s.force.timetable
    return float(table.again.mean()) if table is not None and table.again.size else None


def _shortfall(s: Steps) -> list[Block]:
    """Return, by type and month, what stays uncovered of the requirement.

    A function counts for the unit type of the greatest skill in it, the formed one first. ``at50``
    and ``at80`` are officers: with 50 and 80 % chance no more than that is uncovered.
    """
    unmet = s.left[s.chosen].unmet
    kinds = catalogue.table("unit_types")
    names = unmet["function"].values.astype(str).tolist()
    best = {f: str(kinds["unit_type"][int(np.argmax(kinds[f"skill_{f}"].to_numpy()))])
            for f in names}  # fmt: skip
    total = unmet.sum("area", dtype=np.float64).transpose("function", "month", "draw").values
    rows = []
    for kind in dict.fromkeys(best.values()):
        part = total[[best[f] == kind for f in names]].sum(axis=0)
        row = next(r for r in kinds.to_dict("records") if r["unit_type"] == kind)
        one = float(deploy.assignable(row, s.theta.points("subunit_strength")[1]))
        ends = quantile(part, [0.5, 0.8])
        for month, (at50, at80) in zip(unmet["month"].values.tolist(), ends.tolist(), strict=True):
            if at80 >= 1.0:
                rows.append({"unit_type": kind, "month": str(month), "at50": at50, "at80": at80,
                             "units50": ceil(at50 / one - 1e-9),
                             "units80": ceil(at80 / one - 1e-9)})  # fmt: skip
    return rows


def _outside(study: Study, inputs: Inputs, s: Steps) -> Block | None:
    """Return the strength that past missions would lead one to expect under the ceiling.

    What the ceiling leaves above the present strength fills as the authorised strength of past
    missions did, from the month of the decision on; the reference class beside the plan's own
    arithmetic. None where there is no ceiling or it leaves nothing.
    """
    ceiling = _ceiling(inputs)
    present = s.deployed["status_quo"].strength.sum("area").transpose("month", "draw").values[0]
    room = (ceiling or 0.0) - float(np.median(present))
    if ceiling is None or room <= 0:
        return None
    rungs = set(s.posture.rung.values())
    kind = "executive" if rungs & set(EXECUTIVE) else "other"
    luck = stream(study.seed, "arrival law", kind)
    fill = evidence.known().sample(kind, study.months, study.draws, luck)
    wait = np.minimum(np.ceil(s.theta.points("decision_days")[1] / 30.4375), study.months)
    late = np.zeros((study.draws, int(wait)))
    fill = np.concatenate([late, fill], axis=1)[:, : study.months]
    share = np.minimum(fill, 1.0)
    return {
        "kind": kind,
        "missions": evidence.known().missions,
        "ceiling": ceiling,
        "present": float(np.median(present)),
        "rows": [
            {"month": m, **interval(present + room * share[:, t])}
            for t, m in enumerate(study.report_months)
        ],
    }


def _ceiling(inputs: Inputs) -> float | None:
    """Return the officers authorised: of the rules, else of the mandate; None: no ceiling."""
    rules = inputs.rules[inputs.rules["rule"] == "ceiling_total"]
    whole = rules[(rules["area"] == "") | rules["area"].isna()]["value"].dropna()
    if len(whole):
        return float(whole.min())
    parts = [inputs.mandate[c].dropna() for c in ("ceiling_formed", "ceiling_individual")]
    return sum(float(p.max()) for p in parts) if all(len(p) for p in parts) else None
