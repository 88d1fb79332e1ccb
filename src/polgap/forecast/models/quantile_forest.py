"""Quantile forest: the past area-months that looked like this one, and what came after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import Futures, Panel
from polgap.errors import ModelError
from polgap.forecast._features import SMALL, features
from polgap.forecast._half_life import KNOTS, MEMORY, weigh
from polgap.forecast._leaves import CALM, WARM_UP, Leaves, learnable, mean_level, own_means, sampled
from polgap.forecast._made_of import cases
from polgap.forecast._past import Array, futures, require_horizons
from polgap.forecast._ranks import couple
from polgap.forecast._resample import Resampled
from polgap.forecast.covariates import known_series

KNOWN_SIZE = 100.0
"""Deaths a month beyond which a forest of changes is not told how large a conflict is."""


@dataclass(frozen=True)
class QuantileForest:
    """Randomised trees, pooled over areas and horizons; a draw is a past outcome from a leaf.

    Every tree sends an area-month to a leaf of past area-months that looked like it; a draw takes
    one of them at random and gives what followed there [1]_. So the answer is a weighted list of
    past cases and never lies outside what has happened somewhere.

    `scale` = ``"count"`` takes what followed as it was. ``"level"`` and ``"mean"`` take the
    *change* from the area's own level, the geometric or arithmetic mean of its means of 3, 12 and
    24 months. Such a forest is not told sizes beyond `KNOWN_SIZE`: a large war then learns from
    all wars, not from the few of its size (docs/explanation/forecast-skill.md says what is known
    of that choice and what is not).

    Parameters
    ----------
    scale : str
        ``"count"``, ``"level"`` or ``"mean"``.
    trees, leaf : int
        Number of trees; area-months in a leaf at least.
    share : float
        Share of the features tried at a split.
    rows : float
        Horizons learnt from at each area-month, on average.
    nearest, farthest : int
        Horizons learnt, months.
    seed : int
        Of the sampled rows and of the splits.
    covariates : bool
        Look at the covariates of the panel too, each only as far as it was published.

    References
    ----------
    .. [1] Meinshausen (2006), Quantile regression forests, JMLR 7, 983-999; with the splits of
       Geurts, Ernst and Wehenkel (2006), Extremely randomized trees, Machine Learning 63, 3-42.

    Examples
    --------
    >>> QuantileForest().name, QuantileForest(scale="level").name
    ('quantile_forest', 'quantile_forest_level')
    """

    scale: str = "count"
    trees: int = 60
    leaf: int = 15
    share: float = 0.4
    rows: float = 2.0
    nearest: int = 1
    farthest: int = 36
    seed: int = 0
    covariates: bool = False

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        plain = "quantile_forest" if self.scale == "count" else f"quantile_forest_{self.scale}"
        return f"{plain}_covariates" if self.covariates else plain

    def fit(self, panel: Panel) -> Grown:
        """Return one forest for each variable of `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used, holds fewer than 2,000 observed area-months, or has no
            covariate where they are to be looked at.
        """
        past = learnable(panel, self.farthest, self.name)
        beside = known_series(panel) if self.covariates else None
        trees = tuple(self._grow(counts, v, beside) for v, counts in enumerate(past.values))
        paths = Resampled(past, partial(weigh, KNOTS, MEMORY), self.name)
        return Grown(self, paths, trees)

    def _grow(self, counts: Array, variable: int, beside: tuple[Array, list[str]] | None) -> Trees:
        from sklearn.ensemble import ExtraTreesRegressor

        rng = np.random.default_rng([self.seed, variable])
        known, at = features(counts)
        if self.scale == "count":
            # Ratios add nothing where outcomes are taken as they were, and cost time.
            at = {name: i for name, i in at.items() if not name.startswith("r_")}
            known = known[..., : len(at)]
        if beside:
            at = at | {name: len(at) + i for i, name in enumerate(beside[1])}
            known = np.concatenate([known, beside[0]], axis=-1)
        area, month, ahead = self._cases(counts, known[..., at["m120"]] > 0, rng)
        outcome = counts[area, month + ahead]
        rows = _inputs(known[area, month], ahead)
        level = self._level(rows, at)
        forest = ExtraTreesRegressor(
            self.trees, min_samples_leaf=self.leaf, max_features=self.share,
            random_state=self.seed, n_jobs=1,
        )  # fmt: skip
        # Splits are sought on logarithms: one war must not decide them.
        told = self._told(rows, at)
        forest.fit(told, np.log((outcome + self._shift()) / level))
        leaves = Leaves.of(forest, told)
        return Trees(forest, leaves, outcome / level, known[:, -1], at, area, month)

    def _cases(
        self, counts: Array, live: NDArray[np.bool_], rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return area, month and horizon of what is learnt from; outcomes lie in the panel."""
        seen = ~np.isnan(counts)
        span = self.farthest - self.nearest + 1
        chance = self.rows / span * np.where(live, 1.0, CALM)
        chances = []
        for ahead in range(self.nearest, self.farthest + 1):
            start = slice(WARM_UP, counts.shape[1] - ahead)
            both = seen[:, start] & seen[:, WARM_UP + ahead :]
            chances.append((ahead, both * chance[:, start]))
        return sampled(chances, rng)

    def _level(self, rows: NDArray[np.float32], at: dict[str, int]) -> Array:
        """Return what outcomes are measured against: 1, or the area's own level."""
        if self.scale == "count":
            return np.ones(len(rows))
        if self.scale == "mean":
            return mean_level(rows, at)
        return np.asarray(np.exp(sum(np.log(m + SMALL) for m in own_means(rows, at)) / 3.0))

    def _told(self, rows: NDArray[np.float32], at: dict[str, int]) -> NDArray[np.float32]:
        """Return the features a forest sees."""
        if self.scale == "count":
            return rows
        sizes = [i for name, i in at.items() if name[0] in "mxl"]
        above = [at[name] for name in ("b12", "b60", "s200")]
        told = rows.copy()
        told[:, sizes] = np.minimum(told[:, sizes], np.float32(np.log1p(KNOWN_SIZE)))
        told[:, above] = 0.0
        return told

    def _shift(self) -> float:
        return 1.0 if self.scale == "count" else SMALL


@dataclass(frozen=True)
class Trees:
    """A grown forest, the cases in its leaves, and what followed each case."""

    forest: Any
    leaves: Leaves
    outcome: Array
    now: Array
    at: dict[str, int]
    area: NDArray[np.int64]
    month: NDArray[np.int64]

    def cases(self, rows: NDArray[np.float32], draws: int, rng: np.random.Generator) -> Any:
        """Return the places of past cases drawn from the leaves, shape (row, draw)."""
        return self.leaves.spread(self.forest.apply(rows), draws, rng)


@dataclass(frozen=True)
class Grown:
    """The fitted model: one forest a variable, and joint past paths for the dependence."""

    model: QuantileForest
    paths: Resampled
    trees: tuple[Trees, ...]

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        """Return joint draws; see `polgap.forecast.base.Fitted`.

        Raises
        ------
        ModelError
            If a horizon was not learnt.
        """
        asked = require_horizons(horizons, draws)
        learnt = (self.model.nearest, self.model.farthest)
        if asked[0] < learnt[0] or asked[-1] > learnt[1]:
            raise ModelError(f"horizons: got {asked[0]} to {asked[-1]}; learnt {learnt}")
        margins = np.stack([self._margins(trees, asked, draws, rng) for trees in self.trees])
        joint = couple(margins, self.paths.values(asked, draws, rng), rng)
        return futures(self.paths.past, asked, joint, rng, self.model.name)

    def made_of(self, area: int, horizon: int, variable: int = 0) -> pd.DataFrame:
        """Return the past cases of a forecast; see `polgap.forecast._made_of.Explained`."""
        trees, past = self.trees[variable], self.paths.past
        rows = _inputs(trees.now[[area]], np.array([horizon]))
        ends = trees.forest.apply(self.model._told(rows, trees.at))[0]
        place, weight = trees.leaves.weights(ends)
        count = trees.outcome[place] * float(self.model._level(rows, trees.at)[0])
        found = trees.area[place], trees.month[place], weight, count
        return cases(past.areas, past.last, past.values.shape[2], found)

    def _margins(
        self, trees: Trees, horizons: list[int], draws: int, rng: np.random.Generator
    ) -> Array:
        areas = len(trees.now)
        out = np.empty((areas, len(horizons), draws))
        for h, ahead in enumerate(horizons):
            rows = _inputs(trees.now, np.full(areas, ahead))
            level = self.model._level(rows, trees.at)
            cases = trees.cases(self.model._told(rows, trees.at), draws, rng)
            out[:, h] = trees.outcome[cases] * level[:, None]
        # Whole before ranks are coupled; by chance, so that means stay right.
        return np.asarray(np.floor(out + rng.random(out.shape)))


def _inputs(known: Array, ahead: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.column_stack([known, ahead]).astype(np.float32)
