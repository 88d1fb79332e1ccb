"""The forecast by itself: every area, what it is made of, and what changed since another run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from polgap import forecast
from polgap.domain import Futures, Inputs, Panel, Study
from polgap.errors import StudyError
from polgap.forecast import outlook as room
from polgap.study._blocks import INTERNAL, SCHEMA, Block, clean, notes_block, records, study_block


@dataclass(frozen=True)
class Earlier:
    """A stored run that a forecast is compared with.

    Parameters
    ----------
    run : str
        Its id.
    study, panel : Study, Panel
        What it was asked, and the panel it saw.
    futures : Futures
        What it said.
    """

    run: str
    study: Study
    panel: Panel
    futures: Futures


def outlook(
    study: Study,
    inputs: Inputs,
    earlier: Earlier | None = None,
    mapper: Callable[..., Iterable[Any]] = map,
    say: Callable[[str], None] = lambda _: None,
    foresee: Callable[..., forecast.Forecast] = forecast.predict,
) -> Block:
    """Return the forecast of the theatre and of every area, with `schema` and `study`.

    Parameters
    ----------
    earlier : Earlier, optional
        Gives the key `since`: what changed, split into model, revision and data.
    foresee : callable
        `forecast.predict`, or the same from a store.

    Returns
    -------
    dict
        skill, fan (totals by month), total, areas, notes and, if asked for, since.

    Raises
    ------
    StudyError
        If nothing was observed up to the origin, or the earlier run is of other areas or later.
    """
    if earlier and earlier.study.origin > study.origin:
        raise StudyError(
            f"since: {earlier.run} knew months up to {earlier.study.origin}; wanted a run up to "
            f"{study.origin} or earlier"
        )
    say("forecast")
    ahead = foresee(study, inputs.panel, mapper)
    names = dict(zip(inputs.areas["area"].astype(str), inputs.areas["name"], strict=True))
    block: Block = {
        "schema": SCHEMA,
        "edition": INTERNAL,
        "study": study_block(study),
        "model": ahead.model,
        "skill": ahead.skill,
        "fan": records(ahead.fan),
        "total": room.totals(study, inputs.panel, ahead.futures),
        "areas": [
            {**row, "name": names.get(row["area"], row["area"])}
            for row in room.areas(study, inputs.panel, ahead.futures, ahead.model)
        ],
        "notes": notes_block(list(ahead.notes)),
    }
    if earlier:
        say(f"since {earlier.run}")
        block["since"] = _since(study, inputs.panel, earlier, ahead.model, names)
    cleaned: Block = clean(block)
    return cleaned


def _since(
    study: Study, panel: Panel, earlier: Earlier, model: str, names: dict[str, str]
) -> Block:
    """Return what changed; every forecast with the draws and the seed of the earlier run."""
    then = earlier.study
    now = replace(study, draws=then.draws, seed=then.seed)
    steps = {
        "then": earlier.futures,
        "model": forecast.futures(then, earlier.panel, model),
        "revision": forecast.futures(then, panel, model),
        "data": forecast.futures(now, panel, model),
    }
    found = room.changes(steps, study.first_month)
    rows = [{**row, "name": names.get(row["area"], row["area"])} for row in found["by_area"]]
    return {"run": earlier.run, "origin": then.origin, **found, "by_area": rows}
