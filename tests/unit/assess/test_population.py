import numpy as np
import pytest

from polgap.assess._population import population
from polgap.score import quantile


def test_counted_figures_stay_as_they_are(made):
    people = population(made.areas(basis="given"), 1, 5)

    assert (people == np.array([4e5, 2e5, 1e5])[:, None]).all()


def test_assumed_figures_keep_their_total_and_not_their_place(made):
    ground = made.areas((4e5, 2e5, 1e5, 7e5))
    ground.loc[:2, "population_basis"] = "assumed"

    people = population(ground, 1, 500)

    assert people[:3].sum(axis=0) == pytest.approx(np.full(500, 7e5))
    assert (people[3] == 7e5).all()
    low, high = quantile(people[2], [0.1, 0.9])
    assert 3.0 < high / low < 10.0  # a factor three either way, less what the total holds fast


def test_labels_change_no_number(made):
    one = population(made.areas(basis="assumed"), 1, 50)
    other = population(made.areas(basis="assumed", names=["x", "y", "z"]), 1, 50)

    assert (one == other).all()
