import numpy as np
import pandas as pd
import pytest

from polgap.assess import _scope
from polgap.errors import DataError


def test_an_area_key_wins_over_a_parent_of_the_same_name():
    areas = pd.DataFrame({"area": ["north", "x"], "parent": ["", "north"]})

    assert _scope.members(areas, "north", "rules").tolist() == [True, False]


def test_an_unknown_area_is_an_error_that_names_it(made):
    with pytest.raises(DataError, match=r"nowhere.*unknown_area"):
        _scope.members(made.areas(), "nowhere", "host_police")


def test_the_capital_is_the_area_of_the_largest_town_where_none_is_named(made):
    ground = made.areas()
    towns = pd.DataFrame({"area": ["area2", "area1", "abroad"], "population": [5.0, 9.0, 99.0]})

    assert _scope.capital(made.study(), ground, towns) == 1
    assert _scope.capital(made.study(), ground, towns.iloc[:0]) == 0
    assert _scope.capital(made.study(capital="area2"), ground, towns) == 2
    with pytest.raises(DataError, match="Oz"):
        _scope.capital(made.study(capital="Oz"), ground, towns)


def test_the_capital_never_holds_less_than_its_share_of_the_inhabitants():
    people = np.array([[90.0], [10.0]])

    weight = _scope.spread(people, np.ones(2, dtype=bool), 0, np.array([0.67]))

    assert weight.ravel() == pytest.approx([0.9, 0.1])


def test_a_row_without_the_capital_is_spread_by_inhabitants():
    people = np.array([[50.0], [30.0], [10.0]])

    weight = _scope.spread(people, np.array([False, True, True]), 0, np.array([0.67]))

    assert weight.ravel() == pytest.approx([0.0, 0.75, 0.25])


def test_empty_areas_share_evenly():
    weight = _scope.spread(np.zeros((2, 3)), np.ones(2, dtype=bool))

    assert (weight == 0.5).all()
