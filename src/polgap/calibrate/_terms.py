"""Terms: how long a unit has to sustain itself where it is based, and how long it has to stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import Inputs, Study, month_number

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Terms:
    """What the rules ask of a unit to come; one that stands in the mission is a fact.

    Parameters
    ----------
    carry : (A,) days for which a unit based in an area has to sustain itself
    stay : months for which its offer has to last from the day on which it comes
    """

    carry: Array
    stay: float

    def latest(self, study: Study, sizes: IntArray, pledge: Row) -> int:
        """Return the last block (of `sizes` months) in which a pledge may come; -1 = in none.

        An offer without an end lasts long enough.
        """
        if not pledge["until"]:
            return len(sizes) - 1
        begin = month_number(study.first_month) + np.concatenate([[0], np.cumsum(sizes)[:-1]])
        lasts = month_number(str(pledge["until"])) - begin + 1
        return int((lasts >= self.stay).sum()) - 1


def terms(study: Study, inputs: Inputs) -> Terms:
    """Return the terms that the rules set in the months reported.

    ``self_sustainment`` (days, in an area or everywhere) and ``minimum_stay`` (months): of several
    the greatest counts.
    """
    areas = inputs.areas["area"].astype(str).to_numpy()
    carry = np.zeros(len(areas))
    for row in holding(study, inputs, "self_sustainment"):
        named = str(row["area"] or "")
        here = (areas == named) | (named in ("", "*"))
        carry = np.where(here, np.maximum(carry, float(row["value"])), carry)
    asked = [float(row["value"]) for row in holding(study, inputs, "minimum_stay")]
    return Terms(carry, max(asked, default=0.0))


def holding(study: Study, inputs: Inputs, rule: str) -> list[dict[Any, Any]]:
    """Return the rows of a rule that holds in some month reported."""
    first, last = study.report_months[0], study.report_months[-1]
    return [
        row
        for row in inputs.rules[inputs.rules["rule"] == rule].to_dict("records")
        if row["value"] == row["value"]
        and str(row["from"] or "") <= last
        and (not row["until"] or str(row["until"]) >= first)
    ]
