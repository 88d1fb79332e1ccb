import numpy as np
import pytest

from polgap.assess import left_open
from polgap.assess._left import skill
from polgap.domain import cube
from polgap.errors import LabelError


@pytest.fixture
def asked(made):
    def build(**officers):
        what, ground = made.study(4), made.areas()
        labels = {"area": ground["area"].tolist(), "month": what.all_months,
                  "function": list(officers), "draw": range(4)}  # fmt: skip
        shape = (3, 14, len(officers), 4)
        values = np.broadcast_to(np.array(list(officers.values()), float)[:, None], shape)
        return cube(values, units="officers", **labels)

    return build


def test_nobody_there_leaves_all_open_for_want_of_heads(made, asked):
    requirement = asked(protection=84, community=10)
    none = made.mission(made.study(4), made.areas(), 4, FPU=0)

    left = left_open(requirement, none)

    assert left.unmet.sizes["month"] == 12
    assert (left.unmet == requirement.isel(month=slice(0, 12))).all()
    assert (left.deployment == 94).all()
    assert (left.enforcement == 0).all()


def test_the_wrong_heads_leave_an_enforcement_gap(made, asked):
    formed = made.mission(made.study(4), made.areas(), 4, FPU=100)

    left = left_open(asked(protection=84, community=30), formed)

    assert (left.unmet.sel(function="protection") == 0).all()
    assert (left.deployment == 14).all()
    assert (left.enforcement == 16).all()


def test_types_are_assigned_together(made, asked):
    both = made.mission(made.study(4), made.areas(), 4, FPU=84, IPO=100)

    left = left_open(asked(protection=84, community=80), both)

    assert (left.total() == 0).all()  # individual officers serve community up to 80 %


def test_a_surplus_in_one_area_covers_no_other(made, asked):
    there = made.mission(made.study(4), made.areas(), 4, FPU=0)
    there[0, 0] = 1000.0

    left = left_open(asked(protection=84), there)

    assert left.unmet.sum("function").values[:, 0, 0].tolist() == [0.0, 84.0, 84.0]


def test_a_units_own_powers_limit_it():
    assert skill(["FPU", "IPO", "IPU"], ["investigation", "protection"]).tolist() == [
        [0.0, 1.0],
        [0.8, 0.0],
        [0.5, 1.0],
    ]


def test_labels_have_to_agree(made, asked):
    ground = made.areas()
    late = made.mission(made.study(4, origin="2025-12"), ground, 4, FPU=1)
    other = made.mission(made.study(4), made.areas(names=["x", "y", "z"]), 4, FPU=1)
    strange = made.mission(made.study(4), ground, 4, dragons=1)

    for mission in (late, other, strange):
        with pytest.raises(LabelError):
            left_open(asked(protection=84), mission)
