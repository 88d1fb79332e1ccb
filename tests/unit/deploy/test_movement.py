import numpy as np
import pandas as pd
import pytest

from polgap.deploy import travel_hours

NO_TOWNS = pd.DataFrame({"area": [], "lon": [], "lat": [], "population": []})


def test_hours_are_road_kilometres_over_speed(areas, theta):
    hours = travel_hours(areas, NO_TOWNS, theta)
    km = 111.195 * 1.4
    assert hours.dims == ("area", "serves")
    assert hours.sel(area="north", serves="south").item() == pytest.approx(km / 35.0, rel=1e-4)
    assert np.diag(hours.values).tolist() == [0.0, 0.0]


def test_the_largest_town_is_the_seat(areas, theta):
    towns = pd.DataFrame(
        {
            "area": ["north", "north"],
            "lon": [20.0, 25.0],
            "lat": [4.0, 5.0],
            "population": [9000.0, 100.0],
        }
    )
    assert travel_hours(areas, towns, theta).values.max() == 0.0


def test_travel_notes_the_parameters_it_used(areas, theta):
    travel_hours(areas, NO_TOWNS, theta)
    assert set(theta.used) == {"road_detour_factor", "speed_road_kmh"}
