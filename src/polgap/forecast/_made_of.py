"""Made of: which past area-months a forecast rests on, and with which weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import month_label

COLUMNS = ("area", "month", "weight", "count")


@runtime_checkable
class Explained(Protocol):
    """A fitted model whose draws are past cases."""

    def made_of(self, area: int, horizon: int, variable: int = 0) -> pd.DataFrame:
        """Return the past cases of a forecast, heaviest first.

        Parameters
        ----------
        area, variable : int
            Positions in the panel.
        horizon : int
            Months ahead.

        Returns
        -------
        pd.DataFrame
            area (label), month (from which it looked ahead; for a model that repeats months, the
            month itself), weight (share of the draws; all of them sum to 1), count (what it says
            for the area asked).
        """
        ...


def cases(
    areas: Sequence[Any],
    last: int,
    months: int,
    found: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any], NDArray[Any]],
) -> pd.DataFrame:
    """Return cases (area, month, weight, count) as a table, the same area-month added up.

    Parameters
    ----------
    last : int
        Month number of the panel's last month; `months` is how many it has.
    """
    area, month, weight, count = found
    frame = pd.DataFrame({"a": area, "m": month, "weight": weight, "count": weight * count})
    total = frame.groupby(["a", "m"], as_index=False, sort=True)[["weight", "count"]].sum()
    total = total[total["weight"] > 0]
    out = pd.DataFrame({
        "area": [areas[i] for i in total["a"]],
        "month": [month_label(last - months + 1 + int(m)) for m in total["m"]],
        "weight": total["weight"] / total["weight"].sum(),
        "count": total["count"] / total["weight"],
    })  # fmt: skip
    return heaviest(out)


def heaviest(table: pd.DataFrame) -> pd.DataFrame:
    """Return cases sorted by weight, the largest first."""
    return table.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def mixed(parts: Sequence[tuple[float, pd.DataFrame]]) -> pd.DataFrame:
    """Return the cases of a mixture: those of its parts, by their shares."""
    whole = sum(share for share, _ in parts)
    frames = [part.assign(weight=part["weight"] * share / whole) for share, part in parts]
    joined = pd.concat(frames, ignore_index=True)
    joined["count"] *= joined["weight"]
    total = joined.groupby(["area", "month"], as_index=False, sort=False)[["weight", "count"]].sum()
    return heaviest(total.assign(count=total["count"] / total["weight"]))
