"""What stands beside the gap: need under other models, pooled peaks, women on duty."""

from __future__ import annotations

from polgap import catalogue
from polgap.domain import Inputs
from polgap.study._blocks import Block, Steps, interval

TARGETS = {"individual": "women_target_ipo_2028", "formed": "women_target_fpu_2028"}
"""Kind of police -> parameter with its target share of women."""


def need_models_block(s: Steps) -> Block:
    """Return need under each model with its source, beside the benchmark band.

    The band and the models are cross-checks: neither is ever an addend.
    """
    facts = {
        (str(fact["function"]), str(fact["model"])): fact
        for fact in catalogue.table("need_models").to_dict("records")
    }
    rows = []
    for row in s.need_models.rows:
        fact = facts[str(row["function"]), str(row["model"])]
        rows.append({**row, "source": str(fact["source"]), "mark": str(fact["mark"])})
    low, mid, high = s.gap.benchmark_band
    return {
        "units": "officers on strength",
        "rows": rows,
        "totals": dict(s.need_models.totals),
        "benchmark_band": {"low": low, "mid": mid, "high": high},
        "pooling": {name: dict(row) for name, row in s.need_models.pooling.items()},
    }


def women_block(inputs: Inputs, s: Steps) -> Block:
    """Return women on strength that keep two on duty at every sgbv post, and target shares."""
    names = inputs.areas.set_index("area")["name"]
    beside = s.theta.beside("assess")
    return {
        "units": "officers on strength",
        "total": interval(s.women.sum("area").values),
        "by_area": [
            {"area": area, "name": str(names[area]), **interval(row)}
            for area, row in zip(s.women["area"].values.tolist(), s.women.values, strict=True)
        ],
        "targets": {kind: beside.mid(name) for kind, name in TARGETS.items()},
    }
