"""Responders: who comes first, second and third when order breaks down in an area.

The ladder of Kosovo: host-State police first, formed police of the mission second and only at the
explicit request of the first, the military third (EULEX). Where host-State police give too little
of what protection and public order take, the mission is first, if its powers allow it.
"""

from __future__ import annotations

from collections.abc import Mapping

from polgap.domain import POSTURES, POWERS, Assessment, Inputs, Posture, Study
from polgap.draws import Parameters

FUNCTIONS = ("protection", "public_order")
HOST, MISSION, MILITARY, NOBODY = "host", "mission", "military", "nobody"
_SOLDIERS = ("host military", "international force")
_FIRST = POSTURES.index("operational_support")


def responders(
    study: Study, inputs: Inputs, gap: Assessment, posture: Posture, theta: Parameters
) -> Mapping[str, tuple[str, ...]]:
    """Return area -> responders, first to last; ``nobody`` where there is none at all.

    Host-State police are first where they give, in the mean over the reported months, at least
    ``first_responder_share`` of the need of protection and public order; the mission is a
    responder from operational support on and with the power to protect; the military is third
    where other providers of that kind are on record for these functions, as a last resort.
    """
    least = theta.mid("first_responder_share")
    months = study.report_months
    able, need = (
        cube.sel(month=months, function=[f for f in FUNCTIONS if f in cube["function"].values])
        .sum("function")
        .mean(["month", "draw"])
        .to_series()
        for cube in (gap.host, gap.need)
    )
    other = inputs.other_providers
    soldiers = other[other["provider"].isin(_SOLDIERS) & other["function"].isin(FUNCTIONS)]
    armed = set(soldiers["area"].astype(str))
    may = posture.powers >= POWERS.index("protect")
    found: dict[str, tuple[str, ...]] = {}
    for area, rung in posture.rung.items():
        mission = [MISSION] if may and POSTURES.index(rung) >= _FIRST else []
        host = [HOST] if able[area] > 0 else []
        enough = need[area] <= 0 or able[area] >= least * need[area]
        order = [*host, *mission] if enough else [*mission, *host]
        order += [MILITARY] if {area, "*"} & armed else []
        found[area] = tuple(order) or (NOBODY,)
    return found
