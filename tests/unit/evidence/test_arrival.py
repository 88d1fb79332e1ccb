"""The arrival law gives back what made the data, and foresees missions it has not seen."""

import numpy as np
import pandas as pd
import pytest

from polgap.draws import stream
from polgap.errors import ModelError
from polgap.evidence import arrival
from polgap.evidence.arrival import ArrivalLaw

TRUTH = ArrivalLaw(1.4, {"": 1.8, "executive": 1.1, "other": 2.2}, 0.5, 1.0, 0.6, 0.05, 40)


def missions(count: int = 40) -> pd.DataFrame:
    frames = []
    for i in range(count):
        kind = "executive" if i % 2 else "other"
        fill = TRUTH.sample(kind, 24, 1, stream(7, "mission", i))[0]
        frames.append(pd.DataFrame({
            "mission": f"m{i:02}", "kind": kind, "month": np.arange(1, 25), "fill": fill,
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def law():
    return arrival.fit(missions())


def test_the_truth_comes_back(law):
    assert law.time["executive"] == pytest.approx(1.1, abs=0.35)
    assert law.time["other"] == pytest.approx(2.2, abs=0.35)
    assert law.time_sd == pytest.approx(0.5, abs=0.2)
    assert law.level == pytest.approx(1.0, abs=0.35)


def test_draws_are_shares_that_rise_and_strangers_are_less_sure(law):
    rng = stream(1, "t")
    known, strange = (law.sample(kind, 24, 4000, rng) for kind in ("other", "coalition"))
    assert known.min() >= 0 and known.max() <= arrival.MOST
    middle = np.median(known, axis=0)
    assert (np.diff(middle) > -0.02).all() and middle[-1] > middle[0]
    assert np.ptp(np.quantile(strange[:, 5], [0.1, 0.9])) > np.ptp(
        np.quantile(known[:, 5], [0.1, 0.9])
    )


def test_a_force_that_was_taken_over_teaches_nothing(law):
    same = missions()
    ready = pd.DataFrame({"mission": "old", "kind": "other", "month": range(1, 25), "fill": 0.9})
    assert arrival.fit(pd.concat([same, ready])) == law


def test_too_few_missions_are_refused():
    with pytest.raises(ModelError, match="got 5 missions"):
        arrival.fit(missions(5))
