"""The arrival law on the real missions: honest bands, and better than the pooled median."""

import numpy as np
import pytest

from polgap.draws import stream
from polgap.evidence import arrival
from polgap.sources.arrivals import fills

MSS = {9: 400 / 2500, 12: 430 / 2500, 15: 500 / 2500, 24: 0.40}
"""Multinational Security Support mission in Haiti: share of 2,500 there, months after 2 October
2023 (missions.csv, deployed_note)."""


@pytest.fixture(scope="module")
def past(data):
    return fills(data / "evidence")


def test_a_mission_left_out_lies_where_the_others_say(past):
    found = arrival.leave_one_out(past, draws=1000)
    assert 0.75 <= found["coverage80"] <= 0.85
    assert found["ratio"] < 0.9
    kosovo = next(m for m in found["missions"] if m["mission"] == "UNMIK Police")
    assert kosovo["covered80"] >= 0.9


def test_a_coalition_of_volunteers_is_foreseen_although_none_was_learnt(past):
    law = arrival.fit(past)
    drawn = law.sample("voluntary", 24, 8000, stream(1, "mss"))
    for month, fill in MSS.items():
        low, high = np.quantile(drawn[:, month - 1], [0.1, 0.9])
        assert low <= fill <= high, month


def test_fill_in_kosovo_is_that_of_the_returns(past):
    own = past[past["mission"] == "UNMIK Police"].set_index("month")
    assert own.loc[6, "police"] == 1892 and own.loc[12, "police"] == 3896
    assert own.loc[6, "fill"] == pytest.approx(1892 / 4718)


def test_the_packaged_law_is_the_one_that_is_learnt(past):
    law, packaged = arrival.fit(past), arrival.known()
    assert (packaged.shape, packaged.missions) == (law.shape, law.missions)
    for name in ("time_sd", "level", "level_sd", "sigma"):
        assert getattr(packaged, name) == pytest.approx(getattr(law, name), abs=1e-3), name
    assert packaged.time == pytest.approx(law.time, abs=1e-3)
