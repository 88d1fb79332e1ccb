from itertools import product

import numpy as np
import pytest

from polgap.catalogue import table
from polgap.errors import StudyError
from polgap.simulate._assign import routes, serve

FUNCTIONS, TYPES = table("functions"), table("unit_types")
NAMES, KINDS = FUNCTIONS["function"].tolist(), TYPES["unit_type"].tolist()
SKILL = TYPES.set_index("unit_type")[[f"skill_{f}" for f in NAMES]].to_numpy(float)


def exact_unmet(required, officers):
    """The closed form of gap-model.md 5: the least cut over subsets of unit types."""
    served = np.full(required.shape[1], np.inf)
    for chosen in product([False, True], repeat=len(officers)):
        inside = np.array(chosen)
        arcs = np.einsum("kf,kn->fn", SKILL[~inside], officers[~inside])
        cut = officers[inside].sum(axis=0) + np.minimum(required, arcs).sum(axis=0)
        served = np.minimum(served, cut)
    return required.sum(axis=0) - served


def test_leaves_never_less_and_hardly_more_open_than_the_exact_assignment():
    rng = np.random.default_rng(1)
    required = rng.gamma(1, 40, (len(NAMES), 800)) * (rng.random((len(NAMES), 800)) < 0.7)
    officers = rng.gamma(1, 60, (len(KINDS), 800)) * (rng.random((len(KINDS), 800)) < 0.6)
    served = serve(required, officers, routes(NAMES, KINDS, FUNCTIONS, TYPES))
    ours, best = (required - served).sum(axis=0), exact_unmet(required, officers)
    assert (served >= 0).all()
    assert (served <= required).all()
    assert (ours >= best - 1e-9).all()
    assert ours.mean() < 1.01 * best.mean()


def test_higher_priority_is_served_first():
    ways = routes(["community", "sgbv"], ["IPO"], FUNCTIONS, TYPES)
    served = serve(np.array([[10.0], [10.0]]), np.array([[12.0]]), ways)
    # IPO skill: 0.7 for sgbv, 0.8 for community
    assert served.ravel().tolist() == pytest.approx([3.6, 8.4])


def test_unknown_names_are_refused():
    with pytest.raises(StudyError, match="dancing"):
        routes(["dancing"], ["IPO"], FUNCTIONS, TYPES)
