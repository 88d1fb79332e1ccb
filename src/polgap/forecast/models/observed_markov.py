"""Observed Markov: silence, low, high, war; a forest says which comes next, past cases how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import Futures, Panel
from polgap.errors import ModelError
from polgap.forecast._features import features
from polgap.forecast._half_life import KNOTS, MEMORY, weigh
from polgap.forecast._leaves import CALM, ENOUGH, WARM_UP, Leaves, learnable, mean_level, sampled
from polgap.forecast._past import Array, futures, require_horizons
from polgap.forecast._resample import Resampled

EDGES = (1.0, 25.0, 200.0)
"""Counts a month from which an area is in the states low, high and war; below the first, silent."""
WAR = len(EDGES)


@dataclass(frozen=True)
class ObservedMarkov:
    """States seen in the counts, walked month by month; a whole path is one history [1]_.

    For each state there is a forest of the area-months that were in it the month before: from
    what the area looked like at the origin, and how far ahead that is, to the state that
    followed. A path draws a past case from a leaf, takes its state and its count, and goes on from
    there. In a war that goes on, the count is the case's *change* against its own level, so that
    a large war learns from all wars. Among the paths in one state of one month, those that were
    high stay high (`lasting`, learnt from neighbouring months).

    Parameters
    ----------
    trees, leaf : int
        Number of trees a state; area-months in a leaf at least.
    share : float
        Share of the features tried at a split.
    rows : float
        Horizons learnt from at each area-month, on average.
    farthest : int
        Last horizon learnt, months; the first is 1, as paths start at the origin.
    seed : int
        Of the sampled rows and of the splits.

    References
    ----------
    .. [1] Randahl and Vegelius (2024), Forecasting densities of fatalities from state-based
       conflicts using observed Markov models, arXiv 2410.12374: states, a forest for transitions,
       a forest for counts within a state.

    Examples
    --------
    >>> ObservedMarkov().name
    'observed_markov'
    """

    trees: int = 60
    leaf: int = 15
    share: float = 0.4
    rows: float = 2.0
    farthest: int = 36
    seed: int = 0

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        return "observed_markov"

    def fit(self, panel: Panel) -> Walked:
        """Return the forests of every variable of `panel`.

        Raises
        ------
        ModelError
            If the panel cannot be used or holds fewer than 2,000 observed area-months.
        """
        past = learnable(panel, self.farthest, self.name)
        chains = tuple(self._grow(counts, v) for v, counts in enumerate(past.values))
        paths = Resampled(past, partial(weigh, KNOTS, MEMORY), self.name)
        return Walked(self, paths, chains)

    def _grow(self, counts: Array, variable: int) -> Chain:
        from sklearn.ensemble import ExtraTreesClassifier

        rng = np.random.default_rng([self.seed, variable])
        known, at = features(counts)
        area, month, ahead = self._cases(counts, known[..., at["m120"]] > 0, rng)
        rows = np.column_stack([known[area, month], ahead]).astype(np.float32)
        outcome, before = counts[area, month + ahead], states(counts[area, month + ahead - 1])
        level = mean_level(rows, at)
        grown: list[tuple[Any, Leaves]] = []
        for state in range(WAR + 1):
            here = np.nonzero(before == state)[0]
            if here.size < self.leaf:
                # Hardly ever seen: what followed the state below it.
                here = np.nonzero(before <= state)[0]
            forest = ExtraTreesClassifier(
                self.trees, min_samples_leaf=self.leaf, max_features=self.share,
                random_state=self.seed, n_jobs=1,
            )  # fmt: skip
            forest.fit(rows[here], states(outcome[here]))
            grown.append((forest, Leaves.of(forest, rows[here], here)))
        now = states(np.nan_to_num(counts[:, -1], nan=0.0))
        return Chain(tuple(grown), outcome, level, known[:, -1], now, at, _lasting(counts))

    def _cases(
        self, counts: Array, live: NDArray[np.bool_], rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return area, month and horizon of what is learnt from; both months ahead are seen."""
        seen = ~np.isnan(counts)
        chance = self.rows / self.farthest * np.where(live, 1.0, CALM)
        chances = []
        for ahead in range(1, self.farthest + 1):
            start = slice(WARM_UP, counts.shape[1] - ahead)
            both = seen[:, start] & seen[:, WARM_UP + ahead :]
            both &= seen[:, WARM_UP + ahead - 1 : -1]
            # Months of war are few: all of them.
            likely = np.where(counts[:, WARM_UP + ahead - 1 : -1] >= EDGES[-1], 1.0, 0.0)
            often = np.maximum(chance[:, start], likely * min(1.0, 4 * self.rows / self.farthest))
            chances.append((ahead, np.where(both, often, 0.0)))
        return sampled(chances, rng)


def states(counts: Array) -> NDArray[np.int64]:
    """Return the state of each count: 0 silent, 1 low, 2 high, 3 war."""
    return np.asarray(np.digitize(counts, EDGES))


def _lasting(counts: Array) -> float:
    """Return how far a high count within its state is followed by a high one: 0 not, 1 always."""
    now, after = counts[:, :-1], counts[:, 1:]
    here = (states(np.nan_to_num(now)) == WAR) & (states(np.nan_to_num(after)) == WAR)
    if int(here.sum()) < ENOUGH // 100:
        return 0.5
    one, two = (np.argsort(np.argsort(c[here])) for c in (now, after))
    return float(np.clip(np.corrcoef(one, two)[0, 1], 0.0, 0.95))


@dataclass(frozen=True)
class Chain:
    """One variable: a forest for each state left, and what followed."""

    forests: tuple[tuple[Any, Leaves], ...]
    outcome: Array
    level: Array
    known: Array
    now: NDArray[np.int64]
    at: dict[str, int]
    lasting: float

    def walk(self, last: int, draws: int, rng: np.random.Generator) -> Array:
        """Return paths of counts for horizons 1 to `last`, shape (area, horizon, draw)."""
        areas = len(self.known)
        out = np.empty((last, areas, draws))
        state = np.repeat(self.now[:, None], draws, axis=1)
        own = mean_level(self.known.astype(np.float32), self.at)
        luck = rng.standard_normal((areas, draws))
        for h in range(1, last + 1):
            rows = np.column_stack([self.known, np.full(areas, h)]).astype(np.float32)
            case = np.empty((areas, draws), dtype=np.int64)
            for s, (forest, leaves) in enumerate(self.forests):
                who = np.nonzero(state == s)
                if who[0].size:
                    asked, place = np.unique(who[0], return_inverse=True)
                    case[who] = leaves.draw(forest.apply(rows[asked]), place, rng)
            count = self.outcome[case]
            # A war that goes on: its own level, the case's change.
            change = np.maximum(self.outcome[case] / self.level[case] * own[:, None], EDGES[-1])
            both = (own[:, None] >= EDGES[-1]) & (self.level[case] >= EDGES[-1])
            count = np.where(both & (count >= EDGES[-1]), change, count)
            state = states(count)
            fresh = rng.standard_normal((areas, draws))
            luck = self.lasting * luck + np.sqrt(1.0 - self.lasting**2) * fresh
            out[h - 1] = _ordered(count, state, luck)
        return np.asarray(out.transpose(1, 0, 2))


def _ordered(count: Array, state: NDArray[np.int64], luck: Array) -> Array:
    """Return counts dealt out within each area and state so that they rank as `luck` does."""
    order = np.lexsort((luck, state), axis=-1)
    out = np.empty_like(count)
    np.put_along_axis(out, order, np.sort(count, axis=-1), axis=-1)
    return out


@dataclass(frozen=True)
class Walked:
    """The fitted model: chains of states, and joint past paths for the dependence of areas."""

    model: ObservedMarkov
    paths: Resampled
    chains: tuple[Chain, ...]

    def sample(self, horizons: Sequence[int], draws: int, rng: np.random.Generator) -> Futures:
        """Return joint draws; see `polgap.forecast.base.Fitted`.

        Raises
        ------
        ModelError
            If a horizon was not learnt.
        """
        asked = require_horizons(horizons, draws)
        if asked[-1] > self.model.farthest:
            raise ModelError(f"horizons: got up to {asked[-1]}; learnt {self.model.farthest}")
        places = [h - 1 for h in asked]
        walked = np.stack([c.walk(asked[-1], draws, rng)[:, places] for c in self.chains])
        joint = _together(walked, self.paths.values(asked, draws, rng), rng)
        return futures(self.paths.past, asked, joint, rng, self.model.name)


def _together(paths: Array, template: Array, rng: np.random.Generator) -> Array:
    """Return whole paths dealt out so that their sums rank over draws as the template's do."""
    sums, wanted = paths.sum(axis=2), template.sum(axis=2)
    theatre = wanted.sum(axis=1, keepdims=True)
    # Areas silent in the template follow the theatre: half a count never overtakes a larger one.
    tie = theatre / (1.0 + theatre.max(axis=-1, keepdims=True)) + rng.random(wanted.shape)
    order = np.argsort(wanted + 0.25 * tie, axis=-1)
    own = np.argsort(sums + 0.5 * rng.random(sums.shape), axis=-1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, own, axis=-1)
    return np.asarray(np.take_along_axis(paths, place[:, :, None], axis=-1))
