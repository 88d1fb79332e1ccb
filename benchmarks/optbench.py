"""``python -m benchmarks.optbench DIR --family pmed --json``: the product's cores on public sets.

The cores are those the product runs (`calibrate.sites`, `deploy.schedule`), with a limit of time
where the table of the issue names one. Limits are processor seconds, so that a busy machine costs
no quality; ``seconds`` is the wall, ``cpu_seconds`` what was used. Only JSON goes to stdout.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks import public_instances as public
from polgap.calibrate import sites
from polgap.deploy import Project, Schedule, schedule
from polgap.workers import Alarm, child

ROOT = Path(__file__).resolve().parents[1]
SPOPT = ROOT / ".venv-peers" / "spopt" / "bin" / "python"
SMALL = 100
"""Nodes up to which the peer is run: it takes seconds there, and minutes above."""
SCHEDULE_SECONDS = 10.0
LISTS = 3
"""List schedules tried for each activity; the solver has the seconds that are left."""

Row = dict[str, object]
Peer = Path | None


def row(family: str, instance: str, reference: float, value: float, proved: bool,
        wall: float, used: float, **more: object) -> Row:  # fmt: skip
    gap = 100.0 * (value - reference) / max(abs(reference), 1e-9)
    return {"family": family, "instance": instance, "status": "ok", "value": value,
            "reference": reference, "gap_percent": round(gap, 6), "proved": proved,
            "seconds": wall, "cpu_seconds": used, "peer": None, "peer_seconds": None,
            **more}  # fmt: skip


def timed(work: Callable[[], object]) -> tuple[object, float, float]:
    wall, used = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - used


def pmed(folder: Path, chosen: dict[str, float], peer: Peer) -> Iterator[Row]:
    for name, reference in chosen.items():
        cost, count = public.pmed(folder / f"{name}.txt")
        found, wall, used = timed(lambda: sites(cost, count))  # noqa: B023
        more: Row = {"bound": found.bound, "size": f"{len(cost)}x{count}"}
        if len(cost) <= SMALL and peer is not None:
            other = spopt(peer, cost, count)
            more |= {"peer": f"spopt {other['version']}", "peer_seconds": other["seconds"],
                     "peer_value": other["value"], "ratio": other["seconds"] / wall}  # fmt: skip
        yield row("pmed", name, reference, found.value, found.proved, wall, used, **more)


def spopt(python: Path, cost: np.ndarray, count: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "cost.npy"
        np.save(file, cost)
        told = subprocess.run(
            [str(python), str(ROOT / "peers" / "run_spopt.py"), str(file), str(count)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    return json.loads(told.stdout.splitlines()[-1])


def rcpsp(family: str) -> Callable[[Path, dict[str, float], Peer], Iterator[Row]]:
    def rows(folder: Path, chosen: dict[str, float], _: Peer) -> Iterator[Row]:
        with child() as call:
            for name, reference in chosen.items():
                project = Project(**public.rcpsp(folder / name))
                before = call(time.process_time)
                found, wall, used = timed(lambda: within(SCHEDULE_SECONDS, project, call))  # noqa: B023
                used += call(time.process_time) - before
                yield row(family, name, reference, found.value, found.proved, wall, used,
                          bound=found.bound, method=found.method)  # fmt: skip

    return rows


def within(seconds: float, project: Project, call: Callable[..., object]) -> Schedule:
    """Return a schedule; the solver has the seconds that the list schedules leave."""
    start = time.process_time()

    def rest(function: Callable[..., object], task: object, work: float, seed: int,
             _: object) -> object:  # fmt: skip
        left = seconds - (time.process_time() - start)
        return call(function, task, work, seed, Alarm(max(left, 0.5)))

    return schedule(project, rest, passes=LISTS * len(project.duration))


FAMILIES: dict[str, Callable[[Path, dict[str, float], Peer], Iterator[Row]]] = {
    "pmed": pmed,
    **{name: rcpsp(name) for name in ("rcpsp_j30", "rcpsp_j60", "rcpsp_j120")},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="one folder a family")
    parser.add_argument("--family", required=True, choices=list(FAMILIES))
    parser.add_argument("--instance", action="append", help="only this one; may be repeated")
    parser.add_argument("--every", type=int, default=1, help="only each N-th instance")
    parser.add_argument("--peer", type=Path, default=SPOPT, help="python with spopt (make peers)")
    parser.add_argument("--json", action="store_true", help="the only form there is")
    asked = parser.parse_args()
    folder = asked.folder / asked.family
    if not (folder / "optima.csv").is_file():
        parser.error(f"got no file {folder / 'optima.csv'}; wanted one folder a family")
    known = public.optima(folder)
    unknown = set(asked.instance or ()) - set(known)
    if unknown:
        parser.error(f"--instance: got {sorted(unknown)}; wanted names in {folder / 'optima.csv'}")
    names = asked.instance or list(known)[:: asked.every]
    chosen = {name: known[name] for name in names if _there(folder, name)}
    peer = asked.peer if asked.peer.exists() else None
    if asked.family == "pmed" and peer is None:
        print(f"spopt: no {asked.peer}; run make peers. Its columns are null.", file=sys.stderr)
    rows = []
    for one in FAMILIES[asked.family](folder, chosen, peer):
        print(f"{one['instance']}: {one['value']:g}, best known {one['reference']:g}, "
              f"{one['seconds']:.2f} s", file=sys.stderr)  # fmt: skip
        rows.append(one)
    print(json.dumps({"schema": "polgap.bench/1", "rows": rows}))


def _there(folder: Path, name: str) -> bool:
    return (folder / name).is_file() or (folder / f"{name}.txt").is_file()


if __name__ == "__main__":
    main()
