"""Readers of public instances laid out in folders with an ``optima.csv`` each."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import floyd_warshall


def optima(folder: Path) -> dict[str, float]:
    """Return instance -> best value known, of the first column of values; upper end of a range."""
    with (folder / "optima.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return {row[0]: float(row[1].split("..")[-1]) for row in rows if row}


def pmed(path: Path) -> tuple[np.ndarray, int]:
    """Return distances between all nodes and the number of sites; a repeated edge: the last."""
    numbers = np.array(path.read_text(encoding="utf-8").split(), dtype=int)
    nodes, edges, sites = (int(n) for n in numbers[:3])
    length = np.full((nodes, nodes), np.inf)
    for one, other, far in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        length[one - 1, other - 1] = length[other - 1, one - 1] = far
    np.fill_diagonal(length, 0.0)
    return floyd_warshall(length), sites


def rcpsp(path: Path) -> dict[str, list]:
    """Return a project of PSPLIB: durations, precedence pairs, use and capacity."""
    lines = path.read_text(encoding="utf-8").splitlines()

    def after(title: str, skip: int) -> list[list[int]]:
        first = next(i for i, line in enumerate(lines) if line.startswith(title)) + skip
        rows = []
        for line in lines[first:]:
            if line.startswith("*"):
                break
            rows.append([int(word) for word in line.split()])
        return rows

    followers = after("PRECEDENCE RELATIONS", 2)
    requests = after("REQUESTS/DURATIONS", 3)
    return {
        "duration": [row[2] for row in requests],
        "pairs": [(row[0] - 1, then - 1) for row in followers for then in row[3:]],
        "use": [list(column) for column in zip(*(row[3:] for row in requests), strict=True)],
        "capacity": after("RESOURCEAVAILABILITIES", 2)[0],
    }


def sscflp(path: Path) -> dict[str, np.ndarray]:
    """Return capacity and opening cost by site, demand by customer, and the cost of all of it.

    The file gives one row a customer and one column a site; returned is (site, customer).
    """
    numbers = np.array(path.read_text(encoding="utf-8").split(), dtype=float)
    sites, customers = int(numbers[0]), int(numbers[1])
    ends = np.cumsum([2, sites, sites, customers, sites * customers])
    capacity, opening, demand, serving = (numbers[a:b] for a, b in pairwise(ends))
    return {"capacity": capacity, "opening": opening, "demand": demand,
            "serving": serving.reshape(customers, sites).T.copy()}  # fmt: skip
