"""Assemblies from counts of events by area and month, where nobody else has counted them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from polgap.domain import Note, Panel, check_table


def with_counts(
    protests: pd.DataFrame, counts: pd.DataFrame, panel: Panel
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Return the table ``protests`` with what ``event_counts`` adds to it, and a note.

    Peaceful assembly and riots are added where both are counted, else demonstrations, which are
    both together, are taken as they are: how many were violent is then not known. The planner's
    own table comes first, then incidents with a date and a place (the panel), then counts.

    Parameters
    ----------
    protests, counts : pd.DataFrame
        As in ``schema.csv``.
    panel : Panel
        Observed months; ``protests`` and ``riots`` where incidents hold them.
    """
    known = set(zip(protests["area"].astype(str), protests["month"].astype(str), strict=True))
    known |= _observed(panel)
    rows = [
        row
        for row in map(_row, counts.to_dict("records"))
        if row is not None and (row["area"], row["month"]) not in known
    ]
    if not rows:
        return protests, ()
    own = check_table("protests", pd.DataFrame(rows))
    whole = own if protests.empty else pd.concat([protests, own], ignore_index=True)
    return whole, (Note("sources.assemblies_from_counts", {"rows": len(rows)}),)


def _row(count: Mapping[Any, Any]) -> dict[str, object] | None:
    """Return what one row of counts says of assemblies; None where it says nothing."""
    calm, riots, both = (float(count[k]) for k in ("protests", "riots", "demonstrations"))
    added = calm + riots
    whole = both if np.isnan(added) else added
    if np.isnan(whole):
        return None
    violent = riots if riots <= whole else float("nan")
    return {
        "area": str(count["area"]), "month": str(count["month"]), "assemblies": whole,
        "violent": violent, "basis": "computed",
    }  # fmt: skip


def _observed(panel: Panel) -> set[tuple[str, str]]:
    """Return the areas and months in which incidents hold protests or riots."""
    areas, months = (panel[dim].values.astype(str).tolist() for dim in ("area", "month"))
    found: set[tuple[str, str]] = set()
    for name in ("protests", "riots"):
        if name in panel:
            there = np.argwhere(panel[name].transpose("area", "month").notnull().values)
            found |= {(areas[i], months[j]) for i, j in there.tolist()}
    return found
