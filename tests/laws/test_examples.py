"""Laws of the exercise: what no seed and no labelling may change."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap import examples
from polgap.domain import KINDS, Panel
from polgap.examples import _institutions, _truth

few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@few
@given(seeds)
def test_texture_does_not_depend_on_the_order_of_areas(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 8))
    events = rng.poisson(0.6, (size, 30)).astype(float)
    values = {k: rng.poisson(2.0 * events).astype(float) for k in KINDS} | {"events": events}
    labels = {"area": [f"a{i}" for i in range(size)], "month": range(30)}
    panel = xr.Dataset({k: (("area", "month"), v) for k, v in values.items()}, coords=labels)
    near = {f"a{i}": [f"a{i + 1}"] for i in range(size - 1)}
    first = examples.texture(Panel(panel), near)
    second = examples.texture(Panel(panel.isel(area=rng.permutation(size))), near)
    assert first == pytest.approx(second, nan_ok=True)


@few
@given(st.lists(st.floats(0.05, 0.95), min_size=5, max_size=5), st.floats(0.0, 0.95))
def test_joint_share_lies_between_the_product_and_the_smallest(shares, rho):
    values = np.array(shares)
    joint = _institutions.joint_share(values, rho)
    assert values.prod() - 2e-3 <= joint <= values.min() + 2e-3


@few
@given(seeds)
def test_officers_served_are_within_need_strength_and_will(seed):
    rng = np.random.default_rng(seed)
    institutions, functions = int(rng.integers(1, 4)), int(rng.integers(1, 6))
    need = rng.uniform(0.0, 20.0, (3, functions))
    force = rng.uniform(0.0, 30.0, (institutions, 3))
    share = rng.uniform(0.0, 1.0, (institutions, functions)) * rng.integers(0, 2, functions)
    served = _truth._served(need, force, share)
    assert (served <= need + 1e-9).all()
    assert (served <= np.einsum("it,if->tf", force, share) + 1e-9).all()
    assert (served.sum(axis=1) <= force.sum(axis=0) + 1e-9).all()
