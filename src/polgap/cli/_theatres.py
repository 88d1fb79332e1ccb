"""Theatres: projects of real missions as they stood at an origin, for the backtest of plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from polgap.cli._jobs import _imported, _load, _stored
from polgap.domain import month_number
from polgap.errors import DataError, Problem, StudyError
from polgap.store import create

UNCOVERED = "outside_coverage"


def theatre(
    folder: Path, iso3: str, origin: str, out: Path, *, seed: int = 1, draws: int | None = None
) -> Any:
    """Return a mission at an origin, its project made in ``out/projects`` as ``init`` makes it.

    Raises
    ------
    DataError
        If a file is missing or malformed, or the mission cannot be compared at that origin.
    """
    from polgap.sources import theatres as sources
    from polgap.sources.placement import ground
    from polgap.study import Theatre

    land = ground(folder, iso3)
    real = sources.mission(folder, land, origin)
    asked = sources.request(folder, land, origin, seed)
    config, tables, outlines, _ = _imported(asked, seed=seed, edit=partial(sources.as_it_was, real))
    root = out / "projects" / asked.theatre
    project = create(root, config, tables, outlines, force=True)
    study = project.study(draws=draws)
    inputs = _load(project, study)
    came = sources.came(asked, inputs.areas)
    return Theatre(study, inputs, land, real, came, _stored(project))


def theatres(
    folder: Path, countries: Sequence[str], origins: Sequence[str], out: Path,
    left_out: list[dict[str, str]], say: Callable[[str], None], **settings: int,
) -> Iterator[Any]:  # fmt: skip
    """Give each country at each origin; what cannot be compared is added to `left_out`.

    Raises
    ------
    StudyError
        If no country or origin is asked for, or one twice, or an origin is no month.
    DataError
        If a file is missing or malformed, or nothing at all can be compared.
    """
    asked = {"country": [c.upper() for c in countries], "origin": list(origins)}
    for name, values in asked.items():
        if not values or len(set(values)) < len(values):
            raise StudyError(f"{name}: got {values}; wanted one or more, each once")
    for origin in asked["origin"]:
        month_number(origin)
    problems: list[Problem] = []
    made = 0
    for origin in asked["origin"]:
        for code in asked["country"]:
            say(f"{code} {origin}: read")
            try:
                one = theatre(folder, code, origin, out, **settings)
            except DataError as error:
                if not error.problems or any(p.code != UNCOVERED for p in error.problems):
                    raise
                problems += error.problems
                left_out.append({"country": code, "origin": origin})
                continue
            made += 1
            yield one
    if not made:
        raise DataError(problems)
