import numpy as np
import pytest

from polgap import catalogue
from polgap.deploy._chain import chain, law, longest_path
from polgap.errors import DataError

LEVELS = ("RDL", "L3", "L2", "L1")


def test_every_unit_type_has_a_law_at_every_readiness():
    for unit_type in catalogue.table("unit_types")["unit_type"]:
        for readiness in LEVELS:
            name, stages = law(unit_type, readiness)
            assert name
            assert all(stage in catalogue.parameters() for stage in stages)


def test_an_unknown_unit_type_is_refused():
    with pytest.raises(DataError, match="ZEPPELIN at readiness L1"):
        law("ZEPPELIN", "L1")


@pytest.mark.parametrize("readiness", LEVELS)
def test_the_critical_path_sums_to_decision_and_lead_time(readiness, theta):
    name, stages = law("FPU", readiness)
    found = chain({name: stages}, theta)
    days = found.loc[found["critical"], "days"].sum()
    assert days == pytest.approx(theta.mid("decision_days") + theta.mid(stages[0]))


def test_a_visit_is_only_for_units_never_assessed(theta):
    first, later = (chain({name: law("FPU", name)[1]}, theta) for name in ("L1", "L2"))
    assert "aav" in set(first["activity"])
    assert "aav" not in set(later["activity"])


def test_training_and_procurement_run_in_parallel(theta):
    found = chain({"L1": law("FPU", "L1")[1]}, theta).set_index("activity")
    assert found.loc["procurement", "critical"]
    assert not found.loc["training", "critical"]
    # In some draws training takes longer; one of the two is always on the path.
    both = found.loc[["training", "procurement"], "chance_critical"]
    assert 0.1 < both["training"] < 0.9
    assert both.sum() >= 1.0


def test_the_longest_path_is_found_draw_by_draw():
    days = np.array([[1.0, 1.0], [5.0, 2.0], [3.0, 4.0], [1.0, 1.0]])
    finish, critical = longest_path(["a", "b", "c", "d"], [[], ["a"], ["a"], ["b", "c"]], days)
    assert finish[-1].tolist() == [7.0, 6.0]
    assert critical[1].tolist() == [True, False]
    assert critical[2].tolist() == [False, True]


def test_every_activity_names_known_predecessors_in_order():
    rows = catalogue.table("generation")
    seen = set()
    for row in rows.itertuples():
        assert set(row.after.split()) <= seen
        seen.add(row.activity)
