"""Print how the violence of the exercise compares with real violence, as Markdown tables.

    POLGAP_DATA=../shared/data python docs/exercise_texture.py [--worlds 12]

Real: UCDP GED events of South Sudan and the Central African Republic, at the first administrative
level and on cells of one degree (about as many and as large as two areas of the exercise).
Exercise: its provinces and its areas, seed 1 and the range over the first worlds.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
import xarray as xr

from polgap import examples
from polgap.domain import KINDS, Panel, month_number, month_range
from polgap.examples._texture import MEASURES

DATA = Path(os.environ.get("POLGAP_DATA", "../shared/data"))
REAL = {"SSD": ("2011-07", "2020-12"), "CAF": ("2009-01", "2020-12")}
"""From independence, and from the last twelve years of the file: the stated coverage."""
KIND = {1: "state_based", 2: "non_state", 3: "one_sided"}
SHOWN = [m for m in MEASURES if m not in ("top10_events", "months")]


def events(iso3, most_vague):
    first, last = REAL[iso3]
    table = pd.read_csv(DATA / f"ucdp_ged_events/ged_{iso3}.csv.gz", keep_default_na=False)
    table["month"] = table["date_end"].str[:7]
    precise = table["where_prec"].astype(int) <= most_vague
    return table[precise & (table["month"] >= first) & (table["month"] <= last)]


def panel(table, where, labels, months):
    place = np.asarray(where)
    time = table["month"].map({m: i for i, m in enumerate(months)}).to_numpy()
    kind = table["type_of_violence"].astype(int).map(KIND).to_numpy()
    best = table["best"].astype(float).to_numpy()
    found = {}
    for name in (*KINDS, "events"):
        cells = np.zeros((len(labels), len(months)))
        of = np.ones(len(table), dtype=bool) if name == "events" else kind == name
        np.add.at(cells, (place[of], time[of]), 1.0 if name == "events" else best[of])
        found[name] = (("area", "month"), cells)
    return Panel(xr.Dataset(found, coords={"area": labels, "month": months}))


def months_of(iso3):
    first, last = REAL[iso3]
    return month_range(first, month_number(last) - month_number(first) + 1)


def outlines(iso3):
    text = (DATA / f"boundaries/adm1_{iso3}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    return {f["properties"]["adm1_name"]: shapely.geometry.shape(f["geometry"]) for f in features}


def provinces_of(iso3):
    shapes = outlines(iso3)
    labels, polygons = list(shapes), list(shapes.values())
    table = events(iso3, 4)
    points = shapely.points(table["longitude"].astype(float), table["latitude"].astype(float))
    where = shapely.STRtree(polygons).query_nearest(points, all_matches=False)[1]
    near = {
        a: [b for b, q in shapes.items() if a != b and p.distance(q) < 0.02]
        for a, p in shapes.items()
    }
    return examples.texture(panel(table, where, labels, months_of(iso3)), near)


def cells_of(iso3):
    land = shapely.union_all(list(outlines(iso3).values()))
    west, south, east, north = (int(np.floor(b)) for b in land.bounds)
    corners = [
        (i, j)
        for i in range(west, east + 1)
        for j in range(south, north + 1)
        if land.intersection(shapely.box(i, j, i + 1, j + 1)).area > 0.5
    ]
    middle = np.array(corners) + 0.5
    table = events(iso3, 3)
    place = table[["longitude", "latitude"]].astype(float).to_numpy()
    where = ((place[:, None] - middle) ** 2).sum(axis=2).argmin(axis=1)
    labels = [f"{i} {j}" for i, j in corners]
    near = {
        f"{i} {j}": [f"{k} {m}" for k, m in ((i + 1, j), (i, j + 1)) if (k, m) in corners]
        for i, j in corners
    }
    return examples.texture(panel(table, where, labels, months_of(iso3)), near)


def worlds(count):
    by_province, by_area = [], []
    for seed in range(1, count + 1):
        country = examples.theatre(seed)
        history = country.truth.history
        by_area.append(examples.texture(history, country.neighbours))
        parent = country.areas.set_index("area")["parent"]
        near = {}
        for area, others in country.neighbours.items():
            across = {parent[b] for b in others} - {parent[area]}
            near.setdefault(parent[area], set()).update(across)
        grouped = history.assign_coords(area=parent.loc[history["area"].values].to_numpy())
        by_province.append(examples.texture(grouped.groupby("area").sum(), near))
    return by_province, by_area


def span(values):
    return f"{round_(min(values))} to {round_(max(values))}"


def round_(value):
    return f"{value:.0f}" if abs(value) >= 30 else f"{value:.2g}"


def table(title, columns, made):
    heads = [*columns, "exercise, seed 1", f"exercise, {len(made)} worlds"]
    print(f"\n**{title}**\n\n| | {' | '.join(heads)} |")
    print("|---|" + "---|" * len(heads))
    for name in SHOWN:
        real = [round_(found[name]) for found in columns.values()]
        mine = [round_(made[0][name]), span([m[name] for m in made])]
        print(f"| {MEASURES[name]} | {' | '.join(real + mine)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=12)
    count = parser.parse_args().worlds
    if not DATA.is_dir():
        sys.exit(f"no real data: set POLGAP_DATA ({DATA} is not there)")
    by_province, by_area = worlds(count)
    first = {"South Sudan": provinces_of("SSD"), "Central African Republic": provinces_of("CAF")}
    table("First administrative level, and provinces of the exercise", first, by_province)
    cells = {"South Sudan": cells_of("SSD"), "Central African Republic": cells_of("CAF")}
    table("Cells of one degree, and areas of the exercise", cells, by_area)


if __name__ == "__main__":
    main()
