"""Hedges: the plan for the worst futures, beside the recommended one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from polgap.domain import Futures, Inputs
from polgap.study._blocks import Block
from polgap.study._case import Case, Ground, compared, ground, recommended
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
