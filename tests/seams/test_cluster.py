"""A backtest and a run on a Dask cluster of two processes: the numbers of the serial run."""

import numpy as np
import pytest
import xarray as xr

from polgap.domain import month_range
from polgap.study import Asked, backtest_panel
from polgap.workers import mapper

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two worker processes on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as local:
        yield local.scheduler_address


def theatre():
    rng = np.random.default_rng(4)
    level = np.array([0.3, 4.0, 40.0])[:, None]
    counts = rng.poisson(level * rng.gamma(0.5, 2.0, (3, 60))).astype(float)
    coords = {"area": list("abc"), "month": month_range("2015-01", 60)}
    return xr.Dataset({"state_based": (("area", "month"), counts)}, coords=coords)


def test_a_cluster_gives_the_numbers_of_the_serial_run(cluster, tmp_path):
    asked = Asked(origins="2", ahead=3, models=("decay",), leak_test=True)
    told = []
    alone = backtest_panel(theatre(), asked, tmp_path / "alone")
    with mapper(1, cluster, lambda done, jobs: told.append((done, jobs))) as each:
        together = backtest_panel(theatre(), asked, tmp_path / "together", mapper=each)

    assert together == alone
    names = [p.name for p in sorted((tmp_path / "alone").glob("scores_*.npz"))]
    assert len(names) == 4
    for name in (*names, "cells.csv.gz"):
        one, other = (tmp_path / w / name for w in ("alone", "together"))
        assert one.read_bytes() == other.read_bytes(), name
    # Two rounds of four jobs: the leak test and the forecasts.
    assert told == 2 * [(i, 4) for i in range(1, 5)]
