"""The growth of host-State police rests on mentors: a note says how many the plan brings."""

import numpy as np
import pytest

from polgap import assess, catalogue
from polgap.domain import cube
from polgap.study._mentors import mentors

MONTHS = ["2024-01", "2024-02"]


class Gap:
    """A requirement, and nothing else."""

    def __init__(self, urgent, mentoring):
        self.functions = catalogue.table("functions")["function"].tolist()
        asked = np.zeros((1, 2, len(self.functions), 1), dtype=np.float32)
        asked[:, :, self.functions.index("community")] = urgent
        asked[:, :, self.functions.index("development")] = mentoring
        self.requirement = cube(asked, units="officers", area=["a"], month=MONTHS,
                                function=self.functions, draw=[0])  # fmt: skip


@pytest.mark.parametrize("officers", [0.0, 50.0, 120.0, 200.0])
def test_mentors_are_what_is_left_after_the_urgent_functions(officers):
    gap = Gap(urgent=100.0, mentoring=40.0)
    there = cube(np.full((1, 1, 2, 1), officers, dtype=np.float32), units="officers",
                 unit_type=["SPC"], area=["a"], month=MONTHS, draw=[0])  # fmt: skip
    left = assess.left_open(gap.requirement, there)
    served = 100.0 - float(left.unmet.sel(function="community").mean())

    (note,) = mentors(gap, left)

    assert note.code == "rebuild.mentors"
    assert note.values["share"] == pytest.approx(min(1.0, max(0.0, officers - served) / 40.0))


def test_nothing_is_said_where_no_mentor_is_asked_for():
    gap = Gap(urgent=10.0, mentoring=0.0)
    none = cube(np.zeros((1, 1, 2, 1), dtype=np.float32), units="officers", unit_type=["SPC"],
                area=["a"], month=MONTHS, draw=[0])  # fmt: skip

    assert mentors(gap, assess.left_open(gap.requirement, none)) == ()
