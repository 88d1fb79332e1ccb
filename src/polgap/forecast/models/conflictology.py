"""Conflictology: the last months of an area's own past, each as likely as the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from polgap.domain import Panel
from polgap.forecast._past import Array, Past
from polgap.forecast._resample import Resampled


@dataclass(frozen=True)
class Conflictology:
    """The last `window` months, the same for all horizons: the bar that others must beat.

    With twelve months this is the benchmark that no entrant of the VIEWS challenge beat on the
    true future by country [1]_. An area not observed all the time answers with what was observed.

    Parameters
    ----------
    window : int
        Months.

    References
    ----------
    .. [1] Hegre et al., the 2023/24 VIEWS prediction challenge, arXiv 2407.11045.

    Examples
    --------
    >>> Conflictology(12).name
    'last12'
    """

    window: int = 12

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return f"last{self.window}"

    def fit(self, panel: Panel) -> Resampled:
        """Return the model fitted to `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used.
        """
        return Resampled(Past.of(panel), partial(_weigh, self.window), self.name)


def _weigh(window: int, _: int, ages: Array) -> Array:
    return (ages < window).astype(float)
