import pandas as pd
import pytest

from polgap.domain import check_table, empty_table, schema
from polgap.errors import SchemaError

GOOD = {
    "pledge": ["p1"],
    "unit_type": ["FPU"],
    "area": ["a"],
    "month": ["2021-01-31"],
    "number": ["1 200,5"],
}


def test_a_number_may_be_written_the_french_way_and_a_month_as_a_date():
    got = check_table("plan", pd.DataFrame(GOOD))

    assert got.loc[0].tolist() == ["p1", "FPU", "a", "2021-01", 1200.5]


def test_columns_in_any_order_and_unknown_ones_dropped():
    frame = pd.DataFrame(GOOD)[["number", "month", "area", "unit_type", "pledge"]]

    assert list(check_table("plan", frame.assign(extra=1)).columns) == [
        c.name for c in schema()["plan"]
    ]


def test_all_problems_at_once_with_row_and_column():
    bad = pd.DataFrame(
        {"pledge": ["p", ""], "unit_type": ["FPU", "FPU"], "area": ["a", "a"],
         "month": ["2021-13", "2021-01"], "number": ["-1", "many"]}
    )  # fmt: skip

    with pytest.raises(SchemaError) as caught:
        check_table("plan", bad, file="plan.csv")

    found = {(p.row, p.column, p.code) for p in caught.value.problems}
    assert found == {
        (3, "pledge", "empty"),
        (2, "month", "wrong_type"),
        (2, "number", "out_of_range"),
        (3, "number", "wrong_type"),
    }


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="column number"):
        check_table("plan", pd.DataFrame(GOOD).drop(columns="number"))


@pytest.mark.parametrize("name", sorted(schema()))
def test_an_empty_table_passes_its_own_check(name):
    assert check_table(name, empty_table(name)).empty
