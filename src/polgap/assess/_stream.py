"""The gap block by block: some areas and some draws at a time, so that memory stays small.

Need has a cell for each area, month, function and draw. `measure` holds all of them, for the
steps that plan and simulate; whoever only sums up takes them part by part. A part is small enough
for the caches of a processor, which is where most of the speed comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from polgap.assess._institutional import MONTH, institutional
from polgap.assess._measure import Ground, blocks, measured
from polgap.assess._why import MOST_DRAWS, Reasons, coalitions, decomposed, shortfalls
from polgap.domain import Requirement, cube
from polgap.domain.cubes import FloatArray
from polgap.draws import reduce

CELLS = 1 << 20
"""Cells of a part, about: 4 MiB a cube. Results do not depend on it."""
DRAWS = 1000
"""Draws of a part, at most."""


@dataclass(frozen=True)
class Part:
    """Some areas on some draws.

    Parameters
    ----------
    areas, draws : slice
        Which of them.
    need, shortfall, requirement : arrays, (area, month, function, draw), officers on strength
    institutional : array, shape (area, draw), officers on strength
    """

    areas: slice
    draws: slice
    need: FloatArray
    shortfall: FloatArray
    requirement: FloatArray
    institutional: FloatArray


@dataclass(frozen=True)
class Sketch:
    """The theatre on a few draws, each whole: enough for causes and for tasking.

    Parameters
    ----------
    requirement : Requirement, dims (area, month, function, draw), officers on strength
        Of the reported months.
    causes : Reasons
        As of `why`.
    """

    requirement: Requirement
    causes: Reasons


def chunks(ground: Ground, draws: int = DRAWS) -> list[slice]:
    """Return the draws that are worked on together, `draws` at most: jobs of their own."""
    return list(blocks(ground.place.theta.draws, draws))


def parts(ground: Ground, *, cells: int = CELLS, draws: int = DRAWS) -> Iterator[Part]:
    """Yield the whole theatre part by part, the areas of the first draws first.

    Parameters
    ----------
    ground : Ground
        From `survey`.
    cells, draws : int
        Size of a part: cells about, draws at most.
    """
    last = min(MONTH, len(ground.months)) - 1
    for chosen in blocks(ground.place.theta.draws, draws):
        some = ground.thinned(chosen)
        theta = some.place.theta
        for part in blocks(len(ground.areas), _areas(some, cells)):
            need, _, short, asked = measured(some, part)
            alone = institutional(need[:, last], some.police.within(part), theta)
            yield Part(part, chosen, need, short, asked, alone)


def sketch(ground: Ground, months: int) -> Sketch:
    """Return causes and requirement of the first `months` on at most `MOST_DRAWS` draws.

    The draws are those on which `why` and the program of a plan are computed in a full run.
    """
    keep, _ = reduce(ground.place.theta.draws, MOST_DRAWS)
    few = ground.thinned(keep)
    shape = (len(few.areas), months, len(few.functions), len(keep))
    asked = np.empty(shape, dtype=np.float32)
    short = {c: np.empty((len(few.areas), len(few.functions))) for c in coalitions()}
    for part in blocks(len(few.areas), _areas(few, CELLS)):
        need, _, _, wanted = measured(few, part)
        asked[part] = wanted[:, :months]
        for coalition, value in shortfalls(need[:, :months], few.police.within(part)).items():
            short[coalition][part] = value
    causes = decomposed(short, few.areas, list(few.functions))
    labelled = cube(asked, units="officers on strength", area=few.areas,
                    month=few.months[:months], function=list(few.functions),
                    draw=keep.tolist())  # fmt: skip
    return Sketch(Requirement(labelled), causes)


def _areas(ground: Ground, cells: int) -> int:
    each = len(ground.months) * len(ground.functions) * ground.place.theta.draws
    return max(1, cells // max(1, each))
