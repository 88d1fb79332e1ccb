"""Hedges: the plan for the worst futures, and the one for pledges that fail."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from polgap import calibrate
from polgap.domain import Futures, Inputs
from polgap.study._blocks import Block
from polgap.study._case import Case, Ground, case, compared, ground, recommended
from polgap.study._risk import risk_block

RISK_AVERSE = "risk_averse"


def weighing(inputs: Inputs, aversion: float) -> Inputs:
    """Return inputs whose rules give the worst futures this weight, whatever they say now."""
    rules = inputs.rules
    row = {"rule": "risk_aversion", "area": "", "value": aversion, "units": "share", "from": "",
           "until": "", "reason": "--risk", "basis": "given"}  # fmt: skip
    kept = rules[rules["rule"] != "risk_aversion"]
    new = pd.DataFrame([row]).reindex(columns=rules.columns)
    return replace(inputs, rules=pd.concat([kept, new], ignore_index=True) if len(kept) else new)


def averse_case(on: Ground, futures: Futures, base: Case, aversion: float) -> tuple[Case, Block]:
    """Return the plan made for the worst futures too, and the block ``risk``."""
    new = ground(on.study, weighing(on.inputs, aversion), futures, on)
    found = recommended(new, RISK_AVERSE, base.plan)
    block: Block = {"option": found.plan.name, "against": compared(found, base)}
    return found, block | (risk_block(found.plan.risk) if found.plan.risk else {})


def robust_case(on: Ground, base: Case, failures: int) -> tuple[Case, Block]:
    """Return the plan that stands best where pledges fail, and the block ``failures``."""
    answer = calibrate.robust(
        on.study, on.inputs, on.gap, on.force, on.hours, on.theta.of("calibrate"), base.plan,
        failures,
    )  # fmt: skip
    found = case(on, answer.plan)
    return found, {
        "option": answer.plan.name,
        "units": "officer-months",
        "failures": answer.failures,
        "none": answer.none,
        "worst": answer.worst,
        "failing": list(answer.failing),
        "bound": answer.bound,
        "gap_percent": answer.gap_percent,
        "all_tried": answer.proven,
        "plain": {
            "none": answer.plain_none, "worst": answer.plain_worst,
            "failing": list(answer.plain_failing),
        },
        "against": compared(found, base),
    }  # fmt: skip
