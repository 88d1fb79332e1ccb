"""Run the VIEWS peers on the official challenge files and store what they say.

``make peers`` calls it in environments of their own: the peers need another numpy and pandas than
PolGap, which is not imported here.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
from views_evaluation.evaluation import native_metric_calculators as peer

WINDOWS = range(2018, 2023)
BENCHMARKS = ("bootstrap", "conflictology", "last_poisson")
EDGES = [0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5, 1e12]
"""The challenge's, with a last edge so far off that no actual lies beyond: else it raises."""
EXACT_FROM = 443
"""Month id of November 2016: from then on the official series is known."""
MODELS = {
    "conflictology_12": ("ConflictologyModel", {"window_months": 12}),
    "mixture_12": ("MixtureBaseline", {"window_months": 12, "lambda_mix": 0.05}),
    "negative_binomial_36": (
        "ParametricConflictology",
        {"window_months": 36, "family": "nb", "transform": "none"},
    ),
    "hurdle_lognormal_36": (
        "ParametricHurdleConflictology",
        {"window_months": 36, "family": "lognormal", "transform": "none"},
    ),
}
SEED = 42


def table(path: Path) -> dict[str, np.ndarray]:
    """Return the columns of a file, rows by country, month and draw."""
    columns = duckdb.sql(f"select * from read_parquet('{path}')").fetchnumpy()
    keys = [columns[k] for k in ("draw", "month_id", "country_id") if k in columns]
    order = np.lexsort(keys)
    return {k: v[order] for k, v in columns.items()}


def scored(actual: np.ndarray, draws: np.ndarray) -> dict[str, float]:
    """Return the peer's three scores of actuals (cell,) and draws (cell, draw)."""
    y, x = actual.astype(float), draws.astype(float)
    # Every forecast is brought to 1,000 draws for the ignorance score, as in the challenge.
    level = np.repeat(x, -(-1000 // x.shape[1]), axis=1)[:, :1000]
    return {
        "crps": float(peer.calculate_crps_native(y, x)),
        "mis": float(peer.calculate_mean_interval_score_native(y, x, alpha=0.1)),
        "ign": float(
            peer.calculate_ignorance_score_native(
                y, level, bins=EDGES, low_bin=0, high_bin=EDGES[-1]
            )
        ),
    }


def evaluation(data: Path) -> Iterator[dict[str, object]]:
    """Score the official benchmark draws."""
    folder = data / "views_challenge_cm"
    for window in WINDOWS:
        actual = table(folder / f"cm_actuals_Y{window}.parquet")["outcome"]
        for name in BENCHMARKS:
            draws = table(folder / f"bm_{name}_Y{window}.parquet")["outcome"]
            found = scored(actual, draws.reshape(len(actual), -1))
            yield {"benchmark": name, "window": window, "n": len(actual), **found}


def history(data: Path) -> dict[tuple[int, int], float]:
    """Return (country, month id) -> deaths: official where known, the long series before."""
    found: dict[tuple[int, int], float] = {}
    for name in (
        "views_ged_sb_country_month_1990_2022.csv.gz",
        "views_ged_sb_exact_2016_11_2022_12.csv.gz",
    ):
        with gzip.open(data / "ucdp_country_month" / name, "rt", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                month = int(row["month_id"])
                if row["ged_sb"] and (month >= EXACT_FROM) == ("exact" in name):
                    found[int(row["country_id"]), month] = float(row["ged_sb"])
    return found


def baseline(data: Path) -> Iterator[dict[str, object]]:
    """Run the peer's models on the official windows, and once on 36 months for the time."""
    past = history(data)
    folder = data / "views_challenge_cm"
    for window in WINDOWS:
        actual = table(folder / f"cm_actuals_Y{window}.parquet")
        january = int(actual["month_id"].min())
        countries = sorted(set(actual["country_id"].tolist()))
        # The peer cannot leave a gap between the last month known and the first one wanted:
        # fourteen months are forecast, November and December are dropped.
        for name in MODELS:
            draws, spent = forecast(past, countries, january - 2, 14, name)
            cells = draws.reshape(len(countries), 14, -1)[:, 2:].reshape(len(countries) * 12, -1)
            found = scored(actual["outcome"], cells)
            yield {"model": name, "window": window, "n": len(cells), **found, "seconds": spent}
            if window == WINDOWS[-1]:
                _, spent = forecast(past, countries, january - 2, 36, name)
                yield {"model": name, "instance": "191x36x1000", "seconds": spent}


def forecast(
    past: dict[tuple[int, int], float], countries: list[int], first: int, months: int, name: str
) -> tuple[np.ndarray, float]:
    """Return draws (country and month, draw) from the month before `first`, and the seconds."""
    import pandas as pd
    from views_baseline.model.catalog import BaselineModelCatalog

    chosen = set(countries)
    cells = {k: v for k, v in past.items() if k[0] in chosen and k[1] < first}
    index = pd.MultiIndex.from_tuples(
        sorted((month, country) for country, month in cells), names=["month_id", "country_id"]
    )
    frame = pd.DataFrame({"ged_sb": [cells[c, m] for m, c in index]}, index=index)
    kind, settings = MODELS[name]
    config = {"regression_targets": ["ged_sb"], "n_samples": 1000, "seed": SEED, **settings}
    parts = {"train": (int(index[0][0]), first - 1), "test": (first, first + months - 1)}
    start = time.perf_counter()
    model = BaselineModelCatalog(config, parts, "cm").get_model(kind)
    made = model.fit(frame).predict(frame, 0, months)["ged_sb"]
    spent = round(time.perf_counter() - start, 3)
    order = np.lexsort([np.asarray(made.index.time), np.asarray(made.index.unit)])
    draws = np.asarray(made.values)[order]
    if draws.shape[0] != len(countries) * months:
        raise SystemExit(f"{name}: got {draws.shape[0]} cells; wanted {len(countries) * months}")
    return draws, spent


def main() -> None:
    """Write the rows of one peer with its version and the command."""
    what, data, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    run = {"evaluation": evaluation, "baseline": baseline}[what]
    names = ("views-evaluation", "numpy") + (("views-baseline",) if what == "baseline" else ())
    found = {
        "peer": f"views-{what}",
        "command": "make peers",
        "versions": {name: version(name) for name in names},
        "seed": SEED if what == "baseline" else None,
        "rows": list(run(data)),
    }
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
