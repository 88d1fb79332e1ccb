"""The gap at scale: a made theatre of 1,000 areas, and South Sudan on 10,000 draws.

What is timed is what `polgap gap` does once the forecast is there: need, provision, causes, the
present mission and what it leaves open. Each row is one run in a process of its own, so that
`peak_gib` is that of the row.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import xarray as xr

from polgap import examples, study
from polgap.domain import KINDS, Inputs, Study, cube
from polgap.forecast import futures

SOURCES = {
    "ucdp_ged": "ucdp_ged_events/ged_SSD.csv.gz",
    "areas": "boundaries/adm1_SSD.geojson",
    "towns": "cities/geonames_cities1000_mission_countries.csv.gz",
    "population": "governance/wdi_population_2000_2023.csv.gz",
    "personnel": "un_p4p_contributions/p4p_mission_month_1990_2017.csv.gz",
}


def peak_gib() -> float:
    """Return the greatest memory of this process so far, GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def large() -> tuple[Study, Inputs, xr.Dataset]:
    """Return 1,000 areas made of the exercise's 60, and Poisson futures with unequal rates."""
    exercise = examples.theatre(1)
    asked = replace(examples.study(exercise), draws=500, months=36, forecast_months=36)
    base = examples.inputs(exercise)
    count = 1000
    which = np.arange(count) % len(base.areas)
    shift = np.arange(count) // len(base.areas)
    areas = base.areas.iloc[which].reset_index(drop=True)
    keys = [f"a{k:04d}" for k in range(count)]
    keys[: len(base.areas)] = base.areas["area"].tolist()
    areas = areas.assign(area=keys, lon=areas["lon"] + 8.0 * (shift % 5), lat=areas["lat"] + shift)
    panel = base.panel.isel(area=which).assign_coords(area=keys)
    off = pd.DataFrame({"rule": ["function_off"], "units": ["custody"]})
    rules = pd.concat([base.rules, off]).fillna({"area": "", "from": "", "until": ""})
    rng = np.random.default_rng(1)
    rate = rng.gamma(0.3, 4.0, (count, 1, 1))
    counts = rng.poisson(rate, (count, 36, asked.draws)).astype(np.int32)
    drawn = cube(counts, units="n", area=keys, month=asked.all_months, draw=range(asked.draws))
    violence = xr.Dataset(dict.fromkeys((*KINDS, "events"), drawn))
    return asked, replace(base, areas=areas, panel=panel, rules=rules), violence


def south_sudan(folder: Path, data: Path) -> tuple[Study, Inputs, xr.Dataset]:
    """Return South Sudan by state on 10,000 draws, 36 months reported."""
    from polgap.cli import _jobs
    from polgap.sources import load_inputs
    from polgap.store import Project

    _jobs.init(
        folder, country="SSD", sources=[f"{k}={data / v}" for k, v in SOURCES.items()],
        until="2020-12", mission="UNMISS", columns=[], area_id="", capital="", language="",
        seed=1, force=False,
    )  # fmt: skip
    project = Project.open(folder)
    asked = project.study(draws=10_000, months=36)
    inputs = load_inputs(asked, project.root)
    return asked, inputs, futures(asked, inputs.panel, "mixture")


def one(name: str) -> dict[str, object]:
    """Return seconds, CPU seconds and peak memory of one instance."""
    with TemporaryDirectory() as scratch:
        if name.startswith("ADM1"):
            given = south_sudan(Path(scratch) / "ssd", Path(os.environ["POLGAP_DATA"]))
        else:
            given = large()
        start, spent = time.perf_counter(), time.process_time()
        total = study.measured(*given)
        return {
            "spent": time.perf_counter() - start,
            "cpu_seconds": time.process_time() - spent,
            "peak_gib": peak_gib(),
            "value": float(total.left_open.mean()),
        }


def rows(row: Callable[..., dict[str, object]]) -> list[dict[str, object]]:
    """Return the rows of the large instances, each from a process of its own."""
    names = ["1000x36x12x500"] + (["ADM1 SSD 36x10000"] if os.environ.get("POLGAP_DATA") else [])
    found = []
    for name in names:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.gap", name],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.append(row("assess", name, **json.loads(done.stdout)))
    return found


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1])))
