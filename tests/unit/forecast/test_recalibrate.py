import numpy as np

from polgap.forecast.recalibrate import BINS, POINTS, learn


def narrow(cells, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(50.0, 2.0, (cells, 300)).round(), rng.normal(50.0, 8.0, cells).round()


def test_without_a_past_nothing_changes():
    draws, _ = narrow(40)

    assert np.array_equal(learn([], [], np.random.default_rng(1)).apply(draws), draws)


def test_a_bin_with_few_cells_keeps_its_neighbours_reading():
    draws, actual = narrow(99)
    learnt = learn([draws], [actual], np.random.default_rng(1))

    assert learnt.counts.tolist() == [0, 0, 0, 99, 0, 0]
    assert np.array_equal(learnt.read_at, np.tile(POINTS, (len(BINS), 1)))


def test_actuals_not_known_yet_teach_nothing():
    draws, actual = narrow(300)
    late = np.where(np.arange(300) < 150, actual, np.nan)
    rng = np.random.default_rng
    half = learn([draws[:150]], [actual[:150]], rng(1))

    assert np.array_equal(learn([draws], [late], rng(1)).read_at, half.read_at)


def test_ranks_over_draws_are_kept():
    draws, actual = narrow(300)
    wider = learn([draws], [actual], np.random.default_rng(1)).apply(draws)
    order = np.argsort(draws, axis=-1, kind="stable")

    assert (np.diff(np.take_along_axis(wider, order, axis=-1), axis=-1) >= 0).all()
    assert wider.std() > draws.std()
