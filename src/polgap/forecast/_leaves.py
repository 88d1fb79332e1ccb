"""Leaves of a forest: the past cases that a new row falls among, drawn from in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import Panel
from polgap.errors import ModelError
from polgap.forecast._features import SMALL
from polgap.forecast._past import Array, Past

Places = NDArray[np.int64]

ENOUGH = 2000
"""Area-months below which a pooled forest has too little to learn from (contracts.md 8)."""
WARM_UP = 60
"""Months of record before the first month learnt from: a feature looks years back."""
CALM = 0.3
"""Share of the rows kept of areas without any count in ten years: they all look alike."""


def learnable(panel: Panel, farthest: int, name: str) -> Past:
    """Return the past of a panel that is wide and long enough for a pooled forest.

    Raises
    ------
    ModelError
        If the panel cannot be used, or holds fewer than 2,000 observed area-months.
    """
    past = Past.of(panel)
    most, months = int(past.seen.sum(axis=(1, 2)).min()), past.values.shape[2]
    if most < ENOUGH or months < WARM_UP + farthest + 12:
        raise ModelError(
            f"{name}: got {most} area-months over {months} months; wanted {ENOUGH} and "
            f"{WARM_UP + farthest + 12}: pool more areas or use another model"
        )
    return past


def sampled(
    chances: Iterable[tuple[int, Array]], rng: np.random.Generator
) -> tuple[Places, Places, Places]:
    """Return area, month and horizon of what is learnt from.

    Parameters
    ----------
    chances : iterable of (horizon, array of shape (area, month))
        Chance that an area-month is learnt from at that horizon, from month `WARM_UP` on.
    """
    found = []
    for ahead, chance in chances:
        area, month = np.nonzero(rng.random(chance.shape) < chance)
        found.append((area, month + WARM_UP, np.full(area.size, ahead)))
    area, month, horizon = (np.concatenate(part) for part in zip(*found, strict=True))
    return area, month, horizon


def own_means(rows: NDArray[np.float32], at: dict[str, int]) -> list[Array]:
    """Return an area's own means over 3, 12 and 24 months, from its features."""
    return [np.expm1(rows[:, at[name]].astype(float)) for name in ("m3", "m12", "m24")]


def mean_level(rows: NDArray[np.float32], at: dict[str, int]) -> Array:
    """Return the area's own level: the mean of its means over 3, 12 and 24 months."""
    return np.asarray(sum(own_means(rows, at)) / 3.0 + SMALL)


@dataclass(frozen=True)
class Leaves:
    """Which cases lie in which leaf of which tree.

    Parameters
    ----------
    cases : array, shape (tree, case)
        Places of the cases, in the order of their leaves.
    first : array, shape (tree, node + 1)
        Where the cases of a node begin in `cases`; they end where the next node's begin.
    """

    cases: NDArray[np.int32]
    first: NDArray[np.int32]

    @classmethod
    def of(cls, forest: Any, rows: NDArray[np.float32], places: Places | None = None) -> Leaves:
        """Return the leaves of a grown forest; `rows` are the cases it learnt from.

        Parameters
        ----------
        places : array, shape (case,)
            What stands for each row; rows are numbered from 0 if not given.
        """
        ends = forest.apply(rows).T
        order = np.argsort(ends, axis=1, kind="stable").astype(np.int32)
        nodes = max(tree.tree_.node_count for tree in forest.estimators_)
        counts = np.stack([np.bincount(leaf, minlength=nodes) for leaf in ends])
        first = np.pad(np.cumsum(counts, axis=1), ((0, 0), (1, 0))).astype(np.int32)
        return cls(order if places is None else places.astype(np.int32)[order], first)

    def spread(self, ends: Places, draws: int, rng: np.random.Generator) -> Places:
        """Return cases for every row from all trees in equal shares, shape (row, draw).

        Parameters
        ----------
        ends : array, shape (row, tree)
            Leaf of each row in each tree.
        """
        rows, trees = ends.shape
        each = -(-draws // trees)
        out = np.empty((rows, trees * each), dtype=np.int32)
        for tree in range(trees):
            start = self.first[tree, ends[:, tree]][:, None]
            size = self.first[tree, ends[:, tree] + 1][:, None] - start
            # Evenly spaced within the leaf: the same distribution, less noise.
            luck = (np.arange(each) + rng.random((rows, each))) / each
            at = start + (luck * size).astype(np.int32)
            out[:, tree * each : (tree + 1) * each] = self.cases[tree][at]
        return np.asarray(out[:, rng.permutation(trees * each)[:draws]])

    def weights(self, ends: Places) -> tuple[Places, NDArray[np.float64]]:
        """Return the cases of one row and the chance that a draw is one of them.

        Parameters
        ----------
        ends : array, shape (tree,)
        """
        found, weight = [], []
        for tree, leaf in enumerate(ends):
            held = self.cases[tree, self.first[tree, leaf] : self.first[tree, leaf + 1]]
            found.append(held.astype(np.int64))
            weight.append(np.full(held.size, 1.0 / (held.size * len(ends))))
        return np.concatenate(found), np.concatenate(weight)

    def draw(self, ends: Places, row: Places, rng: np.random.Generator) -> Places:
        """Return one case for each entry of `row`, from a tree drawn by chance.

        Parameters
        ----------
        ends : array, shape (row, tree)
        row : array, shape (draw,), places in `ends`
        """
        tree = rng.integers(ends.shape[1], size=row.size)
        leaf = ends[row, tree]
        start = self.first[tree, leaf]
        size = self.first[tree, leaf + 1] - start
        return np.asarray(self.cases[tree, start + (rng.random(row.size) * size).astype(np.int64)])
