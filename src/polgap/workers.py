"""Parallel work: the only room that starts processes, handed to steps as a `mapper`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from polgap.errors import StudyError

Mapper = Callable[..., Iterable[Any]]
Told = Callable[[int, int], None]
"""(jobs done, jobs in all)."""

WAIT = 10
"""Seconds in which a scheduler has to answer."""
LOOK = 0.02
"""Seconds between two looks of an alarm at the clock."""


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


Call = Callable[..., Any]
"""``call(function, *arguments)`` returns what the function returns."""


@contextmanager
def child() -> Iterator[Call]:
    """Give a ``call`` that runs functions, one at a time, in one other process.

    Solvers whose libraries clash are kept apart so. The process starts with the first call, knows
    nothing of this one, and ends with the context. Function and arguments must be picklable.

    Raises
    ------
    StudyError
        If the process died, for instance for want of memory.

    Examples
    --------
    >>> with child() as call:
    ...     call(abs, -2)
    2
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:

        def call(function: Callable[..., Any], *arguments: Any) -> Any:
            try:
                return pool.submit(function, *arguments).result()
            except BrokenProcessPool:
                raise StudyError(
                    f"{function.__name__}: its process died; wanted more memory or a smaller task"
                ) from None

        yield call


@dataclass(frozen=True)
class Alarm:
    """Calls `stop` once this process has used some processor seconds, while the context lasts.

    Processor seconds, not those of the wall: others on the machine cost no quality.

    Examples
    --------
    >>> with Alarm(60.0)(lambda: print("stopped")):
    ...     pass
    """

    seconds: float

    @contextmanager
    def __call__(self, stop: Callable[[], None]) -> Iterator[None]:
        """Watch over what runs inside the context."""
        until, done = time.process_time() + self.seconds, threading.Event()

        def watch() -> None:
            while not done.wait(LOOK):
                if time.process_time() > until:
                    stop()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


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
