"""Solve one p-median problem with spopt and say how long that took: build, and solve.

``python -m benchmarks.optbench`` calls it in an environment of its own (``make peers``); PolGap
is not imported here.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np
import pulp
from spopt.locate import PMedian


def main() -> None:
    """Read a cost matrix (candidate, place), print version, value and seconds as JSON."""
    cost = np.load(sys.argv[1])
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        problem = PMedian.from_cost_matrix(
            cost.T, np.ones(cost.shape[1]), p_facilities=int(sys.argv[2])
        )
        problem.solve(pulp.PULP_CBC_CMD(msg=False, threads=1))
    told = {
        "version": version("spopt"),
        "seconds": time.perf_counter() - start,
        "value": float(pulp.value(problem.problem.objective)),
        "status": pulp.LpStatus[problem.problem.status],
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
