"""Backtest below the country: every first-level area, or every cell, of several countries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from polgap.domain import Panel
from polgap.errors import StudyError
from polgap.forecast.registry import BASELINE, subnational_models
from polgap.sources.subnational import UNITS, subnational
from polgap.study import _kept
from polgap.study._backtest_project import Asked, backtest_panel

YEARS = 6
"""Complete years scored, each from the December before it."""
RATIOS = ("ratio_crps", "ratio_crps_without_top10")


def backtest_subnational(
    folder: Path,
    countries: Sequence[str],
    out: Path,
    *,
    unit: str = "both",
    all_models: bool = False,
    leak_test: bool = False,
    seed: int = 1,
    mapper: Callable[..., Iterable[Any]] = map,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Return the skill record of deaths below the country and write it to ``out/skill.json``.

    Deaths of all kinds, 1 to 12 months ahead, from each December before the last six complete
    years of a country's events; the record of each country lies in ``out/<unit>_<country>``.
    Rows are those of `backtest_panel` with unit and country; `means` holds the mean over
    countries of the pooled ratios, so that a large war does not speak for the others.

    Parameters
    ----------
    folder : Path
        Laid out as the project's data folder: ``ucdp_ged_events``, ``boundaries``, ``cities``,
        ``prio_grid``.
    countries : sequence of str
        ISO3 codes.
    unit : str
        ``adm1``, ``cells`` or ``both``.
    all_models : bool
        Score every variant that was tried, not only the default.

    Raises
    ------
    StudyError
        If the unit is not known, or no country, or one twice, is asked for.
    DataError
        If a file is missing or malformed.
    """
    units = UNITS if unit == "both" else (unit,)
    codes = [c.strip().upper() for c in countries if c.strip()]
    if not codes or len(set(codes)) < len(codes):
        raise StudyError(f"country: got {list(countries)}; wanted ISO3 codes, each once")
    rows: list[dict[str, Any]] = []
    for level in units:
        for code in codes:
            say(f"{level} {code}")
            panel = subnational(folder, code, level, seed=seed)
            found = backtest_panel(
                panel, _asked(panel, all_models, leak_test, seed), out / f"{level}_{code}",
                mapper=mapper,
            )  # fmt: skip
            rows += [{"unit": level, "country": code, **row} for row in found["rows"]]
    record = {
        "schema": _kept.SCHEMA,
        "baseline": BASELINE,
        "default": next(iter(subnational_models())),
        "scored": "UCDP GED, all deaths, as revised since",
        "seed": seed,
        "means": _means(rows),
        "rows": rows,
    }
    _kept.record(out / "skill.json", record)
    return record


def _asked(panel: Panel, all_models: bool, leak_test: bool, seed: int) -> Asked:
    last = int(str(panel["month"].values[-1])[:4])
    return Asked(
        origins=f"{last - YEARS}-12..{last - 1}-12",
        models=tuple(subnational_models(tried=all_models)),
        targets=("deaths",),
        leak_test=leak_test,
        seed=seed,
    )


def _means(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, by unit and model, the mean over countries of the pooled ratios; null if one is."""
    pooled = [row for row in rows if row["window"] == "pooled"]
    out = []
    for unit, model in dict.fromkeys((row["unit"], row["model"]) for row in pooled):
        mine = [row for row in pooled if (row["unit"], row["model"]) == (unit, model)]
        means = {k: [row[k] for row in mine] for k in RATIOS}
        out.append({
            "unit": unit, "model": model, "countries": len(mine),
            **{k: None if None in v else float(np.mean(v)) for k, v in means.items()},
        })  # fmt: skip
    return out
