"""Silence is no calm: an area that stopped being reported on keeps the need it had."""

from __future__ import annotations

import numpy as np

from polgap.domain import Futures, Inputs, Note, Study
from polgap.domain.cubes import FloatArray
from polgap.draws import stream

RECENT = 12
"""Months before the origin in which a missing month counts as silence."""


def unsilenced(study: Study, inputs: Inputs, futures: Futures) -> tuple[Futures, tuple[Note, ...]]:
    """Return futures in which no silent area has fewer events than when it was last seen.

    Where some of the last `RECENT` months of an area are not observed, each future month of a
    draw has at least the events of one of its own last `RECENT` observed months, taken by chance;
    where it was never observed, those of an observed month of another area, by population. This
    only raises, so less reporting can never be read as less need; what nobody ever saw stays
    unknown, and may be more than anywhere seen. Areas without silence are left as they are.

    Parameters
    ----------
    study : Study
    inputs : Inputs
    futures : Futures

    Returns
    -------
    Futures
        `futures` itself when every area was reported on.
    tuple of Note
    """
    seen = inputs.panel["events"].transpose("area", "month").values.astype(float)
    silent = np.flatnonzero(np.isnan(seen[:, -RECENT:]).any(axis=1))
    if not silent.size or not np.isfinite(seen).any():
        return futures, ()
    events = futures["events"].transpose("area", "month", "draw")
    values = events.values.copy()
    people = inputs.areas["population"].to_numpy(dtype=float)
    for area in silent:
        floor = _last_seen(seen, people, int(area), values.shape[1:], study.seed)
        values[area] = np.maximum(values[area], np.rint(floor).astype(values.dtype))
    raised = Futures(futures.assign(events=events.copy(data=values)))
    return raised, (Note("assess.silence", {"areas": int(silent.size), "all": len(seen)}),)


def _last_seen(
    seen: FloatArray, people: FloatArray, area: int, shape: tuple[int, ...], seed: int
) -> FloatArray:
    """Return events of observed months, by chance, shape (month, draw)."""
    chance = stream(seed, "silence", area)
    own = seen[area][np.isfinite(seen[area])][-RECENT:]
    if own.size:
        return np.asarray(own[chance.integers(own.size, size=shape)])
    where, when = np.nonzero(np.isfinite(seen))
    rate = seen[where, when] / np.maximum(people[where], 1.0)
    return np.asarray(rate[chance.integers(rate.size, size=shape)] * people[area])
