"""What the worst futures leave unmet, as a block of ``result.json``."""

from __future__ import annotations

from typing import Any

from polgap.domain import Risk


def risk_block(risk: Risk) -> dict[str, Any]:
    """Return what a plan leaves unmet in the worst futures, beside the plan without that weight."""
    return {
        "units": "officer-months",
        "aversion": risk.aversion,
        "tail": risk.tail,
        "futures": risk.futures,
        "mean": risk.mean,
        "worst": risk.worst,
        "value": risk.value,
        "bound": risk.bound,
        "gap_percent": risk.gap_percent,
        "plain": {
            "mean": risk.plain_mean, "worst": risk.plain_worst, "value": risk.plain_value,
        },
    }  # fmt: skip
