"""A backtest on the challenge: what is forecast from, and where forecasts are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from polgap.sources import views


@dataclass(frozen=True)
class Task:
    """What is forecast from, and how far back knowledge ends."""

    folder: Path
    history: Path
    out: Path
    seed: int
    lag: int
    vintage: str

    def known(self, window: int) -> views.Known:
        """Return what was known when a window was forecast."""
        return views.known(self.folder, self.history, window, lag=self.lag, vintage=self.vintage)

    def path(self, window: int, model: str) -> Path:
        """Return where a forecast is kept."""
        return self.out / f"forecast_{window}_{model}.npz"

    def draws(self, window: int, model: str) -> NDArray[np.float64]:
        """Return a kept forecast."""
        with np.load(self.path(window, model)) as stored:
            return np.asarray(stored["draws"], dtype=float)

    def said(self) -> dict[str, str]:
        """Return which actuals are scored and which history is known."""
        actuals = f"{views.VINTAGES[self.vintage]}_Y*"
        return {
            "vintage": self.vintage,
            "scored": actuals,
            "known": f"bm_conflictology_Y* (official last twelve months, final), then {actuals} of "
            f"earlier windows, then {self.history.name}",
        }
