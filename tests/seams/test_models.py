"""One battery for every registered model: what the rest of PolGap relies on."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from polgap.domain import KINDS, month_range
from polgap.errors import ModelError
from polgap.forecast import registry
from polgap.forecast._prepare import prepare
from polgap.forecast.base import Model
from polgap.forecast.models.mixture import Mixture
from polgap.forecast.reach import reaching

MONTHS, HORIZONS, DRAWS = 40, [1, 2, 5, 36], 25


def theatre(fill=None):
    rng = np.random.default_rng(3)
    shape = (4, MONTHS)
    level = np.array([0.0, 1.0, 5.0, 80.0])[:, None]
    deaths = {k: rng.poisson(level * rng.gamma(0.4, 2.0, shape)).astype(float) for k in KINDS}
    counts = {**deaths, "events": np.ceil(sum(deaths.values()) / 4.0)}
    panel = xr.Dataset(
        {k: (("area", "month"), v) for k, v in counts.items()},
        coords={"area": list("wxyz"), "month": month_range("2015-03", MONTHS)},
    )
    return panel if fill is None else fill(panel)


def holes(p):
    p["events"][1, ::3] = np.nan
    p["state_based"][2, :30] = np.nan
    return p


def unseen_area(p):
    return p.where(p["area"] != "x")


def young_area(p):
    late = xr.DataArray(np.arange(MONTHS) >= MONTHS - 2, dims="month")
    return p.where((p["area"] != "z") | late)


def late_month(p):
    return p.where((p["area"] != "y") | (p["month"] < "2018-06"))


def huge(p):
    p["one_sided"][3, -1] = 4e6
    return p


PANELS = {
    "plain": None,
    "zeros": lambda p: p * 0.0,
    "holes": holes,
    "silent_year": lambda p: p.where(p["month"] < "2017-06"),
    "unseen_area": unseen_area,
    "young_area": young_area,
    "one_area": lambda p: p.isel(area=[2]),
    "one_month": lambda p: p.isel(month=[-1]),
    "three_months": lambda p: p.isel(month=slice(-3, None)),
    "late_month": late_month,
    "huge": huge,
    "fractions": lambda p: p * 0.7,
    "one_kind": lambda p: p[["state_based"]],
    "other_counts": lambda p: p.rename(state_based="attacks_on_police")[["attacks_on_police"]],
}

MODELS = registry.models() | registry.subnational_models(tried=True)
each_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)
each_panel = pytest.mark.parametrize("fill", PANELS.values(), ids=list(PANELS))


def sample(model, panel, draws=DRAWS, seed=0):
    return model.fit(panel).sample(HORIZONS, draws, np.random.default_rng(seed))


@each_model
def test_a_model_is_a_recipe(model):
    assert isinstance(model, Model)
    assert len({model, MODELS[model.name]}) == 1


def test_the_default_and_the_baseline_are_registered():
    assert {registry.DEFAULT, registry.BASELINE} <= set(registry.models())


@each_model
@each_panel
def test_every_draw_is_a_complete_joint_future(model, fill):
    panel = theatre(fill)
    drawn = sample(model, panel)
    assert list(drawn) == list(panel)
    assert drawn["area"].values.tolist() == panel["area"].values.tolist()
    assert drawn["month"].values.tolist() == ["2018-07", "2018-08", "2018-11", "2021-06"]
    for variable in drawn.data_vars.values():
        assert variable.dims == ("area", "month", "draw")
        assert variable.shape == (panel.sizes["area"], 4, DRAWS)
        assert variable.dtype.kind == "i"
        assert int(variable.min()) >= 0


@each_model
@each_panel
def test_a_month_with_deaths_has_an_event(model, fill):
    drawn = sample(model, theatre(fill))
    if "events" in drawn:
        lethal = sum(drawn[k] for k in KINDS) > 0
        assert bool((drawn["events"].where(lethal, 1) >= 1).all())


@each_model
def test_the_same_seed_gives_the_same_draws_and_another_does_not(model):
    one, same, other = (sample(model, theatre(), seed=s) for s in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


@each_model
def test_the_panel_is_left_as_it_was(model):
    panel = theatre(holes)
    before = panel.copy(deep=True)
    sample(model, panel)
    assert panel.identical(before)


@each_model
def test_no_draw_is_beyond_three_times_the_worst_month(model):
    panel = theatre()
    drawn = sample(model, panel, draws=2000)
    worst = panel["one_sided"].max("month")
    pooled = np.quantile(panel["one_sided"].values, 0.999)
    assert bool((drawn["one_sided"].max(["month", "draw"]) <= 3 * np.maximum(worst, pooled)).all())


@each_model
def test_names_of_areas_do_not_matter(model):
    panel = theatre(holes)
    renamed = panel.assign_coords(area=list("zyxw"))
    a, b = sample(model, panel), sample(model, renamed)
    assert all((a[n].values == b[n].values).all() for n in a)


@each_model
def test_the_level_of_each_area_is_kept(model):
    panel = theatre()
    ahead = sample(model, panel, draws=2000).isel(month=0).mean("draw")["events"].values
    recent = panel["events"][:, -12:].mean("month").values
    assert (np.argsort(ahead) == np.argsort(recent)).all()
    np.testing.assert_allclose(ahead[2:], recent[2:], rtol=0.6)


@each_model
def test_areas_that_rose_together_stay_together(model):
    panel = theatre()
    wave = np.random.default_rng(0).gamma(0.6, 30.0, MONTHS).round()
    for name in panel:
        panel[name][2], panel[name][3] = wave, 2 * wave
    drawn = sample(model, panel, draws=600)["one_sided"].isel(month=2).values
    assert np.corrcoef(np.argsort(np.argsort(drawn[2:])))[0, 1] > 0.7


# Models that pool many areas, on the panels that planners have: never a draw that is no count.

WIDE, SPAN = 30, 120


def many(fill=None):
    rng = np.random.default_rng(5)
    level = np.resize([0.0, 0.3, 6.0, 200.0], WIDE)[:, None]
    counts = rng.poisson(level * rng.gamma(0.5, 2.0, (WIDE, SPAN))).astype(float)
    panel = xr.Dataset(
        {"state_based": (("area", "month"), counts)},
        coords={"area": [f"a{i}" for i in range(WIDE)], "month": month_range("2010-01", SPAN)},
    )
    return panel if fill is None else fill(panel)


def wide_holes(p):
    hidden = np.random.default_rng(1).random((WIDE, SPAN)) < 0.2
    return p.where(xr.DataArray(~hidden, dims=("area", "month")))


def midway(p):
    born = xr.DataArray(np.arange(SPAN) >= 70, dims="month")
    return p.where((p["area"] != "a3") | born)


def late(p):
    reported = xr.DataArray(np.arange(SPAN) < SPAN - 1, dims="month")
    half = xr.DataArray(np.arange(WIDE) % 2 == 0, dims="area")
    return p.where(half | reported)


def beyond(p):
    p["state_based"][3, 60:64] = 4e6
    p["state_based"][7, -1] = 2.5e6
    return p


BAD = {
    "holes": wide_holes,
    "midway": midway,
    "zeros": lambda p: p * 0.0,
    "late_month": late,
    "beyond_a_million": beyond,
    "never_seen": lambda p: p.where(p["area"] != "a2"),
}
POOLED = reaching(next(iter(registry.country_models().values())), 1, 14)
SLIM = [replace(part, trees=8) if hasattr(part, "trees") else part for part in POOLED.parts]


@pytest.mark.parametrize("model", [*SLIM, Mixture(tuple(SLIM))], ids=lambda m: m.name)
@pytest.mark.parametrize("fill", BAD.values(), ids=list(BAD))
def test_a_pooled_model_gives_counts_on_a_bad_panel(model, fill):
    panel = many(fill)
    drawn = model.fit(panel).sample([1, 2, 14], 40, np.random.default_rng(0))["state_based"]
    assert drawn.dtype.kind == "i"
    assert drawn.shape == (WIDE, 3, 40)
    assert int(drawn.min()) >= 0
    worst = float(np.nan_to_num(panel["state_based"].values).max())
    assert int(drawn.max()) <= max(3.0 * worst, 3.0)


@pytest.mark.parametrize("fill", [lambda p: p.isel(area=[2]), lambda p: p.isel(month=slice(50))])
def test_a_forest_without_cases_enough_says_what_it_wants(fill):
    with pytest.raises(ModelError, match=r"area-months .* pool more areas or use another model"):
        POOLED.fit(many(fill))


@pytest.mark.parametrize("model", [*registry.models().values(), POOLED], ids=lambda m: m.name)
def test_a_count_beyond_reason_is_refused(model):
    panel = many()
    panel["state_based"][0, 5] = 2e9
    with pytest.raises(ModelError, match=r"got 1 counts outside 0 to 1e\+09"):
        model.fit(panel)


@pytest.mark.parametrize(
    ("fill", "code"),
    [
        (holes, "forecast.holes"),
        (young_area, "forecast.area_new"),
        (unseen_area, "forecast.area_unobserved"),
        (lambda p: p * 0.0, "forecast.all_zero"),
        (lambda p: p.isel(month=slice(0, -1)), "forecast.stale"),
        (lambda p: p * 0.7, "forecast.fractions"),
    ],
)  # fmt: skip
def test_what_a_panel_lacks_is_said(fill, code):
    known = prepare(theatre(fill), "2018-06")
    assert code in {note.code for note in known.notes}
