"""Polish: a plan changed a little at a time, judged by what a plan is really asked for.

The search knows what officers save under the requirement that it is given, and proposes: a unit
elsewhere, sooner or later, or not at all, and what the limits then still allow; then a few units at
once, drawn by chance. The score is worked out exactly for each proposal that looks promising, and
decides.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.calibrate._limits import broken
from polgap.calibrate._program import Program
from polgap.calibrate._search import Placement, Search
from polgap.draws import stream

IntArray = NDArray[np.integer[Any]]
Score = Callable[[IntArray], float]

AROUND = 6
"""Other places of a placement that are looked at."""
INSTEAD = 2
"""Places of a pledge that is put there in its stead."""
NEAR = 0.15
"""Share of what a plan saves that a proposal may seem to lose and still be scored."""
AT_ONCE = 3
"""Placements that are changed at once by chance, at most."""
DRAWN = 5
"""Proposals drawn by chance, for each score allowed."""


class Polish:
    """A plan that gets better; `best` is the best so far and `least` its score.

    Parameters
    ----------
    program : Program
        Its limits and floors are kept: no proposal lacks more of a floor than `count` does.
    count : int array (P, A, Q)
        Units in place.
    score : callable
        What a plan is judged by; less is better.
    least : float, optional
        The score of `count`, where it is known.
    """

    def __init__(
        self, program: Program, count: IntArray, score: Score, least: float | None = None
    ) -> None:
        self.program, self.score = program, score
        self.best, self.least = count, score(count) if least is None else least
        self._lack = self._lacks(count)
        self._seen = {count.tobytes()}
        self._left = 0

    def improve(self, search: Search, name: str, tries: int) -> bool:
        """Return whether at most `tries` scores brought a better plan.

        Parameters
        ----------
        search : Search
            Holds the placements of `best`; its requirement ranks the proposals.
        name : str
            Names the stream of chance.
        tries : int
        """
        start, self._left = self.least, tries
        position = 0
        while position < len(search.placed) and self._left > 0:
            changes = self._one(search, position)
            position = 0 if any(self._try(search, change) for change in changes) else position + 1
        for number in range(DRAWN * self._left):
            if self._left > 0 and search.placed:
                chance = stream(self.program.seed, "polish", name, number)
                self._try(search, partial(self._some, search, chance))
        return self.least < start

    def offer(self, count: IntArray) -> bool:
        """Take a plan that keeps the rules for the best one if it is better."""
        if count.tobytes() in self._seen:
            return False
        self._seen.add(count.tobytes())
        value = self.score(count)
        if value >= self.least - 1e-9 * max(1.0, self.least):
            return False
        self.best, self.least, self._lack = count, value, self._lacks(count)
        return True

    def _try(self, search: Search, change: Callable[[], None]) -> bool:
        """Change the search; keep it if that is better, else put it back."""
        if self._left <= 0:
            return False
        before, saved = search.snapshot(), search.gain
        change()
        new = search.count()
        if new.tobytes() not in self._seen and search.gain >= saved - NEAR * abs(saved):
            self._seen.add(new.tobytes())
            lack = self._lacks(new)
            if lack <= self._lack + 1e-6 and not broken(self.program.limits, new):
                self._left -= 1
                value = self.score(new)
                if value < self.least - 1e-9 * max(1.0, self.least):
                    self.best, self.least, self._lack = new, value, lack
                    return True
        search.restore(before)
        return False

    def _one(self, search: Search, position: int) -> list[Callable[[], None]]:
        """Return changes of one placement."""
        place = search.placed[position].placement
        if place.pinned:
            return []
        pledges = list(range(len(search.left)))

        def change(other: Placement | None) -> None:
            search.take(position)
            if other is None:
                search.fill([p for p in pledges if p != place.pledge])
            else:
                search.put(other)
            search.fill(pledges)

        before = search.snapshot()
        search.take(position)
        around = [new for new in search.around(place.pledge, place.units, AROUND) if new != place]
        for p in np.flatnonzero(search.left > 0).tolist():
            if p != place.pledge:
                around += search.around(p, self._units(search, p), INSTEAD)
        search.restore(before)
        return [partial(change, other) for other in (*around, None)]

    def _some(self, search: Search, chance: np.random.Generator) -> None:
        """Take a few placements out, and put pledges somewhere near the best of their places."""
        loose = [i for i, f in enumerate(search.placed) if not f.placement.pinned]
        size = int(chance.integers(1, 1 + min(AT_ONCE, len(loose)))) if loose else 0
        for i in sorted(chance.permutation(loose)[:size].tolist(), reverse=True):
            search.take(i)
        pledges = np.flatnonzero(search.left > 0)
        for p in chance.permutation(pledges)[: size + 1].tolist():
            around = search.around(p, self._units(search, p), AROUND)
            if around:
                search.put(around[int(chance.integers(len(around)))])
        search.fill(list(range(len(search.left))))

    def _units(self, search: Search, pledge: int) -> int:
        """Return how many units of a pledge are placed at once."""
        return 1 if self.program.force.lumpy[pledge] else int(search.left[pledge])

    def _lacks(self, count: IntArray) -> float:
        """Return what units in place lack of all floors."""
        force = self.program.force
        return float(sum(floor.short(force, count).sum() for floor in self.program.floors))
