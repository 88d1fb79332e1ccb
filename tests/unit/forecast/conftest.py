"""A small theatre: five areas of different levels, ten years, seeded."""

import numpy as np
import pytest
import xarray as xr

from polgap.domain import month_range

LEVELS = np.array([0.2, 1.0, 4.0, 15.0, 60.0])


@pytest.fixture(scope="session")
def panel():
    def make(months=120, first="2010-01", seed=0):
        rng = np.random.default_rng(seed)
        shape = (LEVELS.size, months)
        share = {"state_based": 0.5, "non_state": 0.3, "one_sided": 0.2}
        deaths = {
            kind: rng.poisson(LEVELS[:, None] * part * rng.gamma(0.5, 2.0, shape)).astype(float)
            for kind, part in share.items()
        }
        events = np.ceil(sum(deaths.values()) / 3.0)
        return xr.Dataset(
            {k: (("area", "month"), v) for k, v in {**deaths, "events": events}.items()},
            coords={"area": list("abcde"), "month": month_range(first, months)},
        )

    return make


@pytest.fixture(scope="session")
def world():
    """A wide panel of silent, quiet, violent and warring areas, for models that pool."""

    def make(areas=24, months=120, seed=5):
        rng = np.random.default_rng(seed)
        level = np.repeat([0.0, 0.5, 8.0, 300.0], areas // 4)[:, None]
        counts = rng.poisson(level * rng.gamma(1.0, 1.0, (areas, months))).astype(float)
        return xr.Dataset(
            {"state_based": (("area", "month"), counts)},
            coords={"area": np.arange(areas), "month": month_range("2008-01", months)},
        )

    return make
