import numpy as np

from polgap.forecast._ranks import couple


def cubes(seed=0):
    rng = np.random.default_rng(seed)
    return rng.gamma(1.0, 9.0, (2, 3, 4, 50)), rng.permuted(
        np.tile(np.arange(50.0), (2, 3, 4, 1)), axis=-1
    )


def test_the_margins_stay_and_the_order_is_the_templates():
    margins, template = cubes()
    out = couple(margins, template, np.random.default_rng(1))
    assert (np.sort(out, axis=-1) == np.sort(margins, axis=-1)).all()
    assert (np.argsort(out, axis=-1) == np.argsort(template, axis=-1)).all()


def test_silent_areas_follow_the_theatre():
    margins, template = cubes()
    template[:, 0] = 0.0
    template[:, 1:] = template[:, 1:2]
    out = couple(margins, template, np.random.default_rng(1))[0, :, 0]
    assert np.corrcoef(np.argsort(np.argsort(out)))[0, 1] > 0.4
