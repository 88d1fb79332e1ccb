"""The forecast at the size of the world: 191 countries, 36 horizons, 1,000 joint paths."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import xarray as xr

from polgap.domain import month_range
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.reach import reaching
from polgap.forecast.registry import country_models
from polgap.study import history_panel

HORIZONS, DRAWS, COUNTRIES = range(1, 37), 1000, 191
HISTORY = "ucdp_country_month/views_ged_sb_country_month_1990_2022.csv.gz"
FIXTURE = Path(__file__).parent.parent / "tests/peers/views_baseline.json"
PEER = "mixture_12"
"""The best of views-baseline on the official windows by CRPS (tests/peers)."""


def panel() -> tuple[xr.Dataset, str]:
    """Return the real history when POLGAP_DATA is there, else one of its size, and which."""
    root = os.environ.get("POLGAP_DATA")
    if root and (Path(root) / HISTORY).is_file():
        from polgap.sources.views import history_cells

        found = history_panel(history_cells(Path(root) / HISTORY, None))
        # One country of the 191 is not in the file: an area never observed stands for it.
        lacking = COUNTRIES - found.sizes["area"]
        areas = [*found["area"].values.tolist(), *range(-lacking, 0)]
        return found.reindex(area=areas), "VIEWS history 1990-2022"
    rng = np.random.default_rng(0)
    level = np.resize([0.0, 0.0, 0.0, 0.2, 8.0, 150.0], COUNTRIES)[:, None]
    counts = rng.poisson(level * rng.gamma(0.5, 2.0, (COUNTRIES, 396))).astype(float)
    coords = {"area": range(COUNTRIES), "month": month_range("1990-01", 396)}
    return xr.Dataset({"state_based": (("area", "month"), counts)}, coords=coords), "synthetic"


def default():
    """Return the default country mixture, made to learn all 36 horizons."""
    return reaching(next(iter(country_models().values())), HORIZONS[0], HORIZONS[-1])


def forecast(model, known: xr.Dataset) -> None:
    drawn = model.fit(known).sample(HORIZONS, DRAWS, np.random.default_rng(1))
    assert drawn["state_based"].shape == (COUNTRIES, len(HORIZONS), DRAWS)


def plain(known: xr.Dataset) -> None:
    forecast(Conflictology(12), known)


def peer_seconds() -> float | None:
    """Return what views-baseline took for the same size, measured by ``make peers``."""
    rows = json.loads(FIXTURE.read_text(encoding="utf-8"))["rows"]
    return next((r["seconds"] for r in rows if r["model"] == PEER and "instance" in r), None)
