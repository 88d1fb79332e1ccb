"""Shocks: what may go wrong, drawn once per future and the same for every option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.draws import stream, three_point
from polgap.errors import StudyError

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

KNOWN = (
    "pledge_fails",
    "consent_withdrawn",
    "budget_cut",
    "violence_spike",
    "attrition_crisis",
)
"""Shocks the kernel understands; their chances and sizes stand in ``shocks.csv``."""

ONCE = "pledge_fails"
"""The one whose chance is per run; the others' is per year."""


@dataclass(frozen=True)
class Shock:
    """One shock over the futures.

    Parameters
    ----------
    hit : array of bool, shape (draw,)
    start : array of int, shape (draw,), month position from 0
    length : array of int, shape (draw,), months
    size : array, shape (draw,), see the meaning in ``shocks.csv``
    chance : float
        The catalogue's middle chance (per run for a pledge, per year for the rest).
    """

    hit: BoolArray
    start: IntArray
    length: IntArray
    size: Array
    chance: float

    def active(self, months: int) -> BoolArray:
        """Return whether the shock is on, shape (month, draw)."""
        t = np.arange(months)[:, None]
        return np.asarray(self.hit & (t >= self.start) & (t < self.start + self.length))


@dataclass(frozen=True)
class Shocks:
    """All shocks of a run and the area around which violence spikes, shape (draw,)."""

    of: Mapping[str, Shock]
    centre: IntArray
    months: int

    def consent(self) -> Array:
        """Return the share of mission effect left, shape (month, draw)."""
        shock = self.of["consent_withdrawn"]
        return np.where(shock.active(self.months), shock.size, 1.0)

    def funded(self) -> Array:
        """Return the share of deployed units kept, shape (month, draw)."""
        shock = self.of["budget_cut"]
        t = np.arange(self.months)[:, None]
        # "sent home until the end": the length in the catalogue does not bring them back
        return np.where(shock.hit & (t >= shock.start), 1.0 - shock.size, 1.0)

    def spike(self, near: BoolArray) -> Array:
        """Return the factor on violence, shape (month, area, draw).

        Parameters
        ----------
        near : array of bool, shape (area, area)
            Whether an area belongs to the region around another.
        """
        shock = self.of["violence_spike"]
        on = shock.active(self.months)[:, None, :] & near[self.centre].T[None, :, :]
        return np.where(on, shock.size, 1.0)

    def host_loss(self) -> Array:
        """Return the share of the host roll lost in each month, shape (month, draw)."""
        shock = self.of["attrition_crisis"]
        return np.where(shock.active(self.months), shock.size / np.maximum(shock.length, 1), 0.0)

    def table(self) -> pd.DataFrame:
        """Return shock, chance (catalogue, middle) and the share of futures hit."""
        rows = [(name, s.chance, float(s.hit.mean())) for name, s in self.of.items()]
        return pd.DataFrame(rows, columns=["shock", "chance", "hit_share"])


def draw_shocks(
    table: pd.DataFrame, seed: int, draws: int, kept: IntArray, months: int, weight: Array
) -> Shocks:
    """Return the shocks of each kept future.

    A shock is keyed by its name and the future, so it is the same for every option, and thinning
    the futures moves nobody's luck. The chance itself is uncertain (three points) and is drawn in
    each future. A shock not in `table` never hits.

    Parameters
    ----------
    table : pd.DataFrame
        ``shocks.csv``, all or some of its rows.
    seed, draws : int
        Seed and number of futures of the run.
    kept : array of int
        Positions of the futures that are played.
    months : int
        Months played.
    weight : array, shape (area,)
        How likely each area is the centre of a spike (expected deaths).

    Raises
    ------
    StudyError
        If `table` names a shock the kernel does not know.

    Examples
    --------
    >>> from polgap.catalogue import table
    >>> s = draw_shocks(table("shocks"), 1, 400, np.arange(400), 12, np.array([1.0, 3.0]))
    >>> bool(0.5 < s.centre.mean() < 0.9), bool(0.1 < s.of["violence_spike"].hit.mean() < 0.45)
    (True, True)
    """
    unknown = sorted(set(table["shock"]) - set(KNOWN))
    if unknown:
        raise StudyError(f"shocks: got {unknown}; wanted some of {list(KNOWN)}")
    rows: dict[str, Mapping[str, Any]] = {
        str(row["shock"]): {str(k): v for k, v in row.items()} for row in table.to_dict("records")
    }
    of = {name: _draw(name, rows.get(name), seed, draws, kept, months) for name in KNOWN}
    uniform = stream(seed, "shock", "violence_spike", "centre").random(draws)[kept]
    edges = np.cumsum(weight) / np.sum(weight)
    centre = np.minimum(np.searchsorted(edges, uniform, side="right"), len(weight) - 1)
    return Shocks(of, centre, months)


def _draw(
    name: str, row: Mapping[str, Any] | None, seed: int, draws: int, kept: IntArray, months: int
) -> Shock:
    count = len(kept)
    if row is None:
        never, zero = np.zeros(count, bool), np.zeros(count, int)
        return Shock(never, zero, zero, np.zeros(count), 0.0)

    def luck(what: str) -> Array:
        return np.asarray(stream(seed, "shock", name, what).random(draws)[kept])

    def points(what: str) -> tuple[float, float, float]:
        return float(row[f"{what}_low"]), float(row[f"{what}_mid"]), float(row[f"{what}_high"])

    chance = three_point(luck("chance"), *points("chance"), share=True)
    if name != ONCE:
        chance = 1.0 - (1.0 - chance) ** (months / 12.0)
    start = np.floor(luck("start") * months).astype(int)
    length = np.rint(three_point(luck("length"), *points("months"))).astype(int)
    size = three_point(luck("size"), *points("size"))
    return Shock(luck("hit") < chance, start, np.maximum(length, 1), size, points("chance")[1])
