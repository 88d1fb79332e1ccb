"""Precedents: what missions of the past were given in a like case, with document and paragraph."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from polgap import catalogue
from polgap.study._blocks import Block

MOST = 5
"""Precedents named, at most."""


def precedents(strike: Sequence[str], add: Sequence[str], mandate: pd.DataFrame) -> list[Block]:
    """Return the precedents that concern what is struck or added, those nearest first.

    A paragraph struck is looked up by its functions, and by powers and posture where it grants
    any; a change by its key. What was done elsewhere is a fact, not a reason to do it here.
    """
    concerns = {text.partition("=")[0].strip().casefold().split("_")[0] for text in add}
    named = mandate["paragraph"].astype(str).str.casefold()
    gone = mandate[named.isin([p.strip().casefold() for p in strike])]
    functions = {f for f in gone["function"].astype(str) if f}
    concerns |= {c for c in ("powers", "posture") if (gone[c].astype(str) != "").any()}
    concerns |= {"applicable_law"} if "applicable" in concerns else set()
    rows = []
    for row in catalogue.table("precedents").to_dict("records"):
        near = 2 * len(functions & set(str(row["functions"]).split()))
        near += len(concerns & set(str(row["concerns"]).split()))
        if near:
            rows.append((near, {str(k): v for k, v in row.items()}))
    rows.sort(key=lambda pair: -pair[0])
    keys = ("mission", "document", "paragraph", "year", "fact_en", "fact_fr", "mark")
    return [{k: row[k] for k in keys} for _, row in rows[:MOST]]
