"""Zero: nothing happens. The score of this model says how violent a window was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polgap.domain import Futures, Panel
from polgap.forecast._past import Past, futures, require_horizons


@dataclass(frozen=True)
class Zero:
    """Every draw is zero.

    Examples
    --------
    >>> Zero().name
    'zero'
    """

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "zero"

    def fit(self, panel: Panel) -> _Fitted:
        """Return the model; of the panel only its labels are used.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        return _Fitted(Past.of(panel))


@dataclass(frozen=True)
class _Fitted:
    past: Past

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        asked = require_horizons(horizons, draws)
        none = np.zeros((*self.past.values.shape[:2], len(asked), draws))
        return futures(self.past, asked, none, rng, "zero")
