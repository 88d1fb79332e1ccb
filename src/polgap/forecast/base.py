"""The seam of the forecast room: what a model is, and what a forecast holds.

A model is a recipe (settings only, no data, so it can be compared, hashed and sent to another
process); fitted to a panel it gives joint draws. A new model is one file in ``models`` and one
line in ``registry.py``; the battery in ``tests/seams/test_models.py`` finds it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from polgap.domain import Futures, Note, Panel


@runtime_checkable
class Model(Protocol):
    """A recipe for a forecast: a frozen dataclass of settings."""

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        ...

    def fit(self, panel: Panel) -> Fitted:
        """Return the model fitted to all months of `panel` (the last one is the origin).

        Parameters
        ----------
        panel : Panel, dims (area, month)
            Any count variables; NaN = not observed. Nothing after the origin may be in it.

        Raises
        ------
        ModelError
            If the panel cannot be used: nothing observed, negative counts, months missing.
        """
        ...


class Fitted(Protocol):
    """A fitted model: it gives joint futures."""

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        """Return joint draws of all variables, areas and months.

        Parameters
        ----------
        horizons : sequence of int
            Months ahead of the last month of the panel, rising, from 1. A reporting lag of three
            months is ``range(3, 15)``: the first month wanted is the third after the last seen.
        draws : int
            Number of joint futures.
        rng : numpy.random.Generator
            The only source of chance.

        Returns
        -------
        Futures, dims (area, month, draw), counts
            Integers >= 0, nothing missing; a month with deaths has at least one event.
        """
        ...


@dataclass(frozen=True)
class Forecast:
    """What the forecast step hands on.

    Parameters
    ----------
    futures : Futures, dims (area, month, draw), deaths and events
        One draw is one joint future of all areas, months and kinds.
    skill : list of dict
        Rows target, model, baseline, origins, ratio_crps, low, high, coverage90: the record on
        the theatre's own past. Ratio below 1: better than repeating the last twelve months.
    fan : pd.DataFrame
        month, measure (deaths, events), q05 .. q95: quantiles of the theatre's total.
    model : str
        The model whose futures these are.
    notes : tuple of Note
    """

    futures: Futures
    skill: list[dict[str, Any]]
    fan: pd.DataFrame
    model: str
    notes: tuple[Note, ...] = ()


Targets = Mapping[str, tuple[str, ...]]
"""What is scored: name -> the variables that are added up, for instance all kinds of deaths."""
