"""Laws of the simulation: what has to hold whatever the numbers are."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap.catalogue import table

_PATH = Path(__file__).parents[1] / "unit" / "simulate" / "synthetic.py"
_SPEC = importlib.util.spec_from_file_location("simulate_synthetic_laws", _PATH)
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

seeds = st.integers(0, 10_000)
few = settings(max_examples=15, deadline=None)
SHOCKS = table("shocks")


def small(seed, draws=16):
    return made.theatre(draws=draws, months=4, seed=seed)


def civilians(played):
    return played.outcome["civilian_deaths"].transpose("option", "area", "month", "draw")


@few
@given(seeds)
def test_without_an_effect_violence_is_the_same_under_every_option(seed):
    played = small(seed).played(0.0, SHOCKS)
    for name in ("civilian_deaths", "all_deaths"):
        values = played.outcome[name].values
        assert values[0].tobytes() == values[1].tobytes()


@few
@given(seeds)
def test_without_shocks_the_present_mission_leaves_the_futures_as_they_are(seed):
    theatre = small(seed)
    ours = civilians(theatre.played(-0.7)).sel(option="status_quo")
    theirs = theatre.futures["one_sided"].sel(month=theatre.study.report_months)
    assert (ours.values == theirs.values).all()


@few
@given(seeds)
def test_same_seed_same_bytes(seed):
    one, two = (small(seed).played(-0.3, SHOCKS) for _ in range(2))
    assert one.outcome.identical(two.outcome)
    assert one.rows == two.rows
    assert one.storyline == two.storyline
    assert one.shocks.equals(two.shocks)


@few
@given(seeds, st.floats(0.05, 3.0), st.booleans())
def test_more_police_move_deaths_the_way_of_the_effect(seed, size, harmful):
    played = small(seed).played(size if harmful else -size)
    deaths = civilians(played)
    more = (deaths.sel(option="recommended") - deaths.sel(option="status_quo")).values
    signed = more if harmful else -more
    assert (signed >= -1e-4).all()
    assert signed.sum() > 0


@few
@given(seeds, st.floats(0.05, 3.0))
def test_a_stronger_protective_effect_never_kills_more(seed, size):
    theatre = small(seed)
    weak, strong = (
        civilians(theatre.played(-b)).sel(option="recommended") for b in (size, 2 * size)
    )
    assert float((strong - weak).max()) <= 1e-4


@few
@given(seeds, st.sampled_from(SHOCKS["shock"].tolist()))
def test_shocks_only_make_unmet_need_worse_on_average(seed, shock):
    rows = SHOCKS[SHOCKS["shock"] == shock].copy()
    rows[["chance_low", "chance_mid", "chance_high"]] = [0.8, 0.9, 1.0]
    theatre = small(seed, draws=32)
    calm, hurt = (theatre.played(-0.3, s).outcome["unmet_need"] for s in (made.CALM, rows))
    worse = (hurt - calm).sum(["area", "month"]).mean("draw")
    assert float(worse.min()) >= -1e-3
    assert float(worse.sel(option="recommended")) > 0


@few
@given(seeds)
def test_relabelling_areas_changes_nothing(seed):
    theatre = small(seed)
    one = theatre.played(-0.3, SHOCKS)
    new = {"a": "zulu", "b": "mike", "c": "alpha"}
    areas = list(new.values())
    found = theatre.assessment
    renamed = replace(
        theatre,
        inputs=replace(theatre.inputs, areas=theatre.inputs.areas.replace({"area": new})),
        futures=theatre.futures.assign_coords(area=areas),
        assessment=replace(
            found,
            **{
                name: getattr(found, name).assign_coords(area=areas)
                for name in ("need", "host", "shortfall", "requirement", "population")
            },
        ),
        hours=theatre.hours.assign_coords(area=areas, serves=areas),
    ).with_options(
        status_quo={("here", "zulu"): 1},
        recommended={
            ("here", "zulu"): 1, ("new", "zulu"): 2, ("new", "mike"): 2, ("few", "mike"): 60
        },
    )  # fmt: skip
    two = renamed.played(-0.3, SHOCKS)
    assert one.rows == two.rows
    assert one.storyline == two.storyline
    for name in one.outcome.data_vars:
        assert np.array_equal(one.outcome[name].values, two.outcome[name].values)


@few
@given(seeds, st.sampled_from(["new", "few"]))
def test_options_that_do_the_same_come_out_the_same(seed, pledge):
    placed = {("here", "a"): 1, (pledge, "b"): 2}
    theatre = small(seed).with_options(status_quo={("here", "a"): 1}, one=placed, other=placed)
    outcome = theatre.played(-0.3, SHOCKS).outcome
    for name in outcome.data_vars:
        values = outcome[name]
        assert np.array_equal(values.sel(option="one"), values.sel(option="other"))
