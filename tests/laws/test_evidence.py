"""Laws of evidence."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap.evidence import effects
from polgap.evidence._effects import _truncated_normal


@given(st.integers(0, 1000), st.integers(1, 300))
@settings(max_examples=25, deadline=None)
def test_every_draw_of_the_mixture_is_a_draw_of_a_part(seed, draws):
    found = effects(seed, draws).log_rate
    parts = np.stack([found[p] for p in ("published", "panel", "sceptical")])
    assert (parts == found["all"]).any(axis=0).all()
    assert np.isfinite(parts).all()


@given(st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_the_sceptical_prior_is_centred_on_no_effect(seed):
    drawn = effects(seed, 4000).log_rate["sceptical"]
    # Five standard errors: a prior of no effect must not lean.
    assert abs(drawn.mean()) < 5 * 0.2 / np.sqrt(4000)


@given(st.floats(-5, 5), st.floats(0.1, 3), st.floats(-4, 0), st.floats(0.1, 4), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_a_cut_normal_stays_inside_and_rises(mean, sd, lowest, width, level):
    levels = np.sort(np.array([0.0, level, 1.0]))
    drawn = _truncated_normal(levels, mean, sd, lowest, lowest + width)
    assert (np.diff(drawn) >= -1e-9).all()
    assert lowest <= drawn.min()
    assert drawn.max() <= lowest + width
