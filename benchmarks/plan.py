"""The program at scale: ``python -m benchmarks.plan FAMILY AREAS MONTHS SCENARIOS`` prints one row.

Each row is measured in a process of its own, so that its peak memory is its own. Making the
synthetic theatre is not counted; making the program of it is.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.instances import Instance, instance
from polgap import calibrate
from polgap.calibrate._model import Layout
from polgap.calibrate._offer import plan_of
from polgap.calibrate._recourse import AVERSION, TAIL, cells
from polgap.calibrate._solve import solve

ROWS = (
    ("program", 80, 24, 20), ("program", 1000, 36, 50), ("program_recourse", 80, 24, 20),
    ("pareto", 80, 24, 20), ("replan", 80, 24, 20), ("build", 80, 24, 8), ("build", 80, 24, 20),
)  # fmt: skip
Found = dict[str, object]


def timed(work: Callable[[], object]) -> tuple[object, float]:
    """Return what work gives, and its seconds: the median of three below ten."""
    spent, found = [], None
    for _ in range(3):
        start = time.perf_counter()
        found = work()
        spent.append(time.perf_counter() - start)
        if spent[0] > 10.0:
            break
    return found, statistics.median(spent)


def asked(theatre: Instance) -> dict[str, object]:
    return {
        "study": theatre.study, "inputs": theatre.inputs, "assessment": theatre.assessment,
        "generation": theatre.generation, "hours": theatre.hours, "theta": theatre.theta,
    }  # fmt: skip


def gap(value: float, bound: float) -> Found:
    percent = 100.0 * max(0.0, value - bound) / value
    return {"value": value, "reference": bound, "gap_percent": percent, "proved": percent < 1e-4}


def program(theatre: Instance) -> Found:
    made, spent = timed(lambda: solve(theatre.program(), "recommended"))
    return {**gap(made.value, made.bound), "seconds": spent}


def program_recourse(theatre: Instance) -> Found:
    found, spent = timed(lambda: calibrate.retasked(None, **asked(theatre)))
    return {**gap(found.value, found.bound), "seconds": spent, "tied": found.tied,
            "mean": found.mean, "worst": found.worst}  # fmt: skip


def pareto(theatre: Instance) -> Found:
    points, spent = timed(lambda: calibrate.front(**asked(theatre)))
    worst = max(100.0 * (p.unmet - p.bound) / p.unmet for p in points)
    return {"seconds": spent, "points": len(points), "worst_gap_percent": worst}


def replan(theatre: Instance) -> Found:
    made = solve(theatre.program(), "recommended", looks=1)
    old = plan_of(theatre.study, theatre.program(), "recommended", made)
    units = old.table[old.table["month"] == theatre.study.report_months[-1]]
    lost = units[units["unit_type"] == "FPU"]["pledge"].iloc[-1]
    table = theatre.inputs.pledges
    kept = table[table["pledge"] != lost].reset_index(drop=True)
    after = replace(theatre, inputs=replace(theatre.inputs, pledges=kept))
    found, spent = timed(lambda: calibrate.replan(old, **asked(after)))
    return {**gap(found.plan.value, found.plan.bound), "seconds": spent,
            "changes": len(found.changes)}  # fmt: skip


def build(theatre: Instance) -> Found:
    made = theatre.program()
    need = cells(made, theatre.study, theatre.assessment.requirement)

    def work() -> object:
        model = Layout(made, *need, (AVERSION, TAIL)).model()
        model.highs()
        return len(model.cost)

    columns, spent = timed(work)
    return {"seconds": spent, "columns": columns}


def measure(family: str, areas: int, months: int, scenarios: int) -> Found:
    theatre = instance(areas, months, scenarios)
    blank = dict.fromkeys(("value", "reference", "gap_percent", "proved", "peer", "peer_seconds"))
    found = globals()[family](theatre)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    name = f"{areas}x{months}x6x{scenarios}"
    return {"family": family, "instance": name, "status": "ok", **blank, **found, "peak_gib": peak}


def rows() -> list[Found]:
    """Return all rows, each from a process of its own."""
    found = []
    for asked_for in ROWS:
        words = [sys.executable, "-m", "benchmarks.plan", *map(str, asked_for)]
        out = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found.append(json.loads(out.splitlines()[-1]))
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], *map(int, sys.argv[2:5]))))
