"""Parallel work: the only room that starts processes, handed to steps as a `mapper`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Mapper = Callable[..., Iterable[Any]]


@contextmanager
def mapper(workers: int = 1) -> Iterator[Mapper]:
    """Give a ``map`` that runs on `workers` processes; results keep the order of the arguments.

    The numbers of a run do not depend on it: every random stream is keyed by name and position.

    Parameters
    ----------
    workers : int
        Processes; 1 runs in this one.

    Examples
    --------
    >>> with mapper(1) as each:
    ...     list(each(abs, [-2, 1]))
    [2, 1]
    """
    if workers <= 1:
        yield map
        return
    from joblib import Parallel, delayed

    with Parallel(n_jobs=workers) as pool:

        def each(function: Callable[..., Any], *arguments: Iterable[Any]) -> Iterable[Any]:
            job = delayed(function)
            done: list[Any] = pool(job(*args) for args in zip(*arguments, strict=False))
            return done

        yield each
