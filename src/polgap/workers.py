"""Parallel work: the only room that starts processes, handed to steps as a `mapper`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import Any

from polgap.errors import StudyError

Mapper = Callable[..., Iterable[Any]]
Told = Callable[[int, int], None]
"""(jobs done, jobs in all)."""

WAIT = 10
"""Seconds in which a scheduler has to answer."""


@contextmanager
def mapper(workers: int = 1, scheduler: str = "", told: Told | None = None) -> Iterator[Mapper]:
    """Give a ``map`` that runs on processes or on a Dask cluster; order is kept.

    The numbers of a run do not depend on it: every random stream is keyed by name and position.
    A result is handed out as soon as it and those before it are there. In this process the
    arguments of a job are not asked for before the results of those before it are handed out.

    Parameters
    ----------
    workers : int
        Processes on this machine; 1 runs in this one.
    scheduler : str
        Address of a Dask scheduler, for instance ``tcp://10.0.0.5:8786``: its workers, which need
        PolGap but no files of this machine, are used instead.
    told : callable, optional
        Told after each job how many of how many are done.

    Raises
    ------
    StudyError
        If the scheduler does not answer, or `distributed` is not installed.

    Examples
    --------
    >>> with mapper(1) as each:
    ...     list(each(abs, [-2, 1]))
    [2, 1]
    """
    if scheduler:
        with _cluster(scheduler) as results:
            yield _telling(results, told)
    elif workers > 1:
        yield _telling(_processes(workers), told)
    else:
        yield _telling(_here, told)


Jobs = Iterable[tuple[Any, ...]]
Results = Callable[[Callable[..., Any], Jobs], Iterable[Any]]


def _telling(results: Results, told: Told | None) -> Mapper:
    def each(function: Callable[..., Any], *arguments: Iterable[Any]) -> Iterator[Any]:
        jobs: Jobs = zip(*arguments, strict=False)
        sizes = [len(a) for a in arguments if isinstance(a, Sized)]
        if not sizes:
            jobs = list(jobs)
            sizes = [len(jobs)]
        for done, result in enumerate(results(function, jobs), start=1):
            if told:
                told(done, min(sizes))
            yield result

    return each


def _here(function: Callable[..., Any], jobs: Jobs) -> Iterator[Any]:
    return (function(*job) for job in jobs)


def _processes(workers: int) -> Results:
    from joblib import Parallel, delayed

    def results(function: Callable[..., Any], jobs: Jobs) -> Iterable[Any]:
        job = delayed(function)
        pool = Parallel(n_jobs=workers, return_as="generator")
        found: Iterable[Any] = pool([job(*arguments) for arguments in jobs])
        return found

    return results


@contextmanager
def _cluster(address: str) -> Iterator[Results]:
    try:
        import distributed
    except ImportError:
        raise StudyError(
            "scheduler: got an address, but distributed is not installed; "
            "wanted the extra scale: pip install 'polgap[scale]'"
        ) from None
    try:
        connect: Any = distributed.Client
        client = connect(address, timeout=WAIT)
    except (OSError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StudyError(
            f"scheduler: got {address!r}: {first}; wanted a Dask scheduler that answers"
        ) from error

    def results(function: Callable[..., Any], jobs: Jobs) -> Iterator[Any]:
        # Not pure: the same job asked for twice is run twice, as on one machine.
        columns = list(zip(*jobs, strict=True))
        waiting = client.map(function, *columns, pure=False) if columns else []
        return (future.result() for future in waiting)

    with client:
        yield results
