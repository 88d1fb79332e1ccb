"""Mission requirement R: what the posture and the powers let a mission be asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from polgap import catalogue
from polgap.assess._scope import rows
from polgap.domain import Posture
from polgap.domain.cubes import FloatArray, IntArray
from polgap.draws import Parameters
from polgap.errors import StudyError

FORMED = ("public_order", "protection", "static")
"""Functions of formed units, whose capacity also has to protect the mission itself."""
_COLUMN = {"order": "m_order", "service": "m_service", "mentoring": "mentors"}


@dataclass(frozen=True)
class Ladder:
    """Shares of the shortfall that a mission is asked for, and its two overheads.

    Parameters
    ----------
    share : array, shape (area, function), 0 to 1
        m of the posture ladder; 0 where the powers do not reach or the function is switched off.
    self_share, admin_share : arrays, shape (draw,), share
        Protection of the mission in formed capacity; command and administration in the component.
        0 where switched off.
    """

    functions: Sequence[str]
    share: FloatArray
    self_share: FloatArray
    admin_share: FloatArray

    def thinned(self, positions: slice | IntArray) -> Ladder:
        """Return the same ladder on some of the draws."""
        own, office = self.self_share[positions], self.admin_share[positions]
        return replace(self, self_share=own, admin_share=office)

    def requirement(self, block: slice, shortfall: FloatArray) -> FloatArray:
        """Return R, shape (area, month, function, draw), officers on strength.

        Parameters
        ----------
        block : slice
            Areas of `shortfall` among those of the ladder.
        shortfall : array, shape (area, month, function, draw), officers on strength
            ``max(0, need - host police - other providers)``.
        """
        share = self.share[block][:, None, :, None].astype(shortfall.dtype)
        asked = np.asarray(share * shortfall)
        place = {name: k for k, name in enumerate(self.functions)}
        formed = asked[:, :, [place[f] for f in FORMED]].sum(axis=2)
        own = (self.self_share / (1.0 - self.self_share)).astype(asked.dtype)
        asked[:, :, place["mission_self"]] = own * formed
        office = (self.admin_share / (1.0 - self.admin_share)).astype(asked.dtype)
        asked[:, :, place["command_admin"]] = office * asked.sum(axis=2)
        return asked


def ladder(
    posture: Posture, areas: Sequence[str], functions: Mapping[str, bool], theta: Parameters
) -> Ladder:
    """Return the ladder of `posture` for `areas` and the functions that are switched on.

    Raises
    ------
    StudyError
        If the posture names no rung, or an unknown one, for an area.
    """
    rungs = {str(row["posture"]): row for row in rows(catalogue.table("postures"))}
    facts = {str(row["function"]): row for row in rows(catalogue.table("functions"))}
    share = np.zeros((len(areas), len(functions)))
    for a, area in enumerate(areas):
        rung = posture.rung.get(area, "")
        if rung not in rungs:
            raise StudyError(f"posture of area {area}: got {rung!r}; wanted one of {list(rungs)}")
        for f, name in enumerate(functions):
            kind = facts[name]["ladder"]
            allowed = functions[name] and posture.powers >= facts[name]["minimum_powers"]
            if allowed and kind in _COLUMN:
                share[a, f] = float(rungs[rung][_COLUMN[kind]])
    none = np.zeros(theta.draws)
    own = theta["mission_self_share"] if functions["mission_self"] else none
    office = theta["command_admin_share"] if functions["command_admin"] else none
    return Ladder(list(functions), share, own, office)
