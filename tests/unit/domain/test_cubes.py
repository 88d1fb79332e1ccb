import pytest
import xarray as xr

from polgap.domain import add_months, cube, month_number, month_range, require_same
from polgap.errors import LabelError, StudyError


def test_require_same_refuses_another_order():
    left = cube([1.0, 2.0], units="officers", area=["a", "b"])

    with pytest.raises(LabelError, match="another order"):
        require_same(left, left.isel(area=[1, 0]), "area")


def test_arithmetic_never_drops_labels():
    left = cube([1.0, 2.0], units="officers", area=["a", "b"])

    with pytest.raises(xr.AlignmentError):
        left + left.isel(area=[0])


def test_dims_stand_in_their_order():
    with pytest.raises(LabelError, match="order"):
        cube([[1.0]], units="officers", draw=[0], area=["a"])


def test_months():
    assert month_range("2020-11", 3)[-1] == add_months("2020-11", 2) == "2021-01"
    with pytest.raises(StudyError, match="2020-1'"):
        month_number("2020-1")
