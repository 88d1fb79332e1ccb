"""What the brief says of provision and of advice: for the internal edition only.

Willingness by institution, capture flags and advice on institutions exist in no other edition
(gap-model.md 12): they stand under `provision` and `advice` of ``details.json`` and nowhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from polgap import catalogue
from polgap.domain import Inputs
from polgap.study._blocks import Block, Steps, interval, mean_officers, records
from polgap.study._totals import REPORTED


def provision(inputs: Inputs, s: Steps) -> Block:
    """Return the chain of each institution, its assessors, other providers, and three strengths."""
    parts = s.gap.parts
    return {
        "institutions": [row for row in _institutions(s) if row["institution"] != "*"],
        "assessors": records(parts["assessors"]) if "assessors" in parts else [],
        "ledger": records(parts["ledger"]) if "ledger" in parts else [],
        "strength": strength(inputs, s),
    }


def _institutions(s: Steps) -> list[Block]:
    rows: dict[str, Block] = {}
    for row in records(s.gap.parts["institutions"]) if "institutions" in s.gap.parts else []:
        found = rows.setdefault(
            row["institution"], {"institution": row["institution"], "basis": row["basis"]}
        )
        known = row["mid"] is not None and np.isfinite(row["mid"])
        found[row["measure"]] = {k: row[k] for k in ("low", "mid", "high")} if known else None
    return list(rows.values())


def strength(inputs: Inputs, s: Steps) -> list[Block]:
    """Return authorised, deployed and effective officers of each side: three columns, never mixed.

    Means over the first twelve months. Deployed of the host State: able to be tasked; effective:
    assigned to a function they are able and willing to serve.
    """
    stay = s.deployed["status_quo"]
    ceiling = inputs.mandate[["ceiling_formed", "ceiling_individual"]].sum(min_count=1)
    ledger = s.gap.parts.get("ledger")
    whole: Block = next((row for row in _institutions(s) if row["institution"] == "*"), {})
    host = {
        "who": "host",
        "basis": whole.get("basis"),
        "authorised": whole.get("authorised"),
        "deployed": whole.get("available"),
        "effective": interval(mean_officers(s.gap.host)),
    }
    mission = {
        "who": "mission",
        "authorised": _point(float(ceiling.sum())) if ceiling.notna().any() else None,
        "deployed": interval(_mean(stay.strength)),
        "effective": interval(_mean(stay.mission)),
    }
    others: Block = {"who": "others", "authorised": None, "deployed": None, "effective": None}
    if ledger is not None and len(ledger):
        stated = ledger["authorised"].notna().all()
        others["authorised"] = _point(float(ledger["authorised"].sum())) if stated else None
        others["deployed"] = _point(float(ledger["deployed"].sum()))
        others["effective"] = _point(float(ledger["effective"].sum()))
    return [host, mission, others]


def _mean(cube: Any) -> np.ndarray[Any, Any]:
    """Return officers of a mission, mean over months, shape (draw,)."""
    dims = [d for d in cube.dims if d not in ("month", "draw")]
    total = cube.isel(month=slice(0, REPORTED)).sum(dims, dtype=np.float64)
    return np.asarray(total.transpose("month", "draw").values.mean(axis=0))


def _point(value: float) -> dict[str, float]:
    return {"low": value, "mid": value, "high": value}


def advice(s: Steps) -> list[Block]:
    """Return the advice on each institution, with its reason and what would change it."""
    table = s.gap.parts.get("advice")
    if table is None or table.empty:
        return []
    kinds = catalogue.table("advice").set_index("advice")
    return [_advised(row, kinds.loc[row["advice"]]) for row in records(table)]


def _advised(row: Block, kind: Any) -> Block:
    values = {
        **{name: row[f"{name}_mean"] for name in ("able", "willing", "harm", "short")},
        "least": row["limit_willing"], "ready": row["limit_ready"], "most": row["limit_harm"],
        "able_enough": row["limit_able"], "covered": row["limit_covered"],
        "element": row["weakest"], "indicator": row["lowest"],
        "held": row["chance_held"], "refuses": row["chance_unwilling"],
        "preys": row["chance_predatory"],
    }  # fmt: skip
    return {
        "institution": row["institution"],
        "area": row["area"],
        "advice": row["advice"],
        "gives": str(kind["gives"]).split(),
        "equipment": bool(kind["equipment"]),
        "headcount": bool(kind["headcount"]),
        "conditional": bool(row["conditional"]),
        "sure": row["sure"],
        "chance": {k: row[f"chance_{k}"] for k in ("held", "unwilling", "predatory")},
        **{
            name: {k: row[f"{name}_{k}"] for k in ("low", "mid", "high")}
            for name in ("able", "willing", "harm", "short")
        },
        "basis": {"able": row["basis_able"], "willing": row["basis_willing"]},
        "reason": {"code": row["reason"], "values": values},
        "doubt": {"code": "advice.doubt", "values": values} if row["conditional"] else None,
        "change": {"code": f"advice.change.{row['advice']}", "values": values},
    }
