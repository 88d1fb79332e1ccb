"""Print how often the intervals of PolGap hold the truth of the exercise, as a Markdown table.

    python docs/exercise_score.py [--worlds 10] [--draws 200]

Each world is the exercise of another seed, so each has its own luck. The steps run without
calibrate and simulate, whose answers are choices, not estimates that can be true or false.
"""

import argparse

import pandas as pd

from polgap import assess, calibrate, catalogue, deploy, examples, forecast, rebuild
from polgap.draws import Parameters
from polgap.score import quantile


def interval(draws):
    low, mid, high = quantile(draws, [0.1, 0.5, 0.9]).tolist()
    return {"low": low, "mid": mid, "high": high}


def mean(cube, *kept):
    """Return the mean over months 1-12, summed over all dims but those kept."""
    year = cube.isel(month=slice(0, 12)).mean("month")
    return year.sum([d for d in year.dims if d not in (*kept, "draw")])


def by(cubes, dim):
    found = {name: mean(cube, dim).transpose(dim, "draw") for name, cube in cubes.items()}
    labels = next(iter(found.values()))[dim].values.tolist()
    return [
        {dim: label, **{name: interval(v.sel({dim: label}).values) for name, v in found.items()}}
        for label in labels
    ]


def world(seed, draws):
    country = examples.theatre(seed)
    study, inputs = examples.study(country, draws, seed), examples.inputs(country)
    theta = Parameters(catalogue.parameters(), study.seed, study.draws, inputs.overrides)
    ahead = forecast.predict(study, inputs.panel)
    posture = calibrate.posture(study, inputs.mandate, inputs.areas)
    hours = deploy.travel_hours(inputs.areas, inputs.towns, theta)
    gap = assess.measure(study, inputs, ahead.futures, posture, hours, theta)
    force = deploy.generate(study, inputs.pledges, theta)
    handover = rebuild.project(study, inputs, gap, posture, theta)
    cubes = {"need": gap.need, "national_shortfall": gap.shortfall}
    result = {
        "study": {"theatre": study.theatre, "origin": study.origin},
        "gap": {name: interval(mean(cube).values) for name, cube in cubes.items()},
        "arrival": {"pledges": deploy.dates(force, inputs.pledges).to_dict("records")},
    }
    details = {
        "fan": ahead.fan.to_dict("records"),
        "by_area": by(cubes, "area"),
        "by_function": by(cubes, "function"),
    }
    return examples.score(country, result, details, handover.path).assign(world=seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    rows = pd.concat([world(seed, asked.draws) for seed in range(1, asked.worlds + 1)])
    kind = rows["item"].str.split(" ").str[0].where(rows["measure"] != "roll", "area")
    rows["what"] = rows["measure"] + ", by " + kind
    print(
        "| estimate | rows | holds | too low | too high | mean error |\n|---|---|---|---|---|---|"
    )
    for what, part in rows.groupby("what", sort=False):
        known = part[part["truth"] < float("inf")]
        bias = known["error"].sum() / known["truth"].sum()
        low, high = ((part["miss"] == m).mean() for m in ("too low", "too high"))
        print(
            f"| {what.replace('_', ' ')} | {len(part)} | {part['inside'].mean():.0%} "
            f"| {low:.0%} | {high:.0%} | {bias:+.0%} |"
        )


if __name__ == "__main__":
    main()
