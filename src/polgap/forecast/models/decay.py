"""Decay: past months weighted by age, with a half-life that grows with the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from polgap.domain import Panel
from polgap.forecast._half_life import KNOTS, MEMORY, Knots, weigh
from polgap.forecast._past import Past
from polgap.forecast._resample import Resampled


@dataclass(frozen=True)
class Decay:
    """Past months weighted by ``2 ** (-age / half_life(horizon))``, up to `memory` months back.

    Near horizons look at the last half-year, far ones at the long run: what a place is like in
    three years is told by years, not by last month.

    Parameters
    ----------
    knots : tuple of (horizon, half-life), months
        Half-life at these horizons; between them it changes in equal ratios.
    memory : int
        Months looked back at most.

    Examples
    --------
    >>> Decay().name
    'decay'
    """

    knots: Knots = KNOTS
    memory: int = MEMORY

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "decay"

    def fit(self, panel: Panel) -> Resampled:
        """Return the model fitted to `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        return Resampled(Past.of(panel), partial(weigh, self.knots, self.memory), self.name)
