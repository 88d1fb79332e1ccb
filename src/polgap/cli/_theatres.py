"""Theatres: projects of real missions as they stood at an origin, for the backtest of plans."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from polgap.cli._jobs import _imported, _load
from polgap.store import create


def theatre(
    folder: Path, iso3: str, origin: str, out: Path, *, seed: int = 1, draws: int = 1000
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
    config, tables, outlines, _ = _imported(
        asked, seed=seed, draws=draws, edit=partial(sources.as_it_was, real)
    )
    root = out / "projects" / asked.theatre
    project = create(root, config, tables, outlines, force=True)
    study = project.study()
    inputs = _load(project, study)
    return Theatre(study, inputs, land, real, sources.came(asked, inputs.areas))
