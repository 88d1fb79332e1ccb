"""Some draws at a time, in this process or in others: the numbers of the gap stay the same."""

from polgap import assess, examples, study
from polgap.workers import mapper


def test_draws_shared_out_give_the_same_gap(monkeypatch):
    asked, given = examples.toy(draws=60)
    whole = study.gap(asked, given)

    monkeypatch.setattr(assess, "chunks", lambda _: [slice(0, 25), slice(25, 50), slice(50, 60)])
    assert study.gap(asked, given) == whole
    with mapper(2) as each:
        assert study.gap(asked, given, each) == whole
