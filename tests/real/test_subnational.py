"""Panels below the country from the real event files."""

import numpy as np
import pytest

from polgap.domain import KINDS
from polgap.errors import StudyError
from polgap.sources.subnational import subnational


@pytest.mark.parametrize(("unit", "areas"), [("adm1", 10), ("cells", 201)])
def test_south_sudan_by_area_and_by_cell(data, unit, areas):
    panel = subnational(data, "SSD", unit)
    assert panel.sizes == {"area": areas, "month": 114}
    assert panel["month"].values[[0, -1]].tolist() == ["2011-07", "2020-12"]
    deaths = sum(float(panel[k].sum()) for k in KINDS)
    assert 12_000 < deaths < 13_000  # the file's 12,7xx less what lies outside the outlines
    assert not any(np.isnan(v.to_numpy()).any() for v in panel.data_vars.values())
    assert {"lon", "lat"} <= set(panel.coords)


def test_an_unknown_unit_is_refused(data):
    with pytest.raises(StudyError, match="adm1, cells"):
        subnational(data, "SSD", "adm3")
