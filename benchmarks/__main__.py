"""``python -m benchmarks [plan|forecast|assess|simulate]``: one JSON object on a line of its own.

Below ten seconds the median of three is reported, above it one run. A reference loop (a fixed
amount of numpy work) is timed beside each part, since the machine is shared and noisy.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks import countries, gap, plan
from polgap import assess, calibrate, catalogue, deploy, evidence, examples, forecast, simulate
from polgap.draws import Parameters

PARTS = ("forecast", "assess", "plan", "simulate")


def seconds(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
        if spent[0] > 10.0:
            break
    return statistics.median(spent)


def reference_loop() -> None:
    x = np.random.default_rng(0).random((2000, 2000))
    for _ in range(5):
        x = np.sort(x, axis=-1) * 0.5 + x.T * 0.5


class Theatre:
    """The exercise, computed as far as a part needs it."""

    def __init__(self, draws: int) -> None:
        exercise = examples.theatre(1)
        self.inputs = examples.inputs(exercise)
        self.study = replace(examples.study(exercise), draws=draws)
        self.theta = Parameters(catalogue.parameters(), self.study.seed, draws)
        s, i = self.study, self.inputs
        self.ahead = forecast.predict(s, i.panel)
        self.posture = calibrate.posture(s, i.mandate, i.areas)
        self.hours = deploy.travel_hours(i.areas, i.towns, self.theta)
        self.force = deploy.generate(s, i.pledges, self.theta)

    def measure(self):
        return assess.measure(
            self.study, self.inputs, self.ahead.futures, self.posture, self.hours, self.theta
        )

    def options(self, gap):
        return calibrate.options(
            self.study, self.inputs, gap, self.posture, self.force, self.hours, self.theta, map
        )

    def place(self, plans):
        s, i = self.study, self.inputs
        return {
            p.name: deploy.place(s, p, i.pledges, self.force, self.theta, i.areas, i.rules)
            for p in plans
        }


def row(family: str, instance: str, spent: float, **more: object) -> dict[str, object]:
    blank = dict.fromkeys(("value", "reference", "gap_percent", "proved", "peer", "peer_seconds"))
    return {"family": family, "instance": instance, "status": "ok", **blank, "seconds": spent,
            **more}  # fmt: skip


def world() -> list[dict[str, object]]:
    """Return the rows of the country forecast: the default, and the own last twelve months."""
    known, which = countries.panel()
    model = countries.default()
    spent = seconds(lambda: countries.forecast(model, known))
    base = seconds(lambda: countries.plain(known))
    size = "191x36x1000"
    peer = {"peer": f"views-baseline {countries.PEER}, its own run",
            "peer_seconds": countries.peer_seconds()}  # fmt: skip
    return [
        row("forecast", size, spent, panel=which, model=model.name, **peer),
        row("forecast_last12", size, base, panel=which, model="last12", **peer),
    ]


def bench(part: str) -> list[dict[str, object]]:
    theatre = Theatre(500)
    size = f"60x{theatre.study.months}x13x500"
    if part == "forecast":
        s, panel = theatre.study, theatre.inputs.panel
        spent = seconds(lambda: forecast.predict(s, panel))
        return [row("forecast", "60x36x500", spent), *world()]
    spent = seconds(theatre.measure)
    if part == "assess":
        return [row("assess", "60x36x13x500", spent, peak_gib=gap.peak_gib()), *gap.rows(row)]
    measured = theatre.measure()
    if part == "plan":
        spent = seconds(lambda: theatre.options(measured))
        best = next(p for p in theatre.options(measured) if p.name == "recommended")
        found = {"value": best.value, "reference": best.bound, "gap_percent": best.gap_percent}
        return [row("program", "60x12, all options", spent, **found), *plan.rows()]
    deployed = theatre.place(theatre.options(measured))
    effects = evidence.effects(1, 500)

    def play() -> object:
        return simulate.play(
            theatre.study, theatre.inputs, theatre.ahead.futures, measured, deployed, effects,
            theatre.hours, theatre.theta,
        )  # fmt: skip

    return [row("simulate", f"{len(deployed)} options, {size}", seconds(play))]


def main() -> None:
    for part in sys.argv[1:] or PARTS:
        loop = seconds(reference_loop)
        rows = bench(part)
        print(json.dumps({"schema": "polgap.bench/1", "reference_loop_seconds": loop,
                          "rows": rows}))  # fmt: skip


if __name__ == "__main__":
    main()
