"""A small study, and tables written row by row."""

import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import Plan, Study, check_table
from polgap.draws import Parameters

DRAWS = 400


@pytest.fixture
def study():
    return Study("Testland", "2023-12", months=12, draws=DRAWS, language="fr")


@pytest.fixture
def theta():
    return Parameters(catalogue.parameters(), seed=7, draws=DRAWS)


@pytest.fixture
def areas():
    return pd.DataFrame({"area": ["north", "south"], "lon": [20.0, 20.0], "lat": [5.0, 4.0]})


@pytest.fixture
def pledges():
    def build(*rows):
        usual = {
            "contributor": "NOTIONAL",
            "unit_type": "FPU",
            "number": 1,
            "readiness": "L2",
            "chance": 1.0,
            "basis": "assumed",
        }
        full = [usual | {"pledge": f"p{i}"} | row for i, row in enumerate(rows)]
        return check_table("pledges", pd.DataFrame(full))

    return build


@pytest.fixture
def plan(study):
    """Place every pledge in one area for all months."""

    def build(pledges, area="north", tasking=(), name="recommended"):
        rows = [
            (p.pledge, p.unit_type, area, month, p.number)
            for p in pledges.itertuples()
            for month in study.report_months
        ]
        columns = ["pledge", "unit_type", "area", "month", "number"]
        task = pd.DataFrame(tasking, columns=["unit_type", "area", "serves", "share"])
        return Plan(name, pd.DataFrame(rows, columns=columns), task)

    return build
