"""First-order indices read off a run's draws against those of mixed runs, on a project.

``python -m benchmarks.sensitivity PROJECT`` prints, for each headline, how far the two estimates
lie apart over all parameters, and how wide their 80 % intervals are.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from polgap import study as sentence
from polgap.sources import load_inputs
from polgap.store import Project
from polgap.study import _sensitivity as room


def main(folder: str) -> None:
    """Print the comparison for the project in `folder`."""
    project = Project.open(Path(folder))
    study = project.study()
    inputs = load_inputs(
        study, project.root, overrides=project.config.parameters, manifest=project.manifest()
    )
    steps = sentence.steps(study, inputs)
    begun = time.perf_counter()
    mixed = room.mixtures(study, inputs, steps)
    seconds = time.perf_counter() - begun
    for name, found in room.first_order(steps).items():
        both = found.merge(mixed[name], on="name")
        off = (both["first_x"] - both["first_y"]).abs()
        wide = [(both[f"first_high_{k}"] - both[f"first_low_{k}"]).max() for k in "xy"]
        print(
            f"{name}: {len(both)} parameters, apart {off.mean():.3f} on average, {off.max():.3f} "
            f"at most ({both['name'][off.idxmax()]}); widest interval {wide[0]:.3f} from the "
            f"draws, {wide[1]:.3f} from mixed runs"
        )
    print(f"{len(mixed['need'])} mixed runs: {seconds:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1])
