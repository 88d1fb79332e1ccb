"""Global bootstrap: any recent month of any area. What is known without knowing the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polgap.domain import Futures, Panel
from polgap.forecast._past import Past, futures, require_horizons


@dataclass(frozen=True)
class GlobalBootstrap:
    """Draws from the last `window` months of all areas together.

    Examples
    --------
    >>> GlobalBootstrap().name
    'bootstrap240'
    """

    window: int = 240

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return f"bootstrap{self.window}"

    def fit(self, panel: Panel) -> _Fitted:
        """Return the model fitted to `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        return _Fitted(Past.of(panel), self.window, self.name)


@dataclass(frozen=True)
class _Fitted:
    past: Past
    window: int
    name: str

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        asked = require_horizons(horizons, draws)
        kinds, areas, _ = self.past.values.shape
        out = np.empty((kinds, areas, len(asked), draws))
        for v, counts in enumerate(self.past.values):
            recent = counts[:, -self.window :]
            pool = recent[~np.isnan(recent)]
            # A variable not observed lately falls back on its whole record.
            pool = pool if pool.size else counts[~np.isnan(counts)]
            out[v] = rng.choice(pool, size=out.shape[1:])
        return futures(self.past, asked, out, rng, self.name)
