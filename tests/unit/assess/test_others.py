import numpy as np
import pytest

from polgap.assess._others import other_providers
from polgap.errors import SchemaError

FUNCTIONS = ["protection", "static", "community"]
MONTHS = ["2021-01", "2021-02", "2021-03"]


def row(provider="EU", function="community", area="area0", counts="full", strength=10, **dates):
    return {"provider": provider, "area": area, "function": function, "strength": strength,
            "legal_basis": "treaty", "counts": counts, "basis": "given", **dates}  # fmt: skip


def given(made, *rows):
    people = np.array([4.0, 2.0, 1.0])
    table = made.table("other_providers", list(rows))
    return other_providers(table, made.areas(), MONTHS, FUNCTIONS, people)


def test_a_provider_counts_in_its_months(made):
    officers, notes = given(made, row(**{"from": "2021-02", "until": "2021-02"}))

    assert officers[0, :, 2].tolist() == [0.0, 10.0, 0.0]
    assert officers.sum() == 10.0
    assert not notes


@pytest.mark.parametrize(
    ("changes", "counted", "codes"),
    [
        ({"counts": "bridging"}, 30, []),
        ({"counts": "displacing"}, 30, ["assess.displacing"]),
        ({"counts": "never"}, 0, []),
        ({"provider": "community guards"}, 0, ["assess.guards_never"]),
        ({"provider": "private"}, 0, ["assess.private_not_counted"]),
        ({"provider": "private", "function": "static"}, 30, ["assess.private_drains"]),
        ({"provider": "host military", "until": "2021-03"}, 0, ["assess.military_not_counted"]),
        ({"provider": "host military", "function": "static"}, 0, ["assess.military_not_counted"]),
        (
            {"provider": "host military", "function": "protection", "until": "2021-03"},
            30,
            ["assess.military_counted"],
        ),
    ],
)
def test_who_counts(made, changes, counted, codes):
    officers, notes = given(made, row(**changes))

    assert officers.sum() == counted
    assert [n.code for n in notes] == codes


def test_a_theatre_row_is_spread_by_inhabitants(made):
    officers, _ = given(made, row(area="*", strength=70))

    assert officers[:, 0, 2] == pytest.approx([40, 20, 10])


def test_an_empty_sheet_means_none_known_and_is_said(made):
    officers, notes = given(made)

    assert not officers.any()
    assert [n.code for n in notes] == ["assess.others_none"]


def test_one_officer_one_row(made):
    early, late = {"until": "2021-01"}, {"from": "2021-02"}

    assert given(made, row(**early), row(**late))[0].sum() == 30
    with pytest.raises(SchemaError, match="duplicate_key"):
        given(made, row(**late), row())


def test_an_unknown_function_is_refused(made):
    with pytest.raises(SchemaError, match="traffic"):
        given(made, row(function="traffic"))
