"""The mapper: same results in order, jobs reported, on processes and on a Dask cluster."""

import sys

import pytest

from polgap.errors import StudyError
from polgap.workers import mapper


def test_every_finished_job_is_reported():
    told = []
    with mapper(1, told=lambda done, jobs: told.append((done, jobs))) as each:
        assert list(each(pow, [2, 3, 4], [2, 2, 2])) == [4, 9, 16]

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_here_a_job_is_not_read_before_the_one_before_it_is_done():
    order = []

    def read():
        for i in range(3):
            order.append(f"read {i}")
            yield i

    with mapper(1) as each:
        for got in each(max, read(), [0, 0, 0]):
            order.append(f"done {got}")

    assert order == [f"{what} {i}" for i in range(3) for what in ("read", "done")]


def test_processes_keep_the_order_and_report():
    told = []
    with mapper(2, told=lambda done, jobs: told.append((done, jobs))) as each:
        assert list(each(pow, range(5), [2] * 5)) == [0, 1, 4, 9, 16]
        assert list(each(abs, [])) == []

    assert told == [(i, 5) for i in range(1, 6)]


def test_without_distributed_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(StudyError, match=r"polgap\[scale\]"), mapper(1, "tcp://127.0.0.1:1"):
        pass


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("polgap.workers.WAIT", 1)

    with pytest.raises(StudyError, match=r"127\.0\.0\.1:1"), mapper(1, "tcp://127.0.0.1:1"):
        pass
