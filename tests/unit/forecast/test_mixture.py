from dataclasses import dataclass

import numpy as np
import pytest

from polgap.forecast._past import Past, futures
from polgap.forecast.models.mixture import Mixture


@dataclass(frozen=True)
class Constant:
    """A model that always says the same number."""

    number: float

    @property
    def name(self):
        return f"constant{self.number}"

    def fit(self, panel):
        return FittedConstant(Past.of(panel), self.number)


@dataclass(frozen=True)
class FittedConstant:
    past: Past
    number: float

    def sample(self, horizons, draws, rng):
        values = np.full((*self.past.values.shape[:2], len(horizons), draws), self.number)
        return futures(self.past, horizons, values, rng, "constant")


@pytest.mark.parametrize("draws", [1, 2, 10, 31])
def test_a_whole_path_comes_from_one_part_and_parts_have_equal_shares(panel, draws):
    mix = Mixture((Constant(1.0), Constant(2.0), Constant(3.0)))
    drawn = mix.fit(panel(30)).sample([1, 2, 3], draws, np.random.default_rng(0))
    paths = np.concatenate([v.values for v in drawn.data_vars.values()]).reshape(-1, draws)
    assert (paths == paths[0]).all()
    shares = np.bincount(paths[0], minlength=4)[1:]
    assert shares.max() - shares.min() <= 1
    assert drawn.sizes["draw"] == draws


def test_the_parts_are_shuffled(panel):
    mix = Mixture((Constant(1.0), Constant(2.0)))
    drawn = mix.fit(panel(30)).sample([1], 40, np.random.default_rng(0))["events"].values[0, 0]
    assert (np.diff(drawn) < 0).any()
