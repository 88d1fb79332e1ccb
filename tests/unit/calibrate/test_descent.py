"""The descent that finds prices: it gets down, and stands still where there is nothing to find."""

import numpy as np
import pytest

from polgap.calibrate._descent import descend


def valley(x):
    """Rosenbrock's function: its least value, 0, lies at the end of a bent valley."""
    a, b = x
    slope = np.array([-400.0 * a * (b - a**2) - 2.0 * (1.0 - a), 200.0 * (b - a**2)])
    return float(100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2), slope


def test_it_follows_a_bent_valley_to_its_end():
    assert descend(valley, np.array([-1.2, 1.0]), 500, 0.0) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("slope", [1e-130, 1e-260, 1e-310, 0.0])
def test_a_slope_next_to_nothing_ends_it(slope):
    found = descend(
        lambda x: (1.0 + slope * float((x**2).sum()), 2.0 * slope * x), np.ones(3), 50, 0
    )

    assert np.isfinite(found).all()
