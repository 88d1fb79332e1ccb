"""Last Poisson: the last month observed, with the luck of counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polgap.domain import Futures, Panel
from polgap.forecast._past import Past, futures, require_horizons


@dataclass(frozen=True)
class LastPoisson:
    """Poisson around the last observed count, the same for all horizons.

    Examples
    --------
    >>> LastPoisson().name
    'last_poisson'
    """

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "last_poisson"

    def fit(self, panel: Panel) -> _Fitted:
        """Return the model fitted to `panel`.

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
        seen = self.past.seen
        place = seen.shape[2] - 1 - np.argmax(seen[:, :, ::-1], axis=2)
        last = np.take_along_axis(self.past.values, place[:, :, None], axis=2)
        # An area never observed gets the mean of the others: no data is not no violence.
        mean = np.nanmean(self.past.values, axis=(1, 2))[:, None, None]
        level = np.where(np.isnan(last), mean, last)[..., None]
        shape = (*seen.shape[:2], len(asked), draws)
        return futures(
            self.past, asked, rng.poisson(level, shape).astype(float), rng, "last_poisson"
        )
