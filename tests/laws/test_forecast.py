"""Laws of the forecast, for any panel."""

import hypothesis.extra.numpy as arrays
import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as some

from polgap.domain import KINDS, month_range
from polgap.forecast._ranks import couple
from polgap.forecast._resample import walk
from polgap.forecast.backtest import backtest
from polgap.forecast.registry import models

count = some.one_of(
    some.just(0.0), some.integers(0, 20).map(float), some.just(np.nan), some.floats(0, 1e7)
)


@some.composite
def panels(draw):
    areas, months = draw(some.integers(1, 4)), draw(some.integers(1, 30))
    shape = (4, areas, months)
    values = draw(arrays.arrays(float, shape, elements=count))
    values[:, 0, -1] = np.nan_to_num(values[:, 0, -1])
    names = (*KINDS, "events")
    return xr.Dataset(
        {n: (("area", "month"), values[i]) for i, n in enumerate(names)},
        coords={"area": [f"a{i}" for i in range(areas)], "month": month_range("2019-01", months)},
    )


any_model = some.sampled_from(list(models().values()))


@settings(max_examples=60, deadline=None)
@given(panels(), any_model, some.integers(1, 30), some.integers(0, 99))
def test_draws_are_whole_complete_and_consistent(panel, model, draws, seed):
    drawn = model.fit(panel).sample([1, 4, 14], draws, np.random.default_rng(seed))
    for variable in drawn.data_vars.values():
        assert variable.dtype == np.int64
        assert int(variable.min()) >= 0
    lethal = sum(drawn[k] for k in KINDS) > 0
    assert int(drawn["events"].where(lethal, 1).min()) >= 1


@settings(max_examples=30, deadline=None)
@given(panels(), any_model, some.integers(0, 99))
def test_relabelling_areas_in_order_changes_no_number(panel, model, seed):
    other = panel.assign_coords(area=[f"z{9 - i}" for i in range(panel.sizes["area"])])
    one, two = (m.sample([1, 2], 9, np.random.default_rng(seed))
                for m in (model.fit(panel), model.fit(other)))  # fmt: skip
    assert all((one[n].values == two[n].values).all() for n in one)


@settings(max_examples=30, deadline=None)
@given(some.permutations(range(4)), some.integers(0, 99))
def test_reordering_areas_moves_only_chance(order, seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(np.array([0.5, 3.0, 9.0, 30.0])[:, None], (4, 36)).astype(float)
    panel = xr.Dataset(
        {"events": (("area", "month"), counts)},
        coords={"area": list("abcd"), "month": month_range("2019-01", 36)},
    )
    for model in models().values():
        means = [
            model.fit(p).sample([3], 600, np.random.default_rng(1))["events"].mean("draw")
            for p in (panel, panel.isel(area=order))
        ]
        moved = means[1].sel(area=list("abcd")).values
        np.testing.assert_allclose(means[0].values, moved, rtol=0.25, atol=0.4)


@settings(max_examples=20, deadline=None)
@given(some.permutations(range(30, 40)), some.integers(0, 99))
def test_nothing_after_the_origin_reaches_a_forecast(order, seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(6.0, (2, 42)).astype(float)
    scrambled = counts.copy()
    scrambled[:, 30:40] = counts[:, list(order)]
    both = [
        xr.Dataset(
            {"events": (("area", "month"), c)},
            coords={"area": ["a", "b"], "month": month_range("2019-01", 42)},
        )
        for c in (counts, scrambled)
    ]
    # Months 41 and 42 stay in place, so equal scores mean equal forecasts.
    found = [
        backtest(p, tuple(models().values()), ["2021-06"], ahead=[11, 12], draws=12,
                 targets={"events": ("events",)})
        for p in both
    ]  # fmt: skip
    assert found[0].equals(found[1])


@settings(max_examples=50, deadline=None)
@given(
    arrays.arrays(float, (5, 8), elements=some.floats(0.001, 1.0)),
    some.integers(1, 60),
    some.integers(0, 99),
)
def test_a_walk_keeps_the_weights_of_every_month(weights, draws, seed):
    weights = weights / weights.sum(axis=1, keepdims=True)
    ages = walk(weights, draws, np.random.default_rng(seed))
    found = np.array([np.bincount(row, minlength=8) for row in ages])
    assert (found.sum(axis=1) == draws).all()
    assert (np.abs(found - draws * weights) < 1.0 + 1e-9).all()


@settings(max_examples=50, deadline=None)
@given(
    arrays.arrays(float, (2, 2, 3, 7), elements=some.integers(0, 9).map(float)),
    arrays.arrays(float, (2, 2, 3, 7), elements=some.integers(0, 3).map(float)),
)
def test_coupling_moves_draws_but_changes_no_margin(margins, template):
    out = couple(margins, template, np.random.default_rng(0))
    assert (np.sort(out, axis=-1) == np.sort(margins, axis=-1)).all()
    higher = template[..., :, None] > template[..., None, :]
    assert (out[..., :, None] >= out[..., None, :])[higher].all()
